//! Migrations that come after each other. No macro reaches them, so what rustc says is that it cannot find a macro; which migrations they
//! are is worked out here, from the names that `after` gives.

use super::head::{Head, NOWHERE, key};
use super::message::Message;

/// A migration as it is written: what is known of it even where no macro reaches it.
#[derive(Clone, Copy)]
pub struct ListedModule {
    /// The name of its module.
    pub name: &'static str,
    /// The names of the modules that it comes after.
    pub after: &'static [&'static str],
}

/// Where each name is written, each at the first free place from its hash on. `N` is a power of two and more than the number of names.
struct ModulePlaces<const N: usize>([usize; N]);

impl<const N: usize> ModulePlaces<N> {
    const fn of(all: &[ListedModule]) -> ModulePlaces<N> {
        let mut places = [NOWHERE; N];
        let mut written = 0;
        while written < all.len() {
            let mut place = key(all[written].name) as usize & (N - 1);
            while places[place] != NOWHERE {
                place = (place + 1) & (N - 1);
            }
            places[place] = written;
            written += 1;
        }
        ModulePlaces(places)
    }

    const fn find(&self, name: &str, all: &[ListedModule]) -> usize {
        let mut place = key(name) as usize & (N - 1);
        while self.0[place] != NOWHERE {
            if key(all[self.0[place]].name) == key(name) {
                return self.0[place];
            }
            place = (place + 1) & (N - 1);
        }
        NOWHERE
    }
}

/// Rule `cycle`: the position of a migration that comes after itself through others, and its error; or a position beyond the end.
pub(super) const fn find<const N: usize>(heads: &[Head], all: &[ListedModule]) -> (usize, Message) {
    let places = ModulePlaces::<N>::of(all);
    // The walk that came by, counted from one: each goes from a migration to its parent until one came by already.
    let mut walks = [0; N];
    let mut start = 0;
    while start < all.len() {
        let mut place = start;
        while place != NOWHERE && walks[place] == 0 {
            walks[place] = start + 1;
            place = parent(place, &places, heads, all);
        }
        if place != NOWHERE && walks[place] == start + 1 {
            return (place, message(place, &places, heads, all));
        }
        start += 1;
    }
    (NOWHERE, Message::new())
}

/// The first parent that no macro reaches either, or beyond the end.
const fn parent<const N: usize>(place: usize, places: &ModulePlaces<N>, heads: &[Head], all: &[ListedModule]) -> usize {
    let mut named = 0;
    while heads[place].id.is_empty() && named < all[place].after.len() {
        let parent = places.find(all[place].after[named], all);
        if parent != NOWHERE && heads[parent].id.is_empty() {
            return parent;
        }
        named += 1;
    }
    NOWHERE
}

/// The error for the cycle that begins at this position.
const fn message<const N: usize>(start: usize, places: &ModulePlaces<N>, heads: &[Head], all: &[ListedModule]) -> Message {
    let second = parent(start, places, heads, all);
    let message = Message::new();
    if second == start {
        return message
            .add("`")
            .add(all[start].name)
            .add("` comes after itself\nhelp: remove it from its `after` or `depends on`");
    }
    if parent(second, places, heads, all) == start {
        let message = message.add("`").add(all[start].name).add("` and `").add(all[second].name);
        return message.add("` come after each other\nhelp: remove one of them from the `after` or `depends on` of the other");
    }
    let mut message = message.add("cycle: `").add(all[start].name).add("` comes after `").add(all[second].name);
    let mut place = second;
    while place != start {
        let next = parent(place, places, heads, all);
        message = message.add("`, `").add(all[place].name).add("` after `").add(all[next].name);
        place = next;
    }
    message.add("`\nhelp: remove one of them from the `after` or `depends on` of another")
}
