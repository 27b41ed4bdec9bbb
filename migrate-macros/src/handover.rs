//! Asking the parents of a migration for their schema.
//!
//! A migration calls the macro that its first parent exports, which puts its schema in front as a literal and calls back; so one
//! parent is asked after the other. What is handed over, after that literal, is `@ (known) path (literals) (rest) { tokens }`, that is the
//! parents that have answered, each with its name and its literals; the path of the parent that is being asked, and the literal
//! that it has given already; the parents still to be asked; and the migration.
//!
//! A literal is the whole state, or what has changed since the last whole one. Where the state is not at hand, that one is asked
//! for next: in addition to its own macro each migration has, as `__whole`, the macro of the last migration whose literal is whole.

use migrate_compiler::parse;
use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Ident, LitStr, Path, Token};

use crate::face::Face;
use crate::literal::Literal;

/// The state after a parent or a dependency, as text, and the name that the migration knows it by.
pub(crate) struct Parent {
    pub name: Ident,
    /// Its own, and the last whole one before it where that was needed.
    pub literals: Vec<Exported>,
}

/// A literal, as it is handed on and as it was read; `None` where it is not one of this version.
pub(crate) struct Exported {
    token: proc_macro2::Literal,
    pub read: Option<Literal>,
}

impl Parse for Exported {
    fn parse(input: ParseStream<'_>) -> syn::Result<Exported> {
        let token: proc_macro2::Literal = input.parse()?;
        let text = token.to_string();
        // A literal without an escape is its own text; syn reads a literal letter by letter, which is most of the time of a migration.
        let plain = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).filter(|text| !text.contains('\\'));
        let read = match plain {
            Some(text) => Literal::read(text),
            None => Literal::read(&syn::parse_str::<LitStr>(&text)?.value()),
        };
        Ok(Exported { token, read })
    }
}

impl ToTokens for Exported {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.token.to_tokens(tokens);
    }
}

/// What a parent's answer leaves to do.
pub(crate) enum Received {
    /// Another macro has to be asked.
    AskNext(TokenStream),
    /// Everything is known.
    Complete {
        /// The states of the parents.
        parents: Vec<Parent>,
        /// The migration.
        body: TokenStream,
    },
}

