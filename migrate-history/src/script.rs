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
    /// What `downgrade --keep` does instead; `None` where the downgrade drops nothing of what the migration made that can be kept.
    pub keep: Option<Box<KeepScript>>,
}

/// The downgrade that keeps what the migration created instead of dropping it, and what restores it. Names are made with
/// [`UNNUMBERED`](crate::UNNUMBERED) in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeepScript {
    /// The steps of that downgrade.
    pub downgrade: List<Step>,
    /// What it drops nevertheless, counted before it.
    pub drops: List<Tally>,
    /// See [`Script::moves`].
    pub moves: List<Text>,
    /// What a reader of its plan should know.
    pub notes: List<Text>,
    /// Everything that the migration makes and the downgrade drops: "column `users.nickname`", "table `audit`".
    pub makes: List<Text>,
    /// What an upgrade can restore.
    pub takes: List<TakeBack>,
}

/// What restores something that a downgrade has kept, after the upgrade has created it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeBack {
    /// What it is: "column `users.nickname`", "table `audit`".
    pub object: Text,
    /// The digest of what it is defined as: what was kept under another one is another thing.
    pub digest: Text,
    /// The tables of the same migration that must be restored with it, from the same downgrade.
    pub needs: List<Text>,
    /// What refuses it, checked before the upgrade.
    pub guards: List<Guard>,
    /// What is done after the upgrade.
    pub steps: List<Step>,
}

/// The path of whatever raw SQL may touch.
pub const ANYTHING: &str = "*";

impl Script {
    /// What refuses the downgrade, of all of its steps.
    pub fn guards(&self) -> impl Iterator<Item = &Guard> {
        self.downgrade.iter().flat_map(|step| step.guards.iter())
    }
}
