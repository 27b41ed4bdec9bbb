//! What comes before the statements of a migration.

use proc_macro2::Span;
use quote::ToTokens as _;
use syn::Path;

use crate::tree::{Range, Unread};

/// The message, the revision and the parents, each as often as it is written.
#[derive(Default)]
pub struct Heading {
    /// The lines of the message, `//! …`.
    pub lines: Vec<(String, Range)>,
    /// `revision "…";`
    pub revisions: Vec<RevisionClause>,
    /// `after PATH, …;`
    pub parents: Vec<Parents>,
    /// The parts that could not be read.
    pub unread: Vec<Unread>,
}

/// `revision "…";`
#[derive(Clone, Debug)]
pub struct RevisionClause {
    /// From `revision` to the semicolon.
    pub range: Range,
    /// The id.
    pub id: String,
    /// The place of the id.
    pub place: Span,
}

/// `after PATH, …;`
pub struct Parents {
    /// From `after` to the semicolon.
    pub range: Range,
    /// The paths, in order.
    pub paths: Vec<Path>,
}

impl Heading {
    /// The message.
    pub fn message(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|(line, _)| line.as_str()).collect();
        lines.join("\n")
    }

    /// The parents in the first `after`, each of them once.
    pub fn into_parents(self) -> Vec<Path> {
        let mut parents: Vec<Path> = Vec::new();
        for path in self.parents.into_iter().take(1).flat_map(|parents| parents.paths) {
            if !parents.iter().any(|known| is_same(known, &path)) {
                parents.push(path);
            }
        }
        parents
    }
}

/// Whether two paths are written alike.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}
