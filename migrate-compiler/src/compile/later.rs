//! What a statement refers to and a later statement of the same migration makes.
//!
//! PostgreSQL refuses a foreign key to what does not exist yet. SQLite accepts it and fails at the first row, so both are errors here.

use std::collections::BTreeSet;

use crate::draft::Piece;
use crate::name::Name;
use crate::operation::Operation;
use crate::problem::{Problem, Role};
use crate::schema::{Constraint, ForeignKey, Rule};

/// Adds to what is said of an operation, as it was written, where a later piece makes what is missing.
pub(super) fn explain(problem: Problem, operation: &Operation, later: &[&Piece]) -> Problem {
    let operations = later.iter().flat_map(|piece| parts(&piece.operation));
    let Some(maker) = operations.into_iter().find(|made| makes(made, &problem, operation)) else { return problem };
    let maker = explained(maker);
    let again = foreign_keys_again(&problem, operation);
    let or = again.map(|again| format!(", or add the foreign key later: `{again}`")).unwrap_or_default();
    let help = format!("move `{maker}` before it{or}");
    Problem { help: Some(help), origin: None, ..problem }.note(format!("`{maker}` comes later in this migration"))
}

/// The operation, or those that raw SQL says it does.
fn parts(operation: &Operation) -> Vec<&Operation> {
    operation.raw().map_or_else(|| vec![operation], |raw| raw.effect.iter().flatten().collect())
}

/// Whether an operation makes what another one misses.
fn makes(made: &Operation, problem: &Problem, operation: &Operation) -> bool {
    match problem.code {
        "unknown_table" => new_table(made).is_some_and(|table| table.to_string() == problem.slot.name),
        "unknown_column" if problem.slot.role == Role::TargetColumn => new_column(made)
            .is_some_and(|(table, column)| column == problem.slot.name && keys(operation).any(|key| key.table == *table)),
        "foreign_key_no_key" => {
            let refers = |table: &Name, rule| keys(operation).any(|key| key.table == *table && is_referred_to(rule, key));
            matches!(made, Operation::AddConstraint(add) if refers(&add.table, &add.constraint.rule))
        }
        _ => false,
    }
}

fn new_table(made: &Operation) -> Option<&Name> {
    if let Operation::CreateTable(create) = made {
        return Some(&create.name);
    }
    if let Operation::RenameTable(rename) = made { Some(&rename.to) } else { None }
}

fn new_column(made: &Operation) -> Option<(&Name, &str)> {
    if let Operation::AddColumn(add) = made {
        return Some((&add.table, &add.column.name));
    }
    if let Operation::RenameColumn(rename) = made { Some((&rename.table, &rename.to)) } else { None }
}

/// Whether a foreign key refers to the columns of a key; to those of the primary key where it names none.
fn is_referred_to(rule: &Rule, key: &ForeignKey) -> bool {
    let columns: BTreeSet<&String> = rule.key_columns().iter().collect();
    match rule {
        Rule::PrimaryKey { .. } if key.references.is_empty() => true,
        Rule::PrimaryKey { .. } | Rule::Unique { .. } => key.references.iter().collect::<BTreeSet<_>>() == columns,
        Rule::ForeignKey(_) | Rule::Check { .. } => false,
    }
}

/// The foreign keys that an operation adds.
fn keys(operation: &Operation) -> impl Iterator<Item = &ForeignKey> {
    let constraints = if let Operation::CreateTable(create) = operation {
        create.table.constraints.as_slice()
    } else if let Operation::AddConstraint(add) = operation {
        std::slice::from_ref(&add.constraint)
    } else {
        &[]
    };
    constraints.iter().filter_map(Constraint::foreign_key)
}

/// The statement that adds the foreign keys of a new table that cannot be made with it.
fn foreign_keys_again(problem: &Problem, operation: &Operation) -> Option<String> {
    let Operation::CreateTable(create) = operation else { return None };
    let name = &problem.slot.name;
    let is_meant = |key: &ForeignKey| {
        let of_column = problem.slot.role == Role::TargetColumn && key.references.contains(name);
        of_column || problem.slot.role == Role::Target && key.table.to_string() == *name
    };
    let meant = create.table.constraints.iter().filter(|constraint| constraint.foreign_key().is_some_and(is_meant));
    let adds: Vec<String> = meant.map(|constraint| format!("add {constraint};")).collect();
    (!adds.is_empty()).then(|| format!("alter table {} {{ {} }}", create.name, adds.join(" ")))
}

/// The statement that makes it, in a line.
fn explained(maker: &Operation) -> String {
    if let Operation::CreateTable(create) = maker { format!("create table {}", create.name) } else { maker.to_string() }
}
