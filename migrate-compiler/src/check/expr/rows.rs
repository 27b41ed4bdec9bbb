//! How many rows a query has, and what one value of a group is.

use crate::expr::{Binary, Expr, Join, Select};
use crate::name::Name;
use crate::schema::{Rule, Table, Timing};
use crate::types::Type;
use crate::typing::function::Function;
use crate::typing::{Frame, Inferred, Scope, infer};

/// Whether a query has at most one row: all become one, or a key of each of its tables is compared with something that does not
/// depend on the row.
pub(super) fn is_one(query: &Select, frame: &Frame<'_>, scope: Scope<'_>) -> bool {
    if query.is_one_group() {
        return true;
    }
    let mut found: Vec<usize> = Vec::new();
    loop {
        let is_next = |place: &usize| !found.contains(place) && is_found(query, (frame, scope), *place, &found);
        match (0..query.from.len()).find(is_next) {
            Some(place) => found.push(place),
            None => return found.len() == query.from.len(),
        }
    }
}

/// Whether at most one row of a table goes with one row of each of the tables that were found.
fn is_found(query: &Select, (frame, scope): (&Frame<'_>, Scope<'_>), place: usize, found: &[usize]) -> bool {
    let Some(body) = frame.tables.get(place).and_then(|table| table.body) else { return false };
    keys(body).iter().any(|key| key.iter().all(|column| is_fixed(query, (frame, scope, body), (place, column), found)))
}

/// Whether a column of a table is compared with something that does not depend on its row.
fn is_fixed(
    query: &Select,
    (frame, scope, body): (&Frame<'_>, Scope<'_>, &Table),
    (place, column): (usize, &String),
    found: &[usize],
) -> bool {
    let is_it =
        |side: &Expr| matches!(side, Expr::Qualified { table, column: own } if own == column && of(frame, table) == Some(place));
    let is_exact = |other: &Expr| body.column(column).is_some_and(|column| keeps_apart(&column.ty, &infer(other, scope)));
    let fixes = |one: &Expr, other: &Expr| is_it(one) && holds(other, frame, found) && is_exact(other);
    equalities(query, place).iter().any(|(one, other)| fixes(one, other) || fixes(other, one))
}

/// The columns of the primary key of the only table of a query that are not compared with something.
pub(super) fn unfixed<'t>(query: &Select, frame: &Frame<'_>, scope: Scope<'_>, body: &'t Table) -> Vec<&'t String> {
    let key = body.primary_key().iter();
    key.filter(|column| !is_fixed(query, (frame, scope, body), (0, column), &[])).collect()
}

/// Whether two values of a key are never equal to one value of another type: PostgreSQL compares exact numbers with a `double` as such, and
/// text with a `char(n)` without the spaces at its end (manual, "Numeric Types" and "Character Types").
fn keeps_apart(key: &Type, other: &Inferred) -> bool {
    let is_exact = matches!(key, Type::BigInt | Type::Decimal { .. });
    let is_text = matches!(key, Type::Varchar(_) | Type::Text);
    let is_float = matches!(other.ty(), Some(Type::Real | Type::Double));
    let is_padded = matches!(other.ty(), Some(Type::Char(_)));
    !(is_exact && is_float || is_text && is_padded)
}

/// The place of a table of the frame itself.
fn of(frame: &Frame<'_>, table: &Name) -> Option<usize> {
    frame.tables.iter().position(|visible| visible.is_called(table))
}

/// The equalities that hold in each row that has one of a table: the condition of a `left join` does not hold for the tables before it.
fn equalities(query: &Select, place: usize) -> Vec<(&Expr, &Expr)> {
    let joins = query.from.iter().enumerate().filter_map(|(at, from)| match &from.join {
        Join::Inner(condition) => Some(condition),
        Join::Left(condition) => (at == place).then_some(condition),
        Join::First => None,
    });
    let conditions = joins.chain(&query.filter).flat_map(conjuncts);
    conditions.filter_map(equality).collect()
}

