//! Dangers for running instances of the application: found in the effects of a statement, accepted by `#[allow]` or by the history.

mod compat;
mod data;
mod raw;
mod rewrite;
mod rows;
mod rule;
mod settings;
mod style;
mod told;

use crate::draft::Allow;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::suggestion::did_you_mean;

pub use compat::required_columns;
pub use rule::{Case, Group, LintRule, Severity};
pub use settings::{RuleSetting, RuleSettings};

/// Every rule.
pub const RULES: [&[LintRule]; 6] = [compat::RULES, data::RULES, raw::RULES, rewrite::RULES, rows::RULES, style::RULES];

/// The names of all rules.
pub fn names() -> impl Iterator<Item = &'static str> {
    RULES.iter().copied().flatten().map(|rule| rule.name)
}

/// Reports the dangers that are not accepted.
pub fn lint(case: &Case<'_>, settings: &RuleSettings, allows: &[Allow], problems: &mut Problems) {
    // An unknown rule may be the misspelled name of any rule, and is an error of its own.
    let is_known = |allow: &Allow| names().any(|name| name == allow.rule);
    let is_accepted = |rule: &&LintRule| allows.iter().any(|allow| allow.rule == rule.name || !is_known(allow));
    for rule in settings.denied().filter(|rule| !is_accepted(rule)) {
        rule.found(case).into_iter().for_each(|problem| problems.push(with_lock(case, rule, problem)));
    }
}

/// A danger with what it locks. What raw SQL locks depends on its statement, and is said already; what is better written otherwise locks
/// nothing now.
fn with_lock(case: &Case<'_>, rule: &LintRule, problem: Problem) -> Problem {
    if style::RULES.iter().chain(raw::RULES).any(|known| known.name == rule.name) {
        return problem;
    }
    let locks = case.locks(rule.lock);
    let note = problem.note.as_ref().map_or_else(|| locks.clone(), |note| format!("{note}; {locks}"));
    problem.note(note)
}

/// Whether something in a statement needs the rule to be accepted.
pub fn needs(case: &Case<'_>, settings: &RuleSettings, rule: &str) -> bool {
    settings.denied().any(|known| known.name == rule && !known.found(case).is_empty())
}

/// Rule `unused_allow`: an attribute before a block is in use where one of the block's actions needs it.
pub fn unused_allow(allow: &Allow, problems: &mut Problems) {
    let Allow { id: _, rule, reason } = allow;
    // An unknown rule and an empty reason are errors of their own.
    if !names().any(|name| name == rule) || reason.trim().is_empty() {
        return;
    }
    let message = format!("unused `#[allow({rule})]`");
    problems.push(Problem::new("unused_allow", Slot::new(Role::Allow, rule), message).help("remove it"));
}

/// Rules `unknown_rule` and `allow_reason`.
pub fn check_allow(allow: &Allow, problems: &mut Problems) {
    let slot = Slot::new(Role::Allow, &allow.rule);
    if !names().any(|name| name == allow.rule) {
        let near = did_you_mean(&allow.rule, names());
        let groups = || Group::ALL.iter().map(|group| group.word());
        let problem = Problem::new("unknown_rule", slot, format!("unknown rule `{}`", allow.rule));
        let of_group = groups()
            .find(|group| *group == allow.rule)
            .map(|group| format!("name one rule, or accept the group in `history!`: `rules: allow({group});`"));
        let note = format!("the rules are in the groups {}: see the book, \"Dangers\"", groups().collect::<Vec<_>>().join(", "));
        problems.push(problem.help_if(of_group).help_if(near).note(note));
    } else if allow.reason.trim().is_empty() {
        let message = format!("`#[allow({})]` requires a reason", allow.rule);
        problems.push(
            Problem::new("allow_reason", slot, message)
                .help(format!("write `#[allow({}, reason = \"unused since 2.3\")]`", allow.rule)),
        );
    }
}
