//! Comments as a document has them.

use super::comment::{Apart, WrittenComment};
use super::document::Document;

/// The comment on the rest of a line.
pub(super) fn after<'t>(comment: &WrittenComment<'t>) -> [Document<'t>; 3] {
    [Document::Space, Document::Comment(comment.text), Document::Hard]
}

/// A comment within a statement.
pub(super) fn between<'t>(comment: &WrittenComment<'t>) -> Vec<Document<'t>> {
    let is_apart = comment.apart >= Apart::Line;
    let ends_line = comment.text.starts_with("//") || is_apart && comment.ends_line;
    let before = if is_apart { Document::Hard } else { Document::Space };
    vec![before, Document::Text(comment.text), if ends_line { Document::Hard } else { Document::Space }]
}
