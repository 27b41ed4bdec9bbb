//! Names.

use migrate_model::name::Name;
use proc_macro2::Span;
use syn::LitStr;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{any_word, expected, take_punct};

/// `name` or `"Name"`
pub(super) fn plain(input: ParseStream<'_>, what: &str) -> Parse<(String, Span)> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok((text.value(), text.span()));
    }
    if !input.peek(syn::Ident::peek_any) {
        return Err(expected(input, what));
    }
    let word = any_word(input, what)?;
    let name = word.unraw().to_string();
    folded(&name, word.span())?;
    Ok((name, word.span()))
}

/// Rule `name_folded`: databases fold a bare name to lower case.
fn folded(name: &str, span: Span) -> Parse<()> {
    if !name.chars().any(char::is_uppercase) {
        return Ok(());
    }
    let message = format!("a bare name is lower case: PostgreSQL would make `{}` of `{name}`", name.to_lowercase());
    Err(Diagnostic::new("name_folded", span, message)
        .help(format!("write `{}`, or \"{name}\" to keep the capitals", name.to_lowercase())))
}

/// `name` or `schema.name`
pub(super) fn qualified(input: ParseStream<'_>, what: &str) -> Parse<(Name, Span)> {
    let (first, span) = plain(input, what)?;
    if take_punct(input, ".").is_none() {
        return Ok((Name::new(first), span));
    }
    let (name, _) = plain(input, what)?;
    Ok((Name { schema: Some(first), name }, span))
}
