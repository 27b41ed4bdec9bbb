//! One statement by chance; it may be one that cannot be done.

use migrate_compiler::draft::{Piece, Undo};
use migrate_compiler::example;
use migrate_compiler::expr::Expr;
use migrate_compiler::name::Name;
use migrate_compiler::objects::{Enum, Extension, Kind, Namespace};
use migrate_compiler::operation::{
    AddColumn, AddConstraint, AddValue, AlterConstraint, AlterType, CommentColumn, CommentTable, CreateIndex, CreateObject,
    CreateTable, DropColumn, DropConstraint, DropDefault, DropIndex, DropNotNull, DropObject, DropTable, DropValue, Expect,
    KeepColumn, KeepTable, Operation, RenameColumn, RenameConstraint, RenameIndex, RenameObject, RenameTable, RenameValue,
    RestoreColumn, RestoreTable, RunProgram, RunSql, SetCounter, SetDefault, SetNotNull, ValuePosition,
};
use migrate_compiler::problem::PieceId;
use migrate_compiler::schema::{Column, Counter, CounterKind, KeptOf, Rule, Schema, Table, Timing};
use migrate_compiler::types::{Conversion, EnumType, Type};
use migrate_history::{Calls, Database};

use super::{Choice, data, piece, shape};

/// The pieces of one statement, numbered from `first`; none where the choice fits nothing that is there.
pub fn statement(schema: &Schema, choice: &mut Choice<'_>, first: usize) -> Vec<Piece> {
    let kept = kept(schema, choice);
    if !kept.is_empty() && choice.one_in(4) {
        return choice.of(&kept).cloned().into_iter().map(|operation| piece(operation, first)).collect();
    }
    if choice.one_in(6) {
        let operation = if choice.one_in(2) { object(schema, choice) } else { value(schema, choice) };
        return operation.into_iter().map(|operation| piece(operation, first)).collect();
    }
    // What is kept is named by mistake now and then.
    let tables: Vec<(&Name, Table)> = if choice.one_in(12) { all(schema) } else { used(schema) };
    if tables.is_empty() || choice.one_in(8) {
        return create(schema, choice, first);
    }
    let Some((name, table)) = choice.of(&tables).map(|(name, table)| (*name, table)) else { return Vec::new() };
    match choice.below(12) {
        10 | 11 => data::rows(schema, name, table, choice, first),
        0..=4 => column(schema, name, table, choice, first),
        5 | 6 => constraint(schema, name, table, choice).into_iter().map(|operation| piece(operation, first)).collect(),
        7 => index(name, table, choice).into_iter().map(|operation| piece(operation, first)).collect(),
        8 => raw(name, table, choice, first),
        _ if choice.one_in(2) => vec![piece(drop_table(name, choice), first)],
        _ => vec![piece(RenameTable { from: name.clone(), to: name.sibling(choice.name()) }.into(), first)],
    }
}

fn all(schema: &Schema) -> Vec<(&Name, Table)> {
    schema.tables().iter().map(|(name, table)| (name, (**table).clone())).collect()
}

/// The tables without what is kept.
fn used(schema: &Schema) -> Vec<(&Name, Table)> {
    let mut tables = all(schema);
    tables.retain(|(_, table)| table.kept.is_none());
    tables.iter_mut().for_each(|(_, table)| table.columns.retain(|column| column.kept.is_none()));
    tables
}

/// What gives back what is kept, or now and then drops it for good.
fn kept(schema: &Schema, choice: &mut Choice<'_>) -> Vec<Operation> {
    let mut all: Vec<Operation> = Vec::new();
    let is_dropped = schema.tables().iter().any(|(_, table)| has_kept(table)) && choice.one_in(5);
    for (place, table) in schema.tables().iter() {
        if let Some(kept) = &table.kept {
            let name = place.sibling(kept.name.as_str());
            let drop = DropTable { name: place.clone() };
            match kept.of {
                _ if is_dropped => all.push(drop.into()),
                KeptOf::Table => all.push(RestoreTable { name, number: None }.into()),
                KeptOf::Rows | KeptOf::Values => {}
            }
        }
        for (column, kept) in table.columns.iter().filter_map(|column| Some((column.name.clone(), column.kept.as_ref()?))) {
            let drop = DropColumn { table: place.clone(), column };
            let restore = RestoreColumn { table: place.clone(), column: kept.name.clone(), number: None };
            all.push(if is_dropped { drop.into() } else { restore.into() });
        }
    }
    all
}

