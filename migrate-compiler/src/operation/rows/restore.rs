//! Rows that were kept come back.

use std::fmt;

use super::kept::{first, of, same_key, select};
use super::rows;
use crate::ddl::Ddl;
use crate::effect::{Demand, Effects, Reach, Reached};
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::objects::Kind;
use crate::operation::about::{About, RowKeeping};
use crate::operation::{Operate, Operation, Reversal, resolve};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::rows::{Assignment, Given, KeyConflict, RowChange, RowLock, Which};
use crate::schema::{Column, Index, KeptOf, KeptTable, Schema, Table};

/// `restore rows of TABLE;` What was kept last of its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreRows {
    /// The table.
    pub table: Name,
    /// The how manieth of this table; the last where it is absent.
    pub number: Option<u16>,
}

impl fmt::Display for RestoreRows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "restore rows of {};", self.table)
    }
}

impl Operate for RestoreRows {
    fn complete(&mut self, _before: &Schema) {}

    /// Rules `unknown_table` and `unknown_kept`.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        if resolve::table(schema, &self.table, Role::Table, problems).is_none() {
            return;
        }
        let slot = || Slot::new(Role::Table, self.table.to_string());
        let Some((place, kept, of)) = self.kept(schema) else {
            let message = format!("no kept rows for table `{}`", self.table);
            problems.push(Problem::new("unknown_kept", slot(), message));
            return;
        };
        if let Some(column) = schema.table(&self.table).and_then(|body| self.changed(body, kept, of)) {
            let message = format!("the kept rows of `{}` do not fit it any more: `{}` has changed", self.table, Written(column));
            let help = format!("drop them with `drop table {place};`, and insert what is needed of them before");
            problems.push(Problem::new("keep_rows", slot(), message).help(help));
            return;
        }
        schema.objects.remove(&(Kind::Table, place));
    }

    /// What the rows are before it is not known, so that it cannot keep them again.
    fn reverse(&self, _before: &Schema) -> Reversal {
        let why = format!("the rows of `{}` are not kept a second time", self.table);
        Reversal::Impossible { why, write: format!("down {{ restore rows of {}; … }}", self.table) }
    }

    fn restores(&self, _before: &Schema) -> Vec<Operation> {
        Vec::new()
    }

    fn about(&self, before: &Schema) -> About {
        let mut about = About::table(&self.table).changing_rows();
        about.tables.extend(self.kept(before).map(|(place, ..)| place));
        about.of_kept_rows(RowKeeping::Restores)
    }

    fn effects(&self, before: &Schema) -> Effects {
        let Some((place, kept, of)) = self.kept(before) else { return Effects::default() };
        let there = Demand::Kept { table: place.clone(), column: None };
        match of {
            KeptOf::Rows | KeptOf::Table => {
                let demands = std::iter::once(there).chain(self.demands(before, &place)).collect();
                Effects { demands, inserts: Some(self.table.clone()), ..Effects::default() }
            }
            KeptOf::Values => {
                let reach = Reach::Updated(values(kept));
                let reaches = vec![Reached { table: self.table.clone(), reach }];
                Effects { demands: vec![there], reaches, ..Effects::default() }
            }
        }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        let Some((place, kept, _)) = self.kept(before) else { return };
        footprint.write_table(before, &place, kept);
        footprint.write(&self.table, Part::Rows);
        kept.columns.iter().for_each(|column| footprint.read_column(&self.table, &column.name));
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let Some((place, kept, of)) = self.kept(before) else { return Vec::new() };
        let change = match of {
            KeptOf::Rows | KeptOf::Table => inserted(&place, kept),
            KeptOf::Values => self.updated(&place, kept),
        };
        rows(&self.table, before, change).into_iter().chain([Ddl::DropTable { name: place }]).collect()
    }
}

impl RestoreRows {
    /// What was kept last of the table, or the one of the number.
    fn kept<'s>(&self, before: &'s Schema) -> Option<(Name, &'s Table, KeptOf)> {
        let kept = before.tables().iter().filter_map(|(place, table)| Some((place, &**table, table.kept.as_ref()?)));
        let is_own = |place: &Name, kept: &KeptTable| {
            kept.of != KeptOf::Table
                && place.sibling(kept.name.as_str()) == self.table
                && self.number.is_none_or(|number| number == kept.number)
        };
        let own = kept.filter(|(place, _, kept)| is_own(place, kept));
        own.max_by_key(|(.., kept)| kept.number).map(|(place, table, kept)| (place.clone(), table, kept.of))
    }

    /// A column that is another one than when the rows were kept, or that they have no value for.
    fn changed<'s>(&self, body: &'s Table, kept: &'s Table, of: KeptOf) -> Option<&'s str> {
        let is_other =
            |column: &&Column| body.column(&column.name).is_none_or(|now| now.ty != column.ty || now.nullable != column.nullable);
        let changed = kept.columns.iter().find(is_other);
        let is_missing = |column: &&Column| column.is_required() && kept.column(&column.name).is_none();
        let missing = body.columns.iter().find(|column| of == KeptOf::Rows && is_missing(column));
        let key = kept.primary_key().iter().find(|_| body.primary_key() != kept.primary_key());
        changed.or(missing).map(|column| column.name.as_str()).or(key.map(String::as_str))
    }

    /// What must hold of the rows that come back: their keys are free, and what they refer to is there.
    fn demands(&self, before: &Schema, place: &Name) -> Vec<Demand> {
        let Some(body) = before.table(&self.table) else { return Vec::new() };
        let free = |key: &[String]| Demand::Free { table: place.clone(), columns: key.to_vec(), target: self.table.clone() };
        let whole = body.indexes.iter().filter(|index| index.unique && index.filter.is_none());
        let indexes = whole.map(Index::plain_columns).filter(|columns| !columns.is_empty());
        let indexes: Vec<Demand> = indexes.map(|columns| free(&columns)).collect();
        let keys = body.constraints.iter().map(|one| one.rule.key_columns()).filter(|key| !key.is_empty()).map(free);
        let refers = body.foreign_keys().map(|(_, key)| key).filter(|key| key.table != self.table).map(|key| Demand::Refers {
            table: place.clone(),
            columns: key.columns.clone(),
            target: key.table.clone(),
            references: key.references.clone(),
        });
        keys.chain(indexes).chain(refers).collect()
    }

    fn updated(&self, place: &Name, kept: &Table) -> RowChange {
        let set = |column: String| Assignment { value: Given::Value(of(place, &column)), column };
        RowChange::Update {
            sets: values(kept).into_iter().map(set).collect(),
            from: Some(Box::new(first(place))),
            which: same_key(&self.table, place, kept).map_or(Which::All, Which::Where),
            batches: None,
        }
    }
}

/// The columns of what is kept that are none of its key.
fn values(kept: &Table) -> Vec<String> {
    let key = kept.primary_key();
    kept.columns.iter().map(|column| column.name.clone()).filter(|name| !key.contains(name)).collect()
}

fn inserted(place: &Name, kept: &Table) -> RowChange {
    let columns: Vec<String> = kept.columns.iter().map(|column| column.name.clone()).collect();
    let query = Box::new(select(columns.iter().map(|column| of(place, column)).collect(), first(place), None));
    RowChange::InsertQuery { columns, query, conflict: KeyConflict::Fails, record: None, locks: RowLock::None }
}
