//! The few things that a program decides by when a run fails.

use migrate_history::plan::PlanError;

use super::Error;

/// What a program decides by when a run fails. The text of an error is for people, and its variants say more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The call itself is wrong: the URL, the target, or a database that the history or the build does not support.
    Usage,
    /// The database cannot be reached, refused the connection, or ended the session. The same call may succeed later.
    Connection,
    /// Migrations cannot run in this session or on this server: a pooler, a standby, an old server, a missing or another schema.
    Session,
    /// Another run or session holds a lock for longer than the run may wait. The same call may succeed later.
    Busy,
    /// The history and the ledger do not match, so there is no plan, or not the one that was agreed to.
    Plan,
    /// An applied migration was edited since.
    Edited,
    /// A downgrade would lose data, and there is no consent.
    Consent,
    /// The database is protected, and the change is not the reviewed one, or none was reviewed.
    Unreviewed,
    /// A check of the rows or of the schema refused a step, and nothing of it was done.
    Guard,
    /// A migration's own SQL or a function that it calls failed; the step was rolled back.
    Statement,
    /// The ledger or the settings around it cannot be read, written or understood.
    Ledger,
    /// The run was asked to stop. The same call continues it.
    Stopped,
    /// The reply to a COMMIT was lost, so it is not known whether the step is applied. The same call determines it.
    OutcomeUnknown,
}

impl Error {
    /// What a program decides by.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::Url(_) | Error::FeatureOff(_) | Error::Runtime(_) => ErrorKind::Usage,
            Error::Plan(problem) => of_problem(problem),
            Error::PlanChanged { .. } | Error::StampUnfinished { .. } => ErrorKind::Plan,
            Error::Unreviewed(_) => ErrorKind::Unreviewed,
            Error::Connect { .. } | Error::Ended { .. } => ErrorKind::Connection,
            Error::Database { cause, .. } | Error::Setting { cause, .. } if cause.is_about_connection() => ErrorKind::Connection,
            Error::Database { .. } | Error::NewerLedger { .. } | Error::Ledger(_) => ErrorKind::Ledger,
            Error::LeaseLost { .. } => ErrorKind::Busy,
            Error::NoEffect { .. } => ErrorKind::Session,
            Error::LockWait { .. } | Error::TableLocked { .. } | Error::LedgerLocked { .. } => ErrorKind::Busy,
            Error::Losses { .. } => ErrorKind::Consent,
            Error::Refused { .. } | Error::Unanswered { .. } | Error::DataFile { .. } => ErrorKind::Guard,
            Error::Differs(_) | Error::ForeignKeys { .. } | Error::BrokenSchema { .. } => ErrorKind::Guard,
            Error::Statement(_) | Error::Program(_) | Error::TransactionEnded { .. } => ErrorKind::Statement,
            Error::Stopped(_) => ErrorKind::Stopped,
            Error::OutcomeUnknown { .. } => ErrorKind::OutcomeUnknown,
            Error::Pooler | Error::Stranded { .. } | Error::Standby => ErrorKind::Session,
            Error::UnservedServer { .. } | Error::OldServer { .. } => ErrorKind::Session,
            Error::InTransaction | Error::NoSchema | Error::Setting { .. } | Error::PragmaIgnored => ErrorKind::Session,
            Error::Elsewhere(_) | Error::OtherSchema { .. } => ErrorKind::Session,
            Error::During { error, .. } => error.kind(),
        }
    }

    /// The driver's error, where the failure is one. `None` also where its text may hold a password.
    ///
    /// It is not the [`source`](std::error::Error::source), for the text of this error already has what it says.
    pub fn as_sqlx(&self) -> Option<&sqlx::Error> {
        match self {
            Error::Statement(error) => error.cause.as_sqlx(),
            Error::Program(error) => error.as_sqlx(),
            Error::Connect { cause, .. }
            | Error::Unanswered { cause, .. }
            | Error::TableLocked { cause, .. }
            | Error::LedgerLocked { cause, .. }
            | Error::Ended { cause, .. }
            | Error::OutcomeUnknown { cause, .. }
            | Error::Setting { cause, .. }
            | Error::Database { cause, .. } => cause.as_sqlx(),
            Error::During { error, .. } => error.as_sqlx(),
            Error::Url(_)
            | Error::FeatureOff(_)
            | Error::Runtime(_)
            | Error::Plan(_)
            | Error::PlanChanged { .. }
            | Error::Unreviewed(_)
            | Error::Refused { .. }
            | Error::Losses { .. }
            | Error::DataFile { .. }
            | Error::Differs(_)
            | Error::ForeignKeys { .. }
            | Error::BrokenSchema { .. }
            | Error::LockWait { .. }
            | Error::LeaseLost { .. }
            | Error::NoEffect { .. }
            | Error::StampUnfinished { .. }
            | Error::TransactionEnded { .. }
            | Error::Stopped(_)
            | Error::Pooler
            | Error::Stranded { .. }
            | Error::Standby
            | Error::UnservedServer { .. }
            | Error::OldServer { .. }
            | Error::InTransaction
            | Error::NoSchema
            | Error::PragmaIgnored
            | Error::Elsewhere(_)
            | Error::OtherSchema { .. }
            | Error::NewerLedger { .. }
            | Error::Ledger(_) => None,
        }
    }
}

fn of_problem(problem: &PlanError) -> ErrorKind {
    if problem.is_usage() {
        ErrorKind::Usage
    } else if let PlanError::Changed { .. } = problem {
        ErrorKind::Edited
    } else {
        ErrorKind::Plan
    }
}
