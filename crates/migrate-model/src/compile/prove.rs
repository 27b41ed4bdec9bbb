//! The proof: after the way there and the way back, the schema is what it was.

use crate::compile::reverse::{BackStep, WayBack};
use crate::compile::simulate::{Run, Step};
use crate::difference;
use crate::problem::{Problem, Problems, Role, Slot};

/// Rule `undo_leads_elsewhere`: a written `undo` leads back to the schema before its statement.
pub(super) fn undo_leads_back(step: &Step<'_>, undo: &[BackStep], problems: &mut Problems) {
    let end = undo.last().map_or(&step.after, |last| &last.after);
    if let Some(difference) = difference::first(&step.before, end).filter(|_| step.sound) {
        let message = format!("this `undo` does not lead back: {difference}");
        let help = "change it until it does, or remove it to have the way back worked out";
        problems.push(Problem::new("undo_leads_elsewhere", Slot::new(Role::Undo, ""), message).help(help));
    }
}

/// Rules `down_leads_elsewhere` and `way_back_fails`: the whole way back leads to the schema that the parents leave behind.
pub(super) fn leads_back(run: &Run<'_>, back: &WayBack, sound: bool, problems: &mut Problems) {
    if !sound || back.irreversible.is_some() {
        return;
    }
    let end = back.steps.last().map_or(&run.end, |last| &last.after);
    let Some(difference) = difference::first(&run.start, end) else { return };
    problems.at(None);
    if run.has_down {
        let message = format!("this `down` does not lead back: {difference}");
        let help = "change it until it does, or remove it to have the way back worked out";
        problems.push(Problem::new("down_leads_elsewhere", Slot::new(Role::Down, ""), message).help(help));
    } else if problems.is_empty() {
        let message = format!("the way back that was worked out does not lead back: {difference}");
        let problem = Problem::new("way_back_fails", Slot::statement(), message);
        problems
            .push(problem.help("write `down { … }`").note("this is a defect of migrate: please report it with this migration"));
    }
}
