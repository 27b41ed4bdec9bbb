//! The questions that are asked before an upgrade or a downgrade touches anything.
//!
//! An operation demands something of rows that do not look like this yet when the question is asked. So it is
//! asked of the table as it will be by then, said in terms of the table as it is: [`Trace`].

use std::collections::BTreeSet;

use migrate_history::{Database, Guard};

use crate::check::function::is_new_in_each_call;
use crate::effect::{Demand, Expectation};
use crate::expr::Expr;
use crate::name::{Name, Written};
use crate::operation::Operation;
use crate::schema::{Column, Schema};
use crate::source::Source;
use crate::sql::dialect::TableOrColumn;
use crate::sql::guard::{Asked, Subject, Way};
use crate::sql::raw_text;
use crate::trace::{Trace, Traced};
use crate::transition::Transition;

/// What must hold of the rows before an upgrade or a downgrade begins, for each of its operations.
pub(super) fn guards<'s>(steps: impl IntoIterator<Item = &'s Transition>, start: &Schema, asked: (Database, Way)) -> Vec<Guard> {
    placed_guards(steps, start, asked).into_iter().map(|(_, guard)| guard).collect()
}

/// The same, each with the place of its operation.
pub(super) fn placed_guards<'s>(
    steps: impl IntoIterator<Item = &'s Transition>,
    start: &Schema,
    asked: (Database, Way),
) -> Vec<(usize, Guard)> {
    let mut guards: Vec<(usize, Guard)> = Vec::new();
    let mut trace = Trace::of(start);
    for (place, step) in steps.into_iter().enumerate() {
        let at = |guard: Guard| (place, guard);
        match step.operation.raw().filter(|raw| !raw.gives_values(&step.before)) {
            // What it states is asked as it would be of the same statements; what else it did is unknown after it.
            Some(raw) => {
                for (stated, before) in raw.stated(&step.before) {
                    let after = stated.applied(&before);
                    guards.extend(of_operation(stated, [&before, &after], (&mut trace, start), asked).into_iter().map(at));
                }
                trace.unread(raw, &step.before);
                trace.unread(raw, &step.after);
            }
            None => {
                let schemas = [&step.before, &step.after];
                guards.extend(of_operation(&step.operation, schemas, (&mut trace, start), asked).into_iter().map(at));
            }
        }
    }
    let mut known = BTreeSet::new();
    guards.retain(|(_, guard)| known.insert((guard.query.to_string(), guard.refusal.to_string())));
    guards
}

/// The questions for one operation, which is followed then.
fn of_operation(
    operation: &Operation,
    [before, after]: [&Schema; 2],
    (trace, start): (&mut Trace, &Schema),
    asked: (Database, Way),
) -> Vec<Guard> {
    let effects = operation.effects(before);
    let mut guards: Vec<Guard> = effects.expects.and_then(|expect| expected(&expect, asked)).into_iter().collect();
    let waypoint = Waypoint { trace, start, schema: before };
    let keeps = effects.keeps.iter().filter(|_| asked.1 == Way::Downgrade);
    guards.extend(effects.demands.iter().chain(keeps).filter_map(|demand| waypoint.guard(demand, asked)));
    trace.follow(operation, before, after);
    let waypoint = Waypoint { trace, start, schema: after };
    guards.extend(effects.outcome.iter().filter_map(|demand| waypoint.guard(demand, asked)));
    guards
}

/// The user's own question, which an upgrade asks.
fn expected(expect: &Expectation, (database, way): (Database, Way)) -> Option<Guard> {
    let query = raw_text(database, &expect.texts).filter(|_| way == Way::Upgrade)?.to_owned();
    Some(Guard { query: query.into(), refusal: format!("found, and {:?} is expected", expect.what).into() })
}

/// The columns that would be null in all rows when a demand of the downgrade says that they must not be: each with the place of the step
/// whose demand fails as soon as there is a row.
pub(super) fn always_null(steps: &[Transition], start: &Schema) -> Vec<(usize, Name, String)> {
    let mut trace = Trace::of(start);
    let mut found = Vec::new();
    for (place, step) in steps.iter().enumerate().take_while(|(_, step)| !step.operation.is_unread()) {
        let demands = step.operation.effects(&step.before).demands;
        found
            .extend(demands.into_iter().find_map(|demand| is_null(&trace, demand)).map(|(table, column)| (place, table, column)));
        trace.follow(&step.operation, &step.before, &step.after);
    }
    found
}

