//! What may hurt a running application.

use std::collections::BTreeSet;

use crate::compile::upgrade::Upgrade;
use crate::draft::{Allow, Draft};
use crate::fact::Facts;
use crate::lint;
use crate::problem::{PieceId, Problems};

/// Reports what may hurt a running application. A downgrade is not asked, so an `allow` there is never used.
pub(super) fn report(upgrade: &Upgrade<'_>, draft: &Draft, problems: &mut Problems) {
    for statement in upgrade.statements.iter().filter(|statement| statement.sound) {
        problems.of(statement.piece.id, |problems| {
            lint::lint(&statement.facts, &statement.piece.allows, problems);
            let unused = statement.piece.allows.iter().filter(|allow| !is_used(upgrade, allow));
            unused.for_each(|allow| lint::unused_allow(allow, problems));
        });
    }
    let asked: BTreeSet<PieceId> = draft.pieces.iter().map(|piece| piece.id).collect();
    for piece in draft.every_piece().into_iter().filter(|piece| !asked.contains(&piece.id)) {
        problems.of(piece.id, |problems| {
            lint::lint(&Facts::default(), &piece.allows, problems);
            piece.allows.iter().for_each(|allow| lint::unused_allow(allow, problems));
        });
    }
}

/// Whether one of the statements that it was written for needs it, or cannot be done.
fn is_used(upgrade: &Upgrade<'_>, allow: &Allow) -> bool {
    let of = upgrade.statements.iter().filter(|statement| statement.piece.allows.contains(allow));
    let mut needs = of.map(|statement| !statement.sound || lint::needs(&statement.facts, &allow.rule));
    needs.any(|needs| needs)
}
