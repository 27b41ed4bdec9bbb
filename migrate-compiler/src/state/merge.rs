//! Two states into one, where a migration comes after two others.
//!
//! No common ancestor's state is needed: every entry names the revision that last changed it, and so does every removal. An
//! entry whose revision is among the other side's ancestors is the older one.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::footprint::{Meeting, Part, Path, Record, Relation};
use crate::name::Name;
use crate::objects::{Kind, Object};
use crate::schema::{Column, Constraint, Gone, Index, Map, Since, Table, Tables};
use crate::state::{State, World};

/// Two migrations of different sides whose order counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What both touch: "the column `email` of `users`".
    pub what: String,
    /// The revision that changes it.
    pub writer: String,
    /// The other revision.
    pub other: String,
    /// What the other one does with it.
    pub relation: Relation,
}

impl State {
    /// What both states leave behind together, and what they do not agree on.
    pub fn merge(self, other: State) -> (State, Vec<Conflict>) {
        let (right_of, revisions) = join_revisions(&self.revisions, &other.revisions);
        let sides = Sides { left: self.revisions.len(), right: right_of.iter().copied().collect(), revisions: &revisions };
        let mut conflicts = Vec::new();
        let mut worlds = Vec::new();
        for left in &self.worlds {
            for right in &other.worlds {
                let databases: Vec<_> =
                    left.databases.iter().copied().filter(|database| right.databases.contains(database)).collect();
                if !databases.is_empty() {
                    let right = renumber(right.clone(), &right_of);
                    conflicts.extend(sides.conflicts(&left.record, &right.record));
                    worlds.push(merge_worlds(&sides, World { databases, ..left.clone() }, right));
                }
            }
        }
        let unsure = self.unsure.union(&other.unsure).cloned().collect();
        (State { settings: self.settings, revisions: revisions.into(), worlds, unsure }, conflicts)
    }
}

/// The revisions of both, and where each of the second's is among them.
fn join_revisions(left: &[Arc<str>], right: &[Arc<str>]) -> (Vec<Since>, Vec<Arc<str>>) {
    let mut all = left.to_vec();
    let mut places = Vec::with_capacity(right.len());
    for id in right {
        let place = left.iter().position(|known| known == id).unwrap_or_else(|| {
            all.push(id.clone());
            all.len() - 1
        });
        places.push(Since::try_from(place).unwrap_or(Since::MAX));
    }
    (places, all)
}

/// Which revisions each side stands on.
struct Sides<'a> {
    left: usize,
    right: BTreeSet<Since>,
    revisions: &'a [Arc<str>],
}

/// What each side has under one name, with the revision that changed or removed it.
#[derive(Clone, Copy)]
enum Entry<T> {
    There(T, Since),
    Gone(Since),
    Never,
}

impl Sides<'_> {
    fn left_knows(&self, since: Since) -> bool {
        (since as usize) < self.left
    }

    fn right_knows(&self, since: Since) -> bool {
        self.right.contains(&since)
    }

    fn id(&self, since: Since) -> String {
        self.revisions.get(since as usize).map(ToString::to_string).unwrap_or_default()
    }

    /// Where migrations of the two sides do not commute: the first path of each pair of them, for one cause is one error.
    fn conflicts(&self, left: &Record, right: &Record) -> Vec<Conflict> {
        let is_left = |since: Since| !self.right_knows(since);
        let is_right = |since: Since| !self.left_knows(since);
        let mut pairs = BTreeSet::new();
        let meetings = left.meetings(right, is_left, is_right);
        // What both change says more than what one of them depends on.
        let (changed, used): (Vec<_>, Vec<_>) = meetings.into_iter().partition(|meeting| meeting.relation == Relation::Writes);
        let news = changed
            .into_iter()
            .chain(used)
            .filter(|meeting| pairs.insert((meeting.writer.min(meeting.other), meeting.writer.max(meeting.other))));
        let conflict = |meeting: Meeting| Conflict {
            what: meeting.path.to_string(),
            writer: self.id(meeting.writer),
            other: self.id(meeting.other),
            relation: meeting.relation,
        };
        news.map(conflict).collect()
    }

    /// Whether a revision that the left side does not have wrote a path of the right side.
    fn right_changed(&self, record: &Record, path: &Path) -> bool {
        record.writers(path).any(|since| !self.left_knows(since))
    }

    /// What holds of one name on both sides together: the later of the two, for where both are new they do not commute.
    fn pick<T>(&self, left: Entry<T>, right: Entry<T>) -> Option<T> {
        let (changed, other) = match (&left, &right) {
            (Entry::There(_, since) | Entry::Gone(since), Entry::There(_, other) | Entry::Gone(other)) => (*since, *other),
            (Entry::Never, _) => return right.value(),
            (_, Entry::Never) => return left.value(),
        };
        if self.right_knows(changed) && changed != other { right.value() } else { left.value() }
    }
}

