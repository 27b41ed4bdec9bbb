//! Steps of an inferred downgrade that need not be done: what is done to something that is dropped later on.
//!
//! They would cost a rebuild or a scan, and may demand of the rows what nobody needs any more: a `not null` that a column gets
//! back before it is dropped, or before it may be null again.

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::apply::walk;
use crate::difference;
use crate::name::Name;
use crate::operation::Operation;
use crate::problem::PieceId;
use crate::schema::Schema;
use crate::transition::Transition;

/// The steps without the detours among them. A step is left out only where the others can still be done and lead to the same schema.
pub(super) fn without_detours(steps: Vec<Transition>, from: &Schema) -> Vec<Transition> {
    let places = Places::of(&steps);
    let detours: Vec<BTreeSet<usize>> =
        (0..steps.len()).map(|place| detour(&steps, &places, place)).filter(|detour| !detour.is_empty()).collect();
    let all: BTreeSet<usize> = detours.iter().flatten().copied().collect();
    if all.is_empty() {
        return steps;
    }
    if let Some(shorter) = without(&steps, &all, from) {
        return shorter;
    }
    // One of them is none: each is tried by itself.
    let mut left_out = BTreeSet::new();
    for detour in detours {
        let more: BTreeSet<usize> = left_out.union(&detour).copied().collect();
        if without(&steps, &more, from).is_some() {
            left_out = more;
        }
    }
    if left_out.is_empty() { steps } else { without(&steps, &left_out, from).unwrap_or(steps) }
}

/// The steps without some of them; `None` where one of the others then cannot be done, or all of them lead elsewhere.
fn without(steps: &[Transition], left_out: &BTreeSet<usize>, from: &Schema) -> Option<Vec<Transition>> {
    let kept = steps.iter().enumerate().filter(|(place, _)| !left_out.contains(place)).map(|(_, step)| step);
    let operations: Vec<(PieceId, Operation)> = kept.map(|step| (step.piece, step.operation.clone())).collect();
    let (shorter, sound) = walk(operations, from.clone());
    (sound && difference::first(Transition::end(steps, from), Transition::end(&shorter, from)).is_none()).then_some(shorter)
}

/// Something that a step drops.
enum Thing {
    Table(Name),
    Column(Name, String),
    /// The `not null` of a column.
    NotNull(Name, String),
    Constraint(Name, String),
    Index(Name),
}

/// How a step is about a thing.
enum Relation {
    /// It is about it alone.
    Alone,
    /// It makes it.
    Makes,
    /// It gives it this name, which was another one before.
    Renames(Thing),
    /// It is about something else, perhaps beside it.
    Other,
    /// Nobody knows.
    Unknown,
}

/// The steps that are about each table, by the name that it has in them. SQL that nobody reads is about every table.
struct Places {
    of: BTreeMap<Name, Vec<usize>>,
    unread: Vec<usize>,
}

impl Places {
    fn of(steps: &[Transition]) -> Places {
        let mut places = Places { of: BTreeMap::new(), unread: Vec::new() };
        for (place, step) in steps.iter().enumerate() {
            match owners(step) {
                Some(owners) => owners.into_iter().for_each(|owner| places.of.entry(owner).or_default().push(place)),
                None => places.unread.push(place),
            }
        }
        places
    }

    /// The last step before a place that is, or may be, about a table.
    fn before(&self, place: usize, table: &Name) -> Option<usize> {
        let last = |places: &[usize]| places[..places.partition_point(|one| *one < place)].last().copied();
        self.of.get(table).and_then(|places| last(places)).max(last(&self.unread))
    }
}

/// The tables that a step is about; `None` where nobody knows.
fn owners(step: &Transition) -> Option<Vec<Name>> {
    let of_index = |index: &Name| step.before.index(index).map(|(table, _)| table.clone()).into_iter().collect();
    Some(match &step.operation {
        Operation::CreateTable(create) => vec![create.name.clone()],
        Operation::DropTable(drop) => vec![drop.name.clone()],
        Operation::RenameTable(rename) => vec![rename.from.clone(), rename.to.clone()],
        Operation::AddColumn(add) => vec![add.table.clone()],
        Operation::RenameColumn(rename) => vec![rename.table.clone()],
        Operation::DropColumn(drop) => vec![drop.table.clone()],
        Operation::AlterType(alter) => vec![alter.table.clone()],
        Operation::SetNotNull(set) => vec![set.table.clone()],
        Operation::DropNotNull(drop) => vec![drop.table.clone()],
        Operation::SetDefault(set) => vec![set.table.clone()],
        Operation::DropDefault(drop) => vec![drop.table.clone()],
        Operation::SetCounter(set) => vec![set.table.clone()],
        Operation::CommentTable(comment) => vec![comment.table.clone()],
        Operation::CommentColumn(comment) => vec![comment.table.clone()],
        Operation::AddConstraint(add) => vec![add.table.clone()],
        Operation::RenameConstraint(rename) => vec![rename.table.clone()],
        Operation::DropConstraint(drop) => vec![drop.table.clone()],
        Operation::AlterConstraint(alter) => vec![alter.table.clone()],
        Operation::CreateIndex(create) => vec![create.table.clone()],
        Operation::DropIndex(drop) => of_index(&drop.name),
        Operation::RenameIndex(rename) => of_index(&rename.from),
        Operation::CreateObject(_) | Operation::DropObject(_) | Operation::RenameObject(_) => Vec::new(),
        // They change whatever is of the enum, and stay.
        Operation::AddValue(_) | Operation::RenameValue(_) | Operation::DropValue(_) | Operation::Expect(_) => Vec::new(),
        Operation::RunSql(_) => return None,
    })
}

