//! The code in the help of each UI case compiles where it is pasted: then the error is gone, and there is no new one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod ui;

use migrate_compiler::lint;
use ui::{Case, Found, Shown, errors_of};

/// The most tokens before and after the error that a code may replace.
const AROUND: (usize, usize) = (14, 24);

/// The most tokens between the error and what is to be written before it.
const BEFORE: usize = 60;

/// The rules of which only the first one in an expression is found.
const FIRST_ONLY: [&str; 1] = ["rust_operator"];

/// The text of a migration with something in the place of some of its tokens.
fn pasted(case: &Case, (first, last): (usize, usize), code: &str) -> String {
    let (tokens, text) = (&case.tokens, &case.text);
    format!("{} {code} {}", &text[..tokens[first].start], &text[tokens[last].end..])
}

/// The text of a migration with something before one of its tokens.
fn inserted(case: &Case, at: usize, code: &str) -> String {
    let start = case.tokens[at].start;
    format!("{} {code} {}", &case.text[..start], &case.text[start..])
}

/// Every way to paste a code near an error: instead of the tokens around it, the fewest first, or before one of the tokens before it.
fn ways<'c>(case: &'c Case, at: usize, code: &'c str) -> impl Iterator<Item = String> + 'c {
    let (left, right) = (at.min(AROUND.0), (case.tokens.len() - 1 - at).min(AROUND.1));
    let mut ranges: Vec<(usize, usize)> =
        (0..=left).flat_map(|left| (0..=right).map(move |right| (at - left, at + right))).collect();
    ranges.sort_by_key(|(first, last)| last - first);
    let instead = ranges.into_iter().map(move |range| pasted(case, range, code));
    instead.chain((0..=at.min(BEFORE)).map(move |left| inserted(case, at - left, code)))
}

/// What was wrong before a code was pasted.
struct Before<'b> {
    errors: Vec<Found>,
    rule: &'static str,
    shown: &'b Shown,
}

impl Before<'_> {
    /// Whether an error may be there afterwards: one that was there before, another one of the same rule where there were several, or a
    /// danger, which is to be accepted.
    fn allows(&self, one: &Found) -> bool {
        let of_rule = self.errors.iter().filter(|error| error.rule == self.rule).count();
        let has_several = of_rule > 1 || FIRST_ONLY.contains(&self.rule);
        self.errors.contains(one) || has_several && one.rule == self.rule || lint::names().any(|name| name == one.rule)
    }

    /// How often the error is among others: a case may have it at several statements.
    fn count(&self, errors: &[Found]) -> usize {
        errors.iter().filter(|one| one.message == self.shown.message).count()
    }

    /// Whether a text no longer has the error, and no new one.
    fn is_mended(&self, case: &Case, text: &str) -> bool {
        let after = errors_of(case, text, |one| self.allows(one));
        after.is_some_and(|after| after.iter().all(|one| self.allows(one)) && self.count(&after) < self.count(&self.errors))
    }
}

/// Whether a code mends the error somewhere.
fn mends(case: &Case, shown: &Shown, code: &str) -> bool {
    let errors = errors_of(case, &case.text, |_| true).expect("the case is made of tokens");
    let Some(at) = case.token_at(shown.place) else { return false };
    let Some(rule) = errors.iter().find(|one| one.message == shown.message).map(|one| one.rule) else { return false };
    let before = Before { errors, rule, shown };
    let closed = format!("{code};");
    [code, &closed].into_iter().any(|code| ways(case, at, code).any(|text| before.is_mended(case, &text)))
}

#[test]
fn every_code_of_a_help_compiles_where_it_is_pasted() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for case in ui::cases() {
        for shown in &case.errors {
            let Some(code) = shown.code() else { continue };
            seen += 1;
            if !mends(&case, shown, &code) {
                wrong.push(format!("{}: {}\n    help: {}", case.name, shown.message, shown.help));
            }
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{} of {seen}\n{}", wrong.len(), wrong.join("\n"));
    assert!(seen > 100, "{seen}");
}
