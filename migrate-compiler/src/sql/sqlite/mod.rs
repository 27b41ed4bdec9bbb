//! SQLite 3.35 and later.

mod alter;
mod batch;
mod cast;
mod column;
mod create;
mod expect;
mod expr;
mod features;
mod fit;
mod function;
mod index;
mod limits;
mod literal;
mod load;
mod made;
mod moment;
mod rebuild;
mod recorded;
mod refused;
mod touch;
mod types;
mod value;
mod writer;
mod zone;

use migrate_history::{Action, Database, Rebuild};

use crate::ddl::{AlteredEnum, Ddl};
use crate::expr::{Binary, CurrentValue, Expr, Truth};
use crate::name::Name;
use crate::objects::Kind;
use crate::online::Online;
use crate::problem::Role;
use crate::raw::Refused;
use crate::rows::{ChangedRows, RowRecord};
use crate::schema::{Column, Schema};
use crate::session_setting::{SessionSetting, SettingScope};
use crate::sql::dialect::{Dialect, RowAge, RowSource, TableOrColumn, Writer};
use crate::sql::features::Features;
use crate::sql::function::FunctionForm;
use crate::sql::sqlite::writer::writer;
use crate::sql::touch::TableTouch;
use crate::sql::{OnlineStep, Rendered, Sql, Unsupported, batches, quote, rendered, rows};
use crate::types::Type;
use crate::typing::function::Function;

pub(super) use writer::Sqlite;

/// The database, and what it has.
const OWN: (Database, &Features) = (Database::Sqlite, &features::FEATURES);

impl Dialect for Sqlite {
    fn database(&self) -> Database {
        Database::Sqlite
    }

    fn features(&self) -> &'static Features {
        &features::FEATURES
    }

    fn refused(&self) -> &'static [Refused] {
        refused::REFUSED
    }

    fn change(&self, ddl: &Ddl) -> Result<Rendered, Unsupported> {
        change(ddl)
    }

    fn values_at_once(&self, altered: &AlteredEnum) -> Result<Rendered, Unsupported> {
        value::alter(altered)
    }

    fn online(&self, change: &Online) -> Result<OnlineStep, Unsupported> {
        if let Online::Backfill(filled) = change {
            return batches::step(&writer(&filled.changed.body.columns), &filled.changed);
        }
        Err(Unsupported::new(Role::Statement, "", "SQLite cannot change a table that others write at the same time"))
    }

    fn touches(&self, ddl: &Ddl, _: &Schema) -> Vec<TableTouch> {
        touch::change(ddl)
    }

    fn touches_online(&self, change: &Online, _: &Schema) -> Vec<TableTouch> {
        touch::online(change)
    }

    fn type_name(&self, ty: &Type) -> Sql {
        types::name(ty)
    }

    fn function(&self, function: &Function) -> Option<FunctionForm> {
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

    fn defaulted(&self, column: &Column, row: RowAge) -> Sql {
        value::defaulted(column, row)
    }

    fn table_of_keys(&self) -> String {
        recorded::table_of_keys()
    }

    fn key_value(&self, name: &str, _: &Type) -> Sql {
        Ok(name.to_owned())
    }

    fn fingerprint(&self, values: &[String]) -> String {
        recorded::fingerprint(values)
    }

    fn recording(&self, changed: &ChangedRows, record: &RowRecord, inserts: Vec<(Action, String)>) -> Vec<(Action, String)> {
        recorded::inserts(&changed.table, record, inserts)
    }

    fn rows_of(&self, array: &str) -> RowSource {
        load::rows_of(array)
    }

    // It has no other statement, and deletes all rows at once where no trigger looks at them (manual, "DELETE").
    fn emptied(&self, table: &Name) -> String {
        format!("DELETE FROM {}", quote::name(table))
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

    fn current(&self, current: CurrentValue) -> Sql {
        expr::current(current)
    }

    fn truth(&self, truth: Truth) -> &'static str {
        match truth {
            Truth::True => "TRUE",
            Truth::False => "FALSE",
            Truth::Unknown => "NULL",
        }
    }

    fn as_literal(&self, value: &str) -> String {
        batch::literal(value)
    }

    fn last(&self, columns: &[String], rows: &str) -> String {
        batch::last(columns, rows)
    }

    fn of_literal(&self, literal: &str, _: &Type) -> Sql {
        Ok(literal.to_owned())
    }

    fn settings(&self, _: &[SessionSetting], _: SettingScope) -> Option<[String; 2]> {
        None
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

    // It looks at them before the COMMIT, when the table may be gone or its rows others. A path that does not begin with `$` is an error
    // that shows it.
    fn check_references(&self, orphans: &str, refusal: &str) -> Option<String> {
        let shown = quote::text(&format!(" {refusal}"));
        Some(format!(
            "SELECT json_extract('{{}}', orphans || {shown}) FROM (SELECT ({orphans}) AS orphans) AS counted WHERE orphans > 0"
        ))
    }

    fn lacks(&self, table: &Name, column: Option<&str>) -> String {
        let table = quote::text(&table.name);
        match column {
            Some(column) => format!("SELECT 1 - count(*) FROM pragma_table_info({table}) WHERE name = {}", quote::text(column)),
            None => format!("SELECT 1 - count(*) FROM sqlite_schema WHERE type = 'table' AND name = {table}"),
        }
    }

    // It numbers its rows with 64 bits, whatever the column's type is.
    fn used_by_kept(&self, _: Kind, _: &Name, _: &[TableOrColumn<'_>]) -> Option<String> {
        None
    }

    fn counted_beyond(&self, _: &Name, _: i64) -> Option<String> {
        None
    }
}

/// A change as SQLite's statements.
fn change(ddl: &Ddl) -> Result<Rendered, Unsupported> {
    match ddl {
        Ddl::CreateTable { name, table } => Ok(Rendered::run([create::table(name, name, table)?])),
        // With foreign keys on, SQLite deletes the rows first, and what refers to them with them, or is refused by the table's own
        // `on delete restrict` (manual, "DROP TABLE").
        Ddl::DropTable { name } => {
            Ok(Rendered { rebuild: Rebuild::Tables, ..Rendered::run([format!("DROP TABLE {}", quote::name(name))]) })
        }
        Ddl::RenameTable { from, to } => {
            limits::no_schema(to)?;
            Ok(Rendered::run([format!("ALTER TABLE {} RENAME TO {}", quote::name(from), quote::ident(&to.name))]))
        }
        Ddl::AlterTable { name, before, after, changes } => alter::alter(name, before, after, changes),
        Ddl::CreateIndex { table, body, index } => Ok(Rendered::run([index::create(table, &body.columns, index)?])),
        Ddl::DropIndex { index, .. } => Ok(Rendered::run([index::drop(index)])),
        // SQLite cannot rename an index, and rebuilding one loses nothing.
        Ddl::RenameIndex { table, body, index, to } => {
            let renamed = crate::schema::Index { name: Some(to.clone()), ..index.clone() };
            Ok(Rendered::run([index::drop(index), index::create(table, &body.columns, &renamed)?]))
        }
        Ddl::Object { kind, name, sql } => rendered::object(OWN, *kind, name, sql),
        Ddl::AlterEnum(altered) => value::alter(altered),
        Ddl::Rows(changed) => rows::change(&writer(&changed.body.columns), changed),
        Ddl::Raw { texts } => rendered::raw(Database::Sqlite, texts),
        Ddl::Program { .. } => Ok(Rendered::default()),
    }
}
