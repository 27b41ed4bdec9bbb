//! What may hurt a running application.

use std::collections::BTreeSet;

use crate::compile::apply::apply;
use crate::compile::reverse::changed_rows;
use crate::compile::upgrade::{Simulated, Upgrade};
use crate::draft::{Allow, Draft};
use crate::lint::{self, Case, RuleSettings};
use crate::operation::{Backfill, Operation, UpdateRows};
use crate::problem::{Problem, Problems, Role, Slot};

/// Reports what may hurt a running application.
pub(super) fn report(upgrade: &Upgrade<'_>, draft: &Draft, settings: &RuleSettings, problems: &mut Problems) {
    let is_read = |statement: &&Simulated<'_>| statement.sound && !draft.half_read.contains(&statement.piece.id);
    for statement in upgrade.statements.iter().filter(is_read) {
        let mut found = Problems::new();
        found.of(statement.piece.id, |found| {
            lint::lint(&case(upgrade, statement), settings, &statement.piece.allows, found);
            not_there_yet(upgrade, statement, found);
        });
        for danger in found.take() {
            let is_of_rows = ["delete_all_rows", "truncate_table", "update_in_one_transaction"].contains(&danger.code);
            match problems.find(statement.piece.id, "needs_undo").filter(|_| is_of_rows) {
                Some(undo) => with_danger(undo, &danger, statement),
                None => problems.push(danger),
            }
        }
    }
}

/// What to write for an update that has no downgrade and locks all its rows, or a statement that deletes all of them: one text for both.
fn with_danger(undo: &mut Problem, danger: &Problem, statement: &Simulated<'_>) {
    let Simulated { step, effects, .. } = statement;
    let backfill = |update: &UpdateRows| Operation::from(Backfill { update: update.clone(), most: None });
    let batches = step.operation.in_batches().map(backfill).filter(|batches| {
        let mut found = Problems::new();
        let (_, sound) = apply(batches, statement.piece.id, &step.before, &mut found);
        found.take().is_empty() && sound
    });
    let accepted = || format!("#[allow({}, reason = \"…\")] {}", danger.code, step.operation);
    let text = batches.as_ref().map_or_else(accepted, ToString::to_string);
    if let Some(reached) = effects.reaches.first() {
        let shown = batches.as_ref().unwrap_or(&step.operation);
        undo.help = changed_rows((&text, shown), &step.before, reached).help;
        let by = if step.operation.in_batches().is_some() { "by `update`, " } else { "" };
        let note = format!("{by}{}", danger.message);
        undo.note = Some(undo.note.as_ref().map_or(note.clone(), |known| format!("{known}; {note}")));
    }
}

/// Reports what is wrong with each `allow`, at the first statement that has it: rules `unknown_rule`, `allow_reason` and
/// `unused_allow`. The statements of a downgrade are not checked for dangers, so an `allow` there is never used.
pub(super) fn check_allows(upgrades: &[Upgrade<'_>], draft: &Draft, settings: &RuleSettings, problems: &mut Problems) {
    let used = used(upgrades, draft, settings);
    let mut seen = BTreeSet::new();
    for piece in draft.every_piece() {
        for allow in piece.allows.iter().filter(|allow| seen.insert(allow.id)) {
            problems.of(piece.id, |problems| {
                lint::check_allow(allow, problems);
                if !used.contains(&allow.id) {
                    lint::unused_allow(allow, problems);
                }
            });
        }
    }
}

/// Every `allow` that one of its statements needs on one of the databases, or of which that is not known: the statement has an error,
/// or is for another database.
fn used(upgrades: &[Upgrade<'_>], draft: &Draft, settings: &RuleSettings) -> BTreeSet<usize> {
    let mut used = BTreeSet::new();
    let mut checked = BTreeSet::new();
    for upgrade in upgrades {
        for statement in &upgrade.statements {
            let needs = |allow: &&Allow| !statement.sound || lint::needs(&case(upgrade, statement), settings, &allow.rule);
            used.extend(statement.piece.allows.iter().filter(needs).map(|allow| allow.id));
            checked.insert(statement.piece.id);
        }
    }
    let elsewhere = draft.pieces.iter().filter(|piece| !checked.contains(&piece.id));
    used.extend(elsewhere.flat_map(|piece| &piece.allows).map(|allow| allow.id));
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