impl<T> Entry<T> {
    fn value(self) -> Option<T> {
        match self {
            Entry::There(value, _) => Some(value),
            Entry::Gone(_) | Entry::Never => None,
        }
    }
}

fn merge_worlds(sides: &Sides<'_>, left: World, right: World) -> World {
    let names: BTreeSet<&Name> = left.tables.keys().chain(right.tables.keys()).collect();
    let mut tables = Tables::default();
    for name in names {
        let entry = |world: &World| match (world.tables.get(name), world.gone.get(&Gone::Table(name.clone()))) {
            (Some(table), _) => Entry::There(Arc::clone(table), table.since),
            (None, Some(since)) => Entry::Gone(*since),
            (None, None) => Entry::Never,
        };
        let table = match (entry(&left), entry(&right)) {
            (Entry::There(one, since), Entry::There(two, other)) if since == other => {
                Some(Arc::new(merge_tables(sides, name, (&one, &left), (&two, &right))))
            }
            (one, two) => sides.pick(one, two),
        };
        if let Some(table) = table {
            tables.insert(name.clone(), table);
        }
    }
    let objects = merge_objects(sides, &left, &right);
    let mut gone = left.gone.clone();
    for (what, since) in right.gone.iter() {
        let latest = gone.get(what).copied().unwrap_or_default().max(*since);
        gone.insert(what.clone(), latest);
    }
    let mut record = left.record;
    record.union(&right.record);
    World { databases: left.databases, tables, objects, gone, record }
}

/// What there is beside tables on both sides together: of what one side wrote since they parted, what that side has.
fn merge_objects(sides: &Sides<'_>, left: &World, right: &World) -> Map<(Kind, Name), Arc<Object>> {
    let keys: BTreeSet<&(Kind, Name)> = left.objects.keys().chain(right.objects.keys()).collect();
    let of = |key: &(Kind, Name)| {
        let wrote = sides.right_changed(&right.record, &Path::new(&key.1, Part::Object(key.0)));
        let object = if wrote { right.objects.get(key) } else { left.objects.get(key) };
        Some((key.clone(), Arc::clone(object?)))
    };
    keys.into_iter().filter_map(of).collect()
}

fn merge_tables(sides: &Sides<'_>, name: &Name, left: (&Table, &World), right: (&Table, &World)) -> Table {
    let columns = Parts {
        of: name,
        name: |column: &Column| column.name.as_str(),
        since: |column: &Column| column.since,
        gone: Gone::Column,
        join: Some(join_columns),
    };
    let constraints = Parts {
        of: name,
        name: Constraint::name,
        since: |constraint: &Constraint| constraint.since,
        gone: Gone::Constraint,
        join: None,
    };
    let indexes = Parts { of: name, name: Index::name, since: |index: &Index| index.since, gone: Gone::Index, join: None };
    let comment_changed = sides.right_changed(&right.1.record, &Path::new(name, Part::Comment));
    Table {
        comment: if comment_changed { right.0.comment.clone() } else { left.0.comment.clone() },
        columns: columns.merge(sides, (&left.0.columns, left.1), (&right.0.columns, right.1)),
        constraints: constraints.merge(sides, (&left.0.constraints, left.1), (&right.0.constraints, right.1)),
        indexes: indexes.merge(sides, (&left.0.indexes, left.1), (&right.0.indexes, right.1)),
        since: left.0.since,
    }
}

