//! Rows that a query gives.

use super::nulls;
use super::rows::{is_one, unfixed};
use super::scope::{Aggregates, Bare, ExprScope, QueryUse};
use super::{Owner, assigns, coerces, remedy};
use crate::expr::{Duplicates, Expr, FromTable, Select};
use crate::name::{Name, Written};
use crate::operation::plain_value;
use crate::problem::{Node, Problem, Problems, Role, Slot};
use crate::schema::{Column, Schema};
use crate::sql::registry::where_true;
use crate::typing::{Frame, Inferred, Scope};

/// Checks a query whose rows are inserted: rules `value_type`, `value_null`, and those of the query.
pub fn inserted(schema: &Schema, (table, columns): (&Name, &[Option<&Column>]), query: &Select, problems: &mut Problems) {
    let root = Expr::Query(Box::new(query.clone()));
    let Some(query) = root.own_query() else { return };
    let (bare, aggregates) = (Bare::Nothing, Aggregates::Outside);
    let scope = ExprScope { schema, owner: table, bare, sequence: None, root: &root, expression: 0, frame: None, aggregates };
    let known = problems.len();
    let given = scope.query(query, QueryUse::Rows, problems);
    if problems.len() > known {
        return;
    }
    let frame = Frame::within(query, Some(schema.tables().into()), None);
    let null: Vec<&Expr> = nulls::of_query(query, scope.typed().inside(&frame));
    for ((value, inferred), column) in query.values.iter().zip(&given).zip(columns) {
        let Some(column) = column else { continue };
        let known = problems.len();
        type_of((value, inferred), column, problems);
        if problems.len() == known && !column.nullable && null.iter().any(|null| std::ptr::eq(*null, value)) {
            may_be_null(value, column, query, problems);
        }
        problems.place_since(known, || scope.node(value));
    }
}

/// The word of a value of a query.
fn slot(value: &Expr) -> Slot {
    if let Expr::Qualified { column, .. } = value {
        return Slot::new(Role::Use, column);
    }
    if let Expr::Text(_) | Expr::Number(_) | Expr::Bytes(_) = value {
        return Slot::new(Role::Literal, value.to_string());
    }
    Slot::new(Role::Expression, value.to_string())
}

/// Rule `value_type`.
fn type_of((value, inferred): (&Expr, &Inferred), column: &Column, problems: &mut Problems) {
    let (shown, ty) = (Written(&column.name), &column.ty);
    let wrong = assigns(value, ty).or_else(|| {
        let family = inferred.family().filter(|family| !coerces(family, ty))?;
        Some(format!("`{value}` is {family}, and `{shown}` is `{ty}`"))
    });
    if let Some(wrong) = wrong.filter(|_| !ty.is_unknown()) {
        let cast = remedy::taken(value, inferred.ty(), ty);
        let problem = Problem::new("value_type", slot(value), wrong);
        problems.push(problem.help_if(cast).help(format!("write a value of type `{ty}`")));
    }
}

/// Rule `value_null`.
fn may_be_null(value: &Expr, column: &Column, query: &Select, problems: &mut Problems) {
    let (shown, plain) = (Written(&column.name), plain_value(&column.ty));
    let message = format!("`{shown}` is `not null`, and `{value}` may be null");
    let present = Expr::IsNull { operand: Box::new(value.clone()), negated: true };
    let filter =
        if value.has_aggregate() || query.filter.is_some() { String::new() } else { format!(", or add `where {present}`") };
    let problem = Problem::new("value_null", slot(value), message);
    problems.push(problem.help(format!("write `coalesce({value}, {plain})`{filter}")));
}

/// Rule `several_matches`: at most one row of another table goes with each row of the owner, so that what the row gets is one value; and
/// rules `unknown_table` and `table_twice` of the other table.
pub fn one_beside(owner: Owner<'_>, from: &FromTable, filter: Option<&Expr>, problems: &mut Problems) {
    let slot = |name: &Name| Slot::new(Role::From, name.to_string());
    let Some(body) = crate::operation::resolve::table(owner.schema, &from.table, Role::From, problems) else { return };
    let name = from.name();
    let folds = where_true(owner.schema, |features| features.names_fold_case).is_some();
    if name.name == owner.name.name || folds && name.name.eq_ignore_ascii_case(&owner.name.name) {
        let message = format!("duplicate table `{}` in the statement", name.name);
        let help = format!("add an alias: `from {} as {}_2`", from.table, name.name);
        problems.push(Problem::new("table_twice", slot(&from.table), message).help(help));
        return;
    }
    let frame = Frame::of(owner.name, owner.table);
    let (values, groups, order) = (Vec::new(), Vec::new(), Vec::new());
    let filter = filter.cloned();
    let rows = Select {
        duplicates: Duplicates::Kept,
        values,
        from: vec![from.clone()],
        filter,
        groups,
        having: None,
        order,
        limit: None,
    };
    let inner = Frame::within(&rows, Some(owner.schema.tables().into()), Some(&frame));
    let scope =
        Scope { frame: Some(&inner), tables: Some(owner.schema.tables().into()), ..Scope::declared(&owner.table.columns) };
    if !is_one(&rows, &inner, scope) {
        let column = |column: &String| Expr::Qualified { table: name.clone(), column: column.clone() };
        let missing: Vec<String> = unfixed(&rows, &inner, scope, body).iter().map(|name| format!("`{}`", column(name))).collect();
        let what = if missing.len() == body.primary_key().len() { "its key" } else { "the rest of its key" };
        let help = (!missing.is_empty()).then(|| format!("compare {what}, {}, in `where`", missing.join(" and ")));
        let message = format!("several rows of `{name}` may match one row of `{}`", owner.name);
        let note = "which of them the row gets its value from would be left to the database";
        let problem = Problem::new("several_matches", slot(&from.table), message).help_if(help).note(note);
        problems.push(problem.help(format!("use `(select max(…) from {} where …)` for the value", from.table)));
    }
}

/// Rule `value_null`: a value that is read of other tables may be null in a row for which the condition holds, and the column may not.
pub fn never_null(
    owner: Owner<'_>,
    column: &Column,
    (place, value): (usize, &Expr),
    filter: Option<&Expr>,
    problems: &mut Problems,
) {
    let frame = owner.frame();
    let scope = owner.scope(&frame, (place, value));
    let is_read = value.has_query() || owner.beside.is_some();
    if column.nullable || !is_read || !nulls::RowsOf::of(scope.typed(), filter).may_be_null(value) {
        return;
    }
    let (shown, plain) = (Written(&column.name), plain_value(&column.ty));
    let message = format!("`{shown}` is `not null`, and this value may be null");
    let problem = Problem::new("value_null", Slot::new(Role::Expression, value.to_string()), message);
    let problem = Problem { node: Some(Node { expression: place, place: 0 }), ..problem };
    let found = |query: &Select| Select { values: vec![Expr::Number("1".to_owned())], order: Vec::new(), ..query.clone() };
    let query = if let Expr::Query(query) = value { Some(query) } else { None };
    let exists = query.filter(|query| !query.has_aggregate()).map(|query| Expr::Exists(Box::new(found(query))));
    let only = exists.map(|exists| format!(", or update only the rows `where {exists}`"));
    problems.push(problem.help(format!("write `coalesce({value}, {plain})`{}", only.unwrap_or_default())));
}
