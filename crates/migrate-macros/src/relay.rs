//! Handing a migration's tokens from parent to parent.
//!
//! What travels, after the literal that the parent's macro puts in front: `@ (STATE name …) name (path, …) { tokens }`, that is
//! the states collected so far with the names of the parents they came from, the name of the parent whose literal stands in
//! front, the parents still to be asked, and the migration.

use migrate_model::problem::{Problem, Slot};
use migrate_model::state::State;
use migrate_syntax::parse::{self, Parsed};
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Ident, LitStr, Path, Token};

/// What a parent left behind, as text, and the name that the migration knows it by.
pub(crate) struct Parent {
    name: Ident,
    state: LitStr,
}

/// Where the tokens are.
pub(crate) enum Arrival {
    /// Another parent has to be asked.
    Onward(TokenStream),
    /// Everything is known.
    Here {
        /// What the parents left behind.
        before: Vec<Parent>,
        /// The migration.
        body: TokenStream,
    },
}

/// Sends a migration to its first parent, or to the history where it has none; with what stands in for it where none answers.
pub(crate) fn depart(body: TokenStream) -> TokenStream {
    let parents = parse::parents(body.clone());
    let first = parents.first();
    let root = || quote! { super::__no_history_lists_this_migration! };
    let door = first.map_or_else(root, |path| {
        let door = door(last_segment(path).span());
        quote! { #path::#door! }
    });
    let name = first.map_or_else(|| format_ident!("root"), last_segment);
    let rest = parents.iter().skip(1);
    let body = Group::new(Delimiter::Brace, body);
    quote! {
        #[doc(hidden)]
        #[allow(unused_imports)]
        pub(crate) use ::migrate::__private::in_case::*;
        #door { @ () #name (#(#rest),*) #body }
    }
}

/// The macro by which a migration hands on its schema. rustc says its name where a parent is no migration, or comes after its
/// child: "cannot find `…` in `m2`".
pub(crate) fn door(span: Span) -> Ident {
    Ident::new("__migration_that_comes_before_this", span)
}

/// Takes the literal in front, and asks the next parent if there is one.
pub(crate) fn arrive(input: TokenStream) -> Arrival {
    match read.parse2(input) {
        Ok(arrival) => arrival,
        Err(error) => Arrival::Onward(error.to_compile_error()),
    }
}

fn read(input: ParseStream<'_>) -> syn::Result<Arrival> {
    let state: LitStr = input.parse()?;
    input.parse::<Token![@]>()?;
    let known;
    syn::parenthesized!(known in input);
    let mut before = Vec::new();
    while !known.is_empty() {
        let state = known.parse()?;
        before.push(Parent { state, name: known.parse()? });
    }
    before.push(Parent { state, name: input.parse()? });
    let rest;
    syn::parenthesized!(rest in input);
    let rest: Vec<Path> = rest.parse_terminated(Path::parse_mod_style, Token![,])?.into_iter().collect();
    let TokenTree::Group(body) = input.parse()? else { return Err(input.error("the migration is missing")) };
    let Some((next, rest)) = rest.split_first() else { return Ok(Arrival::Here { before, body: body.stream() }) };
    let known = before.iter().map(|Parent { name, state }| quote! { #state #name });
    let name = last_segment(next);
    let door = door(name.span());
    Ok(Arrival::Onward(quote! { #next::#door! { @ (#(#known)*) #name (#(#rest),*) #body } }))
}

/// The name of the module that a path leads to.
fn last_segment(path: &Path) -> Ident {
    path.segments.last().map_or_else(|| format_ident!("root"), |segment| segment.ident.clone())
}

/// What all parents leave behind together. Rules `merge_conflict` and `other_version`.
pub(crate) fn join(parents: &[Parent], parsed: &Parsed) -> (State, Vec<Problem>) {
    if !parsed.has_head {
        return (State::nowhere(), Vec::new());
    }
    let mut problems = Vec::new();
    let mut joined: Option<State> = None;
    for parent in parents {
        let Some(state) = State::decode(&parent.state.value()) else {
            let message = format!("`{}` was compiled by another version of migrate", parent.name);
            problems.push(Problem::new("other_version", Slot::statement(), message).help("build both with the same version"));
            continue;
        };
        let state = state.named(&parent.name.to_string());
        joined = Some(match joined {
            None => state,
            Some(earlier) => {
                let (state, conflicts) = earlier.merge(state);
                problems.extend(conflicts.into_iter().map(conflict));
                state
            }
        });
    }
    let id = parsed.revision.as_ref().map_or("", |(id, _)| id.as_str());
    (joined.unwrap_or_else(State::nowhere).next(id), problems)
}

/// Rule `merge_conflict`: both sides changed the same thing, each without the other.
fn conflict(conflict: migrate_model::state::Conflict) -> Problem {
    let migrate_model::state::Conflict { what, left, right } = conflict;
    let message = format!("the parents do not agree on {what}: `{left}` and `{right}` both change it");
    let help = format!("let `{right}` come after `{left}`, so that it says which of the two holds");
    Problem::new("merge_conflict", Slot::statement(), message).help(help)
}
