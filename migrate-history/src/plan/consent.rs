//! What requires consent before a plan is run.

use super::{Dropped, Plan, Planned};
use crate::{ANYTHING, Count, List, Text};

impl Planned {
    /// Everything that its downgrade does not restore or drops, a phrase each: what the compiler knows, and what was counted. Of
    /// what does not exist nothing is listed.
    pub fn lost(&self) -> Vec<String> {
        let counted = self.drops.iter().filter(|dropped| !dropped.count.is_none());
        self.losses.iter().map(ToString::to_string).chain(counted.map(ToString::to_string)).collect()
    }

    /// Whether what is lost requires consent.
    pub fn needs_consent(&self) -> bool {
        !self.losses.is_empty() || self.drops.iter().any(|dropped| dropped.count.is_some())
    }
}

impl Plan {
    /// Whether what a downgrade loses requires consent: what the compiler knows, and what was counted. What can be counted
    /// only in the course of the downgrade is looked at then.
    pub fn needs_consent(&self) -> bool {
        self.migrations.iter().any(Planned::needs_consent)
    }

    /// The plan without consent to what could not be counted yet: where there is any of it, the downgrade stops.
    #[must_use]
    pub fn agreeing_to_nothing_uncounted(mut self) -> Plan {
        for dropped in self.migrations.iter_mut().flat_map(|planned| &mut planned.drops) {
            match dropped.count {
                Count::NotAsked | Count::After(_) => dropped.count = Count::Of(0),
                Count::Of(_) | Count::More | Count::Unknown(_) => {}
            }
        }
        self
    }

    /// What a later plan for the same goal, counted since, loses and this one does not say, with its revision.
    pub fn unsaid(&self, revision: &str, later: &[Dropped]) -> Vec<String> {
        let known = self.migrations.iter().find(|planned| planned.revision == revision);
        let said = |dropped: &Dropped| {
            let same = |one: &&Dropped| one.tally == dropped.tally;
            let count = known.and_then(|planned| planned.drops.iter().find(same)).map(|one| &one.count);
            match count {
                Some(Count::Of(found)) => *found > 0,
                Some(Count::More | Count::After(_) | Count::Unknown(_)) => true,
                Some(Count::NotAsked) | None => false,
            }
        };
        later.iter().filter(|dropped| dropped.count.is_some() && !said(dropped)).map(ToString::to_string).collect()
    }
}

/// Marks what cannot be counted before another migration of the run is undone, in the order in which they are undone.
pub(super) fn mark(migrations: &mut [Planned]) {
    let mut earlier: Vec<(Text, List<Text>)> = Vec::new();
    for planned in migrations {
        for dropped in planned.drops.iter_mut().filter(|dropped| dropped.count == Count::NotAsked) {
            let reads = |moves: &List<Text>| moves.iter().any(|path| path == ANYTHING || dropped.tally.reads.contains(path));
            if let Some((revision, _)) = earlier.iter().rev().find(|(_, moves)| reads(moves)) {
                dropped.count = Count::After(revision.clone());
            }
        }
        earlier.push((planned.revision.clone(), planned.moves.clone()));
    }
}
