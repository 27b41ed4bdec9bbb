//! Names as the language writes them.

use std::fmt;

use crate::canonical::{Form, form};
use crate::expr::WORDS;

/// The name of a table, or of anything else that lives in a schema: `users` or `billing.invoices`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The schema that is written before the dot.
    pub schema: Option<String>,
    /// The name itself, exactly as the database keeps it.
    pub name: String,
}

impl Name {
    /// A name without a schema.
    pub fn new(name: impl Into<String>) -> Name {
        Name { schema: None, name: name.into() }
    }

    /// Another name in the same schema.
    pub fn sibling(&self, name: impl Into<String>) -> Name {
        Name { schema: self.schema.clone(), name: name.into() }
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Name {
        Name::new(name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(out, "{}.", Written(schema))?;
        }
        Written(&self.name).fmt(out)
    }
}

/// Shows a name where a name is expected: `users`, `r#deletedAt`, `"Order Items"`.
pub struct Written<'a>(pub &'a str);

impl fmt::Display for Written<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0;
        match spelling(name) {
            Spelling::Bare => out.write_str(name),
            Spelling::Raw => write!(out, "r#{name}"),
            Spelling::Quoted => write!(out, "{name:?}"),
        }
    }
}

/// Shows a column inside of an expression, where a string literal is a value: `score`, `r#Score`, `column("Order Items")`.
pub struct WrittenColumn<'a>(pub &'a str);

impl fmt::Display for WrittenColumn<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (form(), spelling_in_expression(self.0)) {
            (Form::Current, Spelling::Quoted) => write!(out, "column({:?})", self.0),
            (Form::Current, Spelling::Raw) => write!(out, "r#{}", self.0),
            (Form::Current, Spelling::Bare) | (Form::First, _) => Written(self.0).fmt(out),
        }
    }
}

/// Shows the table of a column before the dot: `u`, `r#case`, `"Order Items"`, `billing.invoices`.
pub struct WrittenTable<'a>(pub &'a Name);

impl fmt::Display for WrittenTable<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.0.schema.as_ref().unwrap_or(&self.0.name);
        match spelling_in_expression(first) {
            Spelling::Raw => write!(out, "r#{first}")?,
            Spelling::Bare | Spelling::Quoted => Written(first).fmt(out)?,
        }
        self.0.schema.iter().try_for_each(|_| write!(out, ".{}", Written(&self.0.name)))
    }
}

/// Shows a column as a key of an index, where a string literal is a column: `score`, `r#Score`, `"Order Items"`.
pub struct WrittenKey<'a>(pub &'a str);

impl fmt::Display for WrittenKey<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match spelling_in_expression(self.0) {
            Spelling::Quoted => Written(self.0).fmt(out),
            Spelling::Bare | Spelling::Raw => WrittenColumn(self.0).fmt(out),
        }
    }
}

/// Shows a type of one database, or a method or class of an index: `gin`, `r#MyType`. The first form had them as they were.
pub struct WrittenWord<'a>(pub &'a str);

impl fmt::Display for WrittenWord<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match form() {
            Form::Current => Written(self.0).fmt(out),
            Form::First => out.write_str(self.0),
        }
    }
}

/// Shows names as the language lists them: `a, b, r#C`.
pub struct WrittenList<'a>(pub &'a [String]);

impl fmt::Display for WrittenList<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(out, "{comma}{}", Written(word))?;
        }
        Ok(())
    }
}

/// Words that the statements for an index read as their own where a name is expected, so that a name is printed as `r#on`.
const INDEX_WORDS: [&str; 3] = ["concurrently", "on", "using"];

/// How the language can spell a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    /// `users`
    Bare,
    /// `r#deletedAt`
    Raw,
    /// `"Order Items"`
    Quoted,
}

fn spelling(name: &str) -> Spelling {
    match form() {
        Form::Current if INDEX_WORDS.contains(&name) => Spelling::Raw,
        Form::Current | Form::First if is_bare(name) => Spelling::Bare,
        Form::Current if is_raw(name) => Spelling::Raw,
        Form::Current | Form::First => Spelling::Quoted,
    }
}

fn spelling_in_expression(name: &str) -> Spelling {
    match spelling(name) {
        Spelling::Bare if WORDS.contains(&name) => Spelling::Raw,
        other @ (Spelling::Bare | Spelling::Raw | Spelling::Quoted) => other,
    }
}

/// Whether an expression can name this column without `r#` and without quotes.
pub fn is_bare_in_expression(name: &str) -> bool {
    is_bare(name) && !WORDS.contains(&name)
}

/// Whether the language can write this name bare: a lower case word. Other letters than ASCII are kept out, because rustc
/// normalizes identifiers.
pub(crate) fn is_bare(name: &str) -> bool {
    let lower = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    name != "_" && name.starts_with(lower) && name.chars().all(|letter| lower(letter) || letter.is_ascii_digit())
}

/// Whether `r#name` is a raw identifier (Rust reference, "Identifiers").
fn is_raw(name: &str) -> bool {
    let letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    let is_identifier = name.starts_with(letter) && name.chars().all(|other| letter(other) || other.is_ascii_digit());
    is_identifier && !["_", "self", "Self", "super", "crate"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_bare_where_it_can_be() {
        assert_eq!(Name::new("users").to_string(), "users");
        assert_eq!(Name::new("Order Items").to_string(), "\"Order Items\"");
        assert_eq!(Name::new("2fa").to_string(), "\"2fa\"");
        assert_eq!(Name::new("deletedAt").to_string(), "r#deletedAt");
        assert_eq!(Name::new("Self").to_string(), "\"Self\"");
        let qualified = Name { schema: Some("billing".into()), name: "type".into() };
        assert_eq!(qualified.to_string(), "billing.type");
    }

    #[test]
    fn a_column_never_prints_as_a_string_literal() {
        let shown = |name: &str| (WrittenColumn(name).to_string(), WrittenKey(name).to_string());
        let pair = |column: &str, key: &str| (column.to_owned(), key.to_owned());
        assert_eq!(shown("score"), pair("score", "score"));
        assert_eq!(shown("Score"), pair("r#Score", "r#Score"));
        assert_eq!(shown("null"), pair("r#null", "r#null"));
        assert_eq!(shown("Self"), pair("column(\"Self\")", "\"Self\""));
        assert_eq!(shown("größe"), pair("column(\"größe\")", "\"größe\""));
        assert_eq!(shown(""), pair("column(\"\")", "\"\""));
    }
}
