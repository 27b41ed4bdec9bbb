//! What is the same for every kind of object: what its name may be, whether it is created or renamed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use std::collections::BTreeSet;

use given::after;
use migrate_compiler::compile::compile;
use migrate_compiler::objects::Kind;
use migrate_compiler::parse;
use migrate_compiler::state::State;
use migrate_history::Database;

const BASE: &str = "create schema billing;
    create table t { id: bigint primary key, a: text } create index taken on t (a);
    create enum mood (\"glad\"); create table old { id: bigint primary key }";

/// What is written after the name in `create`.
fn rest(kind: Kind) -> &'static str {
    match kind {
        Kind::Table => "{ id: bigint primary key }",
        Kind::Enum => "(\"glad\");",
        Kind::Extension | Kind::Namespace => ";",
    }
}

/// The rules that a statement breaks, each at a word of it.
fn broken(before: &State, text: &str) -> BTreeSet<&'static str> {
    let parsed = parse::migration(text.parse().unwrap());
    let outcome = compile(before.clone().next(""), &parsed.draft, &parsed.message);
    for problem in &outcome.problems {
        assert!(parsed.has_place(problem), "{text}: {} names a word that is not there: {:?}", problem.code, problem.slot);
    }
    let danger = |code: &&str| migrate_compiler::rule::DANGERS.contains(code);
    outcome.problems.iter().map(|problem| problem.code).filter(|code| !danger(code)).collect()
}

/// Names, and the rule that each breaks where names of tables are.
fn names() -> Vec<(String, &'static str)> {
    let long = "a".repeat(64);
    let names = [
        (long.as_str(), "name_too_long"),
        ("\"\"", "name_empty"),
        ("taken", "name_taken"),
        ("t_pkey", "name_taken"),
        ("migrate_ledger", "name_reserved"),
        ("public.migrate_lock", "name_reserved"),
    ];
    let within = (format!("billing.{long}"), "name_too_long");
    names.map(|(name, rule)| (name.to_owned(), rule)).into_iter().chain([within]).collect()
}

/// One of the kind that is there, where its names are in one set with those of tables.
fn of_tables(kind: &Kind) -> Option<(Kind, &'static str)> {
    match kind {
        Kind::Table => Some((Kind::Table, "old")),
        Kind::Enum => Some((Kind::Enum, "mood")),
        Kind::Extension | Kind::Namespace => None,
    }
}

#[test]
fn a_name_that_tables_cannot_have_no_other_kind_can() {
    let before = after(&[Database::Postgres], BASE);
    for (kind, there) in Kind::ALL.iter().filter_map(of_tables) {
        for (name, rule) in names() {
            let create = format!("create {} {name} {}", kind.word(), rest(kind));
            assert!(broken(&before, &create).contains(rule), "{create}: {:?}", broken(&before, &create));
            // A rename cannot move an object to another schema, so there it is one that already exists.
            let from = if name.starts_with("billing.") { format!("billing.{there}") } else { there.to_owned() };
            let given = format!("{BASE} create {} billing.{there} {}", kind.word(), rest(kind));
            let rename = format!("rename {} {from} to {};", kind.word(), name.trim_start_matches("public."));
            let broken = broken(&after(&[Database::Postgres], &given), &rename);
            assert!(broken.contains(rule), "{rename}: {broken:?}");
        }
    }
}

#[test]
fn what_is_renamed_is_called_as_what_is_created() {
    let without_schema = BASE.replacen("create schema billing;", "", 1);
    let mut refused = BTreeSet::new();
    for database in Database::ALL {
        let before = after(&[*database], &without_schema);
        for (kind, there) in Kind::ALL.iter().filter_map(of_tables) {
            for name in ["text", "boolean", "xmin", "sqlite_x", "_migrate_x", "migrate_ledger", "T", "Mood", "fine"] {
                let create = broken(&before, &format!("create {} r#{name} {}", kind.word(), rest(kind)));
                let rename = broken(&before, &format!("rename {} {there} to r#{name};", kind.word()));
                assert_eq!(create, rename, "{} {name} on {database}", kind.word());
                refused.extend(create.into_iter().map(|rule| (*database, kind, name, rule)));
            }
        }
    }
    let (postgres, sqlite) = (Database::Postgres, Database::Sqlite);
    let each = [
        (postgres, Kind::Table, "migrate_ledger", "name_reserved"),
        (postgres, Kind::Enum, "boolean", "name_reserved"),
        (postgres, Kind::Enum, "migrate_ledger", "name_reserved"),
        (postgres, Kind::Enum, "text", "name_reserved"),
        (sqlite, Kind::Table, "T", "name_taken"),
        (sqlite, Kind::Table, "_migrate_x", "name_reserved"),
        (sqlite, Kind::Table, "migrate_ledger", "name_reserved"),
        (sqlite, Kind::Table, "sqlite_x", "name_reserved"),
        (sqlite, Kind::Enum, "boolean", "name_reserved"),
        (sqlite, Kind::Enum, "migrate_ledger", "name_reserved"),
        (sqlite, Kind::Enum, "text", "name_reserved"),
    ];
    assert_eq!(refused, BTreeSet::from(each));
}

#[test]
fn a_new_name_is_judged_by_what_has_it() {
    for (database, name, is_column, is_index) in [
        (Database::Postgres, "xmin", false, true),
        (Database::Sqlite, "sqlite_x", true, false),
        (Database::Sqlite, "_migrate_x", true, true),
    ] {
        let before = after(&[database], "create table t { id: bigint primary key, a: text } create index i on t (a);");
        let fits = |text: String| broken(&before, &text).is_empty();
        assert_eq!(fits(format!("alter table t {{ add {name}: text?; }}")), is_column, "add {name}");
        assert_eq!(fits(format!("alter table t {{ rename a to {name}; }}")), is_column, "rename column {name}");
        assert_eq!(fits(format!("create index {name} on t (id);")), is_index, "create index {name}");
        assert_eq!(fits(format!("rename index i to {name};")), is_index, "rename index {name}");
    }
}
