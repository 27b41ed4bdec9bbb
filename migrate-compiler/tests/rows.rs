//! Statements about rows: what is refused of them, and what is known after them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_history::{Basis, Database, Level, Migration, Script};

const BASE: &str = r#"
    create enum mood ("sad", "ok");
    create table teams { id: bigint primary key, name: text unique, mood: mood? }
    create table users {
        id: bigint primary key identity,
        email: text unique,
        team: bigint? references teams,
        age: integer? check (age > 0),
        visits: integer default 0,
        price: decimal(10, 2)?,
    }
    create table notes { id: bigint primary key, user_id: bigint references users on delete cascade, body: text }
    create table lines { text: text, size: integer unique }
    create table words { text: text?, size: integer? unique }
"#;

fn errors(text: &str) -> Vec<String> {
    step(after(Database::ALL, BASE), text).2
}

fn first_lines(text: &str) -> Vec<String> {
    errors(text).iter().map(|error| error.lines().next().unwrap_or_default().to_owned()).collect()
}

fn migration(text: &str) -> Migration {
    let (migration, _, errors) = step(after(Database::ALL, BASE), text);
    migration.unwrap_or_else(|| panic!("{text}: {errors:?}"))
}

fn script(text: &str, database: Database) -> Script {
    migration(text).compiled().script(database).unwrap().clone()
}

fn up(text: &str, database: Database) -> Vec<String> {
    script(text, database).upgrade.iter().flat_map(|step| step.statements.iter()).map(|one| one.sql.to_string()).collect()
}

fn down(text: &str, database: Database) -> Vec<String> {
    script(text, database).downgrade.iter().flat_map(|step| step.statements.iter()).map(|one| one.sql.to_string()).collect()
}

fn asked_up(text: &str, database: Database) -> Vec<String> {
    script(text, database).upgrade.iter().flat_map(|step| step.guards.iter()).map(|one| one.query.to_string()).collect()
}

fn asked_down(text: &str, database: Database) -> Vec<String> {
    script(text, database).downgrade.iter().flat_map(|step| step.guards.iter()).map(|one| one.query.to_string()).collect()
}

#[test]
fn what_a_new_row_cannot_be_is_an_error() {
    for (text, expected) in [
        ("insert into tems (id) values (1);", "unknown table `tems`"),
        ("insert into teams (id, nam) values (1, \"a\");", "unknown column `nam` in `teams`"),
        ("insert into teams (id, id, name) values (1, 2, \"a\");", "duplicate column `id`"),
        ("insert into teams (id) values (1);", "`name` is `not null` and has no default, and the new rows have no value for it"),
        ("insert into teams (id, name) values (1);", "this row has 1 value, and the statement names 2 columns"),
        (
            "insert into teams (id, name) values (1, \"a\"), (2, \"b\", 3);",
            "this row has 3 values, and the statement names 2 columns",
        ),
        ("insert into teams (id, name) values (1, 2);", "`2` is a number, and `name` is `text`"),
        ("insert into teams (id, name) values (\"x\", \"a\");", "\"x\" is not a number"),
        ("insert into teams (id, name, mood) values (1, \"a\", \"bad\");", "\"bad\" is not a `mood`"),
        ("insert into teams (id, name) values (null, \"a\");", "`id` is `not null`, so it cannot be set to null"),
        ("insert into teams (id, name) values (1, default);", "`name` is `not null` and has no default"),
        ("insert into teams (id, name) values (1, id);", "a new row has no columns yet, so its values cannot use `id`"),
        (
            "insert into teams (id, name) values (1, \"a\"), (2, \"b\"), (1, \"c\");",
            "an earlier row of the statement has the same `(id)`, a key of `teams`",
        ),
        (
            "insert into teams (id, name) values (1, \"a\"), (2, \"a\");",
            "an earlier row of the statement has the same `(name)`, a key of `teams`",
        ),
        ("update teams set name = 5 where id = 1;", "`5` is a number, and `name` is `text`"),
        ("update teams set nam = \"a\" where id = 1;", "unknown column `nam` in `teams`"),
        ("update teams set name = \"a\", name = \"b\" where id = 1;", "duplicate column `name`"),
        ("update teams set name = null where id = 1;", "`name` is `not null`, so it cannot be set to null"),
        ("update teams set name = lower(nam) where id = 1;", "unknown column `nam` in `teams`"),
        ("update teams set name = name where id = 1;", "`name` gets the value that it has"),
        ("update teams set name = \"a\" where id;", "`id` is not a condition: expected a boolean"),
        ("delete from teams where nam = \"a\";", "unknown column `nam` in `teams`"),
        ("truncate teams;", "PostgreSQL does not truncate `teams`, to which a foreign key refers"),
    ] {
        assert_eq!(first_lines(text).first().map(String::as_str), Some(expected), "{text}: {:?}", errors(text));
        assert!(errors(text).iter().all(|error| error.contains("\nhelp: ")), "{text}: {:?}", errors(text));
    }
}

