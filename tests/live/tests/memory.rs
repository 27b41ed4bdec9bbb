//! The rows of a migration's own SELECT are none of ours: nobody keeps them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_live_tests::history::{history, migration};
use migrate_live_tests::{server, sqlite};

const ROWS: usize = 300_000;

/// A figure of this process by its name in `proc_pid_status(5)`, in bytes.
fn memory(figure: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find_map(|line| line.strip_prefix(figure)).expect("it has this figure");
    line.trim_matches([':', '\t', ' ']).trim_end_matches(" kB").trim().parse::<usize>().expect("a number") * 1024
}

/// Lets the peak begin at what is resident now (`proc_pid_clear_refs(5)`), and returns that.
fn begin() -> usize {
    std::fs::write("/proc/self/clear_refs", "5").expect("the process may reset its own peak");
    memory("VmRSS")
}

#[tokio::test]
async fn the_rows_of_a_select_are_not_kept() {
    let file = sqlite::file();
    let postgres = format!("SELECT repeat('x', 100) FROM generate_series(1, {ROWS})");
    let lite = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) SELECT printf('%0100d', i) FROM n"
    );
    for (url, select) in [(server::postgres().database().await, postgres), (file.url(), lite)] {
        let warm = history([migration("warm", &[]).up(&["SELECT 1"])]);
        migrate_runtime::upgrade(&url, &warm, "head").await.unwrap();
        // One statement goes out as a message with the ledger's row, two as they are.
        for (id, statements) in [("one", vec![&*select]), ("two", vec![&*select, "SELECT 1; SELECT 2"])] {
            let both = history([migration("warm", &[]).up(&["SELECT 1"]), migration(id, &["warm"]).up(&statements)]);
            let before = begin();
            migrate_runtime::upgrade(&url, &both, "head").await.unwrap();
            // The kernel counts in batches, so that a peak may be a little lower than what was resident.
            let grown = memory("VmHWM").saturating_sub(before);
            migrate_live_tests::downgrade(&url, &both, "warm").await.unwrap();
            assert!(grown < ROWS * 40, "{url}: {id}: {ROWS} rows took {grown} bytes");
        }
    }
}
