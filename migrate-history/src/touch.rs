//! What a step does to the tables that were there before its migration: how strongly it locks them, and how much of them it reads or writes.

use std::fmt;

use crate::{List, Text};

/// What a step does to the tables that existed before its migration. A table that the migration created is not in use yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touches {
    /// The tables, each once, in the order in which the step comes to them.
    pub tables: List<Touched>,
    /// Whether these are all.
    pub rest: Rest,
}

/// What a step does to one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The schema, where one is written.
    pub schema: Option<Text>,
    /// The table, exactly as the database keeps its name.
    pub table: Text,
    /// The strongest lock that the step takes on it.
    pub lock: Lock,
    /// The most that the step does with its rows.
    pub work: Work,
}

/// What a step may touch besides the tables that are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rest {
    /// Nothing.
    #[default]
    Nothing,
    /// Whatever its raw SQL touches, which the compiler does not read.
    RawSql,
    /// Whatever a function of the program touches, which the compiler does not read.
    Program,
    /// Anything: it was compiled by a version that did not say, or says it in words of a newer version.
    NotSaid,
}

/// A lock on a table, from the weakest to the strongest: the modes of PostgreSQL (manual, "Explicit Locking", "Table-Level Locks"), and the
/// one of SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lock {
    /// A `SELECT`.
    AccessShare,
    /// The table that a foreign key refers to, while rows are compared with it.
    RowShare,
    /// Rows are written.
    RowExclusive,
    /// An index that is built concurrently, a constraint that is validated, a comment.
    ShareUpdateExclusive,
    /// An index that is built with writes blocked.
    Share,
    /// A new foreign key.
    ShareRowExclusive,
    /// No operation of the language takes it.
    Exclusive,
    /// Nearly every `ALTER TABLE`.
    AccessExclusive,
    /// SQLite: the whole file, whatever is written.
    File,
}

/// What a lock blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Blocks {
    /// Neither reads nor writes.
    Neither,
    /// Writes.
    Writes,
    /// Reads and writes.
    ReadsAndWrites,
}

/// What is done with the rows of a table, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// None is looked at: it takes as long for a large table as for a small one.
    Nothing,
    /// All may be read, or an index in their place.
    Scan,
    /// All are read, and an index of them is written.
    Index,
    /// Rows are updated in place.
    Update,
    /// The table and its indexes are rewritten.
    Rewrite,
}

impl Touches {
    /// No table.
    pub const NONE: Touches = Touches { tables: List::Borrowed(&[]), rest: Rest::Nothing };

    /// It is unknown which.
    pub const NOT_SAID: Touches = Touches { tables: List::Borrowed(&[]), rest: Rest::NotSaid };

    /// Adds what a further statement of the step touches: of a table that is touched twice, the stronger lock and the greater work count.
    pub fn add(&mut self, more: Touches) {
        let Touches { tables, rest } = more;
        self.rest = self.rest.and(rest);
        for touched in tables.into_owned() {
            let own = self.tables.to_mut();
            match own.iter_mut().find(|known| known.is_same_table(&touched)) {
                Some(known) => (known.lock, known.work) = (known.lock.max(touched.lock), known.work.max(touched.work)),
                None => own.push(touched),
            }
        }
    }
}

impl Rest {
    /// Of two statements.
    #[must_use]
    pub fn and(self, other: Rest) -> Rest {
        match (self, other) {
            (Rest::NotSaid, Rest::Nothing | Rest::RawSql | Rest::Program | Rest::NotSaid) => Rest::NotSaid,
            (Rest::Nothing | Rest::RawSql | Rest::Program, Rest::NotSaid) => Rest::NotSaid,
            (Rest::Program, Rest::Nothing | Rest::RawSql | Rest::Program) => Rest::Program,
            (Rest::Nothing | Rest::RawSql, Rest::Program) => Rest::Program,
            (Rest::RawSql, Rest::Nothing | Rest::RawSql) | (Rest::Nothing, Rest::RawSql) => Rest::RawSql,
            (Rest::Nothing, Rest::Nothing) => Rest::Nothing,
        }
    }

    /// All of them.
    pub const ALL: &'static [Self] = &[Rest::Nothing, Rest::RawSql, Rest::Program, Rest::NotSaid];

    /// As it is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Rest::Nothing => "nothing",
            Rest::RawSql => "raw sql",
            Rest::Program => "program",
            Rest::NotSaid => "not said",
        }
    }
}

