//! Every function and every operator over every type, in every place of an expression.

use migrate_compiler::expr::{Binary, OperatorKind};
use migrate_compiler::typing::function::FUNCTIONS;
use migrate_history::Database;

use crate::cell::{Cell, Grid};
use crate::conversions::default;
use crate::kinds;

/// The types of columns in expressions: one of each family and form. Of a type of PostgreSQL alone the compiler knows no operator.
pub fn types(database: Database) -> Vec<String> {
    const BOTH: [&str; 15] = [
        "boolean",
        "integer",
        "text",
        "bigint",
        "double",
        "decimal(10, 2)",
        "char(5)",
        "bytes",
        "uuid",
        "date",
        "time",
        "timestamp",
        "timestamptz",
        "json",
        "smallint",
    ];
    const POSTGRES: [&str; 4] = ["text[]", "integer[]", "json[]", "decimal"];
    let more = if database == Database::Postgres { &POSTGRES[..] } else { &[] };
    BOTH.iter().chain(more).map(|ty| (*ty).to_owned()).collect()
}

/// A table with a column of every type: `c0`, `c1`, …
pub fn table(types: &[String]) -> String {
    let columns: Vec<String> = types.iter().enumerate().map(|(number, ty)| format!("c{number}: {ty}?")).collect();
    format!("create table t {{ {} }}", columns.join(", "))
}

/// The places of an expression over columns.
const PLACES: [&str; 2] = ["alter table t { add check ((E) is null); }", "create index on t ((E));"];

/// The places of a condition.
const CONDITIONS: [&str; 1] = ["create index on t (c1) where E;"];

fn places(expr: &str, is_condition: bool) -> Vec<String> {
    let conditions = if is_condition { &CONDITIONS[..] } else { &[] };
    PLACES.iter().chain(conditions).map(|place| place.replace('E', expr)).collect()
}

/// What is an operand: every column, and literals.
fn operands(types: &[String]) -> Vec<String> {
    let columns = (0..types.len()).map(|number| format!("c{number}"));
    let literals = ["\"a\"", "1", "1.5", "true", "null", "[1, 2]", "[\"a\"]", "now()"];
    columns.chain(literals.map(str::to_owned)).collect()
}

/// An expression over the columns.
pub struct Expression {
    pub text: String,
    is_condition: bool,
}

/// Every function of operands.
pub fn functions(types: &[String]) -> Vec<Expression> {
    let mut all = Vec::new();
    let operands = operands(types);
    for function in FUNCTIONS {
        let (least, most) = function.arity;
        let most = most.min(3);
        for count in least..=most {
            let (second, rest) = (["c1", "c2", "c9", "c12", "1", "\"a\"", "null"].map(str::to_owned), ["c2", "1"]);
            for one in &operands {
                for other in if count > 1 { &second[..] } else { &second[..1] } {
                    for third in if count > 2 { &rest[..] } else { &rest[..1] } {
                        let arguments: Vec<&str> = [one.as_str(), other, third].into_iter().take(count).collect();
                        let text = format!("{}({})", function.name, arguments.join(", "));
                        all.push(Expression { text, is_condition: false });
                    }
                }
                if count == 0 {
                    break;
                }
            }
        }
    }
    all
}

/// Every operator, cast and other form of operands.
pub fn operators(types: &[String]) -> Vec<Expression> {
    let mut all = Vec::new();
    let operands = operands(types);
    for one in &operands {
        for unary in [
            "not X",
            "-X",
            "~X",
            "-X::text",
            "(-X)::text",
            "X at time zone \"UTC\"",
            "X is null",
            "X like \"a%\"",
            "X between X and X",
            "X in (X, X)",
        ] {
            let is_condition = !unary.starts_with(['-', '~']) && !unary.starts_with("(-") && !unary.contains("zone");
            all.push(Expression { text: unary.replace('X', one), is_condition });
        }
        for ty in types {
            all.push(Expression { text: format!("{one}::{ty}"), is_condition: ty == "boolean" });
        }
        for other in &operands {
            for operator in Binary::ALL {
                let is_condition =
                    matches!(operator.kind(), OperatorKind::Logic | OperatorKind::Comparison | OperatorKind::Pattern);
                all.push(Expression { text: format!("{one} {} {other}", operator.spelling()), is_condition });
            }
            for word in ["X in (Y)", "X between Y and Y", "X = any(Y)"] {
                all.push(Expression { text: word.replace('X', one).replace('Y', other), is_condition: true });
            }
            for word in [
                "case when c0 then X else Y end",
                "case X when Y then 1 end",
                "coalesce(X, Y)",
                "nullif(X, Y)",
                "[X, Y]",
                "X - Y + X",
            ] {
                all.push(Expression { text: word.replace('X', one).replace('Y', other), is_condition: false });
            }
        }
    }
    all
}

