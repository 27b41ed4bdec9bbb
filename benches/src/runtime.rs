//! What a run needs: on PostgreSQL, far away from it, on SQLite, and where there is nothing to do.

use std::time::{Duration, Instant};

use migrate_live_tests::{server, sqlite};

use crate::contestant::Contestant::{self, Connection, Ours, Refinery, SeaOrm, Shell, Sqlx};
use crate::report::Report;
use crate::sample::Samples;
use crate::{Arguments, Result, delay};

/// What the way adds to a round trip.
const FAR: Duration = Duration::from_millis(5);

/// Where the database is.
#[derive(Clone, Copy)]
enum Place {
    Near,
    Far,
}

/// Every work at run time.
pub(crate) async fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let (many, some) = (arguments.count(1000), arguments.count(100));
    let everyone = [Ours, Sqlx, Refinery, SeaOrm];
    let with_shell = [Ours, Sqlx, Refinery, SeaOrm, Shell];
    let with_connection = [Ours, Sqlx, Refinery, SeaOrm, Connection];
    fresh(arguments, report, &format!("{many} migrations on PostgreSQL"), Place::Near, &with_shell, many).await?;
    fresh(arguments, report, &format!("{some} migrations on PostgreSQL, 5 ms away"), Place::Far, &everyone, some).await?;
    known(arguments, report, &format!("nothing to do, {many} known"), Place::Near, &with_connection, many).await?;
    known(arguments, report, &format!("nothing to do, {many} known, 5 ms away"), Place::Far, &with_connection, many).await?;
    on_sqlite(arguments, report, &format!("{many} migrations on a SQLite file"), &[Ours, Sqlx, Shell], many).await
}

/// The same URL, or one that leads there more slowly.
fn place(url: &str, place: Place) -> Result<String> {
    let port = server::postgres().port();
    Ok(match place {
        Place::Near => url.to_owned(),
        Place::Far => url.replace(&format!(":{port}/"), &format!(":{}/", delay::start(port, FAR)?)),
    })
}

/// Everyone migrates empty databases.
async fn fresh(
    arguments: &Arguments,
    report: &mut Report,
    work: &str,
    at: Place,
    contestants: &[Contestant],
    count: usize,
) -> Result<()> {
    if !arguments.wants(work) {
        return Ok(());
    }
    let mut all = table(contestants, count);
    for _ in 0..arguments.rounds() {
        for (contestant, samples) in &mut all {
            let url = place(&server::postgres().database().await, at)?;
            samples.add(timed(*contestant, &url, count).await?);
        }
    }
    report.durations(work, &named(all));
    Ok(())
}

/// Everyone has a database of their own that is up to date already.
async fn known(
    arguments: &Arguments,
    report: &mut Report,
    work: &str,
    at: Place,
    contestants: &[Contestant],
    count: usize,
) -> Result<()> {
    if !arguments.wants(work) {
        return Ok(());
    }
    let mut all = table(contestants, count);
    let mut urls = Vec::new();
    for contestant in contestants {
        let url = server::postgres().database().await;
        contestant.migrate(&url, count).await?;
        urls.push(place(&url, at)?);
    }
    for _ in 0..arguments.rounds() * 4 {
        for ((contestant, samples), url) in all.iter_mut().zip(&urls) {
            samples.add(timed(*contestant, url, count).await?);
        }
    }
    report.durations(work, &named(all));
    Ok(())
}

async fn on_sqlite(
    arguments: &Arguments,
    report: &mut Report,
    work: &str,
    contestants: &[Contestant],
    count: usize,
) -> Result<()> {
    if !arguments.wants(work) {
        return Ok(());
    }
    let mut all = table(contestants, count);
    for _ in 0..arguments.rounds() {
        for (contestant, samples) in &mut all {
            let file = sqlite::file();
            samples.add(timed(*contestant, &file.url(), count).await?);
        }
    }
    report.durations(work, &named(all));
    Ok(())
}

fn table(contestants: &[Contestant], count: usize) -> Vec<(Contestant, Samples)> {
    contestants.iter().for_each(|contestant| contestant.prepare(count));
    contestants.iter().map(|contestant| (*contestant, Samples::default())).collect()
}

fn named(all: Vec<(Contestant, Samples)>) -> Vec<(String, Samples)> {
    all.into_iter().map(|(contestant, samples)| (contestant.name().to_owned(), samples)).collect()
}

async fn timed(contestant: Contestant, url: &str, count: usize) -> Result<Duration> {
    let started = Instant::now();
    contestant.migrate(url, count).await.map_err(|error| format!("{}: {error}", contestant.name()))?;
    Ok(started.elapsed())
}
