//! Rows are kept before they are changed or deleted.

use std::fmt;
use std::sync::Arc;

use super::kept::{first, of, same_key, select};
use super::{DeleteRows, RestoreRows, UpdateRows, rows};
use crate::check::name;
use crate::ddl::Ddl;
use crate::effect::{Effects, Reach, Reached};
use crate::expr::{Binary, Expr, FromTable, Join, Select};
use crate::footprint::Footprint;
use crate::name::{Name, Written};
use crate::naming::{free_number, is_used, kept_name};
use crate::operation::about::{About, RowKeeping};
use crate::operation::{Operate, Operation, Reversal};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::rows::{KeyConflict, RowChange, RowLock, Which};
use crate::schema::{Column, Constraint, KeptOf, KeptTable, Rule, Schema, Table, Timing};

/// `update TABLE set … keep data;` and `delete from TABLE … keep data;` The rows as they were are in a table of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeepRows {
    /// What is done with the rows.
    pub change: KeptChange,
    /// The how manieth of its table it is; the first that is free where it is absent.
    pub number: Option<u16>,
}

/// What is done with rows that are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptChange {
    /// They get other values: the old ones are kept, by key.
    Update(UpdateRows),
    /// They go: all of their values are kept.
    Delete(DeleteRows),
}

impl fmt::Display for KeepRows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let change = self.change.operation().to_string();
        write!(out, "{} keep data;", change.trim_end_matches(';'))
    }
}

impl KeptChange {
    /// A change whose rows can be kept.
    pub(crate) fn of(operation: &Operation) -> Option<KeptChange> {
        if let Operation::UpdateRows(update) = operation {
            return Some(KeptChange::Update(update.clone()));
        }
        if let Operation::DeleteRows(delete) = operation { Some(KeptChange::Delete(delete.clone())) } else { None }
    }

    fn operation(&self) -> &dyn Operate {
        match self {
            KeptChange::Update(update) => update,
            KeptChange::Delete(delete) => delete,
        }
    }

    fn operation_mut(&mut self) -> &mut dyn Operate {
        match self {
            KeptChange::Update(update) => update,
            KeptChange::Delete(delete) => delete,
        }
    }

    fn table(&self) -> &Name {
        match self {
            KeptChange::Update(update) => &update.table,
            KeptChange::Delete(delete) => &delete.table,
        }
    }

    fn kept_of(&self) -> KeptOf {
        match self {
            KeptChange::Update(_) => KeptOf::Values,
            KeptChange::Delete(_) => KeptOf::Rows,
        }
    }

    /// Whether the values of a column are kept besides the key.
    fn keeps(&self, column: &str) -> bool {
        match self {
            KeptChange::Update(update) => update.sets.iter().any(|set| set.column == column),
            KeptChange::Delete(_) => true,
        }
    }

    fn sets(&self, column: &str) -> bool {
        match self {
            KeptChange::Update(_) => self.keeps(column),
            KeptChange::Delete(_) => false,
        }
    }

    fn which(&self) -> &Which {
        match self {
            KeptChange::Update(update) => &update.which,
            KeptChange::Delete(delete) => &delete.which,
        }
    }

    fn from(&self) -> Option<&FromTable> {
        match self {
            KeptChange::Update(update) => update.from.as_ref(),
            KeptChange::Delete(_) => None,
        }
    }

    /// The same, for rows that are also kept.
    fn with(&self, condition: Expr) -> KeptChange {
        let both = |which: &Which| match which {
            Which::Where(own) => Which::Where(Expr::binary(own.clone(), Binary::And, condition.clone())),
            Which::All | Which::Recorded(_) => Which::Where(condition.clone()),
        };
        match self {
            KeptChange::Update(update) => KeptChange::Update(UpdateRows { which: both(&update.which), ..update.clone() }),
            KeptChange::Delete(delete) => KeptChange::Delete(DeleteRows { which: both(&delete.which), ..delete.clone() }),
        }
    }
}

impl Operate for KeepRows {
    fn complete(&mut self, before: &Schema) {
        self.change.operation_mut().complete(before);
    }

    /// Rules `keep_rows` and those of the statement itself.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        self.change.operation().apply(schema, problems);
        let Some(body) = schema.table(self.change.table()) else { return };
        if let Some(problem) = self.refused(schema, body) {
            problems.push(problem);
            return;
        }
        let Some((place, kept)) = self.kept(schema) else { return };
        let slot = Slot::new(Role::Table, self.change.table().to_string());
        name::new_qualified(schema, Role::Table, &place, &slot, problems);
        schema.put(place, Arc::new(kept));
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![RestoreRows { table: self.change.table().clone(), number: self.number }.into()])
    }

    fn about(&self, before: &Schema) -> About {
        let mut about = self.change.operation().about(before);
        about.tables.extend(self.kept(before).map(|(place, _)| place));
        about.of_kept_rows(RowKeeping::Keeps)
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        self.change.operation().expressions()
    }

    /// What it does to its own rows is undone.
    fn effects(&self, before: &Schema) -> Effects {
        let effects = self.change.operation().effects(before);
        Effects { reaches: Vec::new(), kept: effects.reaches, ..effects }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        self.change.operation().touches(before, footprint);
        let Some((place, kept)) = self.kept(before) else { return };
        footprint.write_table(before, &place, &kept);
        kept.columns.iter().for_each(|column| footprint.read_column(self.change.table(), &column.name));
    }

    /// The rows of the change itself are those that were kept a moment before.
    fn followed(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        [self.create(before), self.change.operation().lower(before, before)].concat()
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        let Some((place, kept)) = self.kept(before) else { return Vec::new() };
        let change = self.change.with(self.is_kept(&place, &kept));
        [self.create(before), change.operation().lower(after, after)].concat()
    }
}

