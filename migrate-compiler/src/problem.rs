//! What is wrong with a migration, in the user's words.

use std::fmt;

use crate::brief;
use crate::footprint::{Part, Path};
use crate::help::Help;
use crate::name::Name;
use crate::rule;

/// One finding. A rule names the slot; the parser's marks know which token it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The rule, one of those in [`rule`], which is also the name of its UI test.
    pub code: &'static str,
    /// The piece of the migration it is about; filled in by who runs the piece.
    pub piece: Option<PieceId>,
    /// The entry of the piece that it is about, where it has several.
    pub entry: Option<EntryId>,
    /// The node of an expression that it is about.
    pub node: Option<Node>,
    /// The word that is wrong.
    pub slot: Slot,
    /// What is wrong: lower case, no full stop, at most 90 characters.
    pub message: String,
    /// What to write instead.
    pub help: Option<Help>,
    /// Why, or where something comes from.
    pub note: Option<String>,
    /// What the record of the migrations so far has to tell: the note, where it knows anything.
    pub origin: Option<Origin>,
}

/// What of the past explains a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Who made or last changed what is there.
    Made(Path),
    /// Who dropped or renamed what is not there.
    Dropped(Path),
}

impl Origin {
    /// Who made a part of a table.
    pub fn made(of: &Name, part: Part) -> Origin {
        Origin::Made(Path::new(of, part))
    }

    /// Who dropped a part of a table.
    pub fn dropped(of: &Name, part: Part) -> Origin {
        Origin::Dropped(Path::new(of, part))
    }
}

/// A piece of a migration: a statement, one action of a block, or a statement of an `undo` or `down` block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PieceId(pub usize);

/// An entry of a piece that has several, that is of `create table`, by its place among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryId {
    /// A column.
    Column(usize),
    /// A constraint, those that are written with a column included.
    Constraint(usize),
}

/// A node of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// Which expression of the entry, or of the piece, in the order in which they are written.
    pub expression: usize,
    /// Which node of it, as [`Expr::walk`](crate::expr::Expr::walk) comes to them.
    pub place: usize,
}

/// A word of a statement by the part it plays.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The part it plays.
    pub role: Role,
    /// The word, as the database keeps it.
    pub name: String,
    /// How often the same word was written before in this role: the second of two is the duplicate.
    pub nth: usize,
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
    /// A table that a query reads, by one of its names.
    From,
    /// A query: its `select`.
    Query,
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
    /// Something else that a schema has.
    Object,
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
        Slot { role, name: name.into(), nth: 0 }
    }

    /// The same word where it is written once more.
    #[must_use]
    pub fn nth(self, nth: usize) -> Slot {
        Slot { nth, ..self }
    }
}

impl Problem {
    /// A finding at a word.
    pub fn new(code: &'static str, slot: Slot, message: impl Into<String>) -> Problem {
        debug_assert!(rule::is_known(code), "`{code}` is not a rule");
        Problem {
            code,
            piece: None,
            entry: None,
            node: None,
            slot,
            message: brief::line(message.into()),
            help: None,
            note: None,
            origin: None,
        }
    }

    /// Says what to write instead, unless something nearer was said already.
    #[must_use]
    pub fn help(self, help: impl Into<Help>) -> Problem {
        self.help_if(Some(help.into()))
    }

    /// Says what to write instead where something is near.
    #[must_use]
    pub fn help_if(mut self, help: Option<impl Into<Help>>) -> Problem {
        self.help = self.help.or_else(|| help.map(Into::into));
        self
    }

    /// Says why.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Problem {
        self.note = Some(note.into());
        self
    }

    /// Says what of the past explains it.
    #[must_use]
    pub fn origin(self, origin: Origin) -> Problem {
        Problem { origin: Some(origin), ..self }
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

/// Collects findings. Dropping it with findings that were not taken is a defect, and a panic in debug builds.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<Problem>,
    /// What is not wrong, and what a reader should know all the same.
    remarks: Vec<String>,
    /// The piece that is being checked, and the entry of it.
    piece: Option<PieceId>,
    entry: Option<EntryId>,
}

impl Problems {
    /// A collector with nothing in it.
    pub fn new() -> Problems {
        Problems::default()
    }

    /// Collects findings about a piece.
    pub fn of<T>(&mut self, piece: PieceId, look: impl FnOnce(&mut Problems) -> T) -> T {
        let outer = self.piece.replace(piece);
        let found = look(self);
        self.piece = outer;
        found
    }

    /// Collects findings about an entry of the piece.
    pub fn of_entry<T>(&mut self, entry: EntryId, look: impl FnOnce(&mut Problems) -> T) -> T {
        let outer = self.entry.replace(entry);
        let found = look(self);
        self.entry = outer;
        found
    }

    /// Says which node of an expression the findings since the first so many are about, where that was not said more closely.
    pub fn place_since(&mut self, known: usize, node: impl FnOnce() -> Option<Node>) {
        if self.found.len() > known {
            let node = node();
            let new = self.found.split_off(known).into_iter();
            let placed = new.map(|problem| Problem { node: problem.node.or(node), ..problem });
            placed.for_each(|problem| self.push(problem));
        }
    }

    /// Adds a finding.
    pub fn push(&mut self, mut problem: Problem) {
        problem.piece = problem.piece.or(self.piece);
        problem.entry = problem.entry.or(self.entry);
        // The databases of a history may have the same to say.
        let place = |problem: &Problem| (problem.piece, problem.entry, problem.node);
        let same = |known: &Problem| {
            (known.code, &known.slot, &known.message) == (problem.code, &problem.slot, &problem.message)
                && place(known) == place(&problem)
        };
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

    /// What was found about a piece by a rule.
    pub fn find(&mut self, piece: PieceId, code: &str) -> Option<&mut Problem> {
        self.found.iter_mut().find(|problem| problem.piece == Some(piece) && problem.code == code)
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
        debug_assert!(self.found.is_empty() || std::thread::panicking(), "findings that were not reported: {:?}", self.found);
    }
}
