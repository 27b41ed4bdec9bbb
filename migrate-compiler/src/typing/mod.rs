//! The types of expressions: the one place that knows what each form of an expression gives.
//!
//! The rules of [`check`](crate::check) say what is wrong with an expression, rendering and guards how it is written, and both ask here
//! what it is. What cannot be known is not guessed: an unknown part is valid with everything.
//!
//! Source: PostgreSQL manual, chapters "Functions and Operators" and "Type Conversion"; each type was compared with what `pg_typeof` of
//! a server says.

mod aggregate;
mod common;
mod frame;
pub mod function;
mod infer;
mod inferred;
mod operator;

pub use self::aggregate::takes;
pub use self::frame::{Frame, Presence, Readable, Visible};
pub use self::infer::{Scope, infer};
pub(crate) use self::infer::{beside, result, selected};
pub use self::inferred::{Inferred, Precision};
pub use self::operator::applied;
