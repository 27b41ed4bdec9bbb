//! String literals that are spelt like a column.

use crate::expr::{Expr, StringLiteral};
use crate::name::{Name, WrittenColumn, is_bare_in_expression};
use crate::operation::Operation;
use crate::problem::{Problem, Role, Slot};
use crate::schema::Schema;

/// Rule `text_or_column`: a string literal in an expression that is spelt like a column of the expression's table, where the
/// column's name cannot be written bare. SQL would take it for the column, and the language for a value: only `r#Score`,
/// `column("…")` and `text "…"` say which. A default can use no column, so a literal in it is one.
pub fn text_or_column(after: &Schema, operation: &Operation) -> Vec<Problem> {
    let mut found = Vec::new();
    for (table, expr) in operation.expressions() {
        let Some(columns) = after.table(table).map(|table| &table.columns) else { continue };
        expr.walk(&mut |part| {
            if let Expr::Text(text) = part
                && !text.is_typed()
                && !is_bare_in_expression(text)
                && columns.iter().any(|column| column.name == **text)
            {
                found.push(ambiguous(table, text));
            }
        });
    }
    found
}

fn ambiguous(table: &Name, text: &StringLiteral) -> Problem {
    let (column, literal) = (WrittenColumn(text), StringLiteral::typed(&**text));
    let message = format!("`{text}` is a string literal, and `{table}` has a column of this name");
    Problem::new("text_or_column", Slot::new(Role::Literal, text.to_string()), message)
        .help(format!("write `{column}` for the column, or `{literal}` for the literal"))
}
