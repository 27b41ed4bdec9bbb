//! Revisions as a message lists them.

use crate::Text;

/// "super::a, super::b": where modules are that are called by their revisions.
pub(super) fn super_paths(revisions: &[Text]) -> String {
    revisions.iter().map(|id| format!("super::{id}")).collect::<Vec<_>>().join(", ")
}

/// "`a`, `b` and `c`".
pub(super) fn names<T: AsRef<str>>(revisions: &[T]) -> String {
    joined(revisions, "and")
}

/// "`a`, `b` or `c`".
pub(super) fn choices<T: AsRef<str>>(revisions: &[T]) -> String {
    joined(revisions, "or")
}

/// The word that is spelt almost so.
pub(super) fn nearest<'w>(text: &str, words: impl Iterator<Item = &'w Text>) -> Option<Text> {
    let scored = words.map(|word| (strsim::jaro_winkler(word, text), word));
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 > 0.8).then(|| best.1.clone())
}

fn joined<T: AsRef<str>>(revisions: &[T], word: &str) -> String {
    let quoted: Vec<String> = revisions.iter().map(|id| format!("`{}`", id.as_ref())).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}
