//! A column gets another type.

use std::fmt;

use super::rename::named_in_raw;
use super::{SetCounter, change, column_operation, find};
use crate::check::expr::Owner;
use crate::check::{column, constraint, expr, index as check, method, user};
use crate::ddl::{Change, Ddl};
use crate::effect::{self, Break, Demand, Effects};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::operation::about::About;
use crate::operation::alter::alter;
use crate::operation::{Operate, Operation, Reversal, plain_value, resolve};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Column, CounterKind, ForeignKey, Index, Key, Rule, Schema, Table};
use crate::source::{cast, in_utc, is_by_text, is_in_utc, is_plain};
use crate::types::{Conversion, Family, Type};

column_operation! {
    /// `alter COLUMN type TYPE [using EXPR];`
    AlterType {
        /// The column.
        column: String,
        /// The new type.
        to: Type,
        /// How the values are converted; by assignment when absent.
        using: Option<Expr>,
    }
    |this| match &this.using {
        Some(using) => format!("alter {} type {} using {using};", Written(&this.column), this.to),
        None => format!("alter {} type {};", Written(&this.column), this.to),
    }
}

impl Operate for AlterType {
    fn complete(&mut self, before: &Schema) {
        before.resolve(&mut self.to);
        before.resolve(&mut self.using);
    }

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((table, column)) = find(schema, &self.table, &self.column, problems) else { return };
        if let Some(stop) = self.stops(schema) {
            stop.apply(schema, problems);
            return;
        }
        if column.ty == self.to {
            let why = format!("`{}` is already `{}`", Written(&self.column), self.to);
            resolve::changes_nothing(Role::Type, &self.column, why, problems);
            return;
        }
        let mut needs_using = self.needs_using(column);
        if let Some(using) = &self.using {
            expr::using(&Owner::of(schema, &self.table, table), using, &self.to, problems);
        }
        self.unnamed_in_raw(table, problems);
        let before = column.ty.clone();
        let changed = Column { ty: self.to.clone(), ..column.clone() };
        let mut found = Problems::new();
        column::column(schema, &self.table, &changed, &mut found);
        for problem in found.take() {
            let problem = self.with_other_default(&changed, &column.ty, problem);
            match &mut needs_using {
                // What to write for the default converts the values too.
                Some(needs_using) if problem.code == "default_type" => needs_using.help = problem.help,
                Some(_) | None => problems.push(problem),
            }
        }
        needs_using.into_iter().for_each(|problem| problems.push(problem));
        change(schema, &self.table, &self.column, |column| column.ty = self.to.clone());
        self.still_fits(schema, &before, problems);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        if let Some(stop) = self.stops(before) {
            return stop.reverse(before);
        }
        let Some(from) = self.before(before) else { return Reversal::Back(Vec::new()) };
        let back = |using| AlterType { table: self.table.clone(), column: self.column.clone(), to: from.clone(), using };
        if self.using.as_ref().is_some_and(|using| is_in_utc(using, &self.column, from, &self.to)) {
            return Reversal::Back(vec![back(self.using.clone()).into()]);
        }
        let is_known = !from.is_unknown() && !self.to.is_unknown();
        if is_known && (self.using.is_some() || self.to.conversion(from) == Conversion::Unknown) {
            let shown = Written(&self.column);
            let why = format!("no implicit conversion from `{}` back to `{from}`", self.to);
            let using = self.using.as_ref().map(|using| format!(" using {using}")).unwrap_or_default();
            let write = format!("alter {shown} type {}{using} {};", self.to, self.written_undo(from));
            return Reversal::Impossible { why, write };
        }
        Reversal::Back(vec![back(None).into()])
    }

    fn restores(&self, before: &Schema) -> Vec<Operation> {
        if let Some(stop) = self.stops(before) {
            return stop.restores(before);
        }
        let back = |from: &Type| AlterType { to: from.clone(), using: None, ..self.clone() }.into();
        self.before(before).map(back).into_iter().collect()
    }

    fn about(&self, _before: &Schema) -> About {
        About::column(&self.table, &self.column).changing_rows()
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        self.using.iter().map(|expr| (vec![&self.table], expr)).collect()
    }

    fn effects(&self, before: &Schema) -> Effects {
        if self.stops(before).is_some() {
            return Effects::default();
        }
        let Some(table) = before.table(&self.table) else { return Effects::default() };
        let Some(column) = table.column(&self.column) else { return Effects::default() };
        let is_plain = self.using.as_ref().is_none_or(|using| is_plain(using, &self.column, &column.ty, &self.to));
        let fits = self.fits(column).filter(|_| is_plain);
        // Who writes how values are converted means it.
        let (keeps, fits) = if self.using.is_some() { (fits, None) } else { (None, fits) };
        Effects {
            breaks: vec![self.retyped(table, column)],
            keeps: keeps.into_iter().collect(),
            demands: fits.into_iter().chain(self.spelled(column)).chain(self.counts(column)).collect(),
            outcome: if is_plain { Vec::new() } else { still_demanded(before, &self.table, table, column) },
            ..Effects::default()
        }
    }

    /// What is kept as an expression over the column is created again as it was, and what is compared with it must still be.
    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        if let Some(stop) = self.stops(before) {
            stop.touches(before, footprint);
        }
        footprint.write(&self.table, Part::Type(self.column.clone()));
        self.using.iter().for_each(|using| footprint.read_expression(&self.table, using));
        footprint.read_type(&self.to);
        reads_of_type(before, &self.table, &self.column, footprint);
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        if let Some(stop) = self.stops(before) {
            return stop.lower(before, after);
        }
        let column = before.table(&self.table).and_then(|table| table.column(&self.column)).cloned();
        let change = |column| Change::SetType { column, to: self.to.clone(), using: self.using.clone() };
        alter(&self.table, before, after, column.map(change).into_iter().collect())
    }
}

