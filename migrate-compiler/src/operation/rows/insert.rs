//! `insert into TABLE (…) values (…)`

use std::fmt;
use std::sync::Arc;

use super::delete::{DeleteRows, Deleter};
use super::{key, rows};
use crate::check::rows as check;
use crate::ddl::Ddl;
use crate::effect::Effects;
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::operation::about::About;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problems, Role};
use crate::rows::{Given, KeyConflict, NewRows, RowChange, RowRecord, Seeds, Which};
use crate::schema::{Column, Schema, Table};

/// `insert into TABLE (COLUMN, …) values (EXPR, …), … [on conflict do nothing];`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsertRows {
    /// The table.
    pub table: Name,
    /// The columns that are given values.
    pub columns: Vec<String>,
    /// The values of each row, in the order of the columns.
    pub rows: Vec<Vec<Given>>,
    /// What becomes of a row whose key is there.
    pub conflict: KeyConflict,
    /// Where the keys of the rows that are inserted are recorded; nothing of it is written.
    pub record: Option<RowRecord>,
}

impl fmt::Display for InsertRows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{};", self.written())
    }
}

impl Operate for InsertRows {
    fn complete(&mut self, before: &Schema) {
        for given in self.rows.iter_mut().flatten() {
            before.resolve(given);
            given.value_mut().into_iter().for_each(|value| value.qualify_alone(before.tables()));
        }
    }

    /// The rules of [`check::insert`].
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(body) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        check::insert(schema, &self.written(), body, problems);
    }

    fn recorded_as(&mut self, id: &str, before: &Schema) {
        let Some(body) = before.table(&self.table) else { return };
        let is_known = self.conflict == KeyConflict::Fails && key::condition(body, &self.columns, &self.rows).is_some();
        // What is not known of a row would change unseen.
        let is_compared = key::is_compared(body, &self.columns, &self.rows);
        self.record = if is_known && is_compared { None } else { key::record(id, body) };
    }

    fn seeds(&self, before: &Schema) -> Option<Seeds> {
        let body = before.tables().get(&self.table)?;
        let unchanged = if self.record.is_none() { Some(key::unchanged(body, &self.columns, &self.rows)?) } else { None };
        Some(Seeds { table: self.table.clone(), body: Arc::clone(body), which: self.which(body), unchanged })
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let Some(body) = before.table(&self.table) else { return Reversal::Back(Vec::new()) };
        match self.which(body) {
            Some(which) => {
                Reversal::Back(vec![DeleteRows { table: self.table.clone(), which, author: Deleter::Compiler }.into()])
            }
            None => {
                let why = format!("`{}` has no key by which its new rows are found again", self.table);
                Reversal::Impossible { why, write: format!("{} undo nothing \"the rows may stay\";", self.brief()) }
            }
        }
    }

    fn restores(&self, _before: &Schema) -> Vec<crate::operation::Operation> {
        Vec::new()
    }

    fn about(&self, _before: &Schema) -> About {
        About::table(&self.table).adding_rows()
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        self.rows.iter().flatten().filter_map(Given::value).map(|value| (Vec::new(), value)).collect()
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects { inserts: Some(self.table.clone()), ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        footprint.write(&self.table, Part::Rows);
        // Which rows are left out depends on every key.
        footprint.read(&self.table, if self.conflict == KeyConflict::Skips { Part::All } else { Part::Itself });
        let Some(body) = before.table(&self.table) else { return };
        body.columns.iter().for_each(|column| self.reads(column, footprint));
        for key in body.foreign_keys().map(|(_, key)| key).filter(|key| self.gives_any(body, &key.columns)) {
            footprint.read(&key.table, Part::Rows);
            key.references.iter().for_each(|column| footprint.read_column(&key.table, column));
        }
        for value in self.rows.iter().flatten().filter_map(Given::value) {
            footprint.read_value(before, (&self.table, None), value);
        }
        // The downgrade finds them by a key. Whether it stays one is asked of the rows.
        for column in self.which(body).iter().flat_map(Which::columns) {
            footprint.read_column(&self.table, column);
        }
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let InsertRows { table, columns, rows: new, conflict, record } = self.clone();
        rows(&table, before, RowChange::Insert { columns, rows: new, conflict, record })
    }
}

impl InsertRows {
    /// By what the rows that it really inserted are found again.
    fn which(&self, body: &Table) -> Option<Which> {
        let known = key::condition(body, &self.columns, &self.rows).filter(|_| self.conflict == KeyConflict::Fails);
        self.record.clone().map(Which::Recorded).or(known.map(Which::Where))
    }

    fn written(&self) -> NewRows<'_> {
        let InsertRows { table, columns, rows, conflict, record: _ } = self;
        NewRows { table, columns, rows, conflict: *conflict }
    }

    /// The statement without its end, with one row at most.
    fn brief(&self) -> String {
        let more = if self.rows.len() > 1 { ", …" } else { "" };
        let first = NewRows { rows: self.rows.get(..1).unwrap_or_default(), conflict: KeyConflict::Fails, ..self.written() };
        format!("{first}{more}{}", self.conflict)
    }

    /// What of a column the rows depend on: one that is left out gets its default.
    fn reads(&self, column: &Column, footprint: &mut Footprint) {
        let place = self.columns.iter().position(|name| *name == column.name);
        if place.is_some() {
            footprint.read_column(&self.table, &column.name);
        }
        let is_default = |row: &Vec<Given>| place.is_none_or(|place| matches!(row.get(place), Some(Given::Default)));
        if self.rows.iter().any(is_default) {
            footprint.read(&self.table, Part::Default(column.name.clone()));
            footprint.read(&self.table, Part::Null(column.name.clone()));
        }
    }

    /// Whether a row has values in all of these columns.
    fn gives_any(&self, body: &Table, columns: &[String]) -> bool {
        let has_value = |row: &Vec<Given>, name: &String| {
            let Some(column) = body.column(name) else { return false };
            let place = self.columns.iter().position(|own| own == name);
            let given = place.and_then(|place| row.get(place)).unwrap_or(&Given::Default);
            given.of(column).is_none_or(|value| !value.is_null())
        };
        self.rows.iter().any(|row| columns.iter().all(|name| has_value(row, name)))
    }
}
