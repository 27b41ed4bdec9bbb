//! Tables, columns, types and conditions by chance.

use migrate_compiler::example;
use migrate_compiler::expr::{Binary, Expr};
use migrate_compiler::name::Name;
use migrate_compiler::objects::Kind;
use migrate_compiler::schema::{
    Column, Constraint, CounterKind, ForeignKey, Index, Key, ReferentialAction, Rule, Schema, Table, Timing,
};
use migrate_compiler::types::{EnumType, Family, Type};
use migrate_history::Database;

use super::Choice;

fn decimal(precision: u16, scale: u16) -> Type {
    Type::Decimal { precision: Some(precision), scale: Some(scale) }
}

/// A type that the databases of the schema have.
pub fn ty(schema: &Schema, choice: &mut Choice<'_>) -> Type {
    let enums = enums(schema);
    if choice.one_in(4)
        && let Some(of) = choice.of(&enums)
    {
        let is_array = schema.databases.as_ref() == [Database::Postgres] && choice.one_in(4);
        let of = Type::Enum(of.clone());
        return if is_array { Type::Array(Box::new(of)) } else { of };
    }
    let mut types = types(&schema.databases);
    types.swap_remove(choice.below(types.len()))
}

/// The enums of a schema as types.
pub fn enums(schema: &Schema) -> Vec<EnumType> {
    let of = |name: &Name| EnumType { name: name.clone(), values: schema.values_of(name).unwrap_or_default().to_vec() };
    schema.objects.of_kind(Kind::Enum).map(|(name, _)| of(name)).collect()
}

/// Every type that columns get on all of these databases.
pub fn types(databases: &[Database]) -> Vec<Type> {
    let mut types = vec![
        Type::Integer,
        Type::Text,
        Type::BigInt,
        Type::Boolean,
        Type::Varchar(Some(12)),
        Type::Double,
        decimal(8, 2),
        Type::Timestamptz,
        Type::SmallInt,
        Type::Date,
        Type::Uuid,
        decimal(12, 4),
        Type::Timestamp,
        Type::Char(6),
        Type::Varchar(None),
        Type::Bytes,
        Type::Json,
        Type::Time,
        Type::Varchar(Some(40)),
        Type::Decimal { precision: Some(10), scale: None },
        Type::Real,
    ];
    if databases == [Database::Postgres] {
        let of = |ty| Type::Array(Box::new(ty));
        types.extend([Type::Interval, of(Type::Integer), of(Type::Text), Type::Decimal { precision: None, scale: None }]);
    }
    types
}

/// A default where no choice is left.
pub fn constant(ty: &Type) -> Option<Expr> {
    default(ty, &mut Choice::new(&[], ""))
}

/// A default that is the same value each time.
pub fn default(ty: &Type, choice: &mut Choice<'_>) -> Option<Expr> {
    let number = |digits: &str| Some(Expr::Number(digits.into()));
    let text = |text: &str| Some(Expr::Text(text.into()));
    match ty {
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double => number(["7", "0", "42"][choice.below(3)]),
        Type::Decimal { .. } => number(["7", "0"][choice.below(2)]),
        Type::Boolean => Some(Expr::Bool(choice.one_in(2))),
        Type::Text | Type::Varchar(_) | Type::Char(_) => text(["new", "7", "it's"][choice.below(3)]),
        Type::Uuid => text("00112233-4455-6677-8899-aabbccddeeff"),
        Type::Date => text("2024-02-29"),
        Type::Time => text("10:30:00"),
        Type::Timestamp => text("2024-05-01 10:30:00"),
        Type::Timestamptz => text("2024-05-01T10:30:00Z"),
        Type::Bytes => Some(Expr::Bytes(vec![0, 255])),
        Type::Json => text("{}"),
        Type::Interval => Some(Expr::Interval("90 days".into())),
        Type::Enum(of) => choice.of(&of.values).or(of.values.first()).map(|value| Expr::Text(value.as_str().into())),
        Type::Array(_) | Type::Native(_) => None,
    }
}

/// A column with the constraints that are written with it.
pub fn column(schema: &Schema, table: &Name, choice: &mut Choice<'_>) -> (Column, Vec<Constraint>) {
    let name = choice.name();
    let targets: Vec<(&Name, Type)> = schema.tables().iter().filter_map(|(name, body)| Some((name, key_type(body)?))).collect();
    if choice.one_in(4)
        && let Some((target, ty)) = choice.of(&targets)
    {
        let column = example::column(&name, ty.clone()).null();
        return (column, vec![refers(&name, target, choice)]);
    }
    let ty = ty(schema, choice);
    let mut column = example::column(&name, ty.clone());
    match choice.below(9) {
        0..4 => column.nullable = true,
        4 | 5 => column.default = default(&ty, choice),
        // The rows that are there would have no value.
        6 => {}
        _ => {
            column.nullable = true;
            column.default = default(&ty, choice);
        }
    }
    let mut constraints = Vec::new();
    if choice.one_in(6) && is_ordered(&ty) {
        constraints.push(example::constraint(Rule::Unique { columns: vec![name.clone()], nulls_not_distinct: false }));
    }
    if choice.one_in(6) {
        constraints.extend(condition(&column, choice).map(|condition| example::constraint(Rule::Check { condition })));
    }
    if choice.one_in(8) {
        column.comment = Some(format!("About {}.", table.name));
    }
    (column, constraints)
}

