//! A migration as it is written: nodes in the order of the text, each with the tokens that it covers. Only data: `parse` makes the tree of
//! tokens, and `desugar` makes a draft of it.

mod attribute;
mod head;
mod item;
mod range;
mod statement;

pub use self::attribute::{Attribute, AttributeKind, Attributes, Comment};
pub use self::head::{Heading, LabelClause, Predecessors, RevisionClause};
pub use self::item::{Down, Item, Require};
pub use self::range::Range;
pub use self::statement::{Block, Entry, EntryKind, Plain, StatementTree, UndoClause, UndoKind, Unread, WrittenOperation};

pub(crate) use self::head::is_same;

/// A migration.
pub struct MigrationTree {
    /// Its tokens.
    pub range: Range,
    /// What comes before the statements.
    pub head: Heading,
    /// Its statements, `down` and `require`, in order.
    pub items: Vec<Item>,
}
