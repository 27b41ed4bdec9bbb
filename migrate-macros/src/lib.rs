//! The macros of `migrate`. A thin layer: everything that a migration means is in `migrate-compiler`, and this crate passes the schema
//! from the parents to the next invocation and writes the result as static data.
//!
//! A procedural macro sees one invocation. So a migration calls the macro that its parent defined, which calls [`__compile`] with the
//! state after the parent as one string literal, followed by the migration's own tokens: no file is read, nothing is global, and
//! the order of the modules does not matter. See "How the schema is passed on" in `ARCHITECTURE.md`.
#![forbid(unsafe_code)]

mod cache;
mod expand;
mod face;
mod handover;
mod join;
mod literal;

use migrate_compiler::lineage;
use proc_macro::TokenStream;

use crate::face::Face;

/// What `history!` passes on: `$crate`, and its tokens.
#[doc(hidden)]
#[proc_macro]
pub fn __history(input: TokenStream) -> TokenStream {
    let (face, tokens) = Face::split(input);
    expand::history::history(&face, tokens).into()
}

/// What `migration!` passes on: `$crate`, and its tokens, which go to the macros of its parents and from there to [`__compile`].
#[doc(hidden)]
#[proc_macro]
pub fn __migration(input: TokenStream) -> TokenStream {
    let (face, body) = Face::split(input);
    handover::ask_parents(&face, body).into()
}

/// A database that a history supports, its word, in a build that leaves its driver out.
#[doc(hidden)]
#[proc_macro]
pub fn __feature_off(input: TokenStream) -> TokenStream {
    expand::history::feature_off(input.into()).into()
}

/// `$crate`, the states of the parents, and the migration's own tokens: the path from tokens to static data.
#[doc(hidden)]
#[proc_macro]
pub fn __compile(input: TokenStream) -> TokenStream {
    let (face, packet) = Face::split(input);
    match handover::receive(packet) {
        handover::Received::AskNext(tokens) => tokens.into(),
        handover::Received::Complete { parents, body } => compile(&face, parents, body).into(),
    }
}

/// `$crate`, the modules of a history, and a migration whose parent is not among them.
#[doc(hidden)]
#[proc_macro]
pub fn __unknown_parent(input: TokenStream) -> TokenStream {
    let (face, packet) = Face::split(input);
    let expanded = handover::unknown_parent(packet).map(|unknown| without_parent(&face, unknown));
    expanded.unwrap_or_else(syn::Error::into_compile_error).into()
}

/// A migration whose parent is unknown: its error, and a broken state for its children.
fn without_parent(face: &Face, unknown: handover::UnknownParent) -> proc_macro2::TokenStream {
    let handover::UnknownParent { listed, name, body } = unknown;
    let error = lineage::unknown_parent(listed.split(' '), &name).to_compile_error();
    let errors = migrate_compiler::parse::migration(body).errors([]);
    let state = migrate_compiler::state::State::broken();
    let (literal, _) = literal::write(None, &state, &state);
    let export = expand::export::export(face, &literal, None);
    quote::quote! { #error #errors #export }
}

/// One migration from its tokens to its expansion: the table of contents of everything that happens at compile time.
fn compile(face: &Face, parents: Vec<handover::Parent>, body: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let read = migrate_compiler::parse::migration(body);
    let join::Joined { before, parents, dependencies, parent, problems } = join::join(parents, &read);
    let parsed = read.serving(before.settings.databases());
    let mut outcome = migrate_compiler::compile::compile(before.clone(), &parsed.draft, &parsed.message);
    outcome.after.is_broken |= parsed.is_broken() || !problems.is_empty();
    let errors = parsed.errors(problems.into_iter().chain(outcome.problems));
    let (literal, is_whole) = literal::write(parent.as_ref(), &before, &outcome.after);
    let export =
        expand::export::export(face, &literal, parsed.parents.iter().chain(&parsed.dependencies).next().filter(|_| !is_whole));
    let checksum =
        outcome.migration.as_ref().map(|migration| migration.checksum_after(&parents, &dependencies)).unwrap_or_default();
    let head = expand::migration::head(face, &parsed, &checksum);
    let beside = expand::migration::Beside {
        dependencies: &parsed.dependencies,
        label: parsed.label.as_deref(),
        programs: &parsed.programs,
        files: &outcome.files,
    };
    let data = outcome.migration.as_ref().map(|migration| {
        let files = expand::files::files(face, &parsed, &outcome.files);
        let data = expand::migration::data(face, migration, &beside);
        quote::quote! { #files #data }
    });
    // If there are errors, here or in an ancestor, the data is missing and the imported placeholder is used instead, so that one mistake is
    // one error.
    quote::quote! { #errors #head #data #export }
}
