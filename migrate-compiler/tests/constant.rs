//! What a column can never be that has one value in all rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_history::Database;

const BASE: &str = "create table t { id: bigint primary key, n: integer } create table u { id: bigint }";

fn errors(text: &str) -> Vec<String> {
    step(after(Database::ALL, BASE), text).2
}

#[test]
fn a_key_that_is_the_same_in_every_row_is_an_error() {
    for text in [
        "alter table t { add x: integer default 5 unique; }",
        "alter table u { add x: integer default 5 primary key; }",
        "alter table t { add x: integer? default 5; add unique (x); }",
        "alter table t { add x: timestamptz default now() unique; }",
        "alter table t { add x: text default lower(\"A\") unique; }",
        "alter table t { add x: integer default 5; add y: text default \"a\"; add unique (x, y); }",
        "alter table t { add x: integer default 5; } create unique index on t (x);",
        "alter table t { add x: text default \"a\"; } create unique index on t (lower(x));",
        "alter table t { add x: integer default 5; rename x to y; } rename table t to s; alter table s { add unique (y); }",
        "alter table t { add x: integer default 5; alter x type bigint; alter x set default 6; add unique (x); }",
        "alter table t { add x: integer default 5; } sql \"A\" as { alter table t { add y: integer?; } } alter table t { add z: integer default 5 unique; }",
    ] {
        let errors = errors(text);
        assert_eq!(errors.len(), 1, "{text}: {errors:?}");
        assert!(errors[0].contains("must be unique, but is"), "{text}: {errors:?}");
    }
}

#[test]
fn a_key_that_may_differ_is_none() {
    for text in [
        "create table s { id: bigint, x: integer default 5 unique }",
        "create table s { id: bigint } alter table s { add x: integer default 5 unique; }",
        "alter table t { add x: integer? unique; }",
        "alter table t { add x: uuid default uuid() unique; }",
        "alter table t { add x: integer default 5; add unique (x, n); }",
        "alter table t { add x: integer default 5; } create unique index on t (x) where n > 5;",
        "alter table t { add x: integer default 5; } sql \"UPDATE t SET x = id\" as nothing; alter table t { add unique (x); }",
        "alter table t { add x: integer default 5; drop x; } alter table t { add x: integer? unique; }",
        "alter table t { add x: integer default 5; } create index on t (x);",
    ] {
        assert_eq!(errors(text), Vec::<String>::new(), "{text}");
    }
    let only = |text: &str| step(after(&[Database::Postgres], BASE), text).2;
    assert_eq!(only("alter table t { add x: bigint identity unique; }"), Vec::<String>::new());
    let null = only("alter table t { add x: integer? unique nulls not distinct; }");
    assert!(null[0].starts_with("`x` must be unique, but is `null` in every row of `t`"), "{null:?}");
}

#[test]
fn what_the_help_says_compiles() {
    for text in [
        "alter table t { add x: integer default 5 unique; }",
        "alter table t { add x: integer? default 5 unique; }",
        "alter table u { add x: integer default 5 primary key; }",
        "alter table t { add x: integer default 5; add y: text default \"a\"; } create unique index on t (x, y);",
        "alter table t { add x: uuid default \"00112233-4455-6677-8899-aabbccddeeff\" unique; }",
    ] {
        let error = errors(text).remove(0);
        let help = error.split("help: write `").nth(1).unwrap().split('`').next().unwrap();
        assert_eq!(errors(help), Vec::<String>::new(), "{help}");
    }
    let uuid = errors("alter table t { add x: uuid default \"00112233-4455-6677-8899-aabbccddeeff\" unique; }");
    assert!(uuid[0].ends_with("or give `x` the default `uuid()`"), "{uuid:?}");
}

#[test]
fn a_downgrade_asks_the_rows_instead() {
    let text = "alter table t { drop constraint t_n_key; #[allow(drop_column, reason = \"tested\")] drop n undo default 5; }";
    let base = after(Database::ALL, &BASE.replace("n: integer", "n: integer unique"));
    let (migration, _, errors) = step(base, text);
    let migration = migration.unwrap_or_else(|| panic!("{errors:?}"));
    assert_eq!(migration.compiled().script(Database::Sqlite).unwrap().guards().count(), 1);
}

#[test]
fn a_column_without_a_value_is_never_not_null() {
    let wrong = errors("alter table t { add x: integer?; alter x set not null; }");
    assert_eq!(
        wrong,
        [
            "`x` was added without a value, so it is null in every row of `t`\nhelp: write before it: `backfill t set x = sql(\"…\");`"
        ]
    );
    for text in [
        "alter table t { add x: integer? default 5; alter x set not null; }",
        "alter table t { add x: integer?; } sql \"UPDATE t SET x = 1\" as nothing; alter table t { alter x set not null; }",
        "alter table t { add x: integer?; alter x type text using n::text; alter x set not null; }",
        "create table s { id: bigint } alter table s { add x: integer?; alter x set not null; }",
    ] {
        let errors = step(after(&[Database::Postgres], BASE), text).2;
        assert!(!errors.iter().any(|error| error.contains("null in every row")), "{text}: {errors:?}");
    }
}
