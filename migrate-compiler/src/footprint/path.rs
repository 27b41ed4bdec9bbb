//! What statements touch, by name.

use std::fmt;

use crate::name::{Name, Written};
use crate::objects::Kind;

/// Something that a statement makes, changes or depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// The table; for [`Part::Name`] the name itself.
    pub of: Name,
    /// Which part of it.
    pub part: Part,
}

/// A part of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Everything of the table: what a rename or a drop changes, and what SQLite's rebuild states again.
    All,
    /// That it is there.
    Itself,
    /// Which columns are its primary key.
    PrimaryKey,
    /// Its comment.
    Comment,
    /// Its rows, where raw SQL changes them.
    Rows,
    /// That a column is there.
    Column(String),
    /// The type of a column.
    Type(String),
    /// Whether a column may be null.
    Null(String),
    /// The default of a column.
    Default(String),
    /// The comment of a column.
    ColumnComment(String),
    /// A constraint.
    Constraint(String),
    /// An index.
    Index(String),
    /// An object of this name that is not a table.
    Object(Kind),
    /// That something has this name in a schema, or that nothing has it.
    Name,
}

impl Path {
    /// A part of a table.
    pub fn new(of: &Name, part: Part) -> Path {
        Path { of: of.clone(), part }
    }

    /// Whether it is a table or a part of one.
    pub fn is_of_table(&self) -> bool {
        !matches!(self.part, Part::Object(_) | Part::Name)
    }

    /// Whether one of them is the other or a part of it.
    pub fn meets(&self, other: &Path) -> bool {
        self.of == other.of && self.part.meets(&other.part)
    }

    /// Whether the other one is it or a part of it.
    pub fn contains(&self, other: &Path) -> bool {
        self.of == other.of && self.part.contains(&other.part)
    }
}

impl Part {
    /// An object as a whole.
    pub fn whole(kind: Kind) -> Part {
        if kind == Kind::Table { Part::All } else { Part::Object(kind) }
    }

    /// Whether it is something of the column that the other one is something of.
    pub(super) fn is_of_column_of(&self, other: &Part) -> bool {
        self.column().is_some_and(|column| other.column() == Some(column))
    }

    /// The column that it is, or is something of.
    fn column(&self) -> Option<&str> {
        match self {
            Part::Column(column) | Part::Type(column) | Part::Null(column) | Part::Default(column) => Some(column),
            Part::ColumnComment(column) => Some(column),
            Part::All | Part::Itself | Part::PrimaryKey | Part::Comment | Part::Rows => None,
            Part::Constraint(_) | Part::Index(_) | Part::Object(_) | Part::Name => None,
        }
    }

    /// Whether a foreign key may go with it.
    pub fn may_hold_key(&self) -> bool {
        match self {
            Part::All | Part::Column(_) | Part::Constraint(_) => true,
            Part::Itself | Part::PrimaryKey | Part::Comment | Part::Rows | Part::Type(_) | Part::Null(_) => false,
            Part::Default(_) | Part::ColumnComment(_) | Part::Index(_) | Part::Object(_) | Part::Name => false,
        }
    }

    /// See [`Path::meets`].
    pub(super) fn meets(&self, other: &Part) -> bool {
        self.contains(other) || other.contains(self)
    }

    /// See [`Path::contains`]. A name is not a part of what has it.
    fn contains(&self, other: &Part) -> bool {
        self == other || *self == Part::All && !matches!(other, Part::Name | Part::Object(_))
    }
}

impl fmt::Display for Path {
    /// "the column `email` of `users`"
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = &self.of;
        match &self.part {
            Part::All | Part::Itself => write!(out, "table `{of}`"),
            Part::PrimaryKey => write!(out, "the primary key of `{of}`"),
            Part::Comment => write!(out, "the comment of `{of}`"),
            Part::Rows => write!(out, "the rows of `{of}`"),
            Part::Column(column) => write!(out, "column `{}` of `{of}`", Written(column)),
            Part::Type(column) => write!(out, "the type of column `{}` of `{of}`", Written(column)),
            Part::Null(column) => write!(out, "`not null` of column `{}` of `{of}`", Written(column)),
            Part::Default(column) => write!(out, "the default of column `{}` of `{of}`", Written(column)),
            Part::ColumnComment(column) => write!(out, "the comment of column `{}` of `{of}`", Written(column)),
            Part::Constraint(name) => write!(out, "constraint `{}` of `{of}`", Written(name)),
            Part::Index(name) => write!(out, "index `{}` of `{of}`", Written(name)),
            Part::Object(kind) => write!(out, "the {} `{of}`", kind.word()),
            Part::Name => write!(out, "the name `{of}`"),
        }
    }
}

impl Path {
    /// The path in lower case, as SQLite compares names.
    pub(super) fn folded(self) -> Path {
        let fold = |name: String| name.to_ascii_lowercase();
        let of = Name { schema: self.of.schema.map(fold), name: fold(self.of.name) };
        Path { of, part: self.part.with_name(fold) }
    }

    /// The path that it has where another one, which it is or is a part of, is renamed; `None` where it stays.
    pub fn moved(&self, from: &Path, to: &Path) -> Option<Path> {
        if self == from {
            return Some(to.clone());
        }
        if self.of != from.of {
            return None;
        }
        if from.part == Part::All {
            return Some(Path { of: to.of.clone(), part: self.part.clone() });
        }
        let column = to.part.column().filter(|_| self.part.is_of_column_of(&from.part))?;
        Some(Path { of: to.of.clone(), part: self.part.clone().with_name(|_| column.to_owned()) })
    }
}

impl Part {
    /// The same part of something with another name, where it has one.
    fn with_name(self, name: impl FnOnce(String) -> String) -> Part {
        match self {
            Part::Column(of) => Part::Column(name(of)),
            Part::Type(of) => Part::Type(name(of)),
            Part::Null(of) => Part::Null(name(of)),
            Part::Default(of) => Part::Default(name(of)),
            Part::ColumnComment(of) => Part::ColumnComment(name(of)),
            Part::Constraint(of) => Part::Constraint(name(of)),
            Part::Index(of) => Part::Index(name(of)),
            part @ (Part::All | Part::Itself | Part::PrimaryKey | Part::Comment | Part::Rows | Part::Object(_) | Part::Name) => {
                part
            }
        }
    }
}
