//! An applied migration that was edited since: what differs.

use std::fmt;

use similar::{ChangeTag, TextDiff};

use super::words::names;
use crate::{List, Text};

/// An applied migration whose operations in the code are no longer those that were applied, or come after other parents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EditedMigration {
    /// The revision.
    pub revision: Text,
    /// The operations that were applied.
    pub recorded: List<Text>,
    /// The operations that the code has now.
    pub written: List<Text>,
    /// Its parents, where they were changed in the code.
    pub moved: Option<Moved>,
    /// The checksums, which differ.
    pub checksums: Checksums,
    /// The files whose rows it inserts. Where nothing else differs, it is one of these that was changed.
    pub files: List<Text>,
}

/// The checksum of an applied migration and the one that it has now.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checksums {
    /// In the ledger.
    pub recorded: Text,
    /// In the code.
    pub written: Text,
}

impl EditedMigration {
    /// Whether anything differs besides the checksum.
    pub fn says_what(&self) -> bool {
        self.moved.is_some() || self.recorded != self.written || !self.files.is_empty()
    }
}

/// Another place in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moved {
    /// The parents that it was applied after.
    pub recorded: List<Text>,
    /// The parents that the code has now.
    pub written: List<Text>,
}

impl Moved {
    /// `None` where the parents are the same, in whatever order.
    pub(super) fn between(recorded: List<Text>, written: List<Text>) -> Option<Moved> {
        let sorted = |list: &List<Text>| {
            let mut sorted = list.to_vec();
            sorted.sort();
            sorted
        };
        (sorted(&recorded) != sorted(&written)).then_some(Moved { recorded, written })
    }
}

/// "was applied after `m3`; the code puts it after `m4`"
impl fmt::Display for Moved {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = |parents: &List<Text>| if parents.is_empty() { "no parent".to_owned() } else { names(parents) };
        write!(out, "was applied after {}; the code puts it after {}", after(&self.recorded), after(&self.written))
    }
}

/// Where it was moved; and a line for each operation that differs: `-` was applied, `+` is in the code.
impl fmt::Display for EditedMigration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.moved {
            Some(moved) if self.recorded == self.written => return write!(out, "`{}` {moved}", self.revision),
            Some(moved) => write!(out, "`{}` {moved} (- applied, + in the code):", self.revision)?,
            None if self.recorded == self.written && !self.files.is_empty() => {
                let verb = if self.files.len() == 1 { "which was" } else { "one of which was" };
                return write!(
                    out,
                    "`{}` inserts the rows of {}, {verb} changed since it was applied",
                    self.revision,
                    names(&self.files)
                );
            }
            None if !self.says_what() => {
                let Checksums { recorded, written } = &self.checksums;
                return write!(
                    out,
                    "`{}` has the operations and parents that were applied, and another checksum: \
                     {recorded} in the ledger, {written} in the code",
                    self.revision
                );
            }
            None => write!(out, "`{}` (- applied, + in the code):", self.revision)?,
        }
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
