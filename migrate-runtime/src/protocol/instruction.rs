//! The instructions of a protocol.

use migrate_history::plan::Dropped;
use migrate_history::{Cursor, Guard, Keeping, Notice, Rebuild, Statement, Text};

use crate::Position;
use crate::journal::StepOutcome;

/// What is known of an earlier run of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It has not begun, or its transaction decides.
    NotBegun,
    /// It has begun; nothing of it is there, or the ledger's cursor says how far it is.
    Begun,
    /// It has begun, and half of it is there, which is cleaned up.
    Half,
    /// All of it is there, but not recorded as done.
    Done,
}

/// One instruction of a protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instruction<'p> {
    /// Begins a transaction, which rebuilds these tables and has so many statements.
    Begin { rebuild: Rebuild, statements: usize },
    /// Ends the step where another run has moved the journal.
    Check(Since),
    /// Refuses the step where one of them finds rows. All are asked, so that all refusals are reported at once.
    Guards(&'p [Guard]),
    /// Tells of which rows a reader should know.
    Notices(&'p [Notice]),
    /// Counts what is dropped, and refuses what there is no consent to.
    Drops(&'p [Dropped]),
    /// Lowers the lock timeout by what the statements before have taken.
    Wait,
    /// Runs a statement of the step in its transaction.
    Statement(Position, &'p Statement),
    /// Runs a statement outside of a transaction.
    Alone(Position, &'p Statement),
    /// Looks up which rows are next. Where there are none, the protocol goes on after [`Instruction::NextBatch`].
    Rows(&'p Text, Cursor),
    /// Runs a statement of the step for these rows.
    Batch(Position, &'p Statement),
    /// Goes back to [`Instruction::Rows`] while the transaction has time, and on after [`Instruction::NextBatch`] where no rows are left.
    MoreRows,
    /// Calls the function of the step. Where it is called in batches and leaves no cursor, the protocol goes on after [`Instruction::NextBatch`].
    Program,
    /// Goes to the last [`Instruction::Begin`], which is that of a batch.
    NextBatch,
    /// Records what the step does with data that is kept.
    Keep(&'p [Keeping]),
    /// Makes sure that the transaction may be committed, and puts the session back to our settings.
    Seal,
    /// Writes the ledger's row.
    Row(RowState),
    /// Adds an entry to the journal.
    Entry(StepOutcome<'p>),
    /// Commits.
    Commit,
    /// The step has a mode that this version does not run.
    Unsupported,
}

/// Since when no other run may have written into the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// Since the plan was made, or the step before was committed. A script, which has no position, asks what its plan builds on.
    Plan,
    /// Since the step has begun.
    Begun,
}

/// What the ledger's row says of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowState {
    /// It begins, outside of a transaction.
    Begun,
    /// Its cursor is at the last row of this batch.
    Moved,
    /// It is done.
    Done,
}
