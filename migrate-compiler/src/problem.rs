//! What is wrong with a migration, in the user's words.

use std::fmt;

/// One finding. A rule names the slot; the parser's marks know which token it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The rule, which is also the name of its UI test.
    pub code: &'static str,
    /// The piece of the migration it is about; filled in by who runs the piece.
    pub piece: Option<PieceId>,
    /// The word that is wrong.
    pub slot: Slot,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Why, or where something comes from.
    pub note: Option<String>,
}

/// A piece of a migration: a statement, one action of a block, or a statement of an `undo` or `down` block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PieceId(pub usize);

/// A word of a statement by the part it plays.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The part it plays.
    pub role: Role,
    /// The word, as the database keeps it.
    pub name: String,
}

/// The part that a word plays in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The statement itself: its first word.
    Statement,
    /// The table that the statement is about.
    Table,
    /// A table that a foreign key refers to.
    Target,
    /// A column that is made or changed.
    Column,
    /// A column that a constraint, an index or an expression uses.
    Use,
    /// A column that a foreign key refers to.
    TargetColumn,
    /// The type of the column named.
    Type,
    /// The default of the column named.
    Default,
    /// A constraint, by name where it has one; else by its first column.
    Constraint,
    /// An index.
    Index,
    /// The method, class or option of an index.
    Option,
    /// The new name in a rename.
    To,
    /// A literal, by its text.
    Literal,
    /// Raw SQL, by its text.
    Raw,
    /// A function, by its name.
    Function,
    /// An operator, by its spelling.
    Operator,
    /// A condition of a check or an index, the expression as a whole.
    Expression,
    /// `using EXPR`
    Using,
    /// The rule in `#[allow(rule, …)]`.
    Allow,
    /// A word of an attribute, a setting or a condition.
    Word,
    /// The `undo` of the piece.
    Undo,
    /// The `down` block.
    Down,
    /// `require …`
    Require,
}

impl Slot {
    /// The statement as a whole.
    pub fn statement() -> Slot {
        Slot::new(Role::Statement, "")
    }

    /// A word in its role.
    pub fn new(role: Role, name: impl Into<String>) -> Slot {
        Slot { role, name: name.into() }
    }
}

impl Problem {
    /// A finding at a word.
    pub fn new(code: &'static str, slot: Slot, message: impl Into<String>) -> Problem {
        Problem { code, piece: None, slot, message: message.into(), help: None, note: None }
    }

    /// Says what to write instead, unless something nearer was said already.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Problem {
        self.help_if(Some(help.into()))
    }

    /// Says what to write instead where something is near.
    #[must_use]
    pub fn help_if(mut self, help: Option<String>) -> Problem {
        self.help = self.help.or(help);
        self
    }

    /// Says why.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Problem {
        self.note = Some(note.into());
        self
    }

    /// Says why where it is known.
    #[must_use]
    pub fn note_if(mut self, note: Option<String>) -> Problem {
        self.note = self.note.or(note);
        self
    }
}

impl fmt::Display for Problem {
    /// Message, help and note, a line each.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)?;
        if let Some(help) = &self.help {
            write!(out, "\nhelp: {help}")?;
        }
        if let Some(note) = &self.note {
            write!(out, "\nnote: {note}")?;
        }
        Ok(())
    }
}

/// Collects findings. Dropping it with findings that nobody took is a defect, and a panic in debug builds.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<Problem>,
    /// What is not wrong, and what a reader should know all the same.
    remarks: Vec<String>,
    /// The piece that is being looked at.
    piece: Option<PieceId>,
}

impl Problems {
    /// A collector with nothing in it.
    pub fn new() -> Problems {
        Problems::default()
    }

    /// Says which piece the findings to come are about.
    pub fn at(&mut self, piece: Option<PieceId>) {
        self.piece = piece;
    }

    /// Adds a finding.
    pub fn push(&mut self, mut problem: Problem) {
        problem.piece = problem.piece.or(self.piece);
        let same =
            |known: &Problem| (known.code, known.piece) == (problem.code, problem.piece) && known.message == problem.message;
        if !self.found.iter().any(same) {
            self.found.push(problem);
        }
    }

    /// Adds what a reader of the plan should know.
    pub fn remark(&mut self, remark: String) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// What was remarked.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// Adds what was not said in the same words already, about another piece.
    pub fn add_new(&mut self, other: Problems) {
        other.remarks.iter().for_each(|remark| self.remark(remark.clone()));
        for problem in other.take() {
            if !self.found.iter().any(|known| (known.code, &known.message) == (problem.code, &problem.message)) {
                self.push(problem);
            }
        }
    }

    /// Whether something is wrong with a piece.
    pub fn has(&self, piece: PieceId) -> bool {
        self.found.iter().any(|problem| problem.piece == Some(piece))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The findings; the collector is used up.
    #[must_use]
    pub fn take(mut self) -> Vec<Problem> {
        std::mem::take(&mut self.found)
    }

    /// Adds all of another's.
    pub fn absorb(&mut self, other: Problems) {
        other.remarks.iter().for_each(|remark| self.remark(remark.clone()));
        for problem in other.take() {
            self.push(problem);
        }
    }
}

impl Drop for Problems {
    fn drop(&mut self) {
        debug_assert!(self.found.is_empty() || std::thread::panicking(), "findings that nobody reported: {:?}", self.found);
    }
}
