//! What one migration changes of a state: most of the schema after it is the schema before it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::footprint::{Part, Touch};
use crate::name::Name;
use crate::objects::{Kind, Object};
use crate::state::{State, VERSION, Variant};
use migrate_history::codec::Codec;

impl State {
    /// The changes from the state that a migration was checked against to the state after it, as text; `None` where
    /// that cannot be said shorter than the state itself: at a root, and where databases part.
    pub fn change_since(&self, before: &State) -> Option<String> {
        let [.., parent, own] = self.revisions.as_slice() else { return None };
        let databases = |state: &State| state.variants.iter().map(|variant| variant.databases.clone()).collect::<Vec<_>>();
        if self.revisions.len() != before.revisions.len() || databases(self) != databases(before) {
            return None;
        }
        let mut out = String::from(VERSION);
        parent.write(&mut out);
        own.write(&mut out);
        for (variant, before) in self.variants.iter().zip(&before.variants) {
            let objects = before.objects.changed(&variant.objects);
            let lost = objects.iter().filter(|(.., after)| after.is_none()).map(|(key, ..)| *key).collect();
            let new = objects.iter().filter_map(|((_, name), _, after)| Some((name, (*after)?))).collect();
            write_difference::<(Kind, Name), Name, Object>(lost, new, &mut out);
            let touched = before.record.of.changed(&variant.record.of);
            let lost = touched.iter().filter(|(.., after)| after.is_none()).map(|(name, ..)| *name).collect();
            let new = touched.iter().filter_map(|(name, _, after)| Some((*name, (*after)?))).collect();
            write_difference::<Name, Name, Arc<BTreeMap<Part, Touch>>>(lost, new, &mut out);
        }
        self.is_broken.write(&mut out);
        Some(out)
    }

    /// The state after a migration, from the state after its parent and its [`State::change_since`];
    /// `None` where the text is not one of this version.
    pub fn change(self, text: &str) -> Option<State> {
        let input = &mut text.strip_prefix(VERSION)?;
        let mut state = self.named(&String::read(input)?).next(&String::read(input)?);
        for variant in &mut state.variants {
            let Variant { databases: _, objects, record } = variant;
            read_each(input, |key: (Kind, Name)| drop(objects.remove(&key)))?;
            read_each(input, |(name, object): (Name, Object)| objects.insert(name, object))?;
            read_each(input, |name: Name| record.of.remove(&name))?;
            read_each(input, |(name, parts): (Name, Arc<BTreeMap<Part, Touch>>)| record.of.insert(name, parts))?;
        }
        state.is_broken = Codec::read(input)?;
        input.is_empty().then_some(state)
    }
}

/// What is not there any more, and what is new or another.
fn write_difference<L: Codec, K: Codec, V: Codec>(lost: Vec<&L>, new: Vec<(&K, &V)>, out: &mut String) {
    lost.len().write(out);
    lost.iter().for_each(|key| key.write(out));
    new.len().write(out);
    for (key, value) in new {
        key.write(out);
        value.write(out);
    }
}

/// Reads a list, and does something with each of its items.
fn read_each<T: Codec>(input: &mut &str, mut apply: impl FnMut(T)) -> Option<()> {
    (0..usize::read(input)?).try_for_each(|_| T::read(input).map(&mut apply))
}
