//! What the executor asks of a session.

use std::time::Duration;

use migrate_history::{Database, DatabasePlace, Rebuild, Touched};
use sqlx::AssertSqlSafe;

use super::leased::is_lease_lost;
use super::lock::Taking;
use super::send::{as_texts, bind};
use super::session::{PostgresSession, Sharing};
use super::texts::{names, there};
use super::timeout::LockTimeout;
use super::watch;
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
use crate::settings::postgres::BEGIN;
use crate::sql::{self, LedgerDialect as _, Query, quote};

impl Driver for PostgresSession<'_> {
    const DATABASE: Database = Database::Postgres;

    fn ledger(&self) -> Ledger {
        Ledger::new(Database::Postgres, Some(quote(&self.schema)))
    }

    fn version_number(&mut self) -> Option<u32> {
        self.link.connection().server_version_num()
    }

    /// Of a connection that the caller has opened only he knows the host.
    async fn place(&mut self) -> Result<DatabasePlace, sqlx::Error> {
        let rows = self.texts("SELECT pg_catalog.current_database()").await?;
        let options = self.link.options();
        let asked = options.as_ref().and_then(|options| options.get_database()).map(str::to_owned);
        let databases = rows.into_iter().flatten().flatten().chain(asked).collect();
        let host = options.map(|options| match options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => options.get_host().to_owned(),
        });
        Ok(DatabasePlace { host, databases })
    }

    fn schema(&self) -> Option<String> {
        Some(self.schema.clone())
    }

    fn later_schemas(&self) -> Vec<String> {
        self.later_schemas.clone()
    }

    /// Never waits inside the server: a blocked `pg_advisory_lock` holds a snapshot, for which a concurrent index build of
    /// the other runner waits, for ever.
    async fn lock(&mut self, options: &Options, observer: &mut Observer<'_>) -> Result<(), Error> {
        if self.locked {
            return Ok(());
        }
        let mut backoff = Backoff::for_lock(options.lock_wait);
        let mut tell_at = Duration::from_secs(1);
        loop {
            let holder = match self.try_lock().await? {
                Taking::Taken => return Ok(()),
                Taking::Refused(holder) => holder,
            };
            let elapsed = backoff.elapsed();
            if elapsed >= tell_at {
                tell_at = elapsed + Duration::from_secs(10);
                observer.tell(Event::Waiting { elapsed, left: backoff.left(), holder: holder.clone() });
            }
            match backoff.pause() {
                Some(pause) => options.stop.pause(pause).await?,
                None => return Err(Error::LockWait { waited: backoff.elapsed(), holder }),
            }
        }
    }

    async fn begin(&mut self, _: Rebuild, statements: usize, observer: &mut Observer<'_>) -> Result<(), Error> {
        if self.lease.is_some() {
            return self.begin_leased(statements, observer).await;
        }
        let open = [BEGIN.to_owned(), format!("{}, {}", self.open(statements), self.same_session())];
        match self.batch(&open).await {
            Ok(_) => {
                self.in_transaction = true;
                Ok(())
            }
            Err(failed) if Self::is_failed_check(&failed.error) => Err(Error::Pooler),
            Err(failed) => Err(Error::while_doing("begin a transaction")(failed.error)),
        }
    }

    async fn seal(&mut self) -> Result<(), SealError> {
        match self.batch(&self.sealed()).await {
            Ok(_) => Ok(()),
            Err(failed) if failed.at == 0 && Self::is_failed_check(&failed.error) => Err(SealError::Ended),
            Err(failed) => Err(SealError::Failed(failed.error)),
        }
    }

    async fn commit(&mut self) -> Result<(), CommitError> {
        let kind = |error| if Self::is_lost(&error) { CommitError::Lost(error) } else { CommitError::Refused(error) };
        if let Some(lease) = self.lease.clone() {
            let result = self.commit_leased(&lease).await.map_err(|failed| kind(failed.error));
            self.count_none().await;
            return result;
        }
        let result = self.execute("COMMIT").await;
        self.in_transaction = false;
        self.count_none().await;
        result.map_err(kind)
    }

    async fn rollback(&mut self) {
        if std::mem::take(&mut self.in_transaction)
            && let Err(error) = self.execute("ROLLBACK").await
        {
            tracing::debug!(target: "migrate", %error, "the rollback was left to the end of the session");
        }
        self.count_none().await;
        self.forget_process();
    }

    async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let PostgresSession { link, watch, pid, .. } = self;
        let work = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(link.connection());
        watch.beside(pid, work).await.map(drop)
    }

    async fn call(&mut self, call: Call<'_>, tell: &mut (dyn FnMut(Event) + Send)) -> Result<Option<String>, CallError> {
        self.call_function(call, tell).await
    }

    async fn batch(&mut self, statements: &[String]) -> Result<Vec<Vec<Row>>, MessageError> {
        if self.purpose.writes() { self.send(statements, Kept::All).await } else { self.read(statements).await }
    }

    async fn message(&mut self, statements: &[String], wanted: usize) -> Result<Vec<Row>, MessageError> {
        let replies = self.send(statements, Kept::Of(wanted)).await?;
        Ok(replies.into_iter().nth(wanted).unwrap_or_default())
    }

    fn envelope(&self, position: i64, statements: usize) -> Envelope {
        let still = format!("({}) = {position}", journal::last(&self.ledger()));
        if self.lease.is_some() {
            let check = sql::PostgresDialect.fails_unless(&still, OVERTAKEN);
            return Envelope { begin: Vec::new(), check, seal: self.sealed() };
        }
        Envelope {
            // Before the check, for it waits for a lock too.
            begin: vec![BEGIN.to_owned(), self.open(statements)],
            check: format!("{}, {}", sql::PostgresDialect.fails_unless(&still, OVERTAKEN), self.same_session()),
            seal: self.sealed(),
        }
    }

    async fn texts(&mut self, sql: &str) -> Result<Vec<Row>, sqlx::Error> {
        if !self.purpose.writes() {
            return self
                .read(&[sql.to_owned()])
                .await
                .map(|replies| replies.into_iter().flatten().collect())
                .map_err(|failed| failed.error);
        }
        if self.sharing == Sharing::Shared && !self.in_transaction {
            return self.texts_alone(sql).await;
        }
        let PostgresSession { link, watch, pid, .. } = self;
        let rows = watch.beside(pid, sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(link.connection())).await?;
        rows.iter().map(as_texts).collect()
    }

    /// What the server resolves a name to does not follow the snapshot, so a table must have been there before.
    async fn snapshot(&mut self, queries: &[String]) -> Result<Vec<Vec<Row>>, MessageError> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY, NOT DEFERRABLE".to_owned();
        let settings = self.begin_with_settings().into_iter().skip(1);
        let begin: Vec<String> = [begin].into_iter().chain(settings).chain([self.wait()]).collect();
        let around = begin.len();
        let message: Vec<String> = begin.into_iter().chain(queries.iter().cloned()).chain(["COMMIT".to_owned()]).collect();
        match self.send(&message, Kept::All).await {
            Ok(replies) => Ok(replies.into_iter().skip(around).take(queries.len()).collect()),
            Err(failed) => {
                self.rollback().await;
                Err(MessageError { at: failed.at.saturating_sub(around), ..failed })
            }
        }
    }

    async fn ask(&mut self, query: &str, limit: Duration) -> Result<Vec<Row>, Unanswered> {
        self.ask_beside(query, limit).await
    }

    async fn estimate(&mut self, query: &str, limit: Duration) -> Option<u64> {
        self.expected_rows(query, limit).await
    }

    async fn size(&mut self, touched: &Touched, limit: Duration) -> Size {
        self.size_of(touched, limit).await
    }

    async fn strain(&mut self) -> Strain {
        self.strain_now().await
    }

    /// Who waits for a row is next when the batch is committed.
    fn gap(&self, _: Duration) -> Duration {
        Duration::ZERO
    }

    async fn rows(&mut self, query: &Query) -> Result<Vec<Row>, sqlx::Error> {
        if !self.purpose.writes() || (self.sharing == Sharing::Shared && !self.in_transaction) {
            return self.texts(&query.write_out(&sql::PostgresDialect)).await;
        }
        let bound = query.bind();
        let mut statement = sqlx::query(AssertSqlSafe(bound.sql)).persistent(false);
        for value in bound.values {
            statement = bind(statement, value);
        }
        let PostgresSession { link, watch, pid, .. } = self;
        let rows = watch.beside(pid, statement.fetch_all(link.connection())).await?;
        rows.iter().map(as_texts).collect()
    }

    async fn write(&mut self, query: &Query) -> Result<u64, sqlx::Error> {
        let bound = query.bind();
        let mut statement = sqlx::query(AssertSqlSafe(bound.sql)).persistent(false);
        for value in bound.values {
            statement = bind(statement, value);
        }
        let PostgresSession { link, watch, pid, .. } = self;
        Ok(watch.beside(pid, statement.execute(link.connection())).await?.rows_affected())
    }

    async fn add(&mut self, query: &Query) -> Result<(), sqlx::Error> {
        let begin = self.begin_with_settings().into_iter().chain([self.wait()]);
        let check = self.lease.as_ref().map(|lease| lease.check(&self.schema));
        let add = check.into_iter().chain([query.write_out(&sql::PostgresDialect), "COMMIT".to_owned()]);
        let message: Vec<String> = begin.chain(add).collect();
        if let Err(failed) = self.send(&message, Kept::All).await {
            self.rollback().await;
            return Err(failed.error);
        }
        Ok(())
    }

    async fn tables(&mut self, wanted: &[&str]) -> Result<Vec<String>, sqlx::Error> {
        if let Some(tables) = self.tables.take() {
            return Ok(tables);
        }
        let schema = sql::PostgresDialect.literal(&self.schema);
        let found = self.texts(&format!("SELECT {}", there(wanted, &schema))).await?;
        Ok(names(found.into_iter().flatten().flatten().next()))
    }

    /// `invalid_text_representation`: a statement of SQL cannot fail otherwise than by an error, so ours cast a word to a number.
    fn is_failed_check(error: &sqlx::Error) -> bool {
        error.as_database_error().and_then(|error| error.code()).as_deref() == Some("22P02")
    }

    fn is_fenced(error: &sqlx::Error) -> bool {
        Self::is_failed_check(error) && is_lease_lost(error)
    }

    fn is_shared(&self) -> bool {
        self.sharing == Sharing::Shared
    }

    /// Everything but the server's own word: a broken connection, or what a pooler says of one (class 08).
    fn is_lost(error: &sqlx::Error) -> bool {
        match error.as_database_error().and_then(|error| error.code()) {
            Some(code) => code.starts_with("08"),
            None => true,
        }
    }

    /// `admin_shutdown`, `crash_shutdown` and `cannot_connect_now` (manual, appendix A).
    fn is_ended(error: &sqlx::Error) -> bool {
        let code = error.as_database_error().and_then(|error| error.code());
        matches!(code.as_deref(), Some("57P01" | "57P02" | "57P03"))
    }

    /// `lock_not_available`, `deadlock_detected` and `serialization_failure` (manual, appendix A).
    fn is_contention(error: &sqlx::Error) -> bool {
        let code = error.as_database_error().and_then(|error| error.code());
        matches!(code.as_deref(), Some("55P03" | "40P01" | "40001"))
    }

    fn is_cancelled(error: &sqlx::Error) -> bool {
        watch::is_cancelled(error)
    }

    fn wait_less(&self, spent: Spent) -> Option<String> {
        self.lock_timeout.next(spent)
    }

    fn around_alone(&self) -> [Vec<String>; 2] {
        if self.sharing == Sharing::Shared {
            return [Vec::new(), Vec::new()];
        }
        [vec![format!("SELECT {}", LockTimeout::NONE_OF_SESSION)], self.again().into_iter().collect()]
    }

    async fn take_blockers(&mut self) -> Vec<Blocker> {
        self.watch.take_blockers().await
    }

    async fn reconnect(&mut self) -> Result<bool, Error> {
        if !self.link.open_again().await? {
            return Ok(false);
        }
        (self.locked, self.in_transaction) = (false, false);
        self.prepare().await?;
        Ok(true)
    }

    /// The server does not listen yet, or does not accept connections yet.
    fn is_passing(error: &Error) -> bool {
        if let Error::Connect { cause, .. } | Error::Database { cause, .. } = error {
            let code = cause.code.as_deref();
            return code.is_none_or(|code| code.starts_with("08") || code.starts_with("57P") || code == "53300");
        }
        // Who takes over from a primary is a standby until then.
        matches!(error, Error::Standby)
    }

    async fn close(mut self) -> Result<(), Error> {
        self.rollback().await;
        let unlocked = self.unlock().await;
        let put_back = self.put_back().await;
        self.watch.close().await;
        self.link.close().await;
        put_back.and(unlocked)
    }
}
