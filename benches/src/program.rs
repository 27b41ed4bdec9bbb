//! What a program weighs: its binary, and its memory while it applies everything.

use std::fs;
use std::path::Path;
use std::process::Command;

use migrate_live_tests::server;

use crate::report::Report;
use crate::{Arguments, Result, compile};

/// How a program applies everything and says how much memory it needed at most.
const OURS: &str = "#[tokio::main(flavor = \"current_thread\")]
async fn main() {
    let url = std::env::args().nth(1).unwrap();
    migrate::upgrade(&url, &migrations::HISTORY, \"head\").await.unwrap();
    println!(\"{}\", std::fs::read_to_string(\"/proc/self/status\").unwrap());
}";

const SQLX: &str = "#[tokio::main(flavor = \"current_thread\")]
async fn main() {
    use sqlx::Connection;
    let url = std::env::args().nth(1).unwrap();
    let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
    MIGRATOR.run_direct(None, &mut connection, false).await.unwrap();
    println!(\"{}\", std::fs::read_to_string(\"/proc/self/status\").unwrap());
}";

/// Binary size and peak memory, by the number of migrations.
pub(crate) async fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let work = "binary and memory";
    if arguments.smoke || !arguments.wants(work) {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let mut rows = Vec::new();
    for (name, is_ours) in [("migrate", true), ("sqlx 0.9", false)] {
        let mut before: Option<(u64, u64)> = None;
        for count in [10, 1000] {
            let place = folder.path().join(format!("{}{count}", if is_ours { "ours" } else { "peer" }));
            match is_ours {
                true => compile::ours(&place, count, OURS)?,
                false => compile::sqlx(&place, count, SQLX)?,
            }
            let (size, memory) = weigh(&place, &folder.path().join("target")).await?;
            let grown = before.map_or_else(String::new, |(size_before, memory_before)| {
                format!("+ {} kB, + {} kB", size.saturating_sub(size_before), memory.saturating_sub(memory_before))
            });
            before = Some((size, memory));
            rows.push(vec![format!("{name}, {count} migrations"), format!("{size} kB"), format!("{memory} kB"), grown]);
        }
    }
    report.effects(work, &["release build, debug symbols stripped", "binary", "peak memory", "for 990 migrations more"], &rows);
    Ok(())
}

/// Builds a program and runs it on an empty database.
async fn weigh(place: &Path, target: &Path) -> Result<(u64, u64)> {
    compile::cargo(place, target, &["build", "--release", "--config", "profile.release.strip=\"debuginfo\""])?;
    let program = target.join("release").join(compile::name(place));
    let size = fs::metadata(&program)?.len() / 1024;
    let output = Command::new(&program).arg(server::postgres().database().await).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let status = String::from_utf8_lossy(&output.stdout).into_owned();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
    Ok((size, peak.ok_or("the kernel does not say how much memory was used")?))
}
