//! Files of SQLite as they are found: after a crash, without rights, and in use by other processes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod crash;
mod rights;
mod shell;
mod waits;

use migrate_history::History;
use migrate_live_tests::history::{history, migration, table};

/// Tables `a` and `b`; the downgrade of `b` counts what it drops.
fn two() -> History {
    let counted = migration("b", &["a"]).up(&["CREATE TABLE b (n integer)"]).down(&["DROP TABLE b"]).drops("b");
    history([table("a", &[]), counted])
}

/// These two and `c`, which reads and writes the application's table.
fn with_c() -> History {
    let counted = migration("b", &["a"]).up(&["CREATE TABLE b (n integer)"]).down(&["DROP TABLE b"]).drops("b");
    let c = migration("c", &["b"]).up(&["CREATE TABLE c AS SELECT count(*) AS n FROM app"]).down(&["DROP TABLE c"]);
    history([table("a", &[]), counted, c])
}
