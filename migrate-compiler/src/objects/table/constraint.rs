//! What a table demands of its rows.

use crate::expr::Expr;
use crate::name::Name;

/// A constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Its name; `None` until the operation is completed, never in a schema.
    pub name: Option<String>,
    /// What it demands.
    pub rule: Rule,
    /// When it is checked.
    pub timing: Timing,
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `primary key (…)`
    PrimaryKey {
        /// Its columns.
        columns: Vec<String>,
    },
    /// `unique (…)`
    Unique {
        /// Its columns.
        columns: Vec<String>,
        /// `nulls not distinct`: two nulls are equal.
        nulls_not_distinct: bool,
    },
    /// `foreign key (…) references …`
    ForeignKey(ForeignKey),
    /// `check (…)`
    Check {
        /// The condition.
        condition: Expr,
    },
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns that refer.
    pub columns: Vec<String>,
    /// The table referred to.
    pub table: Name,
    /// The columns referred to; empty until the operation is completed where the primary key is meant.
    pub references: Vec<String>,
    /// What happens when the row referred to is deleted.
    pub on_delete: ReferentialAction,
    /// `on delete set null (…)`: which columns are set; all when empty.
    pub set_columns: Vec<String>,
    /// What happens when its key changes.
    pub on_update: ReferentialAction,
}

/// What a foreign key does to the rows that refer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferentialAction {
    /// `no action`, the default: refused at the end of the statement or transaction.
    NoAction,
    /// `restrict`: refused at once.
    Restrict,
    /// `cascade`: deleted or changed with it.
    Cascade,
    /// `set null`
    SetNull,
    /// `set default`
    SetDefault,
}

impl ReferentialAction {
    /// Every action.
    pub const ALL: [ReferentialAction; 5] = [
        ReferentialAction::NoAction,
        ReferentialAction::Restrict,
        ReferentialAction::Cascade,
        ReferentialAction::SetNull,
        ReferentialAction::SetDefault,
    ];

    /// How the language writes it.
    pub const fn words(self) -> &'static str {
        match self {
            ReferentialAction::NoAction => "no action",
            ReferentialAction::Restrict => "restrict",
            ReferentialAction::Cascade => "cascade",
            ReferentialAction::SetNull => "set null",
            ReferentialAction::SetDefault => "set default",
        }
    }
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Timing {
    /// At once, always.
    #[default]
    Immediate,
    /// `deferrable`: at once unless the transaction asks otherwise.
    Deferrable,
    /// `deferrable initially deferred`: at commit.
    Deferred,
}

impl Constraint {
    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// The foreign key, if it is one.
    pub fn foreign_key(&self) -> Option<&ForeignKey> {
        match &self.rule {
            Rule::ForeignKey(key) => Some(key),
            Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Check { .. } => None,
        }
    }

    /// The foreign key, if it is one, to be changed.
    pub fn foreign_key_mut(&mut self) -> Option<&mut ForeignKey> {
        match &mut self.rule {
            Rule::ForeignKey(key) => Some(key),
            Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Check { .. } => None,
        }
    }
}

impl Rule {
    /// The columns of its own table that it is about.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Rule::PrimaryKey { columns } | Rule::Unique { columns, .. } => columns.iter().map(String::as_str).collect(),
            Rule::ForeignKey(key) => key.columns.iter().map(String::as_str).collect(),
            Rule::Check { condition } => condition.columns(),
        }
    }

    /// The condition of a check.
    pub fn condition(&self) -> Option<&Expr> {
        if let Rule::Check { condition } = self { Some(condition) } else { None }
    }

    /// Whether it uses a column of its own table, or may, in raw SQL.
    pub fn may_use(&self, column: &str) -> bool {
        match self {
            Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::ForeignKey(_) => self.columns().contains(&column),
            Rule::Check { condition } => condition.may_use(column),
        }
    }

    /// The columns of a primary key or unique constraint; empty for the others.
    pub fn key_columns(&self) -> &[String] {
        match self {
            Rule::PrimaryKey { columns } | Rule::Unique { columns, .. } => columns,
            Rule::ForeignKey(_) | Rule::Check { .. } => &[],
        }
    }

    /// Follows a column of its own table to its new name.
    pub fn rename_column(&mut self, from: &str, to: &str) {
        match self {
            Rule::PrimaryKey { columns } | Rule::Unique { columns, .. } => rename(columns, from, to),
            Rule::ForeignKey(key) => {
                rename(&mut key.columns, from, to);
                rename(&mut key.set_columns, from, to);
            }
            Rule::Check { condition } => condition.rename_column(from, to),
        }
    }

    /// What it is called in a sentence.
    pub const fn title(&self) -> &'static str {
        match self {
            Rule::PrimaryKey { .. } => "primary key",
            Rule::Unique { .. } => "unique constraint",
            Rule::ForeignKey(_) => "foreign key",
            Rule::Check { .. } => "check",
        }
    }
}

/// Follows a column to its new name in a list.
pub(super) fn rename(columns: &mut [String], from: &str, to: &str) {
    columns.iter_mut().filter(|column| *column == from).for_each(|column| to.clone_into(column));
}
