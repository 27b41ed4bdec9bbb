//! `update TABLE set …`

use std::fmt;

use super::reach::reached;
use super::rows;
use crate::check::rows as check;
use crate::ddl::Ddl;
use crate::effect::{Break, Effects, Reach};
use crate::expr::{Expr, FromTable};
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::operation::about::About;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problems, Role};
use crate::rows::{Assignment, Given, NewValues, RowBatches, RowChange, Which};
use crate::schema::Schema;

/// `update TABLE set COLUMN = EXPR, … [from OTHER] [where EXPR];`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateRows {
    /// The table.
    pub table: Name,
    /// The values.
    pub sets: Vec<Assignment>,
    /// Another table that is read with it, of which at most one row goes with each row.
    pub from: Option<FromTable>,
    /// The rows that get them.
    pub which: Which,
}

impl fmt::Display for UpdateRows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "update {};", self.written())
    }
}

impl Operate for UpdateRows {
    fn complete(&mut self, before: &Schema) {
        self.sets.iter_mut().for_each(|set| before.resolve(&mut set.value));
        before.resolve(&mut self.which);
        let values = self.sets.iter_mut().filter_map(|set| set.value.value_mut()).chain(self.which.condition_mut());
        values.for_each(|value| value.qualify(&self.table, before.tables()));
    }

    /// The rules of [`check::update`].
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(body) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        check::update(schema, self.written(), body, problems);
    }

    /// The schema stays as it is. The [effects](Effects::reaches) say whether the rows need an `undo`.
    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(Vec::new())
    }

    fn about(&self, _before: &Schema) -> About {
        About::table(&self.table).changing_rows()
    }

    fn in_batches(&self) -> Option<&UpdateRows> {
        Some(self)
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        let values = self.sets.iter().filter_map(|set| set.value.value());
        let tables: Vec<&Name> = std::iter::once(&self.table).chain(self.from.iter().map(|from| &from.table)).collect();
        values.chain(self.which.condition()).map(|expr| (tables.clone(), expr)).collect()
    }

    fn effects(&self, before: &Schema) -> Effects {
        let (table, columns) = (&self.table, self.columns());
        let is_bounded = before.table(table).is_some_and(|body| super::key::is_bounded(body, &self.which));
        let breaks = (!is_bounded).then(|| Break::UpdatedRows { table: table.clone() });
        Effects {
            reaches: reached(before, table, Reach::Updated(columns)),
            breaks: breaks.into_iter().collect(),
            ..Effects::default()
        }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        let table = &self.table;
        footprint.write(table, Part::Rows);
        for set in &self.sets {
            footprint.read_column(table, &set.column);
            footprint.read(table, Part::Null(set.column.clone()));
            match &set.value {
                Given::Default => footprint.read(table, Part::Default(set.column.clone())),
                Given::Value(value) => footprint.read_value(before, (table, self.from.as_ref()), value),
            }
        }
        self.from.iter().for_each(|from| footprint.read_table(before, &from.table));
        let condition = self.which.condition().into_iter();
        condition.for_each(|condition| footprint.read_value(before, (table, self.from.as_ref()), condition));
        super::touches_reached(before, table, Reach::Updated(self.columns()), footprint);
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        self.lowered(before, None)
    }
}

impl UpdateRows {
    /// What the dialects write, all at once or in batches.
    pub(super) fn lowered(&self, before: &Schema, batches: Option<RowBatches>) -> Vec<Ddl> {
        let UpdateRows { table, sets, from, which } = self.clone();
        rows(&table, before, RowChange::Update { sets, from: from.map(Box::new), which, batches })
    }

    pub(super) fn written(&self) -> NewValues<'_> {
        NewValues { table: &self.table, sets: &self.sets, from: self.from.as_ref(), which: &self.which }
    }

    fn columns(&self) -> Vec<String> {
        self.sets.iter().map(|set| set.column.clone()).collect()
    }
}
