//! The code that the macros become: static data, and what is exported to the next migration.

pub(crate) mod document;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod history;
pub(crate) mod migration;