/// Whether a table is kept, or a column of it.
fn has_kept(table: &Table) -> bool {
    table.kept.is_some() || table.columns.iter().any(|column| column.kept.is_some())
}

/// A table goes, for good or kept.
fn drop_table(name: &Name, choice: &mut Choice<'_>) -> Operation {
    if choice.one_in(2) { KeepTable { name: name.clone(), number: None }.into() } else { DropTable { name: name.clone() }.into() }
}

/// An object other than a table is created, dropped or renamed.
fn object(schema: &Schema, choice: &mut Choice<'_>) -> Option<Operation> {
    let there = schema.objects.iter().map(|(key, _)| key).filter(|(kind, _)| *kind != Kind::Table);
    let there: Vec<(Kind, Name)> = there.cloned().collect();
    let enums: Vec<&(Kind, Name)> = there.iter().filter(|(kind, _)| *kind == Kind::Enum).collect();
    match choice.below(7) {
        0..3 if !there.is_empty() => return choice.of(&there).cloned().map(|(kind, name)| DropObject { kind, name }.into()),
        3 | 4 if !enums.is_empty() => {
            let (kind, from) = (*choice.of(&enums)?).clone();
            let to = from.sibling(choice.name());
            return Some(RenameObject { kind, from, to }.into());
        }
        _ => {}
    }
    let is_postgres = schema.databases.as_ref() == [Database::Postgres] && (!enums.is_empty() || choice.one_in(2));
    let kinds: &[Kind] = if is_postgres { &[Kind::Enum, Kind::Extension, Kind::Namespace] } else { &[Kind::Enum] };
    let (name, object) = match choice.of(kinds)? {
        Kind::Table => return None,
        Kind::Enum => {
            let values = ["new", "it's \"odd\"", "old", "7"].map(str::to_owned);
            (choice.name(), Enum { values: values[..1 + choice.below(values.len())].to_vec() }.into())
        }
        Kind::Extension => ((*choice.of(&["pg_trgm", "fuzzystrmatch", "btree_gist"])?).to_owned(), Extension {}.into()),
        Kind::Namespace => (choice.name(), Namespace {}.into()),
    };
    Some(CreateObject { name: Name::new(name), object }.into())
}

/// A value of an enum comes, goes or gets another name.
fn value(schema: &Schema, choice: &mut Choice<'_>) -> Option<Operation> {
    let enums = shape::enums(schema);
    let EnumType { name: of, values } = choice.of(&enums)?.clone();
    let (one, other) = (choice.of(&values)?.clone(), choice.of(&values)?.clone());
    Some(match choice.below(8) {
        0 => AddValue { of, value: choice.name(), place: ValuePosition::Last }.into(),
        1 => {
            let place = if choice.one_in(2) { ValuePosition::Before(one) } else { ValuePosition::After(one) };
            AddValue { of, value: choice.name(), place }.into()
        }
        2 | 3 => RenameValue { of, from: one, to: choice.name() }.into(),
        4 | 5 => DropValue { of, value: one, into: None }.into(),
        _ => DropValue { of, value: one, into: Some(other) }.into(),
    })
}

/// A table, and perhaps an index of it.
pub fn create(schema: &Schema, choice: &mut Choice<'_>, first: usize) -> Vec<Piece> {
    let qualified = schema.databases.as_ref() == [Database::Postgres] && choice.one_in(4);
    let made = schema.objects.of_kind(Kind::Namespace).map(|(name, _)| name.name.clone());
    let namespaces: Vec<String> = std::iter::once("Billing".to_owned()).chain(made).collect();
    let namespace = if qualified { choice.of(&namespaces).cloned() } else { None };
    let name = Name { schema: namespace, name: choice.name() };
    let table = shape::table(schema, &name, choice);
    let index = if choice.one_in(2) { shape::index(&table, choice) } else { None };
    let index = index.map(|index| CreateIndex { table: name.clone(), index }.into());
    let create = Operation::from(CreateTable { name, table });
    [Some(create), index].into_iter().flatten().enumerate().map(|(place, operation)| piece(operation, first + place)).collect()
}

