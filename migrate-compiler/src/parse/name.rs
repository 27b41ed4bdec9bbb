//! Names.

use crate::name::{Name, Written, WrittenColumn};
use proc_macro2::{Ident, Span};
use syn::LitStr;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{any_word, expected, take_punct, text};

/// `name`, `r#Name` or `"Order Items"`
pub(super) fn plain(input: ParseStream<'_>, what: &str) -> Parse<(String, Span)> {
    spelled(input, what, |name| Written(name).to_string())
}

/// The same inside of an expression, where a string literal is a name only after a dot or in `column("…")`.
pub(super) fn in_expression(input: ParseStream<'_>, what: &str) -> Parse<(String, Span)> {
    spelled(input, what, |name| WrittenColumn(name).to_string())
}

fn spelled(input: ParseStream<'_>, what: &str, exact: fn(&str) -> String) -> Parse<(String, Span)> {
    if input.peek(LitStr) {
        return text(input, what);
    }
    if !input.peek(syn::Ident::peek_any) {
        return Err(expected(input, what));
    }
    let word = any_word(input, what)?;
    Ok((unfolded(&word, exact)?, word.span()))
}

/// The name that an identifier spells. Rule `name_folded`: databases fold a bare name to lower case.
pub(super) fn unfolded(word: &Ident, exact: fn(&str) -> String) -> Parse<String> {
    let name = word.unraw().to_string();
    if *word != name || !name.chars().any(char::is_uppercase) {
        return Ok(name);
    }
    let lower = Written(&name.to_lowercase()).to_string();
    let message = format!("`{name}` is not lower case, and PostgreSQL folds it to `{lower}`");
    Err(Diagnostic::new("name_folded", word.span(), message)
        .help(format!("write `{lower}`, or `{}` to keep the capitals", exact(&name))))
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
