//! An independent witness: the server's own dump and its rows, before an upgrade and after its downgrade.
//!
//! What the compiler proves on its model is asked here of the databases themselves, for every operation in the list.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::difference;
use migrate_compiler::draft::{Draft, Piece};
use migrate_compiler::example;
use migrate_compiler::operation::Operation;
use migrate_compiler::problem::PieceId;
use migrate_compiler::schema::Schema;
use migrate_history::{Database, Grade, History, Level};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, sqlite, written};
use migrate_runtime::Error;

/// Rows for the example schema, in SQL that both databases read.
const ROWS: &str = "
    INSERT INTO users (email, nickname, visits, active) VALUES ('a@b.c', 'ann', 3, TRUE), ('b@b.c', 'bob', 0, FALSE);
    INSERT INTO posts (user_id, reply_to, title, score) SELECT id, NULL, 'first', 0.5 FROM users WHERE nickname = 'ann';
    INSERT INTO posts (user_id, reply_to, title, score) SELECT id, 1, 'second', NULL FROM users WHERE nickname = 'bob';
";

/// What the list of operations does not show: each written downgrade, each level, and what PostgreSQL alone has.
const WRITTEN: &[(&[Database], Level, &str)] = &[
    (Database::ALL, Level::Exact, "create table bare { a: integer, b: text? }"),
    (Database::ALL, Level::Exact, "alter table users { alter visits type smallint; alter visits type double; }"),
    (Database::ALL, Level::Exact, "alter table users { alter visits type smallint; }"),
    (Database::ALL, Level::Schema, "alter table posts { alter score type decimal(6, 1); }"),
    (
        Database::ALL,
        Level::Schema,
        "alter table users { alter nickname type varchar(2) using left(nickname, 2) undo { alter nickname type text; }; }",
    ),
    (
        Database::ALL,
        Level::Schema,
        "alter table users { alter active drop default; alter active type text using active::text undo { alter active type boolean using active::boolean; }; }",
    ),
    (Database::ALL, Level::Exact, "alter table posts { add size: integer? undo { drop size; }; }"),
    (Database::ALL, Level::Exact, "sql \"UPDATE posts SET score = 1\" as nothing undo \"UPDATE posts SET score = 2\";"),
    (Database::ALL, Level::Exact, "sql \"CREATE TABLE by_hand (a INTEGER)\" as nothing undo \"DROP TABLE by_hand\";"),
    (Database::ALL, Level::Exact, "create index by_score on posts (score); down { drop index by_score; }"),
    (&[Database::Postgres], Level::Exact, "#[only(postgres)] alter table posts { add size: integer?; }"),
    (&[Database::Sqlite], Level::Exact, "#[only(sqlite)] alter table posts { add size: integer?; }"),
    (
        Database::ALL,
        Level::Exact,
        "create table keyed { a: integer, b: integer } alter table keyed { add primary key (a, b); drop constraint keyed_pkey; add primary key (b); }",
    ),
    (
        Database::ALL,
        Level::Exact,
        "alter table posts { drop constraint posts_reply_to_fkey; drop constraint posts_pkey; add unique (id); add primary key (id); add foreign key (reply_to) references posts (id); }",
    ),
    (&[Database::Postgres], Level::Exact, "alter table posts { add unique (title) nulls not distinct; }"),
    (&[Database::Postgres], Level::Exact, "alter table posts { add unique (title, score) deferrable initially deferred; }"),
    (&[Database::Postgres], Level::Exact, "alter table posts { add unique (score) deferrable; }"),
    (
        &[Database::Postgres],
        Level::Exact,
        "alter table posts { alter constraint posts_user_id_fkey deferrable; alter constraint posts_user_id_fkey not deferrable; alter constraint posts_user_id_fkey deferrable initially deferred; }",
    ),
    (
        &[Database::Postgres],
        Level::Exact,
        "create table billing.invoices { id: bigint serial primary key, user_id: uuid references users on delete cascade, lines: text[] default [\"a\"], unique (user_id) } create index on billing.invoices (lines) where lines <> [\"b\"]; alter table billing.invoices { add paid: boolean default false; rename lines to rows; }",
    ),
];

/// The example schema as one migration, and a change of it as the next.
fn history(database: Database, change: Draft) -> History {
    let origin = example::statements().into_iter().enumerate().map(piece).collect();
    let origin = Draft { pieces: origin, ..Draft::default() };
    compiled::drafts("witness", database, vec![("origin", origin), ("change", change)])
}

