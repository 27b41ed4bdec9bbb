//! The heads of a history, and their labels.

use super::head::{Head, NOWHERE, key};
use super::message::Message;
use super::set::Set;

/// Where each revision id is, each at the first free place from its hash on. `N` is a power of two and more than the number of ids.
struct IdPlaces<const N: usize>([usize; N]);

impl<const N: usize> IdPlaces<N> {
    const fn of(migrations: &[Head]) -> IdPlaces<N> {
        let mut places = [NOWHERE; N];
        let mut at = 0;
        while at < migrations.len() {
            let mut place = key(migrations[at].id) as usize & (N - 1);
            while places[place] != NOWHERE {
                place = (place + 1) & (N - 1);
            }
            places[place] = at;
            at += 1;
        }
        IdPlaces(places)
    }

    const fn find(&self, id: &str, migrations: &[Head]) -> usize {
        let mut place = key(id) as usize & (N - 1);
        while self.0[place] != NOWHERE {
            if key(migrations[self.0[place]].id) == key(id) {
                return self.0[place];
            }
            place = (place + 1) & (N - 1);
        }
        NOWHERE
    }
}

/// The heads without a label of their own: the first, and the second or a place beyond the end.
pub(super) const fn heads<const N: usize>(migrations: &[Head]) -> (usize, usize) {
    let followed = followed::<N>(migrations);
    let (mut all, mut at, mut first, mut second) = (0, 0, NOWHERE, NOWHERE);
    while at < migrations.len() {
        if !followed.has(key(migrations[at].id)) {
            all += 1;
            if first == NOWHERE {
                first = at;
            } else if second == NOWHERE {
                second = at;
            }
        }
        at += 1;
    }
    if all < 2 { (first, second) } else { unnamed::<N>(migrations, &followed) }
}

/// What others come after or depend on.
const fn followed<const N: usize>(migrations: &[Head]) -> Set<N> {
    let mut followed = Set([0; N]);
    let mut at = 0;
    while at < migrations.len() {
        let mut before = 0;
        while before < migrations[at].before() {
            followed.add(key(migrations[at].predecessor(before)));
            before += 1;
        }
        at += 1;
    }
    followed
}

/// The first two heads on whose line no migration has a label that is on the line of no other head.
const fn unnamed<const N: usize>(migrations: &[Head], followed: &Set<N>) -> (usize, usize) {
    let places = IdPlaces::<N>::of(migrations);
    let mut heads_after = [0_usize; N];
    let mut at = 0;
    while at < migrations.len() {
        if !followed.has(key(migrations[at].id)) {
            let line = line(at, &places, migrations);
            let mut member = 0;
            while member < migrations.len() {
                heads_after[member] += line[member] as usize;
                member += 1;
            }
        }
        at += 1;
    }
    let (mut first, mut second) = (NOWHERE, NOWHERE);
    at = 0;
    while at < migrations.len() {
        if !followed.has(key(migrations[at].id)) && !is_named(&line(at, &places, migrations), &heads_after, migrations) {
            if first == NOWHERE {
                first = at;
            } else if second == NOWHERE {
                second = at;
            }
        }
        at += 1;
    }
    (first, second)
}

const fn is_named<const N: usize>(line: &[bool; N], heads_after: &[usize; N], migrations: &[Head]) -> bool {
    let mut member = 0;
    while member < migrations.len() {
        if line[member] && heads_after[member] == 1 && !migrations[member].label.is_empty() {
            return true;
        }
        member += 1;
    }
    false
}

/// A migration and everything that it comes after.
const fn line<const N: usize>(from: usize, places: &IdPlaces<N>, migrations: &[Head]) -> [bool; N] {
    let mut line = [false; N];
    let mut open = [NOWHERE; N];
    let mut length = 1;
    open[0] = from;
    line[from] = true;
    while length > 0 {
        length -= 1;
        let parents = migrations[open[length]].parents;
        let mut parent = 0;
        while parent < parents.len() {
            let place = places.find(parents[parent], migrations);
            if place != NOWHERE && !line[place] {
                line[place] = true;
                open[length] = place;
                length += 1;
            }
            parent += 1;
        }
    }
    line
}

/// Rule `label_twice`: the place of a migration whose label another has, or is the id of another, and what is said of it; or a place beyond
/// the end.
pub(super) const fn label_twin<const N: usize>(ids: &Set<N>, migrations: &[Head]) -> (usize, Message) {
    let mut labels = Set::<N>([0; N]);
    let mut at = 0;
    while at < migrations.len() {
        let label = migrations[at].label;
        if !label.is_empty() {
            if !labels.add(key(label)) {
                let first = migrations[bearer(label, migrations)].id;
                let message = Message::new().add("duplicate label `").add(label).add("`: `").add(first).add("` and `");
                let message = message.add(migrations[at].id).add("` have it\nhelp: write another label in one of them");
                return (at, message);
            }
            if ids.has(key(label)) && key(label) != key(migrations[at].id) {
                let message = Message::new().add("the label `").add(label).add("` of `").add(migrations[at].id);
                return (at, message.add("` is the revision id of another migration\nhelp: write another label"));
            }
        }
        at += 1;
    }
    (NOWHERE, Message::new())
}

/// The first migration with this label.
const fn bearer(label: &str, migrations: &[Head]) -> usize {
    let mut at = 0;
    while key(migrations[at].label) != key(label) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn head(id: &'static str, parents: &'static [&'static str], label: &'static str) -> Head {
        Head { id, explicit: false, parents, dependencies: &[], label, checksum: "" }
    }

    #[test]
    fn a_head_with_a_label_of_its_own_is_a_branch() {
        let trunk = [head("m1", &[], ""), head("m2", &["m1"], ""), head("b1", &["m1"], "billing"), head("b2", &["b1"], "")];
        assert_eq!(heads::<16>(&trunk), (1, NOWHERE));
        let mut both = trunk;
        both[1].label = "main";
        assert_eq!(heads::<16>(&both), (NOWHERE, NOWHERE));
        // A label that both heads come after names neither of them.
        let mut common = trunk;
        (common[0].label, common[2].label) = ("all", "");
        assert_eq!(heads::<16>(&common), (1, 3));
        // Two that nobody meant are found beside a branch.
        let parallel = [&trunk[..], &[head("m3", &["m1"], "")]].concat();
        assert_eq!(heads::<32>(&parallel), (1, 4));
    }

    #[test]
    fn what_another_depends_on_need_not_be_merged() {
        let shop = Head { dependencies: &["core"], ..head("shop", &[], "") };
        assert_eq!(heads::<8>(&[head("core", &[], ""), shop]), (1, NOWHERE));
        assert_eq!(heads::<8>(&[head("core", &[], ""), shop, head("core2", &["core"], "")]), (1, 2));
    }

    #[test]
    fn a_label_is_of_one_migration_and_no_id() {
        let said = |migrations: &[Head]| {
            let mut ids = Set::<16>([0; 16]);
            migrations.iter().for_each(|one| assert!(ids.add(key(one.id))));
            let (place, message) = label_twin(&ids, migrations);
            (place, message.text().lines().next().unwrap_or_default().to_owned())
        };
        let pair = |one, other| [head("a", &[], one), head("b", &["a"], other)];
        assert_eq!(said(&pair("x", "y")), (NOWHERE, String::new()));
        assert_eq!(said(&pair("x", "x")), (1, "duplicate label `x`: `a` and `b` have it".to_owned()));
        assert_eq!(said(&pair("", "a")), (1, "the label `a` of `b` is the revision id of another migration".to_owned()));
        assert_eq!(said(&pair("a", "")).0, NOWHERE);
    }
}
