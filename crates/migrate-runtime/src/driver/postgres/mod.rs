//! PostgreSQL.

mod message;
mod texts;

use std::time::Duration;

use futures_util::TryStreamExt;
use migrate_model::history::Database;
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Either, PgConnection, Row as _};

use self::message::fault;
use self::texts::{HELD, READ_ONLY, SETTINGS, key, look, names, set, there};
use super::{ANOTHER_SESSION, BETWEEN, Commit, Driver, Envelope, Fault, OVERTAKEN, Row, Seal};
use crate::event::{Event, Holder, Observer};
use crate::journal;
use crate::ledger::Ledger;
use crate::options::Options;
use crate::patience::Patience;
use crate::query::{Query, Value, fails_unless, literal, quote};
use crate::session::Mode;
use crate::{Cause, Error};

/// How long the server has for its first answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// A session.
pub(crate) struct Postgres<'c> {
    link: Link<'c>,
    mode: Mode,
    schema: String,
    search_path: String,
    /// The server's process: behind a pooler in transaction mode the next transaction may be in another one.
    pid: String,
    /// Which tables of a ledger the look at the session found; asked again later.
    tables: Option<Vec<String>>,
    /// What a session that is not ours was set to before.
    before: Vec<(&'static str, String)>,
    locked: bool,
    in_transaction: bool,
}

enum Link<'c> {
    Own(Box<PgConnection>, Box<PgConnectOptions>),
    Lent(&'c mut PgConnection),
}

impl Link<'_> {
    fn connection(&mut self) -> &mut PgConnection {
        match self {
            Link::Own(connection, _) => connection,
            Link::Lent(connection) => connection,
        }
    }
}

