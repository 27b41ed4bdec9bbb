//! A migration as static data.

use migrate_compiler::parse::Parsed;
use migrate_history::{Database, Migration};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::expand::document::document;
use crate::face::Face;

/// What the history must know of a migration, whatever is in it.
pub(crate) fn head(face: &Face, parsed: &Parsed) -> TokenStream {
    if !parsed.has_head {
        return TokenStream::new();
    }
    let id = match &parsed.revision {
        Some((id, _)) => quote! { #id },
        None => quote! { #face::__private::module_name(::core::module_path!()) },
    };
    let parents = parsed.parents.iter().map(parent);
    let explicit = parsed.revision.is_some();
    // A root was reached through the history in the module above.
    let is_root = parsed.parents.is_empty();
    let is_listed = is_root.then(|| quote! { const _: () = #face::__private::is_listed(super::__MIGRATIONS, __HEAD.id); });
    quote! {
        #[doc(hidden)]
        pub const __HEAD: #face::__private::Head =
            #face::__private::Head { id: #id, explicit: #explicit, parents: &[#(#parents),*] };
        #is_listed
    }
}

/// The id of a parent; stops the build where it is named by another name than its own.
fn parent(path: &syn::Path) -> TokenStream {
    let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    quote_spanned! { path.span() => #path::__HEAD.named(#name) }
}

/// One literal for all that only a run opens: what a history of a thousand migrations costs rustc is what one expands to.
pub(crate) fn data(face: &Face, migration: &Migration, parents: &[String]) -> TokenStream {
    let docs = document(migration);
    let (checksum, packed) = (migration.checksum_after(parents), migration.compiled().pack());
    quote! {
        #[doc = #docs]
        pub static MIGRATION: #face::Migration =
            #face::Migration::packed(__HEAD.id, __HEAD.parents, #checksum, #packed);
    }
}

/// The variant of a database.
pub(crate) fn database_name(database: Database) -> syn::Ident {
    format_ident!("{}", database.variant())
}
