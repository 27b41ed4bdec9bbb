//! The type that the compiler gives each expression that it takes is the one that PostgreSQL gives it.

use migrate_compiler::compile::compile;
use migrate_compiler::expr::Expr;
use migrate_compiler::schema::{Column, Rule};
use migrate_compiler::sql;
use migrate_compiler::state::{Settings, State};
use migrate_compiler::types::{Family, Type};
use migrate_compiler::typing::{Inferred, Precision, Scope, infer};
use migrate_history::{Database, Version};
use migrate_live_tests::session::Session;
use migrate_live_tests::{server, written};

use crate::expressions::{functions, operators, sample, table, types};

/// The types that the other grids of expressions leave out.
const OTHERS: [&str; 8] = ["real", "varchar(20)", "interval", "varchar(20)[]", "bigint[]", "timestamptz[]", "mood", "mood[]"];

/// How many expressions one query asks about.
const BATCH: usize = 200;

/// An expression that compiles.
struct Taken {
    text: String,
    sql: String,
    inferred: Inferred,
}

/// The state after statements, none of which is wrong.
fn after(state: State, text: &str) -> Option<State> {
    let outcome = compile(state.next(""), &written::draft(text), "");
    outcome.migration.map(|_| outcome.after.named("before"))
}

fn columns(state: &State) -> Vec<Column> {
    let schema = state.schema(Database::Postgres).expect("the database of the history");
    schema.tables().iter().next().expect("the table").1.columns.clone()
}

/// The expression as the compiler completes it.
fn completed(state: &State) -> Expr {
    let schema = state.schema(Database::Postgres).expect("the database of the history");
    let table = schema.tables().iter().next().expect("the table").1.clone();
    let Rule::Check { condition: Expr::IsNull { operand, .. } } = &table.constraints[0].rule else {
        panic!("{:?}", table.constraints)
    };
    (**operand).clone()
}

/// An expression, where the compiler takes it in a check.
fn taken(state: &State, columns: &[Column], text: &str) -> Option<Taken> {
    let change = format!("alter table t {{ add check (({text}) is null); }}");
    let expr = completed(&after(state.clone(), &change)?);
    let inferred = infer(&expr, Scope::declared(columns));
    let widest = infer(&expr, Scope { precision: Precision::Widest, ..Scope::declared(columns) });
    assert_eq!(inferred.family(), widest.family(), "{text}: the databases do not agree on the family");
    let sql = sql::expression(Database::Postgres, columns, &expr).expect("it compiles for this database");
    Some(Taken { text: text.to_owned(), sql, inferred })
}

/// The name of a type on PostgreSQL as SQL, where it is known.
fn name(inferred: &Inferred) -> String {
    match inferred {
        Inferred::Type(ty) | Inferred::List(ty) => {
            let name = sql::type_name(Database::Postgres, ty).expect("it has the type");
            format!("'{}'::regtype::text", name.replace('\'', "''"))
        }
        Inferred::Family(_) | Inferred::Literal | Inferred::Unknown => "''".to_owned(),
    }
}

/// Whether the type that PostgreSQL gives an expression is the one that was inferred.
fn agrees(inferred: &Inferred, given: &str, named: &str) -> bool {
    match inferred {
        Inferred::Type(_) | Inferred::List(_) => given == named,
        Inferred::Literal => given == "unknown",
        Inferred::Family(Family::Time) => given == "time with time zone",
        Inferred::Family(Family::Text) => ["name", "character"].contains(&given),
        Inferred::Family(Family::Array(of)) => {
            given.strip_suffix("[]").is_some_and(|given| agrees(&Inferred::Family((**of).clone()), given, ""))
        }
        Inferred::Family(_) | Inferred::Unknown => false,
    }
}

/// The expressions of which PostgreSQL says something else.
async fn faults(session: &mut Session, taken: &[Taken]) -> Vec<String> {
    let asked = |taken: &Taken| format!("SELECT pg_typeof({})::text, {} FROM t", taken.sql, name(&taken.inferred));
    let query = |taken: &[Taken]| taken.iter().map(asked).collect::<Vec<_>>().join(" UNION ALL ");
    let mut found = Vec::new();
    for batch in taken.chunks(BATCH) {
        let fails = session.run(&query(batch)).await.is_err();
        for part in batch.chunks(if fails { 1 } else { BATCH }) {
            if let Err(error) = session.run(&query(part)).await {
                // Whether the arrays in an array are of one length depends on the row.
                if error.contains("matching dimensions") {
                    continue;
                }
                found.extend(part.iter().map(|taken| format!("{}: {error}", taken.text)));
                continue;
            }
            let rows = session.rows(&query(part)).await;
            for (Taken { text, inferred, .. }, row) in part.iter().zip(rows) {
                let (given, named) = (row[0].clone().unwrap(), row[1].clone().unwrap());
                if !agrees(inferred, &given, &named) {
                    found.push(format!("{text}: {inferred:?}, and PostgreSQL says `{given}`"));
                }
            }
        }
    }
    found
}

#[tokio::test]
async fn every_expression_has_the_type_that_postgresql_gives_it() {
    let mut types = types(Database::Postgres);
    types.extend(OTHERS.map(str::to_owned));
    let root = State::root(Settings::tested([Version::oldest(Database::Postgres)]));
    let base = format!("create enum mood (\"sad\", \"a\"); {}", table(&types));
    let state = after(root, &base).expect("a table of every type");
    let columns = columns(&state);
    let words = ["current_time", "current_date", "current_user", "interval \"1 day\"", "b\"\\x00\"", "2147483648", "-2147483648"];
    let mut texts: Vec<String> = words.map(str::to_owned).to_vec();
    texts.extend(functions(&types).into_iter().chain(sample(operators(&types))).map(|expression| expression.text));
    let all: Vec<Taken> = texts.iter().filter_map(|text| taken(&state, &columns, text)).collect();
    println!("{} of {} expressions are taken", all.len(), texts.len());
    assert!(all.len() > 1_000, "only {} expressions are taken", all.len());
    let mut session = Session::open(&server::postgres().database().await).await;
    session.run("CREATE TYPE mood AS ENUM ('sad', 'a')").await.expect("a type");
    let type_of = |ty: &Type| sql::type_name(Database::Postgres, ty).expect("it has the type");
    let declared: Vec<String> = columns.iter().map(|column| format!("{} {}", column.name, type_of(&column.ty))).collect();
    session.run(&format!("CREATE TABLE t ({})", declared.join(", "))).await.expect("a table");
    session.run("INSERT INTO t DEFAULT VALUES").await.expect("a row");
    let found = faults(&mut session, &all).await;
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}
