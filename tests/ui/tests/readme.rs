//! The README's error is what the compiler says of the README's migration with a misspelt table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

const README: &str = include_str!("../../../README.md");
const MISSPELT: &str = include_str!("../readme/migrations/m0002_add_organisations.rs");

/// The first block of a language.
fn block(language: &str) -> &'static str {
    README.split_once(&format!("```{language}\n")).unwrap().1.split_once("```").unwrap().0
}

#[test]
fn the_readme_shows_what_the_compiler_says() {
    assert_eq!(block("rust").replace("alter table users", "alter table usres"), MISSPELT);
    // It is compiled when the list of cases is dropped.
    trybuild::TestCases::new().compile_fail("readme/mistake.rs");
    let said = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/readme/mistake.stderr")).unwrap();
    // Of a file next to the case it shows no line and no column.
    let line = MISSPELT.lines().position(|line| line.contains("usres")).unwrap();
    let column = MISSPELT.lines().nth(line).unwrap().find("usres").unwrap();
    let place = format!("src/migrations/m0002_add_organisations.rs:{}:{}", line + 1, column + 1);
    let shown = block("text")
        .replace(&place, "readme/migrations/m0002_add_organisations.rs")
        .replace(&format!("\n{} |", line + 1), "\n  |");
    assert_eq!(said.trim(), shown.trim());
}
