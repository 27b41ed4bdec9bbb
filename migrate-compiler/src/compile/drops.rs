//! What a downgrade drops of that which the migration made: rows and values that came into being since.
//!
//! What was there before the upgrade and does not come back is a loss, known when the migration is compiled. What came into being since
//! is known to the database alone, so it is counted there.

use std::collections::BTreeSet;

use migrate_history::{ANYTHING, Database, Tally};

use crate::compile::downgrade::Downgrade;
use crate::compile::upgrade::Upgrade;
use crate::name::{Name, Written};
use crate::operation::Rows;
use crate::rows::Seeds;
use crate::schema::{KeptOf, Schema, Table};
use crate::source::Source;
use crate::sql::tally;
use crate::trace::{Trace, Traced};
use crate::transition::Transition;

/// The rows on their way up, and on their way down from there.
pub(super) struct Drops<'a> {
    end: &'a Schema,
    up: Trace,
    /// Absent where there is no downgrade.
    down: Option<Trace>,
    /// Where the downgrade leads.
    after: &'a Schema,
    /// The rows that the upgrade inserted.
    seeds: Vec<Seeds>,
    /// Those of them that the inferred downgrade deletes.
    deleted: Vec<Deleted>,
}

impl<'a> Drops<'a> {
    /// Follows the rows of a migration.
    pub fn new(upgrade: &'a Upgrade<'_>, downgrade: &'a Downgrade) -> Drops<'a> {
        let Downgrade { steps, irreversible } = downgrade;
        let down = irreversible.is_none().then(|| Trace::through(&upgrade.end, steps));
        let up = Trace::through(&upgrade.start, upgrade.steps());
        let after = Transition::end(steps, &upgrade.end);
        let (deleted, seeds) = (deleted(upgrade), seeds(upgrade));
        Drops { end: &upgrade.end, up, down, after, seeds, deleted }
    }

    /// The questions for a database.
    pub fn tallies(&self, database: Database) -> Vec<Tally> {
        let Some(down) = &self.down else { return Vec::new() };
        let of = |(name, table): (&Name, &'a std::sync::Arc<Table>)| self.of_table(down, name, table, database);
        let touched: BTreeSet<&Name> = self.up.touched().chain(down.touched()).collect();
        let changed = touched.into_iter().filter(|name| !(self.up.leaves(name) && down.leaves(name)));
        // What is kept of rows goes back into their table.
        let is_own = |table: &Table| table.kept.as_ref().is_none_or(|kept| kept.of == KeptOf::Table);
        let known = changed.filter_map(|name| Some((name, self.end.tables().get(name)?)));
        let dropped = known.filter(|(_, table)| is_own(table)).flat_map(of);
        let deleted = self.deleted.iter().filter_map(|deleted| match deleted {
            Deleted::Compared(seeds) => tally::changed_rows(database, seeds),
            Deleted::Any(seeds) => tally::inserted_rows(database, seeds),
        });
        dropped.chain(deleted).collect()
    }

    /// The question for the rows of a new table. What the upgrade inserted itself is not lost, as long as it is as it was.
    fn of_new_table(&self, name: &Name, database: Database) -> Tally {
        let seeds: Vec<&Seeds> = self.seeds.iter().filter(|seeds| seeds.table == *name).collect();
        tally::other_rows(database, &seeds).unwrap_or_else(|| tally::rows(name))
    }

    fn of_table(&self, down: &Trace, name: &Name, table: &Table, database: Database) -> Vec<Tally> {
        let Some(made) = self.up.table(name) else { return Vec::new() };
        let Some(kept) = down.named_after(name).and_then(|name| down.table(&name)) else {
            return made.is_new().then(|| self.of_new_table(name, database)).into_iter().collect();
        };
        let kept = kept.kept();
        let is_dropped = |column: &str| kept.as_ref().is_some_and(|kept| !kept.contains(column));
        let is_made = |column: &str| made.is_new() || made.origin_of(column).is_none();
        let dropped = table.columns.iter().filter(|column| is_dropped(&column.name) && is_made(&column.name));
        dropped.map(|column| tally::values(database, name, column, made_with(made, &column.name))).collect()
    }

    /// See [`migrate_history::Script::moves`].
    pub fn moves(&self) -> Vec<String> {
        let Some(down) = &self.down else { return Vec::new() };
        if down.has_raw {
            return vec![ANYTHING.to_owned()];
        }
        let changed = down.touched().filter(|name| !down.leaves(name));
        let changed = changed.filter_map(|name| Some((name, self.after.tables().get(name)?)));
        changed.flat_map(|(name, table)| moved(down.table(name), name, table)).collect()
    }
}

/// Rows that a downgrade deletes, since the upgrade inserted them.
enum Deleted {
    /// Those are counted that are not as they were inserted.
    Compared(Seeds),
    /// What they were is not known any more, so that all of them are counted.
    Any(Seeds),
}

/// The rows that an upgrade inserts, where it leaves them and their columns as they were.
fn seeds(upgrade: &Upgrade<'_>) -> Vec<Seeds> {
    upgrade.steps().filter_map(|step| kept(step.operation.seeds(&step.before)?, upgrade)).collect()
}

/// Those that are deleted since their statement is undone. What changed them, and if it is another statement of the migration, is asked of the
/// rows themselves.
fn deleted(upgrade: &Upgrade<'_>) -> Vec<Deleted> {
    let undone = upgrade.statements.iter().filter(|one| one.effects.inserts.is_some() && !one.piece.undo.is_written());
    let seeds = undone.filter(|_| !upgrade.has_down).filter_map(|one| one.step.operation.seeds(&one.step.before));
    seeds.filter_map(|seeds| of_deleted(seeds, upgrade)).collect()
}

fn of_deleted(seeds: Seeds, upgrade: &Upgrade<'_>) -> Option<Deleted> {
    let table = upgrade.end.table(&seeds.table)?;
    if seeds.columns().iter().all(|name| is_as_it_was(&seeds, table, name)) {
        return Some(Deleted::Compared(seeds));
    }
    let is_found = seeds.which.as_ref()?.columns().iter().all(|name| is_as_it_was(&seeds, table, name));
    is_found.then_some(Deleted::Any(seeds))
}

/// Whether a column that rows were inserted with has the same name and type at the end.
fn is_as_it_was(seeds: &Seeds, table: &Table, name: &str) -> bool {
    let ty = |table: &Table| table.column(name).map(|column| column.ty.clone());
    ty(&seeds.body) == ty(table)
}

fn kept(seeds: Seeds, upgrade: &Upgrade<'_>) -> Option<Seeds> {
    let table = upgrade.end.table(&seeds.table)?;
    let changes = |step: &Transition| {
        let about = step.operation.about(&step.before);
        about.raw.is_some() || about.rows == Rows::Changed && about.tables.contains(&seeds.table)
    };
    (!upgrade.steps().any(changes) && seeds.columns().iter().all(|name| is_as_it_was(&seeds, table, name))).then_some(seeds)
}

/// What the rows that were there got in a column when it was made, where that is still known.
fn made_with<'t>(table: &'t Traced, column: &'t str) -> Option<&'t crate::expr::Expr> {
    match table.sources(column).next()? {
        Source::Value { value, .. } => Some(value),
        Source::Column(_) | Source::Number | Source::Converted { .. } | Source::Updated { .. } => None,
    }
}

/// The table, where its rows are others than before; else those of its columns whose values are.
fn moved(traced: Option<&Traced>, name: &Name, table: &Table) -> Vec<String> {
    match traced {
        Some(traced) if traced.origin(name) == Some(name) && !traced.has_other_rows() => {
            let stays =
                |column: &str| traced.sources(column).all(|source| matches!(source, Source::Column(from) if from == column));
            let moved = table.columns.iter().filter(|column| !stays(&column.name));
            moved.map(|column| format!("{name}.{}", Written(&column.name))).collect()
        }
        Some(_) | None => vec![name.to_string()],
    }
}
