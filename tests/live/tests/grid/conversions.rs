//! Every type into every type, with and without a cast, with what may depend on the column.

use migrate_compiler::operation::Operation;
use migrate_compiler::types::Type;
use migrate_history::Database;
use migrate_live_tests::written;

use crate::cell::{Cell, Grid};
use crate::kinds;

/// A literal that is a default of the type.
pub fn default(ty: &str) -> &'static str {
    match ty {
        "boolean" => "true",
        "smallint" | "integer" | "bigint" | "real" | "double" | "decimal" | "decimal(10, 2)" => "1",
        "text" | "varchar" | "varchar(20)" | "char(5)" => "\"1\"",
        "bytes" => "b\"1\"",
        "uuid" => "uuid()",
        "date" => "\"2024-05-01\"",
        "time" => "\"10:30:00\"",
        "timestamp" => "\"2024-05-01 10:30:00\"",
        "timestamptz" => "now()",
        "interval" => "interval \"1 day\"",
        "json" | "postgres::json" => "\"[]\"",
        "text[]" | "varchar(20)[]" => "[\"a\"]",
        "integer[]" | "bigint[]" => "[1, 2]",
        "json[]" | "timestamptz[]" => "[]",
        "postgres::inet" => "\"10.0.0.1\"",
        "postgres::tsvector" => "\"a\"",
        "postgres::xml" => "\"<a/>\"",
        "postgres::point" => "\"(1,2)\"",
        "postgres::int4range" => "\"[1,2)\"",
        "postgres::bit" => "\"1\"",
        other => panic!("{other} has no default here"),
    }
}

/// What depends on the column, in its table.
fn origins(ty: &str) -> Vec<String> {
    let default = default(ty);
    let table = |column: String, more: &str| format!("create table t {{ k: integer, c: {column}{more} }}");
    let mut all = vec![
        table(format!("{ty}?"), ""),
        table(format!("{ty} default {default}"), ""),
        table(format!("{ty}?"), ", check (c is not null)"),
        table(format!("{ty}?"), ", check (sql(\"c IS NOT NULL\"))"),
        table(format!("{ty}?"), "") + " create index on t (k) where c is not null;",
        table(format!("{ty}?"), "") + " create index on t (k) where sql(\"c IS NOT NULL\");",
    ];
    if !["postgres::json", "postgres::xml", "postgres::point"].contains(&ty) {
        let literal = match ty {
            "uuid" => "\"67e55044-10b1-426f-9247-bb680e5fe0c8\"",
            "timestamptz" => "\"2024-05-01 10:30:00\"",
            _ => default,
        };
        all.push(table(format!("{ty}?"), &format!(", check (c <> {literal})")));
        all.push(table(format!("{ty}?"), "") + " create index on t (c);");
        all.push(table(format!("{ty}?"), ", unique (c)"));
    }
    // PostgreSQL has no foreign keys of arrays of `varchar`.
    if !["postgres::json", "postgres::xml", "postgres::point", "varchar(20)[]"].contains(&ty) {
        all.push(format!("create table p {{ a: {ty} unique }} create table t {{ k: integer, c: {ty}? references p (a) }}"));
        all.push(format!("create table t {{ k: integer, c: {ty} unique }} create table u {{ a: {ty}? references t (c) }}"));
    }
    all
}

fn parse(ty: &str) -> Type {
    match written::statements(&format!("create table t {{ c: {ty}? }}")).pop() {
        Some(Operation::CreateTable(mut create)) => create.table.columns.remove(0).ty,
        other => panic!("{other:?}"),
    }
}

async fn every_conversion(database: Database, types: &[String], least: usize) {
    let mut grid = Grid::open(database).await;
    for from in types {
        for to in types.iter().filter(|to| parse(to) != parse(from)) {
            let ways = [
                format!("alter table t {{ alter c type {to}; }}"),
                format!("alter table t {{ alter c type {to} irreversible \"tested\"; }}"),
                format!("alter table t {{ alter c type {to} using c::{to} undo {{ alter c type {from} using c::{from}; }}; }}"),
                format!("alter table t {{ alter c type {to} using c::{to} irreversible \"tested\"; }}"),
            ];
            let given = format!(
                "alter table t {{ alter c drop default; alter c type {to} using c::{to} undo {{ alter c type {from} using c::{from}; }}; alter c set default {}; }}",
                default(to)
            );
            let origin = format!("create table t {{ k: integer, c: {from} default {} }}", default(from));
            if !from.contains("::") && !to.contains("::") {
                grid.cell(&Cell { origin, change: given }).await;
            }
            // What a type of PostgreSQL alone is compared with, and how it is written, only the database knows.
            let is_known = |origin: &String| {
                !(from.contains("::") || to.contains("::")) || !origin.contains("c <>") && !origin.contains(" default ")
            };
            for origin in origins(from).into_iter().filter(is_known) {
                // What has no inferred downgrade is tried without one.
                for pair in ways.chunks(2) {
                    for way in pair {
                        if grid.cell(&Cell { origin: origin.clone(), change: way.clone() }).await {
                            break;
                        }
                    }
                }
            }
        }
    }
    grid.done(least).await;
}

#[tokio::test]
async fn every_type_into_every_type_on_postgresql() {
    every_conversion(Database::Postgres, &kinds::all(), 1000).await;
}

#[tokio::test]
async fn every_type_into_every_type_on_sqlite() {
    every_conversion(Database::Sqlite, &kinds::portable(), 1000).await;
}
