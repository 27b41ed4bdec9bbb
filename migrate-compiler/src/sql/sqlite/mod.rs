//! SQLite 3.35 and later.

mod alter;
mod cast;
mod column;
mod expect;
mod expr;
mod features;
mod fit;
mod function;
mod index;
mod literal;
mod moment;
mod rebuild;
mod refused;
mod types;
mod zone;

use migrate_history::Database;

use crate::ddl::Ddl;
use crate::expr::{Binary, Current, Expr, Truth};
use crate::name::Name;
use crate::problem::Role;
use crate::raw::Refused;
use crate::schema::{Constraint, Rule, Table, Timing};
use crate::sql::dialect::Dialect;
use crate::sql::expr::Writer;
use crate::sql::features::Features;
use crate::sql::function::{Form, Function};
use crate::sql::{Rendered, Sql, Unsupported, quote, table};
use crate::types::Type;

/// The dialect.
pub(super) struct Sqlite;

impl Dialect for Sqlite {
    fn features(&self) -> &'static Features {
        &features::FEATURES
    }

    fn refused(&self) -> &'static [Refused] {
        refused::REFUSED
    }

    fn change(&self, ddl: &Ddl) -> Result<Rendered, Unsupported> {
        change(ddl)
    }

    fn type_name(&self, ty: &Type) -> Sql {
        types::name(ty)
    }

    fn function(&self, function: &Function) -> Option<Form> {
        function::form(function)
    }

    fn operator(&self, operator: Binary) -> Sql {
        expr::operator(operator)
    }

    fn applied(&self, operator: Binary, left: &str, right: &str) -> Sql {
        expr::applied(operator, left, right)
    }

    fn beside(&self, _: &Writer<'_>, expr: &Expr, ty: &Type) -> Option<Sql> {
        expr::beside(expr, ty)
    }

    fn assigned(&self, writer: &Writer<'_>, expr: &Expr, to: &Type) -> Option<Sql> {
        expr::assigned(writer, expr, to)
    }

    fn cast(&self, writer: &Writer<'_>, operand: &Expr, to: &Type) -> Sql {
        expr::cast(writer, operand, to)
    }

    fn like(&self, writer: &Writer<'_>, left: &Expr, operator: Binary, right: &Expr) -> Sql {
        expr::like(writer, left, operator, right)
    }

    fn row_in(&self, writer: &Writer<'_>, row: &Expr, list: &[Expr], not: &str) -> Sql {
        expr::row_in(writer, row, list, not)
    }

    fn shift(&self, writer: &Writer<'_>, operator: Binary, left: &Expr, right: &Expr) -> Result<(), Unsupported> {
        expr::shift(writer, operator, left, right)
    }

    fn at_time_zone(&self, writer: &Writer<'_>, operand: &Expr, zone: &Expr) -> Sql {
        expr::at_time_zone(writer, operand, zone)
    }

    fn current(&self, current: Current) -> Sql {
        expr::current(current)
    }

    fn truth(&self, truth: Truth) -> &'static str {
        match truth {
            Truth::True => "TRUE",
            Truth::False => "FALSE",
            Truth::Unknown => "NULL",
        }
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        quote::bytes(bytes)
    }

    fn typed(&self, value: String, _: &Type) -> Sql {
        Ok(value)
    }

    fn converted(&self, value: String, from: &Type, to: &Type) -> Sql {
        cast::assigned(value, from, to)
    }

    fn misfit(&self, value: &str, from: &Type, to: &Type) -> Option<String> {
        fit::misfit(value, from, to)
    }

    fn differs(&self, column: &str, constant: &str, _: &Type) -> Option<String> {
        Some(format!("{column} IS NOT {constant}"))
    }

    fn trimmed(&self, value: &str) -> String {
        cast::trimmed(value)
    }

    fn padded(&self, value: &str, length: u32) -> String {
        cast::padded(value, length)
    }

    fn check_now(&self, _: &[Name]) -> Vec<String> {
        Vec::new()
    }

    // It numbers its rows with 64 bits, whatever the column's type is.
    fn counted_beyond(&self, _: &Name, _: i64) -> Option<String> {
        None
    }
}

