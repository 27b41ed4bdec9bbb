//! What a downgrade has kept replaces what an upgrade has created again.

use super::{
    AddConstraint, CreateIndex, DropColumn, DropConstraint, DropIndex, DropTable, KeepColumn, KeepTable, Operate, Operation,
    Reversal,
};
use crate::footprint::{Part, Path};
use crate::name::Name;
use crate::schema::{Constraint, Schema};

/// The number in names that `downgrade --keep` makes, as long as the run that makes them is not known.
const UNNUMBERED: Option<u16> = Some(0);

/// What keeps a table or a column instead of dropping it, under a name of its run.
pub(crate) fn keeping(path: &Path) -> Operation {
    match &path.part {
        Part::Column(column) => {
            KeepColumn { table: path.of.clone(), column: column.clone(), since: None, number: UNNUMBERED }.into()
        }
        Part::All
        | Part::Itself
        | Part::PrimaryKey
        | Part::Comment
        | Part::Rows
        | Part::Type(_)
        | Part::Null(_)
        | Part::Default(_) => KeepTable { name: path.of.clone(), number: UNNUMBERED }.into(),
        Part::ColumnComment(_) | Part::Constraint(_) | Part::Index(_) | Part::Object(_) | Part::Name => {
            KeepTable { name: path.of.clone(), number: UNNUMBERED }.into()
        }
    }
}

/// A schema to which something is added that is kept, and what exchanges it for the new thing at the end of a migration.
pub(crate) fn exchange(schemas: (&Schema, &Schema), path: &Path) -> Option<(Schema, Vec<Operation>)> {
    match &path.part {
        Part::Column(name) => column(schemas, &path.of, name),
        Part::All
        | Part::Itself
        | Part::PrimaryKey
        | Part::Comment
        | Part::Rows
        | Part::Type(_)
        | Part::Null(_)
        | Part::Default(_) => table(schemas, &path.of),
        Part::ColumnComment(_) | Part::Constraint(_) | Part::Index(_) | Part::Object(_) | Part::Name => None,
    }
}

/// A schema to which a table is added that is kept, and what exchanges it for the new one at the end of a migration.
fn table((start, end): (&Schema, &Schema), name: &Name) -> Option<(Schema, Vec<Operation>)> {
    let keep = KeepTable { name: name.clone(), number: UNNUMBERED };
    let (place, kept) = keep.kept(end)?;
    let mut start = start.clone();
    start.put(place, kept.into());
    let others = end.incoming(name).filter(|(owner, ..)| *owner != name);
    let (drops, adds) = around(others.map(|(owner, constraint, _)| (owner, constraint)));
    let drop = Operation::from(DropTable { name: name.clone() });
    Some((start, drops.into_iter().chain([drop]).chain(back(&keep, end)?).chain(adds).collect()))
}

/// The same of a column. `None` where the primary key has it: that is of every row at once.
fn column((start, end): (&Schema, &Schema), table: &Name, name: &str) -> Option<(Schema, Vec<Operation>)> {
    let keep = KeepColumn { table: table.clone(), column: name.to_owned(), since: None, number: UNNUMBERED };
    let body = end.table(table)?;
    if body.primary_key().iter().any(|column| column == name) {
        return None;
    }
    let kept = keep.kept(end)?;
    let mut start = start.clone();
    start.change(table, |table| table.columns.push(kept))?;
    let own = body.constraints.iter().filter(|constraint| constraint.rule.may_use(name)).map(|constraint| (table, constraint));
    let others = end.incoming(table).filter(|(_, _, key)| key.references.iter().any(|column| column == name));
    let others = others
        .map(|(owner, constraint, _)| (owner, constraint))
        .filter(|(owner, one)| *owner != table || !one.rule.may_use(name));
    let (drops, adds) = around(others.chain(own));
    let indexes = body.indexes.iter().filter(|index| index.may_use(name));
    let drop_indexes = indexes.clone().map(|index| Operation::from(DropIndex { name: table.sibling(index.name()) }));
    let add_indexes = indexes.map(|index| Operation::from(CreateIndex { table: table.clone(), index: index.clone() }));
    let drop = Operation::from(DropColumn { table: table.clone(), column: name.to_owned() });
    let exchange = drops.into_iter().chain(drop_indexes).chain([drop]).chain(back(&keep, end)?);
    Some((start, exchange.chain(adds).chain(add_indexes).collect()))
}

/// What brings back what was kept.
fn back(keep: &impl Operate, end: &Schema) -> Option<Vec<Operation>> {
    match keep.reverse(end) {
        Reversal::Back(operations) => Some(operations),
        Reversal::Impossible { .. } => None,
    }
}

/// What drops constraints, and what adds them again: foreign keys go first and come last.
fn around<'s>(constraints: impl Iterator<Item = (&'s Name, &'s Constraint)>) -> (Vec<Operation>, Vec<Operation>) {
    let all: Vec<_> = constraints.collect();
    let drop = |(table, constraint): &(&Name, &Constraint)| DropConstraint::new((*table).clone(), constraint.name()).into();
    let add = |(table, constraint): &(&Name, &Constraint)| {
        AddConstraint { table: (*table).clone(), constraint: (*constraint).clone() }.into()
    };
    (all.iter().map(drop).collect(), all.iter().rev().map(add).collect())
}
