//! What to write instead of what is wrong.

use std::fmt;
use std::ops::Deref;

/// What to write instead of what is wrong, in words, and as data where it is one text in the place of another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    text: String,
    replacement: Option<Replacement>,
}

/// A text in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// What is written at the place of the problem, as far as it is known. It may be written in another way, and then it is not replaced.
    pub old: Option<String>,
    /// What to write.
    pub new: String,
    /// Whether it is meant.
    pub applicability: Applicability,
}

/// Whether a replacement is what is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// It is the same in the spelling of the language.
    MachineApplicable,
    /// It may be something else.
    MaybeIncorrect,
    /// It has something that only the user knows.
    HasPlaceholders,
}

impl Applicability {
    /// How rustc calls it in its JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Applicability::MachineApplicable => "MachineApplicable",
            Applicability::MaybeIncorrect => "MaybeIncorrect",
            Applicability::HasPlaceholders => "HasPlaceholders",
        }
    }
}

impl Help {
    /// "write `new`", for what is the same in the spelling of the language.
    pub fn write(old: impl Into<String>, new: &str) -> Help {
        Help::from(format!("write `{new}`")).replacing(Some(old.into()), new, Applicability::MachineApplicable)
    }

    /// "did you mean `new`?"
    pub fn guess(old: impl Into<String>, new: &str) -> Help {
        Help::from(format!("did you mean `{new}`?")).replacing(Some(old.into()), new, Applicability::MaybeIncorrect)
    }

    /// The same with what it replaces.
    #[must_use]
    pub fn replacing(self, old: Option<String>, new: &str, applicability: Applicability) -> Help {
        Help { replacement: Some(Replacement { old, new: new.to_owned(), applicability }), ..self }
    }

    /// What it replaces, and with what.
    pub fn replacement(&self) -> Option<&Replacement> {
        self.replacement.as_ref()
    }
}

impl From<String> for Help {
    fn from(text: String) -> Help {
        Help { text, replacement: None }
    }
}

impl From<&str> for Help {
    fn from(text: &str) -> Help {
        text.to_owned().into()
    }
}

impl Deref for Help {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Help {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}
