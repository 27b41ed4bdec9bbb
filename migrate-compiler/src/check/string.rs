//! String literals that are spelt like a column.

use crate::expr::{Expr, StringLiteral};
use crate::name::{Name, WrittenColumn, is_bare_in_expression};
use crate::operation::Operation;
use crate::problem::{Problem, Role, Slot};
use crate::schema::Schema;

/// Rule `text_or_column`: a string literal in an expression that is spelt like a column of a table whose columns it can use, where the
/// column's name cannot be written bare. SQL would take it for the column, and the language for a value: only `r#Score`,
/// `column("…")` and `text "…"` say which. A default can use no column, so a literal in it is one.
pub fn text_or_column(after: &Schema, operation: &Operation) -> Vec<Problem> {
    let mut found = Vec::new();
    operation.expressions().into_iter().for_each(|(tables, expr)| literals(after, &tables, expr, &mut found));
    found
}

/// Those in an expression over these tables, and in its queries, which can use the columns of their own tables, too.
fn literals(after: &Schema, tables: &[&Name], expr: &Expr, found: &mut Vec<Problem>) {
    let has_it = |table: &&&Name, text: &str| after.table(table).is_some_and(|body| body.column(text).is_some());
    expr.walk_own(&mut |part| {
        if let Expr::Text(text) = part
            && !text.is_typed()
            && !is_bare_in_expression(text)
            && let Some(table) = tables.iter().find(|table| has_it(table, text))
        {
            found.push(ambiguous(table, text));
        }
        let Some(query) = part.own_query() else { return };
        let inner: Vec<&Name> = query.from.iter().map(|from| &from.table).chain(tables.iter().copied()).collect();
        query.parts().into_iter().for_each(|part| literals(after, &inner, part, found));
    });
}

fn ambiguous(table: &Name, text: &StringLiteral) -> Problem {
    let (column, literal) = (WrittenColumn(text), StringLiteral::typed(&**text));
    let message = format!("`{text}` is a string literal, and `{table}` has a column of this name");
    Problem::new("text_or_column", Slot::new(Role::Literal, text.to_string()), message)
        .help(format!("write `{column}` for the column, or `{literal}` for the literal"))
}
