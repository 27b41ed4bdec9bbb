//! Types of Rust where the type of a column is expected: `Option<chrono::NaiveDateTime>` is written `timestamp?`.

use proc_macro2::{Delimiter, Span, TokenTree};

use crate::parse::habit::edit::{Edit, inside, spliced};
use crate::parse::habit::pattern::{Match, matches, written};
use crate::parse::habit::shown::{Quotes, shown};
use crate::types::Type;

/// The last segments of paths whose values are kept as such a type, beside those that are types of columns by another name.
const TYPES: &[(&[&str], &str)] = &[
    (&["HashMap", "BTreeMap", "IndexMap", "Map", "Value", "JsonValue", "RawValue"], "json"),
    (&["PathBuf", "Path", "OsString", "Url", "Uri"], "text"),
    (&["IpAddr", "Ipv4Addr", "Ipv6Addr", "IpNetwork", "IpNet"], "postgres::inet"),
    (&["Bytes", "BytesMut"], "bytes"),
];

/// Types around one that is kept as if it were alone.
const AROUND: [&str; 8] = ["Box", "Rc", "Arc", "Cow", "Cell", "RefCell", "Mutex", "RwLock"];

/// Types of several values.
const LISTS: [&str; 6] = ["Vec", "VecDeque", "HashSet", "BTreeSet", "SmallVec", "IndexSet"];

/// The type of a column that keeps the values of one of Rust.
struct RustType {
    sql: String,
    is_nullable: bool,
}

impl RustType {
    fn plain(sql: impl Into<String>) -> RustType {
        RustType { sql: sql.into(), is_nullable: false }
    }

    fn nullable(self) -> RustType {
        RustType { is_nullable: true, ..self }
    }

    /// An array of it, whose elements may be null in any case.
    fn listed(self) -> RustType {
        let is_bytes = self.sql == "u8";
        RustType::plain(if is_bytes { "bytes".to_owned() } else { format!("{}[]", known(&self.sql)) })
    }
}

/// Rule `rust_type`: the type at a place, written as one of a column.
pub(super) fn edit(tokens: &[TokenTree], at: usize) -> Option<Edit> {
    let (kept, length) = ty(tokens.get(at..)?)?;
    let old = &tokens[at..at + length];
    let is_rust = length > 1 || matches!(old, [TokenTree::Group(_)]) || is_camel(&old[0].to_string());
    // A change of the type cannot make a column nullable.
    let is_change = matches("alter NAME type", tokens).is_some();
    let text = format!("{}{}", known(&kept.sql), if kept.is_nullable && !is_change { "?" } else { "" });
    let new = written(&text, &Match::default(), Span::call_site());
    let rust = shown(old, Quotes::Double);
    if !is_rust || rust == text {
        return None;
    }
    let message = format!("`{}` is a type of Rust", without_spaces(&rust));
    Some(Edit { says: Some(("rust_type", message)), ..spliced(tokens, at, length, new) })
}

/// A type as Rust writes it.
fn without_spaces(rust: &str) -> String {
    [(" < ", "<"), (" <", "<"), ("< ", "<"), (" >", ">"), (" :: ", "::"), (":: ", "::"), (" ::", "::"), ("& ", "&"), ("' ", "'")]
        .iter()
        .fold(rust.to_owned(), |text, (spaced, close)| text.replace(spaced, close))
}

/// The type of a column by the name that its last segment has.
fn known(name: &str) -> String {
    let of = TYPES.iter().find(|(names, _)| names.contains(&name)).map(|(_, sql)| *sql);
    of.or_else(|| Type::elsewhere(name)).map_or_else(|| snake(name), str::to_owned)
}

/// `UserMood` is the enum `user_mood`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

fn is_camel(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase)
}

/// A type, and how many tokens it has.
fn ty(tokens: &[TokenTree]) -> Option<(RustType, usize)> {
    let first = tokens.first()?;
    if is_mark(first, '&') {
        let lifetime = if tokens.get(1).is_some_and(|token| is_mark(token, '\'')) { 2 } else { 0 };
        let (kept, length) = ty(tokens.get(1 + lifetime..)?)?;
        return Some((kept, length + 1 + lifetime));
    }
    if let Some(inner) = inside(first, Delimiter::Bracket) {
        // `[T]`, `[T; N]`
        let (kept, length) = ty(&inner)?;
        let is_array = length == inner.len() || inner.get(length).is_some_and(|token| is_mark(token, ';'));
        return is_array.then(|| (kept.listed(), 1));
    }
    let (name, length) = path(tokens)?;
    match tokens.get(length) {
        Some(open) if is_mark(open, '<') => {
            let (arguments, end) = arguments(tokens, length + 1)?;
            Some((generic(&name, arguments)?, end))
        }
        Some(_) | None => Some((RustType::plain(name), length)),
    }
}