/// What a change of a column's type depends on.
pub(crate) fn reads_of_type(before: &Schema, of: &Name, column: &str, footprint: &mut Footprint) {
    for part in [Part::Column, Part::Null, Part::Default] {
        footprint.read(of, part(column.to_owned()));
    }
    let Some(table) = before.table(of) else { return };
    table.column(column).into_iter().for_each(|column| footprint.read_type(&column.ty));
    for constraint in table.constraints.iter().filter(|constraint| constraint.rule.may_use(column)) {
        footprint.read(of, Part::Constraint(constraint.name().to_owned()));
        footprint.read_rule(before, of, &constraint.rule);
    }
    for index in table.indexes.iter().filter(|index| index.may_use(column)) {
        footprint.read(of, Part::Index(index.name().to_owned()));
        footprint.read_index(of, index);
    }
    for (owner, constraint, _) in before.incoming(of).filter(|(_, _, key)| key.references.iter().any(|name| name == column)) {
        footprint.read(owner, Part::Constraint(constraint.name().to_owned()));
        footprint.read_rule(before, owner, &constraint.rule);
    }
}

/// What is demanded of a column, and may no longer hold of what an expression makes of it.
pub(crate) fn still_demanded(schema: &Schema, of: &Name, table: &Table, column: &Column) -> Vec<Demand> {
    let not_null = Demand::NotNull { table: of.clone(), column: column.name.clone() };
    let constraints = table.constraints.iter().filter(|constraint| constraint.rule.may_use(&column.name));
    let indexes = table.indexes.iter().filter(|index| index.may_use(&column.name));
    let demands = constraints.map(|constraint| effect::of_constraint(of, &constraint.rule));
    let demands = demands.chain(indexes.filter_map(|index| effect::of_index(of, index)));
    let incoming = schema.incoming(of).filter(|(owner, _, key)| *owner != of && key.references.contains(&column.name));
    let incoming = incoming.map(|(owner, constraint, _)| effect::of_constraint(owner, &constraint.rule));
    (!column.nullable).then_some(not_null).into_iter().chain(demands).chain(incoming).collect()
}

impl AlterType {
    /// Where the default stays one of the old type: what to write, so that the column has one of the new type.
    fn with_other_default(&self, column: &Column, from: &Type, problem: Problem) -> Problem {
        let Some(default) = column.default.as_ref().filter(|_| problem.code == "default_type") else { return problem };
        let of_text = self.to.family() == Family::Text;
        let text = default.digits().map(str::to_owned);
        let text = text.or(if let Expr::Bool(value) = default { Some(value.to_string()) } else { None });
        let value = text.filter(|_| of_text).map_or_else(|| plain_value(&self.to), |text| Expr::Text(text.into()));
        let (shown, to) = (Written(&self.column), &self.to);
        let using = match &self.using {
            Some(using) => format!(" using {using}"),
            None if from.conversion(to) == Conversion::Unknown => self.written_using(from),
            None => String::new(),
        };
        let help =
            format!("write `alter {shown} drop default; alter {shown} type {to}{using}; alter {shown} set default {value};`");
        Problem { help: Some(help.into()), ..self.at_type(problem) }
    }

