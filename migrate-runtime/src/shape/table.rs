//! A table of SQLite as it is compared: its columns, its rules, its indexes.

use std::fmt;

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableShape {
    pub name: String,
    pub columns: Vec<ColumnShape>,
    pub rules: Vec<RuleShape>,
    /// `STRICT`, `WITHOUT ROWID`
    pub options: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ColumnShape {
    pub name: String,
    /// As it is declared, in upper case; empty where nothing is.
    pub ty: String,
    /// `NOT NULL`, with what happens otherwise.
    pub not_null: Option<OnConflict>,
    pub default: Option<ExprShape>,
    pub collation: Option<String>,
    pub generated: Option<GeneratedShape>,
}

/// `GENERATED ALWAYS AS (…)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GeneratedShape {
    pub value: ExprShape,
    pub stored: bool,
}

/// A rule of a table, wherever it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RuleShape {
    PrimaryKey { columns: Vec<String>, autoincrement: bool, conflict: OnConflict },
    Unique { columns: Vec<String>, conflict: OnConflict },
    Check { condition: ExprShape },
    ForeignKey(ForeignKeyShape),
}

/// `REFERENCES …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForeignKeyShape {
    pub columns: Vec<String>,
    pub table: String,
    /// Empty where the text names none.
    pub references: Vec<String>,
    /// `on delete cascade`, sorted.
    pub actions: Vec<String>,
    pub deferred: bool,
}

/// `ON CONFLICT …`; `abort` where it is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OnConflict(pub String);

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IndexShape {
    pub name: String,
    pub unique: bool,
    pub keys: Vec<ExprShape>,
    pub filter: Option<ExprShape>,
}

/// An expression, as its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ExprShape(pub Vec<String>);

impl Default for OnConflict {
    fn default() -> OnConflict {
        OnConflict("abort".to_owned())
    }
}

impl fmt::Display for ExprShape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join(" "))
    }
}

impl fmt::Display for OnConflict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == OnConflict::default() { Ok(()) } else { write!(out, " on conflict {}", self.0) }
    }
}

impl fmt::Display for RuleShape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RuleShape::PrimaryKey { columns, autoincrement, conflict } => {
                let numbered = if *autoincrement { " autoincrement" } else { "" };
                write!(out, "primary key ({}){conflict}{numbered}", columns.join(", "))
            }
            RuleShape::Unique { columns, conflict } => write!(out, "unique ({}){conflict}", columns.join(", ")),
            RuleShape::Check { condition } => write!(out, "check ({condition})"),
            RuleShape::ForeignKey(key) => key.fmt(out),
        }
    }
}

impl fmt::Display for ForeignKeyShape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "foreign key ({}) references {}", self.columns.join(", "), self.table)?;
        if !self.references.is_empty() {
            write!(out, " ({})", self.references.join(", "))?;
        }
        self.actions.iter().try_for_each(|action| write!(out, " {action}"))?;
        if self.deferred { out.write_str(" deferrable initially deferred") } else { Ok(()) }
    }
}

impl fmt::Display for IndexShape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> = self.keys.iter().map(ExprShape::to_string).collect();
        write!(out, "{}({})", if self.unique { "unique " } else { "" }, keys.join(", "))?;
        self.filter.iter().try_for_each(|filter| write!(out, " where {filter}"))
    }
}
