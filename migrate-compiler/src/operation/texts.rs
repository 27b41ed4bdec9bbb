//! The texts of raw SQL, as they are written.

use std::fmt;

use migrate_history::Database;

/// A text for each database: `sql "…"`, or `sql { postgres: "…", else: "…" }`.
pub(super) struct WrittenTexts<'a> {
    /// The texts; `None` is for every database that has no text of its own.
    pub texts: &'a [(Option<Database>, String)],
    /// What comes before and after a text that is for all databases.
    pub around: (&'static str, &'static str),
}

impl fmt::Display for WrittenTexts<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, after) = self.around;
        match self.texts {
            [(None, text)] => write!(out, "sql{before}{text:?}{after}"),
            texts => {
                out.write_str("sql { ")?;
                for (database, text) in texts {
                    let word = database.map_or("else", Database::word);
                    write!(out, "{word}: {text:?}, ")?;
                }
                out.write_str("}")
            }
        }
    }
}
