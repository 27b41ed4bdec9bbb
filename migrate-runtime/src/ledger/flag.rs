//! The flag of the ledger that only a reviewed plan may run: a second row of `migrate_format`.

use super::Ledger;
use crate::driver::Row;
use crate::sql::{Parameter, Query};

/// What the second row of `migrate_format` says: the ledger has the format of the other row, and only a reviewed plan may run. A program that does not
/// know this takes it for the number of a later format, and refuses to write. No format will have this number.
pub(crate) const PROTECTED: i64 = 1000;

/// Whether the ledger says that only a reviewed plan may run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Flag {
    /// It does not.
    #[default]
    Open,
    /// It does.
    Protected,
}

impl Flag {
    /// What the rows of `migrate_format` say.
    pub(super) fn of(formats: &[Row]) -> Flag {
        if numbers(formats).any(|number| number == PROTECTED) { Flag::Protected } else { Flag::Open }
    }
}

/// The numbers of these rows.
pub(super) fn numbers(formats: &[Row]) -> impl Iterator<Item = i64> {
    formats.iter().filter_map(|row| row.first()?.as_deref()?.parse().ok())
}

impl Ledger {
    /// What sets the flag or takes it away; and by whom.
    pub fn flag(&self, wanted: Flag, by: &str) -> Query {
        let table = self.table("migrate_format");
        match wanted {
            Flag::Protected => Query::new(
                format!(
                    "INSERT INTO {table} SELECT {{}}, {{}} WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE format = {PROTECTED})"
                ),
                [Parameter::Integer(PROTECTED), Parameter::from(format!("migrate {}, {by}", env!("CARGO_PKG_VERSION")))],
            ),
            Flag::Open => Query::new(format!("DELETE FROM {table} WHERE format = {{}}"), [Parameter::Integer(PROTECTED)]),
        }
    }
}