fn column(schema: &Schema, name: &Name, table: &Table, choice: &mut Choice<'_>, first: usize) -> Vec<Piece> {
    let Some(column) = choice.of(&table.columns).cloned() else { return Vec::new() };
    let (of, own) = (name.clone(), column.name.clone());
    let operation: Operation = match choice.below(17) {
        12 => return block(name, column, choice, first),
        0 | 1 => {
            let (column, constraints) = shape::column(schema, name, choice);
            let add = Operation::from(AddColumn { table: of.clone(), column, fill: None });
            let constraints = constraints.into_iter().map(|constraint| AddConstraint { table: of.clone(), constraint }.into());
            let all = std::iter::once(add).chain(constraints).enumerate();
            return all.map(|(place, operation)| piece(operation, first + place)).collect();
        }
        2 | 16 => return vec![drop(name, column, choice, first)],
        3 => RenameColumn { table: of, from: own, to: choice.name() }.into(),
        4..=6 => return vec![retype(schema, name, column, choice, first)],
        7 => SetNotNull { table: of, column: own }.into(),
        8 => DropNotNull { table: of, column: own }.into(),
        9 => match shape::default(&column.ty, choice) {
            Some(default) => SetDefault { table: of, column: own, default }.into(),
            None => return Vec::new(),
        },
        10 | 15 => DropDefault { table: of, column: own }.into(),
        13 => CommentTable { table: of, comment: Some(choice.name()) }.into(),
        14 => {
            let kind = [CounterKind::Identity, CounterKind::Serial][choice.below(2)];
            let to = column.counter.is_none().then(|| Counter { kind, sequence: String::new() });
            SetCounter { table: of, column: own, to }.into()
        }
        _ => CommentColumn { table: of, column: own, comment: Some(choice.name()) }.into(),
    };
    vec![piece(operation, first)]
}

/// A block of two actions with one undo.
fn block(name: &Name, column: Column, choice: &mut Choice<'_>, first: usize) -> Vec<Piece> {
    let (from, to) = (column.name, choice.name());
    let new = example::column(&choice.name(), Type::Integer).null();
    let rename = |from: &str, to: &str| RenameColumn { table: name.clone(), from: from.into(), to: to.into() }.into();
    let drop = DropColumn { table: name.clone(), column: new.name.clone() }.into();
    let add = AddColumn { table: name.clone(), column: new, fill: None };
    let undo = written(vec![rename(&to, &from), drop], first + 2);
    let (one, two) = (piece(rename(&from, &to), first), piece(add.into(), first + 1));
    vec![Piece { undo, ..one }, Piece { undo: Undo::Together, ..two }]
}

/// A drop, whose undo is written where none can be inferred, or one that keeps the data.
fn drop(name: &Name, column: Column, choice: &mut Choice<'_>, first: usize) -> Piece {
    if choice.one_in(2) {
        let since = if choice.one_in(3) { shape::default(&column.ty, choice) } else { None };
        return piece(KeepColumn { table: name.clone(), column: column.name, since, number: None }.into(), first);
    }
    let operation = DropColumn { table: name.clone(), column: column.name.clone() };
    let mut piece = piece(operation.into(), first);
    let is_filled = choice.one_in(2);
    if (column.is_required() || is_filled)
        && let Some(default) = shape::default(&column.ty, choice)
    {
        if is_filled {
            piece.undo = Undo::Default(default);
            return piece;
        }
        let own = column.name.clone();
        let add = AddColumn { table: name.clone(), column: Column { default: Some(default), ..column }, fill: None };
        let back = [add.into(), DropDefault { table: name.clone(), column: own }.into()];
        piece.undo = written(back.to_vec(), first + 1);
    }
    piece
}

/// A change of type, with `using` and a written undo where the compiler requires them.
fn retype(schema: &Schema, name: &Name, column: Column, choice: &mut Choice<'_>, first: usize) -> Piece {
    let to = shape::ty(schema, choice);
    let cast = |to: &Type| Some(Expr::Cast { operand: Box::new(Expr::column(&column.name)), to: to.clone() });
    let needs = |from: &Type, to: &Type| from.conversion(to) == Conversion::Unknown;
    let alter = |to: &Type, using| AlterType { table: name.clone(), column: column.name.clone(), to: to.clone(), using };
    let using = if needs(&column.ty, &to) || choice.one_in(5) { cast(&to) } else { None };
    let mut piece = piece(alter(&to, using.clone()).into(), first);
    if using.is_some() || needs(&to, &column.ty) || choice.one_in(5) {
        piece.undo = written(vec![alter(&column.ty, cast(&column.ty)).into()], first + 1);
    }
    piece
}