impl KeepRows {
    /// What makes the table of what is kept, and fills it.
    fn create(&self, before: &Schema) -> Vec<Ddl> {
        let Some((place, kept)) = self.kept(before) else { return Vec::new() };
        let columns: Vec<String> = kept.columns.iter().map(|column| column.name.clone()).collect();
        let query = Box::new(self.query(before, &columns));
        let copy =
            RowChange::InsertQuery { columns, query, conflict: KeyConflict::Fails, record: None, locks: RowLock::UntilCommit };
        let mut with_kept = before.clone();
        let kept = Arc::new(kept);
        with_kept.put(place.clone(), Arc::clone(&kept));
        let create = Ddl::CreateTable { name: place.clone(), table: kept };
        std::iter::once(create).chain(rows(&place, &with_kept, copy)).collect()
    }

    /// Rule `keep_rows`: what would not be restored.
    fn refused(&self, schema: &Schema, body: &Table) -> Option<Problem> {
        let (table, key) = (self.change.table(), body.primary_key());
        let slot = Slot::new(Role::Table, table.to_string());
        if key.is_empty() {
            let message = format!("`keep data` requires a primary key, and `{table}` has none");
            let help = "describe the downgrade in an undo block instead: it finds rows that are kept by their primary key";
            return Some(Problem::new("keep_rows", slot, message).help(help));
        }
        if let Some(column) = key.iter().find(|column| self.change.sets(column)) {
            let message = format!("`keep data` cannot restore `{}`, a column of the primary key", Written(column));
            let help = "describe the downgrade in an undo block instead: it finds rows that are kept by their primary key";
            return Some(Problem::new("keep_rows", slot, message).help(help));
        }
        let effects = self.change.operation().effects(schema);
        // The first is the statement itself.
        let Reached { table: other, reach } = effects.reaches.into_iter().nth(1)?;
        let what = match reach {
            Reach::Deleted => "deleted",
            Reach::Updated(_) => "changed",
        };
        let others = if other == *table { "other rows" } else { "rows" };
        let message = format!("{others} of `{other}` are {what} too, by a foreign key, and are not kept");
        let help = "describe the downgrade in an undo block instead, or drop the foreign key before it and add it again after it";
        let note = "the foreign key has `on delete` or `on update` with an action other than `no action` and `restrict`";
        Some(Problem::new("keep_rows", slot, message).help(help).note(note))
    }

    /// The table of what is kept, and its name.
    fn kept(&self, before: &Schema) -> Option<(Name, Table)> {
        let table = self.change.table();
        let body = before.table(table)?;
        let names =
            |number| ["rows", "rows_pkey"].map(|label| table.sibling(kept_name(&format!("{}_{label}", table.name), number)));
        let is_taken = |number| names(number).iter().any(|name| is_used(before, name));
        let number = self.number.unwrap_or_else(|| free_number(is_taken));
        let [place, key_name] = names(number);
        let key = body.primary_key();
        let is_kept = |column: &&Column| key.contains(&column.name) || self.change.keeps(&column.name);
        let bare = |column: &Column| Column { default: None, counter: None, comment: None, kept: None, ..column.clone() };
        let rule = Rule::PrimaryKey { columns: key.to_vec() };
        let kept = KeptTable { name: table.name.clone(), number, parts: Vec::new(), of: self.change.kept_of() };
        let kept = Table {
            columns: body.columns.iter().filter(is_kept).map(bare).collect(),
            constraints: vec![Constraint { name: Some(key_name.name), rule, timing: Timing::Immediate }],
            kept: Some(kept),
            ..Table::default()
        };
        Some((place, kept))
    }

    /// The rows as they are before the change.
    fn query(&self, before: &Schema, columns: &[String]) -> Select {
        let table = self.change.table();
        let values = columns.iter().map(|column| of(table, column)).collect();
        let mut condition = self.change.which().condition().cloned();
        condition.iter_mut().for_each(|condition| condition.qualify_all(table, before.tables()));
        let beside = self.change.from().map(|other| {
            let other = FromTable { join: Join::First, ..other.clone() };
            Expr::Exists(Box::new(select(vec![Expr::Number("1".into())], other, condition.clone())))
        });
        select(values, first(table), beside.or(condition))
    }

    /// Whether a row of the table is kept.
    fn is_kept(&self, place: &Name, kept: &Table) -> Expr {
        let same = same_key(self.change.table(), place, kept);
        Expr::Exists(Box::new(select(vec![Expr::Number("1".into())], first(place), same)))
    }
}
