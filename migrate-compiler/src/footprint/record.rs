//! Which revisions touched what: a record next to the schema, from which a merge finds out whether its sides commute.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::footprint::{Footprint, Part, Path};
use crate::map::Map;
use crate::name::Name;

/// A revision, as its place among those that led to a state.
pub type RevisionNumber = u32;

/// The latest revisions that touched each path.
///
/// A migration replaces what it touches, for it comes after all of its ancestors; a merge takes both sides together. One latest
/// revision would not do after an earlier merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// By table or name, each shared, so that a change copies one of them.
    pub(crate) of: Map<Name, Arc<BTreeMap<Part, Touch>>>,
}

/// The latest revisions that touched a path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// Those that wrote it.
    pub wrote: BTreeSet<RevisionNumber>,
    /// Those that have read it since.
    pub read: BTreeSet<RevisionNumber>,
}

/// Two revisions of different sides that do not commute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meeting {
    /// What both touch.
    pub path: Path,
    /// The one that writes it.
    pub writer: RevisionNumber,
    /// The other one.
    pub other: RevisionNumber,
    /// What the other one does with it.
    pub relation: Relation,
}

/// What the second revision of a meeting does with what the first one writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It writes it too.
    Writes,
    /// It depends on it.
    Reads,
    /// It depends on everything of its table.
    ReadsAll,
}

impl Record {
    /// Notes what a revision touches. Where it touches the whole of a table, the parts of the table are not noted.
    pub fn note(&mut self, footprint: &Footprint, revision: RevisionNumber) {
        let covers = |paths: &BTreeSet<Path>, path: &Path| {
            !matches!(path.part, Part::All | Part::Object(_) | Part::Name) && paths.contains(&Path::new(&path.of, Part::All))
        };
        let (writes, reads) = (&footprint.writes, &footprint.reads);
        for path in reads.iter().filter(|path| !covers(writes, path) && !covers(reads, path)) {
            self.change(&path.of, |parts| {
                parts.entry(path.part.clone()).or_default().read = BTreeSet::from([revision]);
            });
        }
        for path in writes.iter().filter(|path| !covers(writes, path)) {
            self.change(&path.of, |parts| {
                if path.part == Part::All {
                    parts.retain(|part, _| matches!(part, Part::Object(_) | Part::Name));
                }
                parts.insert(path.part.clone(), Touch { wrote: BTreeSet::from([revision]), read: BTreeSet::new() });
            });
        }
    }

    /// Changes what is known of a table or a name; of all others nothing is copied.
    fn change(&mut self, of: &Name, change: impl FnOnce(&mut BTreeMap<Part, Touch>)) {
        let mut parts = self.of.get(of).cloned().unwrap_or_default();
        change(Arc::make_mut(&mut parts));
        self.of.insert(of.clone(), parts);
    }

    /// The latest revisions that wrote a path, by its name as PostgreSQL compares names and as SQLite does.
    pub fn writers(&self, path: &Path) -> BTreeSet<RevisionNumber> {
        self.wrote(path, |part, wanted| part == wanted)
    }

    /// The revision that last wrote something of a path: of a column its type too, and whatever wrote all of its table.
    pub fn last_writer(&self, path: &Path) -> Option<RevisionNumber> {
        self.wrote(path, |part, wanted| {
            part == wanted || *part == Part::All && part.meets(wanted) || part.is_of_column_of(wanted)
        })
        .pop_last()
    }

    fn wrote(&self, path: &Path, is_meant: fn(&Part, &Part) -> bool) -> BTreeSet<RevisionNumber> {
        let of = |path: &Path| {
            let parts = self.of.get(&path.of).into_iter().flat_map(|parts| parts.iter());
            let meant = parts.filter(|(part, _)| is_meant(part, &path.part));
            meant.flat_map(|(_, touch)| touch.wrote.iter().copied()).collect::<BTreeSet<_>>()
        };
        of(path).union(&of(&path.clone().folded())).copied().collect()
    }

