//! The operations of the language. Each defines its meaning: what it does to a schema, its reverse operation, its effects, its DDL.
//!
//! Adding one is its struct and its [`Operate`] in the file of its family, and one line in the list below; the compiler names
//! what is missing then.

mod about;
mod alter;
mod column;
mod comment;
mod complete;
mod constraint;
pub(crate) mod exchange;
mod expect;
mod index;
mod keep;
mod object;
mod program;
mod raw;
pub(crate) mod resolve;
mod rows;
pub(crate) mod table;
mod texts;
mod unnamed;
mod value;

pub use about::{About, RowKeeping, Rows};
pub(crate) use column::plain_value;
pub use column::{
    AddColumn, AlterType, CommentColumn, DropColumn, DropDefault, DropNotNull, KeepColumn, RenameColumn, RestoreColumn,
    SetCounter, SetDefault, SetNotNull,
};
pub use comment::CommentTable;
pub use constraint::{AddConstraint, AlterConstraint, DropConstraint, RenameConstraint};
pub(crate) use constraint::{key_used, referring};
pub use expect::Expect;
pub use index::{CreateIndex, DropIndex, RenameIndex};
pub use keep::{KeepTable, RestoreTable};
pub use object::{CreateObject, DropObject, RenameObject};
pub use program::RunProgram;
pub use raw::RunSql;
pub use rows::{
    Backfill, DeleteRows, Deleter, InsertQuery, InsertRows, KeepRows, KeptChange, LoadRows, RestoreRows, Truncate, UpdateRows,
};
pub use table::{CreateTable, DropTable, RenameTable};
pub use unnamed::UnnamedConstraint;
pub use value::{AddValue, DropValue, RenameValue, ValuePosition};

use std::fmt;

use crate::ddl::Ddl;
use crate::effect::Effects;
use crate::expr::Expr;
use crate::footprint::Footprint;
use crate::name::Name;
use crate::problem::Problems;
use crate::rows::Seeds;
use crate::rows_file::RowsFile;
use crate::schema::{Constraint, Schema};

/// What an operation means.
pub trait Operate: fmt::Display {
    /// Fills in what the user may leave out and the schema knows: names of constraints, indexes and sequences, and the
    /// columns that a foreign key refers to.
    fn complete(&mut self, before: &Schema);

    /// Does it to a schema. What is wrong goes to `problems`, and as much is done as can be, so that one mistake is one error.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems);

    /// The reverse operation, for the schema in which it was done.
    fn reverse(&self, before: &Schema) -> Reversal;

    /// Says that it must be undone, and what tells it from all other statements: whatever that takes of what it does is recorded.
    fn recorded_as(&mut self, _id: &str, _before: &Schema) {}

    /// The rows that it inserts with values that are known.
    fn seeds(&self, _before: &Schema) -> Option<Seeds> {
        None
    }

    /// The file whose rows it inserts.
    fn file(&self, _before: &Schema) -> Option<RowsFile> {
        None
    }

    /// What brings the schema back, whatever becomes of the rows: what raw SQL that is written as its downgrade is believed to do.
    fn restores(&self, before: &Schema) -> Vec<Operation> {
        match self.reverse(before) {
            Reversal::Back(operations) => operations,
            Reversal::Impossible { .. } => Vec::new(),
        }
    }

    /// What it makes, drops, renames or changes.
    fn about(&self, before: &Schema) -> About;

    /// The column that it drops, whose values may be written again by `undo default`.
    fn dropped_column(&self) -> Option<&str> {
        None
    }

    /// What brings that column back, with this value in every row.
    fn restored_with(&self, _before: &Schema, _value: &Expr) -> Option<Operation> {
        None
    }

    /// What can be done to a batch of the rows in each transaction.
    fn in_batches(&self) -> Option<&UpdateRows> {
        None
    }

    /// The constraints that it adds, each with its table.
    fn constraints(&self) -> Vec<(&Name, &Constraint)> {
        Vec::new()
    }

    /// Whether it sends statements to the database, whose settings may be said.
    fn sends_statements(&self) -> bool {
        true
    }

    /// What holds the comment that is written before it, or before one of its entries; `None` where the databases keep none.
    fn comment_of(&mut self, _what: Commented) -> Option<&mut Option<String>> {
        None
    }

    /// Its statement in a few words, for a sentence about it.
    fn title(&self) -> String {
        self.to_string()
    }

    /// The expressions in it, each with the tables whose columns it can use.
    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        Vec::new()
    }

    /// What it does to rows and to running applications.
    fn effects(&self, before: &Schema) -> Effects;

    /// What it makes, changes or removes, and what it depends on, on any database.
    fn touches(&self, before: &Schema, footprint: &mut Footprint);

    /// What a dialect is to render.
    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl>;

    /// What the rows are followed through, where it is less than what is rendered.
    fn followed(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        self.lower(before, after)
    }
}

/// What a comment is written before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commented {
    /// The statement or the action.
    Whole,
    /// A column of a new table, by its place among the columns.
    Column(usize),
}

/// The reverse of an operation.
#[derive(Clone, Debug)]
pub enum Reversal {
    /// These operations, in the order in which they run.
    Back(Vec<Operation>),
    /// There is none that fits every row or brings everything back.
    Impossible {
        /// Why: "`email` has no default, so the rows would have no value for it".
        why: String,
        /// What the user can write.
        write: String,
    },
}

