//! The builder of [`crate::upgrade`] and the other runs.

use std::time::Duration;

use migrate_history::plan::{Direction, Plan, Target};
use migrate_history::{History, KeptPlace};

use crate::endpoint::IntoEndpoint;
use crate::event::Event;
use crate::execute::{self, Aim, Job};
use crate::ledger::Flag;
use crate::observer::Observer;
use crate::options::{Consent, DroppedData, Grouping, Options};
use crate::purpose::Purpose;
use crate::session::Session;
use crate::stop::Stop;
use crate::{Current, EnsuredLedger, Error, Inspection, Journal, KeptData, KeptThing, OldRows, Report, RunLock, Stamped};

/// Runs a history with settings and an observer.
///
/// ```no_run
/// # async fn example(history: &migrate_history::History) -> Result<(), migrate_runtime::Error> {
/// use std::time::Duration;
///
/// let report = migrate_runtime::Migrator::new(history)
///     .lock_wait(Duration::from_secs(30))
///     .observer(|event| println!("{event:?}"))
///     .upgrade("sqlite://app.db", "head")
///     .await?;
/// println!("{} migrations", report.migrations.len());
/// # Ok(())
/// # }
/// ```
pub struct Migrator<'h> {
    history: &'h History,
    options: Options,
    observer: Observer<'h>,
}

impl<'h> Migrator<'h> {
    /// A migrator for `history` with the default settings and no observer.
    pub fn new(history: &'h History) -> Migrator<'h> {
        Migrator { history, options: Options::default(), observer: Observer::silent() }
    }

    /// Receives every event, in order, on the task that runs the migrations.
    #[must_use]
    pub fn observer(mut self, callback: impl FnMut(&Event) + Send + 'h) -> Migrator<'h> {
        self.observer = Observer::new(callback);
        self
    }

    /// How long to wait for another run. Ten minutes by default.
    #[must_use]
    pub fn lock_wait(mut self, wait: Duration) -> Migrator<'h> {
        self.options.lock_wait = wait;
        self
    }

    /// The lock against other runs: an advisory lock of its session, unless another kind is set here.
    #[must_use]
    pub fn lock(mut self, lock: RunLock) -> Migrator<'h> {
        self.options.lock = lock;
        self
    }