fn written(operations: Vec<Operation>, first: usize) -> Undo {
    let piece = |(place, operation)| piece(operation, first + place);
    Undo::Written(operations.into_iter().enumerate().map(piece).collect())
}

fn constraint(schema: &Schema, name: &Name, table: &Table, choice: &mut Choice<'_>) -> Option<Operation> {
    let of = name.clone();
    if choice.one_in(2)
        && let Some(constraint) = choice.of(&table.constraints)
    {
        let own = constraint.name().to_owned();
        return Some(match choice.below(4) {
            0 => DropConstraint::new(of, own).into(),
            1 => RenameConstraint { table: of, from: own, to: choice.name() }.into(),
            _ => {
                let timing = [Timing::Deferred, Timing::Deferrable, Timing::Immediate][choice.below(3)];
                AlterConstraint { table: of, name: own, timing }.into()
            }
        });
    }
    let column = choice.of(&table.columns)?;
    let constraint = match choice.below(5) {
        0 if table.primary_key().is_empty() => example::constraint(Rule::PrimaryKey { columns: vec![column.name.clone()] }),
        0 | 1 => example::constraint(Rule::Unique { columns: vec![column.name.clone()], nulls_not_distinct: false }),
        2 => {
            let other = choice.of(&table.columns).filter(|other| other.name != column.name)?;
            let columns = vec![column.name.clone(), other.name.clone()];
            example::constraint(Rule::Unique { columns, nulls_not_distinct: false })
        }
        3 => example::constraint(Rule::Check { condition: shape::condition(column, choice)? }),
        _ => {
            let fits = |(_, body): &(&Name, &std::sync::Arc<Table>)| shape::key_type(body).as_ref() == Some(&column.ty);
            let targets: Vec<&Name> = schema.tables().iter().filter(fits).map(|(name, _)| name).collect();
            shape::refers(&column.name, choice.of(&targets)?, choice)
        }
    };
    Some(AddConstraint { table: of, constraint }.into())
}

fn index(name: &Name, table: &Table, choice: &mut Choice<'_>) -> Option<Operation> {
    if choice.one_in(2)
        && let Some(index) = choice.of(&table.indexes)
    {
        let own = name.sibling(index.name());
        return Some(match choice.below(2) {
            0 => DropIndex { name: own }.into(),
            _ => RenameIndex { from: own, to: name.sibling(choice.name()) }.into(),
        });
    }
    Some(CreateIndex { table: name.clone(), index: shape::index(table, choice)? }.into())
}

/// The user's own SQL, which does what it says.
fn raw(name: &Name, table: &Table, choice: &mut Choice<'_>, first: usize) -> Vec<Piece> {
    let of = migrate_compiler::sql::quote::name(name);
    let texts = |text: String| vec![(None, text)];
    match choice.below(6) {
        0 => {
            let run = || RunProgram { path: "nothing".to_owned(), calls: Calls::Once, tables: vec![name.clone()] };
            let undo = written(vec![run().into()], first + 1);
            return vec![Piece { undo, ..piece(run().into(), first) }];
        }
        5 => {
            let expect = Expect { what: "by chance".to_owned(), texts: texts("SELECT 0".to_owned()) };
            return vec![piece(expect.into(), first)];
        }
        _ => {}
    }
    if choice.one_in(2) {
        let column = example::column(&choice.name(), Type::Integer).null();
        let text = format!("ALTER TABLE {of} ADD COLUMN {} INTEGER", migrate_compiler::sql::quote::ident(&column.name));
        let effect = Some(vec![AddColumn { table: name.clone(), column, fill: None }.into()]);
        return vec![piece(RunSql { texts: texts(text), effect }.into(), first)];
    }
    let Some(column) = choice.of(&table.columns) else { return Vec::new() };
    let own = migrate_compiler::sql::quote::ident(&column.name);
    let text = format!("UPDATE {of} SET {own} = {own}");
    let mut piece = piece(RunSql { texts: texts(text.clone()), effect: Some(Vec::new()) }.into(), first);
    if choice.one_in(2) {
        let back = RunSql { texts: texts(text), effect: None };
        piece.undo = Undo::Written(vec![Piece { id: PieceId(first + 1), ..super::piece(back.into(), first + 1) }]);
    }
    vec![piece]
}
