//! Queries in expressions: what they are, what is refused, and what the databases are sent.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::after;
use migrate_compiler::check::expr::{Owner, condition};
use migrate_compiler::expr::Expr;
use migrate_compiler::operation::{AddConstraint, Operation};
use migrate_compiler::parse;
use migrate_compiler::problem::Problems;
use migrate_compiler::schema::{Rule, Schema};
use migrate_compiler::sql;
use migrate_compiler::typing::{Precision, Scope, infer};
use migrate_history::Database;

const BASE: &str = "create enum mood (\"sad\", \"glad\");
create table t { id: bigint primary key, a: integer?, n: integer default 0, name: text?, code: char(5)?, u_id: bigint?, m: mood? }
create table u {
    id: bigint primary key, t_id: bigint?, email: text, name: text?, x: integer default 0, big: bigint?, price: decimal(10, 2)?,
    ratio: real?, flag: boolean?, key: uuid?, at: timestamptz?, code: char(5)?, short: varchar(9)?, m: mood?, place: integer,
    unique (email), unique (t_id, place),{deferrable}
}
create table w { u_id: bigint, t_id: bigint, label: text?, primary key (u_id, t_id) }
create unique index on u (big);
create unique index on u (x) where x > 0;
create unique index on u ((x + 1));";

fn schema(database: Database) -> Schema {
    // SQLite defers foreign keys only.
    let deferrable = if database == Database::Postgres { "unique (place) deferrable," } else { "" };
    after(&[database], &BASE.replace("{deferrable}", deferrable)).schema(database).unwrap()
}

/// The condition as it was read, or what is wrong with how it is written.
fn read(text: &str) -> Result<Expr, String> {
    let text = format!("alter table t {{ add check ({text}); }}");
    let parsed = parse::migration(text.parse().unwrap_or_else(|error| panic!("{text}: {error}")));
    if let [first, ..] = &parsed.diagnostics([])[..] {
        return Err(format!("{}: {}", first.problem.code, first.problem));
    }
    let [piece] = &parsed.draft.pieces[..] else { panic!("{text}") };
    let Operation::AddConstraint(AddConstraint { constraint, .. }) = &piece.operation else { panic!("{text}") };
    let Rule::Check { condition } = &constraint.rule else { panic!("{text}") };
    Ok(condition.clone())
}

/// The condition over `t` with the tables of its names, and what is wrong with it, each by its rule.
fn checked(schema: &Schema, text: &str) -> (Expr, Vec<String>) {
    let mut expr = match read(text) {
        Ok(expr) => expr,
        Err(error) => return (Expr::Null, vec![error]),
    };
    let name = "t".into();
    expr.qualify(&name, schema.tables());
    let owner = Owner::of(schema, &name, schema.table(&name).unwrap());
    let mut problems = Problems::new();
    condition(&owner, (0, &expr), &mut problems);
    (expr, problems.take().iter().map(|problem| format!("{}: {problem}", problem.code)).collect())
}

