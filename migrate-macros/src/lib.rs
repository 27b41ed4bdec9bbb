//! The macros of `migrate`. A shell: everything that a migration means is `migrate-compiler`, and this crate hands the schema of
//! the parents from one invocation to the next and writes the result as static data.
//!
//! A proc macro sees one invocation. So a migration calls the macro that its parent defined, which calls [`__compile`] with what
//! the parent left behind as one string literal in front of the migration's own tokens: no file is read, nothing is global, and
//! the order of the modules does not matter. See "How a schema travels" in `ARCHITECTURE.md`.
#![forbid(unsafe_code)]

mod cache;
mod expand;
mod handover;
mod join;
mod literal;

use proc_macro::TokenStream;

/// Declares the migrations of a crate and `HISTORY`.
///
/// ```text
/// migrate::history! {
///     databases: postgres, sqlite;
///     mod m20261122_090000_create_users;
///     mod m20261122_101500_add_organisation;
/// }
/// ```
///
/// It also writes the test `every_migration_is_listed`: `cargo test` fails where a file beside the modules contains `migration!` and is
/// not in the list. Where the sources are gone, it passes with a note.
#[proc_macro]
pub fn history(input: TokenStream) -> TokenStream {
    expand::history::history(input.into()).into()
}

/// One migration. Its tokens go to the macros of its parents, and from there to [`__compile`].
///
/// ```text
/// migrate::migration! {
///     //! Give every user a name.
///     after super::m20261122_090000_create_users;
///     alter table users { add name: text?; }
/// }
/// ```
#[proc_macro]
pub fn migration(input: TokenStream) -> TokenStream {
    handover::ask_parents(input.into()).into()
}

/// A database that a history serves, its word, in a build that leaves its driver out.
#[doc(hidden)]
#[proc_macro]
pub fn __feature_off(input: TokenStream) -> TokenStream {
    expand::history::feature_off(input.into()).into()
}

/// What the parents left behind, and the migration's own tokens: the path from tokens to static data.
#[doc(hidden)]
#[proc_macro]
pub fn __compile(input: TokenStream) -> TokenStream {
    match handover::receive(input.into()) {
        handover::Received::AskNext(tokens) => tokens.into(),
        handover::Received::Complete { parents, body } => compile(parents, body).into(),
    }
}

/// One migration from its tokens to its expansion: the table of contents of everything that happens at compile time.
fn compile(parents: Vec<handover::Parent>, body: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let parsed = migrate_compiler::parse::migration(body);
    let join::Joined { before, parents, parent, problems } = join::join(parents, &parsed);
    let outcome = migrate_compiler::compile::compile(before.clone(), &parsed.draft, &parsed.message);
    let errors = parsed.errors(problems.into_iter().chain(outcome.problems));
    let (literal, is_whole) = literal::write(parent.as_ref(), &before, &outcome.after);
    let export = expand::export::export(&literal, parsed.parents.first().filter(|_| !is_whole));
    expand::migration::migration(&parsed, outcome.migration.as_ref(), &parents, &export, &errors)
}
