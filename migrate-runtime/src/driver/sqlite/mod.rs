//! SQLite.

mod holder;
mod open;
mod pragmas;
mod reading;
mod remedy;
mod send;
mod wait;

use std::collections::BTreeMap;
use std::time::Duration;

use migrate_history::Database;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, SqlitePool};

use self::pragmas::Before;
use self::reading::Unreadable;
pub(crate) use self::remedy::remedy;
use self::send::{bind, texts};
use self::wait::{try_again, unless_locked};
use super::{BETWEEN, Commit, Driver, Envelope, Fault, Kept, OVERTAKEN, Row, Seal, Spent};
use crate::event::{Blocker, Observer};
use crate::journal;
use crate::ledger::Ledger;
use crate::options::Options;
use crate::patience::Patience;
use crate::query::{Query, fails_unless, literal};
use crate::session::Mode;
use crate::{Cause, Error};

/// How long SQLite itself waits in one call.
const BUSY: Duration = Duration::from_millis(250);

/// Fails where the migration's own SQL has ended the transaction, for its savepoint ended with it.
const RELEASE: &str = "RELEASE SAVEPOINT migrate_step";

/// A session.
pub(crate) struct Sqlite<'c> {
    link: Link<'c>,
    lock_wait: Duration,
    /// How long a COMMIT may keep others waiting.
    lock_timeout: Duration,
    /// What a session that writes was before.
    before: Option<Before>,
    in_transaction: bool,
    /// The rows that referenced nothing before a rebuild, counted for each pair of tables; `None` without a rebuild.
    dangling: Option<Dangling>,
    /// What SQLite could not read of its schema before a rebuild.
    unreadable: Unreadable,
}

type Dangling = BTreeMap<(String, String), usize>;

enum Link<'c> {
    Own(Box<SqliteConnection>, Box<SqliteConnectOptions>),
    Pool(Option<PoolConnection<sqlx::Sqlite>>),
    Lent(&'c mut SqliteConnection),
}

impl<'c> Sqlite<'c> {
    /// Opens a connection of our own.
    pub async fn connect(
        options: SqliteConnectOptions,
        mode: Mode,
        settings: &Options,
        observer: &mut Observer<'_>,
    ) -> Result<Sqlite<'c>, Error> {
        let options = options.busy_timeout(BUSY).statement_cache_capacity(0).disable_statement_logging();
        let (connection, options) = open::open(options, mode).await?;
        Sqlite::begin_session(Link::Own(Box::new(connection), Box::new(options)), mode, settings, observer).await
    }

    /// Takes a connection of a pool, for an in-memory database is nowhere else.
    pub async fn acquire(
        pool: &SqlitePool,
        mode: Mode,
        settings: &Options,
        observer: &mut Observer<'_>,
    ) -> Result<Sqlite<'c>, Error> {
        let connection = pool.acquire().await.map_err(|error| connect_error(&error))?;
        Sqlite::begin_session(Link::Pool(Some(connection)), mode, settings, observer).await
    }

    /// Uses a connection that the caller keeps.
    pub async fn lend(
        connection: &'c mut SqliteConnection,
        mode: Mode,
        settings: &Options,
        observer: &mut Observer<'_>,
    ) -> Result<Sqlite<'c>, Error> {
        Sqlite::begin_session(Link::Lent(connection), mode, settings, observer).await
    }

    async fn begin_session(
        link: Link<'c>,
        mode: Mode,
        settings: &Options,
        observer: &mut Observer<'_>,
    ) -> Result<Sqlite<'c>, Error> {
        let (lock_wait, lock_timeout) = (settings.lock_wait, settings.lock_timeout);
        let (before, in_transaction, dangling, unreadable) = (None, false, None, Unreadable::new());
        let mut session = Sqlite { link, lock_wait, lock_timeout, before, in_transaction, dangling, unreadable };
        session.wait_for("SELECT count(*) FROM main.sqlite_schema", observer).await.or_else(unless_locked)?;
        if mode.writes() {
            session.before = Some(session.look().await.map_err(Error::while_doing("look at the session"))?);
        }
        Ok(session)
    }

    fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        match &mut self.link {
            Link::Own(connection, _) => Ok(connection),
            Link::Pool(connection) => connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed),
            Link::Lent(connection) => Ok(connection),
        }
    }

    async fn count_dangling(&mut self) -> Result<Dangling, sqlx::Error> {
        let mut counts = Dangling::new();
        for row in self.texts("SELECT \"table\", parent FROM pragma_foreign_key_check").await? {
            let mut fields = row.into_iter().map(Option::unwrap_or_default);
            let pair = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
            *counts.entry(pair).or_default() += 1;
        }
        Ok(counts)
    }
}