    /// What it does to the sessions that use the table.
    fn retyped(&self, table: &Table, column: &Column) -> Break {
        let (from, to) = (column.ty.clone(), self.to.clone());
        // Of other expressions PostgreSQL does not know that they leave the values as they are.
        let is_plain = self.using.as_ref().is_none_or(|using| is_plain(using, &self.column, &from, &to));
        let narrows = matches!(from.conversion(&to), Conversion::Refuses | Conversion::Rounds) && self.using.is_none();
        let is_read = |index: &&Index| index.filter.is_some() || index.plain_columns().is_empty() || !from.keeps_indexes(&to);
        let is_made_anew =
            |rule: &Rule| matches!(rule, Rule::Check { .. }) || !from.keeps_indexes(&to) && !rule.key_columns().is_empty();
        let constraint = table.constraints.iter().find(|one| is_made_anew(&one.rule) && one.rule.may_use(&self.column));
        let index = table.indexes.iter().find(|index| index.may_use(&self.column) && is_read(index));
        let rereads = constraint.map(|one| format!("the {} `{}`", one.rule.title(), Written(one.name())));
        let rereads = rereads.or_else(|| index.map(|index| format!("the index `{}`", Written(index.name()))));
        let (table, column) = (self.table.clone(), self.column.clone());
        Break::Retyped { table, column, rewrites: !is_plain || from.is_rewritten_as(&to), narrows, rereads, from, to }
    }

    /// The type of a serial, said again, is that type and no serial.
    fn stops(&self, before: &Schema) -> Option<SetCounter> {
        let column = before.table(&self.table)?.column(&self.column)?;
        let is_serial = column.counter.as_ref().is_some_and(|counter| counter.kind == CounterKind::Serial);
        let stop = || SetCounter { table: self.table.clone(), column: self.column.clone(), to: None };
        (is_serial && column.ty == self.to && self.using.is_none()).then(stop)
    }

    /// What a conversion that the compiler can read demands of the values.
    fn fits(&self, column: &Column) -> Option<Demand> {
        let (table, name, from, to) = (self.table.clone(), column.name.clone(), column.ty.clone(), self.to.clone());
        let every_value_fits = matches!(from.conversion(&to), Conversion::Widens | Conversion::Spells) && self.using.is_none();
        let guarded = !every_value_fits && from.can_be_compared_with(&to);
        guarded.then_some(Demand::Fits { table, column: name, from, to })
    }

    /// What a conversion by way of text demands of the values, which is what the help shows where there is no cast.
    fn spelled(&self, column: &Column) -> Option<Demand> {
        let using = self.using.as_ref()?;
        let (table, name, from, to) = (self.table.clone(), column.name.clone(), column.ty.clone(), self.to.clone());
        is_by_text(using, &name, &to).then_some(Demand::Spelled { table, column: name, from, to })
    }

    /// A sequence takes the type of its column, and must not have counted beyond it.
    fn counts(&self, column: &Column) -> Option<Demand> {
        let sequence = self.table.sibling(column.counter.as_ref()?.sequence.as_str());
        let narrows = column.ty.conversion(&self.to) != Conversion::Widens;
        narrows.then(|| Demand::Counts { table: self.table.clone(), sequence, to: self.to.clone() })
    }

