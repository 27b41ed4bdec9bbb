//! Something that a migration makes, and how its downgrade keeps it.

use migrate_history::Step;

use crate::compile::lower::lower;
use crate::compile::unwind::BothWays;
use crate::footprint::{Footprint, Part, Path};
use crate::name::Written;
use crate::problem::Problems;
use crate::sql::side::SideTable;
use crate::transition::Transition;

/// Something that the migration makes and its downgrade drops.
#[derive(Clone)]
pub(super) struct MadeThing {
    /// What it is after the migration.
    pub(super) path: Path,
    /// Which operation of the downgrade drops it.
    pub(super) place: usize,
    /// How it is kept.
    pub(super) how: KeptHow,
}

/// How something is kept.
#[derive(Clone)]
pub(super) enum KeptHow {
    /// Under another name.
    Renamed,
    /// SQLite: the values of a column in a separate table.
    Copied(SideTable),
    /// Not at all.
    Not(&'static str),
}

/// The words for something.
pub(super) fn object(path: &Path) -> String {
    match &path.part {
        Part::Column(name) => format!("column `{}.{}`", path.of, Written(name)),
        Part::All | Part::Itself | Part::PrimaryKey | Part::Comment | Part::Rows | Part::Type(_) | Part::Null(_) => table(path),
        Part::Default(_) | Part::ColumnComment(_) | Part::Constraint(_) | Part::Index(_) | Part::Object(_) | Part::Name => {
            table(path)
        }
    }
}

fn table(path: &Path) -> String {
    format!("table `{}`", path.of)
}

/// The steps of a database, without what is asked; `None` where it cannot do one.
pub(super) fn plain(ways: BothWays<'_>, steps: &[Transition]) -> Option<Vec<Step>> {
    let mut problems = Problems::new();
    let lowered = lower(steps, (ways.database, ways.settings), &mut Footprint::default(), &mut problems);
    problems.take().is_empty().then(|| lowered.into_iter().map(|one| one.step).collect())
}
