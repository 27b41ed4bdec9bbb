//! Rows in a second: a backfill in batches, compared with one `UPDATE` of the whole table.

use std::time::{Duration, Instant};

use migrate_history::{Database, History};
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use migrate_runtime::{Migrator, upgrade};

use crate::report::Report;
use crate::sample::Samples;
use crate::{Arguments, Result};

/// The table before it.
const ORIGIN: &str = "create table events { id: bigint primary key, note: text, visits: integer }";

/// What is measured.
const CHANGE: &str = r#"backfill events set visits = visits + 1 undo nothing "a bench";"#;

/// The same at once.
const UPDATE: &str = "UPDATE events SET visits = visits + 1";

/// The least part of the speed of one statement that a backfill must have.
const GOAL: f64 = 0.5;

/// How a table is filled.
#[derive(Clone, Copy)]
enum Way {
    Update,
    Backfill,
}

/// Tables of several sizes on both databases.
pub(crate) async fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let work = "a backfill beside one UPDATE of the whole table";
    if !arguments.wants(work) {
        return Ok(());
    }
    let sizes: &[u64] = match (arguments.smoke, arguments.long) {
        (true, _) => &[3_000],
        (false, false) => &[10_000, 1_000_000],
        (false, true) => &[10_000, 1_000_000, 10_000_000],
    };
    let mut rows = Vec::new();
    for database in Database::ALL {
        for size in sizes {
            rows.push(measured(arguments, report, *database, *size).await?);
        }
    }
    report.effects(work, &["", "one `UPDATE`", "`backfill`", "part of its speed"], &rows);
    Ok(())
}

/// A row of the table.
async fn measured(arguments: &Arguments, report: &mut Report, database: Database, size: u64) -> Result<Vec<String>> {
    let history = history(database);
    let (mut update, mut backfill) = (Samples::default(), Samples::default());
    // The largest tables take minutes to be made.
    for _ in 0..if size > 1_000_000 { 1 } else { arguments.rounds() } {
        update.add(timed(&history, database, size, Way::Update).await?);
        backfill.add(timed(&history, database, size, Way::Backfill).await?);
    }
    let speed = |samples: &Samples| size as f64 * 1000.0 / samples.median().max(f64::MIN_POSITIVE);
    let part = speed(&backfill) / speed(&update).max(f64::MIN_POSITIVE);
    let name = format!("{size} rows on {database}");
    if part < GOAL {
        report.missed(format!("{name}: a backfill has {part:.2} of the speed of one UPDATE"));
    }
    let spoken = |samples: &Samples| format!("{:.0} rows/s ({:.2} s)", speed(samples), samples.median() / 1000.0);
    Ok(vec![name, spoken(&update), spoken(&backfill), format!("{part:.2}")])
}

fn history(database: Database) -> History {
    compiled::drafts("backfill", database, vec![("origin", written::draft(ORIGIN)), ("change", written::draft(CHANGE))])
}

/// A table of its own, with so many rows.
async fn timed(history: &History, database: Database, size: u64, way: Way) -> Result<Duration> {
    let file = sqlite::file();
    let url = match database {
        Database::Postgres => server::postgres().database().await,
        Database::Sqlite => file.url(),
    };
    upgrade(&url, history, "origin").await?;
    match database {
        Database::Postgres => {
            shell::run(&url, &format!("INSERT INTO events SELECT n, 'note ' || n, 0 FROM generate_series(1, {size}) AS n")).await;
            shell::run(&url, "VACUUM ANALYZE events").await;
            shell::run(&url, "CHECKPOINT").await;
        }
        Database::Sqlite => {
            let numbers = format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size})");
            shell::run(&url, &format!("{numbers} INSERT INTO events SELECT i, 'note ' || i, 0 FROM n")).await;
        }
    }
    let started = Instant::now();
    match way {
        Way::Update => shell::run(&url, UPDATE).await,
        Way::Backfill => drop(Migrator::new(history).upgrade(&url, "head").await?),
    }
    let duration = started.elapsed();
    let others = shell::ask(&url, "SELECT CAST(count(*) AS text) FROM events WHERE visits <> 1").await;
    if others == ["0"] { Ok(duration) } else { Err(format!("{others:?} rows were not changed once").into()) }
}
