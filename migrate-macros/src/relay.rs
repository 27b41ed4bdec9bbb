//! Handing a migration's tokens from parent to parent.
//!
//! What travels, after the literal that a parent's macro puts in front: `@ (known) path (literals) (rest) { tokens }`, that is the
//! parents that have answered, each with its name and its literals; the path of the parent that is being asked, and the literal
//! that it has given already; the parents still to be asked; and the migration.
//!
//! A literal is the whole state, or what has changed since the last whole one. Where the state is not at hand, that one is asked
//! for next: each migration has beside its own macro, as `__whole`, the macro of the last migration whose literal is whole.

use migrate_compiler::footprint::Relation;
use migrate_compiler::parse::{self, Parsed};
use migrate_compiler::problem::{Problem, Slot};
use migrate_compiler::state::{Conflict, State};
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Ident, LitStr, Path, Token};

use crate::literal::{self, Literal, Place};

/// What a parent left behind, as text, and the name that the migration knows it by.
pub(crate) struct Parent {
    name: Ident,
    /// Its own, and the last whole one before it where that was needed.
    literals: Vec<Carried>,
}

/// A literal, as it is sent on and as it was read; `None` where it is not one of this version.
struct Carried {
    token: proc_macro2::Literal,
    read: Option<Literal>,
}

impl Parse for Carried {
    fn parse(input: ParseStream<'_>) -> syn::Result<Carried> {
        let token: proc_macro2::Literal = input.parse()?;
        let text = token.to_string();
        // What holds no escape stands as it is; syn reads a literal letter by letter, which is most of the time of a migration.
        let plain = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).filter(|text| !text.contains('\\'));
        let read = match plain {
            Some(text) => Literal::read(text),
            None => Literal::read(&syn::parse_str::<LitStr>(&text)?.value()),
        };
        Ok(Carried { token, read })
    }
}

impl ToTokens for Carried {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.token.to_tokens(tokens);
    }
}

/// Where the tokens are.
pub(crate) enum Arrival {
    /// Another macro has to be asked.
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
        let (door, path) = (door(last_segment(path).span()), through_history(path));
        quote! { #path::#door! }
    });
    let path = first.map_or_else(|| quote! { super }, ToTokens::to_token_stream);
    let rest = parents.iter().skip(1);
    let body = Group::new(Delimiter::Brace, body);
    quote! {
        #[doc(hidden)]
        #[allow(unused_imports)]
        pub(crate) use ::migrate::__private::in_case::*;
        #door { @ () #path () (#(#rest),*) #body }
    }
}

/// The macro by which a migration hands on its schema. rustc says its name where a parent is no migration, or comes after its
/// child: "cannot find `…` in `m2`".
pub(crate) fn door(span: Span) -> Ident {
    Ident::new("__migration_that_comes_before_this", span)
}

/// The module of a history in which its modules are once more. rustc says its name where a parent is not listed: "cannot find `m2` in
/// `modules_listed_in_history`".
pub(crate) fn listed(span: Span) -> Ident {
    Ident::new("modules_listed_in_history", span)
}

