//! PostgreSQL 14 and later.

mod alter;
mod column;
mod counter;
mod expr;
mod expressions;
mod features;
mod fit;
mod function;
mod index;
mod kept;
mod load;
pub(crate) mod method;
mod numbered;
mod online;
mod recorded;
mod refused;
mod setting;
mod touch;
mod types;
mod value;
mod writer;

use migrate_history::{Action, Database};

use crate::ddl::{AlteredEnum, Ddl};
use crate::expr::{Binary, CurrentValue, Expr, Truth};
use crate::name::Name;
use crate::objects::Kind;
use crate::online::Online;
use crate::raw::Refused;
use crate::rows::{ChangedRows, RowRecord};
use crate::schema::{Column, Constraint, Schema, Table};
use crate::session_setting::{SessionSetting, SettingScope};
use crate::sql::dialect::{Dialect, RowAge, RowSource, TableOrColumn, Writer};
use crate::sql::features::Features;
use crate::sql::function::FunctionForm;
use crate::sql::postgres::writer::writer;
use crate::sql::touch::TableTouch;
use crate::sql::{OnlineStep, Rendered, Sql, Unsupported, quote, rendered, rows, table};
use crate::types::Type;
use crate::typing::function::Function;

pub(super) use writer::Postgres;

/// The database, and what it has.
const OWN: (Database, &Features) = (Database::Postgres, &features::FEATURES);

impl Dialect for Postgres {
    fn database(&self) -> Database {
        Database::Postgres
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
        value::anew(altered)
    }

    fn online(&self, change: &Online) -> Result<OnlineStep, Unsupported> {
        online::online(change)
    }

    fn touches(&self, ddl: &Ddl, before: &Schema) -> Vec<TableTouch> {
        touch::change(ddl, before)
    }

    fn touches_online(&self, change: &Online, before: &Schema) -> Vec<TableTouch> {
        touch::online(change, before)
    }

    fn type_name(&self, ty: &Type) -> Sql {
        types::name(ty)
    }

    fn function(&self, function: &Function) -> Option<FunctionForm> {
        function::form(function)
    }

    fn operator(&self, operator: Binary) -> Sql {
        Ok(expr::operator(operator))
    }

    fn applied(&self, operator: Binary, left: &str, right: &str) -> Sql {
        Ok(expr::applied(operator, left, right))
    }

    fn beside(&self, writer: &Writer<'_>, expr: &Expr, ty: &Type) -> Option<Sql> {
        expr::beside(writer, expr, ty)
    }

    fn assigned(&self, _: &Writer<'_>, _: &Expr, _: &Type) -> Option<Sql> {
        None
    }

    fn defaulted(&self, _: &Column, _: RowAge) -> Sql {
        Ok("DEFAULT".to_owned())
    }

    fn table_of_keys(&self) -> String {
        recorded::table_of_keys()
    }

    fn key_value(&self, name: &str, ty: &Type) -> Sql {
        Ok(format!("CAST({name} AS {})", types::name(ty)?))
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

    fn emptied(&self, table: &Name) -> String {
        format!("TRUNCATE TABLE {}", quote::name(table))
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

    fn shift(&self, _: &Writer<'_>, _: Binary, _: &Expr, _: &Expr) -> Result<(), Unsupported> {
        Ok(())
    }

    fn at_time_zone(&self, writer: &Writer<'_>, operand: &Expr, zone: &Expr) -> Sql {
        expr::at_time_zone(writer, operand, zone)
    }

    fn current(&self, current: CurrentValue) -> Sql {
        Ok(current.word().to_uppercase())
    }

    fn truth(&self, truth: Truth) -> &'static str {
        match truth {
            Truth::True => "TRUE",
            Truth::False => "FALSE",
            Truth::Unknown => "UNKNOWN",
        }
    }

    fn as_literal(&self, value: &str) -> String {
        format!("quote_literal(CAST({value} AS text))")
    }

    /// Not every type has a `max()`.
    fn last(&self, columns: &[String], rows: &str) -> String {
        let literals: Vec<String> = columns.iter().map(|column| self.as_literal(&format!("batch.{column}"))).collect();
        let order: Vec<String> = columns.iter().map(|column| format!("batch.{column} DESC")).collect();
        format!("SELECT {}, count(*) OVER () FROM ({rows}) AS batch ORDER BY {} LIMIT 1", literals.join(", "), order.join(", "))
    }

    fn of_literal(&self, literal: &str, ty: &Type) -> Sql {
        Ok(format!("CAST({literal} AS {})", types::name(ty)?))
    }

    fn settings(&self, settings: &[SessionSetting], scope: SettingScope) -> Option<[String; 2]> {
        setting::around(settings, scope)
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        expr::bytes(bytes)
    }

    fn typed(&self, value: String, ty: &Type) -> Sql {
        expr::typed(value, ty)
    }

    fn converted(&self, value: String, from: &Type, to: &Type) -> Sql {
        value::converted(&value, from, to).map_or_else(|| expr::typed(value, to), Ok)
    }

    fn misfit(&self, value: &str, from: &Type, to: &Type) -> Option<String> {
        fit::misfit(value, from, to)
    }

    fn differs(&self, column: &str, constant: &str, ty: &Type) -> Option<String> {
        expr::differs(column, constant, ty)
    }

    fn trimmed(&self, value: &str) -> String {
        value.to_owned()
    }

    fn padded(&self, value: &str, _: u32) -> String {
        value.to_owned()
    }

    fn check_now(&self, constraints: &[Name]) -> Vec<String> {
        let names: Vec<String> = constraints.iter().map(quote::name).collect();
        ["IMMEDIATE", "DEFERRED"].map(|when| format!("SET CONSTRAINTS {} {when}", names.join(", "))).to_vec()
    }

    fn check_references(&self, _: &str, _: &str) -> Option<String> {
        None
    }

    fn lacks(&self, table: &Name, column: Option<&str>) -> String {
        let oid = format!("to_regclass({})", quote::text(&quote::name(table)));
        match column {
            Some(column) => format!(
                "SELECT 1 - count(*) FROM pg_attribute WHERE attrelid = {oid} AND attname = {} AND NOT attisdropped",
                quote::text(column)
            ),
            None => format!("SELECT 1 - count({oid})"),
        }
    }

    fn used_by_kept(&self, kind: Kind, name: &Name, known: &[TableOrColumn<'_>]) -> Option<String> {
        kept::users_of(kind, name, known)
    }

    fn counted_beyond(&self, sequence: &Name, highest: i64) -> Option<String> {
        Some(format!("SELECT count(*) FROM {} WHERE last_value > {highest}", quote::name(sequence)))
    }
}

/// A change as PostgreSQL's statements.
fn change(ddl: &Ddl) -> Result<Rendered, Unsupported> {
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
        Ddl::Object { kind, name, sql } => rendered::object(OWN, *kind, name, sql),
        Ddl::AlterEnum(altered) => value::alter(altered),
        Ddl::Rows(changed) => {
            let rendered = rows::change(&writer(&changed.body.columns), changed)?;
            Ok(rendered.then(numbered::counted_on(changed)))
        }
        Ddl::Raw { texts } => rendered::raw(Database::Postgres, texts),
        Ddl::Program { .. } => Ok(Rendered::default()),
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
        let rendered = table::constraint(&writer(&body.columns), constraint)?;
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
