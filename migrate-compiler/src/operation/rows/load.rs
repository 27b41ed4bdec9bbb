//! `insert into TABLE (…) from "FILE"`

use std::fmt;

use super::delete::{DeleteRows, Deleter};
use super::{key, rows};
use crate::check::load as check;
use crate::ddl::Ddl;
use crate::effect::Effects;
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::{Name, WrittenList};
use crate::operation::about::About;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problems, Role};
use crate::rows::{FileRows, KeyConflict, RowChange, RowRecord, Seeds, Which};
use crate::rows_file::{FileColumn, RowsFile};
use crate::schema::Schema;

/// `insert into TABLE (COLUMN, …) from "FILE" [on conflict do nothing];`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadRows {
    /// The table.
    pub table: Name,
    /// The columns that the file has values of.
    pub columns: Vec<String>,
    /// The path of the file, as it is written.
    pub file: String,
    /// What becomes of a row whose key is there.
    pub conflict: KeyConflict,
    /// Where the keys of the rows that are inserted are recorded; nothing of it is written.
    pub record: Option<RowRecord>,
}

impl fmt::Display for LoadRows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{};", self.brief())
    }
}

impl Operate for LoadRows {
    fn complete(&mut self, _before: &Schema) {}

    /// The rules of [`check::load`].
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(body) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        let LoadRows { table, columns, file, conflict, record: _ } = self;
        check::load(FileRows { table, columns, file, conflict: *conflict }, body, problems);
    }

    fn recorded_as(&mut self, id: &str, before: &Schema) {
        self.record = before.table(&self.table).and_then(|body| key::record(id, body));
    }

    fn seeds(&self, before: &Schema) -> Option<Seeds> {
        key::recorded(before, &self.table, self.record.as_ref())
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        match self.record.clone().map(Which::Recorded) {
            Some(which) => {
                Reversal::Back(vec![DeleteRows { table: self.table.clone(), which, author: Deleter::Compiler }.into()])
            }
            None => Reversal::Impossible {
                why: format!("`{}` has no key by which its new rows are found again", self.table),
                write: format!("{} undo nothing \"the rows may stay\";", self.brief()),
            },
        }
    }

    fn restores(&self, _before: &Schema) -> Vec<crate::operation::Operation> {
        Vec::new()
    }

    fn about(&self, _before: &Schema) -> About {
        About::table(&self.table).adding_rows()
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        Vec::new()
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects { inserts: Some(self.table.clone()), ..Effects::default() }
    }

    fn file(&self, before: &Schema) -> Option<RowsFile> {
        let body = before.table(&self.table)?;
        let columns = self.columns.iter().filter_map(|name| body.column(name)).map(FileColumn::of).collect();
        Some(RowsFile { name: self.file.clone(), columns })
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        let table = &self.table;
        footprint.write(table, Part::Rows);
        // Which rows are left out depends on every key.
        footprint.read(table, if self.conflict == KeyConflict::Skips { Part::All } else { Part::Itself });
        let Some(body) = before.table(table) else { return };
        let is_named = |name: &String| self.columns.contains(name);
        for column in &body.columns {
            footprint.read(table, Part::Null(column.name.clone()));
            if is_named(&column.name) {
                footprint.read_column(table, &column.name);
            } else {
                footprint.read(table, Part::Default(column.name.clone()));
            }
        }
        for key in body.foreign_keys().map(|(_, key)| key).filter(|key| key.columns.iter().any(is_named)) {
            footprint.read(&key.table, Part::Rows);
            key.references.iter().for_each(|column| footprint.read_column(&key.table, column));
        }
        for column in self.record.iter().flat_map(|record| &record.key) {
            footprint.read_column(table, column);
        }
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let LoadRows { table, columns, file, conflict, record } = self.clone();
        rows(&table, before, RowChange::Load { columns, file, conflict, record })
    }
}

impl LoadRows {
    /// The statement without its end.
    fn brief(&self) -> String {
        let LoadRows { table, columns, file, conflict, record: _ } = self;
        let columns = if columns.is_empty() { String::new() } else { format!("({}) ", WrittenList(columns)) };
        format!("insert into {table} {columns}from {file:?}{conflict}")
    }
}
