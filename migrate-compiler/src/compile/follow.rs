//! Rows that foreign keys delete or change with others: SQLite does so only where foreign keys are on, and they are off where a table is rebuilt.

use migrate_history::Rebuild;

use crate::ddl::Ddl;
use crate::rows::{ChangedRows, RowChange};
use crate::schema::{ForeignKey, ReferentialAction, Schema};

/// What a transaction has so far that counts for foreign keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum KeyUse {
    /// Nothing.
    #[default]
    None,
    /// Statements that foreign keys follow.
    Followed,
    /// Tables that are rebuilt.
    Ignored,
}

impl KeyUse {
    /// What a change makes of foreign keys, in the schema before it.
    pub fn of(ddl: &Ddl, rebuild: Rebuild, before: &Schema) -> KeyUse {
        match (rebuild, ddl) {
            (Rebuild::Tables, _) => KeyUse::Ignored,
            (Rebuild::Nothing, Ddl::Rows(changed)) if is_followed(changed, before) => KeyUse::Followed,
            (Rebuild::Nothing, _) => KeyUse::None,
        }
    }

    /// Whether both cannot be in one transaction.
    pub fn parts(self, next: KeyUse) -> bool {
        matches!((self, next), (KeyUse::Followed, KeyUse::Ignored) | (KeyUse::Ignored, KeyUse::Followed))
    }

    /// The same with what comes next in the same transaction.
    pub fn and(self, next: KeyUse) -> KeyUse {
        if next == KeyUse::None { self } else { next }
    }
}

/// Whether a foreign key deletes or changes other rows with those of a statement.
fn is_followed(changed: &ChangedRows, before: &Schema) -> bool {
    let acts = |action: ReferentialAction| match action {
        ReferentialAction::NoAction | ReferentialAction::Restrict => false,
        ReferentialAction::Cascade | ReferentialAction::SetNull | ReferentialAction::SetDefault => true,
    };
    let is_followed_by = |key: &ForeignKey| match &changed.change {
        RowChange::Insert { .. } | RowChange::InsertQuery { .. } | RowChange::Load { .. } => false,
        RowChange::Update { sets, .. } => acts(key.on_update) && sets.iter().any(|set| key.references.contains(&set.column)),
        RowChange::Delete { .. } | RowChange::Truncate => acts(key.on_delete),
    };
    before.incoming(&changed.table).any(|(_, _, key)| is_followed_by(key))
}
