//! What is printed means, when it is read again, the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_model::operation::Operation;
use migrate_syntax::parse;

/// Reads one statement.
fn read(text: &str) -> Vec<Operation> {
    let tokens = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    let parsed = parse::migration(tokens);
    let wrong: Vec<String> = parsed.diagnostics([]).iter().map(|diagnostic| diagnostic.problem.to_string()).collect();
    assert!(wrong.is_empty(), "{text}: {wrong:?}");
    parsed.draft.pieces.into_iter().map(|piece| piece.operation).collect()
}

#[test]
fn every_operation_comes_back_from_its_canonical_form() {
    for (before, mut operation) in Operation::examples() {
        assert_eq!(read(&operation.to_string()), [operation.clone()], "{operation}");
        operation.complete(&before);
        assert_eq!(read(&operation.to_string()), [operation.clone()], "{operation}");
        for back in match operation.reverse(&before) {
            migrate_model::operation::Reversal::Back(back) => back,
            migrate_model::operation::Reversal::Impossible { .. } => Vec::new(),
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
    ];
    for expression in expressions {
        let read_one = |text: &str| read(&format!("alter table t {{ add c: check ({text}); }}"));
        let once = read_one(expression);
        let printed = once[0].to_string();
        assert_eq!(read(&printed), once, "{expression} is printed as {printed}");
        assert!(printed.contains(expression), "{expression} is printed as {printed}");
    }
}
