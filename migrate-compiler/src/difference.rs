//! The first difference between two schemas, in the user's words: the proof that a downgrade restores the schema, or why it does not.

use crate::map::Changed;
use crate::name::{Name, Written};
use crate::objects::{Kind, Object};
use crate::schema::{Constraint, Index, Schema, Table};

/// Where `found` is not what was `wanted`; `None` where they are the same database.
///
/// The order of columns, constraints and indexes does not count.
pub fn first(wanted: &Schema, found: &Schema) -> Option<String> {
    let changed = wanted.objects.changed(&found.objects);
    let shown = |(kind, name): &(Kind, Name)| format!("the {} `{name}`", kind.word());
    let missing = changed.iter().find(|(.., found)| found.is_none()).map(|(key, ..)| format!("{} is missing", shown(key)));
    let left = || changed.iter().find(|(_, wanted, _)| wanted.is_none());
    let left = || left().map(|(key, ..)| format!("{} remains", shown(key)));
    let another = |(key, wanted, found): &Changed<'_, (Kind, Name), Object>| match (wanted.as_ref()?, found.as_ref()?) {
        (Object::Table(wanted), Object::Table(found)) => table_difference(&key.1, wanted, found),
        (wanted, found) => (wanted != found).then(|| format!("{} differs", shown(key))),
    };
    missing.or_else(left).or_else(|| changed.iter().find_map(another))
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
    let comment = (wanted.comment != found.comment).then(|| format!("the comment of `{name}` differs"));
    let shown =
        |kind: &str, Differing { name: part, state }: Differing| format!("{kind} `{}` of `{name}` {state}", Written(&part));
    columns
        .map(|part| shown("column", part))
        .or_else(|| constraints.map(|part| shown("constraint", part)))
        .or_else(|| indexes.map(|part| shown("index", part)))
        .or(comment)
        .or_else(|| (wanted.kept != found.kept).then(|| format!("what `{name}` keeps differs")))
}

/// A part of a table that differs, and how: "remains".
struct Differing {
    name: String,
    state: String,
}

/// The first of the named parts that is missing, left over, or another.
fn parts<T: PartialEq>(wanted: &[T], found: &[T], name: fn(&T) -> &str, show: fn(&T) -> String) -> Option<Differing> {
    let differs = |part: &T, state: String| Some(Differing { name: name(part).to_owned(), state });
    let named = |list: &'_ [T], key: &str| list.iter().position(|part| name(part) == key);
    for part in wanted {
        match named(found, name(part)) {
            None => return differs(part, format!("is missing: `{}`", show(part))),
            Some(index) if *part != found[index] => {
                return differs(part, format!("would be `{}` and was `{}`", show(&found[index]), show(part)));
            }
            Some(_) => {}
        }
    }
    let left = found.iter().find(|part| named(wanted, name(part)).is_none());
    left.and_then(|part| differs(part, "remains".to_owned()))
}
