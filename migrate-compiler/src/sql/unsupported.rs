//! What a database cannot do.

use crate::problem::{Role, Slot};

/// What a database cannot do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// In the user's words: "arrays are not supported on SQLite".
    pub what: String,
    /// The word that requires it.
    pub slot: Slot,
    /// What to write instead.
    pub help: Option<String>,
}

impl Unsupported {
    pub(crate) fn new(role: Role, word: impl Into<String>, what: impl Into<String>) -> Unsupported {
        Unsupported { what: what.into(), slot: Slot::new(role, word), help: None }
    }

    #[must_use]
    pub(crate) fn help(self, help: impl Into<String>) -> Unsupported {
        Unsupported { help: Some(help.into()), ..self }
    }
}

/// SQL, or why there is none.
pub type Sql = Result<String, Unsupported>;
