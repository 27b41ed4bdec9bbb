//! What an editor shows over a migration: its message, its level, and the SQL of both ways.

use std::fmt::Write;

use migrate_history::{Action, Basis, Level, Migration, Mode, Statement, Step};

/// The docs of a compiled migration, as Markdown.
pub(crate) fn document(migration: &Migration) -> String {
    let mut out = format!("{}\n\n", migration.compiled().message.trim());
    level(migration, &mut out);
    for note in migration.compiled().notes.iter() {
        let _ = writeln!(out, "Note: {note}.\n");
    }
    for script in migration.compiled().scripts.iter() {
        let _ = writeln!(out, "# {}\n\nUpgrade:\n", script.database);
        statements(&script.upgrade, &mut out);
        if migration.compiled().level != Level::Irreversible {
            out.push_str("Downgrade:\n\n");
            statements(&script.downgrade, &mut out);
        }
        for guard in script.guards() {
            let _ = writeln!(out, "The downgrade is refused if it finds {}.\n", guard.refusal);
        }
        for tally in script.drops.iter() {
            let _ = writeln!(out, "The downgrade drops the {}, after counting them.\n", tally.what);
        }
    }
    out
}

fn level(migration: &Migration, out: &mut String) {
    let about = match (migration.compiled().level, migration.compiled().basis) {
        (Level::Exact, Basis::Proved) => "a downgrade restores the schema and all data".to_owned(),
        (Level::Exact, Basis::Stated) => {
            "a downgrade restores the schema and all data, if raw SQL and Rust functions do what is stated about them".to_owned()
        }
        (Level::Schema, Basis::Proved) => {
            format!("a downgrade restores the schema, but not {}", migration.compiled().losses.join(" and "))
        }
        (Level::Schema, Basis::Stated) => {
            let losses = migration.compiled().losses.join(" and ");
            format!(
                "a downgrade restores the schema, if raw SQL and Rust functions do what is stated about them, but not {losses}"
            )
        }
        (Level::Irreversible, Basis::Proved | Basis::Stated) => {
            format!("a downgrade is refused: {}", migration.compiled().irreversible.as_deref().unwrap_or_default())
        }
    };
    let _ = writeln!(out, "Level: **{}**, {about}.\n", migration.compiled().grade());
}

fn statements(steps: &[Step], out: &mut String) {
    out.push_str("```sql\n");
    for step in steps {
        if let Mode::Program { name, .. } = &step.mode {
            let _ = writeln!(out, "-- calls the Rust function {name}");
        }
        step.statements.iter().for_each(|one| statement(one, out));
    }
    out.push_str("```\n\n");
}

fn statement(statement: &Statement, out: &mut String) {
    match statement.action {
        Action::Run | Action::Set | Action::Load => {
            let _ = writeln!(out, "{}", statement.ended());
        }
        Action::Expect => out.push_str("-- refused where the table is not as the migrations left it\n"),
        Action::Keep => out.push_str("-- the table's triggers are kept\n"),
        Action::Restore => out.push_str("-- and put back\n"),
    }
}

#[cfg(test)]
mod tests {
    use migrate_compiler::compile::compile;
    use migrate_compiler::state::{Settings, State};
    use migrate_history::{Database, Version};

    use super::*;

    /// The docs of the last of these migrations.
    fn documented(migrations: &[&str]) -> String {
        let mut state = State::root(Settings::of(Database::ALL.iter().copied().map(Version::oldest)));
        let mut docs = String::new();
        for text in migrations {
            let parsed = migrate_compiler::parse::migration(text.parse().expect("it is made of tokens"));
            let outcome = compile(state.next(""), &parsed.draft, &parsed.message);
            assert_eq!(outcome.problems, []);
            docs = document(&outcome.migration.expect("there are no problems"));
            state = outcome.after.named("m");
        }
        docs
    }

    #[test]
    fn the_docs_have_the_message_the_level_and_both_ways_on_each_database() {
        let users = "create table users { id: bigint primary key, name: text? }";
        let docs = documented(&[
            users,
            "//! Nobody reads names.\n#[allow(drop_column, reason = \"old\")] alter table users { drop name; }",
        ]);
        let expected = "Nobody reads names.\n\n\
            Level: **schema**, a downgrade restores the schema, but not the values of `users.name`.\n\n\
            # PostgreSQL\n\nUpgrade:\n\n```sql\nALTER TABLE \"users\" DROP COLUMN \"name\";\n```\n\n\
            Downgrade:\n\n```sql\nALTER TABLE \"users\" ADD COLUMN \"name\" text;\n```\n\n\
            # SQLite\n\nUpgrade:\n\n```sql\nALTER TABLE \"users\" DROP COLUMN \"name\";\n```\n\n\
            Downgrade:\n\n```sql\nALTER TABLE \"users\" ADD COLUMN \"name\" TEXT;\n```\n\n";
        assert_eq!(docs, expected);
    }

    #[test]
    fn the_docs_say_what_is_believed_and_what_a_downgrade_drops() {
        let users = documented(&["create table users { id: bigint primary key, name: text }"]);
        assert!(users.contains("The downgrade drops the rows of `users`, after counting them."), "{users}");
        let stated = documented(&["sql \"SELECT 1\" as nothing undo \"SELECT 2\";"]);
        let level = "Level: **exact (stated)**, a downgrade restores the schema and all data, if raw SQL and Rust functions do what is stated about them.";
        assert!(stated.contains(level), "{stated}");
    }

    #[test]
    fn the_docs_say_what_refuses_a_downgrade_and_why_there_is_none() {
        let users = "create table users { id: bigint primary key, name: text }";
        let guarded = documented(&[users, "alter table users { alter name drop not null; }"]);
        assert!(guarded.contains("The downgrade is refused if it finds rows of `users` with null in `name`"), "{guarded}");
        let gone = documented(&[users, "#[allow(drop_table, reason = \"old\")] drop table users irreversible \"retention\";"]);
        assert!(
            gone.contains("Level: **irreversible**, a downgrade is refused: retention.") && !gone.contains("Downgrade:"),
            "{gone}"
        );
    }
}
