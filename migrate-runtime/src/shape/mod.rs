//! The shape of a SQLite table, read from the text that SQLite keeps of it, and how two of them differ.
//!
//! A table that is rebuilt becomes what the compiler knows of it. What was added by hand would be lost with it, so the
//! two are compared first. What a rebuild would change in behaviour is a difference; what it would keep is none:
//!
//! * The order of columns and rules, the case and the quotes of names, white space and comments do not count.
//! * Nor do the names of constraints: SQLite uses them in messages only.
//! * Two declared types are equal where SQLite stores values alike, that is by their affinity; `NUMERIC` and `INTEGER` are one, for
//!   they differ in a `CAST` only (manual, "Datatypes In SQLite", section 3.2). But `INTEGER PRIMARY KEY` is the row's number, and
//!   no other type is.
//! * A column of the primary key is not null, as in SQL, with or without `NOT NULL` in its text; if a null is there, the copy fails.
//! * `REFERENCES t` without columns is equal to one with them: its columns are those of the primary key.
//! * Expressions are compared word by word; `==` and `!=` are `=` and `<>`, and outermost parentheses do not count.

mod compare;
mod expected;
mod parse;
mod query;
mod table;
mod token;

#[cfg(test)]
mod tests;

pub(crate) use self::compare::{SchemaObject, differences};
pub(crate) use self::expected::Expected;
