//! The version of a database's server, or of the library that SQLite is.

use std::fmt;

use crate::Database;

/// A version of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The database.
    pub database: Database,
    /// The number that the database gives itself: `server_version_num` of PostgreSQL, `SQLITE_VERSION_NUMBER` of SQLite.
    pub number: u32,
}

impl Version {
    /// The oldest version that is supported: what a history supports that names none.
    pub const fn oldest(database: Database) -> Version {
        match database {
            Database::Postgres => Version { database, number: 140_000 },
            Database::Sqlite => Version { database, number: 3_035_000 },
        }
    }

    /// The version that a history writes so: `14`, `14.2`, `3.35`, `3.35.5`. `None` where the database numbers its versions otherwise.
    pub fn from_written(database: Database, text: &str) -> Option<Version> {
        let part = |part: &str| part.parse::<u32>().ok().filter(|number| number.to_string() == part);
        let parts = text.split('.').map(part).collect::<Option<Vec<u32>>>()?;
        if parts.iter().any(|part| *part > 999) {
            return None;
        }
        let number = match (database, parts.as_slice()) {
            (Database::Postgres, [major]) => major * 10_000,
            (Database::Postgres, [major, minor]) if *major >= 10 => major * 10_000 + minor,
            // The first two numbers of what is older are one version.
            (Database::Postgres, [major, minor]) if *minor < 100 => major * 10_000 + minor * 100,
            (Database::Sqlite, [major, minor]) => major * 1_000_000 + minor * 1_000,
            (Database::Sqlite, [major, minor, patch]) => major * 1_000_000 + minor * 1_000 + patch,
            (Database::Postgres | Database::Sqlite, _) => return None,
        };
        Some(Version { database, number })
    }

    /// The query that gives the number of a server, as text.
    pub const fn query(database: Database) -> &'static str {
        match database {
            Database::Postgres => "SELECT pg_catalog.current_setting('server_version_num')",
            Database::Sqlite => {
                "SELECT CAST(3000000 + CAST(v AS INTEGER) * 1000 + CAST(substr(v, instr(v, '.') + 1) AS INTEGER) AS TEXT) \
                 FROM (SELECT substr(sqlite_version(), 3) AS v)"
            }
        }
    }

    /// The version as its database writes it, without the database's name: `14.2`, `3.35`.
    pub fn written(self) -> String {
        let Version { database, number } = self;
        let numbers = match database {
            Database::Postgres if number >= 100_000 => vec![number / 10_000, number % 10_000],
            Database::Postgres => vec![number / 10_000, number / 100 % 100, number % 100],
            Database::Sqlite => vec![number / 1_000_000, number / 1_000 % 1_000, number % 1_000],
        };
        let shown = match numbers.as_slice() {
            [rest @ .., 0] => rest,
            all => all,
        };
        shown.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
    }

    /// How `databases` of a history says that it is the oldest one that is supported: `postgres 14..`.
    pub fn setting(self) -> String {
        format!("{} {}..", self.database.word(), self.written())
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.database, self.written())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_and_told_as_its_database_writes_it() {
        let cases = [
            (Database::Postgres, "14", 140_000),
            (Database::Postgres, "14.2", 140_002),
            (Database::Postgres, "9.6", 90_600),
            (Database::Sqlite, "3.35", 3_035_000),
            (Database::Sqlite, "3.4", 3_004_000),
            (Database::Sqlite, "3.40", 3_040_000),
            (Database::Sqlite, "3.35.5", 3_035_005),
        ];
        for (database, text, number) in cases {
            let version = Version { database, number };
            assert_eq!(Version::from_written(database, text), Some(version), "{text}");
            assert_eq!(version.to_string(), format!("{database} {text}"));
        }
    }

    #[test]
    fn another_form_is_no_version() {
        let none = [
            (Database::Postgres, &["", "14.2.1", "1_4", "14u32", "1e1", "14.", "1000", "99999999999"][..]),
            (Database::Sqlite, &["3", "3.", "3.35.5.1", "3.35f64", "3.1000", "3.035"][..]),
        ];
        for (database, texts) in none {
            texts.iter().for_each(|text| assert_eq!(Version::from_written(database, text), None, "{database} {text}"));
        }
    }
}
