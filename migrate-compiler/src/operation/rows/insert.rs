//! `insert into TABLE (…) values (…)`

use std::fmt;

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
use crate::rows::{Given, KeyConflict, NewRows, RowChange, Which};
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

    fn reverse(&self, before: &Schema) -> Reversal {
        let Some(body) = before.table(&self.table) else { return Reversal::Back(Vec::new()) };
        match (self.conflict, key::condition(body, &self.columns, &self.rows)) {
            (KeyConflict::Fails, Some(condition)) => {
                let which = Which::Where(condition);
                Reversal::Back(vec![DeleteRows { table: self.table.clone(), which, author: Deleter::Compiler }.into()])
            }
            (KeyConflict::Fails, None) => {
                let table = &self.table;
                let why = format!("no key of the new rows of `{table}` is known");
                Reversal::Impossible { why, write: format!("{} undo nothing \"the rows may stay\";", self.brief()) }
            }
            (KeyConflict::Skips, Some(_) | None) => {
                let why = "which of the rows are new is not known before the statement runs".to_owned();
                let write = format!("{} undo nothing \"the rows may stay\";", self.brief());
                Reversal::Impossible { why, write }
            }
        }
    }

    fn restores(&self, _before: &Schema) -> Vec<crate::operation::Operation> {
        Vec::new()
    }

    fn about(&self, _before: &Schema) -> About {
        About::table(&self.table).adding_rows()
    }

    fn expressions(&self) -> Vec<(&Name, &Expr)> {
        Vec::new()
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
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let InsertRows { table, columns, rows: new, conflict } = self.clone();
        rows(&table, before, RowChange::Insert { columns, rows: new, conflict })
    }
}

impl InsertRows {
    fn written(&self) -> NewRows<'_> {
        let InsertRows { table, columns, rows, conflict } = self;
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