#[test]
fn rows_that_were_there_need_an_undo() {
    for text in [
        "update users set visits = visits + 1 where id = 1;",
        "delete from notes where id = 1;",
        "truncate notes;",
        "insert into words (text) values (\"a\");",
        "insert into words (text) values (\"a\") on conflict do nothing;",
    ] {
        let found = first_lines(text);
        assert!(found.len() == 1 && found[0].starts_with("`undo` is required: "), "{text}: {:?}", errors(text));
    }
}

#[test]
fn rows_of_what_the_migration_made_need_none() {
    for text in [
        "create table roles { id: bigint primary key identity, name: text } insert into roles (name) values (\"a\"), (\"b\") on conflict do nothing; update roles set name = upper(name); delete from roles where id = 2; truncate roles;",
        "alter table users { add name: text?; } update users set name = lower(email);",
        "create table roles { id: bigint primary key, name: text } insert into roles (id, name) values (1, \"a\"); rename table roles to ranks; update ranks set name = \"b\";",
    ] {
        let migration = migration(text);
        assert_eq!((migration.compiled().level, migration.compiled().basis), (Level::Exact, Basis::Proved), "{text}");
        assert_eq!(*migration.compiled().losses, [""; 0], "{text}");
    }
}

#[test]
fn what_a_foreign_key_changes_beside_a_new_table_needs_one() {
    let text = "create table groups { id: bigint primary key } alter table users { add group_id: bigint? references groups on delete set null; } delete from groups where id = 1;";
    assert_eq!(errors(text), [""; 0]);
    let text = "create table groups { id: bigint primary key } alter table users { add foreign key (team) references groups on delete set null; } delete from groups where id = 1;";
    assert_eq!(first_lines(text), ["`undo` is required: the old values of `users.team` are not kept"]);
}

#[test]
fn a_level_says_what_becomes_of_the_rows() {
    let grade = |text: &str| {
        let migration = migration(text);
        (migration.compiled().level, migration.compiled().basis, migration.compiled().losses.join(", "))
    };
    let update = |undo: &str| format!("update users set visits = visits + 1 where id = 1 {undo};");
    let none = String::new;
    assert_eq!(
        grade(&update("undo { update users set visits = visits - 1 where id = 1; }")),
        (Level::Exact, Basis::Stated, none())
    );
    assert_eq!(
        grade(&update("undo nothing \"tested\"")),
        (Level::Schema, Basis::Proved, "the values of `users.visits`".to_owned())
    );
    assert_eq!(grade(&update("undo \"UPDATE users SET visits = 0\"")), (Level::Exact, Basis::Stated, none()));
    assert_eq!(
        grade("delete from users where id = 1 undo nothing \"tested\";"),
        (Level::Schema, Basis::Proved, "the deleted rows of `notes`, the deleted rows of `users`".to_owned())
    );
    assert_eq!(grade("insert into teams (id, name) values (1, \"a\");"), (Level::Exact, Basis::Proved, none()));
    let undo = "alter table users { add note: text?; } undo { delete from notes; alter table users { drop note; } }";
    assert_eq!(grade(undo), (Level::Exact, Basis::Stated, none()));
    let text = "update users set visits = 0 where id = 1; down { update users set visits = 1 where id = 1; }";
    assert_eq!(grade(text), (Level::Exact, Basis::Stated, none()));
}

#[test]
fn new_rows_are_deleted_by_their_key_once_nothing_refers_to_them() {
    for database in Database::ALL {
        let text = "insert into teams (id, name) values (1, \"a\"), (2, \"b\");";
        assert_eq!(up(text, *database), ["INSERT INTO \"teams\" (\"id\", \"name\") VALUES\n    (1, 'a'),\n    (2, 'b')"]);
        assert_eq!(down(text, *database), ["DELETE FROM \"teams\" WHERE \"id\" IN (1, 2)"]);
        let child = "SELECT count(*) FROM \"users\" AS \"child\" WHERE EXISTS (SELECT 1 FROM \"teams\" AS \"parent\" WHERE parent.\"id\" = child.\"team\" AND (\"id\" IN (1, 2)))";
        assert_eq!(asked_down(text, *database), [child]);
        let text = "insert into users (email) values (\"a\"), (\"b\");";
        assert_eq!(down(text, *database), ["DELETE FROM \"users\" WHERE \"email\" IN ('a', 'b')"]);
        assert!(asked_down(text, *database)[0].contains("FROM \"notes\""), "what cascades is asked for too");
    }
}

