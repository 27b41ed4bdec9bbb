//! What must hold of names, columns, constraints, indexes and expressions. One rule is one function.

pub mod access;
pub mod column;
pub mod constraint;
pub mod expr;
pub(crate) mod function;
pub mod index;
mod json;
pub(crate) mod lasting;
mod literal;
pub mod name;
pub mod string;
