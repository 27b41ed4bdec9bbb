//! What one migration changes of a state: most of what it leaves behind is what its parent left behind.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::footprint::{Part, Touch};
use crate::name::Name;
use crate::schema::{Gone, Since, Table, changed};
use crate::state::{State, VERSION, World};
use migrate_history::codec::Codec;

impl State {
    /// What leads from the state that a migration was checked against to the one that it leaves behind, as text; `None` where
    /// that cannot be said shorter than the state itself: at a root, and where databases part.
    pub fn change_since(&self, before: &State) -> Option<String> {
        let [.., parent, own] = self.revisions.as_slice() else { return None };
        let databases = |state: &State| state.worlds.iter().map(|world| world.databases.clone()).collect::<Vec<_>>();
        if self.revisions.len() != before.revisions.len() || databases(self) != databases(before) {
            return None;
        }
        let mut out = String::from(VERSION);
        parent.write(&mut out);
        own.write(&mut out);
        for (world, before) in self.worlds.iter().zip(&before.worlds) {
            let tables = changed(&before.tables, &world.tables);
            let lost = tables.iter().filter(|(.., after)| after.is_none()).map(|(name, ..)| *name).collect();
            let new = tables.iter().filter_map(|(name, _, after)| Some((*name, (*after)?))).collect();
            write_difference::<Name, Arc<Table>>(lost, new, &mut out);
            // Mostly nothing was removed, and then the map is the very same.
            let (mut lost, mut new) = (Vec::new(), Vec::new());
            if !Arc::ptr_eq(&before.gone, &world.gone) {
                lost.extend(before.gone.keys().filter(|what| !world.gone.contains_key(what)));
                new.extend(world.gone.iter().filter(|(what, since)| before.gone.get(what) != Some(since)));
            }
            write_difference::<Gone, Since>(lost, new, &mut out);
            let touched = changed(&before.record.of, &world.record.of);
            let lost = touched.iter().filter(|(.., after)| after.is_none()).map(|(name, ..)| *name).collect();
            let new = touched.iter().filter_map(|(name, _, after)| Some((*name, (*after)?))).collect();
            write_difference::<Name, Arc<BTreeMap<Part, Touch>>>(lost, new, &mut out);
        }
        self.unsure.write(&mut out);
        Some(out)
    }

    /// The state that a migration leaves behind, from the one that its parent leaves behind and its [`State::change_since`];
    /// `None` where the text is not one of this version.
    pub fn change(self, text: &str) -> Option<State> {
        let input = &mut text.strip_prefix(VERSION)?;
        let mut state = self.named(&String::read(input)?).next(&String::read(input)?);
        for world in &mut state.worlds {
            let World { databases: _, tables, gone, record } = world;
            read_difference::<Name, Arc<Table>>(tables, input)?;
            read_difference::<Gone, Since>(gone, input)?;
            read_difference::<Name, Arc<BTreeMap<Part, Touch>>>(&mut record.of, input)?;
        }
        state.unsure = Codec::read(input)?;
        input.is_empty().then_some(state)
    }
}

/// What is not there any more, and what is new or another.
fn write_difference<K: Codec, V: Codec>(lost: Vec<&K>, new: Vec<(&K, &V)>, out: &mut String) {
    lost.len().write(out);
    lost.iter().for_each(|key| key.write(out));
    new.len().write(out);
    for (key, value) in new {
        key.write(out);
        value.write(out);
    }
}

fn read_difference<K: Codec + Ord + Clone, V: Codec + Clone>(map: &mut Arc<BTreeMap<K, V>>, input: &mut &str) -> Option<()> {
    for _ in 0..usize::read(input)? {
        Arc::make_mut(map).remove(&K::read(input)?);
    }
    for _ in 0..usize::read(input)? {
        let (key, value) = <(K, V)>::read(input)?;
        Arc::make_mut(map).insert(key, value);
    }
    Some(())
}
