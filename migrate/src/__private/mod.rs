//! What the macros expand to. Nothing here is for use by hand.

mod cycle;
mod data_file;
mod head;
mod message;
mod program;
mod source;
mod unlisted;

pub use cycle::ListedModule;
pub use data_file::has_columns;
#[cfg(feature = "runtime")]
pub use data_file::{WrongFile, are_read};
use head::NOWHERE;
pub use head::{Head, key};
use message::Message;
use migrate_history::plan::RESERVED_IDS;
pub use migrate_history::{Calls, DataColumn, DataFile, DataValues, Database, History, Migration, ProgramFunction, Version};
#[cfg(feature = "runtime")]
pub use migrate_runtime::program::{Callable, in_batches, once};
pub use std::borrow::Cow::{self, Borrowed};
pub use unlisted::{Place, Unlisted, every_migration_is_listed};

/// A stub for a migration that no macro could reach, because its parent does not exist: what the migration itself
/// expands to hides it. So a misspelt parent is one error.
pub mod in_case {
    use super::{Head, Migration};

    /// No id, nothing to compare with, no parents.
    pub const __HEAD: Head = Head { id: "", explicit: true, parents: &[] };
    /// Nothing to do.
    pub static MIGRATION: Migration = Migration::packed("", &[], "", "2");
}

