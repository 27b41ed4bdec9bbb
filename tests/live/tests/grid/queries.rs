//! Queries over every type: what the compiler takes, the databases take with the type that it says, and they agree on the value; what it
//! refuses of an aggregate, PostgreSQL refuses too.

use migrate_compiler::check::expr::{Owner, condition};
use migrate_compiler::compile::compile;
use migrate_compiler::expr::Expr;
use migrate_compiler::problem::Problems;
use migrate_compiler::schema::Schema;
use migrate_compiler::sql;
use migrate_compiler::state::{Settings, State};
use migrate_compiler::typing::{Frame, Scope, infer};
use migrate_history::{Database, Version};
use migrate_live_tests::session::Session;
use migrate_live_tests::{server, sqlite, written};

use crate::expressions::{table, types};

/// The types that the other grids of expressions leave out.
const OTHERS: [&str; 5] = ["real", "varchar(20)", "interval", "varchar(20)[]", "mood"];

/// A query over a column.
const FORMS: &[&str] = &[
    "(select count(X) from u)",
    "(select count(distinct X) from u)",
    "(select max(X) from u)",
    "(select min(X) from u)",
    "(select sum(X) from u)",
    "(select avg(X) from u)",
    "(select X from u where u.id = t.id)",
    "(select X from u order by X desc, id limit 1)",
    "(select max(X) from u where u.id = t.id group by X)",
    "X in (select X from u)",
    "t.X in (select o.X from u as o where o.X is not null)",
    "exists (select 1 from u where u.X = t.X)",
    "(select count(*) from u left join w on w.X = u.X)",
    "(select count(*) from u group by X having count(*) > 0 order by X limit 1)",
];

/// An expression with what is wrong with it.
struct Tried {
    text: String,
    expr: Expr,
    rules: Vec<&'static str>,
}

fn schema(database: Database) -> (Schema, Vec<String>) {
    let mut types = types(database);
    if database == Database::Postgres {
        types.extend(OTHERS.map(str::to_owned));
    } else {
        types.extend(["real", "varchar(20)", "mood"].map(str::to_owned));
    }
    let columns = table(&types).replace("create table t {", "id: bigint primary key,").replace('}', "");
    let all: String = ["t", "u", "w"].map(|name| format!("create table {name} {{ {columns} }} ")).concat();
    let root = State::root(Settings::tested([Version::oldest(database)]));
    let outcome = compile(root.next(""), &written::draft(&format!("create enum mood (\"sad\", \"a\"); {all}")), "");
    assert!(outcome.migration.is_some(), "{:?}", outcome.problems);
    (outcome.after.named("before").schema(database).expect("the database of the history"), types)
}

fn tried(schema: &Schema, types: &[String]) -> Vec<Tried> {
    let name = "t".into();
    let table = schema.table(&name).expect("it is there");
    let columns = (0..types.len()).map(|number| format!("c{number}"));
    let texts = columns.flat_map(|column| FORMS.iter().map(move |form| form.replace('X', &column)));
    let tried = texts.map(|text| {
        let mut expr = written::expression(&format!("({text}) is null"));
        expr.qualify(&name, schema.tables());
        let mut problems = Problems::new();
        condition(&Owner::of(schema, &name, table), (0, &expr), &mut problems);
        let rules = problems.take().iter().map(|problem| problem.code).collect();
        let Expr::IsNull { operand, .. } = expr else { panic!("{text}") };
        Tried { text, expr: *operand, rules }
    });
    tried.collect()
}

/// The tables of the schema with two rows each.
async fn session(database: Database, url: &str, schema: &Schema) -> Session {
    let mut session = Session::open(url).await;
    if database == Database::Postgres {
        session.run("CREATE TYPE mood AS ENUM ('sad', 'a')").await.expect("a type");
    }
    for name in ["t", "u", "w"] {
        let table = schema.table(&name.into()).expect("it is there");
        let type_of = |ty| sql::type_name(database, ty).expect("it has the type");
        let columns: Vec<String> =
            table.columns.iter().map(|column| format!("{} {}", column.name, type_of(&column.ty))).collect();
        session.run(&format!("CREATE TABLE {name} ({})", columns.join(", "))).await.expect("a table");
        session.run(&format!("INSERT INTO {name} (id) VALUES (1), (2)")).await.expect("rows");
    }
    session
}

#[tokio::test]
async fn a_query_has_the_type_that_postgresql_gives_it() {
    let (schema, types) = schema(Database::Postgres);
    let mut session = session(Database::Postgres, &server::postgres().database().await, &schema).await;
    let name = "t".into();
    let table = schema.table(&name).expect("it is there");
    let frame = Frame::of(&name, table);
    let scope = Scope { frame: Some(&frame), tables: Some(schema.tables().into()), ..Scope::declared(&table.columns) };
    let (mut taken, mut found) = (0, Vec::new());
    for Tried { text, expr, rules } in tried(&schema, &types) {
        let sql = sql::expression_reading(Database::Postgres, &schema, (&name, table), &expr).expect("PostgreSQL has it");
        let query = format!("SELECT pg_typeof({sql})::text FROM t");
        match (rules.as_slice(), session.run(&query).await) {
            ([], Ok(())) => {
                taken += 1;
                let given = session.rows(&query).await[0][0].clone().expect("a type");
                let ty = infer(&expr, scope).ty().cloned().unwrap_or_else(|| panic!("{text} has no type"));
                let named = sql::type_name(Database::Postgres, &ty).expect("it has the type");
                let named = session.rows(&format!("SELECT '{}'::regtype::text", named.replace('\'', "''"))).await[0][0].clone();
                if named.as_deref() != Some(given.as_str()) {
                    found.push(format!("{text}: {ty}, and PostgreSQL says `{given}`"));
                }
            }
            ([], Err(error)) => found.push(format!("{text}: {error}")),
            // It takes a time of day for a length of time.
            (["argument_type"], Ok(())) if text.contains("(c10)") => {}
            (["argument_type"], Ok(())) => found.push(format!("{text} is refused, and PostgreSQL takes it")),
            (["argument_type"], Err(_)) => {}
            (rules, _) => found.push(format!("{text}: {rules:?}")),
        }
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
    assert!(taken > 250, "only {taken} queries are taken");
}

#[tokio::test]
async fn a_query_that_compiles_for_sqlite_runs_there() {
    let (schema, types) = schema(Database::Sqlite);
    let file = sqlite::file();
    let mut session = session(Database::Sqlite, &file.url(), &schema).await;
    let name = "t".into();
    let table = schema.table(&name).expect("it is there");
    let (mut taken, mut found) = (0, Vec::new());
    for Tried { text, expr, rules } in tried(&schema, &types) {
        if !rules.is_empty() {
            let is_known = ["argument_type", "enum_order"].contains(&rules[0]);
            found.extend((!is_known).then(|| format!("{text}: {rules:?}")));
            continue;
        }
        let Ok(sql) = sql::expression_reading(Database::Sqlite, &schema, (&name, table), &expr) else { continue };
        taken += 1;
        found.extend(session.run(&format!("SELECT {sql} FROM t")).await.err().map(|error| format!("{text}: {error}")));
    }
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
    assert!(taken > 200, "only {taken} queries are taken");
}
