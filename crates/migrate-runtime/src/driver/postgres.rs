//! PostgreSQL.

use std::time::Duration;

use migrate_model::history::Database;
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row as _};

use super::{Commit, Driver, Row, Seal};
use crate::event::{Event, Holder, Observer};
use crate::ledger::Ledger;
use crate::options::Options;
use crate::patience::Patience;
use crate::query::{Query, Value, literal, quote};
use crate::session::Mode;
use crate::{Cause, Error};

/// How long the server has for its first answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// What a session of ours is set to. A client that is gone must be noticed within seconds, for it holds the lock and its
/// transaction until then: by default a statement runs to its end first, and a silent network is noticed after two hours.
/// Not every server and platform has each of them.
const SETTINGS: [(&str, &str); 5] = [
    ("client_connection_check_interval", "1s"),
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("idle_in_transaction_session_timeout", "60s"),
];

/// A session.
pub(crate) struct Postgres<'c> {
    link: Link<'c>,
    mode: Mode,
    schema: String,
    search_path: String,
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
        let (schema, search_path) = Default::default();
        let (before, locked, in_transaction) = (Vec::new(), false, false);
        let mut session = Postgres { link, mode, schema, search_path, before, locked, in_transaction };
        session.prepare().await?;
        Ok(session)
    }

    async fn prepare(&mut self) -> Result<(), Error> {
        self.refuse_transaction().await?;
        self.settle().await;
        let query = "SELECT pg_catalog.current_schema(), pg_catalog.current_setting('search_path'), \
                     pg_catalog.pg_is_in_recovery()";
        let row = self.one(query).await.map_err(Error::while_doing("look at the session"))?;
        let [schema, search_path, standby] = row.as_slice() else { return Err(Error::NoSchema) };
        if self.mode.writes() && standby.as_deref() == Some("t") {
            return Err(Error::Standby);
        }
        self.schema = schema.clone().ok_or(Error::NoSchema)?;
        self.search_path = search_path.clone().unwrap_or_default();
        Ok(())
    }

    /// A statement alone begins when its transaction does; in a transaction that was open before, later.
    async fn refuse_transaction(&mut self) -> Result<(), Error> {
        if let Link::Own(..) = self.link {
            return Ok(());
        }
        let query = "SELECT pg_catalog.transaction_timestamp() = pg_catalog.statement_timestamp()";
        let row = self.one(query).await.map_err(Error::while_doing("look at the session"))?;
        match row.first().and_then(Option::as_deref) {
            Some("t") => Ok(()),
            Some(_) | None => Err(Error::InTransaction),
        }
    }

    /// A setting that the server does not have is left out.
    async fn settle(&mut self) {
        let read_only = (!self.mode.writes()).then_some(("default_transaction_read_only", "on"));
        for (name, value) in SETTINGS.into_iter().chain(read_only) {
            let before = self.one(&format!("SELECT pg_catalog.current_setting('{name}')")).await;
            if let (Link::Lent(_), Ok([Some(before)])) = (&self.link, before.as_deref()) {
                self.before.push((name, before.clone()));
            }
            if let Err(error) = self.set(name, value).await {
                tracing::debug!(target: "migrate", name, %error, "the server does not have this setting");
            }
        }
    }

    async fn set(&mut self, name: &str, value: &str) -> Result<(), sqlx::Error> {
        let value = literal(Database::Postgres, value);
        self.texts(&format!("SELECT pg_catalog.set_config('{name}', {value}, false)")).await.map(drop)
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

    /// Behind a pooler in transaction mode the next transaction may run in another server session, which does not hold
    /// the lock. Inside a transaction the answer stays true until its end.
    async fn refuse_pooler(&mut self) -> Result<(), Error> {
        let query = format!(
            "SELECT pg_catalog.count(*) > 0 FROM pg_catalog.pg_locks AS held, (SELECT {} AS key) AS wanted \
             WHERE {HELD} AND held.pid = pg_catalog.pg_backend_pid()",
            key(&self.schema)
        );
        match self.is_true(&query).await {
            Ok(true) => Ok(()),
            Ok(false) if self.locked => Err(Error::Pooler),
            Ok(false) => Ok(()),
            Err(error) => Err(Error::while_doing("look at the lock")(error)),
        }
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

/// One key for a schema of a database, whatever histories share it; a script computes it in the same way.
pub(crate) fn key(schema: &str) -> String {
    format!("pg_catalog.hashtextextended({}, 0)", literal(Database::Postgres, &format!("migrate {schema}")))
}

/// How `pg_locks` shows a lock with one key of 64 bits (manual, 54.12).
const HELD: &str = "held.locktype = 'advisory' AND held.granted AND held.objsubid = 1 \
     AND held.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
     AND (held.classid::bigint << 32 | held.objid::bigint) = wanted.key";

async fn open(options: &PgConnectOptions) -> Result<PgConnection, Error> {
    let database = Database::Postgres;
    match tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options)).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(Error::Connect { database, cause: Box::new(Cause::of(&error)) }),
        Err(_) => Err(Error::Connect { database, cause: Box::new(Cause::plain("no answer within 30 s")) }),
    }
}

