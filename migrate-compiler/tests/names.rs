//! Columns whose names must be kept exactly, and string literals with the same text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use migrate_compiler::compile::compile;
use migrate_compiler::example::newest;
use migrate_compiler::parse;
use migrate_compiler::problem::Problem;
use migrate_compiler::state::{Settings, State};
use migrate_history::{Database, Migration};

const BASE: &str = r#"
    create table t {
        id: bigint primary key,
        r#Score: integer default 0,
        r#select: integer default 0,
        r#case: integer default 0,
        r#not: integer default 0,
        "Order Items": integer default 0,
        kind: text,
        mark: text?,
        note: text?,
        flag: boolean default true,
    }
"#;

/// Where an expression over a table can be written: `{}` is a condition.
const PLACES: &[&str] = &[
    "create table u { id: bigint primary key, COLUMNS, check ({}) }",
    "create table u { check ({}), id: bigint primary key, COLUMNS }",
    "create table u { id: bigint primary key, flag: boolean check ({}), COLUMNS }",
    "create table u { id: bigint primary key, COLUMNS, index (({})) }",
    "create table u { id: bigint primary key, COLUMNS, unique index (id) where {} }",
    "alter table t { add check ({}); }",
    "alter table t { add n: integer? check ({}); }",
    "create index on t (id, ({}));",
    "create unique index on t (id) where {};",
    "alter table t { alter mark type boolean using {} undo { alter mark type text using mark::text; }; }",
    "sql \"SELECT 1\" as { alter table t { add check ({}); } };",
    "alter table t { #[allow(drop_column, reason = \"tested\")] drop flag undo { add flag: boolean default true; add f: check ({}); drop constraint f; }; }",
    "alter table t { add n: integer?; } down { alter table t { drop n; add f: check ({}); drop constraint f; } }",
];

/// Conditions over a number `{}`.
const CONDITIONS: &[&str] = &[
    "{} > 0",
    "0 < {}",
    "not ({} > 0)",
    "flag or {} > 0",
    "abs({}) > 0",
    "coalesce(null, {}) > 0",
    "{} in (1, 2)",
    "1 in (2, {})",
    "{} between 0 and 1",
    "0 between {} and 1",
    "0 between 0 and {}",
    "{} is null",
    "{}::text = kind",
    "kind || {}::text <> kind",
    "-{} < 0",
    "({} + 1) * 2 > 0",
    "case when {} > 0 then true else false end",
    "case {} when 1 then true end",
    "case id when {} then true end",
    "case when flag then {} else 0 end > 0",
    "{} is distinct from 1",
];

/// Migrations that compile, and the errors of one after [`BASE`].
fn tried(text: &str) -> (Option<Migration>, Vec<Problem>) {
    let root = State::root(Settings::tested([newest(Database::Postgres)]));
    let (_, before) = step(root.next(""), BASE);
    step(before.named("m1").next(""), text).0
}

type Tried = (Option<Migration>, Vec<Problem>);

fn step(before: State, text: &str) -> (Tried, State) {
    let parsed = parse::migration(text.parse().unwrap_or_else(|error| panic!("{text}: {error}")));
    let outcome = compile(before, &parsed.draft, &parsed.message);
    let found = parsed.diagnostics(outcome.problems).into_iter().map(|diagnostic| *diagnostic.problem).collect();
    ((outcome.migration, found), outcome.after)
}

fn at(place: &str, condition: &str) -> String {
    let columns = "kind: text, r#Score: integer, r#select: integer, r#case: integer, r#not: integer, \"Order Items\": integer";
    let flag = if place.contains("flag: boolean") { "" } else { ", flag: boolean" };
    place.replace("COLUMNS", &format!("{columns}{flag}")).replace("{}", condition)
}

fn only_ambiguous(text: &str, help: &str) {
    let (_, found) = tried(text);
    let [problem] = found.as_slice() else { panic!("{text}: {found:?}") };
    assert_eq!((problem.code, problem.help.as_deref()), ("text_or_column", Some(help)), "{text}");
}

#[test]
fn a_literal_that_is_spelt_like_a_column_is_an_error_wherever_it_stands() {
    let names = [
        ("Score", "write `r#Score` for the column, or `text \"Score\"` for the literal"),
        ("select", "write `r#select` for the column, or `text \"select\"` for the literal"),
        ("case", "write `r#case` for the column, or `text \"case\"` for the literal"),
        ("not", "write `r#not` for the column, or `text \"not\"` for the literal"),
        ("Order Items", "write `column(\"Order Items\")` for the column, or `text \"Order Items\"` for the literal"),
    ];
    for place in PLACES {
        for condition in CONDITIONS {
            for (name, help) in names {
                only_ambiguous(&at(place, &condition.replace("{}", &format!("{name:?}"))), help);
            }
        }
    }
}

#[test]
fn the_column_compiles_wherever_the_literal_does_not() {
    for place in PLACES {
        for condition in CONDITIONS {
            for column in ["r#Score", "column(\"Order Items\")", "r#select", "r#case", "r#not"] {
                let text = at(place, &condition.replace("{}", column));
                let (migration, found) = tried(&text);
                assert!(migration.is_some(), "{text}: {found:?}");
            }
        }
    }
}

