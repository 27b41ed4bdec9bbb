//! What a program asks of an error.

use migrate_history::Text;
use migrate_history::plan::Direction;

use super::{Cause, Error, ErrorKind};

impl Error {
    /// Whether the command itself is wrong (exit status 2), rather than its execution (1).
    pub fn is_usage(&self) -> bool {
        // What was begun is not wrong itself.
        self.kind() == ErrorKind::Usage && !matches!(self, Error::During { .. })
    }

    /// The migration that failed or was refused; `None` where nothing of any migration was begun.
    pub fn revision(&self) -> Option<&str> {
        match self {
            Error::Statement(error) => Some(&error.revision),
            Error::Program(error) => Some(&error.revision),
            Error::Differs(differs) => Some(&differs.revision),
            Error::During { revision, .. }
            | Error::Refused { revision, .. }
            | Error::Losses { revision, .. }
            | Error::Unanswered { revision, .. }
            | Error::DataFile { revision, .. }
            | Error::ForeignKeys { revision, .. }
            | Error::TableLocked { revision, .. }
            | Error::Ended { revision, .. }
            | Error::OldServer { revision, .. }
            | Error::StampUnfinished { revision }
            | Error::NoEffect { revision, .. }
            | Error::BrokenSchema { revision, .. }
            | Error::TransactionEnded { revision }
            | Error::OutcomeUnknown { revision, .. } => Some(revision),
            Error::Plan(problem) => problem.revision(),
            Error::Stopped(stopped) => stopped.incomplete.as_ref().map(|incomplete| &*incomplete.revision),
            Error::Url(_)
            | Error::FeatureOff(_)
            | Error::Runtime(_)
            | Error::PlanChanged { .. }
            | Error::Unreviewed(_)
            | Error::Connect { .. }
            | Error::LockWait { .. }
            | Error::LeaseLost { .. }
            | Error::LedgerLocked { .. }
            | Error::Pooler
            | Error::Stranded { .. }
            | Error::Standby
            | Error::UnservedServer { .. }
            | Error::InTransaction
            | Error::NoSchema
            | Error::Setting { .. }
            | Error::PragmaIgnored
            | Error::Elsewhere(_)
            | Error::OtherSchema { .. }
            | Error::NewerLedger { .. }
            | Error::Ledger(_)
            | Error::Database { .. } => None,
        }
    }

    /// What went wrong, without the migration in which it did.
    pub fn reason(&self) -> &Error {
        if let Error::During { error, .. } = self { error.reason() } else { self }
    }

    /// The same error, about this migration unless it is about one already.
    pub(crate) fn during(self, direction: Direction, revision: &Text) -> Error {
        match self.revision() {
            Some(_) => self,
            None => Error::During { revision: revision.clone(), direction, error: Box::new(self) },
        }
    }

    /// What went wrong while we were doing something of our own.
    pub(crate) fn while_doing(doing: &'static str) -> impl Fn(sqlx::Error) -> Error {
        move |error| Error::Database { doing, cause: Box::new(Cause::of(error)) }
    }

    /// What the journal keeps of it: no values of rows, not too long.
    pub(crate) fn brief(&self) -> String {
        let text = if let Error::Statement(error) = self {
            format!("statement {}: {}", error.statement, error.cause.brief())
        } else if let Error::Program(error) = self {
            error.brief()
        } else {
            self.to_string()
        };
        text.chars().take(1000).collect()
    }
}
