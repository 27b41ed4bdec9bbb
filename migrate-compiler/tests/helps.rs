//! The code that the help of every rule shows is code of the language.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::path::{Path, PathBuf};

use migrate_compiler::parse;

/// Where code can be inserted.
const PLACES: &[&str] = &[
    "{}",
    "{};",
    "{} create table t { a: text }",
    "create table t { a: text, {} }",
    "create table t { a: text {} }",
    "create table t { a: {} }",
    "alter table t { {} }",
    "alter table t { {}; }",
    "alter table t { add check ({}); }",
    "create index {} on t (a);",
    "create {} on t (a);",
    "create index on t {} (a);",
    "create index on t (a {});",
    "create table {} { a: text }",
    "{} t { a: text }",
    "create table t { a: text references t {} }",
    "create table t { a: text references t on delete {} }",
    "sql \"SELECT 1\" as {};",
    "sql \"SELECT 1\" {};",
    "alter table t { alter a {}; }",
    "drop table t {};",
    "drop table t {}",
    "update t set a = {};",
    "delete from t where {};",
    "delete from t where exists ({} from u);",
    "delete from t where a in (select {} from u);",
    "delete from t where a in (select a {});",
    "delete from t where a in (select a from {});",
    "delete from t where a in (select a from u {});",
    "delete from t where a in (select a from u join v {});",
    "delete from t where a in (select a from u where {});",
];

/// The same in a history.
const IN_HISTORY: &[&str] = &["databases: {}; mod m;", "{} mod m;", "databases: postgres; {} mod m;"];

/// What is no code of a migration: of `history!`, of SQL, of Rust, and punctuation.
const OTHER: &[&str] = &[
    "name: \"billing\";",
    "require: exact (stated);",
    "databases",
    "postgres 14..",
    "sqlite 3.35..",
    "history!",
    "history! { … }",
    "// comment",
    "//",
    "PRAGMA defer_foreign_keys = ON",
    "'",
    "''",
    ")",
    ",",
    ";",
    "=",
    "<>",
    "and",
    "?",
    "not null",
    "\\i",
    ".read",
    "drop",
    "or",
    "group by",
    "order by",
    "||",
    "+",
    "depends on",
    "if not exists",
    "create index",
    "create unique index",
    "alter table",
    "create table items",
    "nulls …",
    "sqlite: \"…\"",
    "$…$",
    "INSERT INTO … VALUES …",
    "COPY … FROM '/path'",
    "COPY … TO '/path'",
    "cargo migrate lock",
    "WHERE",
    "NOT VALID",
    "VALIDATE CONSTRAINT",
    "REINDEX … CONCURRENTLY",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY",
];

fn cases() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().map(|folder| folder.join("tests/ui/cases")).find(|folder| folder.is_dir()).expect("the cases are there")
}

/// The code in the help of a file of expected errors.
fn codes(stderr: &str) -> Vec<String> {
    let helps = stderr.lines().filter_map(|line| Some(line.trim().trim_start_matches("= ").strip_prefix("help: ")?.to_owned()));
    helps.flat_map(|help| help.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn is_read(code: &str) -> bool {
    // What the user fills in.
    let code = code.replace("{ … }", "{ drop table x; }").replace('…', "x");
    let in_migration = PLACES.iter().any(|place| {
        let text = place.replacen("{}", &code, 1);
        text.parse().is_ok_and(|tokens| parse::migration(tokens).diagnostics([]).is_empty())
    });
    in_migration
        || IN_HISTORY.iter().any(|place| {
            let text = place.replacen("{}", &code, 1);
            text.parse().is_ok_and(|tokens| parse::history(tokens).diagnostics.is_empty())
        })
}

#[test]
fn every_code_of_a_help_is_read() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for entry in std::fs::read_dir(cases()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "stderr") {
            continue;
        }
        for code in codes(&std::fs::read_to_string(&path).unwrap()).iter().filter(|code| !OTHER.contains(&code.as_str())) {
            seen += 1;
            if !is_read(code) {
                wrong.push(format!("{}: {code}", path.file_stem().unwrap().display()));
            }
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 60, "{seen}");
}
