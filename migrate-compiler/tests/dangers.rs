//! The rules about dangers: each fires on what existed before, and on nothing that the migration itself made.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::after;
use migrate_compiler::compile::compile;
use migrate_compiler::lint::{self, Group, RULES, RuleSetting, RuleSettings, Severity};
use migrate_compiler::parse;
use migrate_compiler::state::Settings;
use migrate_history::{Database, Version};

const BASE: &str = r#"
    create enum mood ("sad", "ok");
    create enum lone ("a");
    create table teams { id: bigint primary key identity, old: text? }
    create table users {
        id: bigint primary key, name: text?, code: varchar(20)?, age: integer?, visits: integer, team: bigint?, at: timestamp?, mood: mood?,
        small: check (visits > 0), index (name, age), unique (code),
    }
"#;

/// A rule, what it finds on the tables that were there, and the same on what is made in the migration, after `BASE` with other names.
const FOUND: &[(&str, &str)] = &[
    ("rename_table", "rename table users to people;"),
    ("rename_column", "alter table users { rename name to title; }"),
    ("rename_enum", "rename enum mood to temper;"),
    ("rename_value", "alter enum mood { rename \"sad\" to \"low\"; }"),
    ("drop_value", "alter enum mood { drop \"sad\" into \"ok\"; }"),
    ("drop_table", "drop table users;"),
    ("drop_object", "drop enum lone;"),
    ("drop_object", "sql \"DROP TYPE lone\" as { drop enum lone; }"),
    ("drop_column", "alter table teams { drop old; }"),
    ("rewrite_table", "alter table users { alter age type bigint; }"),
    ("rewrite_table", "alter table users { alter name type json using name::json irreversible \"tested\"; }"),
    ("scan_under_lock", "alter table users { add c: check (length(code) > 2); } alter table users { alter code type text; }"),
    (
        "scan_under_lock",
        "create index on users (at); alter table users { alter at type timestamptz using at at time zone \"UTC\"; }",
    ),
    (
        "scan_under_lock",
        "alter table users { add unique (at); } alter table users { alter at type timestamptz using at at time zone \"UTC\"; }",
    ),
    ("narrow_type", "alter table users { alter code type varchar(3); }"),
    ("narrow_type", "alter table users { alter age type smallint; }"),
    ("add_required_column", "alter table users { add must: integer; }"),
    ("change_default", "alter table users { alter age set default 3; }"),
    ("change_default", "alter table teams { alter id drop identity; }"),
    ("drop_not_null", "alter table users { alter visits drop not null; }"),
    ("new_restriction", "alter table users { alter age set not null; }"),
    ("new_restriction", "alter table users { add check (age > 0); }"),
    ("new_restriction", "alter table teams { alter id add identity always; }"),
    ("new_restriction", "alter table users { alter visits add identity always; }"),
    ("new_restriction", "create unique index on users (age);"),
    ("drop_constraint", "alter table users { drop constraint small; }"),
    ("update_in_one_transaction", "update users set age = 1 undo nothing \"tested\";"),
    ("update_in_one_transaction", "update users set age = 1 where name = \"x\" and id > 7 undo nothing \"tested\";"),
    // A value of another table is not the same for every row.
    (
        "update_in_one_transaction",
        "update users set age = 1 from teams as t where t.id = team and users.id = t.id undo nothing \"tested\";",
    ),
    (
        "update_in_one_transaction",
        "update users set age = 1 where id = (select max(t.id) from teams as t where t.id = users.team) undo nothing \"tested\";",
    ),
    ("delete_all_rows", "delete from users undo nothing \"tested\";"),
    ("truncate_table", "truncate users undo nothing \"tested\";"),
    ("raw_index", "sql \"CREATE INDEX i ON users (age)\" as nothing;"),
    ("raw_lock", "sql \"LOCK TABLE users IN SHARE MODE\" as nothing;"),
    ("raw_drop", "sql \"ALTER TABLE users DROP COLUMN age\" as nothing;"),
    ("raw_truncate", "sql \"TRUNCATE users\" as nothing undo nothing \"tested\";"),
    ("raw_rewrite", "sql \"CLUSTER users USING users_pkey\" as nothing;"),
    (
        "raw_rewrite",
        "sql \"ALTER TABLE users ADD token uuid DEFAULT gen_random_uuid()\" as { alter table users { add token: uuid? default uuid(); } }",
    ),
    ("raw_rewrite", "sql \"ALTER TABLE users ALTER age TYPE bigint\" as nothing;"),
    ("raw_index", "sql \"ALTER TABLE users ADD CONSTRAINT k UNIQUE (age)\" as { alter table users { add k: unique (age); } }"),
    ("raw_index", "sql \"DROP INDEX users_name_age_idx\" as { drop index users_name_age_idx; }"),
    ("raw_scan", "sql \"ALTER TABLE users ALTER age SET NOT NULL\" as { alter table users { alter age set not null; } }"),
    (
        "raw_scan",
        "sql \"ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0)\" as { alter table users { add c: check (age > 0); } }",
    ),
    (
        "raw_scan",
        "sql \"ALTER TABLE users ADD FOREIGN KEY (team) REFERENCES teams\" as { alter table users { add foreign key (team) references teams; } }",
    ),
    ("raw_drop", "sql \"DROP TRIGGER x ON users\" as nothing;"),
    ("raw_rename", "sql \"ALTER TABLE users RENAME name TO title\" as nothing;"),
    ("raw_rename", "sql \"ALTER TYPE mood RENAME VALUE 'sad' TO 'low'\" as nothing;"),
    ("raw_update", "sql \"UPDATE users SET age = 1\" as nothing;"),
    ("raw_update", "sql \"WITH x AS (UPDATE users SET age = 1 RETURNING id) SELECT * FROM x WHERE id > 1\" as nothing;"),
    ("raw_delete", "sql \"DELETE FROM users\" as nothing undo nothing \"tested\";"),
    // What raw SQL states is what the same statement of the language is.
    ("rename_column", "sql \"ALTER TABLE users RENAME name TO title\" as { alter table users { rename name to title; } }"),
    ("rename_table", "sql \"ALTER TABLE users RENAME TO people\" as { rename table users to people; }"),
    ("rename_enum", "sql \"ALTER TYPE mood RENAME TO temper\" as { rename enum mood to temper; }"),
    ("rename_value", "sql \"ALTER TYPE mood RENAME VALUE 'sad' TO 'low'\" as { alter enum mood { rename \"sad\" to \"low\"; } }"),
    ("drop_table", "sql \"DROP TABLE users\" as { drop table users; }"),
    ("drop_column", "sql \"ALTER TABLE teams DROP old\" as { alter table teams { drop old; } }"),
    ("rewrite_table", "sql \"ALTER TABLE users ALTER age TYPE bigint\" as { alter table users { alter age type bigint; } }"),
    (
        "narrow_type",
        "sql \"ALTER TABLE users ALTER code TYPE varchar(3)\" as { alter table users { alter code type varchar(3); } }",
    ),
    (
        "add_required_column",
        "sql \"ALTER TABLE users ADD must integer NOT NULL\" as { alter table users { add must: integer; } }",
    ),
    ("new_restriction", "sql \"ALTER TABLE users ALTER age SET NOT NULL\" as { alter table users { alter age set not null; } }"),
    ("drop_constraint", "sql \"ALTER TABLE users DROP CONSTRAINT small\" as { alter table users { drop constraint small; } }"),
];

