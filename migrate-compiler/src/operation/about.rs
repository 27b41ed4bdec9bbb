//! What an operation is about, said alike for every operation, so that steps can be compared with each other.

use crate::footprint::{Part, Path};
use crate::name::Name;
use crate::objects::Kind;

/// What an operation is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What it makes.
    pub makes: Option<Path>,
    /// What it drops.
    pub drops: Option<Path>,
    /// What it renames: the old path and the new one.
    pub renames: Option<(Path, Path)>,
    /// What it changes and leaves under its name.
    pub alters: Option<Path>,
    /// The tables that it is done to, by each name that they have in it.
    pub tables: Vec<Name>,
    /// The columns of its table that it is done to, where nothing else of the table has a part in it.
    pub columns: Vec<String>,
    /// The enum that it adds a value to.
    pub widens: Option<Name>,
    /// Whether rows hold other values after it.
    pub rows: Rows,
    /// Whether it keeps rows, or restores what is kept of them.
    pub keeping: RowKeeping,
    /// For raw SQL: what its `as { … }` states. What else it does is unknown.
    pub raw: Option<Vec<About>>,
    /// The names of what raw SQL creates, as far as that is read.
    pub unread: Vec<String>,
}

/// What becomes of the rows that are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    /// They stay as they are.
    #[default]
    Kept,
    /// They may be others, or gone.
    Changed,
    /// They stay, and others come.
    Added,
}

/// What becomes of rows that are kept in a table of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowKeeping {
    /// Nothing.
    #[default]
    Nothing,
    /// Rows are kept from now on.
    Keeps,
    /// They are back in their table.
    Restores,
}

impl About {
    /// Makes something of a table.
    pub fn makes(path: Path) -> About {
        About { tables: vec![path.of.clone()], makes: Some(path), ..About::default() }
    }

    /// Drops something of a table.
    pub fn drops(path: Path) -> About {
        About { tables: vec![path.of.clone()], drops: Some(path), ..About::default() }
    }

    /// Renames a table, or something of one.
    pub fn renames(from: Path, to: Path) -> About {
        let (old, new) = (from.of.clone(), to.of.clone());
        let tables = if old == new { vec![old] } else { vec![old, new] };
        About { renames: Some((from, to)), tables, ..About::default() }
    }

    /// Changes something of a table that keeps its name.
    pub fn alters(path: Path) -> About {
        About { tables: vec![path.of.clone()], alters: Some(path), ..About::default() }
    }

    /// Is done to a table.
    pub fn table(table: &Name) -> About {
        About { tables: vec![table.clone()], ..About::default() }
    }

    /// Is done to a column.
    pub fn column(table: &Name, column: &str) -> About {
        About::table(table).of_columns([column])
    }

    /// An object that is not a table.
    #[must_use]
    pub fn of_no_table(self) -> About {
        About { tables: Vec::new(), ..self }
    }

    /// These columns alone have a part in it.
    #[must_use]
    pub fn of_columns<'c>(self, columns: impl IntoIterator<Item = &'c str>) -> About {
        About { columns: columns.into_iter().map(str::to_owned).collect(), ..self }
    }

    /// Rows hold other values after it.
    #[must_use]
    pub fn changing_rows(self) -> About {
        About { rows: Rows::Changed, ..self }
    }

    /// The table has more rows after it.
    #[must_use]
    pub fn adding_rows(self) -> About {
        About { rows: Rows::Added, ..self }
    }

    /// Rows are kept, or restored.
    #[must_use]
    pub fn of_kept_rows(self, keeping: RowKeeping) -> About {
        About { keeping, ..self }
    }

    /// The path that something has after it; `None` where it is not renamed.
    pub fn renamed(&self, path: &Path) -> Option<Path> {
        self.renames.as_ref().and_then(|(from, to)| path.moved(from, to))
    }

    /// The path that something had before it; `None` where it was not renamed.
    pub fn named_before(&self, path: &Path) -> Option<Path> {
        self.renames.as_ref().and_then(|(from, to)| path.moved(to, from))
    }

    /// What there is after it that was not there before under this name.
    pub fn brings(&self) -> Option<&Path> {
        self.makes.as_ref().or(self.renames.as_ref().map(|(_, to)| to))
    }

    /// Whether it is done to a table or to a column, or to a part of it, and to nothing else.
    pub fn is_within(&self, path: &Path) -> bool {
        let is_of_columns = |name: &String| !self.columns.is_empty() && self.columns.iter().all(|column| column == name);
        match &path.part {
            Part::All => self.tables.first() == Some(&path.of),
            Part::Column(name) => self.tables.contains(&path.of) && is_of_columns(name),
            Part::Constraint(_) => self.alters.as_ref() == Some(path),
            Part::Itself | Part::PrimaryKey | Part::Comment | Part::Rows | Part::Type(_) | Part::Null(_) => false,
            Part::Default(_) | Part::ColumnComment(_) | Part::Index(_) | Part::Object(_) | Part::Name => false,
        }
    }
}

/// A table.
pub(super) fn table(name: &Name) -> Path {
    Path::new(name, Part::whole(Kind::Table))
}

/// A column of a table.
pub(super) fn column(of: &Name, name: &str) -> Path {
    Path::new(of, Part::Column(name.to_owned()))
}

/// The `not null` of a column.
pub(super) fn not_null(of: &Name, column: &str) -> Path {
    Path::new(of, Part::Null(column.to_owned()))
}

/// A constraint of a table.
pub(super) fn constraint(of: &Name, name: &str) -> Path {
    Path::new(of, Part::Constraint(name.to_owned()))
}

/// An index of a table.
pub(super) fn index(of: &Name, name: &str) -> Path {
    Path::new(of, Part::Index(name.to_owned()))
}

/// An object that is not a table.
pub(super) fn object(kind: Kind, name: &Name) -> Path {
    Path::new(name, Part::whole(kind))
}