/// How the named parts of a table are told apart.
struct Parts<'a, T> {
    of: &'a Name,
    name: fn(&T) -> &str,
    since: fn(&T) -> Since,
    gone: fn(Name, String) -> Gone,
    /// How two of them become one where each side changed something else of it.
    join: Option<Join<T>>,
}

/// The part of both sides; of whatever the right side changed it has that.
type Join<T> = fn(T, T, &dyn Fn(Part) -> bool) -> T;

impl<T: Clone> Parts<'_, T> {
    /// The parts of both sides, the first side's order first.
    fn merge(&self, sides: &Sides<'_>, left: (&[T], &World), right: (&[T], &World)) -> Vec<T> {
        let mut names: Vec<&str> = left.0.iter().map(self.name).collect();
        for name in right.0.iter().map(self.name) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let entry = |name: &str, (parts, world): (&[T], &World)| match parts.iter().find(|part| (self.name)(part) == name) {
            Some(part) => Entry::There(part.clone(), (self.since)(part)),
            None => match world.gone.get(&(self.gone)(self.of.clone(), name.to_owned())) {
                Some(since) => Entry::Gone(*since),
                None => Entry::Never,
            },
        };
        let right_changed = |part: Part| sides.right_changed(&right.1.record, &Path::new(self.of, part));
        let both = |name: &&str| match (entry(name, left), entry(name, right), self.join) {
            (Entry::There(one, since), Entry::There(two, other), Some(join)) if since != other => {
                Some(join(one, two, &right_changed))
            }
            (one, two, _) => sides.pick(one, two),
        };
        names.iter().filter_map(both).collect()
    }
}

/// A column of which each side may have changed something else.
fn join_columns(left: Column, right: Column, right_changed: &dyn Fn(Part) -> bool) -> Column {
    let Column { name, ty, nullable, default, counter, comment, since } = right;
    let changed = |part: fn(String) -> Part| right_changed(part(name.clone()));
    if changed(Part::Column) {
        return Column { name: left.name, ty, nullable, default, counter, comment, since };
    }
    Column {
        ty: if changed(Part::Type) { ty } else { left.ty },
        nullable: if changed(Part::Null) { nullable } else { left.nullable },
        // A column's default is either written or that of what numbers it.
        counter: if changed(Part::Default) { counter } else { left.counter },
        default: if changed(Part::Default) { default } else { left.default },
        comment: if changed(Part::ColumnComment) { comment } else { left.comment },
        since: left.since.max(since),
        ..left
    }
}

/// The world of the second side, its revisions numbered as those of both together.
fn renumber(mut world: World, places: &[Since]) -> World {
    let place = |since: &mut Since| *since = places.get(*since as usize).copied().unwrap_or(*since);
    let renumbered = |(name, table): (&Name, &Arc<Table>)| {
        let mut table = table.as_ref().clone();
        place(&mut table.since);
        table.columns.iter_mut().for_each(|column| place(&mut column.since));
        table.constraints.iter_mut().for_each(|constraint| place(&mut constraint.since));
        table.indexes.iter_mut().for_each(|index| place(&mut index.since));
        (name.clone(), Arc::new(table))
    };
    world.tables = world.tables.iter().map(renumbered).collect();
    let placed = |since: &Since| places.get(*since as usize).copied().unwrap_or(*since);
    world.gone = world.gone.iter().map(|(what, since)| (what.clone(), placed(since))).collect();
    world.record = world.record.renumbered(|since| places.get(since as usize).copied().unwrap_or(since));
    world
}
