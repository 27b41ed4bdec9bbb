//! Rust functions that a migration calls, as the compiler sees them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_compiler::parse;
use migrate_history::{Calls, Compiled, Database, Grade, Level, Mode, Rest, Step};

const BASE: &str = "create table users { id: bigint primary key, email: text } create table posts { id: bigint primary key }";

fn compiled(text: &str) -> Compiled {
    let (migration, _, errors) = step(after(Database::ALL, BASE), text);
    migration.unwrap_or_else(|| panic!("{text}: {errors:?}")).compiled().clone()
}

fn errors(text: &str) -> Vec<String> {
    step(after(Database::ALL, BASE), text).2
}

/// How each step is run: a function by its name.
fn modes(steps: &[Step]) -> Vec<String> {
    let mode = |mode: &Mode| match mode {
        Mode::Program { name, calls: Calls::Once } => name.to_string(),
        Mode::Program { name, calls: Calls::InBatches } => format!("{name} in batches"),
        Mode::Program { name, calls: Calls::Outside } => format!("{name} outside"),
        Mode::Transaction { .. } | Mode::Alone | Mode::Batches { .. } | Mode::Unknown { .. } => mode.written().0.to_owned(),
    };
    steps.iter().map(|step| mode(&step.mode)).collect()
}

#[test]
fn a_function_is_a_step_between_the_statements() {
    let text = "alter table users { add key: text?; } \
                run super::fill in batches on users undo crate::keys::clear; \
                alter table users { alter key set not null; }";
    let migration = compiled(text);
    let script = migration.script(Database::Postgres).unwrap();
    let up = modes(&script.upgrade);
    assert_eq!((&*up[0], &*up[1]), ("transaction", "super::fill in batches"));
    assert_eq!(modes(&script.downgrade), ["transaction", "crate::keys::clear", "transaction"]);
    assert_eq!(migration.grade(), Grade::stated(Level::Exact));
    assert_eq!(migration.operations[1], "run super::fill in batches on users;");
    let note =
        "the downgrade calls the Rust function `crate::keys::clear`, so only a program that has this migration can undo it";
    assert_eq!(*migration.notes, [note]);
    let touches = &script.upgrade[1].touches;
    assert_eq!((touches.rest, touches.tables.len()), (Rest::Program, 1));
}

#[test]
fn its_downgrade_is_stated_in_any_way() {
    for (undo, grade) in [
        ("undo unfill", Grade::stated(Level::Exact)),
        ("undo unfill in batches", Grade::stated(Level::Exact)),
        ("undo \"UPDATE users SET email = ''\"", Grade::stated(Level::Exact)),
        ("undo { run unfill; run unfill_more; }", Grade::stated(Level::Exact)),
        ("undo nothing \"it may stay\"", Grade::stated(Level::Schema)),
        ("irreversible \"never\"", Grade::proved(Level::Irreversible)),
    ] {
        assert_eq!(compiled(&format!("run fill {undo};")).grade(), grade, "{undo}");
    }
    assert_eq!(*compiled("run fill undo nothing \"it may stay\";").losses, ["the data that a Rust function changes"]);
    assert_eq!(compiled("run fill; down { run unfill; }").grade(), Grade::stated(Level::Exact));
    assert_eq!(compiled("sql \"SELECT 1\" as nothing undo unfill;").grade(), Grade::stated(Level::Exact));
    let needed = errors("run super::fill;");
    assert!(needed[0].contains("write `run super::fill undo super::undo_fill;`"), "{needed:?}");
}

/// A function changes nothing of the schema.
#[test]
fn a_function_does_not_undo_a_change_of_the_schema() {
    let errors = errors("alter table users { add key: text? undo unfill; }");
    assert!(errors.iter().any(|error| error.contains("`undo`")), "{errors:?}");
}

#[test]
fn a_name_of_a_function_is_any_path() {
    let parsed = parse::migration("run ::shop::r#fn::fill on users, \"posts\" undo self::nothing;".parse().unwrap());
    let names: Vec<String> = parsed.programs.iter().map(parse::Called::name).collect();
    assert_eq!(names, ["::shop::r#fn::fill", "self::nothing"]);
    assert_eq!(parsed.draft.pieces[0].operation.to_string(), "run ::shop::r#fn::fill on users, posts;");
    let again = parse::migration(format!("{} undo nothing \"\";", "run fill in batches on users").parse().unwrap());
    assert_eq!(again.programs[0].calls, Calls::InBatches);
}

#[test]
fn the_checksum_covers_the_path() {
    let checksum = |text: &str| step(after(Database::ALL, BASE), text).0.unwrap().checksum().to_owned();
    let fill = checksum("run fill undo unfill;");
    for other in [
        "run other undo unfill;",
        "run fill in batches undo unfill;",
        "run fill outside of a transaction undo unfill;",
        "run fill on users undo unfill;",
        "run fill undo other;",
    ] {
        assert_ne!(checksum(other), fill, "{other}");
    }
}