impl Touched {
    /// Whether both are about one table.
    pub fn is_same_table(&self, other: &Touched) -> bool {
        (&self.schema, &self.table) == (&other.schema, &other.table)
    }

    /// The table as a database reads its name, in double quotes.
    pub fn quoted(&self) -> String {
        let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
        let schema = self.schema.iter().map(|schema| quoted(schema) + ".");
        schema.chain([quoted(&self.table)]).collect()
    }
}

/// The table: `users`, `billing.invoices`.
impl fmt::Display for Touched {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.schema.iter().try_for_each(|schema| write!(out, "{schema}."))?;
        out.write_str(&self.table)
    }
}

impl Lock {
    /// All of them, from the weakest to the strongest.
    pub const ALL: &'static [Self] = &[
        Lock::AccessShare,
        Lock::RowShare,
        Lock::RowExclusive,
        Lock::ShareUpdateExclusive,
        Lock::Share,
        Lock::ShareRowExclusive,
        Lock::Exclusive,
        Lock::AccessExclusive,
        Lock::File,
    ];

    /// Its name: PostgreSQL's, or what SQLite locks.
    pub const fn name(self) -> &'static str {
        match self {
            Lock::AccessShare => "ACCESS SHARE",
            Lock::RowShare => "ROW SHARE",
            Lock::RowExclusive => "ROW EXCLUSIVE",
            Lock::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Lock::Share => "SHARE",
            Lock::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Lock::Exclusive => "EXCLUSIVE",
            Lock::AccessExclusive => "ACCESS EXCLUSIVE",
            Lock::File => "the whole file",
        }
    }

    /// The lock of this name.
    pub fn from_name(name: &str) -> Option<Lock> {
        Lock::ALL.iter().copied().find(|lock| lock.name() == name)
    }

    /// What it blocks. SQLite in another journal mode than WAL also blocks readers during the COMMIT.
    pub const fn blocks(self) -> Blocks {
        match self {
            Lock::AccessShare | Lock::RowShare | Lock::RowExclusive | Lock::ShareUpdateExclusive => Blocks::Neither,
            Lock::Share | Lock::ShareRowExclusive | Lock::Exclusive | Lock::File => Blocks::Writes,
            Lock::AccessExclusive => Blocks::ReadsAndWrites,
        }
    }
}

impl Blocks {
    /// "blocks writes"
    pub const fn words(self) -> &'static str {
        match self {
            Blocks::Neither => "blocks neither",
            Blocks::Writes => "blocks writes",
            Blocks::ReadsAndWrites => "blocks reads and writes",
        }
    }
}

impl Work {
    /// All of them, from the least to the most.
    pub const ALL: &'static [Self] = &[Work::Nothing, Work::Scan, Work::Index, Work::Update, Work::Rewrite];

    /// As it is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Work::Nothing => "none",
            Work::Scan => "scan",
            Work::Index => "build index",
            Work::Update => "update",
            Work::Rewrite => "rewrite",
        }
    }

    /// The work of this word.
    pub fn from_word(word: &str) -> Option<Work> {
        Work::ALL.iter().copied().find(|work| work.word() == word)
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl fmt::Display for Blocks {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched(table: &'static str, lock: Lock, work: Work) -> Touched {
        Touched { schema: None, table: table.into(), lock, work }
    }

    fn touches(tables: Vec<Touched>) -> Touches {
        Touches { tables: tables.into(), rest: Rest::Nothing }
    }

    #[test]
    fn of_two_locks_on_a_table_the_stronger_one_counts() {
        let mut all = touches(vec![touched("t", Lock::AccessExclusive, Work::Nothing)]);
        all.add(touches(vec![touched("t", Lock::ShareUpdateExclusive, Work::Scan), touched("u", Lock::RowShare, Work::Scan)]));
        let expected = vec![touched("t", Lock::AccessExclusive, Work::Scan), touched("u", Lock::RowShare, Work::Scan)];
        assert_eq!(all, touches(expected));
        all.add(Touches { rest: Rest::RawSql, ..Touches::NONE });
        assert_eq!(all.rest, Rest::RawSql);
        all.add(Touches::NOT_SAID);
        assert_eq!(all.rest, Rest::NotSaid);
    }

    #[test]
    fn a_table_is_named_as_the_database_reads_it() {
        let table = Touched { schema: Some("billing".into()), ..touched("Order \"Items\"", Lock::Share, Work::Index) };
        assert_eq!(table.quoted(), r#""billing"."Order ""Items""""#);
        assert_eq!(table.to_string(), "billing.Order \"Items\"");
    }
}