#[test]
fn a_literal_that_says_so_is_one() {
    let shown = |text: &str| {
        let (migration, found) = tried(text);
        let migration = migration.unwrap_or_else(|| panic!("{text}: {found:?}"));
        migration.compiled().script(Database::Postgres).unwrap().upgrade[0].statements[0].sql.to_string()
    };
    let check = |condition: &str| shown(&format!("create table u {{ r#Score: text, kind: text, check ({condition}) }}"));
    assert!(check("kind = text \"Score\"").contains("'Score'"));
    assert!(check("kind = r#Score").contains("\"kind\" = \"Score\""));
    assert!(check("kind = u.\"Score\"").contains("\"kind\" = \"Score\""));
    // A name that can be bare is no trap, and a default can use no column.
    assert!(check("kind = \"kind\"").contains("'kind'"));
    assert!(shown("alter table t { add n: text default \"Score\"; }").contains("'Score'"));
}

#[test]
fn a_string_literal_as_a_key_is_a_column() {
    let sql = |text: &str| {
        let (migration, found) = tried(text);
        let migration = migration.unwrap_or_else(|| panic!("{text}: {found:?}"));
        migration
            .compiled()
            .script(Database::Postgres)
            .unwrap()
            .upgrade
            .iter()
            .map(|step| step.statements.last().unwrap().sql.to_string())
            .collect::<String>()
    };
    for key in ["\"Score\"", "r#Score", "column(\"Score\")", "t.\"Score\"", "\"Score\" desc nulls last"] {
        let made = sql(&format!("create unique index on t ({key});"));
        assert!(made.contains("(\"Score\"") && made.contains("\"t_Score_idx\""), "{key}: {made}");
    }
    let made = sql("create table u { id: bigint primary key, r#Score: integer, index (\"Score\") }");
    assert!(made.contains("(\"Score\")"), "{made}");
    let (_, found) = tried("create index on t (\"Scroe\");");
    assert_eq!(found[0].to_string(), "unknown column `r#Scroe` in `t`\nhelp: did you mean `r#Score`?");
}

#[test]
fn a_qualified_column_is_of_the_expression_s_own_table() {
    for own in ["t.\"Score\" > 0", "t.r#Score > 0", "r#t.r#Score > 0", "\"t\".\"Score\" > 0"] {
        assert!(tried(&format!("alter table t {{ add check ({own}); }}")).0.is_some(), "{own}");
    }
    for other in ["u.\"Score\" > 0", "public.t.r#Score > 0", "\"T\".r#Score > 0"] {
        let (_, found) = tried(&format!("alter table t {{ add check ({other}); }}"));
        assert_eq!(found[0].code, "other_table", "{other}");
        assert_eq!(found[0].help.as_deref(), Some("write `r#Score` for a column of `t`"), "{other}");
    }
    let (_, found) = tried("alter table t { alter kind set default t.r#Score; }");
    assert_eq!(found[0].code, "default_column");
}

#[test]
fn what_the_help_says_compiles_when_pasted() {
    for wrong in ["Score > 0", "t.Score > 0", "r#Scroe > 0", "Self > 0"] {
        let (_, found) = tried(&format!("alter table t {{ add \"Self\": integer default 0; add check ({wrong}); }}"));
        let help = found[0].help.clone().unwrap();
        let pasted = help
            .split('`')
            .rfind(|code| code.starts_with("r#") || code.starts_with("column("))
            .unwrap_or_else(|| panic!("{help}"));
        let self_too = if wrong.starts_with("Self") { "\"Self\"" } else { "r#selves" };
        let text = format!("alter table t {{ add {self_too}: integer default 0; add check ({pasted} > 0); }}");
        let (migration, found) = tried(&text);
        assert!(migration.is_some(), "{text}: {found:?}");
    }
    let (_, found) = tried("create table Self { a: text }");
    assert_eq!(found[0].help.as_deref(), Some("write `self`, or `\"Self\"` to keep the capitals"));
    let (_, found) = tried("create table Orders { a: text }");
    assert_eq!(found[0].help.as_deref(), Some("write `orders`, or `r#Orders` to keep the capitals"));
}

#[test]
fn the_tables_of_the_ledger_are_reserved_in_the_default_schema() {
    for table in migrate_history::LEDGER_TABLES.into_iter().chain([migrate_history::LOCK_TABLE, migrate_history::ROWS_TABLE]) {
        for name in [format!("r#{table}"), format!("\"{}\"", table.to_uppercase()), format!("public.{table}")] {
            for text in [format!("create table {name} {{ id: integer }}"), format!("rename table t to {name};")] {
                let before =
                    given::after(&[Database::Postgres], "create table t { id: integer } create table public.t { id: integer }");
                let text = if name.starts_with("public") { text.replace("table t to", "table public.t to") } else { text };
                let (_, _, errors) = given::step(before, &text);
                assert!(errors.len() == 1 && errors[0].contains("is reserved"), "{text}: {errors:?}");
            }
        }
        let elsewhere = format!("create table billing.{table} {{ id: integer }}");
        assert!(given::step(given::after(&[Database::Postgres], ""), &elsewhere).2.is_empty());
    }
}
