//! The values of an enum: `alter enum NAME { … }`.

use std::fmt;
use std::sync::Arc;

use crate::check::value as check;
use crate::ddl::{AlteredEnum, Change, Ddl, RetypedTable};
use crate::effect::{Break, Demand, Effects};
use crate::expr::Expr;
use crate::footprint::Footprint;
use crate::name::Name;
use crate::objects::{Enum, Kind};
use crate::operation::about::About;
use crate::operation::column::still_demanded;
use crate::operation::object::{changes_type, unknown};
use crate::operation::{Operate, Reversal};
use crate::problem::{Problems, Role, Slot};
use crate::schema::{Column, Schema, Table};
use crate::types::{EnumType, Type};

/// `add "c" after "b";`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddValue {
    /// The enum.
    pub of: Name,
    /// The new value.
    pub value: String,
    /// Where it comes in the order of the values.
    pub place: ValuePosition,
}

/// Where a new value comes in the order of the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValuePosition {
    /// After all others.
    Last,
    /// Before this one.
    Before(String),
    /// After this one.
    After(String),
}

/// `rename "a" to "z";`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameValue {
    /// The enum.
    pub of: Name,
    /// The value's old name.
    pub from: String,
    /// Its new name.
    pub to: String,
}

/// `drop "c" into "b";`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropValue {
    /// The enum.
    pub of: Name,
    /// The value.
    pub value: String,
    /// What the rows that have it get instead; without, no row may have it.
    pub into: Option<String>,
}

impl fmt::Display for ValuePosition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValuePosition::Last => Ok(()),
            ValuePosition::Before(value) => write!(out, " before {value:?}"),
            ValuePosition::After(value) => write!(out, " after {value:?}"),
        }
    }
}

impl fmt::Display for AddValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "alter enum {} {{ add {:?}{}; }}", self.of, self.value, self.place)
    }
}

impl fmt::Display for RenameValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "alter enum {} {{ rename {:?} to {:?}; }}", self.of, self.from, self.to)
    }
}

impl fmt::Display for DropValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let into = self.into.as_ref().map(|into| format!(" into {into:?}")).unwrap_or_default();
        write!(out, "alter enum {} {{ drop {:?}{into}; }}", self.of, self.value)
    }
}

impl Operate for AddValue {
    fn complete(&mut self, _before: &Schema) {}

    /// Rules `unknown_object`, `unknown_value`, `value_exists`, `value_too_long` and `value_used`.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(values) = values(schema, &self.of, problems) else { return };
        if check::is_new(&self.of, values, &self.value, Role::Literal, problems) {
            check::no_casts(schema, &self.of, &self.value, problems);
            let place = match &self.place {
                ValuePosition::Last => Some(values.len()),
                ValuePosition::Before(next) => check::position(&self.of, values, next, Role::To, problems),
                ValuePosition::After(last) => check::position(&self.of, values, last, Role::To, problems).map(|place| place + 1),
            };
            let mut values = values.to_vec();
            values.insert(place.unwrap_or(values.len()), self.value.clone());
            set(schema, &self.of, values);
        }
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![DropValue { of: self.of.clone(), value: self.value.clone(), into: None }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About { widens: Some(self.of.clone()), ..About::default() }
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects::default()
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        changes_type(before, Kind::Enum, &self.of, footprint);
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        lower(&self.of, before, after, |_| None)
    }
}

impl Operate for RenameValue {
    fn complete(&mut self, _before: &Schema) {}

    /// Rules `unknown_object`, `unknown_value`, `value_exists`, `value_too_long` and `value_used`. Defaults follow.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(values) = values(schema, &self.of, problems) else { return };
        let place = check::position(&self.of, values, &self.from, Role::Literal, problems);
        let is_new = check::is_new(&self.of, values, &self.to, Role::To, problems);
        let Some(place) = place.filter(|_| is_new) else { return };
        check::unused(schema, &self.of, &self.from, check::Uses::Expressions, problems);
        let mut values = values.to_vec();
        values[place].clone_from(&self.to);
        set(schema, &self.of, values);
        for table in tables(schema, &self.of) {
            schema.change(&table, |table| self.follow(table));
        }
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![RenameValue { of: self.of.clone(), from: self.to.clone(), to: self.from.clone() }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::default()
    }

    fn effects(&self, _before: &Schema) -> Effects {
        let (of, from, to) = (self.of.clone(), self.from.clone(), self.to.clone());
        Effects { breaks: vec![Break::RenamedValue { of, from, to }], ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        changes_type(before, Kind::Enum, &self.of, footprint);
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        lower(&self.of, before, after, |_| None)
    }
}

impl RenameValue {
    /// Lets the defaults of a table follow.
    fn follow(&self, table: &mut Table) {
        let own = |column: &&mut Column| column.ty.as_enum().is_some_and(|of| of.name == self.of);
        for default in table.columns.iter_mut().filter(own).filter_map(|column| column.default.as_mut()) {
            default.rename_text(&self.from, &self.to);
        }
    }
}

impl Operate for DropValue {
    fn complete(&mut self, _before: &Schema) {}