/// A change as SQLite's statements.
fn change(ddl: &Ddl) -> Result<Rendered, Unsupported> {
    match ddl {
        Ddl::CreateTable { name, table } => Ok(Rendered::run([create(name, name, table)?])),
        // With foreign keys on, SQLite deletes the rows first, and what refers to them with them, or is refused by the table's own
        // `on delete restrict` (manual, "DROP TABLE").
        Ddl::DropTable { name } => Ok(Rendered { rebuild: true, ..Rendered::run([format!("DROP TABLE {}", quote::name(name))]) }),
        Ddl::RenameTable { from, to } => {
            no_schema(to)?;
            Ok(Rendered::run([format!("ALTER TABLE {} RENAME TO {}", quote::name(from), quote::ident(&to.name))]))
        }
        Ddl::AlterTable { name, before, after, changes } => alter::alter(name, before, after, changes),
        Ddl::CreateIndex { table, body, index } => Ok(Rendered::run([index::create(table, &body.columns, index)?])),
        Ddl::DropIndex { index, .. } => Ok(Rendered::run([index::drop(index)])),
        // SQLite cannot rename an index, and building one anew loses nothing.
        Ddl::RenameIndex { table, body, index, to } => {
            let renamed = crate::schema::Index { name: Some(to.clone()), ..index.clone() };
            Ok(Rendered::run([index::drop(index), index::create(table, &body.columns, &renamed)?]))
        }
        Ddl::Raw { texts } => super::raw(Database::Sqlite, texts),
    }
}

/// The table under a name, its references to itself written to its final name.
fn create(name: &Name, final_name: &Name, body: &Table) -> Result<String, Unsupported> {
    no_schema(final_name)?;
    if body.columns.is_empty() {
        let what = "SQLite has no table without columns";
        return Err(Unsupported::new(Role::Table, final_name.to_string(), what).help("give it a column"));
    }
    let mut entries = Vec::new();
    for column in &body.columns {
        entries.push(column::definition(body, column)?);
    }
    for constraint in body.constraints.iter().filter(|constraint| !column::carries(body, constraint)) {
        entries.push(self::constraint(body, constraint)?);
    }
    Ok(table::create(name, &entries))
}

/// A constraint of a table.
fn constraint(body: &Table, constraint: &Constraint) -> Result<String, Unsupported> {
    let unsupported = |what: &str| Err(Unsupported::new(Role::Constraint, constraint.name(), what));
    match &constraint.rule {
        Rule::Unique { nulls_not_distinct: true, .. } => return unsupported("SQLite has no `nulls not distinct`"),
        Rule::PrimaryKey { .. } | Rule::Unique { .. } if constraint.timing != Timing::Immediate => {
            return unsupported("SQLite can defer foreign keys only");
        }
        Rule::ForeignKey(key) if !key.set_columns.is_empty() => {
            let what = format!("SQLite cannot `{}` some of the columns of a foreign key", key.on_delete.words());
            let unsupported = Unsupported::new(Role::Constraint, constraint.name(), what);
            return Err(unsupported.help(format!("write `on delete {}`", key.on_delete.words())));
        }
        Rule::ForeignKey(key) => no_schema(&key.table)?,
        Rule::Check { condition } => lasting(condition, "a check", &["now", "current_timestamp"])?,
        Rule::PrimaryKey { .. } | Rule::Unique { .. } => {}
    }
    table::constraint(Database::Sqlite, &body.columns, constraint)
}

/// What is another value at another time: SQLite refuses it in an index, and in a check when the first row comes.
fn lasting(expr: &Expr, place: &str, fleeting: &[&str]) -> Result<(), Unsupported> {
    let mut found = None;
    expr.walk(&mut |part| {
        if let Expr::Call { function, .. } = part {
            found = found.or(Some((Role::Function, function.as_str())).filter(|(_, word)| fleeting.contains(word)));
        } else if let Expr::Current(current) = part {
            found = found.or(Some((Role::Expression, current.word())).filter(|(_, word)| fleeting.contains(word)));
        }
    });
    let Some((role, word)) = found else { return Ok(()) };
    let what = format!("SQLite takes no `{word}` in {place}: it is another value at another time");
    Err(Unsupported::new(role, word, what).help("compare columns and literals"))
}

/// SQLite has one schema.
fn no_schema(name: &Name) -> Result<(), Unsupported> {
    match &name.schema {
        Some(_) => {
            let what = format!("SQLite has no schemas, and `{name}` is in one");
            Err(Unsupported::new(Role::Table, name.to_string(), what).help(format!("write `{}`", Name::new(name.name.as_str()))))
        }
        None => Ok(()),
    }
}
