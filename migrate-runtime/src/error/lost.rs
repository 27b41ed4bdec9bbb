//! What a downgrade would drop.

use std::fmt;

use migrate_history::Text;

/// Something that a downgrade would lose without consent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lost {
    /// The revision that would be undone.
    pub revision: Text,
    /// "the values of `users.nickname`", "1,000 rows of `users`"
    pub what: String,
}

impl fmt::Display for Lost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (`{}`)", self.what, self.revision)
    }
}
