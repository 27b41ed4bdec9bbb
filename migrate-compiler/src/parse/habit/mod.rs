//! What people write by habit, from SQL or from another tool, and what is written here instead: lists of patterns, which are tried
//! on what could not be read.
//!
//! In a pattern, words match in any case, `NAME`, `OTHER`, `THIRD` and `TYPE` match one name each, `FIELD` and `NEW` one that is no type and no
//! keyword, `RELATION` a name that may have a schema, `PATH` one of Rust, `LIST` parentheses, `BODY` and `DOWN` braces, `TEXT` a string
//! literal, `NUMBER` a number, `REST` everything up to the end, `BARE` the same where it does not begin with a group, and `END` the end.
//! What is written here has them again, and in addition `ENTRIES`, `LIST` in braces, `VALUES`, `LIST` with string literals for its names,
//! `INNER`, what is in `BODY`, and `VERBATIM`, everything that matched as a string literal. In a message, `WRITTEN` is everything
//! that matched, and `WORD` the first word that is different.

mod apply;
mod edit;
mod list;
mod pattern;
mod repair;
mod rows;
mod rust;
mod shown;
mod spelling;
mod words;

pub(super) use repair::{Spot, UnreadPart, repair};
pub(super) use shown::next;

/// A habit.
#[derive(Clone, Copy)]
struct Habit {
    /// What is written elsewhere.
    sql: &'static str,
    /// What is written here.
    here: &'static str,
    /// The rule and what is wrong, where it is not what was said already when it could not be read.
    says: Option<(&'static str, &'static str)>,
    /// What to do in a history without PostgreSQL, where it is for PostgreSQL alone.
    unserved: Option<&'static str>,
}

/// A habit of which it says enough that it could not be read.
const fn habit(sql: &'static str, here: &'static str) -> Habit {
    Habit { sql, here, says: None, unserved: None }
}

/// Rule `sql_syntax`: a habit with what is wrong.
const fn says(sql: &'static str, here: &'static str, says: &'static str) -> Habit {
    Habit { sql, here, says: Some(("sql_syntax", says)), unserved: None }
}

/// The same with a rule of its own.
const fn rule(rule: &'static str, sql: &'static str, here: &'static str, says: &'static str) -> Habit {
    Habit { sql, here, says: Some((rule, says)), unserved: None }
}

/// A habit of which only PostgreSQL has what is written here, with what to do without it.
const fn of_postgres(sql: &'static str, here: &'static str, says: &'static str, unserved: &'static str) -> Habit {
    Habit { sql, here, says: Some(("sql_syntax", says)), unserved: Some(unserved) }
}
