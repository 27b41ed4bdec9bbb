//! Expressions of thousands of terms, and of as many levels as the language allows, on both servers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::compile::compile;
use migrate_compiler::example::newest;
use migrate_compiler::state::{Settings, State};
use migrate_history::Database;
use migrate_live_tests::{compiled, server, shell, sqlite, written};

const TABLE: &str = "create table t { n: bigint?, name: text?, flag: boolean?, doc: json? }";

/// A condition of so many terms.
fn chain(terms: usize, term: &str, operator: &str, after: &str) -> String {
    format!("{}{after}", vec![term; terms].join(operator))
}

/// A term, the operator, and what makes a condition of the chain.
const CHAINS: &[(&str, &str, &str)] = &[
    ("n = 1", " or ", ""),
    ("n <> 2", " and ", ""),
    ("name", " || ", " is not null"),
    ("n", " + ", " > 0"),
    ("n", " - ", " < 5"),
    ("n", " * ", " = 1"),
    ("n", " / ", " = 1"),
    ("n", " & ", " = 1"),
    ("n", " | ", " = 1"),
    ("n", " # ", " < 5"),
];

/// The rules that a check on the table breaks.
fn broken(database: Database, condition: &str) -> Vec<&'static str> {
    let draft = written::draft(&format!("{TABLE} alter table t {{ add check ({condition}); }}"));
    let state = State::root(Settings::tested([newest(database)]));
    compile(state.next(""), &draft, "").problems.iter().map(|problem| problem.code).collect()
}

async fn holds(url: &str, database: Database, conditions: &[String]) {
    let checks: String = conditions.iter().map(|condition| format!("add check ({condition}); ")).collect();
    let draft = written::draft(&format!("{TABLE} alter table t {{ {checks} }}"));
    let history = compiled::drafts("chains", database, vec![("origin", draft)]);
    migrate_runtime::upgrade(url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
    shell::run(url, "INSERT INTO t VALUES (1, 'a', TRUE, '{}')").await;
    migrate_live_tests::downgrade(url, &history, "base").await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test]
async fn chains_of_three_thousand_terms_run() {
    let all: Vec<String> = CHAINS.iter().map(|(term, operator, after)| chain(3_000, term, operator, after)).collect();
    for condition in &all {
        let postgres = server::postgres().database().await;
        holds(&postgres, Database::Postgres, std::slice::from_ref(condition)).await;
    }
    for ((term, operator, after), condition) in CHAINS.iter().zip(&all) {
        let codes = broken(Database::Sqlite, condition);
        if codes.is_empty() {
            holds(&sqlite::file().url(), Database::Sqlite, std::slice::from_ref(condition)).await;
        } else {
            assert_eq!(codes, ["unsupported"], "{operator}");
            assert!(!["or", "and", "||"].contains(&operator.trim()), "{operator}");
            // SQLite has no `#`, and what is written for it names its operands twice.
            if operator.trim() == "#" {
                continue;
            }
            // What the error says to write: parts in parentheses.
            let part = format!("({})", chain(400, term, operator, ""));
            let parts = chain(5, &part, if operator.trim() == "-" { " + " } else { operator }, after);
            assert_eq!(broken(Database::Sqlite, &parts), [""; 0], "{operator}");
        }
    }
}

#[tokio::test]
async fn the_deepest_expressions_run() {
    let nest =
        |depth: usize, open: &str, inside: &str, close: &str| format!("{}{inside}{}", open.repeat(depth), close.repeat(depth));
    let all = [
        nest(28, "not ", "(n = 1)", ""),
        nest(28, "n = 2 or (", "n = 1", ")"),
        nest(28, "n + (", "n", ")") + " > 0",
        nest(28, "lower(", "name", ")") + " = \"a\"",
        nest(28, "coalesce(name, ", "name", ")") + " = \"a\"",
        nest(28, "case when flag then ", "1", " end") + " = 1",
    ];
    holds(&server::postgres().database().await, Database::Postgres, &all).await;
    holds(&sqlite::file().url(), Database::Sqlite, &all).await;
}
