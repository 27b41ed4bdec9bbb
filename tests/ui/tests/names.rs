//! A rule of the compiler has a UI case of its name.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::collections::BTreeSet;
use std::path::Path;

use migrate_compiler::{lint, rule};

/// The names of the cases.
fn cases() -> BTreeSet<String> {
    let folders = ["cases", "../features/cases"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|end| end == "rs")).map(|file| stem(&file)).collect()
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap().to_string_lossy().into_owned()
}

/// The rules that no user's migration breaks.
const WITHOUT_CASE: &[(&str, &str)] = &[("downgrade_fails", "it reports a defect of the compiler")];

#[test]
fn every_rule_has_a_case_of_its_name() {
    let cases = cases();
    let rules: Vec<&str> = rule::TOPICS.iter().flat_map(|topic| topic.rules).copied().collect();
    let without: Vec<&str> = WITHOUT_CASE.iter().map(|(rule, _)| *rule).collect();
    let missing: Vec<&&str> = rules.iter().filter(|rule| !cases.contains(**rule) && !without.contains(rule)).collect();
    assert!(missing.is_empty(), "rules without a case: {missing:?}");
    for rule in without {
        assert!(rules.contains(&rule) && !cases.contains(rule), "`{rule}` is no rule, or has a case");
    }
}

#[test]
fn every_case_has_a_topic() {
    let without: Vec<String> = cases().into_iter().filter(|case| rule::Topic::of(case).is_none()).collect();
    assert!(without.is_empty(), "cases without a topic: {without:?}");
}

#[test]
fn a_rule_has_one_name_and_stands_in_one_list() {
    let rules: Vec<&str> = rule::TOPICS.iter().flat_map(|topic| topic.rules).copied().collect();
    let names: BTreeSet<&str> = rules.iter().copied().collect();
    assert_eq!(names.len(), rules.len(), "a rule stands in the lists twice");
    for list in rule::TOPICS.iter().map(|topic| topic.rules) {
        assert!(list.is_sorted(), "{list:?} is not sorted");
    }
    assert!(lint::names().all(|rule| names.contains(rule)));
}
