//! `insert into TABLE (…) select …`

use std::fmt;

use super::rows;
use crate::check::rows as check;
use crate::ddl::Ddl;
use crate::effect::Effects;
use crate::expr::{Expr, Select};
use crate::footprint::{Footprint, Part};
use crate::name::{Name, WrittenList};
use crate::operation::about::About;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problems, Role};
use crate::rows::{KeyConflict, RowChange};
use crate::schema::{Schema, Typed};

/// `insert into TABLE (COLUMN, …) select … [on conflict do nothing];`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsertQuery {
    /// The table.
    pub table: Name,
    /// The columns that are given values.
    pub columns: Vec<String>,
    /// The rows, with a value for each of the columns.
    pub query: Select,
    /// What becomes of a row whose key is there.
    pub conflict: KeyConflict,
}

impl fmt::Display for InsertQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "insert into {} ({}) {}{};", self.table, WrittenList(&self.columns), self.query, self.conflict)
    }
}

impl Operate for InsertQuery {
    fn complete(&mut self, before: &Schema) {
        for part in self.query.parts_mut() {
            part.each_type(&mut |ty| before.resolve(ty));
        }
        self.query.qualify(before.tables());
    }

    /// The rules of [`check::insert_query`].
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(body) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        check::insert_query(schema, self, body, problems);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        let table = &self.table;
        let why = "which rows the query gives is not known before the statement runs".to_owned();
        let statement = self.to_string();
        let statement = statement.trim_end_matches(';');
        Reversal::Impossible { why, write: format!("{statement} undo {{ delete from {table} where …; }}") }
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
        footprint.read(&self.table, Part::Itself);
        footprint.read_query(before, &self.query);
        let Some(body) = before.table(&self.table) else { return };
        for column in &body.columns {
            footprint.read_column(&self.table, &column.name);
            footprint.read(&self.table, Part::Null(column.name.clone()));
            if !self.columns.contains(&column.name) {
                footprint.read(&self.table, Part::Default(column.name.clone()));
            }
        }
        for (_, key) in body.foreign_keys() {
            footprint.read(&key.table, Part::Rows);
            key.references.iter().for_each(|column| footprint.read_column(&key.table, column));
        }
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let InsertQuery { table, columns, query, conflict } = self.clone();
        rows(&table, before, RowChange::InsertQuery { columns, query, conflict })
    }
}
