//! Files that need each other cannot be read one after the other: there are none, but for the grammar's own recursion.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]
#![allow(clippy::wildcard_enum_match_arm, reason = "of the syntax of Rust only some is looked at")]

mod imports;

use std::collections::BTreeMap;

use imports::{Crate, Module, module};
use migrate_house_tests::sources;
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

/// The circles that are there by nature, each by a module that all of its files are in.
const GRAMMAR: &[(&str, &str)] = &[
    // An expression has expressions in it, and so do the lists and types within it.
    ("migrate-compiler", "parse"),
];

/// The circles that are still to go, each by its files. One that is gone is taken off, and none comes to it.
const STILL: &[(&str, &[&str])] = &[];

fn name(module: &Module) -> String {
    if module.is_empty() { "lib".to_owned() } else { module.join("::") }
}

/// The circles of a crate: each the files that need each other, with the uses between them.
fn circles(files: &Crate<'_>) -> Vec<(Vec<String>, Vec<String>)> {
    let uses: Vec<(String, String)> = files.uses().iter().map(|(from, to)| (name(from), name(to))).collect();
    let graph: DiGraphMap<&str, ()> = uses.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    let groups = tarjan_scc(&graph).into_iter().filter(|group| group.len() > 1);
    groups
        .map(|group| {
            let within = uses.iter().filter(|(from, to)| group.contains(&from.as_str()) && group.contains(&to.as_str()));
            let arrows = within.map(|(from, to)| format!("{from} → {to}")).collect();
            (group.into_iter().map(str::to_owned).collect(), arrows)
        })
        .collect()
}

#[test]
fn no_files_need_each_other() {
    let sources = sources();
    let mut crates: BTreeMap<String, Crate<'_>> = BTreeMap::new();
    for (file, parsed) in &sources {
        let (name, module) = module(file);
        crates.entry(name).or_insert_with(|| Crate { files: BTreeMap::new() }).files.insert(module, parsed);
    }
    let mut found = Vec::new();
    let mut still: Vec<&(&str, &[&str])> = STILL.iter().collect();
    for (name, files) in &crates {
        for (mut group, arrows) in circles(files) {
            group.sort();
            if let Some(place) = still.iter().position(|(of, known)| of == name && group == **known) {
                still.remove(place);
                continue;
            }
            let by_nature = |within: &str| group.iter().all(|file| file == within || file.starts_with(&format!("{within}::")));
            if !GRAMMAR.iter().any(|(of, within)| of == name && by_nature(within)) {
                found.push(format!("{name}: {} files need each other:\n    {}", group.len(), arrows.join("\n    ")));
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    assert!(still.is_empty(), "these circles are gone, or others: {still:?}");
}

#[test]
fn a_circle_is_found() {
    let parse = |text: &str| syn::parse_file(text).unwrap();
    let (root, a, b) = (parse("mod a; mod b;"), parse("use crate::b::B; pub struct A;"), parse("fn f() -> super::a::A { A }"));
    let files = [(vec![], &root), (vec!["a".to_owned()], &a), (vec!["b".to_owned()], &b)].into_iter().collect();
    assert_eq!(circles(&Crate { files }).len(), 1);
}
