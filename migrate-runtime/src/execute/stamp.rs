//! Recording what is applied without running it: one transaction over the rows of the ledger.

use std::collections::{BTreeMap, BTreeSet};

use migrate_history::plan::{Applied, Direction, Goal, Graph, PlanError, Target, TargetError};
use migrate_history::{History, Migration, Rebuild, Text};

use super::runner::{Job, LedgerReading, Runner};
use crate::backoff::Backoff;
use crate::driver::{CommitError, Driver};
use crate::ledger::Snapshot;
use crate::session::Session;
use crate::sql::{Parameter, Query};
use crate::stamped::{OldRows, Stamped};
use crate::version::refuse_unserved;
use crate::who::who;
use crate::{Cause, Error, journal};

/// What the errors of the database are about.
const DOING: &str = "record what is applied";

/// Records exactly the target and what comes before it, in a session that it closes.
pub(crate) async fn stamp(session: Session<'_>, job: Job<'_, '_>, target: &Target, old: OldRows) -> Result<Stamped, Error> {
    match session {
        #[cfg(feature = "postgres")]
        Session::Postgres(driver) => drive(driver, job, target, old).await,
        #[cfg(feature = "_sqlite")]
        Session::Sqlite(driver) => drive(driver, job, target, old).await,
        Session::Missing(..) => Ok(Stamped::default()),
    }
}

async fn drive<D: Driver>(driver: D, job: Job<'_, '_>, target: &Target, old: OldRows) -> Result<Stamped, Error> {
    let mut runner = Runner::new(driver, job);
    let result = runner.stamped(target, old).await;
    // The lock ends with its session where it cannot be released.
    let closed = runner.driver.close().await;
    let stamped = result?;
    closed.map(|()| stamped)
}

impl<D: Driver> Runner<'_, '_, D> {
    async fn stamped(&mut self, target: &Target, old: OldRows) -> Result<Stamped, Error> {
        refuse_unserved(&mut self.driver, self.job.history).await?;
        self.stamp.origin = "stamp";
        self.stamp.by = Parameter::from(who());
        let first = self.read(LedgerReading::First).await?;
        // A target that makes no sense must not make a ledger.
        let changes = self.changes(&first, target, old)?;
        self.refuse_unreviewed_change(&changes.lines(), &first).await?;
        self.driver.lock(self.job.options, self.job.observer).await?;
        self.prepare_ledger(first.format).await?;
        let mut backoff = Backoff::for_retry(self.job.options.retry_for);
        loop {
            let snapshot = self.read(LedgerReading::Locked).await?;
            let changes = self.changes(&snapshot, target, old)?;
            self.refuse_unreviewed_change(&changes.lines(), &snapshot).await?;
            let Err(cause) = self.record_all(&self.queries(&changes), DOING).await? else { return Ok(changes.stamped()) };
            self.driver.rollback().await;
            let Some(pause) = backoff.pause() else { return Err(Error::Database { doing: DOING, cause: Box::new(cause) }) };
            self.pause(pause).await?;
        }
    }

    /// What has to change, given what the ledger has.
    fn changes(&self, snapshot: &Snapshot, target: &Target, old: OldRows) -> Result<RowChanges, Error> {
        if let Some(row) = snapshot.applied.iter().find(|row| !row.is_complete()) {
            return Err(Error::StampUnfinished { revision: row.revision.clone() });
        }
        let history = self.job.history;
        let direction = target.direction();
        let graph = Graph::of(history).map_err(PlanError::from)?;
        let goal = Goal::resolve(history, &snapshot.applied, direction, target)?;
        let there: BTreeSet<&Text> = snapshot.applied.iter().map(|row| &row.revision).collect();
        // A downgrade says what may be applied at most, and what is not applied stays so.
        let is_wanted = |revision: &&Text| direction == Direction::Upgrade || there.contains(revision);
        let beside = beside(history, &snapshot.applied, target)?;
        let own = goal.revisions.iter().filter(|one| graph.contains(one)).filter(is_wanted);
        let wanted: BTreeSet<&Text> = own.chain(beside.iter().filter(|one| there.contains(one))).collect();
        // A revision that only the ledger has is nothing that could be recorded.
        if wanted.is_empty() && direction == Direction::Upgrade && !history.migrations.is_empty() {
            let target = target.to_string();
            return Err(PlanError::from(TargetError::Unknown { target, near: None }).into());
        }
        let known: BTreeMap<&Text, &'static Migration> = history.migrations.iter().map(|one| (&one.id, *one)).collect();
        let goes = |revision: &Text| match old {
            OldRows::Removed => true,
            OldRows::Kept => known.contains_key(revision) && !wanted.contains(revision),
        };
        let removed: Vec<Text> = there.iter().copied().filter(|revision| goes(revision)).cloned().collect();
        let comes = |revision: &&Text| wanted.contains(*revision) && (!there.contains(*revision) || removed.contains(*revision));
        let added = graph.order().iter().filter(comes).filter_map(|revision| known.get(revision).copied()).collect();
        Ok(RowChanges { added, removed })
    }

