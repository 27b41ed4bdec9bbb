//! The pragmas of SQLite that change what a statement means or whether a rule is checked.
//!
//! What decides how a file is written (`journal_mode`, `synchronous`, …) is the choice of who uses it, so it is left as it is. A string
//! in double quotes is switched by the library's own configuration, and by no pragma.

/// A pragma of ours: its name, and the value, as SQLite gives it back.
pub(crate) type Pragma = (&'static str, &'static str);

/// Foreign keys: on, as sqlx opens a connection and SQLite does not; off before a table is rebuilt.
pub(crate) const FOREIGN_KEYS: &str = "foreign_keys";

/// `LIKE` takes `a` for `A`. The pragma has no value that could be read, but an effect.
const LIKE: &str = "case_sensitive_like";

/// A rename of a table that does not exist, which reads everything.
pub(crate) const READ: [&str; 3] = [
    "CREATE TABLE \"_migrate_read\" (\"a\")",
    "ALTER TABLE \"_migrate_read\" RENAME TO \"_migrate_was_read\"",
    "DROP TABLE \"_migrate_was_read\"",
];

/// All of them.
pub(crate) const PRAGMAS: [Pragma; 9] = [
    // Else nothing is written, and an update with `LIKE` in it finds other rows.
    ("query_only", "0"),
    (LIKE, "0"),
    // The rules of a table hold, and hold at once.
    (FOREIGN_KEYS, "1"),
    ("defer_foreign_keys", "0"),
    ("ignore_check_constraints", "0"),
    ("recursive_triggers", "0"),
    // A rename reaches the references of other tables; the catalogue is not written by hand.
    ("legacy_alter_table", "0"),
    ("writable_schema", "0"),
    // Rows that are copied keep their order.
    ("reverse_unordered_selects", "0"),
];

/// The query for what a pragma is set to.
pub(crate) fn query(name: &str) -> String {
    match name {
        LIKE => "SELECT NOT ('a' LIKE 'A')".to_owned(),
        name => format!("PRAGMA {name}"),
    }
}

/// The statement that sets it.
pub(crate) fn set((name, value): (&str, &str)) -> String {
    format!("PRAGMA {name} = {value}")
}