/// A foreign key of one column to the primary key of a table.
pub fn refers(column: &str, target: &Name, choice: &mut Choice<'_>) -> Constraint {
    let on_delete =
        [ReferentialAction::NoAction, ReferentialAction::Cascade, ReferentialAction::SetNull, ReferentialAction::Restrict]
            [choice.below(4)];
    let (columns, on_update) = (vec![column.to_owned()], ReferentialAction::NoAction);
    let key =
        ForeignKey { columns, table: target.clone(), references: Vec::new(), on_delete, set_columns: Vec::new(), on_update };
    let timing = if choice.one_in(5) { Timing::Deferred } else { Timing::Immediate };
    Constraint { timing, ..example::constraint(Rule::ForeignKey(key)) }
}

/// The type of a primary key of one column.
pub fn key_type(table: &Table) -> Option<Type> {
    let [key] = table.primary_key() else { return None };
    table.column(key).map(|column| column.ty.clone())
}

/// What both databases compare, sort and keep in an index.
pub fn is_ordered(ty: &Type) -> bool {
    !matches!(ty.family(), Family::Json | Family::Native(_) | Family::Bytes | Family::Interval | Family::Array(_))
}

/// A condition on a column.
pub fn condition(column: &Column, choice: &mut Choice<'_>) -> Option<Expr> {
    let own = || Expr::column(&column.name);
    if choice.one_in(4) {
        let name = column.name.replace('"', "\"\"");
        return Some(Expr::Raw(format!("\"{name}\" IS NOT NULL OR 1 = 1")));
    }
    match column.ty.family() {
        Family::Number => Some(example::positive(&column.name)),
        Family::Text => {
            let call = Expr::Call { function: "char_length".into(), arguments: vec![own()] };
            Some(example::binary(Binary::Less, call, Expr::Number("60".into())))
        }
        Family::Boolean => Some(Expr::IsNull { operand: Box::new(own()), negated: false })
            .filter(|_| column.nullable)
            .map(|null| example::binary(Binary::Or, null, own())),
        Family::Enum(of) => {
            let value = choice.of(&of.values)?.as_str();
            Some(example::binary(Binary::NotEqual, own(), Expr::Text(value.into())))
        }
        Family::Bytes | Family::Uuid | Family::Moment | Family::Time | Family::Interval | Family::Json => None,
        Family::Array(_) | Family::Native(_) => None,
    }
}

/// A small table with a primary key.
pub fn table(schema: &Schema, name: &Name, choice: &mut Choice<'_>) -> Table {
    let mut table = Table::default();
    let primary = |columns: &[&str]| {
        example::constraint(Rule::PrimaryKey { columns: columns.iter().map(|column| (*column).to_owned()).collect() })
    };
    match choice.below(6) {
        0..=2 => {
            table.columns.push(example::column("id", Type::BigInt).counted(CounterKind::Identity));
            table.constraints.push(primary(&["id"]));
        }
        3 => {
            table.columns.push(example::column("id", Type::Integer));
            table.constraints.push(primary(&["id"]));
        }
        4 => {
            table.columns.push(example::column("code", Type::Text));
            table.constraints.push(primary(&["code"]));
        }
        _ => {
            table.columns.extend([example::column("one", Type::Integer), example::column("two", Type::Text)]);
            table.constraints.push(primary(&["one", "two"]));
        }
    }
    if choice.one_in(4)
        && let Some(ty) = key_type(&table)
    {
        let column = choice.name();
        table.columns.push(example::column(&column, ty).null());
        table.constraints.push(refers(&column, name, choice));
    }
    for _ in 0..1 + choice.below(3) {
        let (column, constraints) = column(schema, name, choice);
        table.columns.push(column);
        table.constraints.extend(constraints);
    }
    if choice.one_in(5) {
        table.comment = Some("By chance.".into());
    }
    table
}

/// An index of a table.
pub fn index(table: &Table, choice: &mut Choice<'_>) -> Option<Index> {
    let columns: Vec<&Column> = table.columns.iter().filter(|column| is_ordered(&column.ty)).collect();
    let first = choice.of(&columns)?;
    let key = |value, descending| Key { value, descending, nulls_first: None, class: None };
    let mut index = example::index([&first.name]);
    match choice.below(6) {
        0 | 1 => {}
        2 => index.keys.extend(
            choice.of(&columns).filter(|column| column.name != first.name).map(|column| key(Expr::column(&column.name), true)),
        ),
        3 if first.ty.family() == Family::Text => {
            index.keys = vec![key(Expr::Call { function: "lower".into(), arguments: vec![Expr::column(&first.name)] }, false)];
        }
        _ => index.filter = Some(Expr::IsNull { operand: Box::new(Expr::column(&first.name)), negated: true }),
    }
    index.unique = choice.one_in(3);
    if choice.one_in(4) {
        index.name = Some(choice.name());
    }
    Some(index)
}
