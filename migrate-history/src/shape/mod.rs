//! What only all migrations of a history together show: two heads, a revision id twice, a parent that is not listed, a cycle.
//!
//! `history!` evaluates it while it is compiled, and what reads the source calls the same functions.

mod branch;
mod cycle;
mod head;
mod lock;
mod message;
mod set;

use crate::plan::RESERVED_IDS;

pub use self::cycle::ListedModule;
use self::head::NOWHERE;
pub use self::head::{Head, key};
pub use self::message::Message;
use self::set::Set;

/// What a history as a whole looks like, worked out by the compiler.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The place of the first head without a label of its own, or beyond the end.
    head: usize,
    /// The place of the second one, or beyond the end.
    second_head: usize,
    /// The place of the first revision whose id another has, or beyond the end.
    twin: usize,
    /// The place of a migration whose label another has, and what is said of it; or beyond the end.
    label_twin: (usize, Message),
    /// The place of the first revision that has a parent or dependency which is not here, and of that parent; or beyond the end.
    orphan: (usize, usize),
    /// The place of a migration that comes after itself, and what is said of it; or beyond the end.
    cycle: (usize, Message),
    /// The position of a migration that was changed after it was released, and its error; or a position beyond the end.
    released: (usize, Message),
}

/// Looks at a history: the id of each migration, the ids of what comes before it, its label, and the text of its lock.
pub const fn shape<const N: usize>(migrations: &[Head], written: &[ListedModule], lock: &str) -> Shape {
    let mut ids = Set([0; N]);
    let mut shape = Shape {
        head: NOWHERE,
        second_head: NOWHERE,
        twin: NOWHERE,
        label_twin: (NOWHERE, Message::new()),
        orphan: (NOWHERE, NOWHERE),
        cycle: (NOWHERE, Message::new()),
        released: (NOWHERE, Message::new()),
    };
    let mut place = 0;
    while place < migrations.len() {
        let id = migrations[place].id;
        if id.is_empty() {
            // One that no macro could reach: rustc has said so, and the rest cannot be told.
            return Shape { twin: NOWHERE, cycle: cycle::find::<N>(migrations, written), ..shape };
        }
        if !ids.add(key(id)) && shape.twin == NOWHERE {
            shape.twin = place;
        }
        place += 1;
    }
    shape.label_twin = branch::label_twin(&ids, migrations);
    shape.orphan = orphan(&ids, migrations);
    shape.released = lock::find(lock, migrations);
    (shape.head, shape.second_head) = branch::heads::<N>(migrations);
    shape
}

/// Rule `revision_reserved`, for a module whose name is its id.
const fn is_reserved(id: &str) -> bool {
    let mut place = 0;
    while place < RESERVED_IDS.len() {
        if key(RESERVED_IDS[place]) == key(id) {
            return true;
        }
        place += 1;
    }
    false
}

/// The first migration with a parent or dependency that is not among them, and which one that is.
const fn orphan<const N: usize>(ids: &Set<N>, migrations: &[Head]) -> (usize, usize) {
    let mut place = 0;
    while place < migrations.len() {
        let mut before = 0;
        while before < migrations[place].before() {
            let id = migrations[place].predecessor(before);
            // One without an id could not be compiled, and rustc has said so.
            if !id.is_empty() && !ids.has(key(id)) {
                return (place, before);
            }
            before += 1;
        }
        place += 1;
    }
    (NOWHERE, NOWHERE)
}

/// What is wrong with a history at one of its migrations.
#[derive(Clone, Copy, Debug)]
pub struct Flaw {
    /// The rule.
    pub rule: &'static str,
    /// What is wrong, with what to write instead.
    pub message: Message,
}

impl Shape {
    /// What is wrong at a migration: it is a second head, another has its id, none can have it, or its parent is not listed.
    pub const fn flaw(self, place: usize, migrations: &[Head]) -> Option<Flaw> {
        if self.cycle.0 == place {
            return Some(Flaw { rule: "cycle", message: self.cycle.1 });
        }
        if self.released.0 == place {
            return Some(Flaw { rule: "released", message: self.released.1 });
        }
        let id = migrations[place].id;
        if self.twin == place {
            let message = Message::new().add("duplicate revision id `").add(id);
            let message = message.add("`\nhelp: write another id in one of the two migrations");
            return Some(Flaw { rule: "revision_twice", message });
        }
        if self.label_twin.0 == place {
            return Some(Flaw { rule: "label_twice", message: self.label_twin.1 });
        }
        if self.orphan.0 == place {
            let message = Message::new().add("`").add(migrations[place].predecessor(self.orphan.1));
            let message = message.add("` is not listed in `history!`, but `").add(id);
            let is_parent = self.orphan.1 < migrations[place].parents.len();
            let message = message.add(if is_parent { "` comes after it" } else { "` depends on it" });
            return Some(Flaw { rule: "unlisted", message: message.add("\nhelp: add its module to the list") });
        }
        if !migrations[place].explicit && is_reserved(id) {
            let message = Message::new().add("`").add(id);
            let message = message.add("` cannot be a revision id: rename the module, or write `revision \"").add(id);
            return Some(Flaw { rule: "revision_reserved", message: message.add("_1\";`") });
        }
        if self.second_head == place {
            let (first, second) = (migrations[self.head].id, id);
            let message = Message::new().add("two heads: `").add(first).add("` and `").add(second);
            let message = message.add("`\nhelp: write `after super::").add(first).add(";` in `").add(second);
            let message = message.add("`, or `after super::").add(first).add(", super::").add(second);
            let message = message.add(";` in a migration that merges them");
            let label = "\nhelp: or `label \"…\";` in one of them, which makes it a branch that is not merged";
            return Some(Flaw { rule: "two_heads", message: message.add(label) });
        }
        None
    }
}
