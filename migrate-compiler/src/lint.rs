//! Dangers to whoever is using the database: found in the effects, accepted by `#[allow]`.

use crate::draft::Allow;
use crate::effect::{Effects, Removed, Repeat};
use crate::name::Written;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::suggestion::did_you_mean;

/// A rule that `#[allow(rule, reason = "…")]` can name.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// What is dangerous, and what to do.
    pub about: &'static str,
    /// Looks at the effects of one operation.
    find: fn(&Effects) -> Vec<Problem>,
}

/// Every rule.
pub const RULES: &[Rule] = &[
    Rule { name: "drop_column", about: "running instances of the application may still use a dropped column", find: drop_column },
    Rule { name: "drop_table", about: "running instances of the application may still use a dropped table", find: drop_table },
    Rule { name: "duplicate_key", about: "a key or an index duplicates another one of its table", find: duplicate_key },
];

/// Reports the dangers that nobody accepted.
pub fn lint(effects: &Effects, allows: &[Allow], problems: &mut Problems) {
    // One that is not known may have been meant for any danger, and is an error of its own.
    let is_known = |allow: &Allow| RULES.iter().any(|rule| rule.name == allow.rule);
    let is_accepted = |rule: &&Rule| allows.iter().any(|allow| allow.rule == rule.name || !is_known(allow));
    for rule in RULES.iter().filter(|rule| !is_accepted(rule)) {
        (rule.find)(effects).into_iter().for_each(|problem| problems.push(problem));
    }
    allows.iter().for_each(|allow| check_allow(allow, problems));
}

/// Whether something in the effects needs the rule to be accepted.
pub fn needs(effects: &Effects, rule: &str) -> bool {
    RULES.iter().any(|known| known.name == rule && !(known.find)(effects).is_empty())
}

/// Rule `drop_column`.
fn drop_column(effects: &Effects) -> Vec<Problem> {
    let found = effects.removes.iter().filter_map(|removed| match removed {
        Removed::Column(table, column) => Some((table, column)),
        Removed::Table(_) => None,
    });
    found
        .map(|(table, column)| danger("drop_column", Role::Column, column, &format!("column `{}` of `{table}`", Written(column))))
        .collect()
}

/// Rule `drop_table`.
fn drop_table(effects: &Effects) -> Vec<Problem> {
    let found = effects.removes.iter().filter_map(|removed| match removed {
        Removed::Table(table) => Some(table),
        Removed::Column(..) => None,
    });
    found.map(|table| danger("drop_table", Role::Table, &table.to_string(), &format!("table `{table}`"))).collect()
}

/// Rule `duplicate_key`.
fn duplicate_key(effects: &Effects) -> Vec<Problem> {
    let problem = |repeat: &Repeat| {
        let message = format!("duplicate of {}", repeat.other);
        Problem::new("duplicate_key", repeat.slot.clone(), message)
            .help("remove it, or write `#[allow(duplicate_key, reason = \"…\")]` before the statement")
            .note("a second one takes as much space again and slows down each write")
    };
    effects.repeats.iter().map(problem).collect()
}

fn danger(rule: &'static str, role: Role, word: &str, what: &str) -> Problem {
    Problem::new(rule, Slot::new(role, word), format!("running instances of the application may still use {what}"))
        .help(format!("deploy a version that does not use it, then write `#[allow({rule}, reason = \"unused since 2.3\")]` before the statement"))
        .note("during a deploy, old and new versions of the application run at the same time")
}

/// Rule `unused_allow`: an attribute before a block is in use where one of the block's actions needs it.
pub fn unused_allow(allow: &Allow, problems: &mut Problems) {
    let Allow { rule, reason } = allow;
    // Of an unknown rule and of an empty reason something was said.
    if !RULES.iter().any(|known| known.name == rule) || reason.trim().is_empty() {
        return;
    }
    let message = format!("unused `#[allow({rule})]`");
    problems.push(Problem::new("unused_allow", Slot::new(Role::Allow, rule), message).help("remove it"));
}

/// Rules `unknown_rule` and `allow_reason`.
fn check_allow(allow: &Allow, problems: &mut Problems) {
    let slot = Slot::new(Role::Allow, &allow.rule);
    if !RULES.iter().any(|rule| rule.name == allow.rule) {
        let near = did_you_mean(&allow.rule, RULES.iter().map(|rule| rule.name));
        let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        let problem = Problem::new("unknown_rule", slot, format!("unknown rule `{}`", allow.rule));
        problems.push(problem.help_if(near).note(format!("the rules are: {}", names.join(", "))));
    } else if allow.reason.trim().is_empty() {
        let message = "the reason is empty";
        problems.push(
            Problem::new("allow_reason", slot, message)
                .help(format!("write `#[allow({}, reason = \"unused since 2.3\")]`", allow.rule)),
        );
    }
}
