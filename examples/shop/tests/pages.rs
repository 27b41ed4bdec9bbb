//! The README and the chapter "Getting started" show the files of this program, and what its commands print.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::path::Path;
use std::process::Command;

const PAGES: [(&str, &str); 2] =
    [("README.md", include_str!("../../../README.md")), ("docs/src/start.md", include_str!("../../../docs/src/start.md"))];

/// What is not run here: what makes a program, builds and tests it, and what this repository is for.
const ELSEWHERE: &[&str] = &["cargo new ", "cargo add ", "cargo test", "cargo xtask "];

/// The blocks of code whose fence says this language.
fn blocks(page: &'static str, language: &str) -> impl Iterator<Item = &'static str> {
    let fence = format!("```{language}\n");
    let starts: Vec<usize> = page.match_indices(&fence).map(|(start, _)| start + fence.len()).collect();
    starts.into_iter().map(|start| page[start..].split_once("```").unwrap().0)
}

/// The files that a block shows: each after a comment with its path.
fn files(block: &'static str) -> Vec<(&'static str, &'static str)> {
    let files = block.split("// src/").skip(1);
    files.map(|file| file.split_once('\n').unwrap()).collect()
}

#[test]
fn the_pages_show_the_files_of_this_program() {
    for (page, text) in PAGES {
        let shown: Vec<(&str, &str)> = blocks(text, "rust,ignore").flat_map(files).collect();
        assert!(shown.len() >= 2, "{page} shows {shown:?}");
        for (path, content) in shown {
            let path = path.split([':', ',']).next().unwrap();
            let file = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)).unwrap();
            assert!(file.contains(content.trim()), "{page} shows of src/{path}:\n{content}");
        }
    }
    let first = blocks(PAGES[0].1, "rust").next().unwrap();
    assert_eq!(first, include_str!("../src/migrations/m0002_add_organisations.rs"));
}

/// A line without the moment or the length of time at its end.
fn timeless(line: &str) -> String {
    let line = line.trim_end();
    let is_moment = |word: &str| word.len() == "2026-11-27T12:12:41.702Z".len() && word.ends_with('Z') && word.contains('T');
    match (line.rsplit_once(" in "), line.rsplit_once(' ')) {
        (Some((text, time)), _) if time.ends_with(" ms") || time.ends_with(" s") => format!("{text} in …"),
        (_, Some((text, word))) if is_moment(word) => format!("{text} …"),
        _ => line.to_owned(),
    }
}

/// What a shell prints for the commands of a page, beside what the page says.
#[test]
fn the_commands_print_what_the_pages_say() {
    for (page, text) in PAGES {
        let folder = tempfile::tempdir().unwrap();
        let session: Vec<&str> = blocks(text, "console").flat_map(str::lines).collect();
        let (mut script, mut said, mut runs) = ("exec 2>&1\n".to_owned(), Vec::new(), 0);
        let mut is_run = false;
        for line in session {
            match line.strip_prefix("$ ") {
                Some(command) => {
                    is_run = !ELSEWHERE.iter().any(|word| command.starts_with(word));
                    if is_run {
                        runs += 1;
                        script +=
                            &format!("{}\n", command.replace("cargo run --", concat!("'", env!("CARGO_BIN_EXE_shop"), "'")));
                    }
                }
                None if is_run => said.push(timeless(line)),
                None => panic!("{page}: what is printed is not compared: {line}"),
            }
        }
        assert!(runs >= 3, "{page} has {runs} commands");
        let mut shell = Command::new("sh");
        let output = shell.arg("-ec").arg(script).env_remove("DATABASE_URL").current_dir(folder.path()).output().unwrap();
        let printed: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(timeless).collect();
        assert_eq!(printed, said, "{page}");
        assert!(output.status.success(), "{page}");
    }
}