/// What is right, with the SQL of PostgreSQL and, where it is another one, of SQLite.
const RIGHT: &[(&str, &str, &str)] = &[
    (
        "a = (select max(x) from u where t_id = t.id)",
        "\"a\" = (SELECT max(\"u\".\"x\") FROM \"u\" WHERE \"u\".\"t_id\" = \"t\".\"id\")",
        "",
    ),
    ("exists (select 1 from u where name = t.name)", "EXISTS (SELECT 1 FROM \"u\" WHERE \"u\".\"name\" = \"t\".\"name\")", ""),
    ("id not in (select u_id from w)", "\"id\" NOT IN (SELECT \"w\".\"u_id\" FROM \"w\")", ""),
    ("name = (select name from u where id = 1)", "\"name\" = (SELECT \"u\".\"name\" FROM \"u\" WHERE \"u\".\"id\" = 1)", ""),
    (
        "name = (select o.name from u as o where o.email = lower(t.name))",
        "\"name\" = (SELECT \"o\".\"name\" FROM \"u\" AS \"o\" WHERE \"o\".\"email\" = lower(\"t\".\"name\"))",
        "",
    ),
    (
        "name = (select u.name from w join u on u.id = w.u_id where w.u_id = 1 and w.t_id = t.id)",
        "\"name\" = (SELECT \"u\".\"name\" FROM \"w\" JOIN \"u\" ON \"u\".\"id\" = \"w\".\"u_id\" WHERE \"w\".\"u_id\" = 1 AND \"w\".\"t_id\" = \"t\".\"id\")",
        "",
    ),
    (
        "name = (select u.name from w left join u on u.id = w.u_id where w.u_id = 1 and w.t_id = 2)",
        "\"name\" = (SELECT \"u\".\"name\" FROM \"w\" LEFT JOIN \"u\" ON \"u\".\"id\" = \"w\".\"u_id\" WHERE \"w\".\"u_id\" = 1 AND \"w\".\"t_id\" = 2)",
        "",
    ),
    (
        "name = (select name from u order by x desc, id limit 1)",
        "\"name\" = (SELECT \"u\".\"name\" FROM \"u\" ORDER BY \"u\".\"x\" DESC, \"u\".\"id\" LIMIT 1)",
        "\"name\" = (SELECT \"u\".\"name\" FROM \"u\" ORDER BY \"u\".\"x\" DESC NULLS FIRST, \"u\".\"id\" NULLS LAST LIMIT 1)",
    ),
    (
        "name = (select name from u where big = t.id limit 1)",
        "\"name\" = (SELECT \"u\".\"name\" FROM \"u\" WHERE \"u\".\"big\" = \"t\".\"id\" LIMIT 1)",
        "",
    ),
    (
        "(id, n) in (select t_id, place from u group by t_id, place having count(*) > 1)",
        "(\"id\", \"n\") IN (SELECT \"u\".\"t_id\", \"u\".\"place\" FROM \"u\" GROUP BY \"u\".\"t_id\", \"u\".\"place\" HAVING count(*) > 1)",
        "",
    ),
    (
        "id in (select u_id from w group by u_id having max(label) = min(label))",
        "\"id\" IN (SELECT \"w\".\"u_id\" FROM \"w\" GROUP BY \"w\".\"u_id\" HAVING max(\"w\".\"label\") = min(\"w\".\"label\"))",
        "",
    ),
    (
        "id in (select id + x from u group by id)",
        "\"id\" IN (SELECT \"u\".\"id\" + \"u\".\"x\" FROM \"u\" GROUP BY \"u\".\"id\")",
        "",
    ),
    ("n = (select count(distinct x) from u)", "\"n\" = (SELECT count(DISTINCT \"u\".\"x\") FROM \"u\")", ""),
    (
        "id not in (select t_id from u where t_id is not null)",
        "\"id\" NOT IN (SELECT \"u\".\"t_id\" FROM \"u\" WHERE \"u\".\"t_id\" IS NOT NULL)",
        "",
    ),
    (
        "code = (select max(code) from u)",
        "\"code\" = (SELECT max(\"u\".\"code\") FROM \"u\")",
        "rtrim(\"code\", ' ') = rtrim((SELECT max(rtrim(\"u\".\"code\", ' ')) FROM \"u\"), ' ')",
    ),
    (
        "\"2024-05-01 10:00Z\" = (select max(at) from u)",
        "'2024-05-01 10:00Z' = (SELECT max(\"u\".\"at\") FROM \"u\")",
        "'2024-05-01T10:00:00+00:00' = (SELECT max(\"u\".\"at\") FROM \"u\")",
    ),
    (
        "t.id in (select id from t as o where o.name = t.name)",
        "\"id\" IN (SELECT \"o\".\"id\" FROM \"t\" AS \"o\" WHERE \"o\".\"name\" = \"t\".\"name\")",
        "",
    ),
    (
        "id in (select max(id) from t group by name)",
        "\"id\" IN (SELECT max(\"t_2\".\"id\") FROM \"t\" AS \"t_2\" GROUP BY \"t_2\".\"name\")",
        "",
    ),
    (
        "exists (select 1 from u where exists (select 1 from w where w.u_id = u.id and w.t_id = t.id))",
        "EXISTS (SELECT 1 FROM \"u\" WHERE EXISTS (SELECT 1 FROM \"w\" WHERE \"w\".\"u_id\" = \"u\".\"id\" AND \"w\".\"t_id\" = \"t\".\"id\"))",
        "",
    ),
    ("n > (select avg(x) from u)", "\"n\" > (SELECT avg(\"u\".\"x\") FROM \"u\")", ""),
];

