//! The macro by which a migration hands its schema on.

use proc_macro2::{Punct, Spacing, Span, TokenStream};
use quote::quote;
use syn::Path;

use crate::face::Face;
use crate::handover;

/// The macro with its literal, and that of the last whole one, which the parent knows, where the literal is not.
pub(crate) fn export(face: &Face, literal: &str, parent: Option<&Path>) -> TokenStream {
    let (export, dollar) = (handover::exported_macro(Span::call_site()), Punct::new('$', Spacing::Alone));
    quote! { #face::__export! { #dollar #export #literal #parent } }
}