    fn before<'a>(&self, schema: &'a Schema) -> Option<&'a Type> {
        Some(&schema.table(&self.table)?.column(&self.column)?.ty)
    }

    /// Rule `raw_names_column`: whether raw SQL takes the new type only the database knows, and PostgreSQL keeps it as it was read for
    /// the old one.
    fn unnamed_in_raw(&self, table: &Table, problems: &mut Problems) {
        for (what, how) in named_in_raw(&self.table, table, &self.column) {
            let shown = Written(&self.column);
            let message = format!("`{shown}` is used in the raw SQL of {what}");
            let help = format!("write {how} before it, and add it again after it");
            let problem = Problem::new("raw_names_column", Slot::new(Role::Column, &self.column), message).help(help);
            problems.push(problem.note("the compiler does not read raw SQL"));
        }
    }

    /// The downgrade that has to be written.
    fn written_undo(&self, from: &Type) -> String {
        let value = cast(&self.column, &self.to, from);
        format!("undo {{ alter {} type {from} using {value}; }}", Written(&self.column))
    }

    /// The conversion that has to be written, and its downgrade where that is not inferred.
    fn written_using(&self, from: &Type) -> String {
        let value = cast(&self.column, from, &self.to);
        // A point in time is inferred back, and nothing else is.
        let is_inferred = value == in_utc(&self.column).to_string();
        let undo = if is_inferred { String::new() } else { format!(" {}", self.written_undo(from)) };
        format!(" using {value}{undo}")
    }

    /// Rule `type_needs_using`. An unknown type cannot be converted; only the type itself is reported.
    fn needs_using(&self, column: &Column) -> Option<Problem> {
        let is_known = !self.to.is_unknown() && !column.ty.is_unknown();
        let needs = self.using.is_none() && is_known && column.ty.conversion(&self.to) == Conversion::Unknown;
        let message = || format!("no implicit conversion from `{}` to `{}`", column.ty, self.to);
        let help = || {
            let (shown, using) = (Written(&self.column), self.written_using(&column.ty));
            format!("write `alter {shown} type {}{using};`", self.to)
        };
        needs.then(|| Problem::new("type_needs_using", Slot::new(Role::Type, &self.column), message()).help(help()))
    }

    /// Looks again at what uses the column: conditions, and the foreign keys from and to it.
    fn still_fits(&self, schema: &Schema, before: &Type, problems: &mut Problems) {
        let Some(table) = schema.table(&self.table) else { return };
        for constraint in table.constraints.iter().filter(|constraint| constraint.rule.columns().contains(&self.column.as_str()))
        {
            match &constraint.rule {
                Rule::Check { condition } => expr::condition(&Owner::of(schema, &self.table, table), (0, condition), problems),
                Rule::ForeignKey(key) => {
                    let Some(target) = schema.table(&key.table) else { continue };
                    constraint::foreign_key_type(schema, table, target, key, problems);
                }
                Rule::PrimaryKey { columns } | Rule::Unique { columns, .. } => {
                    method::key_columns(schema, table, columns, problems);
                }
            }
        }
        for index in table.indexes.iter().filter(|index| index.may_use(&self.column)) {
            self.still_indexed(schema, table, index, before, problems);
        }
        // Its own key is looked at already where the column itself refers to another one.
        let looked_at = |owner: &Name, key: &ForeignKey| *owner == self.table && key.columns.contains(&self.column);
        let refers = |owner: &Name, key: &ForeignKey| key.references.contains(&self.column) && !looked_at(owner, key);
        for (owner, _, key) in schema.incoming(&self.table).filter(|(owner, _, key)| refers(owner, key)) {
            self.still_referred(schema, owner, key, problems);
        }
    }

    /// Looks again at the expressions of an index.
    fn still_indexed(&self, schema: &Schema, table: &Table, index: &Index, before: &Type, problems: &mut Problems) {
        let mut found = Problems::new();
        for key in index.keys.iter().filter(|key| key.value.may_use(&self.column)) {
            expr::value(&Owner::of(schema, &self.table, table), (0, &key.value), &mut found);
        }
        if let Some(filter) = &index.filter {
            expr::condition(&Owner::of(schema, &self.table, table), (0, filter), &mut found);
        }
        if before.family() != self.to.family() {
            self.still_compared(index, &mut found);
        }
        if found.is_empty() {
            self.still_kept(schema, table, index, &mut found);
        }
        found.take().into_iter().for_each(|problem| problems.push(self.at_type(problem)));
    }

    /// A problem of what was written before, at the type that makes it one.
    fn at_type(&self, problem: Problem) -> Problem {
        Problem { slot: Slot::new(Role::Type, &self.column), node: None, ..problem }
    }

    /// Rules `index_method`, `operator_class` and `not_immutable`, at the column's new type.
    fn still_kept(&self, schema: &Schema, table: &Table, index: &Index, problems: &mut Problems) {
        let mut found = Problems::new();
        check::kept(schema, table, index, &mut found);
        let (what, how) = user::index(&self.table, index);
        for problem in found.take() {
            let slot = Slot::new(Role::Type, &self.column);
            let problem =
                Problem { slot, help: None, ..problem }.help(format!("write {how} before it, and create {what} again after it"));
            problems.push(problem);
        }
    }

    /// Rule `operator_class`: what compares the old type does not compare the new one.
    fn still_compared(&self, index: &Index, problems: &mut Problems) {
        let own = |key: &&Key| key.value == Expr::column(&self.column);
        for class in index.keys.iter().filter(own).filter_map(|key| key.class.as_ref()) {
            let message = format!(
                "the index `{}` uses `{}` with the operator class `{class}`",
                Written(index.name()),
                Written(&self.column)
            );
            let (what, how) = user::index(&self.table, index);
            let help = format!("write {how} before it, and create {what} again after it");
            problems.push(Problem::new("operator_class", Slot::new(Role::Type, &self.column), message).help(help));
        }
    }

    /// Rule `foreign_key_type`, where the column referred to is the one that changes.
    fn still_referred(&self, schema: &Schema, owner: &Name, key: &ForeignKey, problems: &mut Problems) {
        let Some(table) = schema.table(owner) else { return };
        for (own, _) in key.columns.iter().zip(&key.references).filter(|(_, other)| **other == self.column) {
            let Some(own) = table.column(own).filter(|own| !constraint::refers(&own.ty, &self.to, schema)) else { continue };
            let message = format!(
                "`{owner}.{}` references it and is `{}`, which cannot be compared with `{}`",
                Written(&own.name),
                own.ty,
                self.to
            );
            let problem = Problem::new("foreign_key_type", Slot::new(Role::Type, &self.column), message);
            problems.push(problem.help("drop the foreign key first, change both columns, and add it again"));
        }
    }
}
