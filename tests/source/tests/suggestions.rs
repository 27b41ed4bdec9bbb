//! A help that is one text in the place of another is data, and with it the error is gone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fs;
use std::path::Path;

use migrate_compiler::lint;
use migrate_source::{Applicability, Finding, Package, SuggestedEdit};
use tempfile::TempDir;

/// A copy of the UI tests, whose cases have the migrations before them in files beside them.
fn copy() -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    for folder in ["cases", "given"] {
        fs::create_dir(copy.path().join(folder)).unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui").join(folder);
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            fs::copy(entry.path(), copy.path().join(folder).join(entry.file_name())).unwrap();
        }
    }
    copy
}

/// What is wrong with the histories of a file.
fn findings(root: &Path) -> Option<Vec<Finding>> {
    let package = Package {
        name: "app".to_owned(),
        manifest: root.with_file_name("Cargo.toml"),
        crates: vec![root.to_owned()],
        beside: Vec::new(),
    };
    let histories = package.histories().ok()?;
    let compiled = histories.iter().map(|history| history.compile().unwrap_or_else(|error| panic!("{error}")));
    Some(compiled.flat_map(|compiled| compiled.findings).collect())
}

/// The text of a file with an edit.
fn edited(text: &str, edit: &SuggestedEdit) -> String {
    format!("{}{}{}", &text[..edit.range.start], edit.replacement, &text[edit.range.end..])
}

/// Whether an error may be there that was not: a danger, which is to be accepted, the next one of the same rule in the statement, or that a
/// statement which can be read now has an `undo` beside the `down` of its migration.
fn may_be_new(found: &Finding, of: &Finding) -> bool {
    found.rule == of.rule || found.rule == "down_and_undo" || lint::names().any(|name| name == found.rule)
}

/// What is not as it should be with the suggestions for a file, and how many there are of each kind.
fn tried(path: &Path) -> (Vec<String>, Vec<Applicability>) {
    let (mut wrong, mut kinds) = (Vec::new(), Vec::new());
    let name = path.file_stem().unwrap().to_string_lossy();
    let Some(before) = findings(path) else { return (wrong, kinds) };
    let text = fs::read_to_string(path).unwrap();
    for (finding, edit) in before.iter().filter_map(|finding| Some((finding, finding.suggestion.as_ref()?))) {
        if finding.file.path != path {
            continue;
        }
        kinds.push(edit.applicability);
        fs::write(path, edited(&text, edit)).unwrap();
        let after = findings(path).unwrap_or_else(|| panic!("{name}: no Rust after {edit:?}"));
        let count =
            |all: &[Finding], of: &Finding| all.iter().filter(|one| (one.rule, &one.message) == (of.rule, &of.message)).count();
        let is_gone = count(&after, finding) < count(&before, finding);
        let is_new = |one: &Finding| count(&after, one) > count(&before, one) && !may_be_new(one, finding);
        if !is_gone || after.iter().any(is_new) {
            let left: Vec<String> = after.iter().map(|one| format!("\n    {}: {}", one.rule, one.message)).collect();
            wrong.push(format!("{name}: {} of {}, {edit:?}{}", after.len(), before.len(), left.concat()));
        }
    }
    fs::write(path, text).unwrap();
    (wrong, kinds)
}

#[test]
fn a_suggestion_mends_its_error_and_makes_no_other() {
    let copy = copy();
    let entries = fs::read_dir(copy.path().join("cases")).unwrap().map(|entry| entry.unwrap().path());
    let cases = entries.filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let (wrong, kinds): (Vec<_>, Vec<_>) = cases.map(|path| tried(&path)).unzip();
    let (wrong, kinds) = (wrong.concat(), kinds.concat());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let sure = kinds.iter().filter(|kind| **kind == Applicability::MachineApplicable).count();
    assert!(sure > 20 && kinds.len() - sure > 20, "{sure} of {}", kinds.len());
}
