//! The words of a statement of SQLite (manual, "SQLite Keywords", and `tokenize.c` for what the manual leaves open).

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SqliteToken {
    /// A keyword or a name.
    Bare(String),
    /// A name in double quotes, backquotes or brackets.
    Quoted(String),
    /// `'…'`
    Text(String),
    /// `x'…'`, without its quotes, in upper case.
    Blob(String),
    Number(String),
    Sign(String),
}

impl SqliteToken {
    /// Whether it is this keyword, given in lower case.
    pub fn is(&self, keyword: &str) -> bool {
        match self {
            SqliteToken::Bare(word) => word.eq_ignore_ascii_case(keyword),
            SqliteToken::Quoted(_)
            | SqliteToken::Text(_)
            | SqliteToken::Blob(_)
            | SqliteToken::Number(_)
            | SqliteToken::Sign(_) => false,
        }
    }

    /// Whether it is this sign.
    pub fn is_sign(&self, sign: &str) -> bool {
        matches!(self, SqliteToken::Sign(is) if is == sign)
    }

    /// How it is written in an expression: a name is the same name in any case and in any quotes.
    pub fn normal(&self) -> String {
        match self {
            SqliteToken::Bare(word) | SqliteToken::Quoted(word) => word.to_ascii_lowercase(),
            SqliteToken::Text(text) => format!("'{}'", text.replace('\'', "''")),
            SqliteToken::Blob(digits) => format!("x'{digits}'"),
            SqliteToken::Number(number) => number.to_ascii_lowercase(),
            SqliteToken::Sign(sign) => match sign.as_str() {
                "==" => "=".to_owned(),
                "!=" => "<>".to_owned(),
                sign => sign.to_owned(),
            },
        }
    }
}

/// The statements of a text, each as its words; `None` where a quote is not closed.
pub(super) fn statements(text: &str) -> Option<Vec<Vec<SqliteToken>>> {
    let mut statements = vec![Vec::new()];
    let mut rest = text;
    while let Some((token, after)) = next(rest)? {
        rest = after;
        if token.is_sign(";") {
            statements.push(Vec::new());
        } else {
            statements.last_mut()?.push(token);
        }
    }
    statements.retain(|statement| !statement.is_empty());
    Some(statements)
}

/// The next word and what follows it; `None` outside where a quote is not closed, inside at the end.
fn next(text: &str) -> Option<Option<(SqliteToken, &str)>> {
    let text = blank(text);
    let Some(first) = text.chars().next() else { return Some(None) };
    let (token, rest) = match first {
        '\'' => quoted(text, '\'').map(|(inner, rest)| (SqliteToken::Text(inner), rest))?,
        '"' | '`' => quoted(text, first).map(|(inner, rest)| (SqliteToken::Quoted(inner), rest))?,
        '[' => {
            let (inner, rest) = text[1..].split_once(']')?;
            (SqliteToken::Quoted(inner.to_owned()), rest)
        }
        'x' | 'X' if text[1..].starts_with('\'') => {
            quoted(&text[1..], '\'').map(|(inner, rest)| (SqliteToken::Blob(inner.to_ascii_uppercase()), rest))?
        }
        first if first.is_ascii_digit() || first == '.' && text[1..].starts_with(|next: char| next.is_ascii_digit()) => {
            let (number, rest) = text.split_at(number(text));
            (SqliteToken::Number(number.to_owned()), rest)
        }
        first if is_letter(first) => {
            let (word, rest) = text.split_at(text.find(|letter| !is_letter(letter)).unwrap_or(text.len()));
            (SqliteToken::Bare(word.to_owned()), rest)
        }
        first => {
            let long =
                ["->>", "||", "->", "<=", ">=", "<>", "!=", "==", "<<", ">>"].into_iter().find(|sign| text.starts_with(sign));
            let (sign, rest) = text.split_at(long.map_or(first.len_utf8(), str::len));
            (SqliteToken::Sign(sign.to_owned()), rest)
        }
    };
    Some(Some((token, rest)))
}

fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$' || !letter.is_ascii()
}

/// The text without white space and comments before it. A comment may end with the text.
fn blank(mut text: &str) -> &str {
    loop {
        let trimmed = text.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}', '\u{feff}']);
        let after = if let Some(comment) = trimmed.strip_prefix("--") {
            comment.split_once('\n').map_or("", |(_, after)| after)
        } else if let Some(comment) = trimmed.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after)
        } else {
            return trimmed;
        };
        text = after;
    }
}

/// What is between the quote that the text begins with and the next one that is not doubled, and what follows.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut inner = String::new();
    let mut rest = text.strip_prefix(quote)?;
    loop {
        let (before, after) = rest.split_once(quote)?;
        inner.push_str(before);
        match after.strip_prefix(quote) {
            Some(more) => {
                inner.push(quote);
                rest = more;
            }
            None => return Some((inner, after)),
        }
    }
}

/// How long the number is that the text begins with: with a point, an exponent and its sign, or hexadecimal.
fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let mut end = 0;
    while let Some(byte) = bytes.get(end) {
        let signed = matches!(byte, b'+' | b'-') && !hexadecimal && matches!(bytes.get(end.wrapping_sub(1)), Some(b'e' | b'E'));
        if !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || signed) {
            break;
        }
        end += 1;
    }
    end
}
