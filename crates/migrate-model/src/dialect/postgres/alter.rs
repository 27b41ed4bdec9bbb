//! Changes of a table: one `ALTER TABLE` for those that do not meet.
//!
//! PostgreSQL runs the parts of one `ALTER TABLE` in passes, drops first and constraints last, not in the order in which they are
//! written (manual, "ALTER TABLE"; `tablecmds.c`, `AlterTablePass`). So only parts that touch different things are joined, and a
//! constraint of a column that is added beside it, which comes in a later pass anyway.

use crate::ddl::Change;
use crate::dialect::postgres::expressions::Expressions;
use crate::dialect::postgres::{column, index, types};
use crate::dialect::table::{self, timing};
use crate::dialect::{Unsupported, expression, quote};
use crate::history::Database;
use crate::name::Name;
use crate::schema::{Column, Constraint, Table, Timing};

/// The statements of the changes, in order.
pub(super) fn alter(table: &Name, body: &Table, end: &Table, changes: &[Change]) -> Result<Vec<String>, Unsupported> {
    let mut expressions = Expressions::of(body);
    let mut batch =
        Batch { table, parts: Vec::new(), touched: Vec::new(), added: Vec::new(), before: Vec::new(), after: Vec::new() };
    let mut statements = Vec::new();
    for change in changes {
        let mut touches = touches(table, change);
        if let Change::SetType { column, .. } = change {
            touches.extend(expressions.checks(&column.name).flat_map(|check| self::constraint(table, check)));
        }
        match said(table, &end.columns, change)? {
            Said::Alone(statement) => {
                statements.extend(batch.flush());
                statements.push(statement);
            }
            Said::Part(part) => {
                if !batch.takes(change, &touches) {
                    statements.extend(batch.flush());
                }
                batch.add(change, part, touches, &expressions, &end.columns)?;
            }
        }
        expressions.follow(change);
    }
    statements.extend(batch.flush());
    Ok(statements)
}

/// Parts that are said in one statement.
struct Batch<'a> {
    table: &'a Name,
    parts: Vec<String>,
    touched: Vec<String>,
    /// The columns that are added in it.
    added: Vec<String>,
    before: Vec<String>,
    after: Vec<String>,
}

impl Batch<'_> {
    /// Whether the change can be said in the same statement.
    fn takes(&self, change: &Change, touches: &[String]) -> bool {
        let constraint = matches!(change, Change::AddConstraint(_));
        touches.iter().all(|touch| !self.touched.contains(touch) || constraint && self.added.contains(touch))
    }

    fn add(
        &mut self,
        change: &Change,
        part: String,
        touches: Vec<String>,
        expressions: &Expressions,
        columns: &[Column],
    ) -> Result<(), Unsupported> {
        if let Change::AddColumn(new) = change {
            self.added.push(new.name.clone());
            self.before.extend(column::sequence(self.table, new)?);
            self.after.extend(column::owned(self.table, new));
            self.after.extend(column::comment(self.table, &new.name, new.comment.as_deref()));
        }
        self.parts.push(part);
        if let Change::SetType { column: old, to, .. } = change {
            self.after.extend(column::counts_on(self.table, old, to)?);
            for check in expressions.checks(&old.name) {
                self.parts.push(drop_constraint(check));
                self.parts.push(add_constraint(columns, check)?);
            }
            for index in expressions.indexes(&old.name) {
                self.before.push(index::drop(self.table, index));
                self.after.push(index::create(self.table, index)?);
            }
        }
        self.touched.extend(touches);
        Ok(())
    }

    fn flush(&mut self) -> Vec<String> {
        let parts = std::mem::take(&mut self.parts);
        self.touched.clear();
        self.added.clear();
        let mut statements = std::mem::take(&mut self.before);
        match parts.as_slice() {
            [] => {}
            [only] => statements.push(format!("ALTER TABLE {} {only}", quote::name(self.table))),
            several => statements.push(format!("ALTER TABLE {}\n    {}", quote::name(self.table), several.join(",\n    "))),
        }
        statements.append(&mut self.after);
        statements
    }
}

