//! The macros in a crate that has its own names for everything, denies what clippy knows, and is of another edition.

pub mod core;
pub mod handed_on;
pub mod migrations;
pub mod std;
