//! Foreign keys to what a later statement of the same migration makes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_history::Database;

const BASE: &str = "create table t { id: bigint primary key, n: bigint? } create table p { id: bigint primary key, code: text, old: text unique }";

const HISTORIES: [&[Database]; 3] = [&[Database::Postgres], &[Database::Sqlite], Database::ALL];

/// What is wrong with a migration, which is the same on every database.
fn wrong(text: &str) -> Vec<String> {
    let mut each = HISTORIES.map(|databases| step(after(databases, BASE), text).2).into_iter();
    let first = each.next().unwrap();
    each.for_each(|other| assert_eq!(other, first, "{text}"));
    first
}

/// The tables that a foreign key can be made with: its text, and what is left of the table without it.
const NEW: &[(&str, &str)] = &[
    (
        "create table a { id: bigint primary key, b: bigint? references b }",
        "create table a { id: bigint primary key, b: bigint? }",
    ),
    (
        "create table a { id: bigint primary key, b: bigint? references b (id) on delete cascade on update set null }",
        "create table a { id: bigint primary key, b: bigint? }",
    ),
    (
        "create table a { id: bigint primary key, b: bigint?, foreign key (b) references b (id) deferrable initially deferred }",
        "create table a { id: bigint primary key, b: bigint? }",
    ),
    (
        "create table a { id: bigint primary key, b: bigint?, named: foreign key (b) references b }",
        "create table a { id: bigint primary key, b: bigint? }",
    ),
    ("create table a { b: bigint? references b as named }", "create table a { b: bigint? }"),
    ("create table a { b: bigint references b, c: bigint references b (id) }", "create table a { b: bigint, c: bigint }"),
    ("create table a { b: bigint references b, t: bigint references t }", "create table a { b: bigint, t: bigint references t }"),
];

/// What makes `b`.
const MADE: &[(&str, &str)] = &[
    ("create table b { id: bigint primary key }", "create table b"),
    ("create table b { id: bigint primary key, a: bigint? references a (id) }", "create table b"),
    ("rename table p to b;", "rename table p to b;"),
    ("sql \"CREATE TABLE b (id bigint PRIMARY KEY)\" as { create table b { id: bigint primary key } };", "create table b"),
];

#[test]
fn a_new_table_may_refer_to_a_later_one_by_what_the_help_says() {
    for (early, without) in NEW {
        for (maker, told) in MADE {
            if maker.contains("references a") && !early.contains("id: bigint primary key") {
                continue;
            }
            let errors = wrong(&format!("{early} {maker}"));
            let error = errors.first().unwrap_or_else(|| panic!("{early} {maker}"));
            assert!(error.starts_with("unknown table `b`\nhelp: move `"), "{error}");
            assert!(error.ends_with(&format!("note: `{told}` comes later in this migration")), "{error}");
            let (_, code) = error.split_once("later: `").unwrap();
            let (code, _) = code.split_once("`\n").unwrap();
            assert_eq!(wrong(&format!("{without} {maker} {code}")), Vec::<String>::new(), "{without} {maker} {code}");
            if !maker.contains("references a") {
                assert_eq!(wrong(&format!("{maker} {early}")), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn what_refers_later_is_moved() {
    for early in [
        "alter table t { add foreign key (n) references b (id); }",
        "alter table t { add named: foreign key (n) references b on delete set null; }",
        "alter table t { add b: bigint? references b; }",
        "alter table b { add x: integer?; }",
        "create index on b (id);",
    ] {
        let maker = "create table b { id: bigint primary key }";
        let errors = wrong(&format!("{early} {maker}"));
        let expected =
            "unknown table `b`\nhelp: move `create table b` before it\nnote: `create table b` comes later in this migration";
        assert_eq!(errors.first().map(String::as_str), Some(expected), "{early}");
        assert_eq!(wrong(&format!("{maker} {early}")), Vec::<String>::new(), "{early}");
    }
}

#[test]
fn columns_and_keys_may_be_later_too() {
    for (early, maker) in [
        ("create table a { x: text references p (new) }", "alter table p { add new: text? unique; }"),
        ("create table a { x: text references p (new) }", "alter table p { rename old to new; }"),
        ("create table a { x: text references p (code) }", "alter table p { add unique (code); }"),
        (
            "create table a { x: text, y: bigint, foreign key (x, y) references p (code, id) }",
            "alter table p { add unique (id, code); }",
        ),
        ("alter table t { add x: text? references p (code); }", "alter table p { add unique (code); }"),
        ("alter table t { add x: text?; add foreign key (x) references p (new); }", "alter table p { add new: text? unique; }"),
    ] {
        let errors = wrong(&format!("{early} {maker}"));
        assert!(errors[0].contains("\nhelp: move `alter table p { "), "{errors:?}");
        assert!(errors[0].contains("comes later in this migration"), "{errors:?}");
        assert_eq!(wrong(&format!("{maker} {early}")), Vec::<String>::new(), "{early} {maker}");
    }
}

#[test]
fn a_reference_to_itself_or_to_what_is_renamed_compiles() {
    for text in [
        "create table a { id: bigint primary key, up: bigint? references a (id) }",
        "create table a { id: bigint primary key, up: bigint? references a on delete cascade }",
        "create table a { id: bigint, up: bigint?, foreign key (up) references a, primary key (id) }",
        "create table a { id: bigint, up: bigint?, foreign key (up) references a (id), unique (id) }",
        "alter table t { add up: bigint? references t; }",
        "create table a { t: bigint references t } rename table t to s;",
        "create table b { id: bigint primary key } create table a { b: bigint references b } rename table b to c;",
    ] {
        assert_eq!(wrong(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_table_that_is_dropped_later_is_still_used() {
    let text = "create table b { id: bigint primary key } create table a { b: bigint references b } drop table b;";
    let errors = wrong(text);
    let (_, code) = errors[0].split_once("write before it: `").unwrap();
    let (code, _) = code.split_once('`').unwrap();
    assert!(wrong(&text.replace("drop table b;", &format!("{code} drop table b;"))).is_empty(), "{code}");
}
