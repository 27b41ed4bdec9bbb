//! Looking ahead and taking words.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::buffer::Cursor;
use syn::ext::IdentExt;
use syn::parse::{ParseBuffer, ParseStream, Parser as _};
use syn::{Ident, LitInt, LitStr};

use crate::diagnostic::{Diagnostic, Parse};
use crate::help::Help;
use crate::tree::Range;

/// The word under the cursor. A raw identifier keeps its `r#`: it is a name, and never one of the language's words.
pub(super) fn word_at(cursor: Cursor<'_>) -> Option<(String, Cursor<'_>)> {
    cursor.ident().map(|(ident, rest)| (ident.to_string(), rest))
}

/// The next word.
pub(super) fn next_word(input: ParseStream<'_>) -> Option<String> {
    word_at(input.cursor()).map(|(word, _)| word)
}

/// Whether these words come next.
pub(super) fn peek_words(input: ParseStream<'_>, words: &[&str]) -> bool {
    after_words(input.cursor(), words).is_some()
}

/// The cursor after these words, if they come next.
pub(super) fn after_words<'c>(mut cursor: Cursor<'c>, words: &[&str]) -> Option<Cursor<'c>> {
    for wanted in words {
        let (word, rest) = word_at(cursor)?;
        (word == *wanted).then_some(())?;
        cursor = rest;
    }
    Some(cursor)
}

/// The cursor after a name, if one comes next.
pub(super) fn after_name(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    let rest = after_plain_name(cursor)?;
    match punct_at(rest, ".") {
        Some(rest) => after_plain_name(rest),
        None => Some(rest),
    }
}

fn after_plain_name(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    match cursor.ident() {
        Some((_, rest)) => Some(rest),
        None => cursor.literal().map(|(_, rest)| rest),
    }
}

/// The cursor after an operator of these characters, if it comes next.
pub(super) fn punct_at<'c>(mut cursor: Cursor<'c>, spelling: &str) -> Option<Cursor<'c>> {
    let mut left = spelling.chars().count();
    for wanted in spelling.chars() {
        let (punct, rest) = cursor.punct()?;
        left -= 1;
        let joined = left == 0 || punct.spacing() == proc_macro2::Spacing::Joint;
        (punct.as_char() == wanted && joined).then_some(())?;
        cursor = rest;
    }
    Some(cursor)
}

/// Whether this operator comes next.
pub(super) fn peek_punct(input: ParseStream<'_>, spelling: &str) -> bool {
    punct_at(input.cursor(), spelling).is_some()
}

/// Whether parentheses come next.
pub(super) fn peek_parens(input: ParseStream<'_>) -> bool {
    is_parens(input.cursor())
}

/// Whether parentheses are at the cursor.
pub(super) fn is_parens(cursor: Cursor<'_>) -> bool {
    cursor.group(Delimiter::Parenthesis).is_some()
}

/// Whether braces come next.
pub(super) fn peek_braces(input: ParseStream<'_>) -> bool {
    is_braces(input.cursor())
}

/// Whether braces are at the cursor.
pub(super) fn is_braces(cursor: Cursor<'_>) -> bool {
    cursor.group(Delimiter::Brace).is_some()
}

/// Whether a text comes next.
pub(super) fn peek_text(input: ParseStream<'_>) -> bool {
    input.peek(LitStr)
}

/// The tokens between two cursors.
pub(super) fn range(begin: Cursor<'_>, end: Cursor<'_>) -> Range {
    let first = begin.span();
    let (mut last, mut rest) = (first, begin);
    while rest != end
        && let Some((span, after)) = next_token(rest)
    {
        (last, rest) = (span, after);
    }
    Range { first, last }
}

/// The place of the next token, of a group its closing delimiter, and the cursor after it.
fn next_token(cursor: Cursor<'_>) -> Option<(Span, Cursor<'_>)> {
    match cursor.any_group() {
        Some((_, _, of, rest)) => Some((of.close(), rest)),
        None => cursor.token_tree().map(|(token, rest)| (token.span(), rest)),
    }
}

/// Takes these words if they come next.
pub(super) fn take_words(input: ParseStream<'_>, words: &[&str]) -> Option<Span> {
    let rest = after_words(input.cursor(), words)?;
    let span = input.span();
    advance(input, rest);
    Some(span)
}

/// Takes an operator if it comes next.
pub(super) fn take_punct(input: ParseStream<'_>, spelling: &str) -> Option<Span> {
    let rest = punct_at(input.cursor(), spelling)?;
    let span = input.span();
    advance(input, rest);
    Some(span)
}

/// Moves to a cursor that was found by looking ahead.
fn advance(input: ParseStream<'_>, to: Cursor<'_>) {
    while input.cursor() != to && !input.is_empty() {
        let _: syn::Result<TokenTree> = input.parse();
    }
}

/// Takes these words, or says that they are missing.
pub(super) fn expect_words(input: ParseStream<'_>, words: &[&str]) -> Parse<Span> {
    take_words(input, words).ok_or_else(|| {
        // Those that are there are not what is wrong.
        let missing = words.iter().skip_while(|word| take_words(input, &[word]).is_some()).copied().collect::<Vec<_>>();
        expected(input, &format!("`{}`", missing.join(" ")))
    })
}

/// Takes an operator, or says that it is missing.
pub(super) fn expect_punct(input: ParseStream<'_>, spelling: &str) -> Parse<Span> {
    take_punct(input, spelling).ok_or_else(|| expected(input, &format!("`{spelling}`")))
}

/// Takes one word.
pub(super) fn any_word(input: ParseStream<'_>, what: &str) -> Parse<Ident> {
    input.call(Ident::parse_any).map_err(|_| expected(input, what))
}

