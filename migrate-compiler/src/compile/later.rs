//! What a statement refers to and a later statement of the same migration makes.
//!
//! PostgreSQL refuses a foreign key to what does not exist yet. SQLite accepts it and fails at the first row, so both are errors here.

use std::collections::BTreeSet;

use crate::draft::Piece;
use crate::footprint::{Part, Path};
use crate::operation::Operation;
use crate::problem::{Problem, Role};
use crate::schema::{ForeignKey, Rule, Schema};

/// Adds to the error of an operation, as it was written, where a later piece creates what is missing.
pub(super) fn explain(problem: Problem, operation: &Operation, before: &Schema, later: &[&Piece]) -> Problem {
    let operations = later.iter().flat_map(|piece| parts(&piece.operation));
    let makes = |made: &&Operation| makes(made, before, &problem, operation) && !renames_kept(made, before);
    let Some(maker) = operations.into_iter().find(makes) else { return problem };
    let maker = maker.title();
    let again = foreign_keys_again(&problem, operation, before);
    let or = again.map(|again| format!(", or add the foreign key later: `{again}`")).unwrap_or_default();
    let help = format!("move `{maker}` before it{or}");
    Problem { help: Some(help.into()), origin: None, ..problem }.note(format!("`{maker}` comes later in this migration"))
}

/// The operation, or those that raw SQL says it does.
fn parts(operation: &Operation) -> Vec<&Operation> {
    operation.raw().map_or_else(|| vec![operation], |raw| raw.effect.iter().flatten().collect())
}

/// Whether an operation makes what another one misses.
fn makes(made: &Operation, before: &Schema, problem: &Problem, operation: &Operation) -> bool {
    let brings = || made.about(before).brings().cloned();
    match problem.code {
        "unknown_table" => brings().is_some_and(|Path { of, part }| part == Part::All && of.to_string() == problem.slot.name),
        "unknown_column" if problem.slot.role == Role::TargetColumn => brings().is_some_and(|Path { of, part }| {
            part == Part::Column(problem.slot.name.clone()) && foreign_keys(operation).any(|key| key.table == of)
        }),
        "foreign_key_no_key" => made.constraints().into_iter().any(|(table, constraint)| {
            foreign_keys(operation).any(|key| key.table == *table && is_referred_to(&constraint.rule, key))
        }),
        _ => false,
    }
}

/// Whether it renames a table that is kept, which is restored instead.
fn renames_kept(made: &Operation, before: &Schema) -> bool {
    let from = made.about(before).renames.and_then(|(from, _)| before.table(&from.of));
    from.is_some_and(|table| table.kept.is_some())
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
fn foreign_keys(operation: &Operation) -> impl Iterator<Item = &ForeignKey> {
    operation.constraints().into_iter().filter_map(|(_, constraint)| constraint.foreign_key())
}

/// The statement that adds the foreign keys of a new table that cannot be made with it.
fn foreign_keys_again(problem: &Problem, operation: &Operation, before: &Schema) -> Option<String> {
    let table = operation.about(before).makes.filter(|path| path.part == Part::All)?.of;
    let name = &problem.slot.name;
    let is_meant = |key: &ForeignKey| {
        let of_column = problem.slot.role == Role::TargetColumn && key.references.contains(name);
        of_column || problem.slot.role == Role::Target && key.table.to_string() == *name
    };
    let constraints = operation.constraints().into_iter().map(|(_, constraint)| constraint);
    let meant = constraints.filter(|constraint| constraint.foreign_key().is_some_and(is_meant));
    let adds: Vec<String> = meant.map(|constraint| format!("add {constraint};")).collect();
    (!adds.is_empty()).then(|| format!("alter table {table} {{ {} }}", adds.join(" ")))
}
