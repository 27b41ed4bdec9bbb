//! PostgreSQL 14 and later.

pub(crate) mod access;
mod alter;
mod column;
mod counter;
mod expressions;
pub(super) mod fit;
mod index;
pub(super) mod types;

use crate::ddl::Ddl;
use crate::dialect::{Rendered, Unsupported, quote, table};
use crate::history::Database;
use crate::name::Name;
use crate::schema::{Constraint, Table};

/// Makes the checks of deferred constraints that are pending, and defers the next ones again.
pub(crate) fn check_now(constraints: &[Name]) -> Vec<String> {
    let names: Vec<String> = constraints.iter().map(quote::name).collect();
    ["IMMEDIATE", "DEFERRED"].map(|when| format!("SET CONSTRAINTS {} {when}", names.join(", "))).to_vec()
}

/// A change as PostgreSQL's statements.
pub(super) fn render(ddl: &Ddl) -> Result<Rendered, Unsupported> {
    match ddl {
        Ddl::CreateTable { name, table } => Ok(Rendered::run(create(name, table)?)),
        Ddl::DropTable { name } => Ok(Rendered::run([format!("DROP TABLE {}", quote::name(name))])),
        Ddl::RenameTable { from, to } => {
            Ok(Rendered::run([format!("ALTER TABLE {} RENAME TO {}", quote::name(from), quote::ident(&to.name))]))
        }
        Ddl::AlterTable { name, before, after, changes } => Ok(Rendered::run(alter::alter(name, before, after, changes)?)),
        Ddl::CreateIndex { table, body, index } => Ok(Rendered::run([index::create(table, &body.columns, index)?])),
        Ddl::DropIndex { table, index } => Ok(Rendered::run([index::drop(table, index)])),
        Ddl::RenameIndex { table, index, to, .. } => {
            let from = quote::name(&table.sibling(index.name()));
            Ok(Rendered::run([format!("ALTER INDEX {from} RENAME TO {}", quote::ident(to))]))
        }
        Ddl::Raw { texts } => super::raw(Database::Postgres, texts),
    }
}

/// The table, the sequences that it needs before and after, and the comments.
fn create(name: &Name, body: &Table) -> Result<Vec<String>, Unsupported> {
    let mut entries = Vec::new();
    let mut statements = Vec::new();
    for column in &body.columns {
        statements.extend(column::sequence(name, column)?);
        entries.push(column::definition(name, column)?);
    }
    let mut later = Vec::new();
    for (place, constraint) in body.constraints.iter().enumerate() {
        let rendered = table::constraint(Database::Postgres, &body.columns, constraint)?;
        if repeats(constraint, &body.constraints[..place]) {
            later.push(format!("ALTER TABLE {} ADD {rendered}", quote::name(name)));
        } else {
            entries.push(rendered);
        }
    }
    statements.push(table::create(name, &entries));
    statements.append(&mut later);
    statements.extend(body.columns.iter().filter_map(|column| column::owned(name, column)));
    if let Some(comment) = &body.comment {
        statements.push(format!("COMMENT ON TABLE {} IS {}", quote::name(name), quote::text(comment)));
    }
    statements.extend(body.columns.iter().filter_map(|column| column::comment(name, &column.name, column.comment.as_deref())));
    Ok(statements)
}

/// Whether a key has the columns of an earlier one: of two such keys in one statement PostgreSQL makes one
/// (`parse_utilcmd.c`, `transformIndexConstraints`).
fn repeats(constraint: &Constraint, earlier: &[Constraint]) -> bool {
    let columns = constraint.rule.key_columns();
    !columns.is_empty() && earlier.iter().any(|one| one.rule.key_columns() == columns)
}
