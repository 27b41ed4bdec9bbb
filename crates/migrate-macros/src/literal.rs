//! What a migration leaves behind, as the one literal that its macro puts in front of a child's tokens: the whole state, or what
//! it changed of its parent's.

use migrate_model::state::State;

use crate::cache;

/// After so many changes the whole state stands in a literal again, so that reading it without the cache asks no more macros
/// than rustc lets call one another (`recursion_limit`, 128; each costs two).
const WHOLE_EVERY: usize = 32;

/// A literal, read.
pub(crate) enum Literal {
    /// The whole state.
    Whole { text: String },
    /// What was changed of the parent's state.
    Change { place: Place, change: String },
}

/// Where a state stands among the literals.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// What it is found by.
    key: String,
    /// How many changes lie between it and a whole one.
    changes: usize,
}

impl Literal {
    /// Reads a literal; `None` where it is not one of this version.
    pub fn read(text: &str) -> Option<Literal> {
        if let Some(text) = text.strip_prefix('=') {
            return Some(Literal::Whole { text: text.to_owned() });
        }
        let (changes, rest) = text.strip_prefix('+')?.split_once(';')?;
        let (key, change) = rest.split_once(';')?;
        let place = Place { key: key.to_owned(), changes: changes.parse().ok()? };
        Some(Literal::Change { place, change: change.to_owned() })
    }

    /// Where its state stands.
    pub fn place(&self) -> Place {
        match self {
            Literal::Whole { text } => Place { key: cache::key(["", text]), changes: 0 },
            Literal::Change { place, .. } => place.clone(),
        }
    }

    /// Whether its state can be made without asking the parent.
    pub fn is_enough(&self) -> bool {
        match self {
            Literal::Whole { .. } => true,
            Literal::Change { place, .. } => cache::find(&place.key).is_some(),
        }
    }

    /// Whether it is the whole state.
    pub fn is_whole(&self) -> bool {
        match self {
            Literal::Whole { .. } => true,
            Literal::Change { .. } => false,
        }
    }
}

/// The state of the first of these literals, each the parent of the one before it.
pub(crate) fn state(literals: &[Literal]) -> Option<State> {
    let (literal, parents) = literals.split_first()?;
    let place = literal.place();
    if let Some(state) = cache::find(&place.key) {
        return Some(state);
    }
    let state = match literal {
        Literal::Whole { text } => State::decode(text)?,
        Literal::Change { change, .. } => self::state(parents)?.change(change)?,
    };
    cache::keep(place.key, &state);
    Some(state)
}

/// The literal for a migration, and whether it is a change of the parent's state.
pub(crate) fn write(parent: Option<&Place>, before: &State, after: &State) -> (String, bool) {
    let change = parent.filter(|parent| parent.changes + 1 < WHOLE_EVERY).and_then(|parent| {
        let change = after.change_since(before)?;
        Some((cache::key([&parent.key, &change]), parent.changes + 1, change))
    });
    if let Some((key, changes, change)) = change {
        let literal = format!("+{changes};{key};{change}");
        cache::keep(key, after);
        return (literal, true);
    }
    let text = after.encode();
    cache::keep(cache::key(["", &text]), after);
    (format!("={text}"), false)
}
