//! What is nested without measure is one error, and what is long without being deep compiles: on the small stack of a test's thread.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_compiler::expr::{Binary, Expr, OperatorKind};
use migrate_compiler::operation::{AddConstraint, Operation};
use migrate_compiler::parse::{history, migration};
use migrate_compiler::schema::{Rule, Schema};
use migrate_compiler::state::State;
use migrate_history::Database;
use proc_macro2::TokenStream;

const DEEP: usize = 100_000;

/// `open` so many times, `inside`, and `close` as often.
fn nest(depth: usize, open: &str, inside: &str, close: &str) -> String {
    format!("{}{inside}{}", open.repeat(depth), close.repeat(depth))
}

fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|error| panic!("{error}: {}", text.chars().take(200).collect::<String>()))
}

/// The rules that a migration breaks.
fn broken(text: &str) -> Vec<&'static str> {
    let parsed = migration(tokens(text));
    parsed.diagnostics([]).iter().map(|diagnostic| diagnostic.problem.code).collect()
}

/// A check of the condition on a table of many columns.
fn check(condition: &str) -> String {
    format!("alter table t {{ add check ({condition}); }}")
}

/// Every way to nest an expression: what is repeated before, inside and after.
const WAYS: &[(&str, &str, &str)] = &[
    ("(", "a", ")"),
    ("not ", "a", ""),
    ("- ", "a", ""),
    ("~ ", "a", ""),
    ("lower(", "a", ")"),
    ("coalesce(1, ", "a", ")"),
    ("[", "1", "]"),
    ("(a, ", "1", ")"),
    ("case when ", "a", " then 1 end"),
    ("case ", "a", " when 1 then 1 end"),
    ("case when a then ", "1", " end"),
    ("case when a then 1 else ", "1", " end"),
    ("a or (", "a", ")"),
    ("a and b or c = d || e + f * -(", "a", ")"),
    ("a in (", "1", ")"),
    ("a between (", "1", ") and 2"),
    ("a between 1 and (", "1", ")"),
    ("a = any(", "b", ")"),
    ("", "a", "::text"),
    ("", "a", " is null"),
    ("", "a", " is not true"),
    ("", "a", " in (1)"),
    ("", "a", " = any(b)"),
    ("", "a", " between 1 and 2"),
    ("", "a", " = b"),
    ("", "a", " like b"),
    ("", "a", " at time zone b"),
    ("a at time zone (", "b", ")"),
    ("(select max(", "a", ") from t)"),
    ("exists (select 1 from t where ", "a", ")"),
    ("a in (select b from t where ", "a", ")"),
    ("a = (select b from t join u on ", "a", ")"),
];

#[test]
fn an_expression_that_is_nested_too_deeply_is_one_error() {
    for (open, inside, close) in WAYS {
        for depth in [100, DEEP] {
            let text = check(&nest(depth, open, inside, close));
            assert_eq!(broken(&text), ["too_deep"], "{depth} of {open}{inside}{close}");
        }
    }
}

/// A depth that nobody writes by hand goes through everything that is done with an expression.
#[test]
fn an_expression_that_is_not_too_deep_is_read() {
    for (open, inside, close) in WAYS {
        let found = broken(&check(&nest(4, open, inside, close)));
        assert!(found.is_empty(), "{open}{inside}{close}: {found:?}");
    }
    // The parentheses of the check and the braces of the table are levels too.
    assert!(broken(&check(&nest(30, "(", "a", ")"))).is_empty());
    assert_eq!(broken(&check(&nest(31, "(", "a", ")"))), ["too_deep"]);
    assert!(broken(&check(&nest(31, "not ", "a", ""))).is_empty());
    assert_eq!(broken(&check(&nest(32, "not ", "a", ""))), ["too_deep"]);
}

#[test]
fn statements_and_types_that_are_nested_too_deeply_are_one_error() {
    for depth in [100, DEEP] {
        let undo = nest(depth, "drop table t undo { ", "drop table u;", "}");
        let block = format!("alter table t {{ {} }}", nest(depth, "drop a undo { ", "drop b;", "}"));
        let effect = nest(depth, "sql \"x\" as { ", "drop table u;", "}");
        for text in [undo, block, effect, nest(depth, "{", "", "}"), nest(depth, "after (", "", ")")] {
            assert_eq!(broken(&text), ["too_deep"], "{depth}");
        }
        let column = format!("create table t {{ a: text{} }}", "[]".repeat(depth));
        assert_eq!(broken(&column), ["array_dimensions"], "{depth}");
        let cast = check(&format!("a::text{} = b", "[]".repeat(depth)));
        assert_eq!(broken(&cast), ["array_dimensions"], "{depth}");
        let of_history = history(tokens(&nest(depth, "#[x(", "", ")]")));
        assert_eq!(of_history.diagnostics.first().map(|diagnostic| diagnostic.problem.code), Some("too_deep"), "{depth}");
    }
}

#[test]
fn a_long_chain_is_flat() {
    const TERMS: usize = 3_000;
    for operator in Binary::ALL.iter().filter(|operator| operator.chains()) {
        let term = match operator.kind() {
            OperatorKind::Logic => "n = 1",
            OperatorKind::Comparison | OperatorKind::Pattern | OperatorKind::Arithmetic | OperatorKind::Concatenation => "n",
            OperatorKind::Json | OperatorKind::JsonText | OperatorKind::Bits => "n",
        };
        let text = check(&vec![term; TERMS].join(&format!(" {} ", operator.spelling())));
        let mut draft = migration(tokens(&text)).draft;
        assert_eq!(broken(&text), [""; 0], "{operator:?}");
        let Some(piece) = draft.pieces.pop() else { panic!("{operator:?}: nothing was read") };
        let Operation::AddConstraint(AddConstraint { constraint, .. }) = &piece.operation else { panic!("{operator:?}") };
        let Rule::Check { condition } = &constraint.rule else { panic!("{operator:?}") };
        assert!(matches!(condition, Expr::Binary { rest, .. } if rest.len() == TERMS - 1), "{operator:?}");
        assert!(condition.height() <= 3);
        assert!(broken(&format!("{};", piece.operation)).is_empty(), "{operator:?}: it is printed as it is read");
        for &database in Database::ALL {
            let sql = migrate_compiler::sql::expression(database, &[], condition);
            let what = sql.err().map(|unsupported| unsupported.what);
            assert!(what.is_none() || database == Database::Sqlite, "{operator:?}: {what:?}");
        }
        let (mut after, mut problems) = (Schema::default(), migrate_compiler::problem::Problems::new());
        piece.operation.apply(&mut after, &mut problems);
        drop(problems.take());
    }
}

/// The deepest expression goes through the checker, the printer, both databases, the codec and the proof.
#[test]
fn the_deepest_expressions_compile_on_a_small_stack() {
    let table =
        "create table t { id: bigint primary key, a: boolean?, b: text?, c: integer?, d: text?, e: integer?, f: integer? }";
    for (open, inside, close) in WAYS {
        for depth in [20, 30, 60] {
            let (_, state, errors) = step(after(&[Database::Postgres], table), &check(&nest(depth, open, inside, close)));
            assert!(State::decode(&state.encode()).is_some(), "{errors:?}");
        }
    }
    let nots = check(&nest(30, "not ", "a", ""));
    for &database in Database::ALL {
        let (migration, state, errors) = step(after(&[database], table), &nots);
        assert!(migration.is_some(), "{errors:?}");
        assert!(State::decode(&state.encode()).is_some());
    }
}
