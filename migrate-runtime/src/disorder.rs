//! What is not in order in a ledger, why, and what resolves it: a decision from what was read, without a connection.

use std::fmt;

use migrate_history::Text;
use migrate_history::plan::{Direction, EditedMigration, PlanError, Progress, RenamedMigration};

use crate::error::lines;
use crate::{Current, Journal, Revision, RevisionState};

/// Something in a ledger that is not in order, for a reader; a run refuses most of them, each with the same remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Disorder {
    /// A run ended between two steps of a migration.
    Unfinished {
        /// The revision.
        revision: Text,
        /// How far it got, and which way.
        progress: Progress,
        /// Why its last step failed, where the journal says so.
        failure: Option<String>,
    },
    /// The last run of a migration failed and was rolled back, so that it is applied or pending as before.
    Failed {
        /// The revision.
        revision: Text,
        /// The direction in which it ran.
        direction: Direction,
        /// Why.
        failure: String,
    },
    /// An applied migration was edited since.
    Edited {
        /// The revision.
        revision: Text,
        /// What differs, where it is known.
        edited: Option<Box<EditedMigration>>,
    },
    /// The ledger has a revision that the history does not have.
    Unknown {
        /// The revision.
        revision: Text,
        /// Why it cannot be undone, where its author wrote that.
        irreversible: Option<Text>,
    },
    /// The code has an applied migration under another name.
    Renamed {
        /// Both names.
        renamed: RenamedMigration,
    },
    /// A plan is refused for another reason: a gap in the ledger, or a pending migration before an applied one.
    Refused {
        /// Why.
        error: Box<PlanError>,
    },
    /// The ledger has the format of an older version. It works, and the next run that writes brings it up to date.
    OlderLedger {
        /// The format that it has.
        found: i64,
    },
}

/// What resolves it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remedy {
    /// What to write on the command line; `None` where no command does it.
    pub command: Option<String>,
    /// What the command does; or else what to do.
    pub effect: &'static str,
}

/// "`upgrade m2` continues after the last step that is done"
impl fmt::Display for Remedy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.command.as_ref().map_or(Ok(()), |command| write!(out, "`{command}` "))?;
        out.write_str(self.effect)
    }
}

impl Disorder {
    /// Everything that is not in order: according to what is applied, to what the plan of an upgrade to the head says, and to the journal,
    /// the last entry first.
    pub fn find(current: &Current, plan: Option<&PlanError>, journal: &Journal) -> Vec<Disorder> {
        let older = current.format.filter(|_| current.is_older()).map(|found| Disorder::OlderLedger { found });
        let of_revisions = current.revisions.iter().filter_map(|one| of_revision(one, current, plan, journal));
        older.into_iter().chain(of_revisions).chain(plan.and_then(refused)).collect()
    }

    /// The migration that it is about.
    pub fn revision(&self) -> Option<&str> {
        match self {
            Disorder::Unfinished { revision, .. }
            | Disorder::Failed { revision, .. }
            | Disorder::Edited { revision, .. }
            | Disorder::Unknown { revision, .. } => Some(revision),
            Disorder::Renamed { renamed } => Some(&renamed.recorded),
            Disorder::Refused { error } => error.revision(),
            Disorder::OlderLedger { .. } => None,
        }
    }

    /// A word for it.
    pub const fn word(&self) -> &'static str {
        match self {
            Disorder::Unfinished { .. } => "unfinished",
            Disorder::Failed { .. } => "failed",
            Disorder::Edited { .. } => "edited",
            Disorder::Unknown { .. } => "unknown",
            Disorder::Renamed { .. } => "renamed",
            Disorder::Refused { .. } => "refused",
            Disorder::OlderLedger { .. } => "older ledger",
        }
    }

    /// Whether the program can do without a decision what resolves it: it goes on with what was begun, and loses nothing.
    pub const fn is_safe(&self) -> bool {
        match self {
            Disorder::Unfinished { progress: Progress::Upgrading { .. }, .. } => true,
            Disorder::Unfinished { progress: Progress::Downgrading { .. } | Progress::Complete, .. }
            | Disorder::Failed { .. }
            | Disorder::Edited { .. }
            | Disorder::Unknown { .. }
            | Disorder::Renamed { .. }
            | Disorder::Refused { .. }
            | Disorder::OlderLedger { .. } => false,
        }
    }

    /// Whether a person has to do something, so that the next run is not refused or fails.
    pub const fn needs_attention(&self) -> bool {
        !matches!(self, Disorder::OlderLedger { .. })
    }

    /// What resolves it, the best first.
    pub fn remedies(&self) -> Vec<Remedy> {
        match self {
            Disorder::Unfinished { revision, progress: Progress::Downgrading { .. }, .. } => vec![
                remedy("downgrade -1", "finishes the downgrade; it asks before data is lost"),
                remedy(format!("upgrade {revision}"), "applies again what the downgrade has undone"),
            ],
            Disorder::Unfinished { revision, progress: Progress::Upgrading { .. } | Progress::Complete, .. } => vec![
                remedy(format!("upgrade {revision}"), "continues after the last step that is done"),
                remedy("downgrade -1", "undoes the steps that are done"),
            ],
            Disorder::Failed { direction: Direction::Upgrade, revision, .. } => {
                vec![remedy(format!("upgrade {revision}"), "runs it again, after the reason is corrected")]
            }
            Disorder::Failed { direction: Direction::Downgrade, .. } => {
                vec![remedy("downgrade -1", "runs it again, after the reason is corrected")]
            }
            Disorder::Edited { edited: Some(edited), .. } if !edited.says_what() => {
                vec![by_hand("record the checksum of the code with the statement that `upgrade` shows")]
            }
            Disorder::Edited { .. } => vec![
                by_hand("restore in the migration what was applied, and write the change as a new one"),
                remedy("switch", "undoes what was applied, and applies the edited migration; it asks before data is lost"),
            ],
            Disorder::Unknown { irreversible: Some(_), .. } => {
                vec![by_hand("run the version of the program that has it")]
            }
            Disorder::Unknown { irreversible: None, .. } => vec![
                by_hand("run the version of the program that has it"),
                remedy("switch", "undoes it with the downgrade that the ledger keeps; it asks before data is lost"),
            ],
            // Their own words have the help.
            Disorder::Renamed { .. } | Disorder::Refused { .. } => Vec::new(),
            Disorder::OlderLedger { .. } => vec![remedy("ensure-ledger", "brings it up to date")],
        }
    }
}

