//! A constraint that is described instead of named: `drop unique (email)`.

use std::fmt;

use super::resolve;
use crate::expr::Expr;
use crate::name::{Name, Written, WrittenList};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Constraint, Rule, Schema, Table};

/// What a constraint demands, where its name is expected. SQL of other databases drops constraints so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnnamedConstraint {
    /// `primary key`
    PrimaryKey,
    /// `unique (…)`, or with the name of the constraint in place of the columns.
    Unique(Vec<String>),
    /// `foreign key (…)`, or with the name of the constraint in place of the columns.
    ForeignKey(Vec<String>),
    /// `check (…)`, or with the name of the constraint in place of the condition.
    Check(Expr),
}

impl fmt::Display for UnnamedConstraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnnamedConstraint::PrimaryKey => out.write_str("primary key"),
            UnnamedConstraint::Unique(columns) => write!(out, "unique ({})", WrittenList(columns)),
            UnnamedConstraint::ForeignKey(columns) => write!(out, "foreign key ({})", WrittenList(columns)),
            UnnamedConstraint::Check(condition) => write!(out, "check ({condition})"),
        }
    }
}

impl UnnamedConstraint {
    /// The constraint of the table that is meant.
    pub(super) fn find<'t>(&self, table: &'t Table) -> Option<&'t Constraint> {
        table.constraints.iter().find(|constraint| self.is(constraint))
    }

    fn is(&self, constraint: &Constraint) -> bool {
        match (self, &constraint.rule) {
            (UnnamedConstraint::PrimaryKey, Rule::PrimaryKey { .. }) => true,
            (UnnamedConstraint::Unique(own), Rule::Unique { columns, .. }) => own == columns || *own == [constraint.name()],
            (UnnamedConstraint::ForeignKey(own), Rule::ForeignKey(key)) => *own == key.columns || *own == [constraint.name()],
            (UnnamedConstraint::Check(own), Rule::Check { condition }) => {
                own == condition || matches!(own, Expr::Column(name) if name == constraint.name())
            }
            (UnnamedConstraint::PrimaryKey, Rule::Unique { .. } | Rule::ForeignKey(_) | Rule::Check { .. })
            | (UnnamedConstraint::Unique(_), Rule::PrimaryKey { .. } | Rule::ForeignKey(_) | Rule::Check { .. })
            | (UnnamedConstraint::ForeignKey(_), Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Check { .. })
            | (UnnamedConstraint::Check(_), Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::ForeignKey(_)) => false,
        }
    }

    /// Rule `sql_syntax`, with the name that it has, or rule `unknown_constraint`.
    pub(super) fn refuse(&self, schema: &Schema, owner: &Name, problems: &mut Problems) {
        let Some(table) = resolve::table(schema, owner, Role::Table, problems) else { return };
        let slot = Slot::new(Role::Constraint, self.to_string());
        if let Some(found) = self.find(table) {
            let problem = Problem::new("sql_syntax", slot, "a constraint is dropped by its name");
            problems.push(problem.help(format!("write `drop constraint {}`", Written(found.name()))));
            return;
        }
        let problem = Problem::new("unknown_constraint", slot, format!("unknown constraint `{self}` in `{owner}`"));
        problems.push(problem.help_if(self.index(table)).help_if(names(table)).help("remove it"));
    }

    /// What drops the unique index of these columns.
    fn index(&self, table: &Table) -> Option<String> {
        let UnnamedConstraint::Unique(columns) = self else { return None };
        let index = table.indexes.iter().find(|index| index.unique && index.plain_columns() == *columns)?;
        Some(format!("it is an index: write `drop index {};` as a separate statement", Written(index.name())))
    }
}

/// The constraints that the table has.
fn names(table: &Table) -> Option<String> {
    let names: Vec<String> = table.constraints.iter().map(|constraint| format!("`{}`", Written(constraint.name()))).collect();
    (!names.is_empty()).then(|| format!("the constraints of the table are {}", names.join(", ")))
}
