//! The tokens of SQL text, as far as they must be known to tell words from strings and comments.
//!
//! Sources: PostgreSQL manual, "Lexical Structure"; SQLite, `tokenize.c`.

use crate::Database;

/// A token outside of comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlToken<'t> {
    /// A keyword or a bare name.
    Word(&'t str),
    /// A number or a parameter.
    Number,
    /// A string, or a name in quotes.
    Quoted,
    /// Any other character.
    Symbol(char),
}

/// How a text ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEnd {
    /// Outside of everything.
    Plain,
    /// In a comment that ends with its line: what is written after the text belongs to it.
    LineComment,
    /// In something that was opened and not closed: its name, and what closes it.
    Open(&'static str, &'static str),
}

/// The tokens of a text, and how it ends.
pub fn tokens(text: &str, database: Database) -> (Vec<SqlToken<'_>>, TextEnd) {
    let mut lexer = Lexer { rest: text, lexis: Lexis::of(database), end: TextEnd::Plain };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next() {
        tokens.push(token);
    }
    (tokens, lexer.end)
}

/// What tells words from strings and comments.
#[derive(Clone, Copy, Debug)]
struct Lexis {
    /// Quotes of names besides `"`: what opens and what closes one.
    quotes: &'static [(char, char)],
    /// `$tag$ … $tag$` is a string.
    dollar_quotes: bool,
    /// `E'…'` is a string with backslash escapes.
    escape_strings: bool,
    /// `/* … */` in another one is a comment of its own.
    nested_comments: bool,
}

impl Lexis {
    fn of(database: Database) -> Lexis {
        match database {
            Database::Postgres => Lexis { quotes: &[], dollar_quotes: true, escape_strings: true, nested_comments: true },
            Database::Sqlite => {
                let quotes = &[('`', '`'), ('[', ']')];
                Lexis { quotes, dollar_quotes: false, escape_strings: false, nested_comments: false }
            }
        }
    }
}

struct Lexer<'t> {
    rest: &'t str,
    lexis: Lexis,
    end: TextEnd,
}

impl<'t> Lexer<'t> {
    /// The next token after spaces and comments.
    fn next(&mut self) -> Option<SqlToken<'t>> {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with("--") {
                self.line_comment();
            } else if self.rest.starts_with("/*") {
                self.block_comment();
            } else {
                break;
            }
        }
        let first = self.rest.chars().next()?;
        if let Some((_, close)) = self.lexis.quotes.iter().find(|(open, _)| *open == first) {
            return Some(self.quoted(1, *close, Backslash::Plain));
        }
        Some(match first {
            '\'' => self.quoted(1, '\'', Backslash::Plain),
            '"' => self.quoted(1, '"', Backslash::Plain),
            '$' if self.lexis.dollar_quotes => self.dollar(),
            'e' | 'E' if self.lexis.escape_strings && self.rest[1..].starts_with('\'') => {
                self.quoted(2, '\'', Backslash::Escapes)
            }
            '0'..='9' => {
                self.take(|letter| is_word(letter) || letter == '.');
                SqlToken::Number
            }
            first if is_word(first) => SqlToken::Word(self.take(|letter| is_word(letter) || letter == '$')),
            first => {
                self.rest = &self.rest[first.len_utf8()..];
                SqlToken::Symbol(first)
            }
        })
    }

    fn take(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let length = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn line_comment(&mut self) {
        match self.rest.split_once('\n') {
            Some((_, rest)) => self.rest = rest,
            None => self.stop(TextEnd::LineComment),
        }
    }

    /// Whether they nest is the database's.
    fn block_comment(&mut self) {
        let nests = self.lexis.nested_comments;
        let mut depth = 0_usize;
        let mut rest = self.rest;
        loop {
            let marks = rest.find("*/").into_iter().chain(rest.find("/*").filter(|_| nests || depth == 0));
            let Some(place) = marks.min() else { return self.stop(TextEnd::Open("comment", "`*/`")) };
            depth = if rest[place..].starts_with("/*") { depth + 1 } else { depth.saturating_sub(1) };
            rest = &rest[place + 2..];
            if depth == 0 {
                self.rest = rest;
                return;
            }
        }
    }

    /// A string or a name up to its quote, which is doubled where it is meant itself; `skip` bytes open it.
    fn quoted(&mut self, skip: usize, quote: char, backslash: Backslash) -> SqlToken<'t> {
        let mut letters = self.rest.char_indices().skip(skip).peekable();
        while let Some((place, letter)) = letters.next() {
            if letter == '\\' && backslash == Backslash::Escapes {
                letters.next();
            } else if letter == quote {
                // `[name]` of SQLite has no way to double its bracket.
                if quote != ']' && letters.next_if(|(_, next)| *next == quote).is_some() {
                    continue;
                }
                self.rest = &self.rest[place + quote.len_utf8()..];
                return SqlToken::Quoted;
            }
        }
        self.stop(match quote {
            '\'' => TextEnd::Open("string literal", "`'`; inside of it a quote is written twice, `''`"),
            ']' => TextEnd::Open("name", "`]`"),
            '`' => TextEnd::Open("name", "a backtick"),
            _ => TextEnd::Open("name", "`\"`"),
        });
        SqlToken::Quoted
    }

    /// `$$ … $$`, `$tag$ … $tag$`, or the parameter `$1`.
    fn dollar(&mut self) -> SqlToken<'t> {
        let behind = &self.rest[1..];
        let length = behind.find(|letter| !is_word(letter)).unwrap_or(behind.len());
        let is_tag = behind[length..].starts_with('$') && !behind.starts_with(|first: char| first.is_ascii_digit());
        if !is_tag {
            self.rest = &behind[length..];
            return SqlToken::Number;
        }
        let (mark, body) = self.rest.split_at(length + 2);
        match body.split_once(mark) {
            Some((_, rest)) => self.rest = rest,
            None => self.stop(TextEnd::Open("dollar-quoted string", "the `$…$` that opened it")),
        }
        SqlToken::Quoted
    }

    fn stop(&mut self, end: TextEnd) {
        self.end = end;
        self.rest = "";
    }
}

