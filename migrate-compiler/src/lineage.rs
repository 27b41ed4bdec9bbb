//! Where a migration comes from: the state after all its parents.

use proc_macro2::Ident;

use crate::diagnostic::Diagnostic;
use crate::footprint::Relation;
use crate::problem::{Problem, Slot};
use crate::state::{Conflict, State};
use crate::suggestion::did_you_mean;

/// The state after another parent, and what the two sides of the merge disagree about.
pub fn merged(earlier: Option<State>, state: State, problems: &mut Vec<Problem>) -> State {
    let Some(earlier) = earlier else { return state };
    let (state, conflicts) = earlier.merge(state);
    problems.extend(conflicts.into_iter().map(conflict));
    state
}

/// Rule `unknown_parent`: the history does not list the parent.
pub fn unknown_parent<'a>(listed: impl IntoIterator<Item = &'a str>, name: &Ident) -> Diagnostic {
    let near = did_you_mean(&name.to_string(), listed);
    let mut diagnostic =
        Diagnostic::new("unknown_parent", name.span(), format!("unknown migration `{name}`: the history does not list it"))
            .help_if(near)
            .help(format!("write `mod {name};` in `history!`"));
    let note = format!("a module that was renamed keeps its revision id with `revision \"{name}\";`");
    *diagnostic.problem = diagnostic.problem.note(note);
    diagnostic
}

/// Rule `merge_conflict`: the order of two migrations counts, and the parents leave it open.
fn conflict(conflict: Conflict) -> Problem {
    let Conflict { what, writer, other, relation } = conflict;
    let message = match relation {
        Relation::Writes => format!("merge conflict: `{writer}` and `{other}` both change {what}"),
        Relation::Reads => format!("merge conflict: `{writer}` changes {what}, which `{other}` depends on"),
        Relation::ReadsAll => format!("merge conflict: `{writer}` changes {what}; `{other}` depends on the whole table"),
    };
    let help = format!("write `after super::{writer};` in `{other}`, so that their order is known");
    let note = match relation {
        Relation::Writes | Relation::Reads => "a database may have applied the two branches in either order",
        Relation::ReadsAll => "a rebuild of a table on SQLite, and raw SQL that names it, depend on the whole table",
    };
    Problem::new("merge_conflict", Slot::statement(), message).help(help).note(note)
}
