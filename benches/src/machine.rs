//! On what it was measured.

use std::process::Command;

/// The machine and the server, in one line.
pub(crate) fn brief() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} cores, {}, with {}", processor(), said("postgres", &["--version"]))
}

/// The machine and the versions, as a list.
pub(crate) fn description() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let lines = [
        format!("{cores} cores, {}", processor()),
        said("rustc", &["--version"]),
        said("psql", &["--version"]),
        format!("SQLite {}", said("sqlite3", &["--version"]).split(' ').next().unwrap_or_default()),
        "sqlx 0.9, refinery 0.10, sea-orm-migration 2.0 (`Cargo.lock` has the rest)".to_owned(),
    ];
    lines.map(|line| format!("- {line}\n")).concat()
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, model)| model.to_owned()));
    model.unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

fn said(program: &str, arguments: &[&str]) -> String {
    let answer = Command::new(program).args(arguments).output();
    answer.map_or_else(|_| format!("{program} is missing"), |answer| String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}
