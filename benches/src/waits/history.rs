//! The migrations of a change, compiled as the macros do it.

use migrate_compiler::compile::compile;
use migrate_compiler::example::newest;
use migrate_compiler::lint::{Group, LintRule, RULES};
use migrate_compiler::state::{Settings, State};
use migrate_history::{Database, History};
use migrate_live_tests::{compiled, written};

use super::change::{Change, ORIGIN};

/// The table as it was, and the change. Its dangers are accepted.
pub(super) fn history(change: &Change) -> History {
    let migrations = vec![("origin", written::draft(ORIGIN)), ("change", written::draft(change.migration))];
    compiled::drafts("waits", Database::Postgres, migrations)
}

/// The rule by which the compiler refuses a change, unless it is accepted, because others wait for the table until it is done.
pub(super) fn refused(change: &Change) -> Option<&'static LintRule> {
    let root = State::root(Settings::of([newest(Database::Postgres)]));
    let origin = compile(root.next(""), &written::draft(ORIGIN), "").after.named("origin");
    let problems = compile(origin.next(""), &written::draft(change.migration), "").problems;
    let blocking = RULES.iter().copied().flatten().filter(|rule| matches!(rule.group, Group::Lock | Group::Rewrite));
    blocking.into_iter().find(|rule| problems.iter().any(|problem| problem.code == rule.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waits::change::CHANGES;

    #[test]
    fn only_the_rewrite_is_refused_for_its_lock() {
        let refused = CHANGES.iter().filter_map(|change| Some((change.name, refused(change)?.name)));
        assert_eq!(refused.collect::<Vec<_>>(), [("`integer` to `bigint`", "rewrite_table")]);
    }
}
