//! What is kept, in a table next to the ledger: a row for each thing, written in the transaction that keeps it.
//!
//! The first step that keeps something makes the table, so a ledger without it is one of a history that keeps nothing.

use migrate_history::{KEPT_TABLE, Keeping, KeptObject, KeptPlace};

use super::{Ledger, RunStamp};
use crate::planned_step::PlannedStep;
use crate::sql::{Columns, Parameter, Query};

impl Ledger {
    /// The statements that record what a step does with data that is kept.
    pub fn keep(&self, stamp: &RunStamp, step: PlannedStep<'_>, keeps: &[Keeping]) -> Vec<Query> {
        let rows = keeps.iter().map(|keeping| match keeping {
            Keeping::Kept(kept) => self.insert_kept(stamp, step, kept),
            Keeping::Moved { from, to } => self.move_kept(stamp, from, to),
            Keeping::Restored(place) | Keeping::Dropped(place) => self.delete_kept(stamp, place),
        });
        std::iter::once(Query::new(self.create_kept(), [])).chain(rows).collect()
    }

    fn create_kept(&self) -> String {
        let Columns { number, moment, entry: _ } = self.dialect().columns();
        format!(
            "CREATE TABLE IF NOT EXISTS {} (\n    history text NOT NULL,\n    revision text NOT NULL,\n    \
             direction text NOT NULL,\n    object text NOT NULL,\n    schema_name text,\n    table_name text NOT NULL,\n    \
             column_name text,\n    digest text NOT NULL,\n    row_count {number},\n    kept_at {moment} NOT NULL,\n    \
             kept_by text NOT NULL,\n    tool text NOT NULL,\n    run text NOT NULL,\n    purged_at {moment}\n)",
            self.table(KEPT_TABLE)
        )
    }

    fn insert_kept(&self, stamp: &RunStamp, step: PlannedStep<'_>, kept: &KeptObject) -> Query {
        let KeptObject { object, place, digest } = kept;
        let KeptPlace { schema, table, column } = place;
        let rows = self.dialect().rows(schema.as_deref(), table);
        let template = format!(
            "INSERT INTO {} (history, revision, direction, object, schema_name, table_name, column_name, digest, row_count, \
             kept_at, kept_by, tool, run) VALUES ({{}}, {{}}, {{}}, {{}}, {{}}, {{}}, {{}}, {{}}, ({rows}), {{}}, {{}}, {{}}, {{}})",
            self.table(KEPT_TABLE)
        );
        let values = [
            Parameter::from(&*stamp.history),
            Parameter::from(&*step.planned.revision),
            Parameter::from(step.direction.word()),
            Parameter::from(&**object),
            optional(schema.as_deref()),
            Parameter::from(&**table),
            optional(column.as_deref()),
            Parameter::from(&**digest),
            self.now(),
            stamp.by.clone(),
            super::tool(),
            Parameter::from(&*stamp.run),
        ];
        Query::new(template, values)
    }

    fn move_kept(&self, stamp: &RunStamp, from: &KeptPlace, to: &KeptPlace) -> Query {
        let KeptPlace { schema, table, column } = to;
        let set = [optional(schema.as_deref()), Parameter::from(&**table), optional(column.as_deref())];
        let (condition, values) = is_at(&stamp.history, from);
        let update = "SET schema_name = {}, table_name = {}, column_name = {}";
        let template = format!("UPDATE {} {update} WHERE {condition}", self.table(KEPT_TABLE));
        Query::new(template, set.into_iter().chain(values))
    }

    fn delete_kept(&self, stamp: &RunStamp, place: &KeptPlace) -> Query {
        let (condition, values) = is_at(&stamp.history, place);
        Query::new(format!("DELETE FROM {} WHERE {condition}", self.table(KEPT_TABLE)), values)
    }
}

/// The row of what is kept at a place. What is null is not compared, for a literal of it has no type.
pub(crate) fn is_at(history: &str, KeptPlace { schema, table, column }: &KeptPlace) -> (String, Vec<Parameter>) {
    let mut conditions = vec!["history = {}", "table_name = {}"];
    let mut values = vec![Parameter::from(history), Parameter::from(&**table)];
    let parts = [("schema_name = {}", "schema_name IS NULL", schema), ("column_name = {}", "column_name IS NULL", column)];
    for (given, missing, part) in parts {
        conditions.push(if part.is_some() { given } else { missing });
        values.extend(part.as_deref().map(Parameter::from));
    }
    (conditions.join(" AND "), values)
}

fn optional(text: Option<&str>) -> Parameter {
    Parameter::Text(text.map(str::to_owned))
}
