//! `deny(compat), allow(style, drop_column)`, after `rules:`.

use proc_macro2::Delimiter;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::lint::{self, Group, RuleSetting, RuleSettings, Severity};
use crate::parse::cursor::{any_word, expected, list, next_word, parens, take_punct, take_words, word_at};
use crate::suggestion::did_you_mean;

/// Every setting of rules.
pub(super) fn rules(input: ParseStream<'_>) -> Parse<RuleSettings> {
    let mut said = Vec::new();
    loop {
        let severity = severity(input)?;
        let names = parens(input, "rules in parentheses: `deny(compat)`", |input| list(input, &mut name))?;
        said.extend(names.into_iter().map(|of| RuleSetting { severity, of }));
        if take_punct(input, ",").is_none() {
            return Ok(RuleSettings { said });
        }
    }
}

fn severity(input: ParseStream<'_>) -> Parse<Severity> {
    let of = |severity: Severity| take_words(input, &[severity.word()]).map(|_| severity);
    let severity = [Severity::Deny, Severity::Allow].into_iter().find_map(of);
    severity.ok_or_else(|| other_level(input).unwrap_or_else(|| expected(input, "`deny(…)` or `allow(…)`")))
}

/// Rule `expected`: a level of rustc's lints that a rule does not have.
fn other_level(input: ParseStream<'_>) -> Option<Diagnostic> {
    let word = next_word(input).filter(|word| ["warn", "forbid", "error", "expect"].contains(&word.as_str()))?;
    let severity = if word == "expect" { Severity::Allow } else { Severity::Deny };
    let of = word_at(input.cursor()).and_then(|(_, rest)| rest.group(Delimiter::Parenthesis));
    let of = of.map(|(inner, ..)| inner.token_stream().to_string().replace(" ,", ","));
    let help = format!("write `{}({})`", severity.word(), of.as_deref().unwrap_or("compat"));
    Some(Diagnostic::new("expected", input.span(), format!("`{word}` is not a level of a rule")).help(help))
}

/// Rule `unknown_rule`, for a rule or a group.
fn name(input: ParseStream<'_>) -> Parse<String> {
    let word = any_word(input, "a rule or a group of rules")?;
    let name = word.to_string();
    let groups = || Group::ALL.iter().map(|group| group.word());
    if groups().chain(lint::names()).any(|known| known == name) {
        return Ok(name);
    }
    let message = format!("unknown rule `{name}`");
    let near = did_you_mean(&name, groups().chain(lint::names()));
    let problem = Diagnostic::new("unknown_rule", word.span(), message).help_if(near);
    Err(problem.help(format!("the groups are: {}", groups().collect::<Vec<_>>().join(", "))))
}