/// Takes a text.
pub(crate) fn text(input: ParseStream<'_>, what: &str) -> Parse<(String, Span)> {
    if !peek_text(input) {
        return Err(expected(input, what));
    }
    let literal: LitStr = input.parse()?;
    if !literal.suffix().is_empty() {
        return Err(Diagnostic::new("literal_suffix", literal.span(), "unexpected suffix of a string literal"));
    }
    without_nul(&literal.value(), literal.span())?;
    Ok((literal.value(), literal.span()))
}

/// Rule `nul`: no text of a database has the character of the number 0.
pub(super) fn without_nul(text: &str, span: Span) -> Parse<()> {
    if text.contains('\0') {
        return Err(Diagnostic::new("nul", span, "text cannot contain the character `\\0`")
            .help("remove it, or write bytes: `b\"a\\0\"` in a column of type `bytes`"));
    }
    Ok(())
}

/// Takes a whole number.
pub(super) fn integer(input: ParseStream<'_>, what: &str) -> Parse<LitInt> {
    if !input.peek(LitInt) {
        return Err(expected(input, what));
    }
    Ok(input.parse()?)
}

/// The tokens in the braces that come next.
pub(super) fn inside_braces<'i>(input: &ParseBuffer<'i>) -> syn::Result<ParseBuffer<'i>> {
    let inner;
    syn::braced!(inner in input);
    Ok(inner)
}

/// The tokens in the brackets that come next.
pub(super) fn inside_brackets<'i>(input: &ParseBuffer<'i>) -> syn::Result<ParseBuffer<'i>> {
    let inner;
    syn::bracketed!(inner in input);
    Ok(inner)
}

/// The tokens in the parentheses that come next.
pub(super) fn inside_parens<'i>(input: &ParseBuffer<'i>) -> syn::Result<ParseBuffer<'i>> {
    let inner;
    syn::parenthesized!(inner in input);
    Ok(inner)
}

/// Takes what is in parentheses.
pub(crate) fn parens<T>(input: ParseStream<'_>, what: &str, read: impl FnOnce(ParseStream<'_>) -> Parse<T>) -> Parse<T> {
    if !peek_parens(input) {
        return Err(expected(input, what));
    }
    let inner = inside_parens(input)?;
    let value = read(&inner)?;
    nothing_left(&inner)?;
    Ok(value)
}

/// Takes a list with commas between, and perhaps one at its end.
pub(crate) fn list<T>(input: ParseStream<'_>, mut item: impl FnMut(ParseStream<'_>) -> Parse<T>) -> Parse<Vec<T>> {
    let mut items = vec![item(input)?];
    while take_punct(input, ",").is_some() && !input.is_empty() {
        items.push(item(input)?);
    }
    Ok(items)
}

/// Reports a token where none is expected.
pub(super) fn nothing_left(input: ParseStream<'_>) -> Parse<()> {
    if input.is_empty() { Ok(()) } else { Err(unexpected(input)) }
}

/// Rule `expected`.
pub(super) fn expected(input: ParseStream<'_>, what: &str) -> Diagnostic {
    foreign(input).unwrap_or_else(|| Diagnostic::new("expected", input.span(), format!("expected {what}{}", found(input))))
}

/// Rule `unexpected`.
pub(super) fn unexpected(input: ParseStream<'_>) -> Diagnostic {
    foreign(input)
        .unwrap_or_else(|| Diagnostic::new("unexpected", input.span(), format!("this is not expected here{}", found(input))))
}

fn found(input: ParseStream<'_>) -> String {
    let shown = |token: TokenTree| {
        let TokenTree::Group(group) = &token else { return token.to_string() };
        match group.delimiter() {
            Delimiter::Parenthesis => "(".to_owned(),
            Delimiter::Brace => "{".to_owned(),
            Delimiter::Bracket => "[".to_owned(),
            Delimiter::None => group.to_string(),
        }
    };
    let token = input.cursor().token_tree().map(|(token, _)| shown(token));
    token.map_or_else(|| ", but it ends here".to_owned(), |token| format!(", found `{token}`"))
}

/// Rules `sql_comment` and `single_quotes`: what is SQL and not Rust.
fn foreign(input: ParseStream<'_>) -> Option<Diagnostic> {
    if peek_punct(input, "--") {
        return Some(Diagnostic::new("sql_comment", input.span(), "`--` does not begin a comment").help("write `// comment`"));
    }
    input.fork().parse::<syn::LitChar>().ok().map(|letter| single_quotes(&letter))
}

/// Rule `single_quotes`.
pub(super) fn single_quotes(letter: &syn::LitChar) -> Diagnostic {
    let help = Help::write(quote::quote!(#letter).to_string(), &format!("{:?}", letter.value().to_string()));
    Diagnostic::new("single_quotes", letter.span(), "a string literal is written in double quotes").help(help)
}

/// Reads tokens. That syn finds tokens left over inside of what could not be read is no news: what is wrong was noted. What is missing at
/// the end is at the last token.
pub(super) fn read(tokens: TokenStream, read: impl FnOnce(ParseStream<'_>)) {
    let reader = |input: ParseStream<'_>| {
        read(&inside_braces(input)?);
        Ok(())
    };
    let mut tokens = tokens.into_iter().peekable();
    let (mut all, mut last) = (Vec::new(), Span::call_site());
    while let Some(token) = tokens.next() {
        if tokens.peek().is_none() {
            last = closing(&token);
        }
        all.push(token);
    }
    let mut whole = Group::new(Delimiter::Brace, all.into_iter().collect());
    whole.set_span(last);
    let _: syn::Result<()> = reader.parse2(TokenTree::Group(whole).into());
}

/// The place of a token, of a group its closing delimiter.
fn closing(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) => group.span_close(),
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => token.span(),
    }
}
