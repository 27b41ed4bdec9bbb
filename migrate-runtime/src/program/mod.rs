//! Functions of the program that a migration calls.

mod call;
mod failure;
pub(crate) mod nested;
mod step;

pub(crate) use self::call::{Call, CallError};
pub use self::call::{Callable, MayRunTwice, Next, Running, in_batches, once, outside};
pub(crate) use self::failure::CallFailure;
pub use self::step::Step;
#[cfg(all(feature = "postgres", feature = "_sqlite"))]
pub(crate) use self::step::elsewhere;
pub(crate) use self::step::{StepInfo, StepLink};
