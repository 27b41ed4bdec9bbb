//! One change, while the clients work.

use std::time::{Duration, Instant};

use migrate_history::History;
use migrate_runtime::Migrator;

use super::client::{Clients, Query, connect};
use super::database::Template;
use super::size::Size;
use crate::Result;

/// How long the clients work before the change, and after it.
const AROUND: Duration = Duration::from_millis(300);

/// Queries so close to a change count as well: what takes a moment would meet none else.
const NEAR: Duration = Duration::from_millis(100);

/// Who changes the table.
#[derive(Clone, Copy)]
pub(super) enum Way<'c> {
    /// A person, with one statement.
    Statement(&'c str),
    /// migrate, with the last migration of a history.
    Migration(&'c History),
}

/// What uses the table in addition to the clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    Nobody,
    /// A transaction that has read it and stays open for a while, as that of a report or a backup does.
    Reader,
}

/// What the clients noticed of a change.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noticed {
    /// The query that took longest.
    pub longest: Duration,
    /// What 99 of 100 queries did not exceed.
    pub p99: Duration,
    /// How long the change took.
    pub change: Duration,
}

/// Makes a change of a copy of the table.
pub(super) async fn run(template: &Template, size: &Size, way: Way<'_>, beside: Beside) -> Result<Noticed> {
    let copy = template.copy().await?;
    let clients = Clients::start(&copy.url, size.clients, size.rows).await?;
    tokio::time::sleep(AROUND).await;
    let reader = match beside {
        Beside::Nobody => None,
        Beside::Reader => Some(read(&copy.url, size.reader).await?),
    };
    let began = Instant::now();
    match way {
        Way::Statement(sql) => connect(&copy.url).await?.batch_execute(sql).await?,
        Way::Migration(history) => {
            Migrator::new(history).lock_timeout(size.lock_timeout).upgrade(&copy.url, "head").await?;
        }
    }
    let ended = Instant::now();
    tokio::time::sleep(AROUND).await;
    let queries = clients.stop().await?;
    if let Some(reader) = reader {
        reader.await??;
    }
    copy.remove().await?;
    noticed(&queries, began, ended)
}

/// Begins a transaction that reads the table, and ends it after a while.
async fn read(url: &str, time: Duration) -> Result<tokio::task::JoinHandle<Result<()>>> {
    let client = connect(url).await?;
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM orders WHERE id < 100").await?;
    Ok(tokio::spawn(async move {
        tokio::time::sleep(time).await;
        Ok(client.batch_execute("COMMIT").await?)
    }))
}

/// What the queries that were under way during the change, or next to it, say.
fn noticed(queries: &[Query], began: Instant, ended: Instant) -> Result<Noticed> {
    let during = queries.iter().filter(|query| query.meets(began - NEAR, ended + NEAR));
    let mut times: Vec<Duration> = during.map(|query| query.took).collect();
    times.sort();
    let longest = times.last().copied().ok_or("no client made a query during a change")?;
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or(longest);
    Ok(Noticed { longest, p99, change: ended - began })
}