fn remedy(command: impl Into<String>, effect: &'static str) -> Remedy {
    Remedy { command: Some(command.into()), effect }
}

fn by_hand(effect: &'static str) -> Remedy {
    Remedy { command: None, effect }
}

fn of_revision(one: &Revision, current: &Current, plan: Option<&PlanError>, journal: &Journal) -> Option<Disorder> {
    let revision = one.revision.clone();
    let last = journal.events.iter().find(|event| event.revision == revision);
    let failure = last.and_then(|event| event.failure.clone());
    match one.state {
        RevisionState::Unfinished(progress) => Some(Disorder::Unfinished { revision, progress, failure }),
        RevisionState::Changed => Some(Disorder::Edited { edited: edited(&revision, plan), revision }),
        RevisionState::Unknown => {
            let irreversible = one.record().and_then(|record| record.irreversible.clone());
            Some(Disorder::Unknown { revision, irreversible })
        }
        RevisionState::Renamed => {
            let renamed = current.renamed.iter().find(|renamed| renamed.recorded == revision)?.clone();
            Some(Disorder::Renamed { renamed })
        }
        RevisionState::Pending | RevisionState::Applied => {
            let direction = last?.direction;
            failure.map(|failure| Disorder::Failed { revision, direction, failure })
        }
    }
}

/// What the plan says of an edited migration.
fn edited(revision: &Text, plan: Option<&PlanError>) -> Option<Box<EditedMigration>> {
    let Some(PlanError::Changed { changes }) = plan else { return None };
    changes.iter().find(|change| change.revision == *revision).cloned().map(Box::new)
}

/// Why a plan is refused, where the state of no revision shows it.
fn refused(error: &PlanError) -> Option<Disorder> {
    let is_hidden = matches!(error, PlanError::Gap { .. } | PlanError::Late { .. });
    is_hidden.then(|| Disorder::Refused { error: Box::new(error.clone()) })
}

/// What is wrong, without the remedies.
impl fmt::Display for Disorder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Disorder::Unfinished { revision, progress, failure } => {
                let (direction, step, steps) = match progress {
                    Progress::Complete => return write!(out, "`{revision}` is complete"),
                    Progress::Upgrading { step, steps } => (Direction::Upgrade, step, steps),
                    Progress::Downgrading { step, steps } => (Direction::Downgrade, step, steps),
                };
                write!(out, "the {direction} of `{revision}` stopped after step {step} of {steps}")?;
                failure.as_ref().map_or(Ok(()), |failure| write!(out, ":{}", block(failure)))
            }
            Disorder::Failed { revision, direction, failure } => {
                write!(out, "the last {direction} of `{revision}` failed and was rolled back:{}", block(failure))
            }
            Disorder::Edited { edited: Some(edited), .. } => write!(out, "a migration was edited after it was applied: {edited}"),
            Disorder::Edited { revision, edited: None } => write!(out, "`{revision}` was edited after it was applied"),
            Disorder::Unknown { revision, irreversible } => {
                write!(out, "`{revision}` is applied here and unknown to this program")?;
                irreversible.as_ref().map_or(Ok(()), |reason| write!(out, ", and it is irreversible: {reason}"))
            }
            Disorder::Renamed { renamed } => PlanError::Renamed { renamed: vec![renamed.clone()] }.fmt(out),
            Disorder::Refused { error } => error.fmt(out),
            Disorder::OlderLedger { found } => {
                write!(out, "the ledger has format {found}, which an older version of `migrate` has made")
            }
        }
    }
}

/// Lines below the first one.
fn block(text: &str) -> String {
    lines(&text.lines().collect::<Vec<_>>())
}
