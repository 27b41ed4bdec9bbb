//! Why a plan is refused, before anything runs.

use std::fmt;

use crate::{Database, Lacking, List, Text};

use super::words::{choices, names, super_paths};
use super::{Direction, EditedMigration, GraphError, Progress, RenamedMigration, TargetError};

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// The history itself has no order.
    Graph(GraphError),
    /// The target does not exist, or is in the other direction.
    Target(TargetError),
    /// The history was not compiled for this database.
    NotServed {
        /// The requested database.
        database: Database,
        /// The databases that the history supports.
        served: List<Database>,
    },
    /// Applied migrations were edited since.
    Changed {
        /// Each of them, with what differs.
        changes: Vec<EditedMigration>,
    },
    /// The ledger has revisions that the code does not know.
    Ahead {
        /// The revisions.
        revisions: Vec<Text>,
    },
    /// Applied migrations have another name in the code.
    Renamed {
        /// Each of them.
        renamed: Vec<RenamedMigration>,
    },
    /// A pending migration comes before one that is applied already.
    Late {
        /// The pending migration.
        revision: Text,
        /// The migration that is applied already.
        child: Text,
    },
    /// The ledger has a migration, and not one that it was applied after.
    Gap {
        /// The migration that is missing.
        revision: Text,
        /// The migration that is applied.
        child: Text,
        /// What the missing one comes after in the code, or `base`; `None` where the code does not know it.
        after: Option<Text>,
    },
    /// A migration that the downgrade would undo is irreversible.
    Irreversible {
        /// The revision.
        revision: Text,
        /// Why, in the words of its author.
        reason: Text,
    },
    /// The downgrade is in the ledger alone, and this part of the ledger was not read.
    NotRead {
        /// The revision.
        revision: Text,
    },
    /// The downgrade keeps what it drops, and only the ledger has it as it was applied.
    NotKept {
        /// The revision.
        revision: Text,
    },
    /// A migration stopped between two of its steps in the other direction.
    Unfinished {
        /// The revision.
        revision: Text,
        /// How far it got, and which way.
        progress: Progress,
    },
    /// A step calls a Rust function that this program does not have.
    MissingProgram {
        /// The revision.
        revision: Text,
        /// The direction.
        direction: Direction,
        /// The path of the function, as the migration was written when it was applied.
        name: Text,
        /// What the program does not have.
        lacking: Lacking,
    },
    /// A step is run in a way that this program does not know.
    UnknownMode {
        /// The revision.
        revision: Text,
        /// Which step.
        step: Text,
        /// The name of its mode.
        mode: Text,
    },
    /// A step of the plan can only be done by a program, and a script was requested.
    NotInScript {
        /// The revision.
        revision: Text,
        /// Which step.
        step: Text,
        /// The name of its mode.
        mode: Text,
    },
    /// A step calls a Rust function, and a script was requested.
    ProgramInScript {
        /// The revision.
        revision: Text,
        /// Which step.
        step: Text,
        /// The path of the function, as it is written.
        name: Text,
    },
    /// A step that does not run within a transaction, where the run must be one.
    NotInTransaction {
        /// The revision.
        revision: Text,
        /// Which step.
        step: Text,
        /// The name of its mode.
        mode: Text,
        /// Its first statement, or the path of the function that it calls.
        statement: Text,
    },
}

impl From<GraphError> for PlanError {
    fn from(error: GraphError) -> PlanError {
        PlanError::Graph(error)
    }
}

impl From<TargetError> for PlanError {
    fn from(error: TargetError) -> PlanError {
        PlanError::Target(error)
    }
}

impl PlanError {
    /// A renamed migration would be applied a second time, and what comes after it would seem edited.
    pub(super) fn unless_none(renamed: Vec<RenamedMigration>) -> Result<(), PlanError> {
        if renamed.is_empty() { Ok(()) } else { Err(PlanError::Renamed { renamed }) }
    }

    /// Whether the call is wrong, rather than the history or the ledger.
    pub fn is_usage(&self) -> bool {
        match self {
            PlanError::Target(_) | PlanError::NotServed { .. } => true,
            PlanError::Graph(_)
            | PlanError::Changed { .. }
            | PlanError::Ahead { .. }
            | PlanError::Renamed { .. }
            | PlanError::Late { .. }
            | PlanError::Gap { .. }
            | PlanError::Irreversible { .. }
            | PlanError::NotRead { .. }
            | PlanError::NotKept { .. }
            | PlanError::Unfinished { .. }
            | PlanError::MissingProgram { .. }
            | PlanError::UnknownMode { .. }
            | PlanError::NotInScript { .. }
            | PlanError::ProgramInScript { .. }
            | PlanError::NotInTransaction { .. } => false,
        }
    }