/// The last segment of a module's path: the revision id of a migration that does not say another.
pub const fn module_name(path: &'static str) -> &'static str {
    let bytes = path.as_bytes();
    let mut start = bytes.len();
    while start > 0 && bytes[start - 1] != b':' {
        start -= 1;
    }
    path.split_at(start).1
}

/// Keys, each at the first free place from its hash on. `N` is a power of two and more than twice the number of keys.
struct Set<const N: usize>([u64; N]);

impl<const N: usize> Set<N> {
    /// Adds a key; false if it was in the set before.
    const fn add(&mut self, key: u64) -> bool {
        let mut place = key as usize & (N - 1);
        let mut tried = 0;
        while tried < N && self.0[place] != 0 {
            if self.0[place] == key {
                return false;
            }
            place = (place + 1) & (N - 1);
            tried += 1;
        }
        if tried < N {
            self.0[place] = key;
        }
        true
    }

    const fn has(&self, key: u64) -> bool {
        let mut place = key as usize & (N - 1);
        let mut tried = 0;
        while tried < N && self.0[place] != 0 {
            if self.0[place] == key {
                return true;
            }
            place = (place + 1) & (N - 1);
            tried += 1;
        }
        false
    }
}

/// What a history as a whole looks like, worked out by the compiler.
#[derive(Clone, Copy)]
pub struct Shape {
    /// The place of the first head.
    head: usize,
    /// The place of the second head, or beyond the end.
    second_head: usize,
    /// The place of the first revision whose id another has, or beyond the end.
    twin: usize,
    /// The place of the first revision that has a parent which is not here, and of that parent; or beyond the end.
    orphan: (usize, usize),
    /// The position of a migration that comes after itself, and its error; or a position beyond the end.
    cycle: (usize, Message),
}

/// Looks at a history: the id of each migration, and the ids of its parents.
pub const fn shape<const N: usize>(migrations: &[Head], written: &[ListedModule]) -> Shape {
    let mut parents = Set([0; N]);
    let mut ids = Set([0; N]);
    let mut shape = Shape {
        head: NOWHERE,
        second_head: NOWHERE,
        twin: NOWHERE,
        orphan: (NOWHERE, NOWHERE),
        cycle: (NOWHERE, Message::new()),
    };
    let mut place = 0;
    while place < migrations.len() {
        let Head { id, parents: of, .. } = migrations[place];
        if id.is_empty() {
            // One that no macro could reach: rustc has reported it, and the rest cannot be determined.
            return Shape { twin: NOWHERE, cycle: cycle::find::<N>(migrations, written), ..shape };
        }
        if !ids.add(key(id)) && shape.twin == NOWHERE {
            shape.twin = place;
        }
        let mut parent = 0;
        while parent < of.len() {
            parents.add(key(of[parent]));
            parent += 1;
        }
        place += 1;
    }
    shape.orphan = orphan(&ids, migrations);
    place = 0;
    while place < migrations.len() {
        if !parents.has(key(migrations[place].id)) {
            if shape.head == NOWHERE {
                shape.head = place;
            } else if shape.second_head == NOWHERE {
                shape.second_head = place;
            }
        }
        place += 1;
    }
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

/// The first migration with a parent that is not among them, and which of its parents that is.
const fn orphan<const N: usize>(ids: &Set<N>, migrations: &[Head]) -> (usize, usize) {
    let mut place = 0;
    while place < migrations.len() {
        let parents = migrations[place].parents;
        let mut parent = 0;
        while parent < parents.len() {
            // One without an id could not be compiled, and rustc has said so.
            if !parents[parent].is_empty() && !ids.has(key(parents[parent])) {
                return (place, parent);
            }
            parent += 1;
        }
        place += 1;
    }
    (NOWHERE, NOWHERE)
}

/// Stops the build at a root that its history does not list. Others are found by who comes after them.
#[track_caller]
#[expect(clippy::panic, reason = "it is evaluated by the compiler, which shows the message at the migration")]
pub const fn is_listed(migrations: &[Head], id: &str) {
    let mut place = 0;
    while place < migrations.len() {
        let other = migrations[place].id;
        if other.is_empty() || key(other) == key(id) {
            return;
        }
        place += 1;
    }
    let message = Message::new().add("`").add(id).add("` is not listed in `history!`: add its module to the list");
    panic!("{}", message.text());
}

/// Stops the build at a migration that is a second head, or whose id another has or none can have, or whose parent is not listed.
#[track_caller]
#[expect(clippy::panic, reason = "it is evaluated by the compiler, which shows the message at the word")]
pub const fn check(shape: Shape, place: usize, migrations: &[Head]) {
    if shape.cycle.0 == place {
        panic!("{}", shape.cycle.1.text());
    }
    if shape.twin == place {
        let message = Message::new()
            .add("duplicate revision id `")
            .add(migrations[place].id)
            .add("`: write another id in one of the two migrations");
        panic!("{}", message.text());
    }
    if shape.orphan.0 == place {
        let (child, parent) = (migrations[place].id, migrations[place].parents[shape.orphan.1]);
        let message = Message::new().add("`").add(parent).add("` is not listed in `history!`, but `").add(child);
        panic!("{}", message.add("` comes after it: add its module to the list").text());
    }
    if !migrations[place].explicit && is_reserved(migrations[place].id) {
        let message = Message::new()
            .add("`")
            .add(migrations[place].id)
            .add("` cannot be a revision id: rename the module, or write `revision \"")
            .add(migrations[place].id)
            .add("_1\";`");
        panic!("{}", message.text());
    }
    if shape.second_head == place {
        let (first, second) = (migrations[shape.head].id, migrations[place].id);
        let message = Message::new().add("two heads: `").add(first).add("` and `").add(second);
        let message = message.add("`\nhelp: write `after super::").add(first).add(";` in `").add(second);
        let message = message.add("`, or `after super::").add(first).add(", super::").add(second);
        let message = message.add(";` in a migration that merges them");
        panic!("{}", message.text());
    }
}

/// What a migration defines for its children: the macro `$export` with its literal in it, and as `__whole` that of the last migration
/// whose literal is the whole state: its own, or the one that its parent knows. Written here once, for what a macro writes a
/// thousand times costs.
#[doc(hidden)]
#[macro_export]
macro_rules! __export {
    ($dollar:tt $export:ident $literal:tt) => {
        #[doc(hidden)]
        #[allow(unused_macros)]
        macro_rules! $export {
            ($dollar($dollar rest:tt)*) => { $crate::__compile! { $crate $literal $dollar($dollar rest)* } };
        }
        #[doc(hidden)]
        #[allow(unused_imports)]
        pub(crate) use {$export, $export as __whole};
    };
    ($dollar:tt $export:ident $literal:tt $($parent:tt)+) => {
        #[doc(hidden)]
        #[allow(unused_macros)]
        macro_rules! $export {
            ($dollar($dollar rest:tt)*) => { $crate::__compile! { $crate $literal $dollar($dollar rest)* } };
        }
        #[doc(hidden)]
        #[allow(unused_imports)]
        pub(crate) use {$export, $($parent)+::__whole};
    };
}
