//! What an expression is, and what is refused for what it is. That PostgreSQL says the same of every expression is a test of its own, on
//! a server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_compiler::expr::Expr;
use migrate_compiler::schema::{Rule, Table};
use migrate_compiler::sql;
use migrate_compiler::state::State;
use migrate_compiler::typing::{Inferred, Precision, Scope, infer};
use migrate_history::Database;

const BASE: &str = "create enum mood (\"sad\", \"glad\"); create table t {
    flag: boolean?, small: smallint?, n: integer?, big: bigint?, ratio: real?, x: double?, price: decimal(10, 2)?, name: text?,
    short: varchar(20)?, code: char(5)?, raw: bytes?, day: date?, at: time?, ts: timestamp?, tz: timestamptz?, doc: json?,
    span: interval?, m: mood?, words: text[]?, shorts: varchar(20)[]?, ns: integer[]?, bigs: bigint[]?, moods: mood[]?,
}";

fn start() -> State {
    after(&[Database::Postgres], BASE)
}

fn table(state: &State) -> Table {
    let schema = state.schema(Database::Postgres).unwrap();
    (**schema.tables().iter().next().unwrap().1).clone()
}

fn errors(state: &State, condition: &str) -> Vec<String> {
    step(state.clone(), &format!("alter table t {{ add check (({condition}) is null); }}")).2
}

/// The table with the expression in a check, and the expression.
fn taken(state: &State, text: &str) -> (Table, Expr) {
    let (_, left, errors) = step(state.clone(), &format!("alter table t {{ add check (({text}) is null); }}"));
    assert!(errors.is_empty(), "{text}: {errors:?}");
    let table = table(&left);
    let Rule::Check { condition: Expr::IsNull { operand, .. } } = &table.constraints[0].rule else {
        panic!("{:?}", table.constraints)
    };
    let expr = (**operand).clone();
    (table, expr)
}

/// What is known of an expression, in words.
fn shown(inferred: &Inferred) -> String {
    match inferred {
        Inferred::Type(ty) => ty.to_string(),
        Inferred::Family(family) => format!("like {}", family.word()),
        Inferred::List(ty) => format!("list of {ty}"),
        Inferred::Literal => "literal".to_owned(),
        Inferred::Unknown => "unknown".to_owned(),
    }
}

/// Expressions with their types on PostgreSQL, and with the types of their values where a calculation has as many bits as there are.
const TYPES: &[(&str, &str, &str)] = &[
    ("null", "literal", "literal"),
    ("\"a\"", "literal", "literal"),
    ("[]", "literal", "literal"),
    ("[\"a\", null]", "list of text[]", "list of text[]"),
    ("[1, -2]", "list of integer[]", "list of bigint[]"),
    ("[[1], [2]]", "list of integer[][]", "list of bigint[][]"),
    ("[n, 1]", "integer[]", "bigint[]"),
    ("[small, big]", "bigint[]", "bigint[]"),
    ("sql(\"now()\")", "unknown", "unknown"),
    ("no_such_function(n)", "unknown", "unknown"),
    ("lower(sql(\"name\"))", "text", "text"),
    ("2147483647", "integer", "bigint"),
    ("2147483648", "bigint", "bigint"),
    ("-2147483648", "integer", "bigint"),
    ("9223372036854775808", "decimal", "bigint"),
    ("1e3", "decimal", "decimal"),
    ("current_time", "like time", "like time"),
    ("current_user", "like text", "like text"),
    ("small + small", "smallint", "bigint"),
    ("small + n - big", "bigint", "bigint"),
    ("small + 1", "integer", "bigint"),
    ("n / null", "integer", "bigint"),
    ("ratio * ratio", "real", "double"),
    ("ratio * n", "double", "double"),
    ("price * n", "decimal", "decimal"),
    ("-price", "decimal(10, 2)", "decimal(10, 2)"),
    ("small << 2", "smallint", "smallint"),
    ("small & big", "bigint", "bigint"),
    ("~small", "smallint", "smallint"),
    ("day - day", "integer", "bigint"),
    ("day - ts", "interval", "interval"),
    ("day + at", "timestamp", "timestamp"),
    ("day + current_time", "timestamptz", "timestamptz"),
    ("day + n", "date", "date"),
    ("day + (n + 1)", "date", "date"),
    ("day + span", "timestamp", "timestamp"),
    ("2 * span", "interval", "interval"),
    ("at - null", "interval", "interval"),
    ("at + null", "time", "time"),
    ("at at time zone \"UTC\"", "like time", "like time"),
    ("day at time zone \"UTC\"", "timestamp", "timestamp"),
    ("ts at time zone \"UTC\"", "timestamptz", "timestamptz"),
    ("\"2024-05-01 10:00:00Z\" at time zone \"UTC\"", "timestamp", "timestamp"),
    ("name || doc", "text", "text"),
    ("doc || null", "json", "json"),
    ("n || name", "text", "text"),
    ("ns || big", "bigint[]", "bigint[]"),
    ("shorts || words", "varchar[]", "varchar[]"),
    ("doc -> \"a\"", "json", "json"),
    ("doc -> \"a\" ->> 1", "text", "text"),
    ("moods", "mood[]", "mood[]"),
    ("\"sad\"::mood", "mood", "mood"),
    ("case when flag then \"a\" end", "text", "text"),
    ("case when flag then null else n end", "integer", "integer"),
    ("case when flag then n else price end", "decimal", "decimal"),
    ("case when flag then day else tz end", "timestamptz", "timestamptz"),
    ("case when flag then code else name end", "text", "text"),
    ("coalesce(short, name)", "varchar", "varchar"),
    ("coalesce(code, name)", "like text", "like text"),
    ("coalesce(1, x)", "double", "double"),
    ("coalesce(\"a\", null)", "text", "text"),
    ("nullif(n, price)", "decimal", "decimal"),
    ("nullif(n, big)", "integer", "integer"),
    ("nullif(ratio, n)", "real", "real"),
    ("nullif(short, \"a\")", "text", "text"),
    ("nullif(null, n)", "integer", "integer"),
    ("abs(small)", "smallint", "smallint"),
    ("round(x)", "decimal", "decimal"),
    ("substr(raw, 1)", "bytes", "bytes"),
    ("substr(name, 1)", "text", "text"),
];