    /// How long a [`RunLock::Lease`] lasts when its run does not renew it, and so how long others wait after a run was killed. It is
    /// renewed three times as often, also while a statement runs. Thirty seconds by default, a second at least.
    #[must_use]
    pub fn lease(mut self, duration: Duration) -> Migrator<'h> {
        self.options.lease = duration;
        self
    }

    /// PostgreSQL: how long one attempt of a step may wait for locks on tables, all of them together, and so how long others may
    /// wait for it; zero sets no limit. SQLite: how long a COMMIT may wait for readers of the file. Two seconds by default. Rounded up to
    /// a millisecond.
    #[must_use]
    pub fn lock_timeout(mut self, timeout: Duration) -> Migrator<'h> {
        self.options.lock_timeout = timeout;
        self
    }

    /// How long a step is tried again, with growing pauses, when its tables are in use. Five minutes by default.
    #[must_use]
    pub fn retry_for(mut self, budget: Duration) -> Migrator<'h> {
        self.options.retry_for = budget;
        self
    }

    /// PostgreSQL: how long to try to connect again where the connection was lost while a step was being committed, with growing pauses:
    /// then only the ledger shows whether it was. A minute by default, since a server takes seconds to restart.
    #[must_use]
    pub fn reconnect_for(mut self, budget: Duration) -> Migrator<'h> {
        self.options.reconnect_for = budget;
        self
    }

    /// An upgrade or a downgrade ends before it has done everything where `stop` requests this.
    #[must_use]
    pub fn stop_on(mut self, stop: &Stop) -> Migrator<'h> {
        self.options.stop = stop.into();
        self
    }

    /// How long one query of [`Migrator::inspect`] may take: a guard, or the size of a table. Five seconds by default; rounded up to a
    /// millisecond, and at least one. SQLite in another journal mode than WAL: 200 milliseconds at most, since a COMMIT waits for
    /// readers.
    #[must_use]
    pub fn question_timeout(mut self, timeout: Duration) -> Migrator<'h> {
        self.options.question_timeout = timeout;
        self
    }

    /// How long a batch of rows may take, for a step that goes through a table in batches: each is a transaction that locks the rows that it
    /// changes (on SQLite the file), and takes as many as fit, judged by the batch before. 200 milliseconds by default.
    #[must_use]
    pub fn batch_time(mut self, time: Duration) -> Migrator<'h> {
        self.options.batch_time = time;
        self
    }

    /// PostgreSQL: the largest lag of a replica with which the next batch begins; zero for no limit. Five seconds by default. The role
    /// must be a member of `pg_monitor` to see it, and [`Event::Hidden`] says where it is not. Batches wait until the last of the replicas
    /// has caught up, however long that takes.
    #[must_use]
    pub fn max_lag(mut self, lag: Duration) -> Migrator<'h> {
        self.options.max_lag = lag;
        self
    }

    /// PostgreSQL: how many other sessions may be active and wait for a lock, a buffer or the disk when the next batch begins; zero for any
    /// number. Ten by default. While there are more, a batch runs every ten seconds nevertheless.
    #[must_use]
    pub fn max_waiting(mut self, sessions: u64) -> Migrator<'h> {
        self.options.max_waiting = sessions;
        self
    }

    /// Consent to all losses of a downgrade: what the compiler says that it does not restore, and what was written since into
    /// tables and columns that it drops. Without this, a downgrade with such losses is refused.
    #[must_use]
    pub fn accept_losses(mut self) -> Migrator<'h> {
        self.options.consent = Consent::Everything;
        self
    }

    /// Only the plan with this hash is carried out ([`Plan::hash`]): what would be done is planned again under the lock, and anything else is refused. It
    /// is required on a protected database: one that `protected: "HOST/DATABASE";` in `history!` describes, or that [`Migrator::protect`]
    /// has marked.
    #[must_use]
    pub fn reviewed(mut self, hash: impl Into<String>) -> Migrator<'h> {
        self.options.reviewed = Some(hash.into());
        self
    }

    /// A run is one transaction: all of it is done, or nothing. It is refused where a step runs outside of a transaction, or in several, so
    /// that the application need not wait. Where nothing of the history is applied yet, so that no session waits, such a step is done like the
    /// others; this is the fast way to a new database.
    #[must_use]
    pub fn atomic(mut self) -> Migrator<'h> {
        self.options.grouping = Grouping::All;
        self
    }

    /// A downgrade keeps the tables and columns that its migrations created: each gets another name and stays where it is; on SQLite the
    /// values of a column are copied into a table, by key. The next upgrade that creates the same again restores it, without this setting.
    /// Applies to plans that are made, and to runs.
    #[must_use]
    pub fn keep_dropped(mut self) -> Migrator<'h> {
        self.options.dropped = DroppedData::Kept;
        self
    }

    /// Applies what is pending, up to `target`.
    ///
    /// # Errors
    /// See [`crate::upgrade`].
    pub async fn upgrade<'c>(
        &mut self,
        database: impl IntoEndpoint<'c>,
        target: impl TryInto<Target, Error: Into<Error>>,
    ) -> Result<Report, Error> {
        let target = target.try_into().map_err(Into::into)?;
        self.run(database, Direction::Upgrade, target).await
    }

    /// Undoes what is applied, down to `target`, if this loses no data; see [`Migrator::accept_losses`].
    ///
    /// # Errors
    /// See [`crate::downgrade`].
    pub async fn downgrade<'c>(
        &mut self,
        database: impl IntoEndpoint<'c>,
        target: impl TryInto<Target, Error: Into<Error>>,
    ) -> Result<Report, Error> {
        let target = target.try_into().map_err(Into::into)?;
        self.run(database, Direction::Downgrade, target).await
    }

    /// Carries out a plan as it was made, and nothing else. What another run has done of it in the meantime is left out; where
    /// more would have to be done, or something else, the plan is refused: `-1` may mean another migration by now.
    ///
    /// This is consent to the losses in the plan. Where the plan counted zero for something that is dropped and
    /// the count is above zero by now, the downgrade is refused.
    ///
    /// ```no_run
    /// # async fn example(history: &migrate_history::History) -> Result<(), migrate_runtime::Error> {
    /// use migrate_history::plan::Direction;
    ///
    /// let mut migrator = migrate_runtime::Migrator::new(history);
    /// let plan = migrator.plan("sqlite://app.db", Direction::Downgrade, "-1").await?;
    /// if !plan.needs_consent() {
    ///     migrator.execute("sqlite://app.db", &plan.agreeing_to_nothing_uncounted()).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::PlanChanged`], [`Error::Losses`]; else as [`Migrator::upgrade`] and [`Migrator::downgrade`].
    pub async fn execute<'c>(&mut self, database: impl IntoEndpoint<'c>, plan: &Plan) -> Result<Report, Error> {
        let session =
            Session::open(database.into_endpoint()?, self.history, purpose(plan.direction), &self.options, &mut self.observer)
                .await?;
        execute::run(session, self.job(Aim::Plan(plan))).await
    }

    /// Records that exactly the target and what comes before it is applied, and runs nothing: for a database whose schema is what the
    /// migrations make, though they were not run on it. Nothing checks that it is. It is one transaction.
    ///
    /// # Errors
    /// [`Error::StampUnfinished`]; else as [`Migrator::upgrade`].
    pub async fn stamp<'c>(
        &mut self,
        database: impl IntoEndpoint<'c>,
        target: impl TryInto<Target, Error: Into<Error>>,
        old: OldRows,
    ) -> Result<Stamped, Error> {
        let target = target.try_into().map_err(Into::into)?;
        let endpoint = database.into_endpoint()?;
        let session = Session::open(endpoint, self.history, Purpose::Create, &self.options, &mut self.observer).await?;
        let aim = Aim::Target(Direction::Upgrade, target.clone());
        execute::stamp(session, self.job(aim), &target, old).await
    }

    /// Marks the ledger of the database, for all histories that share it: from now on a change is refused unless it is the reviewed one, see [`Migrator::reviewed`]. A
    /// program of a version that does not know the mark refuses to write. A run that is at work is waited for; on SQLite it is finished.
    ///
    /// # Errors
    /// Those of a run before it changes anything.
    pub async fn protect<'c>(&mut self, database: impl IntoEndpoint<'c>) -> Result<(), Error> {
        self.flag(database, Purpose::Create, Flag::Protected).await
    }

    /// Takes the mark of [`Migrator::protect`] away. A database that `protected: …;` in `history!` describes stays protected.
    ///
    /// # Errors
    /// Those of a run before it changes anything.
    pub async fn unprotect<'c>(&mut self, database: impl IntoEndpoint<'c>) -> Result<(), Error> {
        self.flag(database, Purpose::Write, Flag::Open).await
    }

    async fn flag<'c>(&mut self, database: impl IntoEndpoint<'c>, purpose: Purpose, wanted: Flag) -> Result<(), Error> {
        let endpoint = database.into_endpoint()?;
        let session = Session::open(endpoint, self.history, purpose, &self.options, &mut self.observer).await?;
        let aim = Aim::Target(Direction::Upgrade, Target::Head);
        execute::protect(session, self.job(aim), wanted).await
    }

    /// Creates the ledger where there is none, or brings an older one up to date, and runs nothing: for a role that may create tables,
    /// before another one runs migrations. Does nothing where the ledger is there.
    ///
    /// # Errors
    /// As [`Migrator::upgrade`] before it runs a migration.
    pub async fn ensure_ledger<'c>(&mut self, database: impl IntoEndpoint<'c>) -> Result<EnsuredLedger, Error> {
        let endpoint = database.into_endpoint()?;
        let session = Session::open(endpoint, self.history, Purpose::Create, &self.options, &mut self.observer).await?;
        execute::ensure(session, self.job(Aim::Target(Direction::Upgrade, Target::Head))).await
    }

    /// What a run would do, and how much a downgrade would drop. Only reads.
    ///
    /// # Errors
    /// Those of the run before it changes anything.
    pub async fn plan<'c>(
        &mut self,
        database: impl IntoEndpoint<'c>,
        direction: Direction,
        target: impl TryInto<Target, Error: Into<Error>>,
    ) -> Result<Plan, Error> {
        let target = target.try_into().map_err(Into::into)?;
        let session =
            Session::open(database.into_endpoint()?, self.history, Purpose::Read, &self.options, &mut self.observer).await?;
        session.plan(self.history, (direction, &target), self.options.dropped).await
    }

    /// What a run would do, like [`Migrator::plan`], with the current state of the database: how large each table is that a step
    /// locks, and whether its guards would refuse it.
    ///
    /// It does not block the application: each query is a transaction of its own that only reads, waits a tenth of a second at most
    /// for a lock, and is cancelled after [`Migrator::question_timeout`]. The answer is then [`Answer::TimedOut`](crate::Answer::TimedOut),
    /// and not an error.
    ///
    /// ```no_run
    /// # async fn example(history: &migrate_history::History) -> Result<(), migrate_runtime::Error> {
    /// use migrate_history::plan::Direction;
    ///
    /// let mut migrator = migrate_runtime::Migrator::new(history);
    /// let inspection = migrator.inspect("postgres://localhost/app", Direction::Upgrade, "head").await?;
    /// for step in &inspection.steps {
    ///     for table in &step.tables {
    ///         let lock = table.touched.lock;
    ///         println!("{} locks {} ({lock}, {}): {} rows", step.revision, table.touched, lock.blocks(), table.rows);
    ///     }
    /// }
    /// assert_eq!(inspection.refusals().count(), 0, "a guard would refuse the upgrade");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Migrator::plan`].
    pub async fn inspect<'c>(
        &mut self,
        database: impl IntoEndpoint<'c>,
        direction: Direction,
        target: impl TryInto<Target, Error: Into<Error>>,
    ) -> Result<Inspection, Error> {
        let target = target.try_into().map_err(Into::into)?;
        let session =
            Session::open(database.into_endpoint()?, self.history, Purpose::Read, &self.options, &mut self.observer).await?;
        session.inspect(self.history, (direction, &target), self.options.dropped, self.options.question_timeout).await
    }

    /// What is applied and what is pending. Only reads.
    ///
    /// # Errors
    /// See [`crate::current`].
    pub async fn current<'c>(&mut self, database: impl IntoEndpoint<'c>) -> Result<Current, Error> {
        let session =
            Session::open(database.into_endpoint()?, self.history, Purpose::Read, &self.options, &mut self.observer).await?;
        session.current(self.history).await
    }

    /// The last entries of the journal, also those of failures. Only reads.
    ///
    /// # Errors
    /// See [`crate::current`].
    pub async fn journal<'c>(&mut self, database: impl IntoEndpoint<'c>, limit: usize) -> Result<Journal, Error> {
        let session =
            Session::open(database.into_endpoint()?, self.history, Purpose::Read, &self.options, &mut self.observer).await?;
        session.journal(self.history, limit).await
    }

    /// What is kept of data that was dropped with `keep data`, with its sizes. Only reads, each size for no longer than
    /// [`Migrator::question_timeout`].
    ///
    /// # Errors
    /// See [`crate::current`].
    pub async fn kept<'c>(&mut self, database: impl IntoEndpoint<'c>) -> Result<KeptData, Error> {
        let session =
            Session::open(database.into_endpoint()?, self.history, Purpose::Read, &self.options, &mut self.observer).await?;
        session.kept(self.history, self.options.question_timeout).await
    }

    /// Deletes the data that is kept at these places, for good: the rows of a table, the values of a column. In the same transaction the
    /// ledger's row of the migration gets the loss and the lower level. The empty table or column stays, since later migrations know it,
    /// and the downgrade restores it empty.
    ///
    /// # Errors
    /// [`Error::Losses`] without [`Migrator::accept_losses`]; that nothing is kept at a place; else as [`Migrator::downgrade`].
    pub async fn purge<'c>(&mut self, database: impl IntoEndpoint<'c>, places: &[KeptPlace]) -> Result<Vec<KeptThing>, Error> {
        let endpoint = database.into_endpoint()?;
        let session = Session::open(endpoint, self.history, Purpose::Write, &self.options, &mut self.observer).await?;
        session.purge(self.history, places, &self.options, &mut self.observer).await
    }

    async fn run<'c>(&mut self, database: impl IntoEndpoint<'c>, direction: Direction, target: Target) -> Result<Report, Error> {
        let (endpoint, purpose) = (database.into_endpoint()?, purpose(direction));
        if purpose == Purpose::Create && endpoint.is_missing() {
            // A target that makes no sense must not leave an empty file.
            execute::rehearse(self.history, endpoint.database(), direction, &target)?;
        }
        let session = Session::open(endpoint, self.history, purpose, &self.options, &mut self.observer).await?;
        execute::run(session, self.job(Aim::Target(direction, target))).await
    }

    fn job<'j>(&'j mut self, aim: Aim<'j>) -> Job<'j, 'h> {
        let Migrator { history, options, observer } = self;
        Job { history, options, observer, aim }
    }
}

fn purpose(direction: Direction) -> Purpose {
    match direction {
        Direction::Upgrade => Purpose::Create,
        Direction::Downgrade => Purpose::Write,
    }
}
