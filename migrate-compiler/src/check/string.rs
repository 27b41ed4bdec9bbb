//! String literals that are spelt like a column.

use crate::expr::{Expr, StringLiteral};
use crate::name::{Name, WrittenColumn, is_bare_in_expression};
use crate::operation::{AddConstraint, AlterType, CreateIndex, CreateTable, Operation, RunSql};
use crate::problem::{Problem, Role, Slot};
use crate::schema::{Constraint, Index, Rule, Schema};

/// Rule `text_or_column`: a string literal in an expression that is spelt like a column of the expression's table, where the
/// column's name cannot be written bare. SQL would take it for the column, and the language for a value: only `r#Score`,
/// `column("…")` and `text "…"` say which. A default can use no column, so a literal in it is one.
pub fn text_or_column(after: &Schema, operation: &Operation) -> Vec<Problem> {
    let mut found = Vec::new();
    for (table, expr) in expressions(operation) {
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

/// The expressions of an operation that can use the columns of a table.
fn expressions(operation: &Operation) -> Vec<(&Name, &Expr)> {
    match operation {
        Operation::CreateTable(CreateTable { name, table }) => {
            let checks = table.constraints.iter().filter_map(condition);
            let of_indexes = table.indexes.iter().flat_map(parts);
            checks.chain(of_indexes).map(|expr| (name, expr)).collect()
        }
        Operation::AddConstraint(AddConstraint { table, constraint }) => {
            condition(constraint).map(|expr| (table, expr)).into_iter().collect()
        }
        Operation::CreateIndex(CreateIndex { table, index }) => parts(index).into_iter().map(|expr| (table, expr)).collect(),
        Operation::AlterType(AlterType { table, using, .. }) => using.iter().map(|expr| (table, expr)).collect(),
        Operation::RunSql(RunSql { effect, .. }) => effect.iter().flatten().flat_map(expressions).collect(),
        Operation::DropTable(_) | Operation::RenameTable(_) | Operation::AddColumn(_) | Operation::DropColumn(_) => Vec::new(),
        Operation::RenameColumn(_) | Operation::SetNotNull(_) | Operation::DropNotNull(_) => Vec::new(),
        Operation::SetDefault(_) | Operation::DropDefault(_) | Operation::CommentColumn(_) => Vec::new(),
        Operation::CommentTable(_) | Operation::SetCounter(_) => Vec::new(),
        Operation::DropConstraint(_) | Operation::RenameConstraint(_) | Operation::AlterConstraint(_) => Vec::new(),
        Operation::DropIndex(_) | Operation::RenameIndex(_) => Vec::new(),
        Operation::CreateObject(_) | Operation::DropObject(_) | Operation::RenameObject(_) => Vec::new(),
        Operation::AddValue(_) | Operation::RenameValue(_) | Operation::DropValue(_) | Operation::Expect(_) => Vec::new(),
    }
}

fn condition(constraint: &Constraint) -> Option<&Expr> {
    match &constraint.rule {
        Rule::Check { condition } => Some(condition),
        Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::ForeignKey(_) => None,
    }
}

fn parts(index: &Index) -> Vec<&Expr> {
    index.keys.iter().map(|key| &key.value).chain(&index.filter).collect()
}
