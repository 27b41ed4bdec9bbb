//! Which changes of one table are made together, so that a database which must rebuild it does so once.
//!
//! What a change demands of the rows is checked when the changes are made. So a change that would take away what an earlier one
//! demands comes later: a person wrote the demand, and on every database it is asked.

use crate::ddl::{Change, Ddl};

/// Whether two changes are made together.
pub(super) fn joins(earlier: &Ddl, later: &Ddl) -> bool {
    // A rename is apart: SQLite follows it in other tables only where it renames in place.
    let renames = |changes: &[Change]| changes.iter().any(|change| matches!(change, Change::RenameColumn { .. }));
    let Ddl::AlterTable { name, changes, .. } = earlier else { return false };
    let Ddl::AlterTable { name: next, changes: more, .. } = later else { return false };
    let is_apart = || changes.iter().any(|earlier| more.iter().any(|later| reads(later, earlier) || settles(later, earlier)));
    name == next && !renames(changes) && !renames(more) && !is_apart()
}

/// Whether a conversion reads a column that an earlier change made or converted: a rebuild reads the rows of the old table.
fn reads(later: &Change, earlier: &Change) -> bool {
    let Change::SetType { using: Some(using), .. } = later else { return false };
    matches!(earlier, Change::AddColumn(column) | Change::SetType { column, .. } if using.may_use(&column.name))
}

/// Whether a change takes away or alters what an earlier one demands of the rows, so that nothing would be asked.
fn settles(later: &Change, earlier: &Change) -> bool {
    let alters = |column: &str| altered(later) == Some(column);
    let frees = |column: &str| matches!(later, Change::DropNotNull(name) if name == column);
    match earlier {
        Change::SetNotNull(column) => alters(column) || frees(column),
        Change::AddConstraint(new) => {
            let of_key = |column: &str| new.foreign_key().is_some_and(|key| key.references.iter().any(|one| one == column));
            let is_it = matches!(later, Change::DropConstraint(old) | Change::RenameConstraint { constraint: old, .. } if old.name() == new.name());
            is_it || altered(later).is_some_and(|column| new.rule.may_use(column) || of_key(column))
        }
        // The new values must be ones of the type, and satisfy what is demanded of the column. Those that are converted once more
        // are looked at on their way.
        Change::SetType { column, using, .. } => {
            let is_checked = matches!(later, Change::DropConstraint(old) if old.rule.may_use(&column.name));
            let is_on_the_way = matches!(later, Change::SetType { using: None, .. });
            is_checked || using.is_some() && frees(&column.name) || alters(&column.name) && !is_on_the_way
        }
        Change::AddColumn(_) | Change::DropColumn(_) | Change::RenameColumn { .. } | Change::DropNotNull(_) => false,
        Change::SetDefault(..) | Change::DropDefault(_) | Change::Comment(..) | Change::CommentTable(_) => false,
        Change::SetCounter { .. } | Change::DropConstraint(_) => false,
        Change::RenameConstraint { .. } | Change::AlterConstraint { .. } | Change::RenameSequence { .. } => false,
    }
}

/// The column whose values a change drops or converts.
fn altered(change: &Change) -> Option<&str> {
    match change {
        Change::DropColumn(column) | Change::SetType { column, .. } => Some(&column.name),
        Change::AddColumn(_) | Change::RenameColumn { .. } | Change::SetNotNull(_) | Change::DropNotNull(_) => None,
        Change::SetDefault(..) | Change::DropDefault(_) | Change::Comment(..) | Change::CommentTable(_) => None,
        Change::SetCounter { .. } | Change::AddConstraint(_) | Change::DropConstraint(_) => None,
        Change::RenameConstraint { .. } | Change::AlterConstraint { .. } | Change::RenameSequence { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use crate::expr::Expr;
    use crate::schema::{Column, Constraint, Rule};
    use crate::types::Type;

    fn a() -> Column {
        example::column("a", Type::Integer)
    }

    fn retype(using: Option<Expr>) -> Change {
        Change::SetType { column: a(), to: Type::SmallInt, using }
    }

    #[test]
    fn a_demand_is_asked_before_it_is_taken_away() {
        let check =
            Constraint { name: Some("a_check".into()), ..example::constraint(Rule::Check { condition: example::positive("a") }) };
        let drop_null = || Change::DropNotNull("a".into());
        let pairs = [
            (Change::SetNotNull("a".into()), drop_null()),
            (Change::SetNotNull("a".into()), Change::DropColumn(a())),
            (Change::AddConstraint(check.clone()), Change::DropConstraint(check.clone())),
            (Change::AddConstraint(check.clone()), Change::RenameConstraint { constraint: check.clone(), to: "other".into() }),
            (Change::AddConstraint(check.clone()), retype(None)),
            (retype(None), Change::DropColumn(a())),
            (retype(None), Change::DropConstraint(check.clone())),
            (retype(Some(Expr::column("b"))), drop_null()),
        ];
        for (earlier, later) in pairs {
            assert!(settles(&later, &earlier), "{earlier:?}, then {later:?}");
        }
    }

    #[test]
    fn what_is_about_something_else_is_made_together() {
        let other = example::column("b", Type::Integer);
        let pairs = [
            (Change::SetNotNull("a".into()), Change::DropNotNull("b".into())),
            (Change::SetNotNull("a".into()), Change::DropColumn(other)),
            (retype(None), Change::DropNotNull("a".into())),
            (retype(None), retype(None)),
            (Change::DropNotNull("a".into()), Change::DropColumn(a())),
        ];
        for (earlier, later) in pairs {
            assert!(!settles(&later, &earlier), "{earlier:?}, then {later:?}");
        }
    }
}
