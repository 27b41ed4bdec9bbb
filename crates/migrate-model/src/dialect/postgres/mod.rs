//! PostgreSQL 14 and later.

mod alter;
mod column;
mod index;
pub(super) mod types;

use crate::ddl::Ddl;
use crate::dialect::{Rendered, Unsupported, quote, table};
use crate::history::Database;
use crate::name::Name;
use crate::schema::Table;

/// A change as PostgreSQL's statements.
pub(super) fn render(ddl: &Ddl) -> Result<Rendered, Unsupported> {
    match ddl {
        Ddl::CreateTable { name, table } => Ok(Rendered::run(create(name, table)?)),
        Ddl::DropTable { name } => Ok(Rendered::run([format!("DROP TABLE {}", quote::name(name))])),
        Ddl::RenameTable { from, to } => {
            Ok(Rendered::run([format!("ALTER TABLE {} RENAME TO {}", quote::name(from), quote::ident(&to.name))]))
        }
        Ddl::AlterTable { name, changes, .. } => Ok(Rendered::run(alter::alter(name, changes)?)),
        Ddl::CreateIndex { table, index } => Ok(Rendered::run([index::create(table, index)?])),
        Ddl::DropIndex { table, index } => {
            Ok(Rendered::run([format!("DROP INDEX {}", quote::name(&table.sibling(index.name())))]))
        }
        Ddl::RenameIndex { table, index, to } => {
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
    for constraint in &body.constraints {
        entries.push(table::constraint(Database::Postgres, constraint)?);
    }
    statements.push(table::create(name, &entries));
    statements.extend(body.columns.iter().filter_map(|column| column::owned(name, column)));
    if let Some(comment) = &body.comment {
        statements.push(format!("COMMENT ON TABLE {} IS {}", quote::name(name), quote::text(comment)));
    }
    statements.extend(body.columns.iter().filter_map(|column| column::comment(name, &column.name, column.comment.as_deref())));
    Ok(statements)
}
