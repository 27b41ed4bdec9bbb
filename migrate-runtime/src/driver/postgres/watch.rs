//! Observes our own session from another one, while it does not answer: for whom it waits, and whether the server still has it.
//!
//! What a session waits for is known only while it waits. The look also replaces a keepalive of the client, which sqlx cannot set:
//! where the network fails silently, an answer would be waited for without end.

use std::borrow::Cow;
use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row as _};

use crate::event::Blocker;
use crate::stop::StopSignal;

/// Without a lock timeout, and at most.
const FIRST_LOOK: Duration = Duration::from_secs(1);

/// Between two looks, at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How long the server may be unreachable before our session is taken for lost. The keepalives of the server end it sooner.
const UNREACHABLE_FOR: Duration = Duration::from_secs(60);

/// How often the server says that it does not have our session before that is believed: it may be about to answer.
const ABSENCES: usize = 3;

/// How long a statement that was cancelled may take to end.
const END: Duration = Duration::from_secs(10);

/// Who looks.
#[derive(Debug)]
pub(super) struct Watch {
    /// How to open a session; `None` where ours was given to us.
    options: Option<Box<PgConnectOptions>>,
    connection: Option<PgConnection>,
    /// Whether it tells anything that the server does not have our session, or does not answer. Behind a pooler our server process may
    /// change while we read, and another connection may wait for one of its own.
    is_direct: bool,
    lock_timeout: Duration,
    /// Whether our statement is to be ended at once.
    stop: StopSignal,
    first: Duration,
    blockers: Vec<Blocker>,
    renewal: Option<Renewal>,
    /// Whether a statement was cancelled because it waited too long.
    cancelled: bool,
}

/// The statement that renews the lease of the run, while another one of ours takes its time.
#[derive(Clone, Debug)]
struct Renewal {
    sql: String,
    every: Duration,
}

/// What was seen.
enum Seen {
    /// Our session works, or waits for these.
    There(Vec<Blocker>),
    /// The server does not have it.
    Gone,
    /// The server does not answer.
    Unreachable,
    /// It answers, and does not let us look.
    Refused,
}

/// What was seen during one statement.
struct Vigil {
    /// When last.
    looked: Instant,
    /// How long it has waited for tables, as far as that was seen.
    waited: Duration,
    absences: usize,
    unreachable: Option<Instant>,
}

impl Vigil {
    /// Adds a look; whether the session is gone.
    fn add(&mut self, seen: &Seen) -> bool {
        let since = std::mem::replace(&mut self.looked, Instant::now());
        match seen {
            Seen::There(blockers) => {
                let waits = blockers.iter().any(|blocker| blocker.table.is_some());
                self.waited += if waits { self.looked - since } else { Duration::ZERO };
                (self.absences, self.unreachable) = (0, None);
            }
            Seen::Refused => (self.absences, self.unreachable) = (0, None),
            Seen::Gone => (self.absences, self.unreachable) = (self.absences + 1, None),
            Seen::Unreachable => {
                self.unreachable.get_or_insert(self.looked);
            }
        }
        self.absences >= ABSENCES || self.unreachable.is_some_and(|since| since.elapsed() > UNREACHABLE_FOR)
    }
}

impl Watch {
    pub fn new(options: Option<PgConnectOptions>, lock_timeout: Duration, stop: StopSignal) -> Watch {
        let half = (lock_timeout / 2).clamp(Duration::from_millis(5), FIRST_LOOK);
        let first = if lock_timeout.is_zero() { FIRST_LOOK } else { half };
        let (options, blockers) = (options.map(Box::new), Vec::new());
        Watch {
            options,
            connection: None,
            is_direct: false,
            lock_timeout,
            stop,
            first,
            blockers,
            renewal: None,
            cancelled: false,
        }
    }

    /// Our session was begun for our connection, without a pooler between them.
    pub fn note_direct(&mut self) {
        self.is_direct = true;
    }

    /// From now on this runs so often while a statement takes long; or nothing.
    pub fn renew(&mut self, renewal: Option<(String, Duration)>) {
        self.renewal = renewal.map(|(sql, every)| Renewal { sql, every });
    }

    /// For whom our session was last seen waiting.
    pub async fn take_blockers(&mut self) -> Vec<Blocker> {
        // The next wait may be shorter than it takes to connect.
        if self.connection.is_none() && self.blockers.is_empty() {
            self.connection = self.connect().await.ok();
        }
        std::mem::take(&mut self.blockers)
    }

