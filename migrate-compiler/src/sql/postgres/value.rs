//! The values of an enum: PostgreSQL adds and renames them, and a type without one of them is another type.

use crate::ddl::AlteredEnum;
use crate::name::Name;
use crate::sql::postgres::alter;
use crate::sql::{Rendered, Unsupported, quote};
use crate::types::{Becomes, EnumType};

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
    for table in &altered.tables {
        statements.extend(alter::alter(&table.name, &table.before, &table.after, &table.changes)?);
    }
    statements.push(format!("DROP TYPE {}", quote::name(&old)));
    Ok(Rendered::run(statements))
}

/// What the type is called until it is dropped.
fn old(name: &Name) -> Name {
    name.sibling(format!("_migrate_old_{}", name.name))
}
