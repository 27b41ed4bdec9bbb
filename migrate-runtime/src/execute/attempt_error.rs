//! Why an attempt at a step ended.

use crate::driver::{Driver, SealError};
use crate::{Cause, Error};

/// Why one attempt at a step ended.
pub(super) enum AttemptError {
    /// Somebody else uses a table.
    Contention(Cause),
    /// The COMMIT's reply was lost.
    Lost(Cause),
    /// The server ended the session before that.
    Ended(Cause),
    /// Anything else.
    Final(Error),
}

impl AttemptError {
    /// What a database says to something of our own in the transaction of a step.
    pub fn of<D: Driver>(doing: &'static str, error: sqlx::Error) -> AttemptError {
        if D::is_fenced(&error) {
            return AttemptError::Final(Error::LeaseLost { holder: None });
        }
        if D::is_contention(&error) {
            return AttemptError::Contention(Cause::of(error));
        }
        if D::is_ended(&error) {
            return AttemptError::Ended(Cause::of(error));
        }
        AttemptError::Final(Error::Database { doing, cause: Box::new(Cause::of(error)) })
    }

    /// Why a transaction must not be committed.
    pub fn unsealed(revision: &str, seal: SealError) -> AttemptError {
        let revision = revision.to_owned().into();
        AttemptError::Final(match seal {
            SealError::Ended => Error::TransactionEnded { revision },
            SealError::Dangling(violations) => Error::ForeignKeys { revision, violations },
            SealError::Unreadable(broken) => Error::BrokenSchema { revision, broken },
            SealError::Failed(error) => Error::while_doing("check the transaction")(error),
        })
    }

    /// The row that a step is about was taken away by somebody.
    pub fn gone(revision: &str) -> AttemptError {
        Error::Ledger(format!("the row of `{revision}` is not there any more\nhelp: run the command again")).into()
    }
}

impl From<Error> for AttemptError {
    fn from(error: Error) -> AttemptError {
        AttemptError::Final(error)
    }
}