    /// The migration that it is about, where it is about one.
    pub fn revision(&self) -> Option<&str> {
        match self {
            PlanError::Late { revision, .. }
            | PlanError::Gap { revision, .. }
            | PlanError::Irreversible { revision, .. }
            | PlanError::NotRead { revision }
            | PlanError::NotKept { revision }
            | PlanError::Unfinished { revision, .. }
            | PlanError::MissingProgram { revision, .. }
            | PlanError::UnknownMode { revision, .. }
            | PlanError::NotInScript { revision, .. }
            | PlanError::ProgramInScript { revision, .. }
            | PlanError::NotInTransaction { revision, .. } => Some(revision),
            PlanError::Changed { changes } => changes.first().map(|change| &*change.revision),
            PlanError::Ahead { revisions } => revisions.first().map(|revision| &**revision),
            PlanError::Renamed { renamed } => renamed.first().map(|one| &*one.written),
            PlanError::Graph(_) | PlanError::Target(_) | PlanError::NotServed { .. } => None,
        }
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlanError::Graph(error) => error.fmt(out),
            PlanError::Target(error) => error.fmt(out),
            PlanError::NotServed { database, served } => not_served(out, *database, served),
            PlanError::Changed { changes } => changed(out, changes),
            PlanError::Ahead { revisions } => ahead(out, revisions),
            PlanError::Renamed { renamed } => write_renamed(out, renamed),
            PlanError::Late { revision, child } => write!(
                out,
                "`{revision}` comes before `{child}`, which is already applied\n\
                 help: write `after` the head in `{revision}` instead, or `downgrade` to before `{child}` first"
            ),
            PlanError::Gap { revision, child, after } => gap(out, revision, child, after.as_deref()),
            PlanError::Irreversible { revision, reason } => {
                write!(out, "`{revision}` is irreversible: {reason}\nhelp: name a target after it, or write a new migration")
            }
            PlanError::NotRead { revision } => {
                write!(
                    out,
                    "the downgrade of `{revision}` was not read from the ledger\nnote: this is a bug in `migrate`, please report it"
                )
            }
            PlanError::NotKept { revision } => write!(
                out,
                "what `{revision}` made cannot be kept\n\
                 note: it was edited after it was applied, or this program does not have it\n\
                 help: run the program with which it was applied, or `downgrade` without `--keep`"
            ),
            PlanError::Unfinished { revision, progress } => unfinished(out, revision, *progress),
            PlanError::NotInTransaction { revision, step, mode, statement } => {
                let why = match &**mode {
                    "transaction" => "must be committed before the next ones",
                    _ => "cannot run in a transaction with others",
                };
                write!(
                    out,
                    "`{revision}` cannot be run by `--atomic`: a step {why}\n\
                     note: step {step} is `{statement}`; nothing was done\n\
                     help: run it without `--atomic`, where each step is recorded"
                )
            }
            PlanError::NotInScript { revision, step, mode } => write!(
                out,
                "step {step} of `{revision}` has the mode `{mode}`, which a script does not support\nhelp: run the program instead"
            ),
            PlanError::ProgramInScript { revision, step, name } => write!(
                out,
                "step {step} of `{revision}` calls the Rust function `{name}`, which a script cannot call\n\
                 help: run the program instead: `upgrade` or `downgrade` without `--sql`"
            ),
            PlanError::MissingProgram { revision, direction, name, lacking } => {
                missing_program(out, (revision, *direction), name, lacking)
            }
            PlanError::UnknownMode { revision, step, mode } => write!(
                out,
                "step {step} of `{revision}` has the mode `{mode}`, which this program does not support\nhelp: run a newer version of the program"
            ),
        }
    }
}

impl std::error::Error for PlanError {}

fn not_served(out: &mut fmt::Formatter<'_>, database: Database, served: &[Database]) -> fmt::Result {
    let titles: Vec<&str> = served.iter().map(|database| database.title()).collect();
    write!(
        out,
        "this history supports {}, not {database}\nhelp: add `{}` to `databases` in `history!`, or give another URL",
        titles.join(" and "),
        database.word()
    )
}