/// Asks the first parent of a migration, or the history where it has none; with a placeholder that is used if none answers.
pub(crate) fn ask_parents(face: &Face, body: TokenStream) -> TokenStream {
    // The schema is the merge of what the parents and the dependencies leave behind.
    let parents = parse::predecessors(body.clone());
    let rest = parents.iter().skip(1);
    let after = parents.iter().map(|path| last_segment(path).to_string());
    let body = Group::new(Delimiter::Brace, body);
    let call = match parents.first() {
        Some(path) => asking(path, &quote! { @ () #path () (#(#rest),*) #body }),
        None => quote! { super::__no_history_lists_this_migration! { @ () super () () #body } },
    };
    quote! {
        #[doc(hidden)]
        #[allow(unused_imports)]
        pub(crate) use #face::__private::in_case::*;
        #[doc(hidden)]
        #[allow(dead_code)]
        pub(crate) const __AFTER: &[&str] = &[#(#after),*];
        #call
    }
}

/// The macro by which a migration passes its schema on. rustc says its name where a parent is no migration, or comes after its
/// child: "cannot find `…` in `m2`".
pub(crate) fn exported_macro(span: Span) -> Ident {
    Ident::new("__migration_that_comes_before_this", span)
}

/// A call of the macro that a parent exports. For a module next to the migration it goes through the macro of the history, which knows
/// the names of its modules: so a parent that is not listed is an error of ours. For any other path it is not known where the history
/// is.
fn asking(path: &Path, packet: &TokenStream) -> TokenStream {
    let export = exported_macro(last_segment(path).span());
    let mut segments = path.segments.iter();
    match (segments.next(), segments.next(), segments.next()) {
        (Some(first), Some(name), None) if first.ident == "super" => {
            quote! { super::__no_history_lists_this_migration! { after #name [#path::#export] #packet } }
        }
        _ => quote! { #path::#export! { #packet } },
    }
}

/// A parent that its history does not list.
pub(crate) struct UnknownParent {
    /// The names of the modules of the history, separated by spaces.
    pub listed: String,
    /// The name of the parent.
    pub name: Ident,
    /// The migration.
    pub body: TokenStream,
}

/// Reads what the macro of a history passes on for a parent that is not listed: the modules, the name, and the packet.
pub(crate) fn unknown_parent(input: TokenStream) -> syn::Result<UnknownParent> {
    let tokens = |input: ParseStream<'_>| {
        let (listed, name) = (input.parse::<LitStr>()?.value(), input.parse()?);
        let body = match input.parse::<TokenStream>()?.into_iter().last() {
            Some(TokenTree::Group(body)) => body.stream(),
            Some(TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_)) | None => TokenStream::new(),
        };
        Ok(UnknownParent { listed, name, body })
    };
    tokens.parse2(input)
}

/// Takes the literal in front, and asks the next parent if there is one.
pub(crate) fn receive(input: TokenStream) -> Received {
    let mut tokens: Vec<TokenTree> = input.into_iter().collect();
    // The migration itself comes last, and is read when everything is known.
    let Some(TokenTree::Group(body)) = tokens.pop() else {
        return Received::AskNext(syn::Error::new(Span::call_site(), "the migration is missing").into_compile_error());
    };
    match (|input: ParseStream<'_>| Packet::parse(input, body)).parse2(tokens.into_iter().collect()) {
        Ok(packet) => packet.answered(),
        Err(error) => Received::AskNext(error.to_compile_error()),
    }
}

/// What is handed over.
struct Packet {
    known: Vec<Parent>,
    path: Path,
    literals: Vec<Exported>,
    rest: Vec<Path>,
    body: Group,
}

impl Packet {
    fn parse(input: ParseStream<'_>, body: Group) -> syn::Result<Packet> {
        let own: Exported = input.parse()?;
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
        Ok(Packet { known, path, literals, rest, body })
    }
}

fn literals(input: ParseStream<'_>) -> syn::Result<Vec<Exported>> {
    let tokens;
    syn::parenthesized!(tokens in input);
    let mut literals = Vec::new();
    while !tokens.is_empty() {
        literals.push(tokens.parse()?);
    }
    Ok(literals)
}

impl Packet {
    fn answered(mut self) -> Received {
        if !self.is_known() {
            let (path, packet) = (&self.path, self.packet(&self.path));
            return Received::AskNext(quote! { #path::__whole! { #packet } });
        }
        let (name, literals) = (last_segment(&self.path), std::mem::take(&mut self.literals));
        self.known.push(Parent { name, literals });
        if self.rest.is_empty() {
            return Received::Complete { parents: self.known, body: self.body.stream() };
        }
        let next = self.rest.remove(0);
        Received::AskNext(asking(&next, &self.packet(&next)))
    }

    /// Whether the state of the parent that is being asked can be made of its literals; what cannot be read will be said so at
    /// the end.
    fn is_known(&self) -> bool {
        let last = self.literals.last().and_then(|literal| literal.read.as_ref());
        let is_handed_on = !(self.known.is_empty() && self.rest.is_empty());
        last.is_none_or(|literal| if is_handed_on { literal.is_whole() } else { literal.is_enough_here() })
    }

    /// What is handed over to the macro of a parent.
    fn packet(&self, path: &Path) -> TokenStream {
        let Packet { known, path: _, literals, rest, body } = self;
        let known = known.iter().map(|Parent { name, literals }| quote! { #name (#(#literals)*) });
        quote! { @ (#(#known)*) #path (#(#literals)*) (#(#rest),*) #body }
    }
}

/// The name of the module that a path leads to.
fn last_segment(path: &Path) -> Ident {
    path.segments.last().map_or_else(|| format_ident!("root"), |segment| segment.ident.clone())
}
