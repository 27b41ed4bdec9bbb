//! What still uses something, and the statement that drops it, as an error shows them.

use crate::name::{Name, Written};
use crate::schema::{Constraint, Index};

/// A constraint of a table.
pub(crate) fn constraint(owner: &Name, constraint: &Constraint) -> (String, String) {
    let what = format!("the {} `{}` of `{owner}`", constraint.rule.title(), constraint.name());
    (what, format!("`alter table {owner} {{ drop constraint {}; }}`", Written(constraint.name())))
}

/// An index of a table.
pub(crate) fn index(owner: &Name, index: &Index) -> (String, String) {
    (format!("the index `{}`", index.name()), format!("`drop index {};`", owner.sibling(index.name())))
}
