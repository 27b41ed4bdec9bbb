//! The benches build, and every contestant does its work.

use std::process::Command;

#[test]
fn every_bench_runs() {
    let output = Command::new(env!("CARGO_BIN_EXE_migrate-benches")).arg("--smoke").output();
    let output = output.expect("it was built");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout);
    for peer in ["migrate", "sqlx 0.9", "refinery 0.10", "sea-orm-migration 2", "sqlite3"] {
        assert!(said.contains(peer), "{peer} is missing:\n{said}");
    }
}

/// Each change is in the table twice, without and with a reader, with what the statement and the migration did and the verdict.
#[test]
fn nobody_waits_has_its_tables() {
    let output = Command::new(env!("CARGO_BIN_EXE_migrate-benches")).args(["--smoke", "--only", "waits"]).output();
    let output = output.expect("it was built");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout);
    let (_, section) = said.split_once("Nobody waits").unwrap_or_default();
    for change in ["`CREATE INDEX`", "`SET NOT NULL`", "`DROP COLUMN`"] {
        let rows: Vec<&str> = section.lines().filter(|line| line.starts_with(&format!("| {change} "))).collect();
        assert_eq!(rows.len(), 2, "{change}:\n{section}");
        for row in rows {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            assert!(matches!(cells[..], [_, _, _, _, _, _, _, "yes" | "**NO**"]), "{row}");
            assert!(cells[1..7].iter().all(|time| time.ends_with(" ms") || time.ends_with(" s")), "{row}");
        }
    }
}
