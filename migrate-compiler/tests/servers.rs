//! What the oldest server of a history can do: nothing that is compiled requires more, and what would is an error at its word.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::compile::{Outcome, compile};
use migrate_compiler::draft::{Allow, Draft, Piece};
use migrate_compiler::example;
use migrate_compiler::operation::Operation;
use migrate_compiler::parse;
use migrate_compiler::problem::PieceId;
use migrate_compiler::schema::Schema;
use migrate_compiler::state::{Settings, State, Variant};
use migrate_history::sql::beyond;
use migrate_history::{Database, Script, Version};

fn version(database: Database, text: &str) -> Version {
    Version::from_written(database, text).unwrap()
}

/// What the last migration of a new history becomes, and each error with its token; `then` is between migrations.
fn compiled(servers: &[Version], texts: &str) -> (Vec<String>, Vec<String>) {
    let mut state = State::root(Settings::tested(servers.iter().copied()));
    let (earlier, last) = texts.rsplit_once(" then ").unwrap_or(("", texts));
    for text in earlier.split(" then ").filter(|text| !text.is_empty()) {
        let parsed = parse::migration(text.parse().unwrap());
        state = compile(state.next(""), &parsed.draft, "").after.named("m");
    }
    let parsed = parse::migration(last.parse().unwrap());
    let outcome = compile(state.next(""), &parsed.draft, "");
    let scripts = outcome.migration.iter().flat_map(|migration| migration.compiled().scripts.iter());
    let sql = scripts.flat_map(|script| script.upgrade.iter().flat_map(|step| step.statements.iter()));
    let sql = sql.map(|statement| statement.sql.to_string()).collect();
    let errors = parsed.diagnostics(outcome.problems).into_iter();
    let errors = errors.map(|one| {
        let at = one.span.source_text().unwrap_or_default();
        format!("{} at `{at}`: {}", one.problem.code, one.problem)
    });
    (sql, errors.collect())
}

#[test]
fn what_a_server_is_too_old_for_is_an_error_at_its_word() {
    let postgres = [version(Database::Postgres, "14")];
    let sqlite = [version(Database::Sqlite, "3.35")];
    let cases = [
        (
            &postgres,
            "create table t { id: bigint primary key, a: text?, unique (id), once: unique (a) nulls not distinct }",
            "nulls",
            "`nulls not distinct` requires PostgreSQL 15, and the history supports PostgreSQL 14",
            "postgres 15..",
        ),
        (
            &postgres,
            "create table t { a: text? } create unique index on t (a) nulls not distinct;",
            "nulls",
            "`nulls not distinct` requires PostgreSQL 15, and the history supports PostgreSQL 14",
            "postgres 15..",
        ),
        (
            &postgres,
            r#"sql "MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE" as nothing undo nothing "tested";"#,
            "sql",
            "`MERGE INTO` requires PostgreSQL 15, and the history supports PostgreSQL 14",
            "postgres 15..",
        ),
        (
            &sqlite,
            r#"create table t { a: json?, b: text?, check (b <> "x"), check (a ->> "k" <> "v") }"#,
            "-",
            "`->` requires SQLite 3.38, and the history supports SQLite 3.35",
            "sqlite 3.38..",
        ),
        (
            &sqlite,
            r#"create table t { a: json? } create index i on t (a -> "k");"#,
            "-",
            "`->` requires SQLite 3.38, and the history supports SQLite 3.35",
            "sqlite 3.38..",
        ),
        (
            &sqlite,
            "create table t { a: text? } alter table t { alter a type uuid using a::uuid undo { alter a type text using a::text; }; }",
            "uuid",
            "text to `uuid` or `bytes` requires SQLite 3.41, and the history supports SQLite 3.35",
            "sqlite 3.41..",
        ),
        // The downgrade requires it.
        (
            &sqlite,
            "create table t { a: uuid? } then alter table t { alter a type text using a::text undo { alter a type uuid using a::uuid; }; }",
            "uuid",
            "text to `uuid` or `bytes` requires SQLite 3.41, and the history supports SQLite 3.35",
            "sqlite 3.41..",
        ),
    ];
    for (servers, text, at, message, serving) in cases {
        let expected = format!("server_version at `{at}`: {message}\nhelp: write in `history!`: `databases: {serving};`");
        assert_eq!(compiled(servers, text).1, [expected], "{text}");
        let raised = parse::history(format!("databases: {serving};").parse().unwrap());
        let raised: Vec<Version> = raised.servers.iter().map(|(server, _)| *server).collect();
        assert_eq!(compiled(&raised, text).1, [""; 0], "{text}");
    }
}

