//! What is written before a statement, an action or an entry.

use migrate_history::Database;
use proc_macro2::Span;

use crate::draft::Allow;
use crate::session_setting::SessionSetting;
use crate::tree::Range;

/// The attributes and the comment before a node.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// `#[allow(…)]`, `#[only(…)]` and `#[set(…)]`, in order.
    pub all: Vec<Attribute>,
    /// `///`
    pub comment: Option<Comment>,
}

/// An attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// From its `#` to its bracket.
    pub range: Range,
    /// The word in the brackets that names it.
    pub word: Span,
    /// What it says.
    pub kind: AttributeKind,
}

/// What an attribute says.
#[derive(Clone, Debug)]
pub enum AttributeKind {
    /// `#[allow(rule, reason = "…")]`, and the place of the rule.
    Allow(Allow, Span),
    /// `#[only(postgres, sqlite)]`, and the place of each database.
    Only(Vec<(Database, Span)>),
    /// `#[set(name = "value", …)]`, and the place of each name.
    Set(Vec<(SessionSetting, Span)>),
}

impl AttributeKind {
    /// The word that names it.
    pub fn word(&self) -> &'static str {
        match self {
            AttributeKind::Allow(..) => "allow",
            AttributeKind::Only(_) => "only",
            AttributeKind::Set(_) => "set",
        }
    }
}

/// `///`, one line or several.
#[derive(Clone, Debug)]
pub struct Comment {
    /// All of its lines.
    pub range: Range,
    /// Its lines, without the space at the beginning of each.
    pub text: String,
}
