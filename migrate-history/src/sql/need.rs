//! Which version of a database the SQL of a migration requires.
//!
//! The oldest supported versions run everything else that the compiler writes. The SQL itself is read, not the operations: so a downgrade
//! that only the ledger has and raw SQL are covered too.
//!
//! Sources: PostgreSQL manual, appendix E "Release Notes"; SQLite, "Release History Of SQLite".

use std::fmt;

use crate::Database;
use crate::plan::Planned;
use crate::sql::token::{Token, tokens};

/// A version of a database: of PostgreSQL its first number, of SQLite its second one, for the first is 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The database.
    pub database: Database,
    /// The number.
    pub number: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.database {
            Database::Postgres => write!(out, "PostgreSQL {}", self.number),
            Database::Sqlite => write!(out, "SQLite 3.{}", self.number),
        }
    }
}

impl Version {
    /// The query that gives the number of a server, as text.
    pub const fn query(database: Database) -> &'static str {
        match database {
            Database::Postgres => "SELECT (pg_catalog.current_setting('server_version_num')::integer / 10000)::text",
            Database::Sqlite => "SELECT CAST(CAST(substr(sqlite_version(), 3) AS INTEGER) AS TEXT)",
        }
    }
}

/// What requires a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The first version that has it.
    pub version: Version,
    sql: &'static str,
}

impl Need {
    /// The SQL that requires it: `NULLS NOT DISTINCT`, `ON DELETE SET NULL (…)`.
    pub fn sql(&self) -> String {
        self.sql.strip_suffix(" (").map_or_else(|| self.sql.to_owned(), |word| format!("{word} (…)"))
    }
}

/// SQL, and the first version that reads it.
const POSTGRES: &[(&str, u32)] = &[
    ("NULLS NOT DISTINCT", 15),
    ("ON DELETE SET NULL (", 15),
    ("ON DELETE SET DEFAULT (", 15),
    ("MERGE INTO", 15),
    ("SET EXPRESSION AS (", 17),
    ("NOT ENFORCED", 18),
    ("WITHOUT OVERLAPS", 18),
];

/// The same of SQLite.
const SQLITE: &[(&str, u32)] =
    &[("DROP COLUMN", 35), ("->", 38), ("DISTINCT FROM", 39), ("FULL JOIN", 39), ("RIGHT JOIN", 39), ("unhex (", 41)];

/// The newest version that one of the texts requires.
fn newest<'t>(database: Database, texts: impl Iterator<Item = &'t str>) -> Option<Need> {
    let features = match database {
        Database::Postgres => POSTGRES,
        Database::Sqlite => SQLITE,
    };
    let features = features
        .iter()
        .map(|(sql, number)| (tokens(sql, database).0, Need { version: Version { database, number: *number }, sql }));
    let features: Vec<(Vec<Token<'_>>, Need)> = features.collect();
    let needs = texts.flat_map(|text| {
        let (read, _) = tokens(text, database);
        let has = |feature: &[Token<'_>]| read.windows(feature.len()).any(|part| part.iter().zip(feature).all(is_same));
        features.iter().filter(|(feature, _)| has(feature)).map(|(_, need)| *need).collect::<Vec<Need>>()
    });
    needs.max_by_key(|need| need.version.number)
}

fn is_same((one, other): (&Token<'_>, &Token<'_>)) -> bool {
    match (one, other) {
        (Token::Word(one), Token::Word(other)) => one.eq_ignore_ascii_case(other),
        (Token::Word(_) | Token::Number | Token::Quoted | Token::Symbol(_), other) => one == other,
    }
}

impl Planned {
    /// The newest version that its SQL requires, if that is more than every supported version has.
    pub fn need(&self, database: Database) -> Option<Need> {
        let statements = self.steps.iter().flat_map(|step| step.statements.iter()).map(|statement| &*statement.sql);
        let guards = self.guards().map(|guard| &*guard.query);
        let drops = self.drops.iter().map(|dropped| &*dropped.tally.query);
        newest(database, statements.chain(guards).chain(drops))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needed(database: Database, sql: &str) -> Option<u32> {
        newest(database, std::iter::once(sql)).map(|need| need.version.number)
    }

    #[test]
    fn what_a_version_must_have_is_found_outside_of_strings_and_comments() {
        let postgres = |sql| needed(Database::Postgres, sql);
        assert_eq!(postgres("CREATE UNIQUE INDEX ON t (a) NULLS NOT DISTINCT"), Some(15));
        assert_eq!(postgres("ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES u (a, b) ON DELETE SET NULL (a)"), Some(15));
        assert_eq!(
            postgres("alter table t add unique nulls /* not */ not\n distinct (a); alter table t alter c set expression as (1)"),
            Some(17)
        );
        for older in [
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (a) ON DELETE SET NULL",
            "ALTER TABLE t ALTER c SET DEFAULT (1)",
            "INSERT INTO t VALUES ('NULLS NOT DISTINCT') -- NULLS NOT DISTINCT",
            "DO $$ BEGIN EXECUTE 'x'; /* */ MERGE INTO t; END $$",
            "SELECT \"merge\" into",
        ] {
            assert_eq!(postgres(older), None, "{older}");
        }
        let sqlite = |sql| needed(Database::Sqlite, sql);
        assert_eq!(sqlite("UPDATE t SET a = unhex(b)"), Some(41));
        assert_eq!(sqlite("CREATE INDEX i ON t (a ->> 'k')"), Some(38));
        assert_eq!(sqlite("SELECT 'a -> b' - 1 > 2"), None);
    }

    #[test]
    fn every_version_is_told_as_its_database_tells_it() {
        let told = Database::ALL.iter().map(|&database| Version { database, number: 15 }.to_string());
        assert_eq!(told.collect::<Vec<_>>(), ["PostgreSQL 15", "SQLite 3.15"]);
        let text = "CREATE TABLE t (a int REFERENCES u ON DELETE SET NULL (a))";
        assert_eq!(
            newest(Database::Postgres, std::iter::once(text)).map(|need| need.sql()).as_deref(),
            Some("ON DELETE SET NULL (…)")
        );
    }
}