#[test]
fn a_query_is_sent_with_the_table_before_each_column() {
    for database in [Database::Postgres, Database::Sqlite] {
        let schema = schema(database);
        for (text, postgres, sqlite) in RIGHT {
            let (expr, problems) = checked(&schema, text);
            assert_eq!(problems, [] as [String; 0], "{text}");
            let table = "t".into();
            let sql = sql::expression_reading(database, &schema, (&table, schema.table(&table).unwrap()), &expr);
            let wanted = if database == Database::Postgres || sqlite.is_empty() { postgres } else { sqlite };
            assert_eq!(sql.expect("it has that"), *wanted, "{text}");
            assert_eq!(read(&expr.to_string()).as_ref(), Ok(&expr), "what is printed is read again");
        }
    }
}

/// What is wrong, with the rule and the beginning of the error, and what to write.
const WRONG: &[(&str, &str, &str)] = &[
    ("a = (select max(y) from u)", "unknown_column: unknown column `y` in `u`", ""),
    ("a = (select max(n) from u)", "unknown_column: unknown column `n` in `u`", "write `t.n` for the column of `t`"),
    ("a = (select max(emial) from u)", "unknown_column: unknown column `emial` in `u`", "did you mean `email`?"),
    ("a = (select max(v.x) from u)", "unknown_table: no table of this query is called `v`", "the tables are u, t"),
    ("a = (select max(x) from users)", "unknown_table: unknown table `users`", ""),
    (
        "name = (select max(name) from u join t as o on o.id = u.t_id)",
        "ambiguous_column: column `name` is ambiguous: `u` and `o` have it",
        "write `u.name` or `o.name`",
    ),
    ("exists (select 1 from u join u on true)", "table_twice: duplicate table `u` in the query", "add an alias: `u as u_2`"),
    (
        "name = (select name from u)",
        "several_rows: the query may return several rows, where one value is expected",
        "write `(select max(u.name) from u)`, or compare a key in `where`: `u.id`",
    ),
    ("a = (select x from u where t_id = t.id)", "several_rows: ", "max(u.x)"),
    ("a = (select x from u where big = ratio)", "several_rows: ", ""),
    ("a = (select x from u where big = 1.5::double)", "several_rows: ", ""),
    ("a = (select x from u where place = 1)", "several_rows: ", ""),
    ("a = (select x from u where x = 1)", "several_rows: ", ""),
    ("a = (select x from u where x + 1 = 2)", "several_rows: ", ""),
    ("a = (select x from u where id = x)", "several_rows: ", ""),
    ("a = (select x from u where id = 1 or id = 2)", "several_rows: ", ""),
    ("a = (select u.x from u left join w on w.u_id = u.id and u.id = 1)", "several_rows: ", ""),
    ("a = (select max(x) from u group by name)", "several_rows: ", ""),
    ("key_is(a) = (select flag from u)", "several_rows: ", "compare a key"),
    (
        "a = (select x, id from u where id = 1)",
        "one_value: the query returns 2 values",
        "write `(select u.x from u where u.id = 1)`",
    ),
    (
        "a = (select x from u limit 1)",
        "limit_without_order: `limit 1` without `order by` returns arbitrary rows",
        "use `order by u.id limit 1`",
    ),
    ("a = (select x from u order by 1 limit 1)", "by_position: `order by 1` does not name a column", ""),
    ("id in (select id from u group by 1)", "by_position: `group by 1` does not name a column", ""),
    (
        "id in (select max(id) from u group by x having name = \"a\")",
        "not_grouped: `u.name` is neither in `group by` nor in an aggregate",
        "write `max(u.name)`, or `group by u.x, u.name`",
    ),
    ("a = (select max(x) + id from u)", "not_grouped: `u.id`", ""),
    ("a in (select count(*) from u group by name order by x)", "not_grouped: `u.x`", ""),
    ("a in (select count(*) + (select max(w.t_id) from w where w.u_id = u.id) from u)", "not_grouped: `u.id`", ""),
    ("a in (select distinct x from u order by id)", "distinct_order: ", ""),
    ("max(a) = 1", "aggregate_here: `max` is an aggregate", "write a query: `(select max(a) from t)`"),
    ("a in (select x from u where max(x) = 1)", "aggregate_here: the aggregate `max` is not allowed in `where`", ""),
    (
        "a = (select max(t.n) from u)",
        "aggregate_here: the aggregate `max` is of rows of this query, and names only a column of `t`",
        "use a column of a table of this query",
    ),
    ("a in (select sum(max(x)) from u)", "aggregate_here: the aggregate `max` is not allowed in `sum`", ""),
    (
        "a = (select max(flag)::integer from u)",
        "argument_type: `max` is not defined for a boolean",
        "write `max(u.flag::integer)`",
    ),
    ("a in (select max(key) from u)", "argument_type: `max` is not defined for a uuid", "write `max(u.key::text)`"),
    ("a = (select sum(email) from u)", "argument_type: `sum` is not defined for text", "write a number"),
    ("a in (select name from u)", "operand_type: `a` is a number and `u.name` is text", ""),
    ("a in (select \"1\" from u)", "operand_type: `a` is a number and `\"1\"` is text", ""),
    ("a = (select name from u where id = 1)", "operand_type: ", ""),
    ("(a, n) in (select x from u)", "row_arity: `(a, n)` has 2 values, and the query returns 1", ""),
    (
        "a not in (select x from w left join u on true)",
        "not_in_null: `not in` matches no row where the query returns null, as `u.x` may be",
        "write `a not in (select u.x from w left join u on true where u.x is not null)`",
    ),
    ("id not in (select t_id from u)", "not_in_null: ", "where u.t_id is not null)`"),
    ("not (id in (select t_id from u))", "not_in_null: ", "write `id not in (select u.t_id from u where u.t_id is not null)`"),
    ("n not in (select max(x) from u)", "not_in_null: ", "coalesce(max(u.x), …)"),
    ("exists (select 1 from u where name)", "not_a_condition: `u.name` is not a condition", ""),
    ("exists (select 1 from u join w on t.id)", "not_a_condition: ", ""),
    ("exists (select 1 from u join w on z.a = 1 join t as z on true)", "unknown_table: no table of this query is called `z`", ""),
    (
        "exists (select 1 from t where t.id = t.u_id)",
        "ambiguous_table: table name `t` is ambiguous",
        "give the table of the query another name: `from t as t_2`",
    ),
    (
        "exists (select 1 from t where exists (select 1 from u where u.id = t.id))",
        "ambiguous_table: table name `t` is ambiguous",
        "",
    ),
    (
        "exists (select 1 from u where exists (select 1 from u where u.id = 1))",
        "ambiguous_table: table name `u` is ambiguous",
        "",
    ),
    ("a = (select * from u)", "select_all: ", ""),
    ("a = (select u.* from u)", "select_all: ", ""),
    ("a = (select max(x) as m from u)", "query_alias: `as` after a value is not supported in a query", "remove `as m`"),
    ("a = (select max(o.x) from u o)", "query_alias: a table alias requires `as`", "write `u as o`"),
    (
        "a = select max(x) from u",
        "query_parens: a query in an expression is written in parentheses",
        "write `(select max(x) from u)`",
    ),
    ("a = coalesce(select max(x) from u)", "query_parens: ", ""),
    ("a = any(select x from u)", "query_parens: `any` takes an array, and this is a query", "write `a in (select x from u)`"),
    ("a in (select x from u, w)", "query_clause: a query with several tables joins them", "use `join w on …`"),
    ("a in (select x from u union select n from t)", "query_clause: `union` is not supported in a query", ""),
    ("a in (select x from u right join w on true)", "query_clause: `right` is not supported in a query", ""),
    ("a in (select x from u cross join w)", "query_clause: `cross join` is not supported in a query", "write `join w on true`"),
    ("a in (select x from u join w using (u_id))", "query_clause: `using`", "use `on a.u_id = b.u_id`"),
    ("a in (select x from (select 1) as y)", "query_clause: `from (select …)`", ""),
    ("a in (select distinct on (x) x from u)", "query_clause: `distinct on`", ""),
    ("a in (select x from u limit all)", "expected: expected a number of rows", ""),
    ("exists (id)", "expected: expected a query in parentheses", ""),
    ("lower(*) = name", "unexpected: `*` is only allowed in an aggregate, such as `count`", ""),
    ("lower(distinct name) = name", "unexpected: `distinct` is only allowed in an aggregate", ""),
];