/// The steps that are about nothing but what the step at a place drops; with that step, where one of them makes it.
fn detour(steps: &[Transition], places: &Places, place: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let Some(mut thing) = Thing::dropped(&steps[place].operation) else { return found };
    let Some(mut owner) = owners(&steps[place]).and_then(|owners| owners.into_iter().next()) else { return found };
    let mut later = place;
    while let Some(earlier) = places.before(later, &owner) {
        let step = &steps[earlier];
        match thing.relation(step) {
            Relation::Alone => {
                found.insert(earlier);
            }
            Relation::Makes => {
                found.extend([earlier, place]);
                return found;
            }
            Relation::Renames(before) => thing = before,
            Relation::Other => {}
            Relation::Unknown => return found,
        }
        if let Operation::RenameTable(rename) = &step.operation
            && rename.to == owner
        {
            owner = rename.from.clone();
        }
        later = earlier;
    }
    found
}

impl Thing {
    fn dropped(operation: &Operation) -> Option<Thing> {
        match operation {
            Operation::DropTable(drop) => Some(Thing::Table(drop.name.clone())),
            Operation::DropColumn(drop) => Some(Thing::Column(drop.table.clone(), drop.column.clone())),
            Operation::DropConstraint(drop) => Some(Thing::Constraint(drop.table.clone(), drop.name.clone())),
            Operation::DropIndex(drop) => Some(Thing::Index(drop.name.clone())),
            Operation::CreateTable(_) | Operation::RenameTable(_) | Operation::AddColumn(_) | Operation::RenameColumn(_) => None,
            Operation::DropNotNull(drop) => Some(Thing::NotNull(drop.table.clone(), drop.column.clone())),
            Operation::AlterType(_) | Operation::SetNotNull(_) | Operation::SetDefault(_) => None,
            Operation::DropDefault(_) | Operation::CommentColumn(_) | Operation::AddConstraint(_) => None,
            Operation::RenameConstraint(_) | Operation::AlterConstraint(_) | Operation::CreateIndex(_) => None,
            Operation::CreateObject(_) | Operation::DropObject(_) | Operation::RenameObject(_) => None,
            Operation::AddValue(_) | Operation::RenameValue(_) | Operation::DropValue(_) | Operation::Expect(_) => None,
            Operation::RenameIndex(_) | Operation::RunSql(_) | Operation::CommentTable(_) | Operation::SetCounter(_) => None,
        }
    }

