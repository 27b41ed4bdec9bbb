//! A table built anew: what SQLite's `ALTER TABLE` cannot do.
//!
//! The procedure of the manual ("ALTER TABLE", section 7, "Making Other Kinds Of Table Schema Changes"), in its order: the new
//! table is made first and takes the old one's name at the end, since renaming the old one away would take the references of
//! other tables along. The executor switches foreign keys off before the transaction and looks at them before the commit.

use crate::ddl::Change;
use crate::dialect::sqlite::{column, create, expect, index};
use crate::dialect::{Rendered, Unsupported, quote, source};
use crate::history::{Action, Database};
use crate::name::Name;
use crate::schema::{Index, Table};
use crate::source::Sources;

/// Builds the table anew, once for all of the changes.
pub(super) fn rebuild(name: &Name, before: &Table, after: &Table, changes: &[Change]) -> Result<Rendered, Unsupported> {
    let temporary = Name::new(format!("_migrate_new_{}", name.name));
    let mut run = vec![create(&temporary, name, after)?];
    run.push(copy(name, &temporary, before, changes)?);
    if column::is_numbered(before) && column::is_numbered(after) {
        run.extend(carry_number(name, &temporary));
    }
    run.push(format!("DROP TABLE {}", quote::name(name)));
    // Else the rename would look at views that name the table, which is not there for a moment, and rewrite other tables.
    run.push("PRAGMA legacy_alter_table = ON".to_owned());
    run.push(format!("ALTER TABLE {} RENAME TO {}", quote::name(&temporary), quote::ident(&name.name)));
    run.push("PRAGMA legacy_alter_table = OFF".to_owned());
    for new in &after.indexes {
        run.push(index::create(name, &after.columns, new)?);
    }
    let kept = kept(name, before.indexes.iter().chain(&after.indexes));
    let run = run.into_iter().map(|sql| (Action::Run, sql));
    let first = [(Action::Expect, expect::expect(name, before)?), (Action::Keep, kept.clone())];
    let statements = first.into_iter().chain(run).chain([(Action::Restore, kept)]).collect();
    Ok(Rendered { statements, rebuild: true })
}

/// The query for what belongs to the table and is not in the model: triggers, and indexes that raw SQL made.
fn kept<'a>(name: &Name, known: impl Iterator<Item = &'a Index>) -> String {
    let mut known: Vec<String> = known.map(|index| quote::text(index.name())).collect();
    known.sort();
    known.dedup();
    let unknown =
        if known.is_empty() { String::new() } else { format!(" AND name COLLATE NOCASE NOT IN ({})", known.join(", ")) };
    format!(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = {} COLLATE NOCASE AND sql IS NOT NULL AND (type = 'trigger' OR type = 'index'{unknown}) ORDER BY rowid",
        quote::text(&name.name)
    )
}

/// The rows of the old table into the new one: every column is named, so that none gets a default of later.
fn copy(from: &Name, to: &Name, before: &Table, changes: &[Change]) -> Result<String, Unsupported> {
    let mut sources = Sources::of(before);
    changes.iter().for_each(|change| sources.follow(change));
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    for (column, source) in sources.iter() {
        columns.push(column.to_owned());
        // SQLite numbers a row of which it is given no number.
        values.push(source::render(Database::Sqlite, &before.columns, source, "NULL")?);
    }
    let (to, from) = (quote::name(to), quote::name(from));
    Ok(format!("INSERT INTO {to} ({}) SELECT {} FROM {from}", quote::idents(&columns), values.join(", ")))
}

/// Carries over the number that comes next, so that none is given twice.
fn carry_number(from: &Name, to: &Name) -> [String; 2] {
    let (from, to) = (quote::text(&from.name), quote::text(&to.name));
    [
        format!("DELETE FROM sqlite_sequence WHERE name = {to}"),
        format!("INSERT INTO sqlite_sequence (name, seq) SELECT {to}, seq FROM sqlite_sequence WHERE name = {from}"),
    ]
}
