//! What may hurt a running application.

use std::collections::BTreeSet;

use crate::compile::upgrade::Simulated;
use crate::compile::upgrade::Upgrade;
use crate::draft::{Allow, Draft};
use crate::lint::{self, Case, RuleSettings};
use crate::problem::{PieceId, Problems};

/// Reports what may hurt a running application. A downgrade is not asked, so an `allow` there is never used.
pub(super) fn report(upgrade: &Upgrade<'_>, draft: &Draft, settings: &RuleSettings, problems: &mut Problems) {
    let used = used(upgrade, settings);
    for statement in upgrade.statements.iter().filter(|statement| statement.sound) {
        problems.of(statement.piece.id, |problems| {
            lint::lint(&case(upgrade, statement), settings, &statement.piece.allows, problems);
            let unused = statement.piece.allows.iter().filter(|allow| !used.contains(allow));
            unused.for_each(|allow| lint::unused_allow(allow, problems));
        });
    }
    let asked: BTreeSet<PieceId> = draft.pieces.iter().map(|piece| piece.id).collect();
    for piece in draft.every_piece().into_iter().filter(|piece| !asked.contains(&piece.id)) {
        problems.of(piece.id, |problems| {
            lint::check_allows(&piece.allows, problems);
            piece.allows.iter().for_each(|allow| lint::unused_allow(allow, problems));
        });
    }
}

/// The dangers of which one of the statements that they were written for is one, or cannot be done.
fn used<'u>(upgrade: &Upgrade<'u>, settings: &RuleSettings) -> BTreeSet<&'u Allow> {
    let mut used = BTreeSet::new();
    for statement in &upgrade.statements {
        let needs = |allow: &&Allow| !statement.sound || lint::needs(&case(upgrade, statement), settings, &allow.rule);
        used.extend(statement.piece.allows.iter().filter(needs));
    }
    used
}

fn case<'c>(upgrade: &'c Upgrade<'_>, statement: &'c Simulated<'_>) -> Case<'c> {
    let Simulated { step, effects, .. } = statement;
    Case { effects, before: &step.before, after: &step.after, end: &upgrade.end }
}