#[test]
fn what_is_wrong_with_a_query_is_one_error() {
    let schema = schema(Database::Postgres);
    for (text, wrong, help) in WRONG {
        let (_, problems) = checked(&schema, text);
        let [problem] = &problems[..] else { panic!("{text}: {problems:?}") };
        assert!(problem.starts_with(wrong) && problem.contains(help), "{text}: {problem}");
    }
}

#[test]
fn the_order_of_an_enum_that_is_text_is_refused() {
    let (sqlite, postgres) = (schema(Database::Sqlite), schema(Database::Postgres));
    for text in ["m = (select max(m) from u)", "a = (select x from u order by m, id limit 1)"] {
        assert_eq!(checked(&postgres, text).1, [] as [String; 0], "{text}");
        let (_, problems) = checked(&sqlite, text);
        let [problem] = &problems[..] else { panic!("{text}: {problems:?}") };
        assert!(problem.starts_with("enum_order: "), "{problem}");
        assert!(problem.contains("write `case u.m when \"sad\" then 1 when \"glad\" then 2 end`"), "{problem}");
    }
}

/// Queries with their types on PostgreSQL, and with the types of their values where a calculation has as many bits as there are.
const TYPES: &[(&str, &str, &str)] = &[
    ("(select count(*) from u)", "bigint", "bigint"),
    ("(select max(x) from u)", "integer", "integer"),
    ("(select max(short) from u)", "text", "text"),
    ("(select max(code) from u)", "char(5)", "char(5)"),
    ("(select min(m) from u)", "mood", "mood"),
    ("(select sum(x) from u)", "bigint", "bigint"),
    ("(select sum(big) from u)", "decimal", "bigint"),
    ("(select sum(price) from u)", "decimal", "decimal"),
    ("(select sum(ratio) from u)", "real", "double"),
    ("(select avg(x) from u)", "decimal", "decimal"),
    ("(select avg(ratio) from u)", "double", "double"),
    ("(select \"a\" from u where id = 1)", "text", "text"),
    ("(select null from u where id = 1)", "text", "text"),
    ("(select t.id + u.x from u where id = 1)", "bigint", "bigint"),
    ("exists (select 1 from u)", "boolean", "boolean"),
];

#[test]
fn a_query_has_the_type_of_its_value() {
    let schema = schema(Database::Postgres);
    let name = "t".into();
    let table = schema.table(&name).unwrap();
    let frame = migrate_compiler::typing::Frame::of(&name, table);
    for (text, declared, widest) in TYPES {
        let (expr, problems) = checked(&schema, &format!("({text}) is null"));
        assert_eq!(problems, [] as [String; 0], "{text}");
        let Expr::IsNull { operand, .. } = expr else { panic!("{text}") };
        for (precision, wanted) in [(Precision::Declared, declared), (Precision::Widest, widest)] {
            let scope =
                Scope { precision, frame: Some(&frame), tables: Some(schema.tables().into()), ..Scope::declared(&table.columns) };
            assert_eq!(infer(&operand, scope).ty().map(ToString::to_string).as_deref(), Some(*wanted), "{text}: {precision:?}");
        }
    }
}
