//! The builder behind [`crate::upgrade`] and its sisters.

use std::time::Duration;

use migrate_model::history::{History, Text};
use migrate_model::plan::{Direction, Plan, Target};

use crate::access::IntoTarget;
use crate::event::{Event, Observer};
use crate::execute::{self, Job};
use crate::options::Options;
use crate::session::{Mode, Session};
use crate::{Current, Error, Report};

/// Runs a history with settings and an observer.
///
/// ```no_run
/// # async fn example(history: &migrate_model::history::History) -> Result<(), migrate_runtime::Error> {
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
    agreed: Option<Vec<Text>>,
}

impl<'h> Migrator<'h> {
    /// A runner of `history` with the default settings and no observer.
    pub fn new(history: &'h History) -> Migrator<'h> {
        Migrator { history, options: Options::default(), observer: Observer::silent(), agreed: None }
    }

    /// Is told everything that happens, in order, on the task that runs the migrations.
    #[must_use]
    pub fn observer(mut self, callback: impl FnMut(&Event) + Send + 'h) -> Migrator<'h> {
        self.observer = Observer::new(callback);
        self
    }

    /// Runs nothing but what this plan says: a target such as `-1` means something else where another runner was there since the
    /// plan was made, and then the run is refused.
    #[must_use]
    pub fn agreed(mut self, plan: &Plan) -> Migrator<'h> {
        self.agreed = Some(plan.migrations.iter().map(|planned| planned.revision.clone()).collect());
        self
    }

    /// How long to wait for another runner. Ten minutes by default.
    #[must_use]
    pub fn lock_wait(mut self, wait: Duration) -> Migrator<'h> {
        self.options.lock_wait = wait;
        self
    }

    /// PostgreSQL: how long one attempt of a step may wait for a lock on a table, and so how long others may wait behind
    /// it. Two seconds by default; zero waits for ever.
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

    /// Applies what is pending, up to `target`.
    ///
    /// # Errors
    /// See [`crate::upgrade`].
    pub async fn upgrade<'c>(&mut self, database: impl IntoTarget<'c>, target: &str) -> Result<Report, Error> {
        self.run(database, Direction::Upgrade, target).await
    }

    /// Undoes what is applied, down to `target`.
    ///
    /// # Errors
    /// See [`crate::downgrade`].
    pub async fn downgrade<'c>(&mut self, database: impl IntoTarget<'c>, target: &str) -> Result<Report, Error> {
        self.run(database, Direction::Downgrade, target).await
    }

    /// What a run would do. Only reads.
    ///
    /// # Errors
    /// As the run would before it touches anything.
    pub async fn plan<'c>(&mut self, database: impl IntoTarget<'c>, direction: Direction, target: &str) -> Result<Plan, Error> {
        let target = Target::parse(target)?;
        let session = Session::open(database.into_target()?, self.history, Mode::Read, &self.options).await?;
        session.plan(self.history, direction, &target).await
    }

    /// What is applied and what is pending. Only reads.
    ///
    /// # Errors
    /// See [`crate::current`].
    pub async fn current<'c>(&mut self, database: impl IntoTarget<'c>) -> Result<Current, Error> {
        let session = Session::open(database.into_target()?, self.history, Mode::Read, &self.options).await?;
        session.current(self.history).await
    }

    async fn run<'c>(&mut self, database: impl IntoTarget<'c>, direction: Direction, target: &str) -> Result<Report, Error> {
        let target = Target::parse(target)?;
        let mode = match direction {
            Direction::Upgrade => Mode::Create,
            Direction::Downgrade => Mode::Write,
        };
        let access = database.into_target()?;
        if access.is_missing() {
            // A target that makes no sense must not leave an empty file.
            execute::rehearse(self.history, access.database(), direction, &target)?;
        }
        let session = Session::open(access, self.history, mode, &self.options).await?;
        let Migrator { history, options, observer, agreed } = self;
        execute::run(session, Job { history, options, observer, direction, target, agreed: agreed.as_deref() }).await
    }
}