fn texts(row: &PgRow) -> Result<Row, sqlx::Error> {
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
        let doing = Error::while_doing("begin a transaction");
        self.run("BEGIN").await.map_err(&doing)?;
        self.in_transaction = true;
        let timeout = options.lock_timeout.as_millis();
        self.run(&format!("SET LOCAL lock_timeout = {timeout}")).await.map_err(&doing)?;
        self.run("SET LOCAL migrate.step = 'open'").await.map_err(&doing)?;
        self.refuse_pooler().await
    }

    async fn seal(&mut self) -> Result<(), Seal> {
        let open = "SELECT pg_catalog.current_setting('migrate.step', true) = 'open'";
        if !self.is_true(open).await.map_err(Seal::Failed)? {
            return Err(Seal::Ended);
        }
        let search_path = self.search_path.clone();
        self.set("search_path", &search_path).await.map_err(Seal::Failed)
    }

    async fn commit(&mut self) -> Result<(), Commit> {
        let result = self.run("COMMIT").await;
        self.in_transaction = false;
        result.map_err(|error| if is_lost(&error) { Commit::Lost(error) } else { Commit::Refused(error) })
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

    async fn texts(&mut self, sql: &str) -> Result<Vec<Row>, sqlx::Error> {
        let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(self.link.connection()).await?;
        rows.iter().map(texts).collect()
    }

    async fn rows(&mut self, query: &Query) -> Result<Vec<Row>, sqlx::Error> {
        let bound = query.bind();
        let mut statement = sqlx::query(AssertSqlSafe(bound.sql)).persistent(false);
        for value in bound.values {
            statement = bind(statement, value);
        }
        let rows = statement.fetch_all(self.link.connection()).await?;
        rows.iter().map(texts).collect()
    }

    async fn write(&mut self, query: &Query) -> Result<u64, sqlx::Error> {
        let bound = query.bind();
        let mut statement = sqlx::query(AssertSqlSafe(bound.sql)).persistent(false);
        for value in bound.values {
            statement = bind(statement, value);
        }
        Ok(statement.execute(self.link.connection()).await?.rows_affected())
    }

    async fn tables(&mut self, names: &[&str]) -> Result<Vec<String>, sqlx::Error> {
        let names: Vec<String> = names.iter().map(|name| literal(Database::Postgres, name)).collect();
        let query = Query::new(
            format!(
                "SELECT class.relname::text FROM pg_catalog.pg_class AS class JOIN pg_catalog.pg_namespace AS space \
                 ON space.oid = class.relnamespace WHERE space.nspname = {{}} AND class.relname IN ({})",
                names.join(", ")
            ),
            [Value::from(&*self.schema)],
        );
        Ok(self.rows(&query).await?.into_iter().flatten().flatten().collect())
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
        for (name, value) in std::mem::take(&mut self.before) {
            self.set(name, &value).await.map_err(Error::while_doing("put back the settings of the session"))?;
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

/// Everything but the server's own refusal of the COMMIT: a broken connection, or a session that was ended while it was
/// about to answer (classes 08 and 57).
fn is_lost(error: &sqlx::Error) -> bool {
    match error.as_database_error().and_then(|error| error.code()) {
        Some(code) => code.starts_with("08") || code.starts_with("57P"),
        None => true,
    }
}