/// The path of a parent beside the migration, through the list of their history. Any other path stays what it is: where the history is
/// then, the path does not say.
fn through_history(path: &Path) -> TokenStream {
    let mut segments = path.segments.iter();
    match (segments.next(), segments.next(), segments.next()) {
        (Some(first), Some(name), None) if first.ident == "super" => {
            let listed = listed(name.ident.span());
            quote! { #first::#listed::#name }
        }
        _ => path.to_token_stream(),
    }
}

/// Takes the literal in front, and asks the next macro if there is one.
pub(crate) fn arrive(input: TokenStream) -> Arrival {
    let mut tokens: Vec<TokenTree> = input.into_iter().collect();
    // The migration itself comes last, and is read when everything is known.
    let Some(TokenTree::Group(body)) = tokens.pop() else {
        return Arrival::Onward(syn::Error::new(Span::call_site(), "the migration is missing").into_compile_error());
    };
    match (|input: ParseStream<'_>| Traveller::parse(input, body)).parse2(tokens.into_iter().collect()) {
        Ok(traveller) => traveller.arrive(),
        Err(error) => Arrival::Onward(error.to_compile_error()),
    }
}

/// What travels.
struct Traveller {
    known: Vec<Parent>,
    path: Path,
    literals: Vec<Carried>,
    rest: Vec<Path>,
    body: Group,
}

impl Traveller {
    fn parse(input: ParseStream<'_>, body: Group) -> syn::Result<Traveller> {
        let own: Carried = input.parse()?;
        input.parse::<Token![@]>()?;
        let tokens;
        syn::parenthesized!(tokens in input);
        let mut known = Vec::new();
        while !tokens.is_empty() {
            known.push(Parent { name: tokens.parse()?, literals: literals(&tokens)? });
        }
        let path = input.call(Path::parse_mod_style)?;
        let mut literals = literals(input)?;
        literals.push(own);
        let tokens;
        syn::parenthesized!(tokens in input);
        let rest = tokens.parse_terminated(Path::parse_mod_style, Token![,])?.into_iter().collect();
        Ok(Traveller { known, path, literals, rest, body })
    }
}

fn literals(input: ParseStream<'_>) -> syn::Result<Vec<Carried>> {
    let tokens;
    syn::parenthesized!(tokens in input);
    let mut literals = Vec::new();
    while !tokens.is_empty() {
        literals.push(tokens.parse()?);
    }
    Ok(literals)
}

impl Traveller {
    fn arrive(mut self) -> Arrival {
        if !self.is_answered() {
            let path = through_history(&self.path);
            return Arrival::Onward(self.sent(&quote! { #path::__whole }, &self.path));
        }
        let (name, literals) = (last_segment(&self.path), std::mem::take(&mut self.literals));
        self.known.push(Parent { name, literals });
        if self.rest.is_empty() {
            return Arrival::Here { before: self.known, body: self.body.stream() };
        }
        let next = self.rest.remove(0);
        let (door, path) = (door(last_segment(&next).span()), through_history(&next));
        Arrival::Onward(self.sent(&quote! { #path::#door }, &next))
    }

    /// Whether the state of the parent that is being asked can be made of its literals; what cannot be read will be said so at
    /// the end.
    fn is_answered(&self) -> bool {
        let last = self.literals.last().and_then(|literal| literal.read.as_ref());
        let is_sent_on = !(self.known.is_empty() && self.rest.is_empty());
        last.is_none_or(|literal| if is_sent_on { literal.is_whole() } else { literal.is_enough_here() })
    }

    fn sent(&self, door: &TokenStream, path: &Path) -> TokenStream {
        let Traveller { known, path: _, literals, rest, body } = self;
        let known = known.iter().map(|Parent { name, literals }| quote! { #name (#(#literals)*) });
        quote! { #door! { @ (#(#known)*) #path (#(#literals)*) (#(#rest),*) #body } }
    }
}

/// The name of the module that a path leads to.
fn last_segment(path: &Path) -> Ident {
    path.segments.last().map_or_else(|| format_ident!("root"), |segment| segment.ident.clone())
}

/// What all parents leave behind together.
pub(crate) struct Joined {
    /// The schema that the migration is checked against.
    pub before: State,
    /// The revision ids of the parents.
    pub parents: Vec<String>,
    /// Where the state of the only parent stands.
    pub parent: Option<Place>,
    /// Rules `merge_conflict` and `other_version`.
    pub problems: Vec<Problem>,
}

/// Joins what the parents left behind.
pub(crate) fn join(parents: Vec<Parent>, parsed: &Parsed) -> Joined {
    if !parsed.has_head {
        return Joined { before: State::nowhere(), parents: Vec::new(), parent: None, problems: Vec::new() };
    }
    let mut problems = Vec::new();
    let mut joined: Option<State> = None;
    let mut place = None;
    let mut ids = Vec::new();
    let single = parents.len() == 1;
    for parent in parents {
        let mut literals = parent.literals.into_iter().map(|literal| literal.read);
        let (own, whole) = (literals.next().flatten(), literals.next().flatten());
        let Some((state, own)) = own.and_then(|own| literal::state(own, whole.as_ref())) else {
            let message = format!("`{}` was compiled by another version of migrate", parent.name);
            problems.push(Problem::new("other_version", Slot::statement(), message).help("build both with the same version"));
            continue;
        };
        place = single.then_some(own);
        let state = state.named(&parent.name.to_string());
        ids.extend(state.revisions.last().map(ToString::to_string));
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
    Joined { before: joined.unwrap_or_else(State::nowhere).next(id), parents: ids, parent: place, problems }
}

/// Rule `merge_conflict`: the order of two migrations counts, and the parents leave it open.
fn conflict(conflict: Conflict) -> Problem {
    let Conflict { what, writer, other, relation } = conflict;
    let message = match relation {
        Relation::Writes => format!("merge conflict: `{writer}` and `{other}` both change {what}"),
        Relation::Reads => format!("merge conflict: `{writer}` changes {what}, which `{other}` depends on"),
        Relation::ReadsAll => format!("merge conflict: `{writer}` changes {what}, and `{other}` depends on the whole table"),
    };
    let help = format!("write `after super::{writer};` in `{other}`, so that their order is known");
    let note = match relation {
        Relation::Writes | Relation::Reads => "a database may have applied the two branches in either order",
        Relation::ReadsAll => "a change that SQLite makes by a rebuild, and raw SQL that names a table, depend on all of it",
    };
    Problem::new("merge_conflict", Slot::statement(), message).help(help).note(note)
}
