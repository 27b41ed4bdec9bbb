//! Which version of a database the SQL of a migration requires.
//!
//! The oldest supported versions run everything else that the compiler writes. The SQL itself is read, not the operations: so a downgrade
//! that only the ledger has and raw SQL are covered too.
//!
//! Sources: PostgreSQL manual, appendix E "Release Notes", of 14 to 18; SQLite, "Release History Of SQLite", of 3.35 to 3.50.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::plan::Planned;
use crate::sql::token::{SqlToken, tokens};
use crate::{Database, Version};

/// What requires a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The first version that has it.
    pub version: Version,
    sql: &'static str,
    words: Option<&'static str>,
}

impl Need {
    /// How it is written in the language; `None` for what only raw SQL has.
    pub fn words(&self) -> Option<&'static str> {
        self.words
    }

    /// The SQL that requires it: `NULLS NOT DISTINCT`, `ON DELETE SET NULL (…)`.
    pub fn sql(&self) -> String {
        self.sql.strip_suffix(" (").map_or_else(|| self.sql.to_owned(), |word| format!("{word} (…)"))
    }
}

/// SQL, the first version that reads it, and how it is written in the language. Of functions none is here: anybody may have made one of the
/// same name.
const POSTGRES: &[(&str, u32, Option<&str>)] = &[
    ("NULLS NOT DISTINCT", 150_000, Some("`nulls not distinct`")),
    ("ON DELETE SET NULL (", 150_000, Some("`on delete set null (…)`")),
    ("ON DELETE SET DEFAULT (", 150_000, Some("`on delete set default (…)`")),
    ("MERGE INTO", 150_000, None),
    ("IS JSON", 160_000, None),
    ("IS NOT JSON", 160_000, None),
    ("AT LOCAL", 170_000, None),
    ("SET EXPRESSION AS (", 170_000, None),
    ("NOT ENFORCED", 180_000, None),
    ("WITHOUT OVERLAPS", 180_000, None),
    (") VIRTUAL", 180_000, None),
];

/// The same of SQLite, whose functions are the built-in ones.
const SQLITE: &[(&str, u32, Option<&str>)] = &[
    (") STRICT", 3_037_000, None),
    ("ROWID, STRICT", 3_037_000, None),
    ("->", 3_038_000, Some("`->`")),
    ("format (", 3_038_000, None),
    ("unixepoch (", 3_038_000, None),
    ("DISTINCT FROM", 3_039_000, None),
    ("FULL JOIN", 3_039_000, None),
    ("FULL OUTER JOIN", 3_039_000, None),
    ("RIGHT JOIN", 3_039_000, None),
    ("RIGHT OUTER JOIN", 3_039_000, None),
    ("unhex (", 3_041_000, Some("text to `uuid` or `bytes`")),
    ("octet_length (", 3_043_000, None),
    ("timediff (", 3_043_000, None),
    ("concat (", 3_044_000, None),
    ("concat_ws (", 3_044_000, None),
    ("string_agg (", 3_044_000, None),
    ("jsonb (", 3_045_000, None),
    ("json_pretty (", 3_046_000, None),
];

/// What earlier versions read and do wrongly: a run on one of them is refused, and a history may support them all the same, for an
/// update of the same version repairs it.
const REPAIRED: &[(Database, &str, u32)] = &[
    // Before, it could corrupt the file.
    (Database::Sqlite, "DROP COLUMN", 3_035_005),
];

/// A need with what a text that has it must contain, read once.
struct Known {
    need: Need,
    tokens: Vec<SqlToken<'static>>,
    /// A word in capitals.
    telling: String,
}

impl Known {
    fn new(database: Database, (sql, number, words): (&'static str, u32, Option<&'static str>)) -> Known {
        let version = Version { database, number };
        Known { need: Need { version, sql, words }, tokens: tokens(sql, database).0, telling: telling(sql) }
    }
}

/// What each database began to read, and what it repaired.
struct KnownLists {
    features: Vec<Known>,
    repaired: Vec<Known>,
}

/// Both lists of each database.
static KNOWN: LazyLock<BTreeMap<Database, KnownLists>> = LazyLock::new(|| {
    let lists = |database: Database| {
        let features = match database {
            Database::Postgres => POSTGRES,
            Database::Sqlite => SQLITE,
        };
        let repaired = REPAIRED.iter().filter(|(of, ..)| *of == database).map(|(_, sql, number)| (*sql, *number, None));
        KnownLists {
            features: features.iter().map(|feature| Known::new(database, *feature)).collect(),
            repaired: repaired.map(|one| Known::new(database, one)).collect(),
        }
    };
    Database::ALL.iter().map(|database| (*database, lists(*database))).collect()
});

