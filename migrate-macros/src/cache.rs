//! The states that were worked out in this process, so that a child need not work out its parent's again.
//!
//! Only ever an optimisation: what is not here is read from the literals, and macros that are built with the feature `cache-off` give
//! the same result, which the step `cache` of the tests shows.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{LazyLock, Mutex, PoisonError};

use migrate_compiler::state::State;

/// How many states are kept; a compiler that stays, such as an editor's, must not grow for ever.
const ROOM: usize = 1024;

static STATES: LazyLock<Mutex<HashMap<String, State>>> = LazyLock::new(Mutex::default);

/// The state of a key, if it is here.
pub(crate) fn find(key: &str) -> Option<State> {
    STATES.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
}

/// Keeps a state.
pub(crate) fn keep(key: String, state: &State) {
    if cfg!(feature = "cache-off") {
        return;
    }
    let mut states = STATES.lock().unwrap_or_else(PoisonError::into_inner);
    if states.len() >= ROOM {
        states.clear();
    }
    states.insert(key, state.clone());
}

/// Forgets every state, as in a new process.
#[cfg(test)]
pub(crate) fn forget() {
    STATES.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// A key for what is made of these texts: 128 bits, so that no two are the same.
pub(crate) fn key(parts: [&str; 2]) -> String {
    let hash = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, parts).hash(&mut hasher);
        hasher.finish()
    };
    format!("{:016x}{:016x}", hash(0), hash(1))
}