    /// Waits for an answer to our session, whose process has this number, and checks it from time to time. One statement may wait
    /// for several tables, and the server has a timeout for each; here they have one together.
    ///
    /// # Errors
    /// Those of the work, or that the session is gone.
    pub async fn beside<T>(&mut self, pid: &str, work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
        let (mut work, stop) = (pin!(work), self.stop.clone());
        let mut stopped = pin!(at_once_from_now(&stop));
        let mut pause = self.first;
        let mut renewed = Instant::now();
        let mut vigil = Vigil { looked: Instant::now(), waited: Duration::ZERO, absences: 0, unreachable: None };
        loop {
            // Without options there is no other session, and so nothing to look with.
            let until_renewal = self.renewal.as_ref().map(|renewal| renewal.every.saturating_sub(renewed.elapsed()));
            let pause_now = until_renewal.map_or(pause, |left| left.min(pause));
            match tokio::time::timeout(pause_now, select(&mut work, &mut stopped)).await {
                Ok(Either::Left((done, _))) => return done,
                Ok(Either::Right(((), work))) => return self.end(pid, work).await,
                Err(_) if self.options.is_none() => return work.await,
                Err(_) => {}
            }
            if self.renewal.as_ref().is_some_and(|renewal| renewed.elapsed() >= renewal.every) {
                renewed = Instant::now();
                match select(&mut work, pin!(self.run_renewal())).await {
                    Either::Left((done, _)) => return done,
                    Either::Right(_) => continue,
                }
            }
            let seen = match select(&mut work, pin!(self.look(pid))).await {
                Either::Left((done, _)) => return done,
                Either::Right((seen, _)) => seen,
            };
            pause = (pause * 2).clamp(Duration::from_millis(100), LONGEST_PAUSE);
            if vigil.add(&seen) && self.is_direct {
                return Err(gone());
            }
            if let Seen::There(blockers) = seen
                && !blockers.is_empty()
            {
                self.blockers = blockers;
                pause = self.first / 4;
            }
            // The server's own timeout comes first where there is one lock to wait for.
            if !self.lock_timeout.is_zero() && vigil.waited > self.lock_timeout.mul_f64(1.1) {
                // If it still waits.
                self.cancel(pid, "wait_event_type = 'Lock'").await;
                self.cancelled = true;
                return work.await.map_err(|error| if is_cancelled(&error) { step_timeout() } else { error });
            }
        }
    }