/// Declares the operations once; whatever must treat all of them alike is generated here.
macro_rules! operations {
    ($($name:ident),* $(,)?) => {
        /// One operation.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Operation {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name)),*
        }

        $(impl From<$name> for Operation {
            fn from(operation: $name) -> Operation {
                Operation::$name(operation)
            }
        })*

        impl Operation {
            /// The names of all operations.
            pub const NAMES: &[&str] = &[$(stringify!($name)),*];

            /// The operation's name in this list.
            pub fn name(&self) -> &'static str {
                match self { $(Operation::$name(_) => stringify!($name)),* }
            }

            /// See [`Operate::complete`].
            pub fn complete(&mut self, before: &Schema) {
                match self { $(Operation::$name(operation) => operation.complete(before)),* }
            }

            /// See [`Operate::apply`].
            pub fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
                match self { $(Operation::$name(operation) => operation.apply(schema, problems)),* }
            }

            /// See [`Operate::reverse`].
            pub fn reverse(&self, before: &Schema) -> Reversal {
                match self { $(Operation::$name(operation) => operation.reverse(before)),* }
            }

            /// See [`Operate::recorded_as`].
            pub fn recorded_as(&mut self, id: &str, before: &Schema) {
                match self { $(Operation::$name(operation) => operation.recorded_as(id, before)),* }
            }

            /// See [`Operate::seeds`].
            pub fn seeds(&self, before: &Schema) -> Option<Seeds> {
                match self { $(Operation::$name(operation) => operation.seeds(before)),* }
            }

            /// See [`Operate::file`].
            pub fn file(&self, before: &Schema) -> Option<RowsFile> {
                match self { $(Operation::$name(operation) => operation.file(before)),* }
            }

            /// See [`Operate::restores`].
            pub fn restores(&self, before: &Schema) -> Vec<Operation> {
                match self { $(Operation::$name(operation) => operation.restores(before)),* }
            }

            /// See [`Operate::about`].
            pub fn about(&self, before: &Schema) -> About {
                match self { $(Operation::$name(operation) => operation.about(before)),* }
            }

            /// See [`Operate::dropped_column`].
            pub fn dropped_column(&self) -> Option<&str> {
                match self { $(Operation::$name(operation) => operation.dropped_column()),* }
            }

            /// See [`Operate::restored_with`].
            pub fn restored_with(&self, before: &Schema, value: &Expr) -> Option<Operation> {
                match self { $(Operation::$name(operation) => operation.restored_with(before, value)),* }
            }

            /// See [`Operate::in_batches`].
            pub fn in_batches(&self) -> Option<&UpdateRows> {
                match self { $(Operation::$name(operation) => operation.in_batches()),* }
            }

            /// See [`Operate::constraints`].
            pub fn constraints(&self) -> Vec<(&Name, &Constraint)> {
                match self { $(Operation::$name(operation) => operation.constraints()),* }
            }

            /// See [`Operate::sends_statements`].
            pub fn sends_statements(&self) -> bool {
                match self { $(Operation::$name(operation) => operation.sends_statements()),* }
            }

            /// See [`Operate::comment_of`].
            pub fn comment_of(&mut self, what: Commented) -> Option<&mut Option<String>> {
                match self { $(Operation::$name(operation) => operation.comment_of(what)),* }
            }

            /// See [`Operate::title`].
            pub fn title(&self) -> String {
                match self { $(Operation::$name(operation) => operation.title()),* }
            }

            /// See [`Operate::expressions`].
            pub fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
                match self { $(Operation::$name(operation) => operation.expressions()),* }
            }

            /// See [`Operate::effects`].
            pub fn effects(&self, before: &Schema) -> Effects {
                match self { $(Operation::$name(operation) => operation.effects(before)),* }
            }

            /// See [`Operate::touches`].
            pub fn touches(&self, before: &Schema, footprint: &mut Footprint) {
                match self { $(Operation::$name(operation) => operation.touches(before, footprint)),* }
            }

            /// See [`Operate::lower`].
            pub fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
                match self { $(Operation::$name(operation) => operation.lower(before, after)),* }
            }

            /// See [`Operate::followed`].
            pub fn followed(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
                match self { $(Operation::$name(operation) => operation.followed(before, after)),* }
            }

            /// The schema after it, even if it has errors: they are reported where it is done for the first time.
            pub fn applied(&self, before: &Schema) -> Schema {
                let (mut after, mut problems) = (before.clone(), Problems::new());
                self.apply(&mut after, &mut problems);
                drop(problems.take());
                after
            }

            /// The examples of every operation, for the tests that walk the list.
            #[cfg(feature = "testing")]
            pub fn examples() -> Vec<(Schema, Operation)> {
                let all: Vec<Vec<(Schema, Operation)>> = vec![$(<$name as crate::example::Examples>::examples()),*];
                all.into_iter().flatten().collect()
            }
        }

        impl fmt::Display for Operation {
            /// The canonical form: a statement of the language that means exactly this.
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Operation::$name(operation) => operation.fmt(out)),* }
            }
        }
    };
}

operations! {
    CreateTable, DropTable, KeepTable, RestoreTable, RenameTable, CommentTable,
    AddColumn, DropColumn, KeepColumn, RestoreColumn, RenameColumn, AlterType, SetNotNull, DropNotNull, SetDefault, DropDefault, CommentColumn,
    SetCounter,
    AddConstraint, DropConstraint, RenameConstraint, AlterConstraint,
    CreateIndex, DropIndex, RenameIndex,
    CreateObject, DropObject, RenameObject,
    AddValue, RenameValue, DropValue,
    InsertRows, InsertQuery, LoadRows, UpdateRows, Backfill, DeleteRows, Truncate, KeepRows, RestoreRows,
    Expect,
    RunSql,
    RunProgram,
}
