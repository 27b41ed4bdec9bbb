//! The book's chapter of errors is generated from the cases of the tests, so it shows what the compiler prints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use migrate_compiler::rule::{TOPICS, Topic};

/// The book, from this package's folder.
const BOOK: &str = "../../docs/src";

const HEAD: &str = "# Every error\n\n\
    Each mistake that the compiler knows, by what it is about, on a page with an example of it and what is said then. These pages are made of the tests: \
    `BOOK=overwrite cargo test -p migrate-ui-tests --test book` writes them again.\n\n\
    \"Cannot find `__migration_that_comes_before_this` in `m`\" (E0433) is what rustc itself says of `after super::m;` where `m` is not a migration, or comes \
    [after the migration that names it](errors-parents.md#cycle). An error E0080 of the history then says which migrations are in the cycle. \
    \"Cannot find `__no_history_lists_this_migration`\" (E0433) is what it says of a migration in a module next to which there is no `history!`: write `mod m;` in \
    the `history!` of the module around it.\n";

/// A rule, from its case: its name, what it is about, and what the compiler says.
struct Rule {
    name: String,
    about: String,
    source: String,
    errors: String,
}

#[test]
fn the_chapters_of_errors_say_what_the_compiler_says() {
    let rules = rules();
    check("errors.md", &contents(&rules));
    for topic in TOPICS {
        check(&page(topic), &chapter(topic, &rules));
    }
}

/// Writes a page of the book where that is wanted, and says whether it is as it should be.
fn check(page: &str, written: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(BOOK).join(page);
    if std::env::var_os("BOOK").is_some_and(|word| word == "overwrite") {
        std::fs::write(&path, written).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap_or_default() == written, "docs/src/{page} is not what the cases say");
}

fn page(topic: &Topic) -> String {
    format!("errors-{}.md", topic.word)
}

fn of<'r>(topic: &'r Topic, rules: &'r [Rule]) -> impl Iterator<Item = &'r Rule> {
    let is_of = |rule: &&Rule| Topic::of(&rule.name).is_some_and(|found| found.word == topic.word);
    rules.iter().filter(is_of)
}

fn contents(rules: &[Rule]) -> String {
    TOPICS.iter().fold(HEAD.to_owned(), |mut contents, topic| {
        let page = page(topic);
        let _ = write!(contents, "\n## [{}]({page})\n\n", topic.heading);
        for Rule { name, about, .. } in of(topic, rules) {
            let _ = writeln!(contents, "- [{name}]({page}#{name}): {about}.");
        }
        contents
    })
}

fn chapter(topic: &Topic, rules: &[Rule]) -> String {
    of(topic, rules).fold(format!("# {}\n", topic.heading), |mut page, rule| {
        let Rule { name, about, source, errors } = rule;
        let _ = write!(page, "\n## {name}\n\n{about}.\n\n```rust,ignore\n{source}\n```\n\n```text\n{}\n```\n", errors.trim_end());
        page
    })
}

/// Every case by its name.
fn rules() -> Vec<Rule> {
    let folders = ["cases", "../features/cases"].map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|end| end == "stderr")).collect();
    files.sort_by_key(|file| file.file_name().map(ToOwned::to_owned));
    files.iter().map(|file| rule(file)).collect()
}

fn rule(errors: &Path) -> Rule {
    let name = errors.file_stem().unwrap().to_string_lossy().into_owned();
    let source = std::fs::read_to_string(errors.with_extension("rs")).unwrap();
    let errors = std::fs::read_to_string(errors).unwrap();
    let about = source.lines().next().unwrap().strip_prefix(&format!("//! Rule `{name}`: "));
    let about = about.unwrap_or_else(|| panic!("the first line of `{name}` says which rule it is about"));
    Rule { about: about.trim_end_matches('.').to_owned(), source: shown(&source, &errors), errors, name }
}

/// The statement that the first error is about: the lines from the last blank one before it to the next one after.
fn shown(source: &str, errors: &str) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let place = errors.lines().find_map(|line| line.trim().strip_prefix("--> ")).expect("an error has a place");
    let line: usize = place.split(':').nth(1).unwrap().parse().unwrap();
    let edge = |line: &&str| line.trim().is_empty() || line.trim() == "}" || line.contains("! {");
    let start = line - 1 - lines[..line - 1].iter().rev().take_while(|line| !edge(line)).count();
    let end = line + lines[line..].iter().take_while(|line| !edge(line)).count();
    let indent = lines[start].len() - lines[start].trim_start().len();
    let unindented = lines[start..end].iter().map(|line| line.get(indent..).unwrap_or_default());
    unindented.collect::<Vec<_>>().join("\n")
}
