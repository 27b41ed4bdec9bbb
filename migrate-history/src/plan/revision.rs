//! Which revision of a graph a text means.

use super::Graph;
use super::target::{Target, TargetError};
use crate::Text;

/// The revision that an id or its unique beginning means, or `head`, where there is one.
///
/// # Errors
/// None begins so, or several do; several heads.
pub fn find(graph: &Graph, text: &str) -> Result<Text, TargetError> {
    if text != "head" {
        return of_id(graph, text);
    }
    match graph.heads().as_slice() {
        [head] => Ok(head.clone()),
        heads => Err(TargetError::SeveralHeads { heads: heads.to_vec() }),
    }
}

/// The revision that an id or the beginning of one means.
fn of_id(graph: &Graph, text: &str) -> Result<Text, TargetError> {
    if let Some(exact) = graph.order().iter().find(|id| &***id == text) {
        return Ok(exact.clone());
    }
    let candidates: Vec<Text> = graph.order().iter().filter(|id| id.starts_with(text)).cloned().collect();
    match candidates.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(TargetError::Unknown { target: text.to_owned(), near: near(graph, text) }),
        [_, ..] => Err(TargetError::Ambiguous { target: text.to_owned(), candidates }),
    }
}

/// The revision that a target names, where it names one.
pub(super) fn named(graph: &Graph, target: &Target) -> Result<Option<Text>, TargetError> {
    let (id, mut count, next): (_, _, fn(&Graph, &str) -> Vec<Text>) = match target {
        Target::Revision(id) => return of_id(graph, id).map(Some),
        Target::After(id, count) => (id, *count, Graph::children),
        Target::Before(id, count) => (id, *count, Graph::parents),
        Target::Head | Target::Base | Target::Forward(_) | Target::Back(_) | Target::Shared => return Ok(None),
    };
    let mut at = find(graph, id)?;
    while count > 0 {
        at = match next(graph, &at).as_slice() {
            [only] => only.clone(),
            [] => return Err(TargetError::NoneThere { target: target.to_string(), last: at }),
            several => return Err(TargetError::Ambiguous { target: target.to_string(), candidates: several.to_vec() }),
        };
        count -= 1;
    }
    Ok(Some(at))
}

fn near(graph: &Graph, text: &str) -> Option<Text> {
    let words = [Target::Head, Target::Base].map(|word| Text::from(word.to_string()));
    let scored = graph.order().iter().chain(&words).map(|id| (strsim::jaro_winkler(id, text), id));
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 > 0.8).then(|| best.1.clone())
}