    /// Renews the lease. Where that fails, the next transaction finds out whether somebody has taken it.
    async fn run_renewal(&mut self) {
        let Some(Renewal { sql, .. }) = self.renewal.clone() else { return };
        let connection = match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.connect().await,
        };
        let Ok(mut connection) = connection else { return };
        let renewed = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection);
        match tokio::time::timeout(LONGEST_PAUSE, renewed).await {
            Ok(Ok(_)) => self.connection = Some(connection),
            Ok(Err(error)) => tracing::debug!(target: "migrate", %error, "the lease was not renewed"),
            Err(_) => tracing::debug!(target: "migrate", "the lease was not renewed in time"),
        }
    }

    /// Whether a statement was cancelled because it waited too long, since this was asked last.
    pub fn take_cancelled(&mut self) -> bool {
        std::mem::take(&mut self.cancelled)
    }

    /// Ends the statement of our session, whatever it does; without a second session it goes on.
    pub async fn cancel_now(&mut self, pid: &str) {
        if self.connection.is_none() {
            self.connection = self.connect().await.ok();
        }
        self.cancel(pid, "state = 'active'").await;
    }

    /// Ends the statement of our session, whatever it does; without a second session, waits for it.
    ///
    /// # Errors
    /// Those of the work, or that the session does not answer.
    async fn end<T>(&mut self, pid: &str, work: impl Future<Output = Result<T, sqlx::Error>> + Unpin) -> Result<T, sqlx::Error> {
        if self.options.is_none() {
            return work.await;
        }
        let cancelled = async {
            if self.connection.is_none() {
                self.connection = self.connect().await.ok();
            }
            self.cancel(pid, "true").await;
            tokio::time::sleep(END).await;
        };
        match select(work, pin!(cancelled)).await {
            Either::Left((done, _)) => done,
            Either::Right(_) => Err(gone()),
        }
    }

    /// Ends the statement of our session under a condition on its row of `pg_stat_activity`.
    async fn cancel(&mut self, pid: &str, condition: &str) {
        let Some(mut connection) = self.connection.take() else { return };
        let cancel = format!(
            "SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid = {pid} AND {condition}"
        );
        let cancelled = sqlx::raw_sql(AssertSqlSafe(cancel)).execute(&mut connection);
        if let Ok(Ok(_)) = tokio::time::timeout(LONGEST_PAUSE, cancelled).await {
            self.connection = Some(connection);
        }
    }

    async fn look(&mut self, pid: &str) -> Seen {
        // What is cut off in the middle is not used again.
        let connection = match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.connect().await,
        };
        let mut connection = match connection {
            Ok(connection) => connection,
            Err(sqlx::Error::Database(_)) => return Seen::Refused,
            Err(_) => return Seen::Unreachable,
        };
        let looked = sqlx::raw_sql(AssertSqlSafe(query(pid))).fetch_all(&mut connection);
        match tokio::time::timeout(LONGEST_PAUSE, looked).await {
            Ok(Ok(rows)) => {
                self.connection = Some(connection);
                if rows.is_empty() { Seen::Gone } else { Seen::There(rows.iter().filter_map(blocker).collect()) }
            }
            Ok(Err(sqlx::Error::Database(_))) => Seen::Refused,
            Ok(Err(_)) | Err(_) => Seen::Unreachable,
        }
    }

    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let options = self.options.as_ref().ok_or(sqlx::Error::PoolClosed)?;
        let connecting = PgConnection::connect_with(options);
        tokio::time::timeout(LONGEST_PAUSE, connecting).await.unwrap_or_else(|_| Err(gone()))
    }

    /// Closes the other session.
    pub async fn close(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::debug!(target: "migrate", %error, "the connection was closed by the other side");
        }
    }
}

/// `query_canceled` (manual, appendix A).
pub(super) fn is_cancelled(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).as_deref() == Some("57014")
}

/// Waits until the run is to end at once; for ever where it was to before, for what is sent now cleans up.
async fn at_once_from_now(stop: &StopSignal) {
    if stop.is_at_once() {
        std::future::pending::<()>().await;
    }
    stop.at_once().await;
}

fn gone() -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, "the server does not have the session any more"))
}

/// What the server would say if it had such a timeout.
#[derive(Debug, thiserror::Error)]
#[error("canceling statement due to lock timeout of the step")]
struct StepTimeout;

fn step_timeout() -> sqlx::Error {
    sqlx::Error::Database(Box::new(StepTimeout))
}

impl sqlx::error::DatabaseError for StepTimeout {
    fn message(&self) -> &str {
        "canceling statement due to lock timeout of the step"
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed("55P03"))
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> sqlx::error::ErrorKind {
        sqlx::error::ErrorKind::Other
    }
}

/// A row for each session that ours waits for; one without a process where it waits for none; none where the server does not have it.
fn query(pid: &str) -> String {
    format!(
        "SELECT blocking.pid::text, other.usename::text, other.application_name, other.state, \
         (extract(epoch FROM pg_catalog.clock_timestamp() - other.xact_start) * 1000)::bigint::text, \
         (SELECT pg_catalog.min(wanted.relation::pg_catalog.regclass::text) FROM pg_catalog.pg_locks AS wanted \
         WHERE wanted.pid = ours.pid AND NOT wanted.granted) \
         FROM pg_catalog.pg_stat_activity AS ours \
         LEFT JOIN LATERAL (SELECT DISTINCT pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(ours.pid)) AS pid) AS blocking ON true \
         LEFT JOIN pg_catalog.pg_stat_activity AS other ON other.pid = blocking.pid \
         WHERE ours.pid = {pid} ORDER BY other.xact_start"
    )
}

fn blocker(row: &PgRow) -> Option<Blocker> {
    let text = |at: usize| row.try_get_unchecked::<Option<String>, _>(at).ok().flatten();
    Some(Blocker {
        pid: text(0)?.parse().ok()?,
        role: text(1).unwrap_or_default(),
        application: text(2).unwrap_or_default(),
        state: text(3).unwrap_or_default(),
        transaction: text(4).and_then(|milliseconds| milliseconds.parse().ok()).map(Duration::from_millis),
        table: text(5),
    })
}
