//! The model behind `migrate`: what a schema is, what an operation does to it, the way back, and the SQL for each database.
//!
//! Everything here is pure.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod canonical;
pub mod check;
mod codec;
pub mod compile;
mod conversion;
pub mod ddl;
pub mod dialect;
pub mod difference;
pub mod draft;
pub mod example;
pub mod expr;
pub mod fact;
pub mod footprint;
pub mod history;
pub mod lint;
pub(crate) mod literal;
pub mod name;
pub mod naming;
pub mod near;
pub mod operation;
pub mod plan;
pub mod print;
pub mod problem;
mod raw;
pub mod schema;
pub mod source;
pub mod state;
mod trace;
pub mod types;
