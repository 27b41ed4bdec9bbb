//! Names as the language writes them.

use std::fmt;

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

/// Shows one word as the language writes it: bare when it is a lower case word, else as text.
pub struct Written<'a>(pub &'a str);

impl fmt::Display for Written<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_bare(self.0) { out.write_str(self.0) } else { write!(out, "{:?}", self.0) }
    }
}

/// Shows words as the language lists them: `a, b, "C d"`.
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

/// Whether the language can write this name without quotes.
fn is_bare(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && word != "_"
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_bare_where_it_can_be() {
        assert_eq!(Name::new("users").to_string(), "users");
        assert_eq!(Name::new("Order Items").to_string(), "\"Order Items\"");
        assert_eq!(Name::new("2fa").to_string(), "\"2fa\"");
        let qualified = Name { schema: Some("billing".into()), name: "type".into() };
        assert_eq!(qualified.to_string(), "billing.type");
    }
}
