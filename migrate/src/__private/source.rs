//! Rust source as tokens, as far as it takes to know what a file calls and declares.

use std::iter::Peekable;
use std::vec::IntoIter;

/// A token without its place. What is only for a reader, comments of docs too, is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'s> {
    /// A keyword, an identifier without its `r#`, or a number.
    Word(&'s str),
    /// What is between the quotes of a string literal, its escapes as they were written.
    Text(&'s str),
    /// Any other character.
    Mark(char),
}

/// A module that a file declares without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declared<'s> {
    /// Its name.
    pub name: &'s str,
    /// `#[path = "…"]`
    pub path: Option<&'s str>,
}

/// Whether the tokens call the macro.
pub(super) fn calls(tokens: &[Token<'_>], name: &str) -> bool {
    tokens
        .windows(3)
        .any(|three| matches!(three, [Token::Word(word), Token::Mark('!'), Token::Mark('{' | '(' | '[')] if *word == name))
}

/// Every `mod name;`.
pub(super) fn declared<'s>(tokens: &[Token<'s>]) -> Vec<Declared<'s>> {
    let mut all = Vec::new();
    let mut path = None;
    for (place, token) in tokens.iter().enumerate() {
        match (token, &tokens[place + 1..]) {
            (Token::Word("path"), [Token::Mark('='), Token::Text(text), ..]) => path = Some(*text),
            (Token::Word("mod"), [Token::Word(name), Token::Mark(';'), ..]) => all.push(Declared { name, path: path.take() }),
            (Token::Mark(';' | '{' | '}'), _) => path = None,
            (Token::Word(_) | Token::Text(_) | Token::Mark(_), _) => {}
        }
    }
    all
}

/// The tokens of a source.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let (token, next) = token(rest, first);
        tokens.extend(token);
        rest = next;
    }
    tokens
}

/// The next token, if there is one at the beginning, and what comes after it.
fn token(rest: &str, first: char) -> (Option<Token<'_>>, &str) {
    if rest.starts_with("//") {
        return (None, rest.find('\n').map_or("", |end| &rest[end..]));
    }
    if rest.starts_with("/*") {
        return (None, after_comment(rest));
    }
    if first == '_' || first.is_alphanumeric() {
        let end = rest.find(|letter: char| letter != '_' && !letter.is_alphanumeric()).unwrap_or(rest.len());
        let (word, next) = rest.split_at(end);
        return after_prefix(word, next).unwrap_or((Some(Token::Word(word)), next));
    }
    let next = &rest[first.len_utf8()..];
    match first {
        '"' => text(next),
        '\'' => (None, after_quote(next)),
        _ if first.is_whitespace() => (None, next),
        _ => (Some(Token::Mark(first)), next),
    }
}

/// What follows a word that is a prefix: of a raw string, of a raw identifier.
fn after_prefix<'s>(word: &str, next: &'s str) -> Option<(Option<Token<'s>>, &'s str)> {
    if !["r", "br", "cr"].contains(&word) {
        return None;
    }
    let raw = next.trim_start_matches('#');
    let hashes = &next[..next.len() - raw.len()];
    match raw.strip_prefix('"') {
        Some(inside) => {
            let (text, rest) = inside.split_once(&format!("\"{hashes}")).unwrap_or((inside, ""));
            Some((Some(Token::Text(text)), rest))
        }
        None if word == "r" && hashes == "#" => Some((None, raw)),
        None => None,
    }
}

/// A string literal, after its first quote.
fn text(rest: &str) -> (Option<Token<'_>>, &str) {
    let mut escaped = false;
    for (place, letter) in rest.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (Some(Token::Text(&rest[..place])), &rest[place + 1..]),
            _ => {}
        }
    }
    (Some(Token::Text(rest)), "")
}

/// What comes after a single quote: a character literal is left out, a lifetime is a word.
fn after_quote(rest: &str) -> &str {
    if let Some(escape) = rest.strip_prefix('\\') {
        let after = escape.chars().next().map_or("", |letter| &escape[letter.len_utf8()..]);
        return after.split_once('\'').map_or("", |(_, rest)| rest);
    }
    let mut letters = rest.chars();
    letters.next();
    letters.as_str().strip_prefix('\'').unwrap_or(rest)
}

/// What comes after a comment between `/*` and `*/`, which may hold others.
fn after_comment(rest: &str) -> &str {
    let mut depth = 0;
    let mut letters: Peekable<IntoIter<(usize, char)>> = rest.char_indices().collect::<Vec<_>>().into_iter().peekable();
    while let Some((_, letter)) = letters.next() {
        let (mark, other) = (letter, letters.peek().map(|(_, letter)| *letter));
        match (mark, other) {
            ('/', Some('*')) => depth += 1,
            ('*', Some('/')) => depth -= 1,
            _ => continue,
        }
        if let Some((place, _)) = letters.next()
            && depth == 0
        {
            return &rest[place + 1..];
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_call_is_a_call() {
        let calls = |source: &str| calls(&tokens(source), "migration");
        for source in ["migrate::migration! { }", "migration!{}", "use migrate as m; m :: migration ! ( );", "r#migration! []"] {
            assert!(calls(source), "{source}");
        }
        for source in [
            "// migration! {}",
            "//! migration! {}",
            "/* a /* migration! {} */ migration! {} */",
            "const A: &str = \"\\\" migration! {}\";",
            "const A: &str = r#\"\" migration! {}\"#;",
            "const A: &[u8] = br\"migration! {}\";",
            "fn migration() -> bool { migration != '{' }",
            "my_migration! {}",
            "use migrate::migration;",
            "/* migration! {}",
        ] {
            assert!(!calls(source), "{source}");
        }
        assert!(calls("const A: char = '\"'; fn f<'a>(_: &'a str) { '\\''; b'\\\\'; '\\u{1f}'; } migration! {}"));
    }

    #[test]
    fn a_module_is_declared_with_its_path() {
        let source =
            "history! { mod a; pub(crate) mod b; } #[path = \"x/y.rs\"] #[cfg(test)] mod c; mod d { mod e; } static S: u8 = 0;";
        let declared = declared(&tokens(source));
        let names: Vec<(&str, Option<&str>)> = declared.iter().map(|one| (one.name, one.path)).collect();
        assert_eq!(names, [("a", None), ("b", None), ("c", Some("x/y.rs")), ("e", None)]);
    }
}
