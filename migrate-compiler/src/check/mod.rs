//! What must hold of names, columns, constraints, indexes and expressions. One rule is one function.

pub mod backfill;
pub mod column;
pub mod constraint;
mod counterpart;
pub mod expr;
pub(crate) mod function;
pub mod index;
pub(crate) mod lasting;
pub mod load;
pub mod method;
pub mod name;
pub mod rows;
pub mod string;
pub mod types;
pub(crate) mod user;
pub mod value;
