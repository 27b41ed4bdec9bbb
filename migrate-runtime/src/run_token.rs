//! The token of a run, which no other has.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// 128 random bits in hexadecimal, of which the hasher's keys are the seed.
pub(crate) fn run_token() -> String {
    let word = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", word(), word())
}