/// The column of a demand, where it is null in all rows.
fn is_null(trace: &Trace, demand: Demand) -> Option<(Name, String)> {
    match demand {
        Demand::NotNull { table, column } => {
            let traced = trace.table(&table)?;
            (is_always_null(traced, &column) && !traced.is_new()).then_some((table, column))
        }
        Demand::Holds { .. } | Demand::Distinct { .. } | Demand::Refers { .. } | Demand::NotReferred { .. } => None,
        Demand::Fits { .. } | Demand::Spelled { .. } | Demand::Counts { .. } | Demand::Empty { .. } => None,
        Demand::Kept { .. } | Demand::Free { .. } | Demand::Unused { .. } => None,
    }
}

/// The guard of a column that comes back: what would have given the rows a value.
fn of_kept(guard: Guard) -> Guard {
    let refusal = format!("{}: they were inserted while the column was kept, without `undo default`", guard.refusal);
    Guard { refusal: refusal.into(), ..guard }
}

/// How many tables are named at most in a question about what is kept.
const MOST_PLACES: usize = 16;

/// A moment of the way.
struct Waypoint<'a> {
    /// Its tables, in terms of those at the start.
    trace: &'a Trace,
    /// The schema in which it begins.
    start: &'a Schema,
    /// The schema of the moment.
    schema: &'a Schema,
}

impl<'a> Waypoint<'a> {
    /// The question for a demand; none where the compiler has settled it, and after SQL about the table that it does not read: that may
    /// be there to make the rows fit.
    fn guard(&self, demand: &Demand, (database, way): (Database, Way)) -> Option<Guard> {
        if self.is_raw(demand) || self.is_settled(demand) || self.is_opaque(demand) {
            return None;
        }
        if let Demand::Counts { sequence, to, .. } = demand {
            return self.start.has_sequence(sequence).then(|| Asked::counts((database, way), sequence, to)).flatten();
        }
        if let Demand::Kept { table, column } = demand {
            let place = self.kept(table, column.as_deref())?;
            return Some(Asked::kept((database, way), place, &self.shown(place)));
        }
        if let Demand::Unused { kind, name } = demand {
            self.start.object(*kind, name)?;
            return Asked::unused((database, way), (*kind, name), &self.known(name)?);
        }
        let subject = self.subject(demand.table()?)?;
        let target = demand.target().map(|target| (target, self.subject(target)));
        let guard = Asked { database, way, subject, target }.guard(demand)?;
        Some(if self.is_of_kept(demand) { of_kept(guard) } else { guard })
    }

    /// Whether the rows that have no value are those that were inserted while the column was kept.
    fn is_of_kept(&self, demand: &Demand) -> bool {
        let Demand::NotNull { table, column } = demand else { return false };
        let origin = self.trace.table(table).and_then(|traced| Some((traced.origin(table)?, traced.origin_of(column)?)));
        let of = |(table, column): (&Name, &str)| self.start.table(table).and_then(|table| table.column(column));
        origin.and_then(of).is_some_and(|column| column.kept.is_some())
    }