    /// Rules `unknown_object`, `unknown_value`, `value_used` and `enum_without_values`.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(values) = values(schema, &self.of, problems) else { return };
        let Some(place) = check::position(&self.of, values, &self.value, Role::Literal, problems) else { return };
        if let Some(into) = &self.into {
            check::other(&self.of, &self.value, into, problems);
            check::position(&self.of, values, into, Role::To, problems);
        }
        let mut values = values.to_vec();
        values.remove(place);
        if values.is_empty() {
            check::without_values(&self.of, &self.value, problems);
            return;
        }
        check::unused(schema, &self.of, &self.value, check::Uses::All, problems);
        set(schema, &self.of, values);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let values = before.values_of(&self.of).unwrap_or_default();
        let Some(place) = values.iter().position(|value| *value == self.value) else { return Reversal::Back(Vec::new()) };
        let before = || values.get(place + 1).map_or(ValuePosition::Last, |next| ValuePosition::Before(next.clone()));
        let place = match place.checked_sub(1).and_then(|place| values.get(place)) {
            Some(_) if place + 1 == values.len() => ValuePosition::Last,
            Some(last) => ValuePosition::After(last.clone()),
            None => before(),
        };
        Reversal::Back(vec![AddValue { of: self.of.clone(), value: self.value.clone(), place }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::default().changing_rows()
    }

    fn effects(&self, before: &Schema) -> Effects {
        let dropped = Break::DroppedValue { of: self.of.clone(), value: self.value.clone() };
        // Its type is dropped, after another one has taken its place.
        let unused = Demand::Unused { kind: Kind::Enum, name: self.of.clone() };
        let mut effects = Effects { demands: vec![unused], breaks: vec![dropped], ..Effects::default() };
        for table in tables(before, &self.of) {
            let Some(body) = before.table(&table) else { continue };
            for column in body.columns_of(&self.of) {
                match self.into {
                    Some(_) => effects.outcome.extend(still_demanded(before, &table, body, column)),
                    None => effects.demands.push(self.fits(&table, column)),
                }
            }
        }
        effects
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        changes_type(before, Kind::Enum, &self.of, footprint);
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        lower(&self.of, before, after, |column| self.using(column))
    }
}

impl DropValue {
    /// No row has the value.
    fn fits(&self, table: &Name, column: &Column) -> Demand {
        let mut to = column.ty.clone();
        to.as_enum_mut().into_iter().for_each(|of| of.values.retain(|value| *value != self.value));
        Demand::Fits { table: table.clone(), column: column.name.clone(), from: column.ty.clone(), to }
    }

    /// The value of a column without the one that goes.
    fn using(&self, column: &Column) -> Option<Expr> {
        let into = Expr::Text(self.into.as_deref()?.into());
        let (value, own) = (Expr::Text(self.value.as_str().into()), Expr::column(&column.name));
        if matches!(column.ty, Type::Array(_)) {
            return Some(Expr::Call { function: "array_replace".to_owned(), arguments: vec![own, value, into] });
        }
        let (operand, otherwise) = (Some(Box::new(own.clone())), Some(Box::new(own)));
        Some(Expr::Case { operand, arms: vec![(value, into)], otherwise })
    }
}

/// The values of the enum, or rule `unknown_object`.
fn values<'s>(schema: &'s Schema, of: &Name, problems: &mut Problems) -> Option<&'s [String]> {
    let values = schema.values_of(of);
    if values.is_none() {
        problems.push(unknown(schema, Kind::Enum, of, Slot::new(Role::Object, of.to_string())));
    }
    values
}

/// Gives the enum these values, in every column of it too.
fn set(schema: &mut Schema, of: &Name, values: Vec<String>) {
    schema.change_types_of(of, |ty| ty.values.clone_from(&values));
    schema.objects.insert(of.clone(), Enum { values }.into());
}

/// The tables with columns of the enum.
fn tables(schema: &Schema, of: &Name) -> Vec<Name> {
    let uses = |table: &Table| !table.columns_of(of).is_empty();
    schema.tables().typed(of).filter(|(_, table)| uses(table)).map(|(name, _)| name.clone()).collect()
}

/// What a dialect is to render, with what the columns of the enum become.
fn lower(of: &Name, before: &Schema, after: &Schema, using: impl Fn(&Column) -> Option<Expr>) -> Vec<Ddl> {
    let form = |schema: &Schema| {
        let values = schema.values_of(of).unwrap_or_default().to_vec();
        EnumType { name: of.clone(), values }
    };
    let table = |name: Name| {
        let (old, new) = (before.tables().get(&name)?, after.tables().get(&name)?);
        let to = |column: &Column| Some(new.column(&column.name)?.ty.clone());
        let change = |column: &Column| Some(Change::SetType { column: column.clone(), to: to(column)?, using: using(column) });
        let changes = old.columns_of(of).into_iter().filter_map(change).collect();
        Some(RetypedTable { name, before: Arc::clone(old), after: Arc::clone(new), changes })
    };
    let tables = tables(before, of).into_iter().filter_map(table).collect();
    vec![Ddl::AlterEnum(AlteredEnum { before: form(before), after: form(after), tables })]
}
