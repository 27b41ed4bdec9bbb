//! The compiler of `migrate`: from tokens to operations, from these to the schema after them, the downgrade, its proof,
//! and the SQL for each database.
//!
//! Everything here is pure.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod brief;
pub mod canonical;
pub mod check;
mod codec;
pub mod compile;
mod conversion;
pub mod ddl;
mod desugar;
pub mod diagnostic;
pub mod difference;
pub mod draft;
pub mod effect;
mod enum_type;
#[cfg(feature = "testing")]
pub mod example;
pub mod expr;
pub mod footprint;
pub mod help;
pub mod lineage;
pub mod lint;
pub(crate) mod literal;
mod map;
pub mod marks;
mod mention;
pub mod name;
pub mod naming;
pub mod objects;
mod online;
pub mod operation;
pub mod parse;
pub mod print;
pub mod problem;
mod raw;
pub mod rows;
pub mod rows_file;
pub mod rule;
pub mod schema;
mod session_setting;
pub mod source;
pub mod sql;
pub mod state;
pub mod suggestion;
mod trace;
mod transition;
pub mod tree;
pub mod types;
pub mod typing;
pub mod work;
