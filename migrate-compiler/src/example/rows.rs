//! Examples of statements about rows.

use crate::example::{self, Examples, column, constraint};
use crate::expr::{Binary, Duplicates, Expr, FromTable, Join, Order, Select};
use crate::operation::{
    Backfill, CreateTable, DeleteRows, Deleter, InsertQuery, InsertRows, KeepRows, KeptChange, LoadRows, Operation, RestoreRows,
    Truncate, UpdateRows,
};
use crate::rows::{Assignment, Given, KeyConflict, Which};
use crate::schema::{CounterKind, Rule, Schema, Table};
use crate::types::Type;

/// The schema with a table of roles, to which nothing refers.
fn roles() -> Schema {
    let mut schema = example::schema();
    let table = Table {
        columns: vec![
            column("id", Type::BigInt).counted(CounterKind::Identity),
            column("code", Type::Text),
            column("rank", Type::Integer).defaulting(Expr::Number("0".into())),
            column("since", Type::Date).null(),
        ],
        constraints: vec![
            constraint(Rule::PrimaryKey { columns: vec!["id".into()] }),
            constraint(Rule::Unique { columns: vec!["code".into()], nulls_not_distinct: false }),
        ],
        ..Table::default()
    };
    example::run(&mut schema, CreateTable { name: "roles".into(), table }.into());
    schema
}

fn number(digits: &str) -> Given {
    Given::Value(Expr::Number(digits.into()))
}

fn text(text: &str) -> Given {
    Given::Value(Expr::Text(text.into()))
}

fn names<const N: usize>(columns: [&str; N]) -> Vec<String> {
    columns.map(str::to_owned).to_vec()
}

impl Examples for InsertRows {
    fn examples() -> Vec<(Schema, Operation)> {
        let insert = |columns, rows| {
            (roles(), InsertRows { table: "roles".into(), columns, rows, conflict: KeyConflict::Fails, record: None }.into())
        };
        let skips = InsertRows {
            table: "roles".into(),
            columns: names(["code"]),
            rows: vec![vec![text("admin")]],
            conflict: KeyConflict::Skips,
            record: None,
        };
        let default = || Given::Default;
        let today = || Given::Value(Expr::Current(crate::expr::CurrentValue::Date));
        vec![
            (roles(), skips.into()),
            insert(names(["id", "code"]), vec![vec![number("1"), text("admin")], vec![number("2"), text("it's \"odd\"")]]),
            insert(
                names(["code", "rank", "since"]),
                vec![
                    vec![text("guest"), default(), text("2026-11-22")],
                    vec![text("owner"), number("9"), today()],
                    vec![text("none"), number("5"), Given::Value(Expr::Null)],
                ],
            ),
        ]
    }
}

/// `select VALUES from users as u` with the users that were here.
fn active(values: Vec<Expr>) -> Select {
    let visits = Expr::Qualified { table: "u".into(), column: "visits".into() };
    Select {
        duplicates: Duplicates::Kept,
        values,
        from: vec![FromTable { table: "users".into(), alias: Some("u".into()), join: Join::First }],
        filter: Some(example::binary(Binary::Greater, visits, Expr::Number("0".into()))),
        groups: Vec::new(),
        having: None,
        order: Vec::new(),
        limit: None,
    }
}

impl Examples for InsertQuery {
    fn examples() -> Vec<(Schema, Operation)> {
        let query = active(vec![qualified("u", "email"), qualified("u", "visits"), Expr::Text("2026-11-22".into())]);
        let of = |conflict| {
            let columns = names(["code", "rank", "since"]);
            (roles(), InsertQuery { table: "roles".into(), columns, query: query.clone(), conflict, record: None }.into())
        };
        vec![of(KeyConflict::Fails), of(KeyConflict::Skips)]
    }
}

fn qualified(table: &str, column: &str) -> Expr {
    Expr::Qualified { table: table.into(), column: column.into() }
}

/// Each post gets the address of its user.
fn titled() -> (Schema, Operation) {
    (example::schema(), title().into())
}

fn title() -> UpdateRows {
    let from = FromTable { table: "users".into(), alias: Some("u".into()), join: Join::First };
    let which = Which::Where(example::binary(Binary::Equal, qualified("u", "id"), Expr::column("user_id")));
    let sets = vec![Assignment { column: "title".into(), value: Given::Value(qualified("u", "email")) }];
    UpdateRows { table: "posts".into(), sets, from: Some(from), which }
}

