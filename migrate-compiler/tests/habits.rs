//! What people write by habit, from SQL or another tool: the error is at what is wrong, and its help is code that compiles where
//! it is pasted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;
mod habit;

use given::after;
use habit::statements::STATEMENTS;
use habit::{ACTIONS, BASE, ENTRIES, MORE_ENTRIES, ON_POSTGRES, SETTINGS};
use migrate_compiler::compile::compile;
use migrate_compiler::diagnostic::Diagnostic;
use migrate_compiler::lint::RuleSettings;
use migrate_compiler::parse;
use migrate_history::Database;

/// The text without its marks, and the column of the error.
fn marked(text: &str) -> (String, usize) {
    let at = text.replace(['«', '»'], "").find('@').expect("an error stands somewhere");
    (text.replace(['«', '»', '@'], ""), at)
}

fn errors(databases: &[Database], text: &str) -> Vec<Diagnostic> {
    let parsed = parse::migration(text.parse().unwrap_or_else(|error| panic!("{text}: {error}")));
    let mut before = after(databases, BASE);
    if text.contains("allow(truncate_table") {
        before.settings.rules = RuleSettings::default();
    }
    let outcome = compile(before.next(""), &parsed.draft, &parsed.message);
    parsed.serving(databases.iter().copied()).diagnostics(outcome.problems)
}

/// What is not as it should be with the error of one habit.
fn wrong(databases: &[Database], rule: &str, text: &str) -> Option<String> {
    let (plain, at) = marked(text);
    let found = errors(databases, &plain);
    let shown = || found.iter().map(|one| format!("\n    {}: {}", one.problem.code, one.problem)).collect::<String>();
    let [error] = found.as_slice() else { return Some(format!("{text}: {} errors{}", found.len(), shown())) };
    if (error.problem.code, error.span.start().column) != (rule, at) {
        return Some(format!("{text}: at {}, not at {at}{}", error.span.start().column, shown()));
    }
    if error.problem.message.chars().count() > 90 {
        return Some(format!("{text}: long{}", shown()));
    }
    let help = error.problem.help.clone().unwrap_or_default();
    let Some(code) = help.split('`').nth(1) else { return Some(format!("{text}: no code{}", shown())) };
    let pasted = pasted(text, code, &help);
    let left = errors(databases, &pasted);
    left.first().map(|left| format!("{text}{}\n    pasted, {pasted}: {}", shown(), left.problem))
}

/// The text with the code at its place.
fn pasted(text: &str, code: &str, help: &str) -> String {
    if help.ends_with("as a separate statement") {
        return code.to_owned();
    }
    let (head, rest) = text.split_once('«').expect("the help replaces something");
    let (_, tail) = rest.split_once('»').expect("it ends");
    format!("{head}{code}{tail}")
}

