//! Two states into one, where a migration comes after two others.
//!
//! No common ancestor's state is needed, for the record of each side names the revisions that last wrote a path, whether they made,
//! changed or removed it: whatever a revision wrote that only the second side has is as the second side has it, all else as the first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::footprint::{Meeting, Part, Path, Record, Relation, RevisionNumber};
use crate::name::Name;
use crate::objects::Object;
use crate::schema::{Column, Constraint, Index, Table};
use crate::state::{State, Variant};

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
    /// The state after both, and what they do not agree on.
    pub fn merge(self, other: State) -> (State, Vec<Conflict>) {
        let (shared, right_of, revisions) = join_revisions(&self.revisions, &other.revisions);
        let right = right_of.iter().skip(shared as usize).copied().collect();
        let sides = Sides { shared, left: self.revisions.len(), right, revisions: &revisions };
        let mut conflicts = Vec::new();
        let mut variants = Vec::new();
        for left in &self.variants {
            for right in &other.variants {
                let databases: Vec<_> =
                    left.databases.iter().copied().filter(|database| right.databases.contains(database)).collect();
                if !databases.is_empty() {
                    let right = Variant { record: right.record.renumbered(&left.record, shared, &right_of), ..right.clone() };
                    conflicts.extend(sides.conflicts(&left.record, &right.record));
                    variants.push(merge_worlds(&sides, Variant { databases, ..left.clone() }, right));
                }
            }
        }
        let is_broken = self.is_broken || other.is_broken;
        // What a broken migration changes may be something else than it will be.
        let conflicts = if is_broken { Vec::new() } else { conflicts };
        (State { settings: self.settings, revisions: revisions.into(), variants, is_broken }, conflicts)
    }
}

/// How many revisions both begin with, where each of the second's is among those of both, and these.
fn join_revisions(left: &[Arc<str>], right: &[Arc<str>]) -> (RevisionNumber, Vec<RevisionNumber>, Vec<Arc<str>>) {
    let revision = |place: usize| RevisionNumber::try_from(place).unwrap_or(RevisionNumber::MAX);
    let shared = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let known: BTreeMap<&str, usize> = left.iter().enumerate().skip(shared).rev().map(|(place, id)| (&**id, place)).collect();
    let mut all = left.to_vec();
    let mut places: Vec<RevisionNumber> = (0..revision(shared)).collect();
    for id in &right[shared..] {
        let place = known.get(&**id).copied().unwrap_or_else(|| {
            all.push(Arc::clone(id));
            all.len() - 1
        });
        places.push(revision(place));
    }
    (revision(shared), places, all)
}

/// Which revisions each side has.
struct Sides<'a> {
    /// How many both begin with.
    shared: RevisionNumber,
    left: usize,
    /// Those of the right side after them.
    right: BTreeSet<RevisionNumber>,
    revisions: &'a [Arc<str>],
}

impl Sides<'_> {
    fn left_knows(&self, revision: RevisionNumber) -> bool {
        (revision as usize) < self.left
    }

    fn right_knows(&self, revision: RevisionNumber) -> bool {
        revision < self.shared || self.right.contains(&revision)
    }

    fn id(&self, revision: RevisionNumber) -> String {
        self.revisions.get(revision as usize).map(ToString::to_string).unwrap_or_default()
    }

    /// Where migrations of the two sides do not commute: the first path of each pair of them, for one cause is one error.
    fn conflicts(&self, left: &Record, right: &Record) -> Vec<Conflict> {
        let is_left = |revision: RevisionNumber| !self.right_knows(revision);
        let is_right = |revision: RevisionNumber| !self.left_knows(revision);
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
}

fn merge_worlds(sides: &Sides<'_>, left: Variant, right: Variant) -> Variant {
    let mut objects = left.objects.clone();
    for (key, ours, theirs) in left.objects.changed(&right.objects) {
        let (kind, name) = key;
        let changes = Changes { sides, of: name, left: &left.record, right: &right.record };
        match (ours, theirs) {
            (_, Some(theirs)) if changes.has(Part::whole(*kind)) => objects.insert(name.clone(), theirs.clone()),
            (_, None) if changes.has(Part::whole(*kind)) => drop(objects.remove(key)),
            (Some(Object::Table(ours)), Some(Object::Table(theirs))) => {
                objects.insert(name.clone(), changes.merge(ours, theirs).into());
            }
            (Some(_), Some(_) | None) | (None, _) => {}
        }
    }
    let mut record = left.record;
    record.union(&right.record);
    Variant { databases: left.databases, objects, record }
}

/// What the right side changed of a table, and the left side did not.
struct Changes<'a> {
    sides: &'a Sides<'a>,
    of: &'a Name,
    left: &'a Record,
    right: &'a Record,
}

impl Changes<'_> {
    /// Whether a part is as the right side has it. Where both changed it they do not commute, and it stays as it was.
    fn has(&self, part: Part) -> bool {
        let path = Path::new(self.of, part);
        let is_news = self.right.writers(&path).into_iter().any(|revision| !self.sides.left_knows(revision));
        is_news && !self.left.writers(&path).into_iter().any(|revision| !self.sides.right_knows(revision))
    }

    /// The table of both sides.
    fn merge(&self, left: &Table, right: &Table) -> Table {
        let comment = if self.has(Part::Comment) { &right.comment } else { &left.comment };
        let column = |left: &Column, right: &Column| self.join(left, right);
        let first = |left: &Constraint, _: &Constraint| left.clone();
        let first_index = |left: &Index, _: &Index| left.clone();
        Table {
            comment: comment.clone(),
            columns: self.parts((&left.columns, &right.columns), |one| &one.name, Part::Column, column),
            constraints: self.parts((&left.constraints, &right.constraints), Constraint::name, Part::Constraint, first),
            indexes: self.parts((&left.indexes, &right.indexes), Index::name, Part::Index, first_index),
            kept: left.kept.clone(),
        }
    }

    /// The parts of both sides, the first side's order first.
    fn parts<T: Clone>(
        &self,
        (left, right): (&[T], &[T]),
        name: fn(&T) -> &str,
        part: fn(String) -> Part,
        join: impl Fn(&T, &T) -> T,
    ) -> Vec<T> {
        let find = |parts: &'_ [T], wanted: &str| parts.iter().position(|part| name(part) == wanted);
        let new = right.iter().map(name).filter(|name| find(left, name).is_none());
        let merged = |wanted: &str| {
            let (ours, theirs) = (find(left, wanted).map(|at| &left[at]), find(right, wanted).map(|at| &right[at]));
            match (ours, theirs) {
                (_, theirs) if self.has(part(wanted.to_owned())) => theirs.cloned(),
                (Some(ours), Some(theirs)) => Some(join(ours, theirs)),
                (ours, _) => ours.cloned(),
            }
        };
        left.iter().map(name).chain(new).filter_map(merged).collect()
    }

    /// A column of which each side may have changed something else.
    fn join(&self, left: &Column, right: &Column) -> Column {
        let pick = |part: fn(String) -> Part| if self.has(part(left.name.clone())) { right } else { left };
        // A column's default is either written or that of what numbers it.
        let default = pick(Part::Default);
        Column {
            name: left.name.clone(),
            ty: pick(Part::Type).ty.clone(),
            nullable: pick(Part::Null).nullable,
            default: default.default.clone(),
            counter: default.counter.clone(),
            comment: pick(Part::ColumnComment).comment.clone(),
            kept: left.kept.clone(),
        }
    }
}