/// The title of the post with the greatest score of a user.
fn best_title() -> Expr {
    let order = Order { value: qualified("p", "score"), descending: true, nulls_first: None };
    let query = Select {
        values: vec![qualified("p", "title")],
        from: vec![FromTable { table: "posts".into(), alias: Some("p".into()), join: Join::First }],
        filter: Some(example::binary(Binary::Equal, qualified("p", "user_id"), qualified("users", "id"))),
        order: vec![order, Order { value: qualified("p", "id"), descending: false, nulls_first: None }],
        limit: Some(1),
        ..active(Vec::new())
    };
    Expr::Query(Box::new(query))
}

impl Examples for LoadRows {
    fn examples() -> Vec<(Schema, Operation)> {
        let load = |columns, conflict| {
            let file = "roles.csv".to_owned();
            (roles(), LoadRows { table: "roles".into(), columns, file, conflict, record: None }.into())
        };
        vec![load(names(["id", "code", "since"]), KeyConflict::Fails), load(names(["id", "code", "since"]), KeyConflict::Skips)]
    }
}

impl Examples for UpdateRows {
    fn examples() -> Vec<(Schema, Operation)> {
        let update = |sets: Vec<(&str, Given)>, which| {
            let sets = sets.into_iter().map(|(column, value)| Assignment { column: column.to_owned(), value }).collect();
            (example::schema(), UpdateRows { table: "users".into(), sets, from: None, which }.into())
        };
        let lower = Expr::Call { function: "lower".into(), arguments: vec![Expr::column("email")] };
        let next = example::binary(Binary::Add, Expr::column("visits"), Expr::Number("1".into()));
        let named = Expr::IsNull { operand: Box::new(Expr::column("nickname")), negated: true };
        vec![
            update(vec![("nickname", Given::Value(lower)), ("visits", Given::Default)], Which::All),
            update(vec![("visits", Given::Value(next))], Which::Where(named)),
            titled(),
            update(vec![("nickname", Given::Value(best_title()))], Which::All),
        ]
    }
}

impl Examples for Backfill {
    fn examples() -> Vec<(Schema, Operation)> {
        let set = |column: &str, value| Assignment { column: column.into(), value };
        let backfill = |table: &str, sets, which, most| {
            (roles(), Backfill { update: UpdateRows { table: table.into(), sets, from: None, which }, most }.into())
        };
        let lower = || Given::Value(Expr::Call { function: "lower".into(), arguments: vec![Expr::column("email")] });
        let null = Expr::IsNull { operand: Box::new(Expr::column("nickname")), negated: false };
        vec![
            backfill("users", vec![set("nickname", lower())], Which::Where(null), None),
            backfill("users", vec![set("nickname", lower()), set("visits", Given::Default)], Which::All, Some(500)),
        ]
    }
}

impl Examples for DeleteRows {
    fn examples() -> Vec<(Schema, Operation)> {
        let delete = |table: &str, which| (roles(), DeleteRows { table: table.into(), which, author: Deleter::User }.into());
        let never = example::binary(Binary::Equal, Expr::column("visits"), Expr::Number("0".into()));
        vec![delete("users", Which::Where(never)), delete("roles", Which::All)]
    }
}

impl Examples for Truncate {
    fn examples() -> Vec<(Schema, Operation)> {
        vec![(roles(), Truncate { table: "roles".into() }.into())]
    }
}

/// A change of rows that are kept.
fn keep(change: KeptChange) -> Operation {
    KeepRows { change, number: None }.into()
}

fn deleted(which: Which) -> KeptChange {
    KeptChange::Delete(DeleteRows { table: "roles".into(), which, author: Deleter::User })
}

fn raised() -> KeptChange {
    let next = example::binary(Binary::Add, Expr::column("rank"), Expr::Number("1".into()));
    let sets = vec![Assignment { column: "rank".into(), value: Given::Value(next) }];
    let which = Which::Where(Expr::IsNull { operand: Box::new(Expr::column("since")), negated: false });
    KeptChange::Update(UpdateRows { table: "roles".into(), sets, from: None, which })
}

impl Examples for KeepRows {
    fn examples() -> Vec<(Schema, Operation)> {
        vec![
            (roles(), keep(raised())),
            (roles(), keep(deleted(Which::All))),
            (example::schema(), keep(KeptChange::Update(title()))),
        ]
    }
}

/// Only a downgrade does it, of what its upgrade kept.
impl Examples for RestoreRows {
    fn examples() -> Vec<(Schema, Operation)> {
        Vec::new()
    }
}
