//! `explain RULE`: the book's page of a rule. The pages are those of the book, which tests make from the rules and from what the compiler says.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::terminal::{BOLD, DIM};
use crate::text::indented;

/// What each danger locks, and what to write instead.
const DANGERS: &str = include_str!("explain/pages/dangers.md");

/// The rules by what they are about, each with an example of its error.
const TOPICS: [&str; 12] = [
    include_str!("explain/pages/errors-grammar.md"),
    include_str!("explain/pages/errors-objects.md"),
    include_str!("explain/pages/errors-types.md"),
    include_str!("explain/pages/errors-expressions.md"),
    include_str!("explain/pages/errors-keys.md"),
    include_str!("explain/pages/errors-rows.md"),
    include_str!("explain/pages/errors-queries.md"),
    include_str!("explain/pages/errors-downgrades.md"),
    include_str!("explain/pages/errors-raw.md"),
    include_str!("explain/pages/errors-servers.md"),
    include_str!("explain/pages/errors-dangers.md"),
    include_str!("explain/pages/errors-parents.md"),
];

/// A rule, as the book has it.
pub(crate) struct RulePage {
    name: &'static str,
    /// The heading of its chapter.
    topic: &'static str,
    about: &'static str,
    /// What is locked and what to write instead, where `#[allow]` accepts it.
    danger: Option<&'static str>,
    /// A statement and the error.
    example: &'static str,
}

/// Every rule, in the order of the book.
pub(crate) fn rules() -> impl Iterator<Item = RulePage> {
    TOPICS.into_iter().flat_map(|page| {
        let topic = page.lines().next().unwrap_or_default().trim_start_matches("# ");
        sections(page, "\n## ").map(move |(name, body)| {
            let (about, example) = body.split_once("\n\n").unwrap_or((body, ""));
            RulePage { name, topic, about: about.trim_end_matches('.'), danger: danger(name), example }
        })
    })
}

/// The rule of this name.
pub(crate) fn find(name: &str) -> Result<RulePage, Failure> {
    let near = || {
        let scored = rules().map(|rule| (strsim::jaro_winkler(rule.name, name), rule.name));
        scored.max_by(|one, other| one.0.total_cmp(&other.0)).filter(|best| best.0 > 0.8)
    };
    rules().find(|rule| rule.name == name).ok_or_else(|| {
        let help = match near() {
            Some((_, near)) => format!("did you mean `{near}`?"),
            None => "`explain` lists all rules".to_owned(),
        };
        Failure::Usage(format!("unknown rule `{name}`\nhelp: {help}"))
    })
}

/// What the chapter of dangers says of a rule.
fn danger(name: &str) -> Option<&'static str> {
    let found = sections(DANGERS, "\n### ").find(|section| section.0 == name)?;
    Some(found.1.split("\n## ").next().unwrap_or_default().trim())
}

/// The sections of a page with a heading of this depth: its words, and what is below it.
fn sections(page: &'static str, mark: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    page.split(mark).skip(1).filter_map(|section| {
        let (name, body) = section.split_once('\n')?;
        Some((name, body.trim()))
    })
}

/// The names of all rules, by what they are about.
pub(crate) fn list() -> String {
    let mut out = String::new();
    let mut last = "";
    for RulePage { name, topic, about, .. } in rules() {
        if topic != last {
            let _ = writeln!(out, "{}{BOLD}{topic}{BOLD:#}", if last.is_empty() { "" } else { "\n" });
            last = topic;
        }
        let _ = writeln!(out, "  {name}: {DIM}{}{DIM:#}", unlinked(about));
    }
    out
}

/// The same as `[{"rule", "topic", "about"}]`.
pub(crate) fn list_json() -> Value {
    rules().map(|rule| json!({ "rule": rule.name, "topic": rule.topic, "about": unlinked(rule.about) })).collect()
}

impl RulePage {
    /// Its page for people.
    pub fn text(&self) -> String {
        let head = format!("{BOLD}{}{BOLD:#}: ", self.name);
        let out = match self.danger {
            Some(danger) => format!(
                "{head}{}\n- Accepted by: `#[allow({1}, reason = \"…\")]` before the statement, or `rules: allow({1});` in `history!`.\n",
                unlinked(&without_reference(danger)),
                self.name
            ),
            None => format!("{head}{}.\n", unlinked(self.about)),
        };
        out + "\n" + &blocks(self.example)
    }

    /// `{"rule", "topic", "about", "text"}`
    pub fn json(&self) -> Value {
        let text: String = self.text().chars().filter(|letter| !crate::terminal::is_style(*letter)).collect();
        json!({ "rule": self.name, "topic": self.topic, "about": unlinked(self.about), "text": text })
    }
}

/// Without the words that lead to the page which is shown below them.
fn without_reference(danger: &str) -> String {
    match danger.split_once("; [the error](") {
        Some((before, rest)) => format!("{before}{}", rest.split_once(')').map_or("", |(_, after)| after)),
        None => danger.to_owned(),
    }
}

/// Each link as its words.
fn unlinked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        out.push_str(before);
        match link.split_once("](").and_then(|(words, target)| Some((words, target.split_once(')')?.1))) {
            Some((words, after)) if !words.contains('[') => {
                out.push_str(words);
                rest = after;
            }
            Some(_) | None => {
                out.push('[');
                rest = link;
            }
        }
    }
    out + rest
}

/// Markdown for a terminal: what is in a fence is indented instead.
fn blocks(markdown: &str) -> String {
    let mut out = String::new();
    let parts = markdown.split("```").enumerate();
    for (at, part) in parts {
        if at % 2 == 0 {
            out.push_str(&unlinked(part.trim_start_matches('\n')));
        } else {
            let code = part.split_once('\n').map_or("", |(_, code)| code);
            let _ = writeln!(out, "{}", indented(code.trim_end()));
        }
    }
    format!("{}\n", out.trim_end())
}

#[cfg(test)]
mod tests {
    use migrate_compiler::{lint, rule};

    use super::*;

    /// It reports a defect of the compiler, which no example shows.
    const WITHOUT_PAGE: &str = "downgrade_fails";

    /// A checkout without symbolic links fails here: its pages are the paths of the book's.
    #[test]
    fn every_rule_of_the_compiler_is_explained() {
        let listed: Vec<&str> = rules().map(|rule| rule.name).collect();
        for topic in rule::TOPICS {
            for name in topic.rules.iter().filter(|name| **name != WITHOUT_PAGE) {
                assert!(listed.contains(name), "`{name}` ({}) has no page", topic.word);
            }
        }
        for name in lint::names() {
            let text = find(name).expect("a danger has a page").text();
            let parts = ["- Locked: ", "- Instead: ", "- Accepted by: `#[allow(", "    error: "];
            parts.iter().for_each(|part| assert!(text.contains(part), "{part}: {text}"));
            assert!(!text.contains("](") && !text.contains("```"), "{text}");
        }
    }

    #[test]
    fn a_misspelt_rule_is_suggested() {
        let said = |name| match find(name).err() {
            Some(Failure::Usage(said)) => said,
            other => panic!("{other:?}"),
        };
        assert_eq!(said("rename_colum"), "unknown rule `rename_colum`\nhelp: did you mean `rename_column`?");
        assert_eq!(said("…"), "unknown rule `…`\nhelp: `explain` lists all rules");
    }

    #[test]
    fn a_link_is_its_words() {
        assert_eq!(unlinked("a [b c](d.md#e), x[1] and [f] (g)"), "a b c, x[1] and [f] (g)");
    }
}
