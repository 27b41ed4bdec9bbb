//! A table of SQLite as it is compared: its columns, its rules, its indexes.

use std::fmt;

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    pub rules: Vec<Rule>,
    /// `STRICT`, `WITHOUT ROWID`
    pub options: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub name: String,
    /// As it is declared, in upper case; empty where nothing is.
    pub ty: String,
    /// `NOT NULL`, with what happens otherwise.
    pub not_null: Option<Conflict>,
    pub default: Option<Expr>,
    pub collation: Option<String>,
    pub generated: Option<Generated>,
}

/// `GENERATED ALWAYS AS (…)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Generated {
    pub value: Expr,
    pub stored: bool,
}

/// A rule of a table, wherever it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    PrimaryKey { columns: Vec<String>, autoincrement: bool, conflict: Conflict },
    Unique { columns: Vec<String>, conflict: Conflict },
    Check { condition: Expr },
    ForeignKey(ForeignKey),
}

/// `REFERENCES …`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ForeignKey {
    pub columns: Vec<String>,
    pub table: String,
    /// Empty where the text names none.
    pub references: Vec<String>,
    /// `on delete cascade`, sorted.
    pub actions: Vec<String>,
    pub deferred: bool,
}

/// `ON CONFLICT …`; `abort` where nothing is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict(pub String);

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Index {
    pub name: String,
    pub unique: bool,
    pub keys: Vec<Expr>,
    pub filter: Option<Expr>,
}

/// An expression, as its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expr(pub Vec<String>);

impl Default for Conflict {
    fn default() -> Conflict {
        Conflict("abort".to_owned())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join(" "))
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Conflict::default() { Ok(()) } else { write!(out, " on conflict {}", self.0) }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rule::PrimaryKey { columns, autoincrement, conflict } => {
                let numbered = if *autoincrement { " autoincrement" } else { "" };
                write!(out, "primary key ({}){conflict}{numbered}", columns.join(", "))
            }
            Rule::Unique { columns, conflict } => write!(out, "unique ({}){conflict}", columns.join(", ")),
            Rule::Check { condition } => write!(out, "check ({condition})"),
            Rule::ForeignKey(key) => key.fmt(out),
        }
    }
}

impl fmt::Display for ForeignKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "foreign key ({}) references {}", self.columns.join(", "), self.table)?;
        if !self.references.is_empty() {
            write!(out, " ({})", self.references.join(", "))?;
        }
        self.actions.iter().try_for_each(|action| write!(out, " {action}"))?;
        if self.deferred { out.write_str(" deferrable initially deferred") } else { Ok(()) }
    }
}

impl fmt::Display for Index {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> = self.keys.iter().map(Expr::to_string).collect();
        write!(out, "{}({})", if self.unique { "unique " } else { "" }, keys.join(", "))?;
        self.filter.iter().try_for_each(|filter| write!(out, " where {filter}"))
    }
}
