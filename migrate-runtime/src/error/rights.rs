//! The right that a role of PostgreSQL lacks, and the statement that grants it.

use super::elsewhere::plain;

/// `insufficient_privilege` (manual, appendix A).
pub(super) const DENIED: &str = "42501";

/// The rights on a table of ours (the chapter "Roles and privileges" of the book); `None` for a table of the application.
fn on_ledger(table: &str) -> Option<&'static str> {
    match table {
        "migrate_ledger" => Some("SELECT, INSERT, UPDATE, DELETE"),
        "migrate_journal" => Some("SELECT, INSERT"),
        "migrate_rows" => Some("SELECT, INSERT, DELETE"),
        "migrate_lock" => Some("SELECT, UPDATE"),
        "migrate_format" => Some("SELECT"),
        _ => None,
    }
}

/// What to do about the message of a server that speaks English; another language has the code alone. A question of ours reads; a
/// statement says which rights it requires of a table.
pub(super) fn remedy(message: &str, statement: Option<&str>) -> Option<String> {
    if let Some(of) = message.strip_prefix("must be owner of ") {
        let (_, name) = object(of)?;
        return Some(format!("connect as the owner of `{name}`, or become a member of that role with `GRANT owner TO …`"));
    }
    let (kind, name) = object(message.strip_prefix("permission denied for ")?)?;
    let grant = |rights: &str, on: &str| format!("grant the right to the role of this connection: `GRANT {rights} ON {on} TO …`");
    let quoted = plain(name);
    match kind {
        "table" | "view" | "materialized view" | "relation" | "foreign table" | "column" => match on_ledger(name) {
            Some("SELECT") => Some(grant("SELECT", &quoted)),
            Some(rights) => Some(format!("{}; `SELECT` is enough for what only reads", grant(rights, &quoted))),
            None => Some(grant(&statement.map_or_else(|| "SELECT".to_owned(), rights), &quoted)),
        },
        "schema" => Some(grant("USAGE, CREATE", &format!("SCHEMA {quoted}"))),
        "database" => Some(grant("CREATE", &format!("DATABASE {quoted}"))),
        "sequence" => Some(grant("USAGE, SELECT", &format!("SEQUENCE {quoted}"))),
        "type" | "domain" | "language" => Some(grant("USAGE", &format!("{} {quoted}", kind.to_uppercase()))),
        _ => None,
    }
}

/// What kind of object a message is about, and its name.
fn object(of: &str) -> Option<(&str, &str)> {
    const KINDS: [&str; 11] = [
        "materialized view",
        "foreign table",
        "table",
        "view",
        "relation",
        "column",
        "schema",
        "database",
        "sequence",
        "domain",
        "type",
    ];
    let other = || of.split_once(' ');
    KINDS.iter().find_map(|kind| Some((*kind, of.strip_prefix(kind)?.strip_prefix(' ')?))).or_else(other)
}

/// The rights that a statement may require of a table that it names.
fn rights(statement: &str) -> String {
    const RIGHTS: [&str; 6] = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES"];
    let words: Vec<&str> =
        statement.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| !word.is_empty()).collect();
    // `ON DELETE CASCADE` deletes nothing yet.
    let is_meant =
        |at: usize| !at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|word| word.eq_ignore_ascii_case("on"));
    let has = |right: &str| words.iter().enumerate().any(|(at, word)| word.eq_ignore_ascii_case(right) && is_meant(at));
    let found: Vec<&str> = RIGHTS.into_iter().filter(|right| has(right)).collect();
    if found.is_empty() { "ALL".to_owned() } else { found.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::remedy;

    #[test]
    fn a_missing_right_is_named_with_its_statement() {
        let grant = |text: &str| format!("grant the right to the role of this connection: `GRANT {text} TO …`");
        for (message, statement, expected) in [
            ("permission denied for table users", None, grant("SELECT ON users")),
            ("permission denied for view Order Items", None, grant("SELECT ON \"Order Items\"")),
            ("permission denied for schema public", None, grant("USAGE, CREATE ON SCHEMA public")),
            ("permission denied for database app", None, grant("CREATE ON DATABASE app")),
            ("permission denied for sequence users_id_seq", None, grant("USAGE, SELECT ON SEQUENCE users_id_seq")),
            ("permission denied for table migrate_format", None, grant("SELECT ON migrate_format")),
            (
                "permission denied for table users",
                Some("ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES users (id) ON DELETE CASCADE"),
                grant("REFERENCES ON users"),
            ),
            ("permission denied for table users", Some("UPDATE users SET a = 1"), grant("UPDATE ON users")),
        ] {
            assert_eq!(remedy(message, statement), Some(expected), "{message}");
        }
        let ledger = remedy("permission denied for table migrate_journal", None).unwrap_or_default();
        assert!(ledger.contains("`GRANT SELECT, INSERT ON migrate_journal TO …`; `SELECT` is enough"), "{ledger}");
        let owner = remedy("must be owner of materialized view v", None).unwrap_or_default();
        assert!(owner.starts_with("connect as the owner of `v`"), "{owner}");
        assert_eq!(remedy("keine Berechtigung für Tabelle users", None), None);
    }
}
