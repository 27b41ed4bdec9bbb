//! Each error is plain English, in the terms of the field; its first line is short and lower case.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::path::{Path, PathBuf};

/// The longest first line, in characters.
const LONGEST: usize = 90;

/// What an error does not say: metaphors, and words that a second reading is needed for.
const FORBIDDEN: &[&str] = &[
    "all of it",
    "another runner",
    "anew",
    "asks for",
    "behind",
    "beside",
    "by itself",
    "go with",
    "here are",
    "here is",
    "in the way",
    "is no ",
    "is said",
    "lead back",
    "leads back",
    "looked for",
    "meanwhile",
    "nobody",
    "of its own",
    "said twice",
    "says nothing",
    "says so",
    "serves",
    "stands",
    "takes any",
    "takes it back",
    "there are no",
    "there is",
    "told",
    "wants",
    "way back",
    "way there",
    "whoever",
    "word of the command",
    "world",
];

/// The files of expected errors.
fn files() -> Vec<PathBuf> {
    let folders = ["cases", "../features/cases"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|end| end == "stderr")).collect()
}

/// The helps and notes that a file has.
fn helps(file: &Path) -> Vec<(String, String)> {
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(file).unwrap();
    // Those of rustc itself begin with `=`.
    let own = |line: &str| {
        let line = line.trim();
        line.strip_prefix("help: ").or_else(|| line.strip_prefix("note: ")).map(str::to_owned)
    };
    text.lines().filter_map(own).map(|line| (name.clone(), line)).collect()
}

/// The first lines of the errors that a file has.
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
    forbidden(line)
}

/// A word that no error has. What is quoted is the user's.
fn forbidden(line: &str) -> Option<String> {
    let own: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
    FORBIDDEN.iter().find(|word| own.contains(**word)).map(|word| format!("{word:?}"))
}

#[test]
fn every_first_line_is_plain() {
    let lines: Vec<(String, String)> = files().iter().flat_map(|file| lines(file)).collect();
    assert!(lines.len() > 150, "{}", lines.len());
    let wrong: Vec<String> = lines.iter().filter_map(|(name, line)| Some(format!("{name}: {}: {line}", wrong(line)?))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_help_and_note_is_plain() {
    let helps: Vec<(String, String)> = files().iter().flat_map(|file| helps(file)).collect();
    assert!(helps.len() > 200, "{}", helps.len());
    let wrong: Vec<String> =
        helps.iter().filter_map(|(name, line)| Some(format!("{name}: {}: {line}", forbidden(line)?))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
