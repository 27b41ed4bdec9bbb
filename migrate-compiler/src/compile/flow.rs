//! What becomes of the rows: what an upgrade and its downgrade lose, and whether every value comes back to where it was.

use std::collections::BTreeSet;
use std::fmt;

use crate::name::{Name, Written};
use crate::schema::Schema;
use crate::source::Source;
use crate::trace::{Trace, Traced};
use crate::transition::Transition;

/// Data that a downgrade does not bring back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Loss {
    /// All rows of a table.
    Rows(Name),
    /// The values of a column.
    Values(Name, String),
    /// The values of a column as they were before they were rounded or converted.
    Precision(Name, String),
    /// The rows of a table that are deleted.
    Deleted(Name),
    /// Whatever raw SQL did to the data.
    RawSql,
    /// Whatever a function of the program did to the data.
    Program,
}

impl fmt::Display for Loss {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Loss::Rows(table) => write!(out, "the rows of `{table}`"),
            Loss::Values(table, column) => write!(out, "the values of `{table}.{}`", Written(column)),
            Loss::Precision(table, column) => {
                write!(out, "the values of `{table}.{}` as they were before the conversion", Written(column))
            }
            Loss::Deleted(table) => write!(out, "the deleted rows of `{table}`"),
            Loss::RawSql => out.write_str("the data that raw SQL changes"),
            Loss::Program => out.write_str("the data that a Rust function changes"),
        }
    }
}

/// The rows on their way up and down again.
pub(super) struct Flow<'a> {
    start: &'a Schema,
    up: Trace,
    /// Absent where there is no downgrade.
    down: Option<Trace>,
}

impl<'a> Flow<'a> {
    /// Follows the rows of a schema through an upgrade and its downgrade.
    pub fn new<'s>(
        start: &'a Schema,
        steps: impl Iterator<Item = &'s Transition> + Clone,
        back: Option<&[Transition]>,
    ) -> Flow<'a> {
        let end = steps.clone().last().map_or(start, |last| &last.after);
        Flow { start, up: Trace::through(start, steps), down: back.map(|back| Trace::through(end, back)) }
    }

    /// What does not come back, as far as the compiler reads what is done.
    pub fn losses(&self) -> BTreeSet<Loss> {
        self.touched().into_iter().flat_map(|table| self.losses_of(table)).collect()
    }

    /// The tables of the beginning that something may happen to, up or down.
    fn touched(&self) -> BTreeSet<&Name> {
        let down = self.down.iter().flat_map(Trace::touched);
        self.up.touched().chain(down).filter(|name| self.start.tables().contains_key(name)).collect()
    }

    /// Whether nothing happens to a table, up and down.
    fn leaves(&self, table: &Name) -> bool {
        self.up.leaves(table) && self.down.as_ref().is_none_or(|down| down.leaves(table))
    }

    fn losses_of(&self, table: &Name) -> Vec<Loss> {
        let Some(columns) = self.start.table(table).map(|body| &body.columns) else { return Vec::new() };
        let Some(up) = self.place(table).and_then(|place| self.up.table(&place)) else {
            let kept = columns.iter().filter(|column| column.kept.is_some());
            let kept = kept.map(|column| Loss::Values(table.clone(), column.name.clone()));
            return std::iter::once(Loss::Rows(table.clone())).chain(kept).collect();
        };
        let down = self.down.as_ref().and_then(|down| down.table(table));
        let loss = |column: &str| {
            let Some((above, below)) = path(up, down, column) else {
                return Some(Loss::Values(table.clone(), column.to_owned()));
            };
            let converted = above.into_iter().any(Source::loses_upwards) || below.into_iter().any(Source::loses_downwards);
            converted.then(|| Loss::Precision(table.clone(), column.to_owned()))
        };
        columns.iter().filter_map(|column| loss(&column.name)).collect()
    }

    /// The table after the upgrade that holds the rows of this one; `None` where they are lost on the way.
    fn place(&self, table: &Name) -> Option<Name> {
        match &self.down {
            Some(down) => {
                let middle = down.table(table)?.origin(table)?.clone();
                (self.up.table(&middle)?.origin(&middle) == Some(table)).then_some(middle)
            }
            None => self.up.named_after(table),
        }
    }

    /// Rows or values that would come back in another place than their own, as a phrase.
    pub fn misplaced(&self) -> Option<String> {
        let down = self.down.as_ref()?;
        self.touched().into_iter().filter(|table| !self.leaves(table)).find_map(|table| {
            let body = self.start.table(table)?;
            let back = down.table(table)?;
            let middle = back.origin(table)?;
            let up = self.up.table(middle)?;
            let origin = up.origin(middle)?;
            if origin != table {
                return Some(format!("`{table}` would hold the rows of `{origin}`"));
            }
            body.columns.iter().find_map(|column| misplaced_column(table, &column.name, up, back))
        })
    }
}

/// What the values of a column go through, up and down; `None` where they do not come back.
fn path<'s>(up: &'s Traced, down: Option<&'s Traced>, column: &'s str) -> Option<(Vec<&'s Source>, Vec<&'s Source>)> {
    let Some(down) = down else {
        let held = up.column_of(column)?;
        return Some((up.sources(held).collect(), Vec::new()));
    };
    let middle = down.origin_of(column)?;
    (up.origin_of(middle)? == column).then(|| (up.sources(middle).collect(), down.sources(column).collect()))
}

fn misplaced_column(table: &Name, column: &str, up: &Traced, down: &Traced) -> Option<String> {
    let origin = up.origin_of(down.origin_of(column)?).filter(|origin| *origin != column)?;
    Some(format!("`{table}.{}` would hold the values of `{}`", Written(column), Written(origin)))
}
