//! A history in which the database shows which steps are done, and what must hold of both at any time.

use migrate_history::{Action, History};
use migrate_live_tests::history::{history, migration};
use migrate_live_tests::session::Session;
use migrate_live_tests::snapshot::catalogue;
use std::collections::BTreeSet;

/// A table, a row that is counted up by each migration but the first, and a table for each; every fifth has two steps, every
/// seventh goes a statement at a time. Each takes a while.
pub fn counting(count: usize, url: &str) -> History {
    let pause = if url.starts_with("sqlite") {
        "INSERT INTO work WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT max(i) FROM n"
    } else {
        "SELECT pg_sleep(0.004)"
    };
    let rows: Vec<String> = (1..count).map(|at| format!("({at}, 0)")).collect();
    let fill = format!("INSERT INTO witness VALUES {}", rows.join(", "));
    let first = migration("m00", &[])
        .up(&["CREATE TABLE witness (n integer PRIMARY KEY, v integer NOT NULL)", "CREATE TABLE work (n integer)", &fill])
        .down(&["DROP TABLE work", "DROP TABLE witness"]);
    let rest = (1..count).map(|at| {
        let comment = if at % 7 == 0 { " -- in pieces" } else { "" };
        let make = format!("CREATE TABLE t{at:02} (n integer){comment}");
        let index = format!("CREATE INDEX i{at:02} ON t{at:02} (n)");
        let up = format!("UPDATE witness SET v = v + 1 WHERE n = {at}");
        let (down, drop) = (format!("UPDATE witness SET v = v - 1 WHERE n = {at}"), format!("DROP TABLE t{at:02}{comment}"));
        let one = migration(&format!("m{at:02}"), &[&format!("m{:02}", at - 1)]);
        match at % 5 {
            0 => one.up(&[&make, &index, pause]).up(&[&up, pause]).down(&[&down, pause]).down(&[&drop, pause]),
            1 => one.rebuild([&*make, &*index, pause, &*up].map(|sql| (Action::Run, sql))).down(&[&down, &drop, pause]),
            _ => one.up(&[&make, &index, &up, pause]).down(&[&down, &drop, pause]),
        }
    });
    history([first].into_iter().chain(rest))
}

/// Ledger, tables and counts agree: nothing was done twice, half or without its row.
pub async fn check(url: &str, when: &str) {
    let mut session = Session::open(url).await;
    let relations = if url.starts_with("sqlite") {
        "(SELECT name FROM sqlite_schema WHERE type = 'table')"
    } else {
        "(SELECT relname::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)"
    };
    let there = session.column(&format!("SELECT name FROM {relations} AS r WHERE name IN ('witness', 'migrate_ledger')")).await;
    if !there.iter().any(|name| name == "witness") {
        let left = session.column(&format!("SELECT name FROM {relations} AS r WHERE name LIKE 't__' OR name = 'work'")).await;
        assert!(left.is_empty(), "{when}: {left:?}");
        if there.iter().any(|name| name == "migrate_ledger") {
            let rows = session.column("SELECT revision FROM migrate_ledger").await;
            assert!(rows.is_empty(), "{when}: the ledger has {rows:?} of a database that has nothing");
        }
        return;
    }
    // One statement, and so one moment.
    let number = if url.starts_with("sqlite") { "printf('%02d', w.n)" } else { "lpad(w.n::text, 2, '0')" };
    let rows = session
        .rows(&format!(
            "SELECT {number}, CAST(w.v AS text), l.direction, CAST(l.step AS text), CAST(l.steps AS text), \
             CAST((SELECT count(*) FROM {relations} AS r WHERE r.name = 't' || {number}) AS text) \
             FROM witness AS w LEFT JOIN migrate_ledger AS l ON l.revision = 'm' || {number} ORDER BY w.n"
        ))
        .await;
    for row in rows {
        let field = |at: usize| row[at].as_deref().unwrap_or_default();
        let expected = match (field(2), field(3) == field(4)) {
            ("", _) => ("0", "0"),
            ("upgrade", true) => ("1", "1"),
            // Between two steps, in either direction: the table is there and is not counted.
            (_, _) => ("0", "1"),
        };
        assert_eq!((field(1), field(5)), expected, "{when}: m{} with {row:?}", field(0));
    }
}

/// What the database has besides the ledger.
pub async fn shape(url: &str) -> BTreeSet<Vec<String>> {
    catalogue(&mut Session::open(url).await).await
}
