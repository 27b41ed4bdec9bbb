//! What the macros expand to. Nothing here is for use by hand.

mod data_file;
mod program;
mod source;
mod unlisted;

pub use data_file::has_columns;
#[cfg(feature = "runtime")]
pub use data_file::{WrongFile, are_read};
pub use migrate_history::shape::{Head, ListedModule, Shape, shape};
use migrate_history::shape::{Message, key};
pub use migrate_history::{Calls, DataColumn, DataFile, DataValues, Database, History, Migration, ProgramFunction, Version};
#[cfg(feature = "runtime")]
pub use migrate_runtime::program::{Callable, in_batches, once, outside};
pub use std::borrow::Cow::{self, Borrowed};
pub use unlisted::{Place, Unlisted, every_migration_is_listed};

/// A stub for a migration that no macro could reach, because its parent does not exist: what the migration itself
/// expands to hides it. So a misspelt parent is one error.
pub mod in_case {
    use super::{Head, Migration};

    /// No id, nothing to compare with, no parents.
    pub const __HEAD: Head = Head { id: "", explicit: true, parents: &[], dependencies: &[], label: "", checksum: "" };
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
    let message = Message::new().add("`").add(id).add("` is not listed in `history!`\nhelp: add its module to the list");
    panic!("{}", message.text());
}

/// Stops the build at a migration where something is wrong with the history as a whole.
#[track_caller]
#[expect(clippy::panic, reason = "it is evaluated by the compiler, which shows the message at the word")]
pub const fn check(shape: Shape, place: usize, migrations: &[Head]) {
    if let Some(flaw) = shape.flaw(place, migrations) {
        panic!("{}", flaw.message.text());
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
