//! The code that the macros become: static data and the door to the next migration.

pub(crate) mod document;
pub(crate) mod door;
pub(crate) mod history;
pub(crate) mod migration;
