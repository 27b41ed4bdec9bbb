//! What becomes of data that is kept: seen in the schemas before and after a step, whatever the step is.

use std::collections::BTreeMap;

use migrate_history::{Keeping, KeptObject, KeptPlace, Text, digest};

use crate::footprint::{Part, Path};
use crate::name::{Name, Written};
use crate::objects::Kind;
use crate::operation::{CreateIndex, RowKeeping};
use crate::schema::{Index, KeptOf, KeptTable, Schema, Table};
use crate::transition::Transition;

/// What a step does with data that is kept; for raw SQL, what its `as { … }` states.
pub(super) fn keeping(step: &Transition) -> Vec<Keeping> {
    let Some(raw) = step.operation.raw() else { return of_step(step) };
    let mut before = step.before.clone();
    let mut all = Vec::new();
    for operation in raw.effect.iter().flatten() {
        let after = operation.applied(&before);
        let part =
            Transition { piece: step.piece, settings: Vec::new(), operation: operation.clone(), before, after: after.clone() };
        all.extend(keeping(&part));
        before = after;
    }
    all
}

fn of_step(step: &Transition) -> Vec<Keeping> {
    let (before, after) = (kept(step, &step.before), kept(step, &step.after));
    let about = step.operation.about(&step.before);
    let gone = before.iter().filter(|(path, _)| !after.contains_key(path));
    let gone = gone.map(|(path, _)| match about.renamed(path) {
        None if about.keeping == RowKeeping::Restores => Keeping::Restored(place(path)),
        Some(to) if after.contains_key(&to) => Keeping::Moved { from: place(path), to: place(&to) },
        Some(_) => Keeping::Restored(place(path)),
        None => Keeping::Dropped(place(path)),
    });
    let new = after.iter().filter(|(path, _)| !before.contains_key(path));
    // What was there under another name, kept already, has moved.
    let new = new.filter_map(|(path, object)| {
        if about.keeping == RowKeeping::Keeps {
            return Some(put_aside(&step.after, (path, path), object));
        }
        let origin = about.named_before(path)?;
        (!before.contains_key(&origin)).then(|| put_aside(&step.before, (&origin, path), object))
    });
    gone.chain(new).collect()
}

/// Something is kept from now on.
fn put_aside(schema: &Schema, (origin, path): (&Path, &Path), object: &str) -> Keeping {
    let definition = definition(schema, origin);
    Keeping::Kept(KeptObject { object: Text::Owned(object.to_owned()), place: place(path), digest: digest(&definition).into() })
}

/// What is kept in a schema, of the tables that a step is about, each with what it was.
fn kept(step: &Transition, schema: &Schema) -> BTreeMap<Path, String> {
    let about = step.operation.about(&step.before);
    let tables = about.tables.iter().filter_map(|name| Some((name, schema.table(name)?)));
    tables.flat_map(|(name, table)| of_table(name, table)).collect()
}

fn of_table(name: &Name, table: &Table) -> Vec<(Path, String)> {
    let whole = table.kept.as_ref().map(|kept| (Path::new(name, Part::whole(Kind::Table)), called(name, table, kept)));
    let owner = table.kept.as_ref().map_or_else(|| name.clone(), |kept| name.sibling(kept.name.as_str()));
    let columns = table.columns.iter().filter_map(|column| {
        let kept = column.kept.as_ref()?;
        Some((Path::new(name, Part::Column(column.name.clone())), format!("column `{owner}.{}`", Written(&kept.name))))
    });
    whole.into_iter().chain(columns).collect()
}

/// What is kept in a table. Several statements of a migration may keep rows of the same table.
fn called(place: &Name, table: &Table, kept: &KeptTable) -> String {
    let was = place.sibling(kept.name.as_str());
    let several = if kept.number > 1 { format!(" ({})", kept.number) } else { String::new() };
    match kept.of {
        KeptOf::Table => format!("table `{was}`"),
        KeptOf::Rows => format!("deleted rows of `{was}`{several}"),
        KeptOf::Values => {
            let key = table.primary_key();
            let columns = table.columns.iter().filter(|column| !key.contains(&column.name));
            let columns: Vec<String> = columns.map(|column| format!("`{was}.{}`", Written(&column.name))).collect();
            format!("old values of {}{several}", columns.join(", "))
        }
    }
}

/// What something was defined as: what a later one must be defined as to be the same.
pub(super) fn definition(schema: &Schema, path: &Path) -> String {
    let Some(table) = schema.table(&path.of) else { return String::new() };
    match &path.part {
        Part::Column(name) => table.column(name).map(ToString::to_string).unwrap_or_default(),
        Part::All | Part::Itself | Part::PrimaryKey | Part::Comment | Part::Rows => whole(&path.of, table),
        Part::Type(_) | Part::Null(_) | Part::Default(_) | Part::ColumnComment(_) => String::new(),
        Part::Constraint(_) | Part::Index(_) | Part::Object(_) | Part::Name => String::new(),
    }
}

