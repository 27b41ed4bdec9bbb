//! One mistake is one error: what follows from it is not reported.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_compiler::lint::RuleSettings;
use migrate_compiler::parse;
use migrate_history::Database;

const BASE: &str = r#"
    create table users {
        id: bigint primary key identity,
        email: text unique,
        name: text,
        nickname: text?,
        age: integer? check (age > 0),
        created_at: timestamptz default now(),
    }
    create table orgs { id: bigint primary key identity, title: text }
    create enum mood ("sad", "ok");
"#;

/// Migrations with one mistake, and the first line of its error.
const CASES: &[(&str, &str)] = &[
    // An unknown type, and what uses the column.
    ("create table t { a: integr, b: text } insert into t (a, b) values (2, \"x\");", "unknown type `integr`"),
    ("create table t { a: integr } alter table t { alter a set default 5; }", "unknown type `integr`"),
    ("create table t { a: integr default 5 } create index on t (a);", "unknown type `integr`"),
    ("create table t { id: bigint primary key, a: integr, check (a > 5) } backfill t set a = 5;", "unknown type `integr`"),
    ("create table t { a: integr unique } create table u { b: integer references t (a) }", "unknown type `integr`"),
    ("create table t { a: integr } alter table t { alter a type text; }", "unknown type `integr`"),
    ("create table t { a: integr } insert into t (a) select id from users;", "unknown type `integr`"),
    // A rename that cannot be done, and what uses the new name.
    (
        "alter table users { rename nicknam to nick; } update users set nick = \"x\" where nick is null;",
        "unknown column `nicknam` in `users`",
    ),
    ("alter table users { rename nicknam to nick; drop nick; }", "unknown column `nicknam` in `users`"),
    ("alter table users { rename nicknam to nick; } create index on users (nick);", "unknown column `nicknam` in `users`"),
    ("rename table orgz to people; insert into people (title) values (\"x\");", "unknown table `orgz`"),
    ("rename table orgz to people; create table t { a: bigint references people }", "unknown table `orgz`"),
    ("rename table orgs to users; alter table users { drop title; }", "the name `users` is already used by a table"),
    (
        "rename table orgs to users; insert into users (title) values (\"x\"); create index on users (title);",
        "the name `users` is already used by a table",
    ),
    ("create table users { title: text } insert into users (title) values (\"x\");", "duplicate table `users`"),
    ("rename enum moood to feeling; alter table users { add f: feeling?; }", "unknown enum `moood`"),
    (
        "alter table users { rename constraint users_emai_key to e; drop constraint e; }",
        "unknown constraint `users_emai_key` in `users`",
    ),
    // A key with an unknown column, and the foreign key to what it was to be.
    (
        "create table t { a: integer, b: integer, primary key (a, c) } \
         create table u { a: integer, b: integer, foreign key (a, b) references t (a, b) }",
        "unknown column `c` in `t`",
    ),
    (
        "create table t { a: integer, b: integer, unique (a, c) } \
         create table u { a: integer, b: integer, foreign key (a, b) references t (a, b) }",
        "unknown column `c` in `t`",
    ),
    // The comma before the end of a statement, with a name that is like a keyword.
    (
        "insert into users (email, name, age) values (\"a\", \"b\", 3), ;",
        "expected the values of a row in parentheses, found `;`",
    ),
    // A column that is there already, and what was to be done to the new one.
    ("alter table users { add email: text unique; }", "duplicate column `email` in `users`"),
    ("alter table users { add id: bigint primary key; }", "duplicate column `id` in `users`"),
    ("alter table users { add age: integer check (age > 0); }", "duplicate column `age` in `users`"),
    ("alter table users { add email: text; } create index on users (email);", "duplicate column `email` in `users`"),
    // What cannot be read in the effect of raw SQL.
    ("sql \"DROP VIEW v\" as { drop view v; };", "`drop view` is not supported yet"),
    // The conversion and the default, the downgrade and the lock: one text for both.
    (
        "alter table users { alter created_at type decimal(12, 2); }",
        "no implicit conversion from `timestamptz` to `decimal(12, 2)`",
    ),
    ("update users set nickname = \"x\" where age = 3;", "`undo` is required: the old values of `users.nickname` are not kept"),
    ("create table t { a: varchar(99999999999) }", "a length is at least 1 and at most 10485760"),
    ("create table t { a: postgres::vector(99999999999) }", "a number in a type is at most 4294967295"),
];

fn errors(text: &str) -> Vec<String> {
    step(after(&[Database::Postgres], BASE), text).2
}

