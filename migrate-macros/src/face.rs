//! The crate that users write `migrate` for, whatever they call it.
//!
//! It may be renamed in `Cargo.toml`, or come from a crate that hands it on. So the macros that users call are declarative ones of that
//! crate, which put `$crate` in front of what they pass to the macros of this crate: every path in an expansion begins with it.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// `$crate`, as the crate itself wrote it.
pub(crate) struct Face(TokenStream);

impl Face {
    /// Takes it from the front of what a macro got.
    pub(crate) fn split(input: impl Into<TokenStream>) -> (Face, TokenStream) {
        let mut tokens = input.into().into_iter();
        let face = tokens.next().into_iter().collect();
        (Face(face), tokens.collect())
    }
}

impl ToTokens for Face {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}
