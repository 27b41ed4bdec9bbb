//! What must hold of an index.

use crate::check::expr::Owner;
use crate::check::{constraint, expr, lasting, method, name};
use crate::expr::Expr;
use crate::name::{Name, Written};
use crate::operation::resolve;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Index, Schema, Table};

/// Checks a new index of a table.
pub fn index(schema: &Schema, owner: &Name, table: &Table, index: &Index, problems: &mut Problems) {
    let slot = Slot::new(Role::Index, index.name());
    name::new_qualified(schema, Role::Index, &owner.sibling(index.name()), &slot, problems);
    for (place, key) in index.keys.iter().enumerate() {
        if let Expr::Column(column) = &key.value {
            resolve::column(owner, table, column, Role::Use, problems);
        } else {
            of_index((place, &key.value), problems, |key, problems| {
                expr::value(&Owner::of(schema, owner, table), key, problems);
            });
        }
    }
    key_twice(index, problems);
    let all: Vec<String> = index.keys.iter().map(|key| key.value.to_string()).chain(index.include.iter().cloned()).collect();
    constraint::too_many_keys(schema, "index", &all, problems);
    kept(schema, table, index, problems);
    constraint::columns_exist(owner, table, &index.include, problems);
    if let Some(filter) = &index.filter {
        of_index((index.keys.len(), filter), problems, |filter, problems| {
            expr::condition(&Owner::of(schema, owner, table), filter, problems);
        });
    }
}

/// Checks an expression of an index, which has no query.
fn of_index(expr: (usize, &Expr), problems: &mut Problems, check: impl FnOnce((usize, &Expr), &mut Problems)) {
    let help = "use the columns of the table itself, or store the value in one of them";
    if expr::without_query("an index", expr, help, problems) {
        check(expr, problems);
    }
}

/// What PostgreSQL demands of the keys and the condition, whose types are known to be right: rules `index_method`, `operator_class` and
/// `not_immutable`.
pub fn kept(schema: &Schema, table: &Table, index: &Index, problems: &mut Problems) {
    method::index(schema, table, index, problems);
    index.expressions().for_each(|expression| lasting::index(schema, &table.columns, expression, problems));
}

/// Rule `column_twice`.
fn key_twice(index: &Index, problems: &mut Problems) {
    for (place, key) in index.keys.iter().enumerate() {
        let before = index.keys[..place].iter().filter(|other| other.value == key.value).count();
        if let (1.., Expr::Column(column)) = (before, &key.value) {
            let message = format!("duplicate column `{}`", Written(column));
            let slot = Slot::new(Role::Use, column).nth(before);
            problems.push(Problem::new("column_twice", slot, message).help("remove one of them"));
        }
    }
}
