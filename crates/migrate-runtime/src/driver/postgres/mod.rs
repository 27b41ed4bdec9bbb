//! PostgreSQL.

mod link;
mod message;
mod session;
mod texts;

use std::time::Duration;

use futures_util::TryStreamExt;
use migrate_model::history::Database;
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, Either, PgConnection, PgPool, Row as _};

use self::link::Link;
use self::message::fault;
use self::texts::{HELD, key, names, there};
use super::{ANOTHER_SESSION, BETWEEN, Commit, Driver, Envelope, Fault, Kept, OVERTAKEN, Row, Seal};
use crate::Error;
use crate::event::{Event, Holder, Observer};
use crate::journal;
use crate::ledger::Ledger;
use crate::options::Options;
use crate::patience::Patience;
use crate::query::{Query, Value, fails_unless, literal, quote};
use crate::session::Mode;
use crate::settings::postgres::{BEGIN, Origin, Setting};

/// A session.
pub(crate) struct Postgres<'c> {
    link: Link<'c>,
    mode: Mode,
    schema: String,
    /// The later schemas of the search path that have a ledger.
    later_schemas: Vec<String>,
    /// What the session was when it was found.
    origin: Origin,
    /// Those of our settings that the server has.
    settings: Vec<Setting>,
    /// Whether it may have been put to our settings.
    settled: bool,
    /// The server's process: behind a pooler in transaction mode the next transaction may be in another one.
    pid: String,
    /// Which tables of a ledger the look at the session found; asked again later.
    tables: Option<Vec<String>>,
    locked: bool,
    in_transaction: bool,
}

impl<'c> Postgres<'c> {
    /// Opens a connection of our own.
    pub async fn connect(options: PgConnectOptions, mode: Mode) -> Result<Postgres<'c>, Error> {
        Postgres::begin_session(Link::connect(options).await?, mode).await
    }

    /// Opens a connection of our own that a pool has prepared for its application.
    pub async fn prepared(pool: &PgPool, mode: Mode) -> Result<Postgres<'c>, Error> {
        Postgres::begin_session(Link::prepared(pool).await?, mode).await
    }

    /// Uses a connection that the caller keeps.
    pub async fn lend(connection: &'c mut PgConnection, mode: Mode) -> Result<Postgres<'c>, Error> {
        Postgres::begin_session(Link::Lent(connection), mode).await
    }

    async fn begin_session(link: Link<'c>, mode: Mode) -> Result<Postgres<'c>, Error> {
        let (user, role, search_path, before) = Default::default();
        let origin = Origin { user, role, search_path, set: before };
        let (schema, pid, tables, settings) = (String::new(), String::new(), None, Vec::new());
        let (settled, locked, in_transaction) = (false, false, false);
        let later_schemas = Vec::new();
        let mut session =
            Postgres { link, mode, schema, later_schemas, origin, settings, settled, pid, tables, locked, in_transaction };
        match session.prepare().await {
            Ok(()) => Ok(session),
            Err(error) => {
                session
                    .put_back()
                    .await
                    .unwrap_or_else(|error| tracing::debug!(target: "migrate", %error, "nothing was put back"));
                Err(error)
            }
        }
    }

    /// Sets what holds for one transaction.
    fn open(&self, options: &Options) -> String {
        let timeout = options.lock_timeout.as_millis();
        format!("pg_catalog.set_config('lock_timeout', '{timeout}', true), pg_catalog.set_config('migrate.step', '1', true)")
    }

    /// Fails in another session than the one that holds the lock.
    fn same_session(&self) -> String {
        let pid = &self.pid;
        format!("CAST(CASE WHEN pg_catalog.pg_backend_pid()::text = '{pid}' THEN '0' ELSE '{ANOTHER_SESSION}' END AS bigint)")
    }

    /// Fails where the transaction of [`Postgres::open`] has ended, for its setting ended with it; then makes the session ours again.
    fn sealed(&self) -> Vec<String> {
        let same = "SELECT CAST(pg_catalog.current_setting('migrate.step', true) AS bigint)";
        std::iter::once(same.to_owned()).chain(self.again()).collect()
    }

    /// One message: the server runs its statements in order and stops at the first that fails. What it answered until then
    /// says which one that is, and so does the position of a mistake that it finds before it runs any.
    async fn send(&mut self, statements: &[String], kept: Kept) -> Result<Vec<Vec<Row>>, Fault> {
        // Of one that fails in the middle a transaction may be left.
        let was_in_transaction = std::mem::replace(&mut self.in_transaction, true);
        let message = statements.join(BETWEEN);
        let mut replies = Vec::with_capacity(statements.len());
        let mut rows = Vec::new();
        let mut stream = sqlx::raw_sql(AssertSqlSafe(message)).fetch_many(self.link.connection());
        loop {
            match stream.try_next().await {
                Ok(Some(Either::Left(_))) => replies.push(std::mem::take(&mut rows)),
                Ok(Some(Either::Right(_))) if !kept.has(replies.len()) => {}
                Ok(Some(Either::Right(row))) => match as_texts(&row) {
                    Ok(row) => rows.push(row),
                    Err(error) => return Err(Fault { at: replies.len(), offset: 0, error }),
                },
                Ok(None) => break,
                Err(error) => return Err(fault(statements, replies.len(), error)),
            }
        }
        drop(stream);
        self.in_transaction = was_in_transaction;
        Ok(replies)
    }

    /// A transaction that cannot write, in one message: that it only reads is a property of the transaction, not of a session that
    /// somebody else will have.
    async fn read(&mut self, statements: &[String]) -> Result<Vec<Vec<Row>>, Fault> {
        let begin = format!("{BEGIN} READ ONLY");
        let message: Vec<String> =
            std::iter::once(begin).chain(statements.iter().cloned()).chain(["COMMIT".to_owned()]).collect();
        match self.send(&message, Kept::All).await {
            Ok(replies) => Ok(replies.into_iter().skip(1).take(statements.len()).collect()),
            Err(fault) => {
                self.rollback().await;
                Err(Fault { at: fault.at.saturating_sub(1), ..fault })
            }
        }
    }

    async fn one(&mut self, query: &str) -> Result<Row, sqlx::Error> {
        self.texts(query).await?.into_iter().next().ok_or(sqlx::Error::RowNotFound)
    }

    async fn is_true(&mut self, query: &str) -> Result<bool, sqlx::Error> {
        let row = self.one(query).await?;
        Ok(row.first().and_then(Option::as_deref) == Some("t"))
    }

    async fn holder(&mut self) -> Option<Holder> {
        let key = key(&self.schema);
        let query = format!(
            "SELECT activity.pid, activity.usename, activity.application_name \
             FROM pg_catalog.pg_locks AS held JOIN pg_catalog.pg_stat_activity AS activity USING (pid), \
             (SELECT {key} AS key) AS wanted WHERE {HELD} AND activity.pid <> pg_catalog.pg_backend_pid()"
        );
        let row = self.one(&query).await.ok()?;
        let mut fields = row.into_iter().map(Option::unwrap_or_default);
        let pid = fields.next()?.parse().ok()?;
        Some(Holder { pid, role: fields.next()?, application: fields.next()? })
    }

    async fn unlock(&mut self) -> Result<(), Error> {
        if !std::mem::take(&mut self.locked) {
            return Ok(());
        }
        let query = format!("SELECT pg_catalog.pg_advisory_unlock({})", key(&self.schema));
        match self.is_true(&query).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::Pooler),
            Err(error) => Err(Error::while_doing("release the lock")(error)),
        }
    }
}