#[test]
fn every_form_has_its_type() {
    let state = start();
    for (text, declared, widest) in TYPES {
        let (table, expr) = taken(&state, text);
        for (precision, wanted) in [(Precision::Declared, declared), (Precision::Widest, widest)] {
            let inferred = infer(&expr, Scope { precision, ..Scope::declared(&table.columns) });
            assert_eq!(shown(&inferred), *wanted, "{text}: {precision:?}");
        }
    }
}

/// What was refused for a wrong type of a part.
const TAKEN: &[&str] = &[
    "(day - day) > 1",
    "(2 * span) > span",
    "substr(raw, 1) = b\"a\"",
    "(name || doc) = \"a\"",
    "(n + 1)::boolean",
    "sql(\"day\") + day",
    "day + (day - day)",
];

/// What PostgreSQL refuses, with what is wrong.
const REFUSED: &[(&str, &str)] = &[
    ("coalesce(\"1\", null) = n", "`coalesce(\"1\", null)` is text and `n` is a number, which cannot be compared"),
    ("substr(raw, 1) = name", "`substr(raw, 1)` is bytes and `name` is text, which cannot be compared"),
    ("[n, name]", "the elements of an array must have the same type: `n` is a number, `name` is text"),
    ("[\"a\", n]", "\"a\" is not a number"),
    ("ns = bigs", "`ns` is `integer[]` and `bigs` is `bigint[]`, which cannot be compared"),
    ("words in (shorts)", "`words` is `text[]` and `shorts` is `varchar(20)[]`, which cannot be compared"),
    ("nullif(ns, bigs)", "the arguments of `nullif` cannot be compared: `integer[]` and `bigint[]`"),
    ("coalesce([\"a\"], ns)", "the arguments of `coalesce` must have the same type, found an array of a number and \"a\""),
    ("~x", "`~` is not defined for `double`"),
    ("~null", "`~` is not defined for a literal"),
    ("at - current_time", "`-` is not defined for `time` and a time of day"),
    ("small << big", "`<<` is not defined for `smallint` and `bigint`"),
];

#[test]
fn what_an_expression_gives_is_what_it_is_taken_for() {
    let state = start();
    for text in TAKEN {
        assert_eq!(errors(&state, text), [] as [String; 0], "{text}");
    }
    for (text, wrong) in REFUSED {
        let errors = errors(&state, text);
        assert!(matches!(&errors[..], [error] if error.starts_with(wrong)), "{text}: {errors:?}");
    }
}

#[test]
fn an_operator_class_is_one_of_the_type_that_postgresql_gives_a_key() {
    let state = start();
    for (key, class) in [("n + 1", "int4_ops"), ("small + small", "int2_ops"), ("ratio + ratio", "float4_ops")] {
        let (_, _, errors) = step(state.clone(), &format!("create index on t (({key}) with {class});"));
        assert_eq!(errors, [] as [String; 0], "{key}");
    }
}

/// Literals take the type of what they are looked for in.
#[test]
fn a_literal_is_looked_for_as_what_it_is_compared_with() {
    let written = |text: &str| {
        let (table, expr) = taken(&start(), text);
        sql::expression(Database::Postgres, &table.columns, &expr).expect("PostgreSQL has it")
    };
    for (text, wanted) in [
        ("[1] in (bigs)", "ARRAY[1]::bigint[] IN (\"bigs\")"),
        ("[\"sad\"] between moods and moods", "ARRAY['sad']::\"mood\"[] BETWEEN \"moods\" AND \"moods\""),
        ("case [\"a\"] when shorts then 1 end", "CASE ARRAY['a']::varchar(20)[] WHEN \"shorts\" THEN 1 END"),
        ("[\"1\"] = [1]", "ARRAY['1']::integer[] = ARRAY[1]::integer[]"),
    ] {
        assert_eq!(written(text), wanted, "{text}");
    }
}

/// A sum of `integer` is one on PostgreSQL, so that its bits are not those of SQLite.
#[test]
fn the_bits_of_a_sum_are_those_of_its_operands() {
    let state = after(&[Database::Sqlite], "create table t { n: integer?, big: bigint? }");
    assert_eq!(errors(&state, "(big + n) << 1"), [] as [String; 0]);
    let errors = errors(&state, "(n + n) << 1");
    assert!(matches!(&errors[..], [error] if error.starts_with("on SQLite `<<` requires a `bigint`")), "{errors:?}");
}
