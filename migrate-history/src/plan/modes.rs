//! Steps that this program cannot run.

use super::{Direction, PlanError, Planned};
use crate::{Lacking, Mode, Rebuild, Text};

/// Before anything of the plan runs, for a step in the middle of it may be stored by a newer version, or call a function that this program
/// does not have.
pub(super) fn refuse_unknown(direction: Direction, planned: &[Planned]) -> Result<(), PlanError> {
    let all = planned.iter().flat_map(|one| one.unfinished.as_deref().into_iter().chain([one]));
    let left = all.flat_map(|one| one.steps.iter().skip(one.done).map(move |step| (one, step)));
    for (one, step) in left {
        let revision = one.revision.clone();
        match &step.mode {
            Mode::Transaction { rebuild: Rebuild::Nothing | Rebuild::Tables } | Mode::Alone | Mode::Batches { .. } => {}
            Mode::Program { name, calls } => {
                let program = one.migration.ok_or(Lacking::Migration).and_then(|migration| migration.program(name, *calls));
                program.map_err(|lacking| PlanError::MissingProgram { revision, direction, name: name.clone(), lacking })?;
            }
            Mode::Unknown { .. } => {
                let (step, mode) = (step.id.clone(), Text::Owned(step.mode.written().0.to_owned()));
                return Err(PlanError::UnknownMode { revision, step, mode });
            }
        }
    }
    Ok(())
}