    /// Writes to the ledger in one transaction, again and again while somebody else uses it.
    pub(super) async fn record(&mut self, queries: &[Query], doing: &'static str) -> Result<(), Error> {
        let mut backoff = Backoff::for_retry(self.job.options.retry_for);
        while let Err(cause) = self.record_all(queries, doing).await? {
            self.driver.rollback().await;
            let Some(pause) = backoff.pause() else { return Err(Error::Database { doing, cause: Box::new(cause) }) };
            self.pause(pause).await?;
        }
        Ok(())
    }

    /// The transaction; why it was in vain where somebody else uses the ledger.
    async fn record_all(&mut self, queries: &[Query], doing: &'static str) -> Result<Result<(), Cause>, Error> {
        self.driver.begin(Rebuild::Nothing, 1, self.job.observer).await?;
        let done = match self.write_all(queries).await {
            Ok(()) => match self.driver.commit().await {
                Ok(()) => return Ok(Ok(())),
                Err(CommitError::Refused(error) | CommitError::Lost(error)) => error,
            },
            Err(error) => error,
        };
        if D::is_contention(&done) {
            return Ok(Err(Cause::of(done)));
        }
        self.driver.rollback().await;
        Err(Error::while_doing(doing)(done))
    }

    async fn write_all(&mut self, queries: &[Query]) -> Result<(), sqlx::Error> {
        for query in queries {
            self.driver.write(query).await?;
        }
        Ok(())
    }

    /// What writes the changes.
    fn queries(&self, changes: &RowChanges) -> Vec<Query> {
        let ledger = self.driver.ledger();
        let mut queries: Vec<Query> = Vec::new();
        for revision in &changes.removed {
            queries.push(ledger.delete(&self.stamp, revision));
            queries.push(journal::stamped(&ledger, &self.stamp, (Direction::Downgrade, revision, None)));
        }
        for migration in &changes.added {
            queries.push(ledger.stamp(&self.stamp, migration));
            let checksum = Some(migration.checksum().to_owned());
            queries.push(journal::stamped(&ledger, &self.stamp, (Direction::Upgrade, &migration.id, checksum)));
        }
        queries
    }
}

/// What a target of one branch leaves as it is: everything that is not of that branch.
fn beside(history: &History, applied: &[Applied], target: &Target) -> Result<BTreeSet<Text>, PlanError> {
    let Some(branch) = target.branch() else { return Ok(BTreeSet::new()) };
    let base = Target::Branch { branch: branch.to_owned(), target: Box::new(Target::Base) };
    Ok(Goal::resolve(history, applied, Direction::Downgrade, &base)?.revisions)
}

/// The rows that come and go.
struct RowChanges {
    added: Vec<&'static Migration>,
    removed: Vec<Text>,
}

impl RowChanges {
    /// What a reviewer reads of them.
    fn lines(&self) -> Vec<String> {
        let removed = self.removed.iter().map(|revision| format!("record `{revision}` no longer"));
        let added = self.added.iter().map(|migration| format!("record `{}` as applied", migration.id));
        removed.chain(added).collect()
    }

    /// What is recorded differently now; a row that is written again is in neither list.
    fn stamped(self) -> Stamped {
        let added: Vec<Text> = self.added.iter().map(|migration| migration.id.clone()).collect();
        let again = |revision: &Text| added.contains(revision) && self.removed.contains(revision);
        let removed = self.removed.iter().filter(|revision| !again(revision)).cloned().collect();
        Stamped { added: added.iter().filter(|revision| !again(revision)).cloned().collect(), removed }
    }
}