#[test]
fn rows_that_the_same_migration_inserted_are_no_reason_to_refuse_it() {
    let text = "insert into teams (id, name) values (1, \"a\"); insert into users (email, team) values (\"x\", 1);";
    for database in Database::ALL {
        assert_eq!(down(text, *database).len(), 2);
        let asked = asked_down(text, *database);
        let users = "(SELECT \"team\" FROM \"users\" WHERE (\"email\" IN ('x')) IS NOT TRUE) AS \"child\"";
        assert!(asked.iter().any(|query| query.contains(users)), "{asked:?}");
    }
}

#[test]
fn what_is_asked_knows_the_rows_that_changed() {
    let fill =
        "update users set age = 1 where age is null undo nothing \"tested\"; alter table users { alter age set not null; }";
    for database in Database::ALL {
        let asked = asked_up(fill, *database);
        assert!(asked.iter().any(|query| query.contains("CASE WHEN \"age\" IS NULL THEN")), "{asked:?}");
        let purge = "delete from users where age is null undo nothing \"tested\"; alter table users { alter age set not null; }";
        let asked = asked_up(purge, *database);
        assert!(asked.iter().any(|query| query.contains("WHERE (\"age\" IS NULL) IS NOT TRUE")), "{asked:?}");
    }
    let new =
        "alter table users { add name: text?; } update users set name = email; alter table users { alter name set not null; }";
    assert!(asked_up(new, Database::Postgres).is_empty() || asked_up(new, Database::Postgres)[0].contains("\"email\""));
}

#[test]
fn a_table_with_new_rows_is_not_empty() {
    let text =
        "create table roles { id: bigint primary key } insert into roles (id) values (1); alter table roles { add name: text; }";
    assert_eq!(first_lines(text), ["`name` is `not null` and has no default, so the rows of `roles` have no value"]);
    let renamed = "create table roles { id: bigint primary key } insert into roles (id) values (1); rename table roles to ranks; alter table ranks { add name: text; }";
    assert_eq!(first_lines(renamed), ["`name` is `not null` and has no default, so the rows of `ranks` have no value"]);
    let empty = "create table roles { id: bigint primary key } alter table roles { add name: text; } insert into roles (id, name) values (1, \"a\");";
    assert_eq!(errors(empty), [""; 0]);
}

#[test]
fn a_key_to_new_rows_is_not_asked_too_early() {
    let text = "create table groups { id: bigint primary key } insert into groups (id) values (1); alter table users { add foreign key (team) references groups; }";
    for database in Database::ALL {
        assert_eq!(asked_up(text, *database), [""; 0]);
    }
    let text =
        "insert into teams (id, name) values (1, \"a\"); alter table users { add other: bigint default 1 references teams; }";
    for database in Database::ALL {
        assert_eq!(asked_up(text, *database), [""; 0]);
    }
}

#[test]
fn what_was_null_in_every_row_is_not_any_more() {
    let base = "alter table users { add other: bigint?; }";
    let insert = "insert into users (email, other) values (\"a\", 7);";
    let check = "alter table users { add check (other < 5); }";
    let database = Database::Sqlite;
    assert_eq!(asked_up(&format!("{base} {check}"), database), [""; 0]);
    assert!(!asked_up(&format!("{base} {insert} {check}"), database).is_empty());
    let update = "update users set other = id;";
    assert!(!asked_up(&format!("{base} {update} {check}"), database).is_empty());
}

#[test]
fn rows_of_which_no_key_is_given_are_recorded() {
    for text in [
        "insert into teams (id, name) values (1, \"a\") on conflict do nothing;",
        "insert into users (visits, email) values (1, lower(\"A\"));",
        "insert into lines (text, size) values (\"a\", char_length(\"b\"));",
    ] {
        let compiled = migration(text);
        assert_eq!((compiled.compiled().level, compiled.compiled().basis), (Level::Exact, Basis::Proved), "{text}");
        for database in Database::ALL {
            let (up, down) = (up(text, *database), down(text, *database));
            let id = down[1].split('\'').nth(1).unwrap().to_owned();
            assert!(
                up[1] == format!("DELETE FROM \"migrate_rows\" WHERE record = '{id}'") && up[1] == down[1],
                "{up:?} {down:?}"
            );
            assert!(down[0].contains(&format!("FROM \"migrate_rows\" WHERE record = '{id}')")), "{down:?}");
        }
    }
    // With a written downgrade no record is required.
    for undo in ["undo nothing \"tested\"", "undo { delete from teams where id = 1; }"] {
        let text = format!("insert into teams (id, name) values (1, \"a\") on conflict do nothing {undo};");
        assert_eq!(up(&text, Database::Postgres).len(), 1);
    }
}