/// A table without its foreign keys, in any order: these are made again where it comes back.
fn whole(name: &Name, table: &Table) -> String {
    let constraints = table.constraints.iter().filter(|one| one.foreign_key().is_none()).map(ToString::to_string);
    let columns = table.columns.iter().map(ToString::to_string);
    let index = |index: &Index| CreateIndex { table: name.clone(), index: index.clone() }.to_string();
    let mut parts: Vec<String> = columns.chain(constraints).chain(table.indexes.iter().map(index)).collect();
    parts.sort();
    parts.join("\n")
}

fn place(path: &Path) -> KeptPlace {
    let column = match &path.part {
        Part::Column(name) => Some(Text::Owned(name.clone())),
        Part::All | Part::Itself | Part::PrimaryKey | Part::Comment | Part::Rows | Part::Type(_) | Part::Null(_) => None,
        Part::Default(_) | Part::ColumnComment(_) | Part::Constraint(_) | Part::Index(_) | Part::Object(_) | Part::Name => None,
    };
    KeptPlace { schema: path.of.schema.clone().map(Text::Owned), table: Text::Owned(path.of.name.clone()), column }
}

/// Adds what is done with data that is kept to what a transaction did before it: only what is left of it at the end is recorded.
pub(super) fn follow(done: &mut Vec<Keeping>, next: &Keeping) {
    let at = |place: &KeptPlace| done.iter().position(|one| is_at(one, place));
    match next {
        Keeping::Kept(_) => done.push(next.clone()),
        Keeping::Moved { from, to } => match at(from) {
            Some(found) => done[found] = moved(&done[found], to),
            None => done.push(next.clone()),
        },
        Keeping::Restored(place) | Keeping::Dropped(place) => match at(place) {
            Some(found) => {
                if let Keeping::Moved { from, to: _ } = done.remove(found) {
                    done.push(ended(next, from));
                }
            }
            None => done.push(next.clone()),
        },
    }
}

/// Whether what is done leaves something at a place.
fn is_at(done: &Keeping, place: &KeptPlace) -> bool {
    match done {
        Keeping::Kept(kept) => kept.place == *place,
        Keeping::Moved { from: _, to } => to == place,
        Keeping::Restored(_) | Keeping::Dropped(_) => false,
    }
}

/// The same, leaving it at another place.
fn moved(done: &Keeping, to: &KeptPlace) -> Keeping {
    match done {
        Keeping::Kept(kept) => Keeping::Kept(KeptObject { place: to.clone(), ..kept.clone() }),
        Keeping::Moved { from, to: _ } => Keeping::Moved { from: from.clone(), to: to.clone() },
        Keeping::Restored(_) | Keeping::Dropped(_) => done.clone(),
    }
}

/// The same end of what was at another place when the transaction began.
fn ended(next: &Keeping, from: KeptPlace) -> Keeping {
    match next {
        Keeping::Restored(_) => Keeping::Restored(from),
        Keeping::Dropped(_) => Keeping::Dropped(from),
        Keeping::Kept(_) | Keeping::Moved { .. } => next.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(column: &str) -> KeptPlace {
        KeptPlace { schema: None, table: "t".into(), column: Some(Text::Owned(column.to_owned())) }
    }

    fn kept(column: &str) -> Keeping {
        Keeping::Kept(KeptObject { object: "column `t.c`".into(), place: at(column), digest: "00".into() })
    }

    fn move_to(from: &str, to: &str) -> Keeping {
        Keeping::Moved { from: at(from), to: at(to) }
    }

    fn all(list: &[Keeping]) -> Vec<Keeping> {
        let mut done = Vec::new();
        list.iter().for_each(|next| follow(&mut done, next));
        done
    }

    #[test]
    fn what_is_left_of_a_transaction_is_recorded() {
        assert_eq!(all(&[kept("a"), move_to("a", "b")]), [kept("b")]);
        assert_eq!(all(&[kept("a"), Keeping::Dropped(at("a"))]), []);
        assert_eq!(all(&[move_to("a", "b"), move_to("b", "c")]), [move_to("a", "c")]);
        assert_eq!(all(&[move_to("a", "b"), Keeping::Restored(at("b"))]), [Keeping::Restored(at("a"))]);
        assert_eq!(all(&[Keeping::Restored(at("a")), kept("a")]), [Keeping::Restored(at("a")), kept("a")]);
    }
}
