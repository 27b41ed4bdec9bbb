//! What the executor asks of a session.

use std::time::Duration;

use migrate_history::{Database, DatabasePlace, Rebuild, Touched};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use super::error::{connect_error, is_busy};
use super::retry::try_again;
use super::send::{bind, texts};
use super::session::{RELEASE, SqliteLink, SqliteSession};
use crate::Error;
use crate::backoff::Backoff;
use crate::driver::{
    CommitError, Driver, Envelope, Kept, MessageError, OVERTAKEN, Row, SealError, Size, Spent, Strain, Unanswered,
};
use crate::event::{Blocker, Event};
use crate::journal;
use crate::ledger::Ledger;
use crate::observer::Observer;
use crate::options::Options;
use crate::program::{Call, CallError};
use crate::sql::{self, LedgerDialect as _, Query};

impl Driver for SqliteSession<'_> {
    const DATABASE: Database = Database::Sqlite;

    fn ledger(&self) -> Ledger {
        Ledger::new(Database::Sqlite, None)
    }

    fn version_number(&mut self) -> Option<u32> {
        None
    }

    /// SQLite has the absolute path of the file, links followed; of a database in memory there is none.
    async fn place(&mut self) -> Result<DatabasePlace, sqlx::Error> {
        let rows = self.texts("SELECT file FROM pragma_database_list WHERE name = 'main'").await?;
        let file = rows.into_iter().flatten().flatten().next().unwrap_or_default();
        Ok(DatabasePlace { host: Some(String::new()), databases: vec![file] })
    }

    fn schema(&self) -> Option<String> {
        None
    }

    fn later_schemas(&self) -> Vec<String> {
        Vec::new()
    }

    /// SQLite has no lock that outlives a transaction; every step takes the write lock and reads the journal again.
    async fn lock(&mut self, _: &Options, _: &mut Observer<'_>) -> Result<(), Error> {
        Ok(())
    }

    async fn begin(&mut self, rebuild: Rebuild, _: usize, observer: &mut Observer<'_>) -> Result<(), Error> {
        self.settle(rebuild).await?;
        // Before it has begun: a future that is dropped in between must not hand an open transaction to the pool.
        self.in_transaction = true;
        let begun = self.begin_immediate(observer).await;
        self.in_transaction = begun.is_ok();
        begun?;
        self.dangling = None;
        if rebuild == Rebuild::Tables {
            let dangling = self.count_dangling().await;
            self.dangling = Some(dangling.map_err(Error::while_doing("check the foreign keys"))?);
            self.unreadable = self.unreadable().await.map_err(Error::while_doing("read the schema"))?;
        }
        Ok(())
    }

    async fn seal(&mut self) -> Result<(), SealError> {
        if let Err(error) = self.execute(RELEASE).await {
            return Err(if Self::is_failed_check(&error) { SealError::Ended } else { SealError::Failed(error) });
        }
        let Some(before) = self.dangling.take() else { return Ok(()) };
        let after = self.count_dangling().await.map_err(SealError::Failed)?;
        let new = after.iter().filter_map(|(pair, count)| {
            let more = count.checked_sub(before.get(pair).copied().unwrap_or(0)).filter(|more| *more > 0)?;
            Some(format!("{more} of `{}` that reference `{}`", pair.0, pair.1))
        });
        let new: Vec<String> = new.collect();
        if !new.is_empty() {
            return Err(SealError::Dangling(new));
        }
        let was = std::mem::take(&mut self.unreadable);
        let is = self.unreadable().await.map_err(SealError::Failed)?;
        match is.into_iter().find(|(tried, _)| !was.contains_key(tried)) {
            Some((_, broken)) => Err(SealError::Unreadable(broken)),
            None => Ok(()),
        }
    }

    /// A reader holds up the COMMIT, and the waiting COMMIT holds up every new reader. So it waits as long as others may be kept
    /// waiting; the step is then rolled back and tried again.
    async fn commit(&mut self) -> Result<(), CommitError> {
        let budget = if self.lock_timeout.is_zero() { self.lock_wait } else { self.lock_timeout };
        let mut backoff = Backoff::new(budget, Duration::from_millis(10), Duration::from_millis(50));
        loop {
            let result = self.execute_once("COMMIT").await;
            // The step is done but for this, so only a stop at once gives it up.
            if try_again(&result, &mut backoff, &self.stop.only_at_once()).await {
                continue;
            }
            if let Err(error) = result {
                return Err(CommitError::Refused(error));
            }
            self.in_transaction = false;
            self.count_none().await;
            return Ok(());
        }
    }

    async fn rollback(&mut self) {
        self.forbid_interrupts();
        if self.in_transaction
            && let Err(error) = self.execute("ROLLBACK").await
        {
            tracing::debug!(target: "migrate", %error, "there was nothing to roll back");
        }
        self.in_transaction = false;
        self.count_none().await;
        self.permit_interrupts();
    }

    async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let mut backoff = self.backoff();
        loop {
            let result = self.execute_once(sql).await;
            if !try_again(&result, &mut backoff, &self.stop).await {
                return result;
            }
        }
    }

    async fn call(&mut self, call: Call<'_>, tell: &mut (dyn FnMut(Event) + Send)) -> Result<Option<String>, CallError> {
        self.call_function(call, tell).await
    }

    async fn batch(&mut self, statements: &[String]) -> Result<Vec<Vec<Row>>, MessageError> {
        self.send(statements, Kept::All).await
    }

    async fn message(&mut self, statements: &[String], wanted: usize) -> Result<Vec<Row>, MessageError> {
        let replies = self.send(statements, Kept::Of(wanted)).await?;
        Ok(replies.into_iter().nth(wanted).unwrap_or_default())
    }

    /// The write lock and a reader that blocks the COMMIT are waited for here: inside of SQLite no event could be sent.
    fn envelope(&self, position: i64, _: usize) -> Envelope {
        let still = format!("({}) = {position}", journal::last(&self.ledger()));
        let check = sql::SqliteDialect.fails_unless(&still, OVERTAKEN);
        Envelope { begin: Vec::new(), check, seal: vec![RELEASE.to_owned()] }
    }

    async fn texts(&mut self, sql: &str) -> Result<Vec<Row>, sqlx::Error> {
        let mut backoff = self.backoff();
        loop {
            let result = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(self.connection()?).await;
            if !try_again(&result, &mut backoff, &self.stop).await {
                return result?.iter().map(texts).collect();
            }
        }
    }

    /// A transaction that reads sees the file as it was at its first query.
    async fn snapshot(&mut self, queries: &[String]) -> Result<Vec<Vec<Row>>, MessageError> {
        let begin = "BEGIN".to_owned();
        let message: Vec<String> = [begin].into_iter().chain(queries.iter().cloned()).chain(["COMMIT".to_owned()]).collect();
        let mut backoff = self.backoff();
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
            if !try_again(&result, &mut backoff, &self.stop).await {
                return match result {
                    Ok(()) => Ok(replies),
                    Err(error) => Err(MessageError { at: replies.len().saturating_sub(1), offset: 0, error }),
                };
            }
        }
    }

    async fn ask(&mut self, query: &str, limit: Duration) -> Result<Vec<Row>, Unanswered> {
        self.ask_beside(query, limit).await
    }

    /// SQLite keeps no number of rows.
    async fn estimate(&mut self, _: &str, _: Duration) -> Option<u64> {
        None
    }

    async fn size(&mut self, touched: &Touched, limit: Duration) -> Size {
        self.size_of(touched, limit).await
    }

    async fn strain(&mut self) -> Strain {
        Strain::default()
    }

    /// Who waits for the file asks again and again, with pauses that grow to a twentieth of a second in the first fifth of a second and to a
    /// tenth after that (`sqliteDefaultBusyCallback`): after a batch of the usual length, a quarter of it is time enough for one to be in it.
    fn gap(&self, batch: Duration) -> Duration {
        batch / 4
    }

    async fn rows(&mut self, query: &Query) -> Result<Vec<Row>, sqlx::Error> {
        let mut backoff = self.backoff();
        loop {
            let bound = query.bind();
            let statement = sqlx::query(AssertSqlSafe(bound.sql)).persistent(false);
            let statement = bound.values.into_iter().fold(statement, bind);
            let result = statement.fetch_all(self.connection()?).await;
            if !try_again(&result, &mut backoff, &self.stop).await {
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
        let names: Vec<String> = names.iter().map(|name| sql::SqliteDialect.literal(name)).collect();
        // Names differ by more than case.
        let query = format!("SELECT lower(name) FROM main.sqlite_master WHERE lower(name) IN ({})", names.join(", "));
        Ok(self.texts(&query).await?.into_iter().flatten().flatten().collect())
    }

    fn is_failed_check(error: &sqlx::Error) -> bool {
        let message = error.as_database_error().map(|error| error.message()).unwrap_or_default();
        message.contains("integer overflow") || message.contains("no such savepoint")
    }

    /// Its lock is that of the file.
    fn is_fenced(_: &sqlx::Error) -> bool {
        false
    }

    fn is_shared(&self) -> bool {
        false
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

    /// `SQLITE_INTERRUPT` (manual, "Result and Error Codes").
    fn is_cancelled(error: &sqlx::Error) -> bool {
        error.as_database_error().and_then(|error| error.code()).as_deref() == Some("9")
    }

    fn wait_less(&self, _: Spent) -> Option<String> {
        None
    }

    /// It waits for the one lock by the session's own setting.
    fn around_alone(&self) -> [Vec<String>; 2] {
        [Vec::new(), Vec::new()]
    }

    /// Which process has the file is unknown.
    async fn take_blockers(&mut self) -> Vec<Blocker> {
        Vec::new()
    }

    async fn reconnect(&mut self) -> Result<bool, Error> {
        let SqliteLink::Own(connection, options) = &mut self.link else { return Ok(false) };
        **connection = SqliteConnection::connect_with(options).await.map_err(connect_error)?;
        self.in_transaction = false;
        self.allow_interrupts().await.map_err(connect_error)?;
        Ok(true)
    }

    fn is_passing(_: &Error) -> bool {
        false
    }

    async fn close(mut self) -> Result<(), Error> {
        self.rollback().await;
        self.end_interrupts().await;
        if let Some(before) = self.before.clone() {
            let put = self.put(&before.pragmas, &before.temporary).await;
            put.map_err(Error::while_doing("restore the pragmas of the session"))?;
            self.before = None;
        }
        Ok(())
    }
}