/// Dangers of a statement, whichever migration created the table.
const STYLE: &[(&str, &str)] = &[
    ("duplicate_key", "alter table users { add again: unique (code); }"),
    ("duplicate_key", "create table t { id: bigint primary key, a: integer unique unique }"),
    ("duplicate_key", "create table t { id: bigint primary key, a: integer, unique (a), again: unique (a) }"),
    (
        "duplicate_key",
        "sql \"ALTER TABLE users ADD CONSTRAINT again UNIQUE (code)\" as { alter table users { add again: unique (code); } }",
    ),
    ("json_column", "create table t { id: bigint primary key, a: postgres::json }"),
    ("no_primary_key", "create table t { a: text }"),
    ("prefer_bigint", "create table t { id: integer primary key }"),
    ("prefer_identity", "create table t { id: bigint primary key serial }"),
    ("prefer_text", "alter table users { add other: varchar(20)?; }"),
    ("prefer_timestamptz", "alter table users { add other: timestamp?; }"),
    ("redundant_index", "create index on users (name);"),
    ("wide_index", "create index on users (name, age, visits, at);"),
    ("unindexed_foreign_key", "alter table users { add foreign key (team) references teams; }"),
];

/// What looks like a danger and is none.
const SAFE: &[&str] = &[
    "alter table users { alter code type varchar(30); }",
    "alter table users { alter code type text; }",
    "alter table users { alter at type timestamptz using at at time zone \"UTC\"; }",
    "create index on users (team); alter table users { add foreign key (team) references teams; }",
    "create table other { id: bigint primary key, team: bigint references teams } create index on other (team);",
    "alter table users { add other: integer? default 3; }",
    "create index on users (visits);",
    "update users set age = 1 where id in (1, 2) and name is null undo nothing \"tested\";",
    "update users set age = 1 where code = \"x\" undo nothing \"tested\";",
    "delete from users where age is null undo nothing \"tested\";",
    "insert into teams (id) values (1);",
    "create table other { id: bigint primary key, old: text?, age: integer? check (age > 0) } alter table other { drop old; drop constraint other_age_check; alter age set not null; } drop table other;",
    "sql \"CREATE TABLE x (a bigint PRIMARY KEY); CREATE INDEX i ON x (a)\" as { create table x { a: bigint primary key } create index i on x (a); }",
    "sql \"UPDATE users SET age = 1 WHERE name = 'drop table users'\" as nothing undo nothing \"tested\";",
    "sql \"CREATE TABLE x (a bigint); CREATE INDEX i ON x (a); ALTER TABLE x RENAME a TO b; UPDATE x SET b = 1\" as nothing; sql \"DROP TABLE x\" as nothing;",
    "sql \"CREATE VIEW v AS SELECT 1\" as nothing; sql \"DROP VIEW v\" as nothing;",
    "sql \"ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID\" as nothing;",
    "sql \"ALTER TABLE users VALIDATE CONSTRAINT c\" as nothing;",
    "sql \"ALTER TABLE users ADD x integer, ADD y timestamptz NOT NULL DEFAULT now()\" as nothing;",
    "sql \"ALTER TABLE users ALTER code TYPE text\" as { alter table users { alter code type text; } }",
    "alter table users { add there: check (age is not null); } sql \"ALTER TABLE users ALTER age SET NOT NULL\" as { alter table users { alter age set not null; } }",
    "sql \"ALTER TABLE users ADD must integer NOT NULL DEFAULT 1; ALTER TABLE users ALTER must DROP DEFAULT\" as { alter table users { add must: integer; } }",
    "alter table users { add extra: text?; } sql \"ALTER TABLE users RENAME extra TO more\" as { alter table users { rename extra to more; } } sql \"ALTER TABLE users DROP more\" as nothing;",
    "sql \"CREATE TABLE x (a bigint PRIMARY KEY); ALTER TABLE x RENAME a TO b\" as { create table x { a: bigint primary key } alter table x { rename a to b; } }",
    "sql \"REFRESH MATERIALIZED VIEW CONCURRENTLY v\" as nothing; sql \"ALTER TABLE users RENAME CONSTRAINT small TO little\" as nothing;",
];

