//! The first line of each error is plain English: short, lower case, and in the terms of the field.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::path::Path;

/// The longest first line, in characters.
const LONGEST: usize = 90;

/// What an error does not say: metaphors, and words that a second reading is needed for.
const FORBIDDEN: &[&str] = &[
    "asks for",
    "behind",
    "by itself",
    "here are",
    "here is",
    "in the way",
    "is no ",
    "is said",
    "lead back",
    "leads back",
    "said twice",
    "says nothing",
    "says so",
    "stands",
    "there are no",
    "there is",
    "told",
    "wants",
    "way back",
    "way there",
];

/// The first lines of the errors that the cases show.
fn first_lines() -> Vec<(String, String)> {
    let folders = ["cases", "../features/cases"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let errors = files.filter(|file| file.extension().is_some_and(|end| end == "stderr"));
    errors.flat_map(|file| lines(&file)).collect()
}

fn lines(file: &Path) -> Vec<(String, String)> {
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(file).unwrap();
    // What rustc itself says of a path has its own code; what a constant says of a history comes after these words.
    let own = |line: &str| {
        let panicked = line.strip_prefix("error[E0080]: evaluation panicked: ");
        line.strip_prefix("error: ").or(panicked).map(str::to_owned)
    };
    text.lines().filter_map(own).map(|line| (name.clone(), line)).collect()
}

/// What is wrong with a first line.
fn wrong(line: &str) -> Option<String> {
    let length = line.chars().count();
    if length > LONGEST {
        return Some(format!("{length} characters"));
    }
    if line.ends_with('.') {
        return Some("a full stop at its end".to_owned());
    }
    if line.starts_with(char::is_uppercase) && !["PostgreSQL", "SQLite"].iter().any(|name| line.starts_with(name)) {
        return Some("a capital at its start".to_owned());
    }
    // What is quoted is the user's.
    let own: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
    FORBIDDEN.iter().find(|word| own.contains(**word)).map(|word| format!("{word:?}"))
}

#[test]
fn every_first_line_is_plain() {
    let lines = first_lines();
    assert!(lines.len() > 150, "{}", lines.len());
    let wrong: Vec<String> = lines.iter().filter_map(|(name, line)| Some(format!("{name}: {}: {line}", wrong(line)?))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
