//! The state after all parents of a migration.

use migrate_compiler::diagnostic::Diagnostic;
use migrate_compiler::footprint::Relation;
use migrate_compiler::parse::Parsed;
use migrate_compiler::problem::{Problem, Slot};
use migrate_compiler::state::{Conflict, State};
use migrate_compiler::suggestion::did_you_mean;
use proc_macro2::Ident;

use crate::handover::Parent;
use crate::literal::{self, ChangesSince};

/// The state after all parents.
pub(crate) struct Joined {
    /// The schema that the migration is checked against.
    pub before: State,
    /// The revision ids of the parents.
    pub parents: Vec<String>,
    /// The place of the only parent's state in its chain of literals.
    pub parent: Option<ChangesSince>,
    /// Rules `merge_conflict` and `other_version`.
    pub problems: Vec<Problem>,
}

/// Joins the states of the parents.
pub(crate) fn join(parents: Vec<Parent>, parsed: &Parsed) -> Joined {
    if !parsed.has_head {
        return Joined { before: State::nowhere(), parents: Vec::new(), parent: None, problems: Vec::new() };
    }
    let mut problems = Vec::new();
    let mut joined: Option<State> = None;
    let mut chain = None;
    let mut ids = Vec::new();
    let single = parents.len() == 1;
    for parent in parents {
        let mut literals = parent.literals.into_iter().map(|literal| literal.read);
        let (own, whole) = (literals.next().flatten(), literals.next().flatten());
        let Some((state, own)) = own.and_then(|own| literal::state(own, whole.as_ref())) else {
            let message = format!("`{}` was compiled with another version of migrate", parent.name);
            problems.push(
                Problem::new("other_version", Slot::statement(), message).help("use the same version of migrate in both crates"),
            );
            continue;
        };
        chain = single.then_some(own);
        let state = state.named(&parent.name.to_string());
        ids.extend(state.revisions.last().map(ToString::to_string));
        joined = Some(match joined {
            None => state,
            Some(earlier) => {
                let (state, conflicts) = earlier.merge(state);
                problems.extend(conflicts.into_iter().map(conflict));
                state
            }
        });
    }
    let id = parsed.revision.as_ref().map_or("", |(id, _)| id.as_str());
    Joined { before: joined.unwrap_or_else(State::nowhere).next(id), parents: ids, parent: chain, problems }
}

/// Rule `unknown_parent`: the history does not list the parent.
pub(crate) fn unknown_parent(listed: &str, name: &Ident) -> Diagnostic {
    let near = did_you_mean(&name.to_string(), listed.split(' '));
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
        Relation::ReadsAll => format!("merge conflict: `{writer}` changes {what}, and `{other}` depends on all of it"),
    };
    let help = format!("write `after super::{writer};` in `{other}`, so that their order is known");
    let note = match relation {
        Relation::Writes | Relation::Reads => "a database may have applied the two branches in either order",
        Relation::ReadsAll => "a rebuild of a table on SQLite, and raw SQL that names it, depend on the whole table",
    };
    Problem::new("merge_conflict", Slot::statement(), message).help(help).note(note)
}