fn piece((number, operation): (usize, Operation)) -> Piece {
    Piece {
        id: PieceId(number),
        undo: example::undo(&operation),
        operation,
        only: None,
        allows: Vec::new(),
        settings: Vec::new(),
    }
}

/// The examples that a database has, on the schema that [`history`] makes.
fn examples(database: Database) -> impl Iterator<Item = Operation> {
    let on_it = move |(before, _): &(Schema, Operation)| {
        before.databases.contains(&database) && difference::first(before, &example::schema()).is_none()
    };
    Operation::examples().into_iter().filter(on_it).map(|(_, operation)| operation)
}

/// A new database with the example schema and its rows.
async fn origin(url: &str, history: &History) {
    if url.starts_with("postgres") {
        migrate_live_tests::shell::run(url, "CREATE SCHEMA billing").await;
    }
    migrate_runtime::upgrade(url, history, "origin").await.expect("the example schema can be made");
    migrate_live_tests::shell::run(url, ROWS).await;
}

/// Upgrades and downgrades again, and compares what the server says.
async fn witness(url: &str, told: &str, history: &History) {
    origin(url, history).await;
    let before = Snapshot::take(url).await;
    match migrate_runtime::upgrade(url, history, "head").await {
        Ok(_) => {}
        // An older server than the one that these tests usually start has not everything.
        Err(Error::OldServer { need, found, .. }) if found < need.version => return,
        Err(error) => panic!("{told}\n{error}"),
    }
    let between = Snapshot::take(url).await;
    // A question changes nothing.
    let asks = told.starts_with("expect ");
    assert!(url.starts_with("sqlite") || asks || before != between, "{told}: the upgrade changed nothing");
    migrate_live_tests::downgrade(url, history, "origin").await.unwrap_or_else(|error| panic!("{told}\n{error}"));
    let after = Snapshot::take(url).await;
    assert_eq!(before.schema, after.schema, "{told}: the schema does not come back");
    // What is stated about raw SQL is believed, and need not be true.
    if history.migrations[1].compiled().grade() == Grade::proved(Level::Exact) {
        assert_eq!(before.rows, after.rows, "{told}: the rows do not come back");
    }
}

async fn every_operation(database: Database) {
    for operation in examples(database) {
        let change = Draft { pieces: vec![piece((0, operation.clone()))], ..Draft::default() };
        let file = sqlite::file();
        witness(&url(database, &file).await, &operation.to_string(), &history(database, change)).await;
    }
}

async fn every_written_way_back(database: Database) {
    for (_, level, text) in WRITTEN.iter().filter(|(databases, ..)| databases.contains(&database)) {
        let history = history(database, written::draft(text));
        assert_eq!(history.migrations[1].compiled().level, *level, "{text}");
        let file = sqlite::file();
        witness(&url(database, &file).await, text, &history).await;
    }
}

async fn url(database: Database, file: &sqlite::File) -> String {
    match database {
        Database::Postgres => server::postgres().database().await,
        Database::Sqlite => file.url(),
    }
}

#[tokio::test]
async fn every_operation_leads_back_on_postgresql() {
    every_operation(Database::Postgres).await;
}

#[tokio::test]
async fn every_operation_leads_back_on_sqlite() {
    every_operation(Database::Sqlite).await;
}

#[tokio::test]
async fn what_is_written_leads_back_on_postgresql() {
    every_written_way_back(Database::Postgres).await;
}

#[tokio::test]
async fn what_is_written_leads_back_on_sqlite() {
    every_written_way_back(Database::Sqlite).await;
}

#[tokio::test]
async fn what_has_no_way_back_is_refused_untouched() {
    for &database in Database::ALL {
        let history = history(database, written::draft("drop table posts irreversible \"retention\";"));
        assert_eq!(history.migrations[1].compiled().level, Level::Irreversible);
        let file = sqlite::file();
        let url = url(database, &file).await;
        origin(&url, &history).await;
        migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        let before = Snapshot::take(&url).await;
        let refused = migrate_live_tests::downgrade(&url, &history, "origin").await.expect_err("there is no way back");
        assert!(refused.to_string().contains("retention"), "{refused}");
        assert_eq!(before, Snapshot::take(&url).await);
    }
}