fn equality(condition: &Expr) -> Option<(&Expr, &Expr)> {
    let Expr::Binary { first, rest } = condition else { return None };
    let [(Binary::Equal, right)] = rest.as_slice() else { return None };
    Some((first, right))
}

/// The conditions that hold where this one holds: those that `and` joins.
pub(super) fn conjuncts(condition: &Expr) -> Vec<&Expr> {
    if let Expr::Binary { first, rest } = condition
        && rest.iter().all(|(operator, _)| *operator == Binary::And)
    {
        return std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand)).flat_map(conjuncts).collect();
    }
    vec![condition]
}

/// Whether a value is the same for each row of the tables that were not found yet.
fn holds(value: &Expr, frame: &Frame<'_>, found: &[usize]) -> bool {
    let mut holds = true;
    value.walk(&mut |part| {
        if let Expr::Qualified { table, .. } = part {
            holds &= of(frame, table).is_none_or(|place| found.contains(&place));
        }
        if let Expr::Call { function, .. } = part {
            holds &= Function::find(function).is_some_and(|function| !function.is_volatile());
        }
        holds &= !matches!(part, Expr::Nextval(_) | Expr::Raw(_));
    });
    holds
}

/// What tells the rows of a table apart, whatever the moment: a deferred constraint does so at the end of a transaction only.
fn keys(table: &Table) -> Vec<Vec<String>> {
    let constraints = table.constraints.iter().filter(|constraint| constraint.timing == Timing::Immediate);
    let constraints = constraints.filter_map(|constraint| match &constraint.rule {
        Rule::PrimaryKey { columns } | Rule::Unique { columns, .. } => Some(columns.clone()),
        Rule::ForeignKey(_) | Rule::Check { .. } => None,
    });
    let indexes = table.indexes.iter().filter(|index| index.unique && index.filter.is_none());
    let indexes = indexes.filter(|index| index.plain_columns().len() == index.keys.len()).map(|index| index.plain_columns());
    constraints.chain(indexes).filter(|columns| !columns.is_empty()).collect()
}

/// How the rows of a query become groups.
pub(super) struct Groups<'q> {
    query: &'q Select,
    frame: &'q Frame<'q>,
    /// The tables of which each group has one row: the key is one of what it is made by.
    whole: Vec<usize>,
}

impl<'q> Groups<'q> {
    /// The groups, where it has some.
    pub fn of(query: &'q Select, frame: &'q Frame<'q>) -> Option<Groups<'q>> {
        let has_key = |place: &usize| {
            let table = &frame.tables[*place];
            let key = table.body.map(Table::primary_key).unwrap_or_default();
            let is_group =
                |column: &String| query.groups.contains(&Expr::Qualified { table: table.name(), column: column.clone() });
            !key.is_empty() && key.iter().all(is_group)
        };
        let is_grouped = !query.groups.is_empty() || query.is_one_group();
        is_grouped.then(|| Groups { query, frame, whole: (0..frame.tables.len()).filter(has_key).collect() })
    }

    /// A column of a row in a value that is one of a group, with its name.
    pub fn ungrouped<'e>(&self, value: &'e Expr) -> Option<(&'e Expr, &'e str)> {
        if self.query.groups.contains(value) || matches!(value, Expr::Aggregate { .. }) {
            return None;
        }
        if let Expr::Qualified { table, column } = value {
            return of(self.frame, table).filter(|place| !self.whole.contains(place)).map(|_| (value, column.as_str()));
        }
        let inner = value.own_query();
        let is_of_inner = |(found, _): &(&Expr, &str)| matches!(found, Expr::Qualified { table, .. } if inner.is_some_and(|query| query.from.iter().any(|from| from.is_called(table))));
        value.parts().into_iter().find_map(|part| self.ungrouped(part)).filter(|found| !is_of_inner(found))
    }
}
