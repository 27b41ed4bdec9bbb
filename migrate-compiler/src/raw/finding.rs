//! What is found in raw SQL.

use super::reader::RawName;

/// Something dangerous in raw SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// An index is built, which blocks writes.
    CreateIndex,
    /// An index is built again.
    Reindex,
    /// An index is dropped, which waits for every session that uses its table.
    DropIndex,
    /// A constraint is added that builds an index.
    AddKey,
    /// A table is locked.
    Lock,
    /// A check is added, for which every row is read.
    Check,
    /// A foreign key is added, for which every row is read.
    ForeignKey,
    /// A column is set to `not null`, for which every row is read.
    NotNull,
    /// A constraint is validated under the lock of a statement before it.
    Validate,
    /// The type of a column changes.
    Type,
    /// A column is added whose value is computed for each row.
    Fill,
    /// A table is rewritten.
    Rewrite,
    /// A materialized view is filled again.
    Refresh,
    /// Something goes: what.
    Drop(&'static str),
    /// Something gets another name or another schema: what.
    Rename(&'static str),
    /// A table is emptied.
    Truncate,
    /// Every row is deleted.
    DeleteAll,
    /// Every row is updated.
    UpdateAll,
}

impl Danger {
    /// Whether it is one only where others use a table while it is changed.
    pub(crate) fn is_lock(self) -> bool {
        match self {
            Danger::CreateIndex | Danger::Reindex | Danger::DropIndex | Danger::AddKey | Danger::Lock => true,
            Danger::Check | Danger::ForeignKey | Danger::NotNull | Danger::Validate | Danger::UpdateAll => true,
            Danger::Type | Danger::Fill | Danger::Rewrite | Danger::Refresh => true,
            Danger::Drop(_) | Danger::Rename(_) | Danger::Truncate | Danger::DeleteAll => false,
        }
    }
}

/// What is dangerous in a statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RawDanger {
    /// What.
    pub danger: Danger,
    /// What it is done to; nothing where the names are not read.
    pub on: Vec<RawName>,
    /// The column of it, where it is about one alone.
    pub column: Option<RawName>,
}

impl RawDanger {
    pub(super) fn new(danger: Danger, on: Vec<RawName>) -> RawDanger {
        RawDanger { danger, on, column: None }
    }
}