    fn relation(&self, step: &Transition) -> Relation {
        let is = |alone: bool| if alone { Relation::Alone } else { Relation::Other };
        match &step.operation {
            Operation::CreateTable(create) => {
                if matches!(self, Thing::Table(name) if *name == create.name) {
                    Relation::Makes
                } else {
                    Relation::Other
                }
            }
            Operation::DropTable(_) => Relation::Other,
            Operation::RenameTable(rename) => self.table_renamed(&rename.from, &rename.to),
            Operation::AddColumn(add) => {
                if self.is_column(&add.table, &add.column.name) {
                    Relation::Makes
                } else {
                    is(self.is_table(&add.table))
                }
            }
            Operation::RenameColumn(rename) => match self {
                Thing::Column(table, name) if *table == rename.table && *name == rename.to => {
                    Relation::Renames(Thing::Column(table.clone(), rename.from.clone()))
                }
                Thing::NotNull(table, name) if *table == rename.table && *name == rename.to => {
                    Relation::Renames(Thing::NotNull(table.clone(), rename.from.clone()))
                }
                Thing::Table(_) | Thing::Column(..) | Thing::NotNull(..) | Thing::Constraint(..) | Thing::Index(_) => {
                    is(self.is_table(&rename.table))
                }
            },
            Operation::DropColumn(drop) => is(self.is_table(&drop.table)),
            Operation::AlterType(alter) => is(self.has_column(&alter.table, &alter.column)),
            Operation::SetNotNull(set) if self.is_not_null(&set.table, &set.column) => Relation::Makes,
            Operation::SetNotNull(set) => is(self.has_column(&set.table, &set.column)),
            Operation::DropNotNull(drop) => is(self.has_column(&drop.table, &drop.column)),
            Operation::SetDefault(set) => is(self.has_column(&set.table, &set.column)),
            Operation::DropDefault(drop) => is(self.has_column(&drop.table, &drop.column)),
            Operation::CommentTable(comment) => is(self.is_table(&comment.table)),
            Operation::SetCounter(set) => is(self.has_column(&set.table, &set.column)),
            Operation::CommentColumn(comment) => is(self.has_column(&comment.table, &comment.column)),
            Operation::AddConstraint(add) if self.is_constraint(&add.table, add.constraint.name()) => Relation::Makes,
            Operation::AddConstraint(add) => is(self.has_columns(&add.table, &add.constraint.rule.columns())),
            Operation::RenameConstraint(rename) if self.is_constraint(&rename.table, &rename.to) => {
                Relation::Renames(Thing::Constraint(rename.table.clone(), rename.from.clone()))
            }
            Operation::RenameConstraint(rename) => is(self.has_constraint(step, &rename.table, &rename.from)),
            // A column cannot be dropped before what uses it.
            Operation::DropConstraint(drop) => is(self.is_table(&drop.table)),
            Operation::AlterConstraint(alter) => {
                is(self.is_constraint(&alter.table, &alter.name) || self.has_constraint(step, &alter.table, &alter.name))
            }
            Operation::CreateIndex(create) if self.is_index(&create.table.sibling(create.index.name())) => Relation::Makes,
            Operation::CreateIndex(create) => is(self.has_columns(&create.table, &create.index.columns())),
            Operation::RenameIndex(rename) if self.is_index(&rename.to) => Relation::Renames(Thing::Index(rename.from.clone())),
            Operation::RenameIndex(rename) => is(self.has_index(&step.before, &rename.from)),
            Operation::DropIndex(drop) => is(step.before.index(&drop.name).is_some_and(|(of, _)| self.is_table(of))),
            Operation::CreateObject(_) | Operation::DropObject(_) | Operation::RenameObject(_) => Relation::Other,
            Operation::AddValue(_) | Operation::RenameValue(_) | Operation::DropValue(_) => Relation::Other,
            Operation::Expect(_) => Relation::Other,
            Operation::RunSql(_) => Relation::Unknown,
        }
    }

    fn table_renamed(&self, from: &Name, to: &Name) -> Relation {
        match self {
            Thing::Table(name) if name == to => Relation::Renames(Thing::Table(from.clone())),
            Thing::Column(table, column) if table == to => Relation::Renames(Thing::Column(from.clone(), column.clone())),
            Thing::Constraint(table, name) if table == to => Relation::Renames(Thing::Constraint(from.clone(), name.clone())),
            Thing::NotNull(table, column) if table == to => Relation::Renames(Thing::NotNull(from.clone(), column.clone())),
            Thing::Table(_) | Thing::Column(..) | Thing::NotNull(..) | Thing::Constraint(..) | Thing::Index(_) => Relation::Other,
        }
    }

    fn is_table(&self, name: &Name) -> bool {
        matches!(self, Thing::Table(table) if table == name)
    }

    fn is_column(&self, of: &Name, name: &str) -> bool {
        matches!(self, Thing::Column(table, column) if table == of && column == name)
    }

    fn is_not_null(&self, of: &Name, name: &str) -> bool {
        matches!(self, Thing::NotNull(table, column) if table == of && column == name)
    }

    fn is_constraint(&self, of: &Name, name: &str) -> bool {
        matches!(self, Thing::Constraint(table, constraint) if table == of && constraint == name)
    }

    fn is_index(&self, name: &Name) -> bool {
        matches!(self, Thing::Index(index) if index == name)
    }

    fn has_column(&self, of: &Name, name: &str) -> bool {
        self.is_table(of) || self.is_column(of, name)
    }

    /// Whether it is all that these columns of a table are part of. A condition in raw SQL names columns that nobody knows.
    fn has_columns(&self, of: &Name, columns: &[&str]) -> bool {
        self.is_table(of) || !columns.is_empty() && columns.iter().all(|column| self.is_column(of, column))
    }

    fn has_constraint(&self, step: &Transition, of: &Name, name: &str) -> bool {
        let constraint = step.before.table(of).and_then(|table| table.constraint(name));
        constraint.is_some_and(|constraint| self.has_columns(of, &constraint.rule.columns()))
    }

    fn has_index(&self, schema: &Schema, name: &Name) -> bool {
        let found = schema.index(name).map(|(of, index)| (of, index.columns()));
        found.is_some_and(|(of, columns)| self.has_columns(of, &columns))
    }
}
