//! What may hurt a running application.

use std::collections::BTreeSet;

use crate::compile::upgrade::Simulated;
use crate::compile::upgrade::Upgrade;
use crate::draft::{Allow, Draft};
use crate::lint::{self, Case, RuleSettings};
use crate::problem::{PieceId, Problem, Problems, Role, Slot};

/// Reports what may hurt a running application. A downgrade is not asked, so an `allow` there is never used.
pub(super) fn report(upgrade: &Upgrade<'_>, draft: &Draft, settings: &RuleSettings, problems: &mut Problems) {
    let used = used(upgrade, settings);
    for statement in upgrade.statements.iter().filter(|statement| statement.sound) {
        problems.of(statement.piece.id, |problems| {
            lint::lint(&case(upgrade, statement), settings, &statement.piece.allows, problems);
            not_there_yet(upgrade, statement, problems);
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

/// Rule `expect_query`, where the question is about a table that the migration makes: it is asked before that.
fn not_there_yet(upgrade: &Upgrade<'_>, statement: &Simulated<'_>, problems: &mut Problems) {
    for (_, text) in statement.effects.expects.iter().flat_map(|expect| &expect.texts) {
        let named = statement.step.before.tables().named_in(text).into_iter();
        if let Some(table) = named.into_iter().find(|table| upgrade.start.table(table).is_none()) {
            let message = format!("`expect` is asked before the migration, which creates `{table}` or gives it this name");
            let problem = Problem::new("expect_query", Slot::new(Role::Raw, text), message);
            problems.push(problem.help("write it into the next migration"));
        }
    }
}

fn case<'c>(upgrade: &'c Upgrade<'_>, statement: &'c Simulated<'_>) -> Case<'c> {
    let Simulated { step, effects, .. } = statement;
    Case { effects, before: &step.before, after: &step.after, end: &upgrade.end }
}
