//! Examples of the operations on tables.

use crate::example::{self, Examples};
use crate::expr::Expr;
use crate::name::Name;
use crate::operation::{CommentTable, CreateTable, DropTable, KeepTable, Operation, RenameTable, RestoreTable};
use crate::schema::{CounterKind, ReferentialAction, Rule, Schema, Table};
use crate::types::Type;

impl Examples for CreateTable {
    fn examples() -> Vec<(Schema, Operation)> {
        let before = example::schema();
        let table = Table {
            comment: Some("What was bought.".to_owned()),
            columns: vec![
                example::column("id", Type::BigInt).counted(CounterKind::Identity),
                example::column("user_id", Type::Uuid).commented("Who bought it."),
                example::column("total", Type::Decimal { precision: Some(10), scale: Some(2) })
                    .defaulting(Expr::Number("0".into())),
                example::column("note", Type::Text).null(),
            ],
            constraints: vec![
                example::constraint(Rule::PrimaryKey { columns: vec!["id".into()] }),
                example::references("user_id", "users", ReferentialAction::Cascade),
                example::constraint(Rule::Check { condition: example::positive("total") }),
                example::constraint(Rule::Unique { columns: vec!["user_id".into(), "note".into()], nulls_not_distinct: false }),
            ],
            ..Table::default()
        };
        let elsewhere =
            CreateTable { name: Name { schema: Some("billing".into()), name: "orders".into() }, table: table.clone() };
        let apart = (example::postgres(), elsewhere.into());
        vec![(before, CreateTable { name: "orders".into(), table }.into()), apart]
    }
}

impl Examples for DropTable {
    fn examples() -> Vec<(Schema, Operation)> {
        vec![(example::schema(), DropTable { name: "posts".into() }.into())]
    }
}

impl Examples for RenameTable {
    fn examples() -> Vec<(Schema, Operation)> {
        let rename = |from: &str, to: &str| (example::schema(), RenameTable { from: from.into(), to: to.into() }.into());
        vec![rename("users", "people"), rename("posts", "articles")]
    }
}

impl Examples for CommentTable {
    fn examples() -> Vec<(Schema, Operation)> {
        let comment = |schema: Schema, comment: Option<&str>| {
            (schema, CommentTable { table: "users".into(), comment: comment.map(str::to_owned) }.into())
        };
        let mut commented = example::schema();
        commented.change(&"users".into(), |table| table.comment = Some("People.".into()));
        vec![comment(example::schema(), Some("It's \"us\".")), comment(commented, None)]
    }
}

impl Examples for KeepTable {
    fn examples() -> Vec<(Schema, Operation)> {
        let keep = |name: &str| Operation::from(KeepTable { name: name.into(), number: None });
        vec![(example::schema(), keep("posts")), (numbered(), keep("tickets"))]
    }
}

impl Examples for RestoreTable {
    fn examples() -> Vec<(Schema, Operation)> {
        let kept = |mut schema: Schema, name: &str| {
            example::run(&mut schema, KeepTable { name: name.into(), number: None }.into());
            (schema, RestoreTable { name: name.into(), number: None }.into())
        };
        vec![kept(example::schema(), "posts"), kept(numbered(), "tickets")]
    }
}

/// A table with an identity and a serial.
fn numbered() -> Schema {
    let mut schema = example::postgres();
    let columns = vec![
        example::column("id", Type::BigInt).counted(CounterKind::Identity),
        example::column("number", Type::Integer).counted(CounterKind::Serial),
    ];
    let table = Table { columns, ..Table::default() };
    example::run(&mut schema, CreateTable { name: "tickets".into(), table }.into());
    schema
}