/// The columns and constraints that a change is about.
fn touches(table: &Name, change: &Change) -> Vec<String> {
    let constraint = |constraint| self::constraint(table, constraint);
    match change {
        Change::AddColumn(column) | Change::DropColumn(column) | Change::SetType { column, .. } => vec![column.name.clone()],
        Change::RenameColumn { from, to } => vec![from.clone(), to.clone()],
        Change::SetNotNull(column) | Change::DropNotNull(column) | Change::SetDefault(column, _) => vec![column.clone()],
        Change::DropDefault(column) | Change::Comment(column, _) => vec![column.clone()],
        Change::AddConstraint(new) | Change::DropConstraint(new) => constraint(new),
        Change::RenameConstraint { constraint: old, to } => {
            vec![format!("constraint {}", old.name()), format!("constraint {to}")]
        }
        Change::AlterConstraint { before, .. } => constraint(before),
    }
}

/// The constraint, its columns, and those of the same table that it refers to.
fn constraint(table: &Name, constraint: &Constraint) -> Vec<String> {
    let own = constraint.rule.columns().into_iter().map(str::to_owned);
    let referred = constraint.foreign_key().filter(|key| key.table == *table).map(|key| key.references.clone());
    // Of two keys of the same columns in one statement only one would be made.
    let columns = Some(constraint.rule.key_columns()).filter(|columns| !columns.is_empty());
    let key = columns.map(|columns| format!("key {}", columns.join(" ")));
    own.chain(referred.into_iter().flatten()).chain([format!("constraint {}", constraint.name())]).chain(key).collect()
}

/// How a change is said.
enum Said {
    /// As a part of an `ALTER TABLE`.
    Part(String),
    /// As a statement of its own.
    Alone(String),
}

fn said(table: &Name, columns: &[Column], change: &Change) -> Result<Said, Unsupported> {
    let name = quote::name(table);
    let column_part = |column: &str, what: &str| Said::Part(format!("ALTER COLUMN {} {what}", quote::ident(column)));
    Ok(match change {
        Change::AddColumn(new) => Said::Part(format!("ADD COLUMN {}", column::definition(table, new)?)),
        Change::DropColumn(column) => Said::Part(format!("DROP COLUMN {}", quote::ident(&column.name))),
        Change::RenameColumn { from, to } => {
            Said::Alone(format!("ALTER TABLE {name} RENAME COLUMN {} TO {}", quote::ident(from), quote::ident(to)))
        }
        Change::SetType { column: old, to, using } => {
            let ty = types::name(to).map_err(|unsupported| column::at_type(unsupported, old))?;
            let using = match using {
                Some(using) => format!(" USING {}", expression(Database::Postgres, columns, using)?),
                None => String::new(),
            };
            column_part(&old.name, &format!("TYPE {ty}{using}"))
        }
        Change::SetNotNull(column) => column_part(column, "SET NOT NULL"),
        Change::DropNotNull(column) => column_part(column, "DROP NOT NULL"),
        Change::SetDefault(column, default) => {
            column_part(column, &format!("SET DEFAULT {}", expression(Database::Postgres, &[], default)?))
        }
        Change::DropDefault(column) => column_part(column, "DROP DEFAULT"),
        Change::Comment(column, comment) => {
            let text = comment.as_deref().map_or_else(|| "NULL".to_owned(), quote::text);
            Said::Alone(format!("COMMENT ON COLUMN {name}.{} IS {text}", quote::ident(column)))
        }
        Change::AddConstraint(constraint) => Said::Part(add_constraint(columns, constraint)?),
        Change::DropConstraint(constraint) => Said::Part(drop_constraint(constraint)),
        Change::RenameConstraint { constraint, to } => Said::Alone(format!(
            "ALTER TABLE {name} RENAME CONSTRAINT {} TO {}",
            quote::ident(constraint.name()),
            quote::ident(to)
        )),
        Change::AlterConstraint { after, .. } => {
            let when = if after.timing == Timing::Immediate { " NOT DEFERRABLE" } else { timing(after.timing) };
            let initially = if after.timing == Timing::Deferrable { " INITIALLY IMMEDIATE" } else { "" };
            Said::Part(format!("ALTER CONSTRAINT {}{when}{initially}", quote::ident(after.name())))
        }
    })
}

fn add_constraint(columns: &[Column], constraint: &Constraint) -> Result<String, Unsupported> {
    Ok(format!("ADD {}", table::constraint(Database::Postgres, columns, constraint)?))
}

fn drop_constraint(constraint: &Constraint) -> String {
    format!("DROP CONSTRAINT {}", quote::ident(constraint.name()))
}
