//! String literals in single quotes, as SQL writes them. They are no tokens of Rust, but what is meant by them is known: so that one
//! mistake is one error, a source is read as if they were in double quotes.

use std::ops::Range;

use proc_macro2::{LexError, TokenStream};

/// A string literal in single quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SingleQuoted {
    /// Where it is, what is written before its quotes included: `E'…'`.
    pub range: Range<usize>,
    /// How it is written in Rust.
    pub rust: String,
}

/// How a literal is escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    /// `'…'`, `N'…'`
    Doubled,
    /// `E'…'`
    Backslash,
    /// `x'…'`
    Hexadecimal,
}

/// The most literals of a source that are read, for it is read again after each.
const MOST: usize = 200;

/// The tokens of a source, whose places are as if nothing was wrong, and its literals in single quotes.
pub(crate) fn tokens(text: &str) -> Result<(TokenStream, Vec<SingleQuoted>), LexError> {
    let (mut text, mut found) = (text.to_owned(), Vec::new());
    loop {
        let error = match text.parse() {
            Ok(tokens) => return Ok((tokens, found)),
            Err(error) => error,
        };
        let at = error.span().byte_range().start;
        // `b'` begins a byte, where it does not end `'a b'`.
        let is_byte = text.get(at..).is_some_and(|rest| rest.starts_with("b'"));
        let begin = opened_before(&text, at + usize::from(is_byte)).or_else(|| open_at(&text, at)).unwrap_or(at);
        let Some(literal) = literal(&text, begin).filter(|_| found.len() < MOST) else { return Err(error) };
        let as_long = as_long(&text[literal.range.clone()]);
        text.replace_range(literal.range.clone(), &as_long);
        found.push(literal);
    }
}

/// The first quote of a literal of several words, whose last one is at a place: what is in between are a lifetime and other tokens.
fn opened_before(text: &str, quote: usize) -> Option<usize> {
    text.get(quote..)?.strip_prefix('\'')?;
    let line = text[..quote].rfind('\n').map_or(0, |end| end + 1);
    let begin = line + text[line..quote].rfind('\'')?;
    let is_of_rust = text[..begin].ends_with(['&', '<']);
    let is_lifetime = text[begin + 1..].starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    (is_lifetime && !is_of_rust).then_some(begin)
}

/// The quote of the literal that a place is in the middle of: what Rust does not read there is a letter of it.
fn open_at(text: &str, at: usize) -> Option<usize> {
    if text.get(at..)?.starts_with('\'') {
        return None;
    }
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let is_around = |quote: &usize| literal(text, *quote).is_some_and(|literal| literal.range.contains(&at));
    text[line..at].match_indices('\'').map(|(quote, _)| line + quote).find(is_around)
}

/// The literal whose quote is at a place; it ends on the same line.
fn literal(text: &str, quote: usize) -> Option<SingleQuoted> {
    let inside = text.get(quote..)?.strip_prefix('\'')?;
    let line = inside.split('\n').next()?;
    let bytes = line.as_bytes();
    let mut end = 0;
    loop {
        match (bytes.get(end)?, bytes.get(end + 1)) {
            (b'\'', Some(b'\'')) => end += 2,
            (b'\'', _) => break,
            (_, _) => end += 1,
        }
    }
    let (start, escape) = escape(text, quote);
    let inner = &line[..end];
    let rust = match escape {
        Escape::Doubled => format!("{:?}", inner.replace("''", "'")),
        Escape::Backslash => format!("\"{}\"", inner.replace("''", "'").replace("\\'", "'").replace('"', "\\\"")),
        Escape::Hexadecimal => format!("b\"{}\"", bytes_of(inner)?),
    };
    Some(SingleQuoted { range: start..quote + 1 + end + 1, rust })
}

/// What is written before a quote: where it begins, and what it says.
fn escape(text: &str, quote: usize) -> (usize, Escape) {
    let before = &text[..quote];
    let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let escape = match before.chars().next_back() {
        Some('E' | 'e') => Escape::Backslash,
        Some('N' | 'n') => Escape::Doubled,
        Some('X' | 'x') => Escape::Hexadecimal,
        Some(_) | None => return (quote, Escape::Doubled),
    };
    if before[..quote - 1].ends_with(is_of_word) { (quote, Escape::Doubled) } else { (quote - 1, escape) }
}

/// `ff00` as `\xff\x00`
fn bytes_of(hexadecimal: &str) -> Option<String> {
    let digits = hexadecimal.as_bytes();
    let is_whole = digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit);
    is_whole.then(|| digits.chunks(2).map(|pair| format!("\\x{}", String::from_utf8_lossy(pair))).collect())
}

/// A literal in double quotes that takes as many bytes, so that no place in the source is another one.
fn as_long(literal: &str) -> String {
    let (before, inner) = literal.split_once('\'').unwrap_or(("", literal));
    let before = if before.eq_ignore_ascii_case("x") { "b".to_owned() } else { " ".repeat(before.len()) };
    let inner = inner.strip_suffix('\'').unwrap_or(inner);
    let is_ascii_only = before != "b" || inner.is_ascii();
    let plain = |letter: char| if matches!(letter, '"' | '\\') { '_' } else { letter };
    let inner: String = if is_ascii_only { inner.chars().map(plain).collect() } else { "_".repeat(inner.len()) };
    format!("{before}\"{inner}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_in_single_quotes_is_read_and_written_in_double_quotes() {
        let cases = [
            ("default 'active'", "'active'", "\"active\""),
            ("default ''", "''", "\"\""),
            ("default 'it''s'", "'it''s'", "\"it's\""),
            ("default 'say \"no\"'", "'say \"no\"'", "\"say \\\"no\\\"\""),
            ("default E'a\\n'", "E'a\\n'", "\"a\\n\""),
            ("default 'c:\\d'", "'c:\\d'", "\"c:\\\\d\""),
            ("default 'a 3\" disk'", "'a 3\" disk'", "\"a 3\\\" disk\""),
            ("default N'grün'", "N'grün'", "\"grün\""),
            ("comment 'the name'", "'the name'", "\"the name\""),
            ("default x'ff00'", "x'ff00'", "b\"\\xff\\x00\""),
        ];
        for (text, literal, rust) in cases {
            let (tokens, found) = tokens(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let [one] = found.as_slice() else { panic!("{text}: {found:?}") };
            assert_eq!((&text[one.range.clone()], one.rust.as_str()), (literal, rust));
            assert_eq!(tokens.into_iter().count(), 2, "{text}");
        }
        for (text, count) in [
            ("enum ('sad', 'ok') 'a' 'static", 2),
            ("enum ('sad day','ok then')", 2),
            ("enum ('a b', 'c', 'd e f')", 2),
            ("default 'active' &'static", 1),
            ("&'static str default 'active'", 1),
        ] {
            let (_, found) = tokens(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(found.len(), count, "{text}: {found:?}");
        }
        let (_, found) = tokens("default 'active\nor not").unwrap_or_else(|error| panic!("{error}"));
        assert!(found.is_empty(), "{found:?}");
    }
}
