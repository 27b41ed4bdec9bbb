//! `rules: deny(compat), allow(style, drop_column);`: what a history says of rules and of groups of rules.

use migrate_history::{choice, record};

use super::RULES;
use super::rule::{LintRule, Severity};

/// What a history says of rules, in order: what comes later counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleSettings {
    /// Each with the name of a rule or of a group.
    pub said: Vec<RuleSetting>,
}

/// The setting of a rule, or of all rules of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetting {
    /// What becomes of findings.
    pub severity: Severity,
    /// The name of the rule or the group.
    pub of: String,
}

choice!(Severity { 'd' Deny, 'a' Allow });
record!(RuleSetting { severity, of });
record!(RuleSettings { said });

impl RuleSettings {
    /// What becomes of what a rule finds.
    pub fn severity(&self, rule: &LintRule) -> Severity {
        let is_it = |said: &&RuleSetting| said.of == rule.name || said.of == rule.group.word();
        self.said.iter().rev().find(is_it).map_or(rule.severity, |said| said.severity)
    }

    /// The rules that are in force.
    pub(super) fn denied(&self) -> impl Iterator<Item = &'static LintRule> {
        RULES.iter().copied().flatten().filter(|rule| self.severity(rule) == Severity::Deny)
    }
}