#[test]
fn one_mistake_is_one_error() {
    for (text, first) in CASES {
        let errors = errors(text);
        let [error] = errors.as_slice() else { panic!("{text}: {errors:#?}") };
        assert_eq!(error.lines().next(), Some(*first), "{text}");
    }
}

/// The code that a help says to write.
fn written(error: &str) -> &str {
    error.split("help: write `").nth(1).and_then(|help| help.split('`').next()).unwrap_or_else(|| panic!("{error}"))
}

#[test]
fn the_text_of_an_update_is_right_as_a_whole() {
    let base = format!("{BASE} create table loose {{ a: text? }}");
    for (text, batches) in [("update users set nickname = \"x\";", true), ("update loose set a = \"x\";", false)] {
        let state = || {
            let mut state = after(&[Database::Postgres], &base);
            state.settings.rules = RuleSettings::default();
            state
        };
        let (_, _, errors) = step(state(), text);
        let [error] = errors.as_slice() else { panic!("{text}: {errors:#?}") };
        assert!(error.contains("stay locked until the last one is updated"), "{error}");
        let help = written(error);
        assert_eq!(help.starts_with("backfill "), batches, "{help}");
        let help = help.replace("\"…\"", "\"tested\"");
        let (migration, _, errors) = step(state(), &help);
        assert!(migration.is_some(), "{help}: {errors:#?}");
    }
}

#[test]
fn the_text_of_a_statement_that_deletes_all_rows_is_right_as_a_whole() {
    for text in ["truncate orgs;", "delete from orgs;"] {
        let state = || {
            let mut state = after(&[Database::Postgres], BASE);
            state.settings.rules = RuleSettings::default();
            state
        };
        let (_, _, errors) = step(state(), text);
        let [error] = errors.as_slice() else { panic!("{text}: {errors:#?}") };
        let help = written(error).replace("\"…\"", "\"tested\"");
        let (migration, _, errors) = step(state(), &help);
        assert!(migration.is_some(), "{help}: {errors:#?}");
    }
}

#[test]
fn the_text_of_a_conversion_is_right_as_a_whole() {
    let errors = errors("alter table users { alter created_at type decimal(12, 2); }");
    let (_, _, left) = step(after(&[Database::Postgres], BASE), &format!("alter table users {{ {} }}", written(&errors[0])));
    // What is left is that values may be lost.
    assert!(left.iter().all(|error| !error.contains("conversion") && !error.contains("default")), "{left:#?}");
}

/// Histories with one mistake, its first line, and how many modules are known all the same.
const HISTORIES: &[(&str, &str, usize)] = &[
    ("databases: postgres mod m1; mod m2;", "expected `;`, found `mod`", 2),
    ("databases: postgres name: \"x\"; mod m1; mod m2;", "expected `;`, found `name`", 2),
    ("databases: postgres; mod m1 mod m2;", "expected `;`, found `mod`", 2),
    ("databases: postgres; mod m1; mod m2", "expected `;`, but it ends here", 2),
    ("databases: postgres; mod m1, mod m2;", "expected `;`, found `,`", 2),
    ("databases: postgres; mod m1; mod m1; mod m2;", "duplicate module `m1`", 2),
    ("databases: postgres; use m1; mod m2;", "unexpected `use`: a history lists modules", 2),
    ("database: postgres; mod m1; mod m2;", "unknown setting `database`", 2),
    ("databases = postgres; mod m1; mod m2;", "expected `:` between a setting and its value", 2),
];

#[test]
fn one_mistake_in_a_history_is_one_error() {
    for (text, first, modules) in HISTORIES {
        let history = parse::history(text.parse().unwrap());
        let errors: Vec<&String> = history.diagnostics.iter().map(|one| &one.problem.message).collect();
        assert_eq!(errors, [first], "{text}");
        assert!(history.diagnostics[0].problem.help.is_some(), "{text}");
        assert_eq!(history.modules.len(), *modules, "{text}");
    }
}

#[test]
fn what_is_missing_at_the_end_is_at_the_last_word() {
    let text = "drop table t; require exact";
    let parsed = parse::migration(text.parse().unwrap());
    let [error] = parsed.diagnostics([]).try_into().unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(error.span.start().column, text.len() - 1);
    let text = "revision 5;";
    let parsed = parse::migration(text.parse().unwrap());
    let [error] = parsed.diagnostics([]).try_into().unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(error.problem.to_string(), "expected the revision id in double quotes, found `5`\nhelp: write `revision \"5\";`");
}
