//! An applied migration that was edited since: what differs.

use std::fmt;

use similar::{ChangeTag, TextDiff};

use crate::history::{List, Text};

/// An applied migration whose operations in the code are no longer those that were applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The revision.
    pub revision: Text,
    /// The operations that the database went through.
    pub recorded: List<Text>,
    /// The operations that the code has now.
    pub written: List<Text>,
}

/// A line for each operation that differs: `-` was applied, `+` is in the code.
impl fmt::Display for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` (- applied, + in the code):", self.revision)?;
        let recorded: Vec<&str> = self.recorded.iter().map(|line| &**line).collect();
        let written: Vec<&str> = self.written.iter().map(|line| &**line).collect();
        for change in TextDiff::from_slices(&recorded, &written).iter_all_changes() {
            match change.tag() {
                ChangeTag::Equal => {}
                ChangeTag::Delete => write!(out, "\n  - {}", change.value())?,
                ChangeTag::Insert => write!(out, "\n  + {}", change.value())?,
            }
        }
        Ok(())
    }
}
