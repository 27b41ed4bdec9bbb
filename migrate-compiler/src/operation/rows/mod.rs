//! Statements about rows: `insert`, `update`, `delete` and `truncate`.

mod backfill;
mod delete;
mod insert;
mod keep;
mod kept;
mod key;
mod load;
mod query;
mod reach;
mod restore;
mod update;

pub use backfill::Backfill;
pub use delete::{DeleteRows, Deleter, Truncate};
pub use insert::InsertRows;
pub use keep::{KeepRows, KeptChange};
pub use load::LoadRows;
pub use query::InsertQuery;
pub use restore::RestoreRows;
pub use update::UpdateRows;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ddl::Ddl;
use crate::effect::{Reach, Reached};
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::operation::Operation;
use crate::rows::{ChangedRows, RowChange, RowsRead};
use crate::schema::{Schema, Table};

/// How long the text of a statement about rows may be where it only tells what a statement belongs to.
const LONGEST: usize = 400;

impl Operation {
    /// What its statements are said to belong to: its canonical form, or the beginning of it where it has many rows.
    pub fn label(&self) -> String {
        let text = self.to_string();
        if !self.is_about_rows() || text.len() <= LONGEST {
            return text;
        }
        let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= LONGEST).last().unwrap_or_default();
        format!("{} …", &text[..end])
    }

    /// Whether it is a statement about rows.
    pub fn is_about_rows(&self) -> bool {
        matches!(
            self,
            Operation::InsertRows(_)
                | Operation::InsertQuery(_)
                | Operation::LoadRows(_)
                | Operation::UpdateRows(_)
                | Operation::Backfill(_)
                | Operation::DeleteRows(_)
                | Operation::Truncate(_)
                | Operation::KeepRows(_)
                | Operation::RestoreRows(_)
        )
    }
}

/// A change of the rows of a table as DDL, if the table is there.
fn rows(table: &Name, before: &Schema, change: RowChange) -> Vec<Ddl> {
    let body = before.tables().get(table).map(Arc::clone);
    let read = change.tables_read().into_iter().filter_map(|name| Some((name.clone(), Arc::clone(before.tables().get(name)?))));
    let read: BTreeMap<Name, Arc<Table>> = read.collect();
    let reads = if changed(before, table, &change).iter().any(|table| read.contains_key(table)) {
        RowsRead::Changed
    } else {
        RowsRead::Others
    };
    body.map(|body| Ddl::Rows(ChangedRows { table: table.clone(), body, change, read, reads })).into_iter().collect()
}

/// The tables in which a change sets values.
fn changed(before: &Schema, table: &Name, change: &RowChange) -> Vec<Name> {
    let RowChange::Update { sets, .. } = change else { return Vec::new() };
    let columns = sets.iter().map(|set| set.column.clone()).collect();
    reach::reached(before, table, Reach::Updated(columns)).into_iter().map(|reached| reached.table).collect()
}

/// What a change of rows reaches by foreign keys, and the keys that it depends on.
fn touches_reached(schema: &Schema, table: &Name, reach: Reach, footprint: &mut Footprint) {
    for Reached { table, .. } in reach::reached(schema, table, reach) {
        footprint.write(&table, Part::Rows);
        for (owner, constraint, key) in schema.incoming(&table) {
            footprint.read(owner, Part::Rows);
            footprint.read(owner, Part::Constraint(constraint.name().to_owned()));
            key.columns.iter().for_each(|column| footprint.read_column(owner, column));
        }
    }
}
