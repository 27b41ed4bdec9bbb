//! What is kept as an expression over a column, and so has to be created again when the column's type changes.
//!
//! PostgreSQL keeps a check, an expression of an index or its condition as it was read when the column had the old type, with the
//! casts of that time, and reads it again with each new type: after `integer` to `double precision` and back, `a >= 0` has
//! become `a::double precision >= 0::double precision`. It verifies the checks and rebuilds such indexes with the change in any
//! case (`tablecmds.c`, `ATPostAlterTypeParse`), so stating them again costs nothing.

use crate::ddl::Change;
use crate::expr::Expr;
use crate::schema::{Constraint, Index, Rule, Table};

/// The checks and indexes with expressions that a table has while it changes.
pub(super) struct Expressions {
    checks: Vec<Constraint>,
    indexes: Vec<Index>,
}

impl Expressions {
    /// Those of a table.
    pub fn of(table: &Table) -> Expressions {
        let indexes = table.indexes.iter().filter(|index| index.filter.is_some() || index.plain_columns().is_empty());
        let checks = table.constraints.iter().filter(|constraint| is_check(constraint));
        Expressions { checks: checks.cloned().collect(), indexes: indexes.cloned().collect() }
    }

    /// The checks that use a column.
    pub fn checks<'s>(&'s self, column: &'s str) -> impl Iterator<Item = &'s Constraint> {
        self.checks.iter().filter(move |check| check.rule.columns().contains(&column))
    }

    /// The indexes with an expression or a condition over a column.
    pub fn indexes<'s>(&'s self, column: &'s str) -> impl Iterator<Item = &'s Index> {
        self.indexes.iter().filter(move |index| {
            let keys = index.keys.iter().map(|key| &key.value).filter(|value| !matches!(value, Expr::Column(_)));
            keys.chain(&index.filter).any(|expression| expression.columns().contains(&column))
        })
    }

    /// Follows a change. Columns are renamed, and indexes come and go, in changes of their own.
    pub fn follow(&mut self, change: &Change) {
        match change {
            Change::AddConstraint(new) if is_check(new) => self.checks.push(new.clone()),
            Change::DropConstraint(old) => self.checks.retain(|check| check.name != old.name),
            Change::RenameConstraint { constraint, to } => {
                let renamed = self.checks.iter_mut().filter(|check| check.name == constraint.name);
                renamed.for_each(|check| check.name = Some(to.clone()));
            }
            Change::AddConstraint(_)
            | Change::AddColumn(_)
            | Change::DropColumn(_)
            | Change::RenameColumn { .. }
            | Change::SetType { .. }
            | Change::SetNotNull(_)
            | Change::DropNotNull(_)
            | Change::SetDefault(..)
            | Change::DropDefault(_)
            | Change::Comment(..)
            | Change::CommentTable(_)
            | Change::SetCounter { .. }
            | Change::RenameSequence { .. }
            | Change::AlterConstraint { .. } => {}
        }
    }
}

fn is_check(constraint: &Constraint) -> bool {
    matches!(constraint.rule, Rule::Check { .. })
}
