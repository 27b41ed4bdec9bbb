//! What SQLite does not support.

use crate::expr::Expr;
use crate::name::Name;
use crate::problem::Role;
use crate::sql::Unsupported;

/// What is another value at another time: SQLite refuses it in an index, and in a check when the first row comes.
pub(super) fn lasting(expr: &Expr, place: &str, fleeting: &[&str]) -> Result<(), Unsupported> {
    let mut found = None;
    expr.walk(&mut |part| {
        if let Expr::Call { function, .. } = part {
            found = found.or(Some((Role::Function, function.as_str())).filter(|(_, word)| fleeting.contains(word)));
        } else if let Expr::Current(current) = part {
            found = found.or(Some((Role::Expression, current.word())).filter(|(_, word)| fleeting.contains(word)));
        }
    });
    let Some((role, word)) = found else { return Ok(()) };
    let what = format!("`{word}` in {place} is not supported on SQLite: its value changes over time");
    Err(Unsupported::new(role, word, what).help("use columns and literals"))
}

/// SQLite has one schema.
pub(super) fn no_schema(name: &Name) -> Result<(), Unsupported> {
    match &name.schema {
        Some(_) => {
            let what = format!("schemas are not supported on SQLite: `{name}`");
            Err(Unsupported::new(Role::Table, name.to_string(), what).help(format!("write `{}`", Name::new(name.name.as_str()))))
        }
        None => Ok(()),
    }
}
