//! What must hold of a column.

use crate::check::{expr, name, types};
use crate::expr::Expr;
use crate::name::{Name, Written};
use crate::operation::resolve;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Column, Counter, CounterKind, Schema};
use crate::sql::registry::features;

/// Checks a new column.
pub fn column(schema: &Schema, owner: &Name, column: &Column, problems: &mut Problems) {
    name::new_name(schema, Role::Column, &column.name, &Slot::new(Role::Column, &column.name), problems);
    name::same_letters(schema, owner, Role::Column, &column.name, problems);
    if !types::known(schema, &column.ty, Slot::new(Role::Type, &column.name), problems) {
        return;
    }
    if let Some(counter) = &column.counter {
        self::counter(column, counter, problems);
        resolve::is_free_for_sequence(schema, owner, column, problems);
    }
    if let Some(default) = &column.default {
        expr::default(schema, owner, column, default, problems);
    }
}

/// Rule `too_many_columns`: PostgreSQL allows 1,600 columns and SQLite 2,000 (manuals, "PostgreSQL Limits" and "Implementation
/// Limits").
pub fn too_many(schema: &Schema, owner: &Name, problems: &mut Problems) {
    let Some(table) = schema.table(owner) else { return };
    for database in schema.databases.iter() {
        let most = features(*database).most_columns;
        if let Some(beyond) = table.columns.get(most) {
            let message = format!("`{owner}` has {} columns, and {database} allows at most {most}", table.columns.len());
            let slot = Slot::new(Role::Column, &beyond.name);
            problems.push(Problem::new("too_many_columns", slot, message).help("move some of them to another table"));
            return;
        }
    }
}

/// Rules `counter_type`, `counter_nullable` and `counter_default`.
fn counter(column: &Column, counter: &Counter, problems: &mut Problems) {
    let (name, shown) = (&column.name, Written(&column.name));
    let word = counter.kind.words();
    if !column.ty.is_integer() {
        let message = format!("`{word}` requires an integer type, and `{shown}` is `{}`", column.ty);
        let help = format!("write `{shown}: bigint`");
        problems.push(Problem::new("counter_type", Slot::new(Role::Type, name), message).help(help));
    }
    if column.nullable {
        let message = format!("`{shown}` is numbered by `{word}`, so it cannot be nullable");
        problems.push(
            Problem::new("counter_nullable", Slot::new(Role::Type, name), message)
                .help(format!("write `{shown}: {}`", column.ty)),
        );
    }
    let own = |default: &Expr| matches!(default, Expr::Nextval(_)) && counter.kind == CounterKind::Serial;
    if let Some(default) = column.default.as_ref().filter(|default| !own(default)) {
        let message = format!("`{shown}` cannot have both `{word}` and a default");
        let help = format!("remove `default {default}`, or remove `{word}`");
        problems.push(Problem::new("counter_default", Slot::new(Role::Default, name), message).help(help));
    }
}
