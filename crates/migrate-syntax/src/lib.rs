//! Tokens of the language into the model's drafts, with the place of every word.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod diagnostic;
pub mod marks;
pub mod parse;
