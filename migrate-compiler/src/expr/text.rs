//! String literals.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// A string literal. `text "…"` and `"…"` are one value and equal; the first says that no column is meant.
#[derive(Clone)]
pub struct StringLiteral {
    value: String,
    is_typed: bool,
}

impl StringLiteral {
    /// `text "…"`: a literal, even where a column has this name.
    pub fn typed(value: impl Into<String>) -> StringLiteral {
        StringLiteral { value: value.into(), is_typed: true }
    }

    /// Whether it was written as `text "…"`.
    pub fn is_typed(&self) -> bool {
        self.is_typed
    }
}

impl From<String> for StringLiteral {
    fn from(value: String) -> StringLiteral {
        StringLiteral { value, is_typed: false }
    }
}

impl From<&str> for StringLiteral {
    fn from(value: &str) -> StringLiteral {
        value.to_owned().into()
    }
}

impl Deref for StringLiteral {
    type Target = str;

    fn deref(&self) -> &str {
        &self.value
    }
}

impl PartialEq for StringLiteral {
    fn eq(&self, other: &StringLiteral) -> bool {
        self.value == other.value
    }
}

impl Eq for StringLiteral {}

impl Hash for StringLiteral {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl fmt::Debug for StringLiteral {
    /// The value in double quotes.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.value, out)
    }
}
