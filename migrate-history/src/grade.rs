//! How much a downgrade restores, and whether that was proved or only stated.

use std::fmt;

/// How much the downgrade of a migration restores; the compiler computes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The downgrade restores the schema and all data that existed before the upgrade.
    Exact,
    /// The downgrade restores the schema, but not all data.
    Schema,
    /// A downgrade is not possible; it is refused before anything is changed.
    Irreversible,
}

impl Level {
    /// The word for it in the language and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Level::Exact => "exact",
            Level::Schema => "schema",
            Level::Irreversible => "irreversible",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// Whether a level is proved or stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The compiler knows every statement of both directions.
    Proved,
    /// Raw SQL or a Rust function is part of it. The compiler does not read them and relies on what is stated about them.
    Stated,
}

/// A level, and whether it is proved or stated: `exact`, `exact (stated)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grade {
    /// What the downgrade restores.
    pub level: Level,
    /// Whether that is proved or stated. Always [`Basis::Proved`] for [`Level::Irreversible`], for which nothing is stated.
    pub basis: Basis,
}

impl Grade {
    /// Every grade, the best first.
    pub const ALL: &'static [Grade] = &[
        Grade::proved(Level::Exact),
        Grade::stated(Level::Exact),
        Grade::proved(Level::Schema),
        Grade::stated(Level::Schema),
        Grade::proved(Level::Irreversible),
    ];

    /// A level that the compiler has proved.
    pub const fn proved(level: Level) -> Grade {
        Grade { level, basis: Basis::Proved }
    }

    /// A level that depends on what is stated about raw SQL.
    pub const fn stated(level: Level) -> Grade {
        let basis = match level {
            Level::Exact | Level::Schema => Basis::Stated,
            Level::Irreversible => Basis::Proved,
        };
        Grade { level, basis }
    }

    /// The text of it, as in a plan, a listing, a script, JSON and the ledger.
    pub const fn text(self) -> &'static str {
        match (self.level, self.basis) {
            (Level::Exact, Basis::Stated) => "exact (stated)",
            (Level::Schema, Basis::Stated) => "schema (stated)",
            (Level::Exact | Level::Schema, Basis::Proved) | (Level::Irreversible, Basis::Proved | Basis::Stated) => {
                self.level.word()
            }
        }
    }

    /// The grade with this text.
    pub fn from_text(text: &str) -> Option<Grade> {
        Grade::ALL.iter().copied().find(|grade| grade.text() == text)
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grade_is_read_back_and_the_better_one_is_less() {
        for &grade in Grade::ALL {
            assert_eq!(Grade::from_text(grade.text()), Some(grade));
        }
        assert!(Grade::ALL.is_sorted());
        assert_eq!(Grade::from_text("exact (proved)"), None);
        assert_eq!(Grade::stated(Level::Irreversible).text(), "irreversible");
    }
}
