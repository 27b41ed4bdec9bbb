//! How much a text of raw SQL makes others wait.

use migrate_history::Database;
use migrate_history::sql::tokens;

use super::statement::{RawStatement, statements};

/// What a text does that others may have to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RawWeight {
    /// It makes something new, or says something about what is there: no session waits, and it takes a moment.
    Light,
    /// It may work on rows, however many there are: a query, a call, an `UPDATE`.
    Rows,
    /// It may lock a table until the COMMIT.
    Locks,
}

/// What the heaviest statement of a text does.
pub(crate) fn weight(text: &str, database: Database) -> RawWeight {
    let (tokens, _) = tokens(text, database);
    statements(&tokens).0.iter().map(of_statement).max().unwrap_or(RawWeight::Light)
}

/// What locks a table, by its first words.
const LOCKING: &[&[&str]] = &[
    &["ALTER"],
    &["DROP"],
    &["LOCK"],
    &["TRUNCATE"],
    &["REINDEX"],
    &["CLUSTER"],
    &["REFRESH"],
    &["CREATE", "INDEX"],
    &["CREATE", "UNIQUE", "INDEX"],
    &["CREATE", "TRIGGER"],
    &["CREATE", "RULE"],
    &["CREATE", "POLICY"],
];

const LIGHT: &[&str] = &["CREATE", "COMMENT", "GRANT", "REVOKE", "SET", "RESET"];

fn of_statement(statement: &RawStatement<'_>) -> RawWeight {
    if LOCKING.iter().any(|words| statement.begins(words)) {
        return RawWeight::Locks;
    }
    // A table or a materialized view that is filled when it is made.
    let is_filled = statement.begins(&["CREATE"]) && statement.has(&["AS"]) && statement.has(&["SELECT"]);
    let is_light = LIGHT.iter().any(|word| statement.begins(&[word])) && !is_filled;
    if is_light { RawWeight::Light } else { RawWeight::Rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_statement_counts() {
        let of = |text| weight(text, Database::Postgres);
        for text in ["CREATE TABLE t (a text)", "COMMENT ON TABLE t IS 'x'", "SET LOCAL x = 1; CREATE TYPE t AS ENUM ('a')", ""] {
            assert_eq!(of(text), RawWeight::Light, "{text}");
        }
        for text in
            ["SELECT f()", "CALL f()", "UPDATE t SET a = 1 WHERE id = 1", "CREATE TABLE t AS SELECT 1", "DO $$ BEGIN END $$"]
        {
            assert_eq!(of(text), RawWeight::Rows, "{text}");
        }
        for text in ["ALTER TABLE t ADD a text", "SELECT 1; DROP TABLE t", "CREATE UNIQUE INDEX ON t (a)", "LOCK t"] {
            assert_eq!(of(text), RawWeight::Locks, "{text}");
        }
    }
}
