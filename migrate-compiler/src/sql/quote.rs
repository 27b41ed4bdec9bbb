//! Names and texts in SQL. Nothing gets into a statement but through here.

use crate::name::{Name, is_bare};

/// A name in double quotes: kept exactly as it is on every database.
pub fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The name of a function or a type of the user's, in double quotes where the database would fold or not read it. A bare one is as
/// SQL has it: `char` and `"char"` are two types of PostgreSQL.
pub fn folded(name: &str) -> String {
    if is_bare(name) { name.to_owned() } else { ident(name) }
}

/// A table's name, with its schema where it has one.
pub fn name(name: &Name) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", ident(schema), ident(&name.name)),
        None => ident(&name.name),
    }
}

/// Names with commas between.
pub fn idents(names: &[String]) -> String {
    names.iter().map(|name| ident(name)).collect::<Vec<_>>().join(", ")
}

/// A text literal. PostgreSQL reads a backslash as itself since `standard_conforming_strings` is on (9.1), SQLite always does.
pub fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Bytes as two digits each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"))
}

/// A literal of bytes, as SQLite and the SQL standard write it.
pub fn bytes(bytes: &[u8]) -> String {
    format!("X'{}'", hex(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(ident("a\"b"), "\"a\"\"b\"");
        assert_eq!(text("it's"), "'it''s'");
        assert_eq!(name(&Name { schema: Some("s".into()), name: "t".into() }), "\"s\".\"t\"");
    }
}
