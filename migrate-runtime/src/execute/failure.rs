//! Why an attempt at a step ended.

use migrate_history::plan::Plan;

use crate::driver::{Driver, Seal};
use crate::planned_step::PlannedStep;
use crate::{Cause, Error};

/// One step of a run.
#[derive(Clone, Copy)]
pub(super) struct Task<'p> {
    /// The plan that the run began with.
    pub first: &'p Plan,
    pub of: PlannedStep<'p>,
}

/// Why one attempt at a step ended.
pub(super) enum Failure {
    /// Somebody else uses a table.
    Contention(Cause),
    /// The COMMIT's reply was lost.
    Lost(Cause),
    /// The server ended the session before that.
    Ended(Cause),
    /// Anything else.
    Final(Error),
}

impl Failure {
    /// What a database says to something of our own in the transaction of a step.
    pub fn of<D: Driver>(doing: &'static str, error: sqlx::Error) -> Failure {
        if D::is_contention(&error) {
            return Failure::Contention(Cause::of(error));
        }
        if D::is_ended(&error) {
            return Failure::Ended(Cause::of(error));
        }
        Failure::Final(Error::Database { doing, cause: Box::new(Cause::of(error)) })
    }

    /// Why a transaction must not be committed.
    pub fn unsealed(revision: &str, seal: Seal) -> Failure {
        let revision = revision.to_owned().into();
        Failure::Final(match seal {
            Seal::Ended => Error::TransactionEnded { revision },
            Seal::Dangling(violations) => Error::ForeignKeys { revision, violations },
            Seal::Unreadable(broken) => Error::BrokenSchema { revision, broken },
            Seal::Failed(error) => Error::while_doing("check the transaction")(error),
        })
    }

    /// The row that a step is about was taken away by somebody.
    pub fn gone(revision: &str) -> Failure {
        Error::Ledger(format!("the row of `{revision}` is not there any more; run the command again")).into()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Final(error)
    }
}
