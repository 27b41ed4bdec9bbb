//! `backfill TABLE set …`

use std::fmt;

use super::key;
use super::update::UpdateRows;
use crate::check::backfill as check;
use crate::ddl::Ddl;
use crate::effect::Effects;
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::{Name, WrittenList};
use crate::operation::about::About;
use crate::operation::{Operate, Reversal};
use crate::problem::Problems;
use crate::rows::RowBatches;
use crate::schema::{Rule, Schema, Table};

/// `backfill TABLE set COLUMN = EXPR, … [where EXPR] [in batches of N];`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    /// What each row gets.
    pub update: UpdateRows,
    /// How many rows a batch takes at most.
    pub most: Option<u64>,
}

impl fmt::Display for Backfill {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let update = self.update.to_string();
        let what = update.strip_prefix("update ").unwrap_or(&update).trim_end_matches(';');
        write!(out, "backfill {what}")?;
        self.most.iter().try_for_each(|most| write!(out, " in batches of {most}"))?;
        out.write_str(";")
    }
}

impl Operate for Backfill {
    fn complete(&mut self, before: &Schema) {
        self.update.complete(before);
    }

    /// The rules of an update, and `backfill_key`. What the application does while it runs is remarked.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        self.update.apply(schema, problems);
        let Some(body) = schema.table(&self.update.table) else { return };
        check::key(&self.update.table, self.key(body).as_deref(), &self.update.to_string(), problems);
        check::reads(schema, self.update.written(), body, problems);
        let columns: Vec<String> = self.update.sets.iter().map(|set| set.column.clone()).collect();
        problems.remark(format!(
            "while the backfill runs, the application itself must set ({}) in the rows of `{}` that it inserts, or whose key it changes",
            WrittenList(&columns),
            self.update.table
        ));
    }

    /// The schema stays as it is. The [effects](Effects::reaches) say whether the rows need an `undo`.
    fn reverse(&self, before: &Schema) -> Reversal {
        self.update.reverse(before)
    }

    fn about(&self, before: &Schema) -> About {
        self.update.about(before)
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        self.update.expressions()
    }

    /// Those of an update, but for the rows that it would keep locked.
    fn effects(&self, before: &Schema) -> Effects {
        Effects { breaks: Vec::new(), ..self.update.effects(before) }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        self.update.touches(before, footprint);
        let table = &self.update.table;
        let Some(body) = before.table(table) else { return };
        for column in self.key(body).into_iter().flatten() {
            footprint.read_column(table, &column);
            footprint.read(table, Part::Null(column));
        }
        // Another key that comes before it would be taken instead.
        let primary = body.constraints.iter().find(|one| matches!(one.rule, Rule::PrimaryKey { .. }));
        match primary.filter(|one| self.key(body).is_some_and(|key| key == one.rule.key_columns())) {
            Some(primary) => {
                footprint.read(table, Part::PrimaryKey);
                footprint.read(table, Part::Constraint(primary.name().to_owned()));
            }
            None => footprint.read(table, Part::All),
        }
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let key = before.table(&self.update.table).and_then(|body| self.key(body)).unwrap_or_default();
        self.update.lowered(before, Some(RowBatches { key, most: self.most }))
    }
}

impl Backfill {
    /// The key by which its batches go: one that it does not set, and that no row lacks.
    pub fn key(&self, body: &Table) -> Option<Vec<String>> {
        let is_set = |column: &String| self.update.sets.iter().any(|set| set.column == *column);
        let is_whole = |column: &String| body.column(column).is_some_and(|column| !column.nullable);
        key::keys(body).into_iter().find(|key| key.iter().all(|column| is_whole(column) && !is_set(column)))
    }
}