#[test]
fn the_help_keeps_the_other_databases() {
    let servers = [version(Database::Sqlite, "3.38"), version(Database::Postgres, "14.2")];
    let (_, errors) = compiled(&servers, "#[only(postgres)] create table t { a: text?, unique (a) nulls not distinct }");
    assert!(errors[0].contains("and the history supports PostgreSQL 14.2\n"), "{errors:?}");
    assert!(errors[0].ends_with("`databases: sqlite 3.38.., postgres 15..;`"), "{errors:?}");
}

#[test]
fn a_server_that_does_not_look_at_the_rows_of_a_new_column_is_asked_to() {
    let text =
        "create table t { id: bigint primary key } alter table t { add n: integer default 5 check (n > 7); add m: integer?; }";
    let sql = |oldest| compiled(&[version(Database::Sqlite, oldest)], text).0;
    let [create, add, plain, look] = &sql("3.36")[..] else { panic!("{:?}", sql("3.36")) };
    assert_eq!([create.clone(), add.clone(), plain.clone()].as_slice(), sql("3.37"));
    assert!(look.contains("SELECT count(*) FROM \"t\" WHERE NOT (\"n\" > 7)"), "{look}");
    assert!(look.contains("rows of `t` in violation of `n > 7`"), "{look}");
}

/// An example of an operation, for one database.
fn outcome(before: &Schema, operation: &Operation, server: Version) -> Outcome {
    let objects = before.objects.clone();
    let variant = Variant { databases: vec![server.database], objects, record: Default::default() };
    let revisions = vec!["m0001".into()].into();
    let state = State { settings: Settings::tested([server]), revisions, variants: vec![variant], is_broken: false };
    let rule = match operation.name() {
        "DropTable" | "KeepTable" => Some("drop_table"),
        "DropColumn" | "KeepColumn" => Some("drop_column"),
        _ => None,
    };
    let allows = rule.map(|rule| Allow { id: 0, rule: rule.into(), reason: "tested".into() }).into_iter().collect();
    let piece = Piece {
        id: PieceId(0),
        operation: operation.clone(),
        only: None,
        allows,
        settings: Vec::new(),
        undo: example::undo(operation),
    };
    compile(state.next(""), &Draft { pieces: vec![piece], ..Draft::default() }, "")
}

/// Everything that a script asks of a server.
fn texts(script: &Script) -> impl Iterator<Item = &str> {
    let steps = script.upgrade.iter().chain(script.downgrade.iter());
    let statements = steps.flat_map(|step| step.statements.iter()).map(|statement| &*statement.sql);
    let guards = script.guards().map(|guard| &*guard.query);
    statements.chain(guards).chain(script.drops.iter().map(|tally| &*tally.query))
}

#[test]
fn nothing_that_is_compiled_requires_more_than_the_oldest_server() {
    let mut refused = 0;
    for (before, operation) in Operation::examples() {
        for database in before.databases.iter().copied() {
            let server = Version::oldest(database);
            let Outcome { migration, problems, .. } = outcome(&before, &operation, server);
            let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
            match migration {
                Some(migration) => {
                    let scripts = migration.compiled().scripts.iter();
                    let needs: Vec<_> = scripts.flat_map(|script| beyond(server, texts(script))).collect();
                    assert_eq!(needs, [], "{operation} on {server}");
                }
                None => {
                    assert_eq!(codes, ["server_version"], "{operation} on {server}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 0, "some example requires a newer server");
}