    /// Where the start knows that something is kept, and the tables that are not there any more at this moment: what is kept in them went with
    /// them.
    ///
    /// What nothing was done to does not use what is dropped, and a type that is replaced is replaced there too.
    /// `None` of a migration that changes many tables: each would be a part of the question.
    fn known(&self, ty: &Name) -> Option<Vec<TableOrColumn<'a>>> {
        let mut places = Vec::new();
        let typed = self.start.tables().typed(ty).map(|(name, _)| name);
        let touched: BTreeSet<&Name> = self.trace.touched().chain(typed).take(MOST_PLACES + 1).collect();
        if touched.len() > MOST_PLACES {
            return None;
        }
        let there = touched.into_iter().filter_map(|name| Some((name, self.start.table(name)?)));
        for (table, body) in there {
            let columns = body.columns.iter().filter(|column| column.kept.is_some());
            places.extend(columns.map(|column| TableOrColumn { table, column: Some(&column.name) }));
            if body.kept.is_some() || self.trace.named_after(table).is_none() {
                places.push(TableOrColumn { table, column: None });
            }
        }
        Some(places)
    }

    /// What is kept by the name that it had.
    fn shown(&self, (table, column): (&Name, Option<&str>)) -> String {
        let body = self.start.table(table);
        let owner =
            body.and_then(|body| body.kept.as_ref()).map_or_else(|| table.clone(), |kept| table.sibling(kept.name.as_str()));
        let Some(column) = column else { return owner.to_string() };
        let kept = body.and_then(|body| body.column(column)).and_then(|column| column.kept.as_ref());
        format!("{owner}.{}", Written(kept.map_or(column, |kept| kept.name.as_str())))
    }

    /// The table as it is at this moment; `None` where it has no rows, for it is made on the way.
    fn subject(&self, table: &'a Name) -> Option<Subject<'a>> {
        let traced = self.trace.table(table)?;
        let columns = self.schema.table(table).map(|table| table.columns.as_slice()).unwrap_or_default();
        Some(Subject { name: table, origin: traced.origin(table)?, layers: &traced.layers, columns })
    }

    /// Where something that is kept is at the start; `None` where it is put aside on the way.
    fn kept(&self, table: &'a Name, column: Option<&'a str>) -> Option<(&'a Name, Option<&'a str>)> {
        let traced = self.trace.table(table)?;
        let origin = traced.origin(table)?;
        match column {
            Some(column) => Some((origin, Some(traced.origin_of(column)?))),
            None => Some((origin, None)),
        }
    }

    /// Whether every row meets the demand for certain.
    fn is_settled(&self, demand: &Demand) -> bool {
        match demand {
            Demand::NotNull { table, column } => self.is_never_null(table, column),
            Demand::Distinct { table, keys, nulls_not_distinct, .. } => {
                let traced = self.trace.table(table);
                keys.iter().any(|key| traced.is_some_and(|table| is_another_in_each_row(table, key)))
                    || !nulls_not_distinct && keys.iter().any(|key| self.is_null(table, key))
            }
            Demand::Holds { table, condition } => self.is_null(table, condition),
            // A foreign key with a null in one of its columns refers to nothing.
            Demand::Refers { table, columns, .. }
            | Demand::NotReferred { table, columns, .. }
            | Demand::Free { table, columns, .. } => columns.iter().any(|column| self.is_null(table, &Expr::column(column))),
            Demand::Fits { table, column, .. } | Demand::Spelled { table, column, .. } => {
                self.is_null(table, &Expr::column(column))
            }
            Demand::Empty { .. } | Demand::Counts { .. } | Demand::Kept { .. } | Demand::Unused { .. } => false,
        }
    }

    /// Whether an expression over a table is null in every row, such as a new column without a default.
    fn is_null(&self, table: &Name, expr: &Expr) -> bool {
        let Some(traced) = self.trace.table(table) else { return false };
        expr.is_null_where(&|column| is_always_null(traced, column))
    }

    /// Whether raw SQL named a table that a demand is about, or the rows that are referred to may be new ones.
    fn is_raw(&self, demand: &Demand) -> bool {
        let is = |table: &Name, what: fn(&Traced) -> bool| self.trace.table(table).is_some_and(what);
        let is_target = |table: &Name| is(table, |table| table.is_raw || table.has_new_rows);
        demand.table().is_some_and(|table| is(table, |table| table.is_raw)) || demand.target().is_some_and(is_target)
    }

    /// Whether a demand is about values that only the database makes, when they are needed.
    fn is_opaque(&self, demand: &Demand) -> bool {
        let opaque = |table: &Name, column: &Column| {
            demand.uses(table, &column.name)
                && self.trace.table(table).is_some_and(|traced| traced.sources(&column.name).any(Source::is_opaque))
        };
        let tables = demand.table().into_iter().chain(demand.target());
        let found = tables.filter_map(|name| Some((name, self.schema.table(name)?)));
        found.into_iter().any(|(name, table)| table.columns.iter().any(|column| opaque(name, column)))
    }

    /// Whether a column has a value in every row for certain.
    fn is_never_null(&self, table: &Name, column: &str) -> bool {
        let Some(traced) = self.trace.table(table) else { return true };
        if !traced.sources(column).all(Source::keeps_nulls) {
            return false;
        }
        let column = |origin: &Name| Some(self.start.table(origin)?.column(traced.origin_of(column)?)?.nullable);
        traced.origin(table).and_then(column) != Some(true)
    }
}

/// Whether a column is null in every row.
pub(super) fn is_always_null(table: &Traced, column: &str) -> bool {
    let was_made_null = table.sources(column).last().is_some_and(Source::is_null);
    was_made_null && !table.has_new_rows && table.sources(column).all(Source::keeps_null)
}

/// Whether no two rows have the same value in a key: a column that the database numbers again on the way, or to which each row gives a `uuid()`.
fn is_another_in_each_row(table: &Traced, key: &Expr) -> bool {
    let Expr::Column(column) = key else { return false };
    let is_updated = |source: &Source| matches!(source, Source::Updated { .. });
    if table.has_new_rows || table.sources(column).any(is_updated) {
        return false;
    }
    match table.sources(column).last() {
        Some(Source::Number) => true,
        Some(Source::Value { value, .. }) => is_new_in_each_call(value),
        Some(Source::Column(_) | Source::Converted { .. } | Source::Updated { .. }) | None => false,
    }
}
