//! Random migrations: statements that can be done one after the other, of all that could be tried.

use migrate_model::compile::compile;
use migrate_model::draft::{Allow, Draft, Piece, Undo};
use migrate_model::example;
use migrate_model::expr::Expr;
use migrate_model::history::Database;
use migrate_model::name::Name;
use migrate_model::operation::{
    AddColumn, AddConstraint, AlterType, CommentColumn, CreateIndex, CreateTable, DropColumn, DropConstraint, DropDefault,
    DropIndex, DropNotNull, DropTable, Operation, RenameColumn, RenameConstraint, RenameIndex, RenameTable, SetDefault,
    SetNotNull,
};
use migrate_model::problem::PieceId;
use migrate_model::schema::{Action, CounterKind, Index, Rule, Schema, Table};
use migrate_model::state::{Settings, State};
use migrate_model::types::Type;

/// Every operation of a small world that could be tried on a schema; most can be done, some cannot.
fn candidates(schema: &Schema, seed: usize) -> Vec<Operation> {
    let fresh = format!("n{seed}");
    let mut all: Vec<Operation> = vec![CreateTable { name: Name::new(&fresh), table: table(seed) }.into()];
    for (name, body) in schema.tables.iter() {
        let table = || name.clone();
        all.push(DropTable { name: table() }.into());
        all.push(RenameTable { from: table(), to: Name::new(&fresh) }.into());
        all.push(AddColumn { table: table(), column: example::column(&fresh, types(seed)).null() }.into());
        all.push(
            AddColumn { table: table(), column: example::column(&fresh, Type::Integer).defaulting(Expr::Number("7".into())) }
                .into(),
        );
        for target in schema.tables.keys() {
            all.push(
                AddConstraint { table: table(), constraint: example::references(&fresh, &target.name, Action::Cascade) }.into(),
            );
        }
        for index in &body.indexes {
            all.push(DropIndex { name: Name::new(index.name()) }.into());
            all.push(RenameIndex { from: Name::new(index.name()), to: Name::new(format!("{fresh}_i")) }.into());
        }
        for constraint in &body.constraints {
            let of = |name: &str| name.to_owned();
            all.push(DropConstraint { table: table(), name: of(constraint.name()) }.into());
            all.push(RenameConstraint { table: table(), from: of(constraint.name()), to: format!("{fresh}_c") }.into());
        }
        for column in &body.columns {
            let (table, name) = (table(), column.name.clone());
            all.push(DropColumn { table: table.clone(), column: name.clone() }.into());
            all.push(RenameColumn { table: table.clone(), from: name.clone(), to: fresh.clone() }.into());
            all.push(AlterType { table: table.clone(), column: name.clone(), to: types(seed), using: None }.into());
            all.push(SetNotNull { table: table.clone(), column: name.clone() }.into());
            all.push(DropNotNull { table: table.clone(), column: name.clone() }.into());
            all.push(SetDefault { table: table.clone(), column: name.clone(), default: Expr::Number(seed.to_string()) }.into());
            all.push(DropDefault { table: table.clone(), column: name.clone() }.into());
            all.push(CommentColumn { table: table.clone(), column: name.clone(), comment: Some(fresh.clone()) }.into());
            let unique = Rule::Unique { columns: vec![name.clone()], nulls_not_distinct: false };
            all.push(AddConstraint { table: table.clone(), constraint: example::constraint(unique) }.into());
            let check = Rule::Check { condition: example::positive(&name) };
            all.push(AddConstraint { table: table.clone(), constraint: example::constraint(check) }.into());
            all.push(CreateIndex { table: table.clone(), index: example::index([&name]) }.into());
            let partial = Index { filter: Some(example::positive(&name)), ..example::index(["id"]) };
            all.push(CreateIndex { table, index: partial }.into());
        }
    }
    all
}

fn types(seed: usize) -> Type {
    [Type::Integer, Type::BigInt, Type::Text, Type::Varchar(Some(20)), Type::Double, Type::Uuid, Type::Date, Type::Timestamp]
        [seed % 8]
        .clone()
}

/// A small table.
pub fn table(seed: usize) -> Table {
    Table {
        columns: vec![
            example::column("id", Type::BigInt).counted(CounterKind::Identity),
            example::column("a", types(seed)).null(),
            example::column("b", Type::Integer).null(),
        ],
        constraints: vec![example::constraint(Rule::PrimaryKey { columns: vec!["id".into()] })],
        ..Table::default()
    }
}

/// A migration of the operations that can be done one after the other.
pub fn draft(before: &Schema, picks: &[u16], place: usize) -> Draft {
    let mut schema = before.clone();
    let mut draft = Draft::default();
    for (number, pick) in picks.iter().enumerate() {
        let candidates = candidates(&schema, place * 10 + number);
        let operation = candidates[*pick as usize % candidates.len()].clone();
        let trial = Draft { pieces: vec![piece(operation.clone(), 0)], ..Draft::default() };
        let outcome = compile(state_of(&schema), &trial, "");
        if outcome.problems.iter().all(|problem| problem.code == "unused_allow") {
            schema = outcome.after.schema(schema.databases[0]).expect("it serves its database");
            draft.pieces.push(piece(operation, number));
        }
    }
    draft
}

/// A statement whose danger is accepted.
pub fn piece(operation: Operation, number: usize) -> Piece {
    let drops_table = matches!(operation, Operation::DropTable(_)).then_some("drop_table");
    let drops_column = matches!(operation, Operation::DropColumn(_)).then_some("drop_column");
    let allows =
        drops_table.or(drops_column).map(|rule| Allow { rule: rule.into(), reason: "tested".into() }).into_iter().collect();
    Piece { id: PieceId(number), operation, only: None, allows, undo: Undo::Inferred }
}

fn state_of(schema: &Schema) -> State {
    let mut state = root(schema.databases[0]);
    state.worlds[0].tables = schema.tables.clone();
    state.next("")
}

/// Before the first migration.
pub fn root(database: Database) -> State {
    State::root(Settings { databases: vec![database], require: None })
}
