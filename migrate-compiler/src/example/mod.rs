//! A small schema, and the parts that examples are made of: for tests that walk the operations.
//!
//! It is for tests alone, and no part of a compiler that is built without the feature `testing`.

mod column;
mod constraint;
mod index;
mod object;
mod program;
mod raw;
mod rows;
mod table;
mod undo;
mod value;

pub use undo::undo;

use std::sync::Arc;

use migrate_history::{Database, Version};

use crate::expr::{Binary, Expr};
use crate::name::Name;
use crate::naming;
use crate::operation::{CreateIndex, CreateTable, Operation};
use crate::problem::Problems;
use crate::schema::{
    Column, Constraint, Counter, CounterKind, ForeignKey, Index, Key, ReferentialAction, Rule, Schema, Table, Timing,
};
use crate::types::{Native, Type};

/// Examples of an operation.
pub trait Examples {
    /// Pairs of a schema and an operation that can be done in it.
    fn examples() -> Vec<(Schema, Operation)>;
}

/// Users and their posts, as an earlier revision left them.
pub fn schema() -> Schema {
    let mut schema = Schema::default();
    statements().into_iter().for_each(|operation| run(&mut schema, operation));
    schema
}

/// What makes the schema.
pub fn statements() -> Vec<Operation> {
    let mut statements = Vec::new();
    for (name, table, indexes) in [users(), posts()] {
        statements.push(CreateTable { name: Name::new(name), table }.into());
        statements.extend(indexes.into_iter().map(|index| Operation::from(CreateIndex { table: Name::new(name), index })));
    }
    statements
}

/// The schema, for PostgreSQL alone.
pub fn postgres() -> Schema {
    Schema { databases: Arc::from([Database::Postgres]), ..schema() }
}

/// A version after every one that there is, for tests of something else.
pub fn newest(database: Database) -> Version {
    Version { database, number: u32::MAX }
}

/// A type of PostgreSQL.
pub fn native(name: &str) -> Type {
    Type::Native(Native { database: Database::Postgres, name: name.to_owned(), arguments: Vec::new() })
}

pub(crate) fn run(schema: &mut Schema, mut operation: Operation) {
    let mut problems = Problems::new();
    operation.complete(schema);
    operation.apply(schema, &mut problems);
    let found = problems.take();
    debug_assert!(found.is_empty(), "the example itself is wrong: {found:?}");
}

fn users() -> (&'static str, Table, Vec<Index>) {
    let table = Table {
        comment: Some("Who may log in.".to_owned()),
        columns: vec![
            column("id", Type::Uuid).defaulting(Expr::Call { function: "uuid".into(), arguments: Vec::new() }),
            column("email", Type::Varchar(Some(200))),
            column("nickname", Type::Text).null().commented("As they like it."),
            column("visits", Type::Integer).defaulting(Expr::Number("0".into())),
            column("active", Type::Boolean).defaulting(Expr::Bool(true)),
            column("created_at", Type::Timestamptz).defaulting(Expr::Call { function: "now".into(), arguments: Vec::new() }),
        ],
        constraints: vec![
            constraint(Rule::PrimaryKey { columns: vec!["id".into()] }),
            constraint(Rule::Unique { columns: vec!["email".into()], nulls_not_distinct: false }),
            constraint(Rule::Check { condition: positive("visits") }),
        ],
        ..Table::default()
    };
    ("users", table, vec![index(["nickname"])])
}

fn posts() -> (&'static str, Table, Vec<Index>) {
    let table = Table {
        columns: vec![
            column("id", Type::BigInt).counted(CounterKind::Identity),
            column("user_id", Type::Uuid),
            column("reply_to", Type::BigInt).null(),
            column("title", Type::Text).defaulting(Expr::Text("It's new".into())),
            column("score", Type::Double).null(),
        ],
        constraints: vec![
            constraint(Rule::PrimaryKey { columns: vec!["id".into()] }),
            references("user_id", "users", ReferentialAction::Cascade),
            references("reply_to", "posts", ReferentialAction::SetNull),
        ],
        ..Table::default()
    };
    ("posts", table, vec![index(["user_id", "title"])])
}

/// A column that is not null.
pub fn column(name: &str, ty: Type) -> Column {
    Column { name: name.to_owned(), ty, nullable: false, default: None, counter: None, comment: None, kept: None }
}

impl Column {
    /// The column, nullable.
    #[must_use]
    pub fn null(self) -> Column {
        Column { nullable: true, ..self }
    }

    /// The column with a default.
    #[must_use]
    pub fn defaulting(self, default: Expr) -> Column {
        Column { default: Some(default), ..self }
    }

    /// The column with a comment.
    #[must_use]
    pub fn commented(self, comment: &str) -> Column {
        Column { comment: Some(comment.to_owned()), ..self }
    }

    /// The column, numbered.
    #[must_use]
    pub fn counted(self, kind: CounterKind) -> Column {
        Column { counter: Some(Counter { kind, sequence: String::new() }), ..self }
    }
}

/// A constraint without a name.
pub fn constraint(rule: Rule) -> Constraint {
    Constraint { name: None, rule, timing: Timing::Immediate }
}

/// A foreign key of one column to a table's primary key.
pub fn references(column: &str, table: &str, on_delete: ReferentialAction) -> Constraint {
    let key = ForeignKey {
        columns: vec![column.to_owned()],
        table: table.into(),
        references: Vec::new(),
        on_delete,
        set_columns: Vec::new(),
        on_update: ReferentialAction::NoAction,
    };
    constraint(Rule::ForeignKey(key))
}

/// An index without a name.
pub fn index<const N: usize>(columns: [&str; N]) -> Index {
    let key = |name: &str| Key { value: Expr::column(name), descending: false, nulls_first: None, class: None };
    Index {
        name: None,
        unique: false,
        method: None,
        keys: columns.map(key).to_vec(),
        include: Vec::new(),
        nulls_not_distinct: false,
        filter: None,
    }
}

/// `column >= 0`
pub fn positive(column: &str) -> Expr {
    binary(Binary::GreaterOrEqual, Expr::column(column), Expr::Number("0".into()))
}

/// `left operator right`
pub fn binary(operator: Binary, left: Expr, right: Expr) -> Expr {
    Expr::binary(left, operator, right)
}

/// The name that PostgreSQL gives to the sequence of a column.
pub fn sequence(table: &str, column: &str) -> String {
    naming::plain_sequence_name(table, column)
}