#[test]
fn what_is_written_by_habit_is_met_with_code_that_compiles() {
    let both = Database::ALL;
    let in_table = |text: &str| format!("create table t {{ a: bigint, {text} }}");
    let actions = ACTIONS.iter().map(|(rule, text)| (both, rule, format!("alter table users {{ {text}; }}")));
    let entries = ENTRIES.iter().chain(MORE_ENTRIES).map(|(rule, text)| (both, rule, in_table(text)));
    let on_postgres = ON_POSTGRES.iter().map(|(rule, text)| (&[Database::Postgres][..], rule, in_table(text)));
    let statements = STATEMENTS.iter().map(|(rule, text)| (both, rule, (*text).to_owned()));
    let all = actions.chain(entries).chain(on_postgres).chain(statements);
    let wrong: Vec<String> = all.filter_map(|(databases, rule, text)| wrong(databases, rule, &text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_setting_by_habit_is_met_with_one_that_is_read() {
    for (rule, text) in SETTINGS {
        let (plain, at) = marked(text);
        let found = parse::history(plain.parse().unwrap()).diagnostics;
        let [error] = found.as_slice() else { panic!("{text}: {found:?}") };
        assert_eq!((error.problem.code, error.span.start().column), (*rule, at), "{text}: {}", error.problem);
        let help = error.problem.help.clone().unwrap_or_default();
        let code = help.split('`').nth(1).unwrap_or_else(|| panic!("{text}: {}", error.problem));
        let left = parse::history(pasted(text, code, &help).parse().unwrap()).diagnostics;
        assert!(left.is_empty(), "{text}: {help}: {}", left[0].problem);
    }
}

#[test]
fn a_column_of_a_key_that_is_compared_already_is_not_named() {
    let text = "update users set nickname = m.role from members as m where m.user_id = users.id undo nothing \"tested\";";
    let found = errors(Database::ALL, text);
    let helps: Vec<&str> = found.iter().filter_map(|error| error.problem.help.as_deref()).collect();
    assert_eq!(helps, ["compare the rest of its key, `m.org_id`, in `where`"]);
}

#[test]
fn what_has_no_code_to_write_has_a_word_of_what_to_do() {
    let cases = [
        ("update users set visits = 1 returning id;", "remove it: a migration does not read what the statement returns"),
        ("delete from users limit 5;", "name the rows in `where`"),
        ("lock table users;", "remove it"),
        (
            "alter table users { drop constraint users_email_key cascade; }",
            "remove `cascade`: if something uses the constraint, the error shows the statements that drop it",
        ),
        (
            "create table t { a: bigint, b: bigint primary key, primary key (a) }",
            "write one key of all columns, `primary key (b, a)`",
        ),
        (
            "#[allow(drop_column, drop_table, reason = \"unused\")] alter table users { drop nickname; }",
            "write `#[allow(drop_column, reason = \"unused\")] #[allow(drop_table, reason = \"unused\")]`",
        ),
        ("vacuum users;", "remove it"),
        ("after \"m1\";", "write `after super::m1;`"),
        ("after \"migrations/m1.rs\";", "write `after super::m1;`"),
        ("depends on \"m1\";", "write `depends on super::m1;`"),
        ("create table t { a: bigint primary key, b: text, primary key (a, b) }", "remove `primary key` after `a`"),
        (
            "create table t { a: bigint primary key, b: text primary key, primary key (a, b) }",
            "remove `primary key` after `a` and `primary key` after `b`",
        ),
        (
            "create table t { a: bigint primary key, b: text primary key, c: text primary key }",
            "write one key of all columns, `primary key (a, b, c)`",
        ),
        ("rename table users to archive.users;", "remove it: a rename cannot change the schema"),
        ("rename table users to archive.people;", "write `people`"),
        (
            "create table t { kind: enum('a', 'b') }",
            "write `create enum kind (\"a\", \"b\");` before this statement, and `kind` as the type",
        ),
        (
            "alter table users { add kind: enum(\"a\", \"b\")?; }",
            "write `create enum kind (\"a\", \"b\");` before this statement, and `kind` as the type",
        ),
        (
            "alter table users { alter name text?; }",
            "write `alter name type text`, or `alter name drop not null` where it becomes nullable",
        ),
        (
            "alter table users { alter name varchar(20)?; }",
            "write `alter name type varchar(20)`, or `alter name drop not null` where it becomes nullable",
        ),
        ("depnds on super::m1;", "did you mean `depends`?"),
        (
            "#[allow(compat, reason = \"unused\")] create table t { a: bigint }",
            "name one rule, or accept the group in `history!`: `rules: allow(compat);`",
        ),
        (
            "#[only(postgres)] sql \"DROP INDEX CONCURRENTLY by_name\" as nothing undo nothing \"tested\";",
            "write the statement `drop index by_name;`: the compiler decides how to drop it",
        ),
        ("alter table users { drop unique (name); }", "the constraints of the table are `users_pkey`, `users_email_key`"),
    ];
    for (text, help) in cases {
        let found = errors(Database::ALL, text);
        let [error] = found.as_slice() else { panic!("{text}: {} errors", found.len()) };
        assert_eq!(error.problem.help.as_deref(), Some(help), "{text}");
    }
}

#[test]
fn what_only_postgres_has_is_removed_where_it_is_not_served() {
    let cases = [
        ("grant select on users to reader;", "`grant` is not supported on SQLite", "remove it: SQLite has no privileges"),
        ("revoke all on users from reader;", "`revoke` is not supported on SQLite", "remove it: SQLite has no privileges"),
        ("comment on index users_pkey is \"a\";", "`comment` is not supported on SQLite", "remove it: SQLite keeps no comments"),
    ];
    for (text, message, help) in cases {
        let found = errors(&[Database::Sqlite], text);
        let [error] = found.as_slice() else { panic!("{text}: {} errors", found.len()) };
        assert_eq!((&*error.problem.message, error.problem.help.as_deref()), (message, Some(help)), "{text}");
    }
}