/// Whether a backslash in a string escapes what follows it, as in `E'…'`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Backslash {
    Plain,
    Escapes,
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || !letter.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str, database: Database) -> Vec<&str> {
        let word = |token| if let SqlToken::Word(word) = token { Some(word) } else { None };
        tokens(text, database).0.into_iter().filter_map(word).collect()
    }

    #[test]
    fn strings_names_and_comments_hold_no_words() {
        for (text, found) in [
            ("a 'b''c' d", vec!["a", "d"]),
            ("a E'b\\'c' d", vec!["a", "d"]),
            ("a 'b\\' d", vec!["a", "d"]),
            ("a \"b\"\"c\" d", vec!["a", "d"]),
            ("a $$b 'c' $d$ $$ e", vec!["a", "e"]),
            ("a $x$ $$ b $y$ $x$ c", vec!["a", "c"]),
            ("a -- b\nc", vec!["a", "c"]),
            ("a /* b /* c */ d */ e", vec!["a", "e"]),
            ("a$b $1 c", vec!["a$b", "c"]),
            ("f(1.5e3, x'ff', U&'a')", vec!["f", "x", "U"]),
        ] {
            assert_eq!(words(text, Database::Postgres), found, "{text}");
        }
        for (text, found) in [("a [b ] c]", vec!["a", "c"]), ("a `b``c` d", vec!["a", "d"]), ("a /* /* b */ c", vec!["a", "c"])] {
            assert_eq!(words(text, Database::Sqlite), found, "{text}");
        }
    }

    #[test]
    fn what_is_not_closed_is_seen() {
        let end = |text| tokens(text, Database::Postgres).1;
        assert_eq!(end("a"), TextEnd::Plain);
        assert_eq!(end("a -- b"), TextEnd::LineComment);
        assert_eq!(end("a -- b\n"), TextEnd::Plain);
        assert_eq!(end("'a"), TextEnd::Open("string literal", "`'`; inside of it a quote is written twice, `''`"));
        assert_eq!(end("E'a\\'"), TextEnd::Open("string literal", "`'`; inside of it a quote is written twice, `''`"));
        assert_eq!(end("\"a"), TextEnd::Open("name", "`\"`"));
        assert_eq!(end("/* a /* b */"), TextEnd::Open("comment", "`*/`"));
        assert_eq!(end("$a$ b $$"), TextEnd::Open("dollar-quoted string", "the `$…$` that opened it"));
    }

    proptest! {
        #[test]
        fn no_text_stops_it(text in "\\PC*|['\"$\\\\/*\\-Ee\\[\\]`;() a\n]*") {
            for &database in Database::ALL {
                let (tokens, _) = tokens(&text, database);
                prop_assert!(tokens.len() <= text.chars().count());
            }
        }

        #[test]
        fn what_is_quoted_is_one_token(text in "\\PC*") {
            let string = format!("'{}'", text.replace('\'', "''"));
            let name = format!("\"{}\"", text.replace('"', "\"\""));
            for &database in Database::ALL {
                prop_assert_eq!(tokens(&string, database), (vec![SqlToken::Quoted], TextEnd::Plain));
                prop_assert_eq!(tokens(&name, database), (vec![SqlToken::Quoted], TextEnd::Plain));
            }
            let tagged = format!("$tag${}$tag$", text.replace("$tag$", ""));
            if !text.contains('$') {
                prop_assert_eq!(tokens(&tagged, Database::Postgres), (vec![SqlToken::Quoted], TextEnd::Plain));
            }
        }
    }
}
