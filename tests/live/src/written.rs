//! Statements and expressions as a user writes them.

use migrate_compiler::draft::Draft;
use migrate_compiler::expr::Expr;
use migrate_compiler::operation::Operation;
use migrate_compiler::parse;
use migrate_compiler::schema::{Constraint, Rule};

/// Reads a migration.
///
/// # Panics
/// It is none.
pub fn draft(text: &str) -> Draft {
    let tokens = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    let parsed = parse::migration(tokens);
    let wrong: Vec<String> = parsed.diagnostics([]).iter().map(|diagnostic| diagnostic.problem.to_string()).collect();
    assert!(wrong.is_empty(), "{text}: {wrong:?}");
    parsed.draft
}

/// Reads the statements of a migration.
///
/// # Panics
/// They are none.
pub fn statements(text: &str) -> Vec<Operation> {
    draft(text).pieces.into_iter().map(|piece| piece.operation).collect()
}

/// Reads an expression.
///
/// # Panics
/// It is none.
pub fn expression(text: &str) -> Expr {
    match statements(&format!("alter table t {{ add c: check ({text}); }}")).pop() {
        Some(Operation::AddConstraint(add)) => match add.constraint {
            Constraint { rule: Rule::Check { condition }, .. } => condition,
            other => panic!("{text}: {other}"),
        },
        other => panic!("{text}: {other:?}"),
    }
}
