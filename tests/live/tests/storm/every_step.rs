//! A history with every kind of step that the compiler makes, and what a database is after a run of it.

use std::collections::BTreeSet;

use migrate_history::{Database, History, Mode, Rebuild};
use migrate_live_tests::compiled;
use migrate_live_tests::session::Session;
use migrate_live_tests::snapshot::catalogue;
use migrate_live_tests::written::draft;

/// What is added to a table in use in several steps.
const NUMBERED: &str = "alter table users { add number: bigint identity; }";

/// The same where a table has no other number than its key.
const BY_HAND: &str = "alter table users { add number: bigint?; }";

/// The migrations, in order. Each row is changed by `m13`, by `m29`, by `m30` and by `m32` exactly once.
const MIGRATIONS: [(&str, &str); 40] = [
    (
        "m01",
        "create table users { id: integer primary key, email: text, age: integer? } \
         create table orders { id: integer primary key, user_id: integer, total: integer?, note: text? }",
    ),
    (
        "m02",
        r#"sql "INSERT INTO users WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) \
                SELECT i, 'user' || i, i FROM n" as nothing undo "DELETE FROM users";"#,
    ),
    (
        "m03",
        r#"sql "INSERT INTO orders WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) \
                SELECT i, 1 + i / 3, i, 'note' FROM n WHERE i < 600" as nothing undo "DELETE FROM orders";"#,
    ),
    ("m04", "create index on users (email);"),
    ("m05", "alter table orders { add foreign key (user_id) references users (id); }"),
    ("m06", "alter table users { add grown: check (age > 0); }"),
    ("m07", "alter table users { add unique (email); }"),
    ("m08", "alter table users { alter age set not null; }"),
    ("m09", "alter table users { add token: uuid default uuid(); }"),
    ("m10", r#"create enum mood ("sad", "ok");"#),
    ("m11", r#"alter table users { add mood: mood default "ok"; }"#),
    ("m12", r#"alter enum mood { add "happy" after "ok"; } alter table users { alter mood set default "happy"; }"#),
    ("m13", r#"sql "UPDATE users SET age = age + 1" as nothing undo "UPDATE users SET age = age - 1";"#),
    ("m14", r#"alter enum mood { rename "sad" to "blue"; }"#),
    ("m15", "alter table orders { rename note to remark; }"),
    ("m16", "drop index users_email_idx;"),
    ("m17", r#"alter table orders { add placed: date default "2026-01-01"; }"#),
    ("m18", "alter table orders { alter total type bigint; }"),
    ("m19", "create table logs { id: integer primary key, line: text } create index on logs (line);"),
    ("m20", "alter table users { drop constraint grown; }"),
    ("m21", "alter table orders { alter total set not null; }"),
    ("m22", "alter table orders { drop remark; }"),
    ("m23", "create index on orders (user_id, total desc);"),
    (
        "m24",
        "create index on orders (placed); alter table orders { add small: check (total < 1000000); } \
         alter table users { add unique (token); }",
    ),
    ("m25", r#"alter table users { comment "Who may log in."; comment email "Where to write."; }"#),
    ("m26", "rename table logs to events;"),
    ("m27", "drop table events;"),
    ("m28", "create unique index on orders (user_id, id) where total > 0;"),
    ("m29", "run older on users undo younger;"),
    ("m30", "run older in batches on users undo younger in batches;"),
    (
        "m31",
        "alter table orders { add doubled: bigint?; } backfill orders set doubled = total + total in batches of 200; \
         alter table orders { alter doubled set not null; }",
    ),
    ("m32", "backfill users set age = age + 10 in batches of 100 undo { backfill users set age = age - 10 in batches of 100; };"),
    (
        "m33",
        "insert into users (id, email, age) values (9001, \"new\", 7), (1, \"there\", 8) on conflict do nothing; \
         insert into orders (id, user_id, total, doubled) values (9001, 9001, 5, 10);",
    ),
    (
        "m34",
        "update orders set total = total + 1 where id in (1, 2) undo { update orders set total = total - 1 where id in (1, 2); }",
    ),
    (
        "m35",
        "create table notes { id: integer primary key, order_id: integer? references orders, line: text, index by_line (line) }",
    ),
    ("m36", r#"sql "INSERT INTO notes VALUES (1, 1, 'a'), (2, NULL, 'b')" as nothing undo "DELETE FROM notes";"#),
    ("m37", "drop table notes keep data; alter table users { drop mood keep data; }"),
    ("m38", "alter table orders { drop constraint orders_pkey; add primary key (id, user_id); }"),
    (
        "m39",
        "create enum size (\"s\", \"m\", \"l\"); alter table orders { add size: size default \"m\"; add other: size?; } \
         alter enum size { drop \"l\" into \"m\"; }",
    ),
    ("m40", NUMBERED),
];

/// The database of a URL.
pub fn database(url: &str) -> Database {
    if url.starts_with("sqlite") { Database::Sqlite } else { Database::Postgres }
}

/// The history.
pub fn every_step(database: Database) -> History {
    let of_database = |text| if text == NUMBERED && database == Database::Sqlite { BY_HAND } else { text };
    let drafts = MIGRATIONS.into_iter().map(|(id, text)| (id, draft(of_database(text)))).collect();
    let history = compiled::drafts("every step", database, drafts);
    let steps = history.migrations.iter().flat_map(|one| {
        let script = one.compiled().script(database).unwrap();
        script.upgrade.iter().chain(script.downgrade.iter())
    });
    let kinds: BTreeSet<&str> = steps.map(|step| kind(&step.mode)).collect();
    let expected: &[&str] = match database {
        Database::Postgres => &["alone", "batches", "program", "transaction"],
        Database::Sqlite => &["batches", "program", "rebuild", "transaction"],
    };
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
    history
}

fn kind(mode: &Mode) -> &'static str {
    match mode {
        Mode::Transaction { rebuild: Rebuild::Nothing } => "transaction",
        Mode::Transaction { rebuild: Rebuild::Tables } => "rebuild",
        Mode::Alone => "alone",
        Mode::Batches { .. } => "batches",
        Mode::Program { .. } => "program",
        Mode::Unknown { .. } => "unknown",
    }
}

/// Everything that a run leaves, but for who ran it and when, and for values that chance makes.
#[derive(Debug, PartialEq, Eq)]
pub struct Left {
    catalogue: BTreeSet<Vec<String>>,
    enums: Vec<String>,
    ledger: Vec<Vec<Option<String>>>,
    rows: Vec<String>,
    kept: Vec<Vec<Option<String>>>,
}

impl Left {
    /// What both do not have, in words.
    pub fn differs(&self, other: &Left) -> String {
        let lines = |left: &Left| -> BTreeSet<String> {
            let Left { catalogue, enums, ledger, rows, kept } = left;
            let ledger = ledger.iter().chain(kept).map(|row| format!("{row:?}"));
            catalogue.iter().map(|one| one.join(" ")).chain(enums.clone()).chain(ledger).chain(rows.clone()).collect()
        };
        let (own, others) = (lines(self), lines(other));
        own.symmetric_difference(&others).cloned().collect::<Vec<_>>().join("\n")
    }
}

/// Looks at a database.
pub async fn left(url: &str) -> Left {
    let mut session = Session::open(url).await;
    let catalogue = catalogue(&mut session).await;
    let ledger = "SELECT history, revision, parents, checksum, operations, level, losses, irreversible, message, downgrade, direction, \
                  CAST(step AS text), CAST(steps AS text), upgrade, begun_step, origin, notes FROM migrate_ledger ORDER BY revision";
    let ledger = session.rows(ledger).await;
    let (enums, tables) = match database(url) {
        Database::Postgres => (
            session.column("SELECT enumtypid::regtype || ' ' || enumlabel || ' ' || enumsortorder FROM pg_enum ORDER BY 1").await,
            session
                .column("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
                .await,
        ),
        Database::Sqlite => (Vec::new(), session.column("SELECT name FROM sqlite_schema WHERE type = 'table'").await),
    };
    let mut rows = Vec::new();
    for table in tables.iter().filter(|name| !name.starts_with("migrate_") && !name.starts_with("sqlite_")) {
        let query = match database(url) {
            Database::Postgres => {
                format!("SELECT '{table} ' || (to_jsonb(t) - '{{token,number}}'::text[])::text FROM {table} AS t")
            }
            Database::Sqlite => {
                let columns = format!("SELECT name FROM pragma_table_info('{table}') WHERE name <> 'token' ORDER BY name");
                let columns = session.column(&columns).await;
                let values: Vec<String> = columns.iter().map(|name| format!("'{name} ' || quote({name})")).collect();
                format!("SELECT '{table} ' || {} FROM {table}", values.join(" || ' ' || "))
            }
        };
        rows.extend(session.column(&query).await);
    }
    rows.sort();
    let listed = "SELECT history, revision, direction, object, table_name, column_name, digest FROM migrate_kept ORDER BY object";
    let kept = if tables.iter().any(|name| name == "migrate_kept") { session.rows(listed).await } else { Vec::new() };
    Left { catalogue, enums, ledger, rows, kept }
}

/// What is in the journal as done more than once, or without being begun by the same run or an earlier one.
pub async fn done_twice(url: &str, direction: &str) -> Vec<String> {
    let twice = format!(
        "SELECT revision || ' ' || step FROM migrate_journal WHERE event = 'done' AND direction = '{direction}' \
         GROUP BY revision, step HAVING count(*) <> 1"
    );
    Session::open(url).await.column(&twice).await
}