    /// Both records together.
    pub fn union(&mut self, other: &Record) {
        let before = self.clone();
        for (name, _, theirs) in before.of.changed(&other.of) {
            self.change(name, |parts| {
                for (part, Touch { wrote, read }) in theirs.into_iter().flat_map(|theirs| theirs.iter()) {
                    let touch = parts.entry(part.clone()).or_default();
                    touch.wrote.extend(wrote);
                    touch.read.extend(read);
                }
            });
        }
    }

    /// The record with other places for the revisions, as those of another record are counted. Both count the first so many alike.
    #[must_use]
    pub fn renumbered(&self, other: &Record, shared: RevisionNumber, places: &[RevisionNumber]) -> Record {
        let place = |revision: &RevisionNumber| places.get(*revision as usize).copied().unwrap_or(*revision);
        let renumber = |set: &BTreeSet<RevisionNumber>| set.iter().map(place).collect();
        let touch =
            |(part, touch): (&Part, &Touch)| (part.clone(), Touch { wrote: renumber(&touch.wrote), read: renumber(&touch.read) });
        let mut record = self.clone();
        for name in self.apart(other, shared) {
            if let Some(parts) = self.of.get(name).filter(|parts| has_since(parts, shared)) {
                record.of.insert(name.clone(), Arc::new(parts.iter().map(touch).collect()));
            }
        }
        record
    }

    /// What the two may have noted otherwise. Two migrations that do the same after the same parent may share all that was noted of
    /// them, although the last revision is another one in each.
    fn apart<'r>(&'r self, other: &'r Record, shared: RevisionNumber) -> BTreeSet<&'r Name> {
        let mut names = self.of.edits_apart(&other.of);
        let has_since = |name: &&Name| self.of.get(name).is_some_and(|parts| has_since(parts, shared));
        let latest = self.of.latest().filter(|name| !names.contains(name)).take_while(has_since);
        let latest: Vec<&Name> = latest.collect();
        names.extend(latest);
        names
    }

    /// Where the revisions that only this side has meet those that only the other side has.
    pub fn meetings(
        &self,
        other: &Record,
        is_ours: impl Fn(RevisionNumber) -> bool,
        is_theirs: impl Fn(RevisionNumber) -> bool,
    ) -> BTreeSet<Meeting> {
        let mut found = BTreeSet::new();
        let news = |touch: &Touch, is_new: &dyn Fn(RevisionNumber) -> bool| {
            let of = |set: &BTreeSet<RevisionNumber>| {
                set.iter().copied().filter(|revision| is_new(*revision)).collect::<BTreeSet<_>>()
            };
            Touch { wrote: of(&touch.wrote), read: of(&touch.read) }
        };
        for (name, ours, theirs) in self.of.changed(&other.of) {
            let (Some(ours), Some(theirs)) = (ours, theirs) else { continue };
            for (part, touch) in ours.iter() {
                let ours = news(touch, &is_ours);
                for (met, touch) in theirs.iter().filter(|(met, _)| part.meets(met)) {
                    // The smaller part is named.
                    let path = Path::new(name, if *part == Part::All { met.clone() } else { part.clone() });
                    let reads = |part: &Part| if *part == Part::All { Relation::ReadsAll } else { Relation::Reads };
                    meet(&path, (&ours, reads(part)), (&news(touch, &is_theirs), reads(met)), &mut found);
                }
            }
        }
        found
    }
}

/// Whether a revision of this place, or a later one, touched something.
fn has_since(parts: &BTreeMap<Part, Touch>, place: RevisionNumber) -> bool {
    let latest = |set: &BTreeSet<RevisionNumber>| set.last().is_some_and(|revision| *revision >= place);
    parts.values().any(|touch| latest(&touch.wrote) || latest(&touch.read))
}

