//! `insert into TABLE (…) select …`

use std::fmt;

use super::delete::{DeleteRows, Deleter};
use super::{key, rows};
use crate::check::rows as check;
use crate::ddl::Ddl;
use crate::effect::Effects;
use crate::expr::{Expr, Select};
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::operation::about::About;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problems, Role};
use crate::rows::{KeyConflict, QueriedRows, RowChange, RowLock, RowRecord, Seeds, Which};
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
    /// Where the keys of the rows that are inserted are recorded; nothing of it is written.
    pub record: Option<RowRecord>,
}

impl fmt::Display for InsertQuery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{};", self.written())
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
        check::insert_query(schema, self.written(), body, problems);
    }

    fn recorded_as(&mut self, id: &str, before: &Schema) {
        self.record = before.table(&self.table).and_then(|body| key::record(id, body));
    }

    fn seeds(&self, before: &Schema) -> Option<Seeds> {
        key::recorded(before, &self.table, self.record.as_ref())
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        let table = &self.table;
        if let Some(record) = &self.record {
            let which = Which::Recorded(record.clone());
            return Reversal::Back(vec![DeleteRows { table: table.clone(), which, author: Deleter::Compiler }.into()]);
        }
        let why = format!("`{table}` has no key by which its new rows are found again");
        let statement = self.written();
        Reversal::Impossible { why, write: format!("{statement} undo {{ delete from {table} where …; }}") }
    }

    fn restores(&self, _before: &Schema) -> Vec<crate::operation::Operation> {
        Vec::new()
    }

    fn about(&self, _before: &Schema) -> About {
        About::table(&self.table).adding_rows()
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        let tables: Vec<&Name> = self.query.from.iter().map(|from| &from.table).collect();
        self.query.parts().into_iter().map(|part| (tables.clone(), part)).collect()
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects { inserts: Some(self.table.clone()), ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        footprint.write(&self.table, Part::Rows);
        // Which rows are left out depends on every key.
        footprint.read(&self.table, if self.conflict == KeyConflict::Skips { Part::All } else { Part::Itself });
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
        // The downgrade finds them by a key. Whether it stays one is asked of the rows.
        for column in self.record.iter().flat_map(|record| &record.key) {
            footprint.read_column(&self.table, column);
        }
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let InsertQuery { table, columns, query, conflict, record } = self.clone();
        rows(&table, before, RowChange::InsertQuery { columns, query: Box::new(query), conflict, record, locks: RowLock::None })
    }
}

impl InsertQuery {
    fn written(&self) -> QueriedRows<'_> {
        let InsertQuery { table, columns, query, conflict, record: _ } = self;
        QueriedRows { table, columns, query, conflict: *conflict }
    }
}
