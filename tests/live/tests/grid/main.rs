//! What compiles runs: grids of types, indexes, keys, conversions, functions and operators, made of the compiler's own lists.
//!
//! A cell is a table and a change of it. What the compiler takes, the database takes too; afterwards its catalogue is that of a
//! database which is made at once, and after the downgrade it is what it was. `GRID=…` prints what happens to each cell whose
//! text holds the word.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod cell;
mod conversions;
mod expressions;
mod indexes;
mod keys;
mod kinds;
mod queries;
mod typing;
