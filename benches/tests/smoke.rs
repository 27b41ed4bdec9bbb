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