/// Those of the needs that some of the SQL has.
fn found<'t>(needs: impl Iterator<Item = &'static Known>, database: Database, texts: impl Iterator<Item = &'t str>) -> Vec<Need> {
    let mut open: Vec<&Known> = needs.collect();
    let mut found = Vec::new();
    for text in texts {
        // Most statements have none of their words, and need not be read.
        let letters = text.to_ascii_uppercase();
        if !open.iter().any(|known| letters.contains(&known.telling)) {
            continue;
        }
        let (read, _) = tokens(text, database);
        let has = |feature: &[SqlToken<'_>]| read.windows(feature.len()).any(|part| part.iter().zip(feature).all(is_same));
        found.extend(open.extract_if(.., |known| has(&known.tokens)).map(|known| known.need));
    }
    found
}

/// The longest word of some SQL, in capitals: a text without it does not have the SQL.
fn telling(sql: &str) -> String {
    let words = sql.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let longest = words.max_by_key(|word| word.len()).filter(|word| !word.is_empty()).unwrap_or(sql);
    longest.to_ascii_uppercase()
}

fn is_same((one, other): (&SqlToken<'_>, &SqlToken<'_>)) -> bool {
    match (one, other) {
        (SqlToken::Word(one), SqlToken::Word(other)) => one.eq_ignore_ascii_case(other),
        (SqlToken::Word(_) | SqlToken::Number | SqlToken::Quoted | SqlToken::Symbol(_), other) => one == other,
    }
}

/// What of the SQL a server of this version does not read.
pub fn beyond<'t>(server: Version, texts: impl Iterator<Item = &'t str>) -> Vec<Need> {
    let newer = lists(server.database).flat_map(|lists| &lists.features).filter(|known| known.need.version > server);
    found(newer, server.database, texts)
}

/// The newest version that one of the texts requires.
fn newest<'t>(database: Database, texts: impl Iterator<Item = &'t str>) -> Option<Need> {
    let known = lists(database).flat_map(|lists| lists.features.iter().chain(&lists.repaired));
    found(known, database, texts).into_iter().max_by_key(|need| need.version)
}

fn lists(database: Database) -> impl Iterator<Item = &'static KnownLists> {
    KNOWN.get(&database).into_iter()
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

    /// The version as it is written.
    fn needed(database: Database, sql: &str) -> Option<String> {
        newest(database, std::iter::once(sql)).map(|need| need.version.written())
    }

    #[test]
    fn what_a_version_must_have_is_found_outside_of_strings_and_comments() {
        let postgres = |sql| needed(Database::Postgres, sql).unwrap_or_default();
        assert_eq!(postgres("CREATE UNIQUE INDEX ON t (a) NULLS NOT DISTINCT"), "15");
        assert_eq!(postgres("ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES u (a, b) ON DELETE SET NULL (a)"), "15");
        assert_eq!(
            postgres("alter table t add unique nulls /* not */ not\n distinct (a); alter table t alter c set expression as (1)"),
            "17"
        );
        for older in [
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (a) ON DELETE SET NULL",
            "ALTER TABLE t ALTER c SET DEFAULT (1)",
            "INSERT INTO t VALUES ('NULLS NOT DISTINCT') -- NULLS NOT DISTINCT",
            "DO $$ BEGIN EXECUTE 'x'; /* */ MERGE INTO t; END $$",
            "SELECT \"merge\" into",
        ] {
            assert_eq!(postgres(older), "", "{older}");
        }
        let sqlite = |sql| needed(Database::Sqlite, sql).unwrap_or_default();
        assert_eq!(sqlite("UPDATE t SET a = unhex(b)"), "3.41");
        assert_eq!(sqlite("CREATE INDEX i ON t (a ->> 'k')"), "3.38");
        assert_eq!(sqlite("SELECT 'a -> b' - 1 > 2"), "");
        assert_eq!(sqlite("CREATE TABLE t (a text) WITHOUT ROWID, STRICT"), "3.37");
        assert_eq!(sqlite("ALTER TABLE t DROP COLUMN a"), "3.35.5");
        assert_eq!(beyond(Version::oldest(Database::Sqlite), ["ALTER TABLE t DROP COLUMN a"].into_iter()), []);
    }

    #[test]
    fn a_need_is_shown_as_the_sql_that_has_it() {
        let text = "CREATE TABLE t (a int REFERENCES u ON DELETE SET NULL (a))";
        let shown = newest(Database::Postgres, std::iter::once(text)).map(|need| need.sql());
        assert_eq!(shown.as_deref(), Some("ON DELETE SET NULL (…)"));
    }
}
