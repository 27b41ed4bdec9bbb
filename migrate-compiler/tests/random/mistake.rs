//! Statements with one mistake each, made for whatever schema there is, and the rule that must refuse them.

use migrate_compiler::draft::{Draft, Piece, Undo};
use migrate_compiler::example;
use migrate_compiler::expr::{Binary, Expr};
use migrate_compiler::name::Name;
use migrate_compiler::operation::{
    AddColumn, AddConstraint, AlterConstraint, CreateIndex, CreateTable, DropColumn, DropConstraint, DropIndex, DropTable,
    RenameColumn, RenameTable, RunSql, SetDefault, SetNotNull,
};
use migrate_compiler::problem::PieceId;
use migrate_compiler::schema::{Constraint, Index, Rule, Table, Timing};
use migrate_compiler::types::{Conversion, Family, Type};
use migrate_history::{Database, Grade, Level};

use super::spot::{Spot, allow, is_alike, is_plain, just, one_column};
use super::{piece, shape};

/// A mistake; none where it cannot be made here.
type Mistake = fn(&Spot<'_>) -> Option<Draft>;

/// Each rule with a mistake that breaks it.
pub const MISTAKES: &[(&str, Mistake)] = &[
    ("unknown_table", |_| just(DropTable { name: Name::new("nowhere") })),
    ("unknown_column", |at| just(DropColumn { table: at.of(), column: "nowhere".into() })),
    ("unknown_column", |at| at.checked(example::positive("nowhere"))),
    ("unknown_constraint", |at| just(DropConstraint::new(at.of(), "nowhere"))),
    ("unknown_index", |at| just(DropIndex { name: at.name.sibling("nowhere") })),
    ("table_exists", |at| just(CreateTable { name: at.of(), table: one_column() })),
    ("column_exists", |at| at.added(example::column(&at.column.name, Type::Integer).null())),
    ("column_exists", |_| {
        let column = || example::column("a", Type::Integer).null();
        just(CreateTable { name: Name::new("fresh"), table: Table { columns: vec![column(), column()], ..Table::default() } })
    }),
    ("column_twice", |at| {
        let columns = vec![at.column.name.clone(), at.column.name.clone()];
        at.constrained(Rule::Unique { columns, nulls_not_distinct: false }).filter(|_| shape::is_ordered(&at.column.ty))
    }),
    ("constraint_exists", |at| {
        let there = at.table.constraints.first()?;
        let rule = Rule::Check { condition: Expr::IsNull { operand: Box::new(at.own()), negated: true } };
        let constraint = Constraint { name: Some(there.name().to_owned()), ..example::constraint(rule) };
        just(AddConstraint { table: at.of(), constraint })
    }),
    ("index_exists", |at| {
        let there = at.table.indexes.first()?;
        just(CreateIndex { table: at.of(), index: there.clone() })
    }),
    ("name_taken", |at| {
        let index = Index { name: Some(at.name.name.clone()), ..example::index([&at.column.name]) };
        just(CreateIndex { table: at.of(), index }).filter(|_| at.is_unused() && shape::is_ordered(&at.column.ty))
    }),
    ("name_taken", |at| just(RenameTable { from: at.of(), to: at.other_table()?.clone() })),
    ("name_empty", |at| at.added(example::column("", Type::Integer).null())),
    ("name_too_long", |at| {
        at.added(example::column(&"n".repeat(64), Type::Integer).null()).filter(|_| at.serves(Database::Postgres))
    }),
    ("name_reserved", |at| at.added(example::column("ctid", Type::Integer).null()).filter(|_| at.serves(Database::Postgres))),
    ("rename_moves", |at| {
        let to = Name { schema: Some("elsewhere".into()), name: "fresh".into() };
        just(RenameTable { from: at.of(), to }).filter(|_| !at.serves(Database::Sqlite))
    }),
    ("unsupported", |at| {
        let to = Name { schema: Some("elsewhere".into()), name: "fresh".into() };
        just(CreateTable { name: to, table: one_column() }).filter(|_| at.serves(Database::Sqlite))
    }),
    ("changes_nothing", |at| just(RenameColumn { table: at.of(), from: at.column.name.clone(), to: at.column.name.clone() })),
    ("changes_nothing", |at| just(SetNotNull { table: at.of(), column: at.column.name.clone() }).filter(|_| !at.column.nullable)),
    ("second_primary_key", |at| {
        let rule = Rule::PrimaryKey { columns: vec![at.column.name.clone()] };
        at.constrained(rule).filter(|_| !at.table.primary_key().is_empty() && !at.column.nullable)
    }),
    ("foreign_key_no_key", |at| {
        let is_key = at.table.is_key(std::slice::from_ref(&at.column.name));
        at.refers(&[&at.column.name], &[&at.column.name]).filter(|_| !is_key)
    }),
    ("foreign_key_arity", |at| {
        let [one, two, ..] = at.columns()[..] else { return None };
        at.refers(&[&at.column.name], &[&one.name, &two.name])
    }),
    ("add_required_column", |at| at.added(example::column("fresh", Type::Integer))),
    ("default_column", |at| {
        just(SetDefault { table: at.of(), column: at.column.name.clone(), default: at.own() })
            .filter(|_| at.column.counter.is_none())
    }),
    ("default_null", |at| at.added(example::column("fresh", Type::Integer).defaulting(Expr::Null))),
    ("default_type", |at| at.added(example::column("fresh", Type::Integer).null().defaulting(Expr::Bool(true)))),
    ("literal_type", |at| {
        let condition = example::binary(Binary::Less, at.own(), Expr::Text("someday".into()));
        at.checked(condition).filter(|_| at.column.ty == Type::Date)
    }),
    ("not_a_condition", |at| at.checked(at.own()).filter(|_| at.column.ty.family() == Family::Number)),
    ("null_comparison", |at| {
        let condition = example::binary(Binary::Equal, at.own(), Expr::Null);
        at.checked(condition).filter(|_| at.column.ty.family() == Family::Number)
    }),
    ("operand_type", |at| {
        let condition = example::binary(Binary::Equal, at.own(), Expr::Bool(true));
        at.checked(condition).filter(|_| at.column.ty.family() == Family::Number)
    }),
    ("argument_type", |at| at.called("lower", vec![at.own()]).filter(|_| at.column.ty.family() == Family::Number)),
    ("function_arguments", |at| at.called("lower", Vec::new())),
    ("any_needs_array", |at| {
        let any = Expr::Any { operand: Box::new(at.own()), array: Box::new(at.own()) };
        at.checked(any).filter(|_| at.schema.databases.as_ref() == [Database::Postgres] && is_plain(at.column))
    }),
    ("raw_unclosed", |_| just(RunSql { texts: vec![(None, "SELECT 'never closed".into())], effect: Some(Vec::new()) })),
    ("raw_expression", |at| at.checked(Expr::Raw("1 = 1; DROP TABLE t".into()))),
    ("check_deferrable", |at| {
        let rule = Rule::Check { condition: Expr::IsNull { operand: Box::new(at.own()), negated: true } };
        just(AddConstraint { table: at.of(), constraint: Constraint { timing: Timing::Deferred, ..example::constraint(rule) } })
    }),
    ("alter_constraint_kind", |at| {
        let check = at.table.constraints.iter().find(|one| matches!(one.rule, Rule::Check { .. }))?;
        just(AlterConstraint { table: at.of(), name: check.name().to_owned(), timing: Timing::Deferred })
    }),
    ("needs_undo", |at| {
        let drop = DropColumn { table: at.of(), column: at.column.name.clone() };
        let draft = Draft { pieces: vec![at.allowed(drop)], ..Draft::default() };
        Some(draft).filter(|_| at.column.is_required() && at.is_unused() && at.table.columns.len() > 1)
    }),
    ("drop_column_used", |at| {
        let undo = Undo::Default(shape::constant(&at.column.ty)?);
        let drop = DropColumn { table: at.of(), column: at.column.name.clone() }.into();
        let is_used = at.table.primary_key().len() == 2 && at.table.primary_key().contains(&at.column.name);
        Some(Draft { pieces: vec![Piece { undo, ..piece(drop, 0) }], ..Draft::default() }).filter(|_| is_used)
    }),
    ("type_needs_using", |at| {
        let to = if at.column.ty.family() == Family::Uuid { Type::Integer } else { Type::Uuid };
        let is_unknown =
            at.column.ty.conversion(&to) == Conversion::Unknown && at.column.default.is_none() && at.column.counter.is_none();
        at.retyped(to, None).filter(|_| is_unknown && at.is_unused())
    }),
    ("using_type", |at| {
        let using = Expr::Cast { operand: Box::new(at.own()), to: Type::Text };
        let is_free = at.column.default.is_none() && at.column.counter.is_none() && at.is_unused();
        let is_another = at.column.ty != Type::Boolean;
        at.retyped(Type::Boolean, Some(using)).filter(|_| is_another && is_free && is_plain(at.column))
    }),
    ("undo_nothing", |at| at.undone(Undo::Nothing("tested".into()))),
    ("undo_differs", |at| {
        let drop = DropColumn { table: at.of(), column: "fresh".into() };
        let add = AddColumn { table: at.of(), column: example::column("other", Type::Integer).null(), fill: None };
        at.undone(Undo::Written(vec![piece(drop.into(), 1), piece(add.into(), 2)]))
    }),
    ("down_differs", |at| Some(Draft { down: Some(Vec::new()), ..at.added(example::column("fresh", Type::Integer).null())? })),
    ("down_and_undo", |at| {
        let drop = || piece(DropColumn { table: at.of(), column: "fresh".into() }.into(), 1);
        let undone = at.undone(Undo::Written(vec![drop()]))?;
        Some(Draft { down: Some(vec![Piece { id: PieceId(2), ..drop() }]), ..undone })
    }),
    ("misplaced_rows", |at| {
        let rename =
            |from: &str, to: &str, id| piece(RenameColumn { table: at.of(), from: from.into(), to: to.into() }.into(), id);
        let other = at.columns().into_iter().find(|one| one.name != at.column.name && one.ty == at.column.ty)?;
        let (one, two) = (&at.column.name, &other.name);
        let down = vec![rename("one", two, 4), rename("two", one, 5)];
        let alike = is_alike(at.column, other) && at.is_unused() && at.uses(&other.name) == 0;
        let draft = Draft { down: Some(down), pieces: vec![rename(one, "one", 0), rename(two, "two", 1)], ..Draft::default() };
        Some(draft).filter(|_| alike && at.table.column("one").is_none() && at.table.column("two").is_none())
    }),
    ("only_elsewhere", |at| {
        let missing = Database::ALL.iter().copied().find(|database| !at.serves(*database))?;
        at.changed(|piece| piece.only = Some(vec![missing]))
    }),
    ("unknown_rule", |at| at.changed(|piece| piece.allows = vec![allow("drop_colunm", "tested")])),
    ("allow_reason", |at| at.changed(|piece| piece.allows = vec![allow("drop_column", " ")])),
    ("unused_allow", |at| at.changed(|piece| piece.allows = vec![allow("drop_column", "tested")])),
    ("require", |at| {
        let drop = DropColumn { table: at.of(), column: at.column.name.clone() };
        let require = Some(Grade::proved(Level::Exact));
        let draft = Draft { pieces: vec![at.allowed(drop)], require, ..Draft::default() };
        Some(draft).filter(|_| at.column.nullable && at.is_unused() && at.table.columns.len() > 1)
    }),
    ("drop_table", |at| just(DropTable { name: at.of() }).filter(|_| at.is_not_referred_to())),
    ("drop_column", |at| {
        let drop = DropColumn { table: at.of(), column: at.column.name.clone() };
        just(drop).filter(|_| at.column.nullable && at.is_unused() && at.table.columns.len() > 1)
    }),
    ("too_many_columns", |at| {
        let columns = (0..1_601).map(|place| example::column(&format!("c{place}"), Type::Integer).null()).collect();
        just(CreateTable { name: Name::new("fresh"), table: Table { columns, ..Table::default() } })
            .filter(|_| at.serves(Database::Postgres))
    }),
    ("too_many_keys", |at| {
        let names: Vec<String> = (0..33).map(|place| format!("c{place}")).collect();
        let columns = names.iter().map(|name| example::column(name, Type::Integer).null()).collect();
        let constraints = vec![example::constraint(Rule::Unique { columns: names, nulls_not_distinct: false })];
        just(CreateTable { name: Name::new("fresh"), table: Table { columns, constraints, ..Table::default() } })
            .filter(|_| at.serves(Database::Postgres))
    }),
    ("text_or_column", |at| {
        let text = Expr::Text(at.column.name.as_str().into());
        let is_kept = at.column.name.contains(|letter: char| letter.is_ascii_uppercase() || letter == ' ');
        at.checked(example::binary(Binary::Equal, Expr::Text("a".into()), text)).filter(|_| is_kept)
    }),
];
