//! Examples of the operations on columns.

use crate::example::{self, Examples};
use crate::expr::Expr;
use crate::operation::{
    AddColumn, AlterType, CommentColumn, DropColumn, DropDefault, DropNotNull, KeepColumn, Operation, RenameColumn,
    RestoreColumn, SetCounter, SetDefault, SetNotNull,
};
use crate::schema::{Column, Counter, CounterKind, Schema};
use crate::types::Type;

impl Examples for AddColumn {
    fn examples() -> Vec<(Schema, Operation)> {
        let operation = |column| AddColumn { table: "users".into(), column, fill: None }.into();
        let add = |column: Column| (example::schema(), operation(column));
        let alone = |column| (example::postgres(), operation(column));
        let inet = example::native("inet");
        vec![
            add(example::column("phone", Type::Text).null().commented("With the country's code.")),
            add(example::column("plan", Type::Varchar(Some(20))).defaulting(Expr::Text("free".into()))),
            add(example::column("seen_at", Type::Timestamptz)
                .defaulting(Expr::Call { function: "now".into(), arguments: Vec::new() })),
            alone(example::column("number", Type::Integer).counted(CounterKind::Serial)),
            alone(example::column("tags", Type::Array(Box::new(Type::Text))).null()),
            alone(example::column("address", inet).null()),
        ]
    }
}

impl Examples for DropColumn {
    fn examples() -> Vec<(Schema, Operation)> {
        let drop =
            |table: &str, column: &str| (example::schema(), DropColumn { table: table.into(), column: column.into() }.into());
        vec![drop("posts", "score"), drop("users", "active")]
    }
}

impl Examples for KeepColumn {
    fn examples() -> Vec<(Schema, Operation)> {
        let keep = |schema, table: &str, column: &str| {
            (schema, KeepColumn { table: table.into(), column: column.into(), since: None, number: None }.into())
        };
        let active = KeepColumn { table: "users".into(), column: "active".into(), since: None, number: None };
        let again = kept(example::schema(), "users", "active");
        let again = with(again, added(example::column("active", Type::Text).null()));
        vec![
            keep(example::schema(), "posts", "score"),
            keep(example::schema(), "users", "active"),
            keep(with_phone(), "users", "phone"),
            (example::schema(), KeepColumn { since: Some(Expr::Bool(false)), ..active }.into()),
            keep(again, "users", "active"),
        ]
    }
}

impl Examples for RestoreColumn {
    fn examples() -> Vec<(Schema, Operation)> {
        let restore = |schema, table: &str, column: &str| {
            (schema, RestoreColumn { table: table.into(), column: column.into(), number: None }.into())
        };
        vec![
            restore(kept(with_phone(), "users", "phone"), "users", "phone"),
            restore(kept(example::schema(), "users", "active"), "users", "active"),
        ]
    }
}

fn added(column: Column) -> AddColumn {
    AddColumn { table: "users".into(), column, fill: None }
}

/// The schema with a column that may be null.
fn with_phone() -> Schema {
    with(example::schema(), added(example::column("phone", Type::Text).null()))
}

/// The schema in which a column is kept.
fn kept(schema: Schema, table: &str, column: &str) -> Schema {
    with(schema, KeepColumn { table: table.into(), column: column.into(), since: None, number: None })
}

fn with(mut schema: Schema, operation: impl Into<Operation>) -> Schema {
    example::run(&mut schema, operation.into());
    schema
}

impl Examples for SetNotNull {
    fn examples() -> Vec<(Schema, Operation)> {
        vec![(example::schema(), SetNotNull { table: "users".into(), column: "nickname".into() }.into())]
    }
}

impl Examples for DropNotNull {
    fn examples() -> Vec<(Schema, Operation)> {
        vec![(example::schema(), DropNotNull { table: "users".into(), column: "email".into() }.into())]
    }
}

impl Examples for RenameColumn {
    fn examples() -> Vec<(Schema, Operation)> {
        let rename = |table: &str, from: &str, to: &str| {
            (example::schema(), RenameColumn { table: table.into(), from: from.into(), to: to.into() }.into())
        };
        vec![rename("users", "id", "key"), rename("users", "visits", "type"), rename("posts", "title", "Head line")]
    }
}

impl Examples for AlterType {
    fn examples() -> Vec<(Schema, Operation)> {
        let alter = |table: &str, column: &str, to: Type| {
            (example::schema(), AlterType { table: table.into(), column: column.into(), to, using: None }.into())
        };
        let (table, column) = ("users".into(), "created_at".into());
        let in_utc = AlterType { table, column, to: Type::Timestamp, using: Some(crate::source::in_utc("created_at")) };
        vec![
            (example::schema(), in_utc.into()),
            alter("users", "email", Type::Text),
            alter("users", "visits", Type::BigInt),
            alter("users", "visits", Type::Double),
            alter("users", "nickname", Type::Varchar(Some(40))),
        ]
    }
}

impl Examples for SetDefault {
    fn examples() -> Vec<(Schema, Operation)> {
        let set = |column: &str, default: Expr| {
            (example::schema(), SetDefault { table: "users".into(), column: column.into(), default }.into())
        };
        vec![set("visits", Expr::Number("1".into())), set("nickname", Expr::Text("it's me \\o/".into()))]
    }
}

impl Examples for DropDefault {
    fn examples() -> Vec<(Schema, Operation)> {
        vec![(example::schema(), DropDefault { table: "users".into(), column: "visits".into() }.into())]
    }
}

impl Examples for CommentColumn {
    fn examples() -> Vec<(Schema, Operation)> {
        let comment = |comment: Option<String>| {
            (example::schema(), CommentColumn { table: "users".into(), column: "nickname".into(), comment }.into())
        };
        vec![comment(Some("It's \"short\".".into())), comment(None)]
    }
}

impl Examples for SetCounter {
    fn examples() -> Vec<(Schema, Operation)> {
        let set = |schema, table: &str, column: &str, to| {
            (schema, SetCounter { table: table.into(), column: column.into(), to }.into())
        };
        let counter = |kind, sequence: &str| Some(Counter { kind, sequence: sequence.into() });
        let numbered = |kind: Option<CounterKind>| {
            let mut schema = example::postgres();
            let mut column = example::column("number", Type::Integer);
            column.counter = kind.and_then(|kind| counter(kind, "users_number_seq"));
            let next = Expr::Nextval("users_number_seq".into());
            column.default = kind.filter(|kind| *kind == CounterKind::Serial).map(|_| next);
            schema.change(&"users".into(), |table| table.columns.push(column));
            schema
        };
        let own = |kind| counter(kind, "users_number_seq");
        let of_posts = |to| set(example::postgres(), "posts", "id", to);
        vec![
            of_posts(None),
            of_posts(counter(CounterKind::Serial, "posts_id_seq")),
            of_posts(counter(CounterKind::Always, "posts_id_seq")),
            set(numbered(None), "users", "number", counter(CounterKind::Always, "counted")),
            set(numbered(None), "users", "number", own(CounterKind::Serial)),
            set(numbered(Some(CounterKind::Serial)), "users", "number", own(CounterKind::Identity)),
            set(numbered(Some(CounterKind::Serial)), "users", "number", None),
            set(numbered(Some(CounterKind::Identity)), "users", "number", own(CounterKind::Always)),
            set(numbered(Some(CounterKind::Always)), "users", "number", None),
        ]
    }
}
