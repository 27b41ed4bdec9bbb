//! What a rule about dangers is.

use migrate_history::Database;

use crate::effect::Effects;
use crate::problem::Problem;
use crate::schema::Schema;
use crate::sql::registry::{features, where_true};

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Others wait for a table.
    Lock,
    /// A table is rewritten and cannot be used until that is done.
    Rewrite,
    /// Rows or values are lost, or no longer what they were.
    Data,
    /// A running version of the application breaks.
    Compat,
    /// What is better written otherwise.
    Style,
}

impl Group {
    /// Every group.
    pub const ALL: &[Group] = &[Group::Lock, Group::Rewrite, Group::Data, Group::Compat, Group::Style];

    /// Its name in `rules: deny(…)`.
    pub const fn word(self) -> &'static str {
        match self {
            Group::Lock => "lock",
            Group::Rewrite => "rewrite",
            Group::Data => "data",
            Group::Compat => "compat",
            Group::Style => "style",
        }
    }

    /// What it is about.
    pub const fn about(self) -> &'static str {
        match self {
            Group::Lock => "other sessions wait for a table",
            Group::Rewrite => "a table is rewritten and cannot be used until that is done",
            Group::Data => "rows or values are lost, or integrity is",
            Group::Compat => "a running version of the application breaks",
            Group::Style => "there is a better way to write it",
        }
    }
}

/// What becomes of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It is an error, unless `#[allow(rule, reason = "…")]` accepts it.
    Deny,
    /// Nothing.
    Allow,
}

impl Severity {
    /// Its name in `rules: …;`.
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Deny => "deny",
            Severity::Allow => "allow",
        }
    }
}

/// A rule that `#[allow(rule, reason = "…")]` can name.
#[derive(Clone, Copy, Debug)]
pub struct LintRule {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// What becomes of a finding where the history has no setting for it.
    pub severity: Severity,
    /// What is dangerous.
    pub about: &'static str,
    /// What is locked on PostgreSQL, how strongly and for how long; measured on 11 to 18.
    pub lock: &'static str,
    /// What to do instead.
    pub instead: &'static str,
    /// The databases that have the danger.
    pub(super) on: fn(Database) -> bool,
    /// Looks at a statement.
    pub(super) find: fn(&Case<'_>) -> Vec<Problem>,
}

impl LintRule {
    /// The databases that have the danger.
    pub fn databases(&self) -> Vec<Database> {
        Database::ALL.iter().copied().filter(|database| (self.on)(*database)).collect()
    }

    /// What it finds in a statement of a history that has one of its databases.
    pub(super) fn found(&self, case: &Case<'_>) -> Vec<Problem> {
        let applies = case.before.databases.iter().any(|database| (self.on)(*database));
        if applies { (self.find)(case) } else { Vec::new() }
    }
}

/// Every database has the danger.
pub(super) fn everywhere(_: Database) -> bool {
    true
}

/// Only a database has it that changes tables while others use them, so that locks count.
pub(super) fn online(database: Database) -> bool {
    features(database).changes_online
}

/// What a database locks that has no lock of its own for each table.
const FILE: &str = "the whole file until the step is committed";

/// A statement, as a rule sees it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'c> {
    /// What it does, without what is only about things that the migration made itself.
    pub effects: &'c Effects,
    /// The schema before it.
    pub before: &'c Schema,
    /// The schema after it.
    pub after: &'c Schema,
    /// The schema after the migration.
    pub end: &'c Schema,
}

impl Case<'_> {
    /// What is locked, on the databases of the history: `online` where tables are changed while others use them, else the whole file.
    pub(super) fn locks(&self, online: &str) -> String {
        let database = |online: bool| where_true(self.before, |features| features.changes_online == online);
        match (database(true), database(false)) {
            (Some(one), Some(other)) => format!("lock on {one}: {online}; on {other}: {FILE}"),
            (None, Some(_)) => format!("lock: {FILE}"),
            (Some(_) | None, None) => format!("lock: {online}"),
        }
    }
}
