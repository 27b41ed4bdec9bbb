//! The items of a migration.

use migrate_history::Grade;
use proc_macro2::Span;

use crate::tree::{Range, StatementTree};

/// An item.
#[derive(Clone, Debug)]
pub enum Item {
    /// A statement of the upgrade.
    Statement(Box<StatementTree>),
    /// `down { … }`
    Down(Down),
    /// `require …;`
    Require(Require),
}

/// `down { … }`
#[derive(Clone, Debug)]
pub struct Down {
    /// From `down` to its brace, or to the semicolon after that.
    pub range: Range,
    /// What is in the braces.
    pub statements: Vec<StatementTree>,
}

/// `require …;`
#[derive(Clone, Debug)]
pub struct Require {
    /// From `require` to the semicolon.
    pub range: Range,
    /// The level.
    pub level: Grade,
    /// The place of the level.
    pub place: Span,
}
