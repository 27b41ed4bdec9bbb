//! The values of an enum: PostgreSQL adds and renames them, and a type without one of them is another type.

use crate::ddl::{AlteredEnum, Change, RetypedTable};
use crate::name::Name;
use crate::schema::Constraint;
use crate::sql::postgres::alter;
use crate::sql::{Rendered, Unsupported, quote};
use crate::types::{Becomes, EnumType, Type};

/// The statements of the change.
pub(super) fn alter(altered: &AlteredEnum) -> Result<Rendered, Unsupported> {
    let AlteredEnum { before, after, .. } = altered;
    match before.becomes(after) {
        Becomes::Wider => Ok(Rendered::run(added(before, after))),
        Becomes::Renamed { from, to } => {
            let name = quote::name(&before.name);
            Ok(Rendered::run([format!("ALTER TYPE {name} RENAME VALUE {} TO {}", quote::text(from), quote::text(to))]))
        }
        Becomes::Narrower => replaced(altered),
    }
}

/// The same so that its values can be used before the COMMIT: those of a new type can.
pub(super) fn anew(altered: &AlteredEnum) -> Result<Rendered, Unsupported> {
    match altered.before.becomes(&altered.after) {
        Becomes::Wider | Becomes::Narrower => replaced(altered),
        Becomes::Renamed { .. } => alter(altered),
    }
}

/// A value of an enum whose values change, as text: the type itself is another by then. `None` where the types are no two forms of one enum.
pub(super) fn converted(value: &str, from: &Type, to: &Type) -> Option<String> {
    let (one, other) = (from.as_enum()?, to.as_enum()?);
    if one.name != other.name {
        return None;
    }
    let is_array = matches!(to, Type::Array(_));
    let text = format!("CAST({value} AS {})", if is_array { "text[]" } else { "text" });
    let Becomes::Renamed { from, to } = one.becomes(other) else { return Some(text) };
    let (from, to) = (quote::text(from), quote::text(to));
    Some(if is_array {
        format!("array_replace({text}, {from}, {to})")
    } else {
        format!("CASE {text} WHEN {from} THEN {to} ELSE {text} END")
    })
}

/// `ALTER TYPE … ADD VALUE …` for each value that is new.
fn added(before: &EnumType, after: &EnumType) -> Vec<String> {
    let name = quote::name(&after.name);
    let is_new = |value: &String| !before.values.contains(value);
    let new = after.values.iter().enumerate().filter(|(_, value)| is_new(value));
    let statement = |(place, value): (usize, &String)| {
        let last =
            place.checked_sub(1).and_then(|last| after.values.get(last)).map(|last| format!(" AFTER {}", quote::text(last)));
        let first = || after.values.get(place + 1).map(|next| format!(" BEFORE {}", quote::text(next)));
        let place = if place + 1 == after.values.len() { None } else { last.or_else(first) };
        format!("ALTER TYPE {name} ADD VALUE {}{}", quote::text(value), place.unwrap_or_default())
    };
    new.map(statement).collect()
}

/// No value can be dropped (manual, "Enumerated Types"): a new type takes the name, the columns become of it, and the old one goes.
fn replaced(altered: &AlteredEnum) -> Result<Rendered, Unsupported> {
    let name = &altered.after.name;
    let old = old(name);
    let values: Vec<String> = altered.after.values.iter().map(|value| quote::text(value)).collect();
    let mut statements = vec![
        format!("ALTER TYPE {} RENAME TO {}", quote::name(name), quote::ident(&old.name)),
        format!("CREATE TYPE {} AS ENUM ({})", quote::name(name), values.join(", ")),
    ];
    // A foreign key compares two columns of one type, which do not change at once.
    let tables = || altered.tables.iter().map(|table| (table, foreign_keys(table)));
    for (table, keys) in tables() {
        statements.extend(keys.iter().map(|key| alter::drop(&table.name, key)));
    }
    for table in &altered.tables {
        statements.extend(alter::alter(&table.name, &table.before, &table.after, &table.changes)?);
    }
    for (table, keys) in tables() {
        for key in keys {
            statements.push(alter::add(&table.name, &table.after, key)?);
        }
    }
    statements.push(format!("DROP TYPE {}", quote::name(&old)));
    Ok(Rendered::run(statements))
}

/// The foreign keys over columns whose type changes: what they refer to is of the same enum.
fn foreign_keys(table: &RetypedTable) -> Vec<&Constraint> {
    let is_retyped = |name: &String| {
        table.changes.iter().any(|change| matches!(change, Change::SetType { column, .. } if column.name == *name))
    };
    let keys = table.before.constraints.iter();
    keys.filter(|constraint| constraint.foreign_key().is_some_and(|key| key.columns.iter().any(is_retyped))).collect()
}

/// What the type is called until it is dropped.
fn old(name: &Name) -> Name {
    name.sibling(format!("_migrate_old_{}", name.name))
}
