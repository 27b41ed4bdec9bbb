//! The SQL of one migration on one database, both ways.

#[cfg(doc)]
use super::Level;
use super::{Database, Guard, List, Step, Tally, Text};

/// The SQL of one migration on one database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Which database the SQL is for.
    pub database: Database,
    /// The steps of the upgrade.
    pub upgrade: List<Step>,
    /// The steps of the downgrade; empty for [`Level::Irreversible`].
    pub downgrade: List<Step>,
    /// What the downgrade drops of that which the migration made, counted before the downgrade touches anything.
    pub drops: List<Tally>,
    /// The paths whose rows or values are not, after the downgrade, those that were there before it: `t`, `t.c`; or [`ANYTHING`].
    /// What another migration's downgrade drops of them can be counted only when this one is undone.
    pub moves: List<Text>,
}

/// The path of whatever raw SQL may touch.
pub const ANYTHING: &str = "*";

impl Script {
    /// What refuses the downgrade, of all of its steps.
    pub fn guards(&self) -> impl Iterator<Item = &Guard> {
        self.downgrade.iter().flat_map(|step| step.guards.iter())
    }
}
