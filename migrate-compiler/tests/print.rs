//! What is printed means, when it is read again, the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod generated;

use migrate_compiler::expr::{CALLED_WORDS, Expr, WORDS};
use migrate_compiler::operation::{AddConstraint, Operation};
use migrate_compiler::parse;
use migrate_compiler::schema::{Constraint, Rule, Timing};
use proptest::prelude::*;

/// Reads one statement.
fn read(text: &str) -> Vec<Operation> {
    tried(text).unwrap_or_else(|wrong| panic!("{text}: {wrong}"))
}

/// The operations of one statement, or what is wrong with it.
fn tried(text: &str) -> Result<Vec<Operation>, String> {
    let parsed = parse::migration(text.parse().map_err(|error: proc_macro2::LexError| error.to_string())?);
    let wrong: Vec<String> = parsed.diagnostics([]).iter().map(|diagnostic| diagnostic.problem.to_string()).collect();
    if wrong.is_empty() {
        Ok(parsed.draft.pieces.into_iter().map(|piece| piece.operation).collect())
    } else {
        Err(wrong.join("; "))
    }
}

/// The statement that checks an expression.
fn check(condition: Expr) -> Operation {
    let constraint = Constraint { name: None, rule: Rule::Check { condition }, timing: Timing::Immediate };
    AddConstraint { table: "t".into(), constraint }.into()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_generated_expression_comes_back(expr in generated::expr()) {
        let operation = check(expr);
        let printed = operation.to_string();
        let back = tried(&printed).map_err(|wrong| TestCaseError::fail(format!("{printed}: {wrong}")))?;
        prop_assert_eq!(&back, &[operation], "{}", printed);
        // `text "…"` equals `"…"`, so the text is compared too.
        prop_assert_eq!(back[0].to_string(), printed);
    }

    #[test]
    fn every_generated_operation_comes_back(operation in generated::operation()) {
        let printed = operation.to_string();
        let back = tried(&printed).map_err(|wrong| TestCaseError::fail(format!("{printed}: {wrong}")))?;
        prop_assert_eq!(&back, &[operation], "{}", printed);
        prop_assert_eq!(back[0].to_string(), printed);
    }

    #[test]
    fn a_column_and_a_literal_never_print_alike(name in generated::name()) {
        let (column, literal) = (Expr::column(&*name), Expr::Text(name.into()));
        prop_assert_ne!(check(column).to_string(), check(literal).to_string());
    }
}

#[test]
fn a_word_of_the_grammar_is_a_name_as_a_raw_identifier() {
    for word in WORDS.into_iter().chain(CALLED_WORDS) {
        let raw = format!(
            "create table r#{word} {{ r#{word}: integer, r#{word}: unique (r#{word}), check (r#{word} > 0), \
             check (r#{word}.r#{word} in (r#{word}, r#{word}(1))), index r#{word} (r#{word} desc) where r#{word} is null }}"
        );
        let operations = read(&raw);
        let printed: Vec<String> = operations.iter().map(ToString::to_string).collect();
        assert_eq!(read(&printed.join("\n")), operations, "{printed:?}");
    }
}

#[test]
fn a_column_is_written_in_each_of_its_forms() {
    let check = |text: &str| read(&format!("alter table u {{ add check ({text}); }}"));
    let same = |forms: &[&str]| forms.iter().for_each(|form| assert_eq!(check(form), check(forms[0]), "{form}"));
    same(&["r#Score > 0", "column(\"Score\") > 0", "u.\"Score\" > 0", "u.r#Score > 0", "\"u\".\"Score\" > 0", "r#u.r#Score > 0"]);
    same(&["score > 0", "r#score > 0", "column(score) > 0", "u.score > 0"]);
    same(&["lower(r#Kind) in (\"A\", text \"B\")", "lower(column(\"Kind\")) in (text \"A\", \"B\")"]);
    assert_ne!(check("r#Score > 0"), check("\"Score\" > 0"));
    let index = |key: &str| read(&format!("create index on u ({key});"));
    let forms = ["\"Score\"", "r#Score", "column(\"Score\")", "u.\"Score\"", "(\"Score\")"];
    forms.iter().for_each(|form| assert_eq!(index(form), index("r#Score"), "{form}"));
    assert_ne!(index("text \"Score\""), index("r#Score"));
}

#[test]
fn a_raw_identifier_is_never_a_word_of_the_language() {
    for wrong in ["r#create table t { a: text }", "alter table t { r#add a: text; }", "alter table t { add a: r#text; }"] {
        assert!(tried(wrong).is_err(), "{wrong}");
    }
    for wrong in ["a r#is null", "r#not a", "a r#in (1)", "r#case when a then 1 end"] {
        assert!(tried(&format!("alter table t {{ add check ({wrong}); }}")).is_err(), "{wrong}");
    }
}

#[test]
fn every_operation_comes_back_from_its_canonical_form() {
    for (before, mut operation) in Operation::examples() {
        assert_eq!(read(&operation.to_string()), [operation.clone()], "{operation}");
        operation.complete(&before);
        assert_eq!(read(&operation.to_string()), [operation.clone()], "{operation}");
        for back in match operation.reverse(&before) {
            migrate_compiler::operation::Reversal::Back(back) => back,
            migrate_compiler::operation::Reversal::Impossible { .. } => Vec::new(),
        } {
            let once = read(&back.to_string());
            let printed: Vec<String> = once.iter().map(ToString::to_string).collect();
            assert_eq!(printed, [back.to_string()]);
        }
    }
}

#[test]
fn every_expression_comes_back() {
    let expressions = [
        "a::double::text = b",
        "a or b and not c",
        "(a or b) and c",
        "not (a and b)",
        "a = 1 and b <> 2 or c is not null",
        "(a is null) = (b is null)",
        "x between 1 and 9",
        "x not between -1 and 1 + 2",
        "code in (\"a\", \"b\")",
        "code not in (1, 2)",
        "a || b || \"c\"",
        "-(a + b) * 2",
        "a - (b - c)",
        "x::bigint + 1",
        "(x + 1)::bigint",
        "created_at at time zone \"UTC\" > now() - interval \"90 days\"",
        "case when a then 1 else 2 end = 1",
        "case a when 1 then \"x\" end is null",
        "tag = any(tags)",
        "name ~* \"^\\\\w+$\"",
        "name not like \"a%\"",
        "a is not distinct from b",
        "data ->> \"key\" = \"x\"",
        "b\"\\x00\\xff\" = c",
        "sql(\"now() > now()\")",
        "lower(left(email, 3)) = \"abc\"",
        "tags = [\"a\", \"b\"]",
        "num_nonnulls(a, b) = 1",
        "case (a is null) = b when true then 1 end = 1",
    ];
    for expression in expressions {
        let read_one = |text: &str| read(&format!("alter table t {{ add c: check ({text}); }}"));
        let once = read_one(expression);
        let printed = once[0].to_string();
        assert_eq!(read(&printed), once, "{expression} is printed as {printed}");
        assert!(printed.contains(expression), "{expression} is printed as {printed}");
    }
}
