//! What a history knows of each migration while it is compiled.

use super::message::Message;

/// What a history must know of a migration, whatever is in it.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The revision id.
    pub id: &'static str,
    /// Whether the migration says its id, rather than being called by its module's name.
    pub explicit: bool,
    /// The ids of its parents.
    pub parents: &'static [&'static str],
    /// The ids of its dependencies.
    pub dependencies: &'static [&'static str],
    /// Its label, or no text.
    pub label: &'static str,
    /// Its checksum without the files whose rows it inserts; empty where it is not known.
    pub checksum: &'static str,
}

/// A number that stands for a revision id: FNV-1a, 64 bits.
pub const fn key(id: &str) -> u64 {
    let bytes = id.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut place = 0;
    while place < bytes.len() {
        hash = (hash ^ bytes[place] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        place += 1;
    }
    // Zero marks an empty place in a set.
    if hash == 0 { 1 } else { hash }
}

/// A place beyond the end.
pub(super) const NOWHERE: usize = usize::MAX;

impl Head {
    /// How many migrations must be applied before it.
    pub(super) const fn before(&self) -> usize {
        self.parents.len() + self.dependencies.len()
    }

    /// The id of one of them: the parents come first.
    pub(super) const fn predecessor(&self, place: usize) -> &'static str {
        match place.checked_sub(self.parents.len()) {
            None => self.parents[place],
            Some(place) => self.dependencies[place],
        }
    }

    /// The id; stops the build where a child names this migration by another name than its own.
    #[track_caller]
    #[expect(clippy::panic, reason = "it is evaluated by the compiler, which shows the message at the word")]
    pub const fn named(self, name: &str) -> &'static str {
        if !self.explicit && key(name) != key(self.id) {
            let message =
                Message::new().add("expected the own name of this parent, `").add(self.id).add("`, which is its revision id");
            panic!("{}", message.text());
        }
        self.id
    }
}