fn meet(path: &Path, ours: (&Touch, Relation), theirs: (&Touch, Relation), found: &mut BTreeSet<Meeting>) {
    let mut add = |writers: &BTreeSet<RevisionNumber>, others: &BTreeSet<RevisionNumber>, relation: Relation| {
        for (writer, other) in writers.iter().flat_map(|writer| others.iter().map(move |other| (*writer, *other))) {
            found.insert(Meeting { path: path.clone(), writer, other, relation });
        }
    };
    add(&ours.0.wrote, &theirs.0.wrote, Relation::Writes);
    add(&ours.0.wrote, &theirs.0.read, theirs.1);
    add(&theirs.0.wrote, &ours.0.read, ours.1);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str) -> Part {
        Part::Column(name.to_owned())
    }

    fn print(writes: &[Part], reads: &[Part]) -> Footprint {
        let paths = |parts: &[Part]| parts.iter().map(|part| Path::new(&"t".into(), part.clone())).collect();
        Footprint { writes: paths(writes), reads: paths(reads) }
    }

    fn record(notes: &[(RevisionNumber, Footprint)]) -> Record {
        let mut record = Record::default();
        notes.iter().for_each(|(revision, footprint)| record.note(footprint, *revision));
        record
    }

    /// The meetings of two sides after revision 0, which both have: the even ones of one side, the odd ones of the other.
    fn meetings(
        left: &[(RevisionNumber, Footprint)],
        right: &[(RevisionNumber, Footprint)],
    ) -> Vec<(RevisionNumber, RevisionNumber, bool)> {
        let (left, right) = (record(left), record(right));
        let is_left = |revision: RevisionNumber| revision != 0 && revision.is_multiple_of(2);
        let is_right = |revision: RevisionNumber| !revision.is_multiple_of(2);
        left.meetings(&right, is_left, is_right)
            .into_iter()
            .map(|one| (one.writer, one.other, one.relation == Relation::Writes))
            .collect()
    }

    #[test]
    fn who_only_reads_the_same_commutes() {
        assert_eq!(meetings(&[(2, print(&[], &[column("a")]))], &[(3, print(&[], &[column("a")]))]), []);
        assert_eq!(meetings(&[(2, print(&[column("a")], &[]))], &[(3, print(&[column("b")], &[]))]), []);
    }

    #[test]
    fn who_writes_what_the_other_reads_or_writes_does_not() {
        let (write, read) = (print(&[column("a")], &[]), print(&[], &[column("a")]));
        assert_eq!(meetings(&[(2, write.clone())], &[(3, write.clone())]), [(2, 3, true)]);
        assert_eq!(meetings(&[(2, write.clone())], &[(3, read.clone())]), [(2, 3, false)]);
        assert_eq!(meetings(&[(2, read)], &[(3, write)]), [(3, 2, false)]);
    }

    #[test]
    fn everything_of_a_table_meets_each_of_its_parts() {
        let (all, part) = (print(&[], &[Part::All]), print(&[column("a")], &[]));
        assert_eq!(meetings(&[(2, all)], &[(3, part.clone())]), [(3, 2, false)]);
        assert_eq!(meetings(&[(2, part)], &[(3, print(&[Part::All], &[]))]), [(2, 3, true)]);
        assert_eq!(meetings(&[(2, print(&[Part::All], &[]))], &[(3, print(&[Part::Name], &[]))]), []);
    }

    #[test]
    fn what_both_have_meets_nothing() {
        let base = (0, print(&[Part::All], &[]));
        assert_eq!(meetings(std::slice::from_ref(&base), &[base.clone(), (3, print(&[column("a")], &[]))]), []);
    }

    #[test]
    fn a_write_stands_for_all_before_it() {
        let record = record(&[(1, print(&[column("a")], &[])), (2, print(&[], &[column("a")])), (3, print(&[Part::All], &[]))]);
        let touches: Vec<(Part, Touch)> =
            record.of.iter().flat_map(|(_, parts)| parts.iter()).map(|(part, touch)| (part.clone(), touch.clone())).collect();
        assert_eq!(touches, [(Part::All, Touch { wrote: BTreeSet::from([3]), read: BTreeSet::new() })]);
    }

    #[test]
    fn after_a_merge_both_sides_are_remembered() {
        let mut merged = record(&[(2, print(&[], &[column("a")]))]);
        merged.union(&record(&[(4, print(&[], &[column("a")]))]));
        let other = record(&[(3, print(&[column("a")], &[]))]);
        let met = merged.meetings(&other, |revision| revision == 4, |revision| revision == 3);
        assert_eq!(met.into_iter().map(|one| (one.writer, one.other)).collect::<Vec<_>>(), [(3, 4)]);
    }
}