fn changed(out: &mut fmt::Formatter<'_>, changes: &[EditedMigration]) -> fmt::Result {
    let what = if changes.len() == 1 { "a migration was" } else { "migrations were" };
    write!(out, "{what} edited after being applied here:")?;
    for change in changes {
        write!(out, "\n{change}")?;
    }
    let unknown: Vec<&EditedMigration> = changes.iter().filter(|change| !change.says_what()).collect();
    for EditedMigration { revision, checksums, .. } in &unknown {
        let sql = |text: &str| format!("'{}'", text.replace('\'', "''"));
        write!(
            out,
            "\nhelp: record the checksum of the code: `UPDATE migrate_ledger SET checksum = {} WHERE revision = {} AND checksum = {}`",
            sql(&checksums.written),
            sql(revision),
            sql(&checksums.recorded)
        )?;
    }
    if unknown.len() == changes.len() {
        return Ok(());
    }
    let remedy = match changes {
        [EditedMigration { moved: Some(moved), recorded, written, .. }] if recorded == written && !moved.recorded.is_empty() => {
            format!("write `after {}` again", super_paths(&moved.recorded))
        }
        _ => "restore what was applied and write a new migration".to_owned(),
    };
    write!(
        out,
        "\nhelp: {remedy}; or `downgrade` to before it, which runs the downgrade that the ledger keeps, and `upgrade` again"
    )
}

fn ahead(out: &mut fmt::Formatter<'_>, revisions: &[Text]) -> fmt::Result {
    let verb = if revisions.len() == 1 { "is" } else { "are" };
    write!(
        out,
        "the database is ahead of the code: {} {verb} applied here and unknown to this program\n\
         help: if the program is older than the one that migrated the database, run the newer one, or `downgrade`: \
         the ledger keeps the downgrade\n\
         help: if the migration was removed from `history!`, list it again",
        names(revisions)
    )
}

fn write_renamed(out: &mut fmt::Formatter<'_>, renamed: &[RenamedMigration]) -> fmt::Result {
    let verb = if renamed.len() == 1 { "was renamed after it was" } else { "were renamed after they were" };
    let recorded: Vec<Text> = renamed.iter().map(|one| one.recorded.clone()).collect();
    write!(out, "{} {verb} applied here", names(&recorded))?;
    renamed.iter().try_for_each(|RenamedMigration { recorded, written }| {
        write!(out, "\nnote: `{written}` has the same statements as `{recorded}`, after the same parents")?;
        write!(out, "\nhelp: write `revision \"{recorded}\";` in `{written}`, or name its module `{recorded}` again")
    })
}

fn gap(out: &mut fmt::Formatter<'_>, revision: &str, child: &str, after: Option<&str>) -> fmt::Result {
    write!(
        out,
        "the ledger has a gap: `{child}` is applied, and `{revision}` before it is not\n\
         note: the row of `{revision}` was deleted from `migrate_ledger`\n\
         help: restore the row from a backup"
    )?;
    match after {
        Some(after) => write!(
            out,
            "; or run the script of `upgrade --sql {after}:{revision}`, without those of its statements that the schema has already"
        ),
        None => Ok(()),
    }
}

/// What a migration calls is compiled into the program, and in no ledger.
fn missing_program(
    out: &mut fmt::Formatter<'_>,
    (revision, direction): (&str, Direction),
    name: &str,
    lacking: &Lacking,
) -> fmt::Result {
    write!(out, "the {direction} of `{revision}` calls the Rust function `{name}`, which this program does not have\nnote: ")?;
    match lacking {
        Lacking::Migration => {
            write!(
                out,
                "it does not have `{revision}`; nothing was done\nhelp: run the version of the application that applied it"
            )
        }
        Lacking::Function(others) => {
            write!(out, "`{revision}` calls ")?;
            match others.as_slice() {
                [] => out.write_str("no function in the same way")?,
                others => write!(out, "{} here", choices(others))?,
            }
            write!(
                out,
                "; nothing was done\nhelp: write `{name}` in `{revision}` as it was, or run the version of the application that applied it"
            )
        }
    }
}

fn unfinished(out: &mut fmt::Formatter<'_>, revision: &str, progress: Progress) -> fmt::Result {
    let (way, step, steps, remedy) = match progress {
        Progress::Complete => return write!(out, "`{revision}` is complete"),
        Progress::Upgrading { step, steps } => ("upgrade", step, steps, format!("upgrade {revision}")),
        Progress::Downgrading { step, steps } => ("downgrade", step, steps, "downgrade -1".to_owned()),
    };
    write!(out, "the {way} of `{revision}` stopped after step {step} of {steps}\nhelp: finish it first with `{remedy}`")
}
