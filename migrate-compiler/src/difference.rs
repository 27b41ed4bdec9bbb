//! The first difference between two schemas, in the user's words: the proof that a downgrade leads back, or why it does not.

use crate::name::{Name, Written};
use crate::objects::Kind;
use crate::schema::{Constraint, Index, Schema, Table};

/// Where `found` is not what was `wanted`; `None` where they are the same database.
///
/// The order of columns, constraints and indexes does not count.
pub fn first(wanted: &Schema, found: &Schema) -> Option<String> {
    let changed = wanted.changed(found);
    if let Some((name, ..)) = changed.iter().find(|(_, _, found)| found.is_none()) {
        return Some(format!("the table `{name}` is missing"));
    }
    if let Some((name, ..)) = changed.iter().find(|(_, wanted, _)| wanted.is_none()) {
        return Some(format!("the table `{name}` is still there"));
    }
    changed
        .into_iter()
        .find_map(|(name, wanted, found)| table_difference(name, wanted?, found?))
        .or_else(|| object(wanted, found))
}

/// The first object beside tables that is missing, left over, or another.
fn object(wanted: &Schema, found: &Schema) -> Option<String> {
    let shown = |(kind, name): &(Kind, Name)| format!("the {} `{name}`", kind.word());
    let changed = wanted.objects.changed(&found.objects);
    let missing = changed.iter().find_map(|(key, wanted, found)| match (wanted, found) {
        (Some(_), None) => Some(format!("{} is missing", shown(key))),
        (Some(object), Some(other)) if other != object => Some(format!("{} is another", shown(key))),
        (Some(_), Some(_)) | (None, _) => None,
    });
    let left = || changed.iter().find(|(_, wanted, _)| wanted.is_none());
    missing.or_else(|| left().map(|(key, ..)| format!("{} is still there", shown(key))))
}

fn table_difference(name: &Name, wanted: &Table, found: &Table) -> Option<String> {
    let columns = parts(
        &wanted.columns,
        &found.columns,
        |column| &column.name,
        |column| {
            let comment = column.comment.as_ref().map(|comment| format!(" /// {comment}"));
            format!("{column}{}", comment.unwrap_or_default())
        },
    );
    let constraints = parts(&wanted.constraints, &found.constraints, Constraint::name, Constraint::to_string);
    let indexes = parts(&wanted.indexes, &found.indexes, Index::name, |index| index.written(None).to_string());
    let comment = (wanted.comment != found.comment).then(|| "its comment is another".to_owned());
    columns
        .map(|what| format!("column {what}"))
        .or_else(|| constraints.map(|what| format!("constraint {what}")))
        .or_else(|| indexes.map(|what| format!("index {what}")))
        .or(comment)
        .map(|what| format!("of `{name}`, {what}"))
}

/// The first of the named parts that is missing, left over, or another.
fn parts<T: PartialEq>(wanted: &[T], found: &[T], name: fn(&T) -> &str, show: fn(&T) -> String) -> Option<String> {
    let named = |list: &'_ [T], key: &str| list.iter().position(|part| name(part) == key);
    for part in wanted {
        match named(found, name(part)) {
            None => return Some(format!("`{}` is missing: `{}`", Written(name(part)), show(part))),
            Some(index) if *part != found[index] => {
                return Some(format!("`{}` would be `{}` and was `{}`", Written(name(part)), show(&found[index]), show(part)));
            }
            Some(_) => {}
        }
    }
    let left = found.iter().find(|part| named(wanted, name(part)).is_none());
    left.map(|part| format!("`{}` is still there", Written(name(part))))
}
