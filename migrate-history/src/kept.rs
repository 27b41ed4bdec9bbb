//! Data that is kept: what a step keeps instead of dropping it, and what later steps do with it.

use std::fmt;

use super::Text;
use crate::codec::Codec;

/// What a step does with data that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// It keeps something.
    Kept(KeptObject),
    /// What is kept is in another place after it.
    Moved {
        /// Where it was.
        from: KeptPlace,
        /// Where it is.
        to: KeptPlace,
    },
    /// What is kept is restored under its own name.
    Restored(KeptPlace),
    /// What is kept is dropped.
    Dropped(KeptPlace),
}

/// Something that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptObject {
    /// What it was: "column `users.nickname`", "table `audit`".
    pub object: Text,
    /// Where it is kept.
    pub place: KeptPlace,
    /// The digest of its definition.
    pub digest: Text,
}

/// Where something is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPlace {
    /// The schema of the table, where it is written.
    pub schema: Option<Text>,
    /// The table.
    pub table: Text,
    /// The column; `None` where the whole table is kept.
    pub column: Option<Text>,
}

/// What names begin with under which a downgrade keeps something, as long as their number is not known: a later one may find that something
/// is kept already, which no schema of a migration has.
pub const UNNUMBERED: &str = "_kept_d00000_";

/// What the names of the downgrade of this number begin with, which is as long.
fn numbered(number: u32) -> String {
    format!("_kept_d{number:05}_")
}

/// The number of the downgrade that has made a name.
pub fn kept_number(name: &str) -> Option<u32> {
    let (_, rest) = name.split_once("_kept_d")?;
    let (digits, _) = rest.split_once('_')?;
    (digits.len() == 5).then(|| digits.parse().ok()).flatten()
}

/// The same with the names of the downgrade of this number. Each text has its length before it, which does not change.
pub(crate) fn with_number<T: Codec>(thing: &T, number: u32) -> Option<T> {
    let mut written = String::new();
    thing.write(&mut written);
    T::read(&mut &*written.replace(UNNUMBERED, &numbered(number)))
}

/// The table or the column: `billing._kept_audit`, `users._kept_nickname`.
impl fmt::Display for KeptPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.schema.iter().try_for_each(|schema| write!(out, "{schema}."))?;
        out.write_str(&self.table)?;
        self.column.iter().try_for_each(|column| write!(out, ".{column}"))
    }
}