/// Each eleventh expression, with `GRID_ALL` every one: all of them take minutes on PostgreSQL.
pub fn sample(expressions: Vec<Expression>) -> Vec<Expression> {
    let share = if std::env::var_os("GRID_ALL").is_some() { 1 } else { 11 };
    expressions.into_iter().step_by(share).collect()
}

/// One place at a time, since a fault in one hides nothing in another.
async fn every(database: Database, types: &[String], expressions: Vec<Expression>, least: usize) {
    let mut grid = Grid::open(database).await;
    let origin = table(types);
    for expression in expressions {
        let mut places = places(&expression.text, expression.is_condition).into_iter();
        let cells = places.by_ref().map(|change| Cell { origin: origin.clone(), change });
        for (number, cell) in cells.enumerate() {
            // What is refused in a check is refused everywhere.
            if !grid.cell(&cell).await && number == 0 {
                break;
            }
        }
    }
    grid.done(least).await;
}

#[tokio::test]
async fn every_function_on_postgresql() {
    let types = types(Database::Postgres);
    every(Database::Postgres, &types, functions(&types), 1000).await;
}

#[tokio::test]
async fn every_operator_on_postgresql() {
    let types = types(Database::Postgres);
    every(Database::Postgres, &types, sample(operators(&types)), 500).await;
}

#[tokio::test]
async fn every_function_on_sqlite() {
    let types = types(Database::Sqlite);
    every(Database::Sqlite, &types, functions(&types), 1000).await;
}

#[tokio::test]
async fn every_operator_on_sqlite() {
    let types = types(Database::Sqlite);
    every(Database::Sqlite, &types, sample(operators(&types)), 450).await;
}

/// A default and a `using` of every type from an expression of every type.
async fn assigned(database: Database, types: &[String]) {
    let mut grid = Grid::open(database).await;
    for to in types {
        let mut values: Vec<String> = types.iter().map(|ty| default(ty).to_owned()).collect();
        values.extend(types.iter().map(|ty| format!("{}::{ty}", default(ty))));
        values.extend(FUNCTIONS.iter().filter(|function| function.arity.0 == 0).map(|function| format!("{}()", function.name)));
        values.extend(
            [
                "current_date",
                "current_time",
                "current_timestamp",
                "lower(\"A\")",
                "length(\"abc\")",
                "1 + 1",
                "1.5",
                "-1",
                "coalesce(null, 1)",
                "-1::bigint",
            ]
            .map(str::to_owned),
        );
        // What the text of a type of PostgreSQL alone may be, only the database knows; of an interval too.
        let is_read = !to.contains("::") && to != "interval";
        values.retain(|value| is_read || !value.starts_with('"') || value == default(to) || value.contains("::"));
        values.sort();
        values.dedup();
        for value in values {
            let origin = "create table t { k: integer }".to_owned();
            grid.cell(&Cell { origin: origin.clone(), change: format!("alter table t {{ add c: {to}? default {value}; }}") })
                .await;
            let origin = format!("create table t {{ k: integer, c: {to}? }}");
            grid.cell(&Cell { origin, change: format!("alter table t {{ alter c set default {value}; }}") }).await;
            let origin = format!("create table t {{ k: integer, c: {} }}", if to == "boolean" { "text?" } else { "boolean?" });
            grid.cell(&Cell {
                origin,
                change: format!("alter table t {{ alter c type {to} using {value} irreversible \"tested\"; }}"),
            })
            .await;
        }
    }
    grid.done(400).await;
}

#[tokio::test]
async fn every_default_and_using_on_postgresql() {
    assigned(Database::Postgres, &kinds::all()).await;
}

#[tokio::test]
async fn every_default_and_using_on_sqlite() {
    assigned(Database::Sqlite, &kinds::portable()).await;
}
