//! What a change does to tables on a database, as far as others notice.

use migrate_history::{Lock, Rest, Touched, Touches, Work};

use crate::name::Name;

/// What a change does to one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableTouch {
    /// The table.
    pub table: Name,
    /// The strongest lock.
    pub lock: Lock,
    /// What is done with its rows.
    pub work: Work,
}

/// A lock on a table, and what is done under it.
pub(super) fn touch(table: &Name, lock: Lock, work: Work) -> TableTouch {
    TableTouch { table: table.clone(), lock, work }
}

/// These tables, as a step carries them.
pub(crate) fn touches(tables: impl IntoIterator<Item = TableTouch>) -> Touches {
    let mut all = Touches::NONE;
    for TableTouch { table, lock, work } in tables {
        let Name { schema, name } = table;
        let touched = Touched { schema: schema.map(Into::into), table: name.into(), lock, work };
        all.add(Touches { tables: vec![touched].into(), rest: Rest::Nothing });
    }
    all
}
