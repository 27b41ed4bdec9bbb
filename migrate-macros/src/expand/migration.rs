//! A migration as static data.

use migrate_compiler::parse::{Called, Parsed};
use migrate_compiler::rows_file::RowsFile;
use migrate_history::{Calls, Database, Migration};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::expand::document::document;
use crate::face::Face;

/// What the history must know of a migration, whatever is in it.
pub(crate) fn head(face: &Face, parsed: &Parsed, checksum: &str) -> TokenStream {
    if !parsed.has_head {
        return TokenStream::new();
    }
    let id = match &parsed.revision {
        Some((id, _)) => quote! { #id },
        None => quote! { #face::__private::module_name(::core::module_path!()) },
    };
    let (parents, dependencies) = (parsed.parents.iter().map(parent), parsed.dependencies.iter().map(parent));
    let label = parsed.label.as_deref().unwrap_or_default();
    let explicit = parsed.revision.is_some();
    // A root was reached through the history in the module above.
    let is_root = parsed.parents.is_empty() && parsed.dependencies.is_empty();
    let is_listed = is_root.then(|| quote! { const _: () = #face::__private::is_listed(super::__MIGRATIONS, __HEAD.id); });
    quote! {
        #[doc(hidden)]
        pub const __HEAD: #face::__private::Head = #face::__private::Head {
            id: #id,
            explicit: #explicit,
            parents: &[#(#parents),*],
            dependencies: &[#(#dependencies),*],
            label: #label,
            checksum: #checksum,
        };
        #is_listed
    }
}

/// The id of a parent; stops the build where it is named by another name than its own.
fn parent(path: &syn::Path) -> TokenStream {
    let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    quote_spanned! { path.span() => #path::__HEAD.named(#name) }
}

/// What a migration has in addition to its literal.
pub(crate) struct Beside<'a> {
    /// What it depends on.
    pub dependencies: &'a [syn::Path],
    /// The branch that it names.
    pub label: Option<&'a str>,
    /// The functions that it calls.
    pub programs: &'a [Called],
    /// The files whose rows it inserts.
    pub files: &'a [RowsFile],
}

/// One literal for all that only a run opens: what a history of a thousand migrations costs rustc is what one expands to.
pub(crate) fn data(face: &Face, migration: &Migration, beside: &Beside<'_>) -> TokenStream {
    let (docs, packed) = (document(migration), migration.compiled().pack());
    let mut made = if beside.files.is_empty() {
        quote! { #face::Migration::packed(__HEAD.id, __HEAD.parents, __HEAD.checksum, #packed) }
    } else {
        quote! { #face::Migration::with_files(__HEAD.id, __HEAD.parents, __HEAD.checksum, #packed, __FILES) }
    };
    if !beside.dependencies.is_empty() {
        made = quote! { #made.depending(__HEAD.dependencies) };
    }
    if let Some(label) = beside.label {
        made = quote! { #made.labelled(#label) };
    }
    if !beside.programs.is_empty() {
        let each = each_once(beside.programs);
        made = quote! { #face::__programs! { (#made) #(#each)* } };
    }
    quote! {
        #[doc = #docs]
        pub static MIGRATION: #face::Migration = #made;
    }
}

/// The functions that a migration calls, each as its name, the way in which it is called, and what calls it by its path in the user's own
/// tokens, which is written once, so that rustc reports errors there.
fn each_once(programs: &[Called]) -> impl Iterator<Item = TokenStream> {
    let is_first = |at: &usize| {
        let is_same = |other: &Called| (other.name(), other.calls) == (programs[*at].name(), programs[*at].calls);
        !programs[..*at].iter().any(is_same)
    };
    (0..programs.len()).filter(is_first).map(|at| {
        let Called { path, calls } = &programs[at];
        let name = programs[at].name();
        // What is not the user's is at the path too, and is known to rustc as made by a macro, so that it suggests no change of it.
        let span = Span::mixed_site().located_at(path.span());
        match calls {
            Calls::Once => {
                let call = quote_spanned! { span => |step, _| __once(#path(step)) };
                quote! { Once #name { #call } }
            }
            Calls::InBatches => {
                let call = quote_spanned! { span => |step, cursor| __in_batches(cursor, move |after| #path(step, after)) };
                quote! { InBatches #name { #call } }
            }
            Calls::Outside => {
                let call = quote_spanned! { span => |step, _| __outside(#path(step)) };
                quote! { Outside #name { #call } }
            }
        }
    })
}

/// The variant of a database.
pub(crate) fn database_name(database: Database) -> syn::Ident {
    format_ident!("{}", database.variant())
}