#[test]
fn what_was_inserted_and_changed_since_is_counted() {
    let drops = |text: &str| -> Vec<(String, String)> {
        let script = script(text, Database::Postgres);
        script.drops.iter().map(|tally| (tally.what.to_string(), tally.query.to_string())).collect()
    };
    let [(what, query)] = &drops("insert into teams (id, name, mood) values (1, \"a\", null), (2, \"b\", \"ok\");")[..] else {
        panic!("one question")
    };
    assert_eq!(what, "rows of `teams` that were changed since the upgrade inserted them");
    assert!(query.contains("(\"id\" IN (1, 2)) AND ((\"id\" = 1 AND"), "{query}");
    assert!(query.contains("\"mood\" IS NULL)") && query.contains(") IS NOT TRUE LIMIT"), "{query}");
    let new = "create table kinds { id: bigint primary key, name: text } insert into kinds (id, name) values (1, \"a\");";
    let [(what, query)] = &drops(new)[..] else { panic!("one question") };
    assert_eq!(what, "rows of `kinds`");
    assert!(query.contains("WHERE (\"id\" = 1 AND \"name\" = 'a') IS NOT TRUE LIMIT"), "{query}");
    let renamed = format!("{new} alter table kinds {{ rename name to title; }}");
    assert!(!drops(&renamed)[0].1.contains("IS NOT TRUE"), "{:?}", drops(&renamed));
    let updated =
        "insert into teams (id, name) values (1, \"a\"); update teams set name = \"b\" where id = 1 undo nothing \"tested\";";
    let [(what, _)] = &drops(updated)[..] else { panic!("what changed them is asked of the rows") };
    assert_eq!(what, "rows of `teams` that were changed since the upgrade inserted them");
}

/// What is kept and dropped again by the same migration is lost.
#[test]
fn rows_whose_kept_values_are_dropped_are_lost() {
    let keeps = "update users set visits = 0 where id = 1 keep data;";
    assert_eq!(migration(keeps).compiled().level, Level::Exact);
    let drops = format!("{keeps} drop table _kept_users_rows;");
    assert_eq!(migration(&drops).compiled().level, Level::Schema);
    assert_eq!(migration(&format!("{drops} {keeps}")).compiled().level, Level::Schema);
}

#[test]
fn sequences_count_on_from_the_numbers_of_new_rows() {
    let text = "insert into users (id, email) values (7, \"a\"), (41, \"b\");";
    let counted = "SELECT setval('\"users_id_seq\"'::regclass, 41) FROM \"users_id_seq\" WHERE last_value < 41 OR last_value = 41 AND NOT is_called";
    assert_eq!(up(text, Database::Postgres)[1..], [counted]);
    assert_eq!(up(text, Database::Sqlite).len(), 1);
}

#[test]
fn ten_thousand_rows_are_a_few_statements() {
    let rows = |count: usize| {
        let rows: Vec<String> = (0..count).map(|number| format!("({number}, \"team number {number}\")")).collect();
        format!("insert into teams (id, name) values {};", rows.join(", "))
    };
    let packed = |count: usize| migration(&rows(count)).compiled().pack().len();
    // Beside the table of keys, and what an earlier run has recorded.
    assert_eq!(up(&rows(10_000), Database::Postgres).len(), 12);
    let (one, two) = (packed(2_000), packed(4_000));
    assert!(two < 2 * one + one / 4 && two < 12 * rows(4_000).len(), "{one} and {two}");
}

#[test]
fn a_record_is_of_one_statement() {
    let insert = |key: i32| format!("insert into teams (id, name) values ({key}, \"a\") on conflict do nothing;");
    let id = |state: migrate_compiler::state::State, text: &str, place: usize| {
        let (migration, next, errors) = step(state, text);
        let migration = migration.unwrap_or_else(|| panic!("{errors:?}"));
        let script = migration.compiled().script(Database::Postgres).unwrap();
        let statements = script.upgrade.iter().flat_map(|step| step.statements.iter());
        let deletes: Vec<String> = statements.map(|one| one.sql.to_string()).filter(|sql| sql.starts_with("DELETE")).collect();
        (deletes[place].split('\'').nth(1).unwrap().to_owned(), next.named("next"))
    };
    let base = after(Database::ALL, BASE);
    let twice = format!("{} {}", insert(1), insert(1));
    let (one, _) = id(base.clone(), &twice, 0);
    let (other, _) = id(base.clone(), &twice, 1);
    let (again, next) = id(base.clone(), &insert(1), 0);
    let (later, _) = id(next, &insert(1), 0);
    let (same, _) = id(base, &insert(1), 0);
    assert_eq!(again, same);
    let all = std::collections::BTreeSet::from([one, other, again, later]);
    assert_eq!(all.len(), 4, "{all:?}");
}