fn settings(denied: &[&str]) -> Settings {
    let said = Group::ALL.iter().map(|group| RuleSetting { severity: Severity::Allow, of: group.word().to_owned() });
    let denied = denied.iter().map(|rule| RuleSetting { severity: Severity::Deny, of: (*rule).to_owned() });
    Settings { rules: RuleSettings { said: said.chain(denied).collect() }, ..Settings::of([Version::oldest(Database::Postgres)]) }
}

fn found(settings: Settings, base: &str, text: &str) -> Vec<&'static str> {
    let databases: Vec<Database> = settings.databases().collect();
    let mut before = after(&databases, base);
    before.settings = settings;
    let parsed = parse::migration(text.parse().unwrap());
    let outcome = compile(before.next(""), &parsed.draft, "");
    parsed.diagnostics(outcome.problems).iter().map(|diagnostic| diagnostic.problem.code).collect()
}

/// The text about the same things under other names.
fn renamed(text: &str) -> String {
    ["users", "teams", "mood", "people", "temper", "lone"]
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(name, &format!("new_{name}")))
        .replace("new_mood: new_mood", "mood: new_mood")
}

#[test]
fn every_rule_finds_what_it_is_about() {
    for (rule, text) in FOUND.iter().chain(STYLE) {
        assert_eq!(found(settings(&[rule]), BASE, text), [*rule], "{text}");
    }
    for rule in RULES.iter().copied().flatten() {
        let is_tried = FOUND.iter().chain(STYLE).any(|(name, _)| *name == rule.name);
        assert!(is_tried, "`{}` is not tried", rule.name);
        assert!(!rule.about.is_empty() && !rule.instead.is_empty() && !rule.lock.is_empty(), "{}", rule.name);
    }
}

