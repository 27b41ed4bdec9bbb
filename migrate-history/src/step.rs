//! A step: what is recorded as done at once, how it is run, and what is checked before it.

use std::borrow::Cow;

use super::{Calls, Keeping, List, Statement, Tally, Text, Touches};

/// What is recorded as done at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is called within its migration and direction, where no other step has the name: the ledger's plan knows it by that.
    pub id: Text,
    /// How it is run.
    pub mode: Mode,
    /// The statements, in order.
    pub statements: List<Statement>,
    /// Run before the step changes anything; if one finds rows, the step is refused.
    pub guards: List<Guard>,
    /// Run before the step changes anything; what one finds is only reported. Separate from the guards, so that no program
    /// takes a report for a refusal.
    pub notices: List<Notice>,
    /// What decides about a step that has begun and is not known to be done; `None` where its transaction decides.
    pub probe: Option<Probe>,
    /// What does the same in one transaction with other steps while other sessions wait: in a script, and where the database is not in use yet.
    /// Nothing where the statements do.
    pub plain: List<Statement>,
    /// What the statements lock, and what they do with the rows of it.
    pub touches: Touches,
    /// What undoes the migration while the steps before this one are done and it is not; `None` where the migration must be finished first.
    pub unwind: Option<Box<Unwind>>,
    /// What it does with data that is kept, which is recorded next to the ledger in the transaction that does it.
    pub keeps: List<Keeping>,
}

/// How a step is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One transaction that holds the statements and the ledger's row.
    Transaction {
        /// Which tables are rebuilt.
        rebuild: Rebuild,
    },
    /// Statements outside of a transaction, one after the other.
    Alone,
    /// Many transactions, each of which takes the next rows in the order of a key and moves the ledger's cursor on.
    Batches {
        /// A query for the last key of the rows that are next, as [`Cursor`] says.
        next: Text,
        /// What that key is, and where it is written.
        cursor: Cursor,
    },
    /// A function of the program; there are no statements.
    Program {
        /// The name that the program knows it by.
        name: Text,
        /// How it is called.
        calls: Calls,
    },
    /// A mode of a newer version, which can be listed and stored again, and is never run.
    Unknown {
        /// Its name.
        name: Text,
        /// What that version says about it.
        details: Text,
    },
}

/// How far a step in batches is, in the ledger and in its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// A text. The query has one row with one column, and null there where no rows are left; how many are next is its own business. It and
    /// the statements have `{after}` where the cursor is written as a literal, null at first, and the statements `{upto}` for the new one.
    Text,
    /// The values of a key. The query has a row with a literal of SQL for each of them, and how many rows are next; no row where none are
    /// left. It takes `{rows}` of them at most, or `{rows 500}` where a transaction takes no more than 500. It and the statements have `{after 1}` where the first value of the cursor is written, and
    /// the statements `{upto 1}` for that of the new one. What is between `{after?` and `?}` is left out at first; `{brace}` and `{end}`
    /// are braces.
    Key,
}

/// Which tables a transaction rebuilds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rebuild {
    /// None.
    #[default]
    Nothing,
    /// SQLite only: some, so `PRAGMA foreign_keys` must be off *before* the transaction begins (inside one it does nothing, and
    /// dropping the old table would delete the rows that reference it), `PRAGMA foreign_key_check` must find nothing new before the
    /// commit, and the setting must be restored after it.
    Tables,
}

/// A query before a step: because of how many rows is it refused?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// A query with one row and one column, a count; if it is more than zero, the step is refused.
    pub query: Text,
    /// What follows the number: "rows of `users` with null in `nickname`, which the downgrade makes not null".
    pub refusal: Text,
}

/// A query before a step whose answer is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// A query with one row and one column, a count; more than zero is reported.
    pub query: Text,
    /// What follows the number: "rows of `users` that the downgrade changes".
    pub finding: Text,
}

/// How the state of a step outside of a transaction is determined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// A query with one row and one column of text: `done`, `half` or `nothing`.
    pub query: Text,
    /// What removes a half-done step, so that it can begin again.
    pub cleanup: List<Statement>,
}

/// What undoes a migration of which the steps before one are done: it restores the schema before it where it was an upgrade, and the one after
/// it where it was a downgrade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwind {
    /// What removes all that is left of the step itself, where it has begun outside of a transaction and it is unknown how far it came;
    /// `None` where it must be finished first.
    pub begun: Option<List<Step>>,
    /// What undoes the steps before it.
    pub steps: List<Step>,
    /// What that does not restore; see [`Compiled::losses`](crate::Compiled::losses).
    pub losses: List<Text>,
    /// What it drops of that which the steps have made; see [`Script::drops`](crate::Script::drops).
    pub drops: List<Tally>,
    /// See [`Script::moves`](crate::Script::moves).
    pub moves: List<Text>,
}

/// Whether a step outside of a transaction has begun, after the steps that are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// It has not.
    NotBegun,
    /// It has, and it is unknown how far it came.
    Begun,
}

