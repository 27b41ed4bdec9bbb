//! Whatever is reported has a name in the list of rules.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fs;
use std::path::Path;

use migrate_compiler::rule;

/// The first argument of each call that makes a problem, where it is a literal.
fn codes(text: &str) -> Vec<String> {
    let calls = ["Problem::new(", "Diagnostic::new("].into_iter().flat_map(|call| text.split(call).skip(1));
    let literal = |rest: &str| rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()).map(str::to_owned);
    calls.filter_map(literal).collect()
}

fn walk(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, visit);
        } else {
            visit(&path);
        }
    }
}

#[test]
fn every_code_is_the_name_of_a_rule() {
    let mut found: Vec<String> = Vec::new();
    for source in ["src", "../migrate-macros/src"] {
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(source), &mut |path| {
            for code in codes(&fs::read_to_string(path).unwrap()) {
                assert!(rule::is_known(&code), "`{code}` of {} is in no list of rules", path.display());
                found.push(code);
            }
        });
    }
    assert!(found.len() > 100, "{found:?}");
}