#[test]
fn values_are_written_as_each_database_keeps_them() {
    let text = "insert into teams (id, name, mood) values (1, \"it's\", \"ok\"), (2, \"b\", default);";
    let rows = |moods: [&str; 2]| {
        format!(
            "INSERT INTO \"teams\" (\"id\", \"name\", \"mood\") VALUES\n    (1, 'it''s', {}),\n    (2, 'b', {})",
            moods[0], moods[1]
        )
    };
    assert_eq!(up(text, Database::Postgres), [rows(["'ok'", "DEFAULT"])]);
    assert_eq!(up(text, Database::Sqlite), [rows(["'ok'", "NULL"])]);
    let text = "insert into users (id, email, visits) values (default, \"a\", default) undo nothing \"tested\";";
    let row = |values: &str| format!("INSERT INTO \"users\" (\"id\", \"email\", \"visits\") VALUES\n    ({values})");
    assert_eq!(up(text, Database::Postgres), [row("DEFAULT, 'a', DEFAULT")]);
    assert_eq!(up(text, Database::Sqlite), [row("NULL, 'a', 0")]);
    let skips = "insert into teams (id, name) values (1, \"a\") on conflict do nothing undo nothing \"tested\";";
    for database in Database::ALL {
        assert!(up(skips, *database)[0].ends_with("\nON CONFLICT DO NOTHING"));
    }
}

#[test]
fn the_rows_of_a_file_are_read_by_their_places() {
    let text = "insert into users (id, email, age) from \"users.csv\" on conflict do nothing;";
    let (postgres, sqlite) = (up(text, Database::Postgres), up(text, Database::Sqlite));
    let load = |all: &[String]| all.iter().find(|sql| sql.contains("{rows of users.csv}")).cloned().unwrap();
    assert!(load(&postgres).contains("SELECT CAST((value ->> 0) AS bigint),\n    CAST((value ->> 1) AS text),"), "{postgres:?}");
    assert!(
        load(&sqlite).ends_with("FROM json_each({rows of users.csv}) AS rows WHERE TRUE\nON CONFLICT DO NOTHING"),
        "{sqlite:?}"
    );
    let counted = "SELECT setval('\"users_id_seq\"'::regclass, highest.number) FROM \"users_id_seq\", (SELECT max(\"id\") AS number FROM \"users\") AS highest";
    assert!(postgres.last().unwrap().starts_with(counted), "{postgres:?}");
    for database in Database::ALL {
        assert!(down(text, *database)[0].starts_with("DELETE FROM \"users\" WHERE (\"id\") IN (SELECT "));
        assert!(asked_down(text, *database)[0].contains("\"notes\""), "children are counted");
        let script = script(text, *database);
        assert_eq!(script.drops[0].what, "rows of `users` that were changed since the upgrade inserted them");
    }
    assert_eq!(migration(text).compiled().level, Level::Exact);
}

#[test]
fn what_is_wrong_about_a_file_is_said_of_its_statement() {
    for (text, expected) in [
        ("insert into users (email) from \"users.txt\";", "the format of \"users.txt\" is unknown"),
        ("insert into users (email) from \"/users.csv\";", "\"/users.csv\" is not a relative path with `/`"),
        ("insert into users from \"users.csv\";", "`insert` requires a list of columns of `users`"),
        (
            "insert into users (age) from \"users.csv\";",
            "`email` is `not null` and has no default, and the new rows have no value for it",
        ),
        ("insert into users (email, mail) from \"users.csv\";", "unknown column `mail` in `users`"),
        ("insert into users (email, email) from \"users.csv\";", "duplicate column `email`"),
        (
            "insert into words (text) from \"words.csv\";",
            "`undo` is required: `words` has no key by which its new rows are found again",
        ),
        (
            "insert into users (email) from \"a.csv\"; insert into users (email, age) from \"a.csv\" on conflict do nothing;",
            "\"a.csv\" was already inserted with other columns",
        ),
    ] {
        assert_eq!(first_lines(text), [expected], "{text}");
    }
}
