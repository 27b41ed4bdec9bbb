//! What only some of the databases of a history have, since `#[only(…)]` created it there.

use migrate_history::Database;

use crate::brief;
use crate::compile::origin::is_in;
use crate::compile::upgrade::Upgrade;
use crate::problem::{Origin, Problem, Problems};

/// Collects what was found on the databases of each variant. Where something is unknown on some databases and known on others, the
/// error names those that lack it.
pub(super) fn collect(found: Vec<Problems>, upgrades: &[Upgrade<'_>], problems: &mut Problems) {
    let mut lists = Vec::new();
    for of_variant in found {
        of_variant.remarks().iter().for_each(|remark| problems.remark(remark.clone()));
        lists.push(of_variant.take());
    }
    for (list, upgrade) in lists.iter().zip(upgrades) {
        list.iter().for_each(|problem| problems.push(explained(problem.clone(), upgrade, upgrades)));
    }
}

/// The finding with the databases that lack what it is about.
fn explained(problem: Problem, own: &Upgrade<'_>, upgrades: &[Upgrade<'_>]) -> Problem {
    let has_it = |upgrade: &&Upgrade<'_>| has(upgrade, &problem);
    let others: Vec<Database> = upgrades.iter().filter(has_it).flat_map(databases).collect();
    if !problem.code.starts_with("unknown_") || others.is_empty() || has(own, &problem) {
        return problem;
    }
    let names: Vec<String> = databases(own).map(|database| database.to_string()).collect();
    let message = brief::line(format!("{} on {}", problem.message, names.join(" and ")));
    let right = attribute(&others);
    let help = match own.statements.iter().find(|one| Some(one.piece.id) == problem.piece).and_then(|one| one.piece.only.as_ref())
    {
        Some(only) => format!("replace `{}` with `{right}`", attribute(only)),
        None => format!("write `{right}` before the statement"),
    };
    Problem { message, help: Some(help.into()), ..problem }
}

fn attribute(databases: &[Database]) -> String {
    let words: Vec<&str> = databases.iter().map(|database| database.word()).collect();
    format!("#[only({})]", words.join(", "))
}

fn databases<'u>(upgrade: &'u Upgrade<'_>) -> impl Iterator<Item = Database> + use<'u> {
    upgrade.start.databases.iter().copied()
}

/// Whether the databases of a variant have what a finding says is unknown, when the statement is run.
fn has(upgrade: &Upgrade<'_>, problem: &Problem) -> bool {
    let Some(Origin::Dropped(path)) = &problem.origin else { return false };
    let before = upgrade.steps().take_while(|step| Some(step.piece) < problem.piece).last();
    is_in(path, before.map_or(&upgrade.start, |step| &step.after))
}
