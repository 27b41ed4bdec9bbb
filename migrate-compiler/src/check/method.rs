//! Whether PostgreSQL's indexes take their keys: the method, its options, and the operator class of each type.

use crate::expr::Expr;
use crate::name::{Written, WrittenList};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Index, Key, Schema, Table};
use crate::sql::method::{METHODS, Method, class_type};
use crate::sql::registry::where_true;
use crate::suggestion::did_you_mean;
use crate::types::Type;
use crate::typing::{Inferred, Scope, infer};

/// What PostgreSQL takes where no method is named.
const DEFAULT: &str = "btree";

/// Checks the method of an index, and the options: rules `index_method` and `operator_class`.
pub fn index(schema: &Schema, table: &Table, index: &Index, problems: &mut Problems) {
    if where_true(schema, |features| features.indexes_have_classes).is_none() {
        return;
    }
    let name = index.method.as_deref().unwrap_or(DEFAULT);
    let Some(method) = Method::find(name) else {
        unknown(name, problems);
        return;
    };
    for (what, write) in unsupported(method, index) {
        let message = format!("`{name}` indexes do not support {what}");
        problems.push(Problem::new("index_method", Slot::new(Role::Option, name), message).help(write));
    }
    index.keys.iter().for_each(|key| self::key(table, method, key, problems));
}

/// A method that only an extension can have.
fn unknown(name: &str, problems: &mut Problems) {
    match did_you_mean(name, METHODS.iter().map(|method| method.name)) {
        Some(near) => {
            let message = format!("unknown index method `{name}`");
            problems.push(Problem::new("index_method", Slot::new(Role::Option, name), message).help(near));
        }
        None => problems.remark(format!("the index method `{name}` is not checked: the compiler does not know it")),
    }
}

/// What an index requires and its method does not support, and what to write instead.
fn unsupported(method: &Method, index: &Index) -> Vec<(&'static str, String)> {
    let other = format!("or remove `using {}`", method.name);
    let is_ordered = index.keys.iter().any(|key| key.descending || key.nulls_first.is_some());
    let mut found = Vec::new();
    if index.unique && !method.can_be_unique {
        found.push(("`unique`", format!("remove `unique`, {other}")));
    }
    if is_ordered && !method.has_order {
        found.push(("`asc`, `desc` and `nulls`", format!("remove the order of its keys, {other}")));
    }
    if index.keys.len() > 1 && !method.has_several_keys {
        found.push(("more than one key", "write an index for each key".to_owned()));
    }
    if !index.include.is_empty() && !method.has_include {
        found.push(("`include`", format!("remove `include ({})`", WrittenList(&index.include))));
    }
    found
}

/// Looks at one key of an index on a table.
fn key(table: &Table, method: &Method, key: &Key, problems: &mut Problems) {
    let Inferred::Type(ty) = infer(&key.value, Scope::declared(&table.columns)) else { return };
    match &key.class {
        None if !method.takes(&ty) => problems.push(classless(method, key, &ty)),
        None => {}
        Some(class) => named(method, class, key, &ty, problems),
    }
}

/// Rule `index_method`: the type has no default operator class for the method.
fn classless(method: &Method, key: &Key, ty: &Type) -> Problem {
    let shown = shown(key);
    let message = format!("`{}` has no default operator class for `{ty}`, the type of `{shown}`", method.name);
    let slot = if let Expr::Column(column) = &key.value {
        Slot::new(Role::Use, column)
    } else {
        Slot::new(Role::Expression, key.value.to_string())
    };
    let own = class_type(ty).and_then(|name| method.classes().find(|class| class.ty == name));
    let other = METHODS.iter().find(|other| other.takes(ty));
    let help = match (own, other) {
        (Some(class), _) => format!("write `{shown} with {}`", class.name),
        (None, Some(other)) => format!("write `using {}`", other.name),
        (None, None) => format!("index an expression, such as `({shown}::text)`"),
    };
    let note = format!("for an operator class of an extension, write its name: `{shown} with class_name`");
    Problem::new("index_method", slot, message).help(help).note(note)
}

/// Rule `operator_class`: the class is one of the method and of the type.
fn named(method: &Method, class: &str, key: &Key, ty: &Type, problems: &mut Problems) {
    let slot = || Slot::new(Role::Option, class);
    if let Some(known) = method.classes().find(|known| known.name == class) {
        if class_type(ty).is_some_and(|name| name != known.ty) {
            let message = format!("the operator class `{class}` does not accept `{ty}`, the type of `{}`", shown(key));
            let help = match method.classes().find(|class| class_type(ty) == Some(class.ty)) {
                Some(fitting) => format!("write `with {}`", fitting.name),
                None => format!("remove `with {class}`"),
            };
            problems.push(Problem::new("operator_class", slot(), message).help(help));
        }
        return;
    }
    // `btree_gin` gives its classes the names of those of `btree`.
    let others = METHODS.iter().filter(|other| !(method.name == "gin" && other.name == DEFAULT));
    let of = others.into_iter().find(|other| other.classes().any(|known| known.name == class));
    match of {
        Some(other) => {
            let message = format!("`{class}` is an operator class of `{}`, not of `{}`", other.name, method.name);
            problems.push(Problem::new("operator_class", slot(), message).help(format!("write `using {}`", other.name)));
        }
        None => problems.remark(format!("the operator class `{class}` is not checked: the compiler does not know it")),
    }
}

fn shown(key: &Key) -> String {
    if let Expr::Column(column) = &key.value { Written(column).to_string() } else { key.value.to_string() }
}

/// Rule `key_type`: PostgreSQL builds an index of the values of a primary key or unique constraint.
pub fn key_columns(schema: &Schema, table: &Table, columns: &[String], problems: &mut Problems) {
    let Some(btree) = Method::find(DEFAULT).filter(|_| where_true(schema, |features| features.indexes_have_classes).is_some())
    else {
        return;
    };
    for column in columns.iter().filter_map(|column| table.column(column)).filter(|column| !btree.takes(&column.ty)) {
        let message =
            format!("`{}` cannot be a key: `{}` values cannot be compared on PostgreSQL", Written(&column.name), column.ty);
        let is_json = matches!(&column.ty, Type::Native(native) if native.name == "json");
        let help = if is_json { format!("write `{}: json`", Written(&column.name)) } else { "use another type".to_owned() };
        problems.push(Problem::new("key_type", Slot::new(Role::Use, &column.name), message).help(help));
    }
}