/// The last segment of a path, and how many tokens that has. A type of one database is none of Rust.
fn path(tokens: &[TokenTree]) -> Option<(String, usize)> {
    let word = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(word)) => Some(word.to_string()),
        Some(TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_)) | None => None,
    };
    let mut length = 1;
    let mut last = word(0)?;
    while ["postgres", "sqlite", "mysql", "mariadb"].iter().all(|database| word(0).as_deref() != Some(database))
        && tokens.get(length).zip(tokens.get(length + 1)).is_some_and(|(one, other)| is_mark(one, ':') && is_mark(other, ':'))
    {
        last = word(length + 2)?;
        length += 3;
    }
    Some((last, length))
}

/// The types up to the `>`, lifetimes left out, and the place after it.
fn arguments(tokens: &[TokenTree], mut at: usize) -> Option<(Vec<RustType>, usize)> {
    let mut all = Vec::new();
    loop {
        let token = tokens.get(at)?;
        if is_mark(token, '>') {
            return Some((all, at + 1));
        }
        if is_mark(token, '\'') {
            at += 2;
        } else if is_mark(token, ',') || matches!(token, TokenTree::Literal(_)) {
            at += 1;
        } else {
            let (kept, length) = ty(&tokens[at..])?;
            all.push(kept);
            at += length;
        }
    }
}

/// `NAME<…>`; none where it is not known what is kept of it.
fn generic(name: &str, arguments: Vec<RustType>) -> Option<RustType> {
    let lower = name.to_lowercase();
    let is_known = TYPES.iter().any(|(names, _)| names.contains(&name))
        || Type::elsewhere(name).is_some()
        || Type::words().any(|word| word == lower);
    match (name, arguments.into_iter().next()) {
        ("Option", Some(of)) => Some(of.nullable()),
        (name, Some(of)) if AROUND.contains(&name) => Some(of),
        (name, Some(of)) if LISTS.contains(&name) => Some(of.listed()),
        (name, _) => is_known.then(|| RustType::plain(name)),
    }
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::habit::shown::trees;

    fn kept(rust: &str) -> Option<String> {
        let tokens = trees(rust.parse().unwrap_or_default());
        ty(&tokens).filter(|(_, length)| *length == tokens.len())?;
        edit(&tokens, 0).map(|edit| shown(&edit.tokens, Quotes::Double))
    }

    #[test]
    fn a_type_of_rust_is_one_of_a_column() {
        let types = [
            ("Option<Mood>", "mood?"),
            ("Option<crate::UserMood>", "user_mood?"),
            ("Vec<Option<String>>", "text[]"),
            ("Option<Vec<u8>>", "bytes?"),
            ("[u8; 32]", "bytes"),
            ("&[u8]", "bytes"),
            ("&'static str", "text"),
            ("Cow<'a, str>", "text"),
            ("Box<str>", "text"),
            ("Vec<Vec<i32>>", "integer[][]"),
            ("Option<Option<i64>>", "bigint?"),
            ("Option<Box<NaiveDate>>", "date?"),
            ("chrono::DateTime<chrono::Utc>", "timestamptz"),
            ("chrono::NaiveDateTime", "timestamp"),
            ("time::OffsetDateTime", "timestamptz"),
            ("HashMap<String, Vec<String>>", "json"),
            ("Json<Vec<Mood>>", "json"),
            ("serde_json::Value", "json"),
            ("uuid::Uuid", "uuid"),
            ("rust_decimal::Decimal", "decimal"),
            ("std::time::Duration", "interval"),
            ("HashSet<i16>", "smallint[]"),
            ("std::path::PathBuf", "text"),
            ("[text]", "text[]"),
        ];
        for (rust, sql) in types {
            assert_eq!(kept(rust).as_deref(), Some(sql), "{rust}");
        }
    }

    #[test]
    fn what_is_no_type_that_is_kept_is_left() {
        for sql in ["text", "mood", "postgres::inet", "mysql::mediumint", "bigint", "Result<i32, String>"] {
            assert_eq!(kept(sql), None, "{sql}");
        }
    }
}
