//! Which migration comes after which, drawn as jj and git draw their commits.

use std::collections::{BTreeSet, HashMap};

use migrate_runtime::RevisionState;
use renderdag::{Ancestor, GraphRowRenderer, Renderer};

use crate::listing::Listed;
use crate::terminal::{BOLD, DIM};

/// The migrations as a graph, the newest first: `@` is applied, `○` is not.
pub(crate) fn drawn(entries: &[Listed<'_>]) -> String {
    let shown: BTreeSet<&str> = entries.iter().map(|entry| entry.revision).collect();
    let mut renderer = GraphRowRenderer::new().output().with_min_row_height(1).build_box_drawing();
    newest_first(entries)
        .into_iter()
        .map(|entry| {
            let parent = |id: &&str| if shown.contains(id) { Ancestor::Parent((*id).to_owned()) } else { Ancestor::Anonymous };
            let parents = before(entry).iter().map(parent).collect();
            renderer.next_row(entry.revision.to_owned(), parents, mark(entry).to_owned(), line(entry))
        })
        .collect()
}

/// Children before their parents; the order of the history says the rest. What is in a circle is left out, and no history has any.
fn newest_first<'e, 'l>(entries: &'e [Listed<'l>]) -> Vec<&'e Listed<'l>> {
    let places: HashMap<&str, usize> = entries.iter().enumerate().map(|(at, entry)| (entry.revision, at)).collect();
    let parents = |at: usize| before(&entries[at]).into_iter().filter_map(|parent| places.get(parent).copied());
    let mut children = vec![0_usize; entries.len()];
    (0..entries.len()).flat_map(parents).for_each(|parent| children[parent] += 1);
    let mut free: BTreeSet<usize> = (0..entries.len()).filter(|at| children[*at] == 0).collect();
    let mut order = Vec::with_capacity(entries.len());
    while let Some(at) = free.pop_last() {
        order.push(&entries[at]);
        for parent in parents(at) {
            children[parent] -= 1;
            if children[parent] == 0 {
                free.insert(parent);
            }
        }
    }
    order
}

/// What a migration is drawn above: its parents, and what it depends on.
fn before<'l>(entry: &Listed<'l>) -> Vec<&'l str> {
    entry.parents.iter().chain(entry.dependencies).copied().collect()
}

fn mark(entry: &Listed<'_>) -> &'static str {
    match entry.state {
        Some(RevisionState::Applied | RevisionState::Changed | RevisionState::Unknown | RevisionState::Renamed) => "@",
        Some(_) | None => "○",
    }
}

fn line(entry: &Listed<'_>) -> String {
    let state = entry.state.map(|state| format!("{} ", state.word())).unwrap_or_default();
    let foreign = if entry.foreign { " (not in this program)" } else { "" };
    let label = entry.label.map(|label| format!(" ({label})")).unwrap_or_default();
    format!("{BOLD}{}{BOLD:#}{label}  {}\n{DIM}{state}{}{foreign}{DIM:#}", entry.revision, entry.title, entry.grade.text())
}