impl Step {
    /// A step without statements, which is a row of the ledger all the same.
    pub const EMPTY: Step = Step {
        id: Text::Borrowed("1"),
        mode: Mode::Transaction { rebuild: Rebuild::Nothing },
        statements: List::Borrowed(&[]),
        guards: List::Borrowed(&[]),
        notices: List::Borrowed(&[]),
        probe: None,
        plain: List::Borrowed(&[]),
        touches: Touches::NONE,
        unwind: None,
        keeps: List::Borrowed(&[]),
    };

    /// One transaction.
    pub fn transaction(rebuild: Rebuild, statements: impl Into<List<Statement>>) -> Step {
        Step { mode: Mode::Transaction { rebuild }, statements: statements.into(), ..Step::EMPTY }
    }

    /// Steps as the forms before modes had them: each is called by its number, and what was asked before all of them is asked before
    /// the first.
    pub fn of_older(mut steps: Vec<Step>, guards: List<Guard>) -> List<Step> {
        if steps.is_empty() && !guards.is_empty() {
            steps.push(Step::EMPTY);
        }
        for (place, step) in steps.iter_mut().enumerate() {
            step.id = Cow::Owned((place + 1).to_string());
            step.touches = Touches::NOT_SAID;
        }
        if let Some(first) = steps.first_mut() {
            first.guards = guards;
        }
        steps.into()
    }

    /// What does it in a transaction with other statements, while other sessions wait.
    pub fn inside(&self) -> &[Statement] {
        if self.plain.is_empty() { &self.statements } else { &self.plain }
    }

    /// The step as one transaction.
    #[must_use]
    pub fn at_once(&self) -> Step {
        let mode = if self.plain.is_empty() { self.mode.clone() } else { Mode::Transaction { rebuild: Rebuild::Nothing } };
        // Other statements lock otherwise.
        let touches = if self.plain.is_empty() { self.touches.clone() } else { Touches::NOT_SAID };
        Step { mode, statements: self.inside().to_vec().into(), probe: None, touches, unwind: None, ..self.clone() }
    }

    /// Whether both run in the same way. What they touch and how they are undone half way does not matter, since an older ledger does not have it.
    pub fn runs_as(&self, other: &Step) -> bool {
        let bare = |step: &Step| Step { touches: Touches::NONE, unwind: None, ..step.clone() };
        bare(self) == bare(other)
    }

    /// Whether it is one transaction with its row of the ledger.
    pub fn is_transaction(&self) -> bool {
        matches!(self.mode, Mode::Transaction { .. } | Mode::Program { calls: Calls::Once, .. })
    }

    /// Whether there is a query before the first statement.
    pub fn asks_first(&self) -> bool {
        !(self.guards.is_empty() && self.notices.is_empty())
    }
}

impl Unwind {
    /// All that is done, in order; `None` where the step that has begun must be finished first.
    pub fn from(&self, beginning: Beginning) -> Option<Vec<Step>> {
        let first = match (beginning, &self.begun) {
            (Beginning::NotBegun, Some(_) | None) => &[],
            (Beginning::Begun, Some(steps)) => &**steps,
            (Beginning::Begun, None) => return None,
        };
        Some(first.iter().chain(&*self.steps).cloned().collect())
    }
}

impl Rebuild {
    /// Of two changes in one transaction.
    #[must_use]
    pub fn and(self, other: Rebuild) -> Rebuild {
        match (self, other) {
            (Rebuild::Nothing, Rebuild::Nothing) => Rebuild::Nothing,
            (Rebuild::Tables, Rebuild::Nothing | Rebuild::Tables) | (Rebuild::Nothing, Rebuild::Tables) => Rebuild::Tables,
        }
    }
}

impl Mode {
    /// Its name, and what else is to be said of it: as it is packed and stored, so that a version that does not know a mode can still
    /// read what has it.
    pub fn written(&self) -> (&str, &str) {
        match self {
            Mode::Transaction { rebuild: Rebuild::Nothing } => ("transaction", ""),
            Mode::Transaction { rebuild: Rebuild::Tables } => ("transaction", "rebuild"),
            Mode::Alone => ("alone", ""),
            Mode::Batches { next, cursor: Cursor::Text } => ("batches", next),
            // A version that knows batches by a text alone must not run these.
            Mode::Batches { next, cursor: Cursor::Key } => ("batches by key", next),
            Mode::Program { name, calls } => (calls.mode(), name),
            Mode::Unknown { name, details } => (name, details),
        }
    }

    /// The mode that was written so.
    pub fn from_written(name: String, details: String) -> Mode {
        match (&*name, &*details) {
            ("transaction", "") => Mode::Transaction { rebuild: Rebuild::Nothing },
            ("transaction", "rebuild") => Mode::Transaction { rebuild: Rebuild::Tables },
            ("alone", "") => Mode::Alone,
            ("batches", _) => Mode::Batches { next: Cow::Owned(details), cursor: Cursor::Text },
            ("batches by key", _) => Mode::Batches { next: Cow::Owned(details), cursor: Cursor::Key },
            _ => match Calls::ALL.iter().copied().find(|calls| calls.mode() == name) {
                Some(calls) => Mode::Program { name: Cow::Owned(details), calls },
                None => Mode::Unknown { name: Cow::Owned(name), details: Cow::Owned(details) },
            },
        }
    }
}
