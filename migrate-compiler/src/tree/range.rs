//! The tokens of a node.

use proc_macro2::Span;

/// The tokens that a node covers.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// The first token.
    pub first: Span,
    /// The last token; of a group its closing delimiter.
    pub last: Span,
}
