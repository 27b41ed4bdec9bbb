//! What an editor shows over a migration: its message, its level, and the SQL of both ways.

use std::fmt::Write;

use migrate_model::history::{Action, Level, Migration, Step};

/// The docs of a compiled migration, as Markdown.
pub(crate) fn document(migration: &Migration) -> String {
    let mut out = format!("{}\n\n", migration.message.trim());
    level(migration, &mut out);
    for note in migration.notes.iter() {
        let _ = writeln!(out, "Note: {note}.\n");
    }
    for script in migration.scripts.iter() {
        let _ = writeln!(out, "# {}\n\nUpgrade:\n", script.database);
        statements(&script.upgrade, &mut out);
        if migration.level != Level::Irreversible {
            out.push_str("Downgrade:\n\n");
            statements(&script.downgrade, &mut out);
        }
        for guard in script.guards.iter() {
            let _ = writeln!(out, "The downgrade is refused where {}.\n", guard.refusal);
        }
    }
    out
}

fn level(migration: &Migration, out: &mut String) {
    let about = match migration.level {
        Level::Exact => "a downgrade brings back the schema and all data".to_owned(),
        Level::Schema => format!("a downgrade brings back the schema, but not {}", migration.losses.join(" and ")),
        Level::Irreversible => format!("there is no way back: {}", migration.irreversible.as_deref().unwrap_or_default()),
    };
    let _ = writeln!(out, "Level: **{}**, {about}.\n", migration.level);
}

fn statements(steps: &[Step], out: &mut String) {
    out.push_str("```sql\n");
    for statement in steps.iter().flat_map(|step| step.statements.iter()) {
        match statement.action {
            Action::Run => {
                let _ = writeln!(out, "{}", statement.ended());
            }
            Action::Keep => out.push_str("-- the table's triggers are kept\n"),
            Action::Restore => out.push_str("-- and put back\n"),
        }
    }
    out.push_str("```\n\n");
}