fn connect_error(error: &sqlx::Error) -> Error {
    Error::Connect { database: Database::Sqlite, cause: Box::new(Cause::of(error)) }
}

fn begin_error(error: sqlx::Error) -> Error {
    let nested = error.as_database_error().is_some_and(|error| error.message().contains("within a transaction"));
    if nested { Error::InTransaction } else { Error::while_doing("begin a transaction")(error) }
}

/// `SQLITE_BUSY` and `SQLITE_LOCKED`, with their extended codes (manual, `rescode.html`).
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    let code: Option<u32> = code.and_then(|code| code.parse().ok());
    matches!(code.map(|code| code & 0xff), Some(5 | 6))
}

impl Drop for Sqlite<'_> {
    fn drop(&mut self) {
        if let Link::Pool(connection) = &mut self.link
            && (self.in_transaction || self.before.is_some())
            && let Some(connection) = connection.take()
        {
            drop(connection.detach());
        }
    }
}

impl Driver for Sqlite<'_> {
    const DATABASE: Database = Database::Sqlite;

    fn ledger(&self) -> Ledger {
        Ledger::new(Database::Sqlite, None)
    }

    fn schema(&self) -> Option<String> {
        None
    }

    fn later_schemas(&self) -> Vec<String> {
        Vec::new()
    }

    /// SQLite has no lock that outlives a transaction; every step takes the write lock and looks at the journal again.
    async fn lock(&mut self, _: &Options, _: &mut Observer<'_>) -> Result<(), Error> {
        Ok(())
    }

    async fn begin(&mut self, rebuild: bool, _: usize, observer: &mut Observer<'_>) -> Result<(), Error> {
        self.settle(rebuild).await?;
        // Before it has begun: a future that is dropped in between must not hand an open transaction to the pool.
        self.in_transaction = true;
        let begun = self.begin_immediate(observer).await;
        self.in_transaction = begun.is_ok();
        begun?;
        self.dangling = None;
        if rebuild {
            let dangling = self.count_dangling().await;
            self.dangling = Some(dangling.map_err(Error::while_doing("check the foreign keys"))?);
            self.unreadable = self.unreadable().await.map_err(Error::while_doing("read the schema"))?;
        }
        Ok(())
    }

    async fn seal(&mut self) -> Result<(), Seal> {
        if let Err(error) = self.run(RELEASE).await {
            return Err(if Self::is_failed_check(&error) { Seal::Ended } else { Seal::Failed(error) });
        }
        let Some(before) = self.dangling.take() else { return Ok(()) };
        let after = self.count_dangling().await.map_err(Seal::Failed)?;
        let new = after.iter().filter_map(|(pair, count)| {
            let more = count.checked_sub(before.get(pair).copied().unwrap_or(0)).filter(|more| *more > 0)?;
            Some(format!("{more} of `{}` that reference `{}`", pair.0, pair.1))
        });
        let new: Vec<String> = new.collect();
        if !new.is_empty() {
            return Err(Seal::Dangling(new));
        }
        let was = std::mem::take(&mut self.unreadable);
        let is = self.unreadable().await.map_err(Seal::Failed)?;
        match is.into_iter().find(|(tried, _)| !was.contains_key(tried)) {
            Some((_, broken)) => Err(Seal::Unreadable(broken)),
            None => Ok(()),
        }
    }

    /// A reader holds up the COMMIT, and the waiting COMMIT holds up every new reader. So it waits as long as others may be kept
    /// waiting; the step is then rolled back and tried again.
    async fn commit(&mut self) -> Result<(), Commit> {
        let budget = if self.lock_timeout.is_zero() { self.lock_wait } else { self.lock_timeout };
        let mut patience = Patience::new(budget, Duration::from_millis(10), Duration::from_millis(50));
        loop {
            let result = self.execute("COMMIT").await;
            if try_again(&result, &mut patience).await {
                continue;
            }
            if let Err(error) = result {
                return Err(Commit::Refused(error));
            }
            self.in_transaction = false;
            return Ok(());
        }
    }

    async fn rollback(&mut self) {
        if self.in_transaction
            && let Err(error) = self.run("ROLLBACK").await
        {
            tracing::debug!(target: "migrate", %error, "there was nothing to roll back");
        }
        self.in_transaction = false;
    }

    async fn run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let mut patience = self.patience();
        loop {
            let result = self.execute(sql).await;
            if !try_again(&result, &mut patience).await {
                return result;
            }
        }
    }

    async fn batch(&mut self, statements: &[String]) -> Result<Vec<Vec<Row>>, Fault> {
        self.send(statements, Kept::All).await
    }

    async fn message(&mut self, statements: &[String], wanted: usize) -> Result<Vec<Row>, Fault> {
        let replies = self.send(statements, Kept::Of(wanted)).await?;
        Ok(replies.into_iter().nth(wanted).unwrap_or_default())
    }

    /// The write lock and a reader behind the COMMIT are waited for here, for inside of SQLite nobody could be told.
    fn envelope(&self, position: i64, _: usize) -> Envelope {
        let still = format!("({}) = {position}", journal::last(&self.ledger()));
        let check = fails_unless(Database::Sqlite, &still, OVERTAKEN);
        Envelope { begin: Vec::new(), check, seal: vec![RELEASE.to_owned()] }
    }

    async fn texts(&mut self, sql: &str) -> Result<Vec<Row>, sqlx::Error> {
        let mut patience = self.patience();
        loop {
            let result = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(self.connection()?).await;
            if !try_again(&result, &mut patience).await {
                return result?.iter().map(texts).collect();
            }
        }
    }

    /// A transaction that reads sees the file as it was at its first query.
    async fn snapshot(&mut self, queries: &[String]) -> Result<Vec<Vec<Row>>, Fault> {
        let begin = "BEGIN".to_owned();
        let message: Vec<String> = [begin].into_iter().chain(queries.iter().cloned()).chain(["COMMIT".to_owned()]).collect();
        let mut patience = self.patience();
        loop {
            // Before it has begun: a future that is dropped in between must not hand an open transaction to the pool.
            self.in_transaction = true;
            let mut replies = Vec::with_capacity(message.len());
            let result = self.replies(&message, Kept::All, &mut replies).await;
            if result.is_ok() {
                self.in_transaction = false;
                return Ok(replies.into_iter().skip(1).take(queries.len()).collect());
            }
            self.rollback().await;
            if !try_again(&result, &mut patience).await {
                return match result {
                    Ok(()) => Ok(replies),
                    Err(error) => Err(Fault { at: replies.len().saturating_sub(1), offset: 0, error }),
                };
            }
        }
    }

    async fn rows(&mut self, query: &Query) -> Result<Vec<Row>, sqlx::Error> {
        let mut patience = self.patience();
        loop {
            let bound = query.bind();
            let statement = sqlx::query(AssertSqlSafe(bound.sql)).persistent(false);
            let statement = bound.values.into_iter().fold(statement, bind);
            let result = statement.fetch_all(self.connection()?).await;
            if !try_again(&result, &mut patience).await {
                return result?.iter().map(texts).collect();
            }
        }
    }

    async fn add(&mut self, query: &Query) -> Result<(), sqlx::Error> {
        self.write(query).await.map(drop)
    }

    async fn write(&mut self, query: &Query) -> Result<u64, sqlx::Error> {
        let bound = query.bind();
        let statement = sqlx::query(AssertSqlSafe(bound.sql)).persistent(false);
        let statement = bound.values.into_iter().fold(statement, bind);
        Ok(statement.execute(self.connection()?).await?.rows_affected())
    }

    async fn tables(&mut self, names: &[&str]) -> Result<Vec<String>, sqlx::Error> {
        let names: Vec<String> = names.iter().map(|name| literal(Database::Sqlite, name)).collect();
        // Names differ by more than case.
        let query = format!("SELECT lower(name) FROM main.sqlite_master WHERE lower(name) IN ({})", names.join(", "));
        Ok(self.texts(&query).await?.into_iter().flatten().flatten().collect())
    }

    fn is_failed_check(error: &sqlx::Error) -> bool {
        let message = error.as_database_error().map(|error| error.message()).unwrap_or_default();
        message.contains("integer overflow") || message.contains("no such savepoint")
    }

    fn is_lost(_: &sqlx::Error) -> bool {
        false
    }

    /// SQLite runs in the process.
    fn is_ended(_: &sqlx::Error) -> bool {
        false
    }

    fn is_contention(error: &sqlx::Error) -> bool {
        is_busy(error)
    }

    fn wait_less(&self, _: Spent) -> Option<String> {
        None
    }

    /// Who has the file is known to nobody.
    async fn take_blockers(&mut self) -> Vec<Blocker> {
        Vec::new()
    }

    async fn reconnect(&mut self) -> Result<bool, Error> {
        let Link::Own(connection, options) = &mut self.link else { return Ok(false) };
        **connection = SqliteConnection::connect_with(options).await.map_err(|error| connect_error(&error))?;
        self.in_transaction = false;
        Ok(true)
    }

    fn is_passing(_: &Error) -> bool {
        false
    }

    async fn close(mut self) -> Result<(), Error> {
        self.rollback().await;
        if let Some(before) = self.before.clone() {
            let put = self.put(&before.pragmas, &before.temporary).await;
            put.map_err(Error::while_doing("put back the pragmas of the session"))?;
            self.before = None;
        }
        Ok(())
    }
}
