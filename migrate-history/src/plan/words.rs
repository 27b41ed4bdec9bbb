//! Revisions as a message lists them.

use crate::Text;

/// "super::a, super::b": where modules are that are called by their revisions.
pub(super) fn super_paths(revisions: &[Text]) -> String {
    revisions.iter().map(|id| format!("super::{id}")).collect::<Vec<_>>().join(", ")
}

/// "`a`, `b`".
pub(super) fn names(revisions: &[Text]) -> String {
    quoted(revisions).join(", ")
}

/// "`a`, `b` or `c`".
pub(super) fn choices(revisions: &[Text]) -> String {
    match quoted(revisions).as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn quoted(revisions: &[Text]) -> Vec<String> {
    revisions.iter().map(|id| format!("`{id}`")).collect()
}