fn as_texts(row: &PgRow) -> Result<Row, sqlx::Error> {
    (0..row.len()).map(|at| row.try_get_unchecked::<Option<String>, _>(at)).collect()
}

impl Driver for Postgres<'_> {
    const DATABASE: Database = Database::Postgres;

    fn ledger(&self) -> Ledger {
        Ledger::new(Database::Postgres, Some(quote(&self.schema)))
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
        let query = format!("SELECT pg_catalog.pg_try_advisory_lock({})", key(&self.schema));
        let mut patience = Patience::for_lock(options.lock_wait);
        let mut tell_at = Duration::from_secs(1);
        loop {
            if self.is_true(&query).await.map_err(Error::while_doing("take the migration lock"))? {
                self.locked = true;
                return Ok(());
            }
            let elapsed = patience.elapsed();
            if elapsed >= tell_at {
                tell_at = elapsed + Duration::from_secs(10);
                observer.tell(Event::Waiting { elapsed, holder: self.holder().await });
            }
            match patience.pause() {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(Error::LockWait { waited: patience.elapsed(), holder: self.holder().await }),
            }
        }
    }

    async fn begin(&mut self, _rebuild: bool, options: &Options, _: &mut Observer<'_>) -> Result<(), Error> {
        let open = [BEGIN.to_owned(), format!("SELECT {}, {}", self.open(options), self.same_session())];
        match self.batch(&open).await {
            Ok(_) => {
                self.in_transaction = true;
                Ok(())
            }
            Err(fault) if Self::is_failed_check(&fault.error) => Err(Error::Pooler),
            Err(fault) => Err(Error::while_doing("begin a transaction")(fault.error)),
        }
    }

    async fn seal(&mut self) -> Result<(), Seal> {
        match self.batch(&self.sealed()).await {
            Ok(_) => Ok(()),
            Err(fault) if fault.at == 0 && Self::is_failed_check(&fault.error) => Err(Seal::Ended),
            Err(fault) => Err(Seal::Failed(fault.error)),
        }
    }

    async fn commit(&mut self) -> Result<(), Commit> {
        let result = self.run("COMMIT").await;
        self.in_transaction = false;
        result.map_err(|error| if Self::is_lost(&error) { Commit::Lost(error) } else { Commit::Refused(error) })
    }

    async fn rollback(&mut self) {
        if std::mem::take(&mut self.in_transaction)
            && let Err(error) = self.run("ROLLBACK").await
        {
            tracing::debug!(target: "migrate", %error, "the rollback was left to the end of the session");
        }
    }

    async fn run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(self.link.connection()).await.map(drop)
    }

    async fn batch(&mut self, statements: &[String]) -> Result<Vec<Vec<Row>>, Fault> {
        if self.mode.writes() { self.send(statements, Kept::All).await } else { self.read(statements).await }
    }

    async fn message(&mut self, statements: &[String], wanted: usize) -> Result<Vec<Row>, Fault> {
        let replies = self.send(statements, Kept::Of(wanted)).await?;
        Ok(replies.into_iter().nth(wanted).unwrap_or_default())
    }

    fn envelope(&self, options: &Options, position: i64) -> Envelope {
        let still = format!("({}) = {position}", journal::last(&self.ledger()));
        Envelope {
            begin: Some(BEGIN.to_owned()),
            check: format!(
                "{}, {}, {}",
                fails_unless(Database::Postgres, &still, OVERTAKEN),
                self.open(options),
                self.same_session()
            ),
            seal: self.sealed(),
        }
    }

    async fn texts(&mut self, sql: &str) -> Result<Vec<Row>, sqlx::Error> {
        if !self.mode.writes() {
            return self
                .read(&[sql.to_owned()])
                .await
                .map(|replies| replies.into_iter().flatten().collect())
                .map_err(|fault| fault.error);
        }
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(self.link.connection()).await?;
        rows.iter().map(as_texts).collect()
    }

    async fn count(&mut self, query: &str, options: &Options) -> Result<Vec<Row>, sqlx::Error> {
        let wait = format!("SELECT pg_catalog.set_config('lock_timeout', '{}', true)", options.lock_timeout.as_millis());
        let message = ["BEGIN READ ONLY".to_owned(), wait, query.to_owned(), "COMMIT".to_owned()];
        match self.batch(&message).await {
            Ok(replies) => Ok(replies.into_iter().nth(2).unwrap_or_default()),
            Err(fault) => {
                self.rollback().await;
                Err(fault.error)
            }
        }
    }

    async fn rows(&mut self, query: &Query) -> Result<Vec<Row>, sqlx::Error> {
        if !self.mode.writes() {
            return self.texts(&query.write_out(Database::Postgres)).await;
        }
        let bound = query.bind();
        let mut statement = sqlx::query(AssertSqlSafe(bound.sql)).persistent(false);
        for value in bound.values {
            statement = bind(statement, value);
        }
        let rows = statement.fetch_all(self.link.connection()).await?;
        rows.iter().map(as_texts).collect()
    }

    async fn write(&mut self, query: &Query) -> Result<u64, sqlx::Error> {
        let bound = query.bind();
        let mut statement = sqlx::query(AssertSqlSafe(bound.sql)).persistent(false);
        for value in bound.values {
            statement = bind(statement, value);
        }
        Ok(statement.execute(self.link.connection()).await?.rows_affected())
    }

    async fn tables(&mut self, wanted: &[&str]) -> Result<Vec<String>, sqlx::Error> {
        if let Some(tables) = self.tables.take() {
            return Ok(tables);
        }
        let schema = literal(Database::Postgres, &self.schema);
        let found = self.texts(&format!("SELECT {}", there(wanted, &schema))).await?;
        Ok(names(found.into_iter().flatten().flatten().next()))
    }

    /// `invalid_text_representation`: a statement of SQL cannot fail otherwise than by an error, so ours cast a word to a number.
    fn is_failed_check(error: &sqlx::Error) -> bool {
        error.as_database_error().and_then(|error| error.code()).as_deref() == Some("22P02")
    }

    /// Everything but the server's own refusal: a broken connection, or a session that was ended while it was about to answer
    /// (classes 08 and 57).
    fn is_lost(error: &sqlx::Error) -> bool {
        match error.as_database_error().and_then(|error| error.code()) {
            Some(code) => code.starts_with("08") || code.starts_with("57P"),
            None => true,
        }
    }

    /// `lock_not_available` and `deadlock_detected` (manual, appendix A).
    fn is_contention(error: &sqlx::Error) -> bool {
        let code = error.as_database_error().and_then(|error| error.code());
        matches!(code.as_deref(), Some("55P03" | "40P01"))
    }

    async fn reconnect(&mut self) -> Result<bool, Error> {
        if !self.link.open_again().await? {
            return Ok(false);
        }
        (self.locked, self.in_transaction) = (false, false);
        self.prepare().await?;
        Ok(true)
    }

    async fn close(mut self) -> Result<(), Error> {
        self.rollback().await;
        let unlocked = self.unlock().await;
        self.put_back().await.map_err(Error::while_doing("put back the settings of the session"))?;
        self.link.close().await;
        unlocked
    }
}

type Statement<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

fn bind<'q>(statement: Statement<'q>, value: &Value) -> Statement<'q> {
    match value {
        Value::Text(text) => statement.bind(text.clone()),
        Value::Integer(number) => statement.bind(*number),
        Value::Expression(_) => statement,
    }
}
