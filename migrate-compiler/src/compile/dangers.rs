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
        problems.at(Some(statement.piece.id));
        lint::lint(&statement.facts, &statement.piece.allows, problems);
        let in_vain = |allow: &&Allow| {
            !upgrade
                .statements
                .iter()
                .any(|one| one.piece.allows.contains(allow) && (!one.sound || lint::needs(&one.facts, &allow.rule)))
        };
        for allow in statement.piece.allows.iter().filter(in_vain) {
            lint::unused_allow(allow, problems);
        }
    }
    let asked: BTreeSet<PieceId> = draft.pieces.iter().map(|piece| piece.id).collect();
    for piece in draft.every_piece().into_iter().filter(|piece| !asked.contains(&piece.id)) {
        problems.at(Some(piece.id));
        lint::lint(&Facts::default(), &piece.allows, problems);
        piece.allows.iter().for_each(|allow| lint::unused_allow(allow, problems));
    }
    problems.at(None);
}