impl<'c> Postgres<'c> {
    /// Opens a connection of our own.
    pub async fn connect(options: PgConnectOptions, mode: Mode) -> Result<Postgres<'c>, Error> {
        let options = match options.get_application_name() {
            Some(_) => options,
            None => options.application_name("migrate"),
        };
        // A statement cache means named statements, which a pooler hands to another server session.
        let options = options.statement_cache_capacity(0).disable_statement_logging();
        let connection = open(&options).await?;
        Postgres::begin_session(Link::Own(Box::new(connection), Box::new(options)), mode).await
    }

    /// Uses a connection that the caller keeps.
    pub async fn lend(connection: &'c mut PgConnection, mode: Mode) -> Result<Postgres<'c>, Error> {
        Postgres::begin_session(Link::Lent(connection), mode).await
    }

    async fn begin_session(link: Link<'c>, mode: Mode) -> Result<Postgres<'c>, Error> {
        let (schema, search_path, pid) = Default::default();
        let (before, tables, locked, in_transaction) = (Vec::new(), None, false, false);
        let mut session = Postgres { link, mode, schema, search_path, pid, tables, before, locked, in_transaction };
        session.prepare().await?;
        Ok(session)
    }

    /// Looks at the session and sets it; in one message where it is ours, after a look where it is not.
    async fn prepare(&mut self) -> Result<(), Error> {
        let doing = Error::while_doing("look at the session");
        let (mut settings, look) = (self.settings(), look());
        let ours = matches!(self.link, Link::Own(..));
        let first = if ours { vec![look, set(&settings)] } else { vec![look] };
        let mut settled = ours;
        let replies = match self.batch(&first).await {
            Ok(replies) => replies,
            Err(fault) if fault.at == 1 => {
                (settled, self.in_transaction) = (false, false);
                self.batch(&first[..1]).await.map_err(|fault| doing(fault.error))?
            }
            Err(fault) => return Err(doing(fault.error)),
        };
        let row = replies.into_iter().next().and_then(|rows| rows.into_iter().next()).unwrap_or_default();
        self.before = self.look_at(row, ours)?;
        settings.retain(|(name, _)| ours || self.before.iter().any(|(known, _)| known == name));
        if !settled {
            self.settle(&settings).await;
        }
        Ok(())
    }

    /// What the session is set to for this run.
    fn settings(&self) -> Vec<(&'static str, &'static str)> {
        let read_only = (!self.mode.writes()).then_some(READ_ONLY);
        SETTINGS.into_iter().chain(read_only).collect()
    }

    /// Reads the answer to [`look`]; what a session that is not ours was set to.
    fn look_at(&mut self, row: Row, ours: bool) -> Result<Vec<(&'static str, String)>, Error> {
        let mut fields = row.into_iter();
        let mut next = || fields.next().flatten();
        // A statement alone begins when its transaction does; in a transaction that was open before, later.
        if next().as_deref() != Some("t") {
            return Err(Error::InTransaction);
        }
        let schema = next();
        self.search_path = next().unwrap_or_default();
        if next().as_deref() == Some("t") && self.mode.writes() {
            return Err(Error::Standby);
        }
        self.pid = next().unwrap_or_default();
        self.schema = schema.ok_or(Error::NoSchema)?;
        self.tables = Some(names(next()));
        let names = SETTINGS.into_iter().chain([READ_ONLY]).map(|(name, _)| name);
        let before = names.filter_map(|name| Some((name, next()?))).collect();
        Ok(if ours { Vec::new() } else { before })
    }

    /// A setting that the server does not have, or does not have on its platform, is left out.
    async fn settle(&mut self, settings: &[(&'static str, &'static str)]) {
        for setting in settings {
            if let Err(error) = self.run(&set(std::slice::from_ref(setting))).await {
                tracing::debug!(target: "migrate", name = setting.0, %error, "the server does not have this setting");
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

    /// Fails where the transaction of [`Postgres::open`] has ended, for its setting ended with it.
    fn sealed(&self) -> String {
        let search_path = literal(Database::Postgres, &self.search_path);
        format!(
            "SELECT CAST(pg_catalog.current_setting('migrate.step', true) AS bigint), \
             pg_catalog.set_config('search_path', {search_path}, false)"
        )
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

async fn open(options: &PgConnectOptions) -> Result<PgConnection, Error> {
    let database = Database::Postgres;
    match tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options)).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(Error::Connect { database, cause: Box::new(Cause::of(&error)) }),
        Err(_) => Err(Error::Connect { database, cause: Box::new(Cause::plain("no answer within 30 s")) }),
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
        let open = ["BEGIN".to_owned(), format!("SELECT {}, {}", self.open(options), self.same_session())];
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
        match self.texts(&self.sealed()).await {
            Ok(_) => Ok(()),
            Err(error) if Self::is_failed_check(&error) => Err(Seal::Ended),
            Err(error) => Err(Seal::Failed(error)),
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

    /// One message: the server runs its statements in order and stops at the first that fails. What it answered until then
    /// says which one that is, and so does the position of a mistake that it finds before it runs any.
    async fn batch(&mut self, statements: &[String]) -> Result<Vec<Vec<Row>>, Fault> {
        // Of one that fails in the middle a transaction may be left.
        let was_in_transaction = std::mem::replace(&mut self.in_transaction, true);
        let message = statements.join(BETWEEN);
        let mut replies = Vec::with_capacity(statements.len());
        let mut rows = Vec::new();
        let mut stream = sqlx::raw_sql(AssertSqlSafe(message)).fetch_many(self.link.connection());
        loop {
            match stream.try_next().await {
                Ok(Some(Either::Left(_))) => replies.push(std::mem::take(&mut rows)),
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

    fn envelope(&self, options: &Options, position: i64) -> Envelope {
        let still = format!("({}) = {position}", journal::last(&self.ledger()));
        Envelope {
            begin: Some("BEGIN".to_owned()),
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
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(self.link.connection()).await?;
        rows.iter().map(as_texts).collect()
    }

    async fn rows(&mut self, query: &Query) -> Result<Vec<Row>, sqlx::Error> {
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
        let Link::Own(connection, options) = &mut self.link else { return Ok(false) };
        **connection = open(options).await?;
        (self.locked, self.in_transaction) = (false, false);
        self.prepare().await?;
        Ok(true)
    }

    async fn close(mut self) -> Result<(), Error> {
        self.rollback().await;
        let unlocked = self.unlock().await;
        let before = std::mem::take(&mut self.before);
        if !before.is_empty() {
            self.run(&set(&before)).await.map_err(Error::while_doing("put back the settings of the session"))?;
        }
        if let Link::Own(connection, _) = self.link
            && let Err(error) = connection.close().await
        {
            tracing::debug!(target: "migrate", %error, "the connection was closed by the other side");
        }
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
