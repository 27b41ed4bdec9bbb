//! The user's own SQL.

use std::fmt;

use crate::history::Database;
use crate::operation::Operation;

/// `sql "…" as { … }`: SQL that the compiler does not read, with what it does to the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSql {
    /// The text for each database; `None` stands for every database that has no text of its own.
    pub texts: Vec<(Option<Database>, String)>,
    /// What it does to the schema, for the model only; empty for `as nothing`, absent where nothing was said.
    pub effect: Option<Vec<Operation>>,
}

impl fmt::Display for RunSql {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.texts.as_slice() {
            [(None, text)] => write!(out, "sql {text:?}")?,
            texts => {
                out.write_str("sql { ")?;
                for (database, text) in texts {
                    let word = database.map_or("else", Database::word);
                    write!(out, "{word}: {text:?}, ")?;
                }
                out.write_str("}")?;
            }
        }
        match self.effect.as_deref() {
            None => {}
            Some([]) => out.write_str(" as nothing")?,
            Some(operations) => {
                out.write_str(" as {")?;
                for operation in operations {
                    write!(out, " {operation}")?;
                }
                out.write_str(" }")?;
            }
        }
        out.write_str(";")
    }
}