/// What may be done in between to what the migration made, so that it is as it was.
const BETWEEN: &[&str] = &[
    "",
    "alter table teams { drop old; add old: text?; }",
    "alter table users { add extra: integer? check (extra > 0); drop constraint users_extra_check; drop extra; }",
    "create index extra on users (at); drop index extra;",
    "alter table users { rename name to other; rename other to name; rename constraint small to other; rename constraint other to small; }",
    "rename table users to others; rename table others to users;",
    "rename enum mood to other; rename enum other to mood;",
    "create table people { id: bigint primary key } drop table people;",
];

#[test]
fn no_rule_is_about_what_the_migration_made() {
    for (rule, text) in FOUND {
        for between in BETWEEN {
            let both = format!("{}\n{}\n{}", renamed(BASE), renamed(between), renamed(text));
            assert_eq!(found(settings(&[rule]), BASE, &both), [""; 0], "{both}");
        }
    }
}

/// What a migration makes on a table that was there before is its own, too: each with the rules that find the rest of it.
const MADE_ON_OLD: &[(&str, &[&str])] = &[
    ("alter table users { add extra: text?; rename extra to more; }", &[]),
    ("alter table users { add extra: text?; drop extra; }", &[]),
    ("alter table users { add extra: text?; rename extra to more; drop more; }", &[]),
    ("alter table users { add extra: text default \"x\"; alter extra drop not null; alter extra set default \"y\"; }", &[]),
    ("alter table users { add extra: integer? check (extra > 0) unique; }", &[]),
    ("alter table users { add extra: check (age > 0); drop constraint extra; }", &["new_restriction"]),
    (
        "alter table users { add extra: check (age > 0); rename constraint extra to more; drop constraint more; }",
        &["new_restriction"],
    ),
    ("create index extra on users (at); drop index extra;", &[]),
    ("create index extra on users (at); rename index extra to more; drop index more;", &[]),
    ("create enum extra (\"a\", \"b\"); alter enum extra { rename \"a\" to \"c\"; } rename enum extra to more;", &[]),
];

#[test]
fn what_is_made_on_a_table_that_was_there_is_its_own() {
    let dangers: Vec<&str> = RULES.iter().copied().flatten().map(|rule| rule.name).collect();
    for (text, expected) in MADE_ON_OLD {
        let about = dangers.iter().filter(|rule| FOUND.iter().any(|(name, _)| name == *rule));
        let found: Vec<&str> = about.flat_map(|rule| found(settings(&[rule]), BASE, text)).collect();
        assert_eq!(&found, expected, "{text}");
    }
}

#[test]
fn an_allow_accepts_its_rule_and_no_other() {
    for (rule, text) in FOUND.iter().chain(STYLE) {
        let allow = format!("#[allow({rule}, reason = \"tested\")] ");
        // Of two statements the second is the one that is dangerous.
        let allowed = match text.rfind("alter table users { alter") {
            Some(last) if !text.starts_with("sql") => format!("{}{allow}{}", &text[..last], &text[last..]),
            Some(_) | None => format!("{allow}{text}"),
        };
        assert_eq!(found(settings(&[rule]), BASE, &allowed), [""; 0], "{allowed}");
        // Where the history accepts it, the attribute allows nothing.
        assert_eq!(found(settings(&[]), BASE, &allowed), ["unused_allow"], "{allowed}");
    }
}

#[test]
fn what_is_safe_is_silent() {
    let all: Vec<&str> = lint::names().filter(|rule| !["new_restriction", "prefer_bigint"].contains(rule)).collect();
    for text in SAFE {
        assert_eq!(found(settings(&all), BASE, text), [""; 0], "{text}");
    }
}

/// The rules of which locks alone are the reason.
const LOCKS: [&str; 7] =
    ["rewrite_table", "scan_under_lock", "raw_index", "raw_rewrite", "raw_scan", "raw_update", "update_in_one_transaction"];

/// SQLite locks the whole file for every change, so that no lock is a danger of its own there.
#[test]
fn locks_count_only_where_others_need_not_wait() {
    for (rule, text) in FOUND.iter().filter(|(rule, _)| LOCKS.contains(rule)) {
        let settings = Settings { servers: vec![Version::oldest(Database::Sqlite)], ..settings(&[rule]) };
        assert_eq!(found(settings, BASE, text), [""; 0], "{text}");
    }
}
