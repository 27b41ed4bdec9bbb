//! Which values may be null.

use super::rows::conjuncts;
use crate::expr::{Aggregate, Binary, Expr, OperatorKind, Select};
use crate::name::Name;
use crate::typing::function::{Function, Returns};
use crate::typing::{Frame, Presence, Scope, Visible};

/// What is known of the rows that a value is of.
#[derive(Clone)]
pub(super) struct RowsOf<'a> {
    scope: Scope<'a>,
    /// What has a value in each of them.
    present: Vec<&'a Expr>,
    /// The conditions that hold for each of them.
    held: Vec<&'a Expr>,
    /// Whether a group of rows makes the value, which has one row at least.
    is_grouped: bool,
}

/// The values of a query that may be null, in the scope of its own expressions.
pub(super) fn of_query<'a>(query: &'a Select, scope: Scope<'a>) -> Vec<&'a Expr> {
    let joins = query.from.iter().filter_map(|from| match &from.join {
        crate::expr::Join::Inner(condition) => Some(condition),
        crate::expr::Join::First | crate::expr::Join::Left(_) => None,
    });
    let held: Vec<&Expr> = joins.chain(&query.filter).flat_map(conjuncts).collect();
    let present = held.iter().copied().flat_map(present).collect();
    let rows = RowsOf { scope, present, held, is_grouped: !query.groups.is_empty() };
    query.values.iter().filter(|value| rows.may_be_null(value)).collect()
}

/// What has a value where a condition holds.
fn present(condition: &Expr) -> Vec<&Expr> {
    if let Expr::IsNull { operand, negated: true } | Expr::In { operand, .. } | Expr::InQuery { operand, .. } = condition {
        return vec![operand];
    }
    if let Expr::Between { operand, .. } = condition {
        return vec![operand];
    }
    let Expr::Binary { first, rest } = condition else { return Vec::new() };
    let [(operator, right)] = rest.as_slice() else { return Vec::new() };
    if is_strict(*operator) { vec![first, right] } else { Vec::new() }
}

fn is_strict(operator: Binary) -> bool {
    matches!(operator.kind(), OperatorKind::Comparison | OperatorKind::Pattern) && operator.keeps_null()
}

/// Whether a condition says that a query has a row: the rows of both are the same.
fn says_that_there_is(condition: &Expr, query: &Select, owner: Option<&Name>) -> bool {
    let rows = |of: &Select| of.groups.is_empty() && of.having.is_none() && of.limit != Some(0) && !of.has_aggregate();
    let alike = |of: &Select| rows(of) && rows(query) && of.from == query.from;
    let wanted: Vec<&Expr> = query.filter.iter().flat_map(conjuncts).collect();
    let same = |given: &[&Expr]| given.iter().all(|one| wanted.contains(one)) && wanted.iter().all(|one| given.contains(one));
    if let Expr::Exists(of) = condition {
        return alike(of) && same(&of.filter.iter().flat_map(conjuncts).collect::<Vec<_>>());
    }
    let Expr::InQuery { operand, query: of, negated: false } = condition else { return false };
    let [value] = of.values.as_slice() else { return false };
    // Outside of the query a column of the statement's own table has no table before it.
    let own = match (&**operand, owner) {
        (Expr::Column(column), Some(table)) => Expr::Qualified { table: table.clone(), column: column.clone() },
        (other, _) => other.clone(),
    };
    let both = [(value, &own), (&own, value)];
    let equal = both.map(|(one, other)| Expr::binary(one.clone(), Binary::Equal, other.clone()));
    let given: Vec<&Expr> = of.filter.iter().flat_map(conjuncts).collect();
    alike(of) && equal.iter().any(|equal| same(&given.iter().copied().chain([equal]).collect::<Vec<_>>()))
}

impl<'a> RowsOf<'a> {
    /// The rows of a table for which a condition holds.
    pub fn of(scope: Scope<'a>, filter: Option<&'a Expr>) -> RowsOf<'a> {
        let held: Vec<&Expr> = filter.into_iter().flat_map(conjuncts).collect();
        let present = held.iter().copied().flat_map(present).collect();
        RowsOf { scope, present, held, is_grouped: false }
    }

    /// Whether a value may be null in one of them. What only a database knows may be.
    pub fn may_be_null(&self, value: &Expr) -> bool {
        let any = |parts: Vec<&Expr>| parts.into_iter().any(|part| self.may_be_null(part));
        if self.present.contains(&value) {
            return false;
        }
        match value {
            Expr::Null | Expr::Raw(_) | Expr::Row(_) => true,
            Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) | Expr::Array(_) => false,
            Expr::Current(_) | Expr::Nextval(_) | Expr::IsNull { .. } | Expr::Is { .. } | Expr::Exists(_) => false,
            Expr::Column(name) => {
                self.scope.columns.iter().find(|column| column.name == *name).is_none_or(|column| column.nullable)
            }
            // What is not there is reported already.
            Expr::Qualified { table, column } => {
                let found = self.scope.frame.and_then(|frame| frame.table(table));
                let found = found.and_then(|visible| Some((visible, visible.body?.column(column)?)));
                found.is_some_and(|(visible, column)| visible.presence == Presence::WhereFound || column.nullable)
            }
            Expr::Call { function, arguments } => match Function::find(function) {
                Some(known) if known.name == "coalesce" => arguments.iter().all(|argument| self.may_be_null(argument)),
                Some(known) if known.name == "num_nonnulls" => false,
                Some(known) => known.returns == Returns::Compared || any(arguments.iter().collect()),
                None => true,
            },
            Expr::Binary { rest, .. } => {
                let gives_any = |operator: &Binary| matches!(operator.kind(), OperatorKind::Json | OperatorKind::JsonText);
                let gives_none = |operator: &Binary| operator.kind() == OperatorKind::Comparison && !operator.keeps_null();
                let last = rest.last().map(|(operator, _)| operator);
                last.is_none_or(|operator| !gives_none(operator))
                    && (rest.iter().any(|(operator, _)| gives_any(operator)) || any(value.parts()))
            }
            Expr::Unary { .. } | Expr::Cast { .. } | Expr::AtTimeZone { .. } => any(value.parts()),
            Expr::In { .. } | Expr::Between { .. } => any(value.parts()),
            // An element of the array may be.
            Expr::Any { .. } => true,
            Expr::Case { arms, otherwise, .. } => {
                let results = arms.iter().map(|(_, then)| then).chain(otherwise.as_deref());
                otherwise.is_none() || any(results.collect())
            }
            Expr::Query(query) => {
                let frame = self.scope.within(query);
                let owner = self.scope.frame.and_then(|frame| frame.tables.first()).map(Visible::name);
                let is_found = || self.held.iter().any(|condition| says_that_there_is(condition, query, owner.as_ref()));
                let has_row = query.is_one_group() && query.having.is_none() || is_found();
                // A query without a row is null.
                !has_row || !self.of_inner(query, &frame).is_empty()
            }
            Expr::InQuery { operand, query, .. } => {
                let frame = self.scope.within(query);
                self.may_be_null(operand) || !self.of_inner(query, &frame).is_empty()
            }
            Expr::Aggregate { function, arguments, .. } => {
                *function != Aggregate::Count && (!self.is_grouped || any(arguments.iter().collect()))
            }
        }
    }

    fn of_inner<'q>(&self, query: &'q Select, frame: &'q Frame<'q>) -> Vec<&'q Expr>
    where
        'a: 'q,
    {
        of_query(query, self.scope.inside(frame))
    }
}
