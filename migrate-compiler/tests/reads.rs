//! Statements about rows that read other tables: their SQL, what they may set, and what they depend on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_history::{Database, Lock, Migration, Work};

const BASE: &str = r#"
    create table users { id: bigint primary key, email: text unique, name: text?, rank: integer default 0, best: integer? }
    create table posts { id: bigint primary key, user_id: bigint references users, title: text, likes: integer default 0 }
    create table logs { user_id: bigint?, "Score": integer? }
    create table codes { code: varchar(9) primary key, other: varchar(9)?, best: integer? }
    create table uses { id: bigint primary key identity, code: varchar(9)? references codes on update cascade }
    create table changed { id: bigint primary key, rank: integer? }
    create table odd { id: bigint, rowid: integer, _rowid_: integer, r#OID: integer }
"#;

fn errors(text: &str) -> Vec<String> {
    step(after(Database::ALL, BASE), text).2
}

fn migration(text: &str) -> Migration {
    let (migration, _, errors) = step(after(Database::ALL, BASE), text);
    migration.unwrap_or_else(|| panic!("{text}: {errors:?}"))
}

fn up(text: &str, database: Database) -> Vec<String> {
    let migration = migration(text);
    let script = migration.compiled().script(database).unwrap().clone();
    script.upgrade.iter().flat_map(|step| step.statements.iter()).map(|one| one.sql.to_string()).collect()
}

/// Accepts what every change of rows that were there needs.
fn accepted(statement: &str) -> String {
    format!("{statement} undo nothing \"tested\";")
}

#[test]
fn each_database_is_sent_the_query() {
    for (text, wanted) in [
        (
            "update users set best = (select max(likes) from posts where user_id = users.id)",
            "UPDATE \"users\" SET \"best\" = (SELECT max(\"posts\".\"likes\") FROM \"posts\" WHERE \"posts\".\"user_id\" = \"users\".\"id\")",
        ),
        (
            "delete from posts where not exists (select 1 from users where users.id = posts.user_id and rank > 0)",
            "DELETE FROM \"posts\" WHERE NOT EXISTS (SELECT 1 FROM \"users\" WHERE \"users\".\"id\" = \"posts\".\"user_id\" AND \"users\".\"rank\" > 0)",
        ),
        (
            "delete from posts where id in (select max(id) from posts group by title)",
            "DELETE FROM \"posts\" WHERE \"id\" IN (SELECT max(\"posts_2\".\"id\") FROM \"posts\" AS \"posts_2\" GROUP BY \"posts_2\".\"title\")",
        ),
    ] {
        for database in [Database::Postgres, Database::Sqlite] {
            assert_eq!(up(&accepted(text), database), [wanted], "{text}");
        }
    }
}

/// A query in an `UPDATE` of SQLite sees the rows that were updated before.
#[test]
fn what_rows_get_is_known_before_the_first_one_has_it() {
    let text = accepted(
        "update users set rank = (select count(*) from users as o where o.rank < users.rank), name = null where rank > 1",
    );
    assert_eq!(
        up(&text, Database::Postgres),
        [
            "UPDATE \"users\" SET \"rank\" = (SELECT count(*) FROM \"users\" AS \"o\" WHERE \"o\".\"rank\" < \"users\".\"rank\"), \"name\" = NULL WHERE \"rank\" > 1"
        ]
    );
    let sqlite = up(&text, Database::Sqlite).concat();
    assert!(
        sqlite.starts_with("UPDATE \"users\" SET \"rank\" = changed.value0, \"name\" = changed.value1 FROM (SELECT "),
        "{sqlite}"
    );
    assert!(sqlite.ends_with("FROM \"users\" WHERE \"rank\" > 1) AS changed WHERE \"users\".rowid = changed.number"), "{sqlite}");
    let other = up(&accepted("update users set name = (select max(title) from posts)"), Database::Sqlite).concat();
    assert!(!other.contains("changed"), "{other}");
}

#[test]
fn a_value_that_may_be_null_is_no_value_of_a_column_that_may_not() {
    let wrong = |text: &str| errors(&accepted(text));
    for text in [
        "update users set rank = (select max(likes) from posts)",
        "update users set rank = (select likes from posts where posts.id = users.id)",
        "update users set rank = (select best from users as o where o.id = users.id) where exists (select 1 from users as o where o.id = users.id)",
        "update users set rank = coalesce((select max(likes) from posts), (select min(likes) from posts))",
        "update users set rank = (select likes from posts where posts.id = users.id) where exists (select 1 from posts where posts.id = users.rank)",
    ] {
        let errors = wrong(text);
        let [error] = &errors[..] else { panic!("{text}: {errors:?}") };
        assert!(error.starts_with("`rank` is `not null`, and this value may be null\nhelp: write `coalesce("), "{text}: {error}");
    }
    for text in [
        "update users set best = (select max(likes) from posts)",
        "update users set rank = (select count(*) from posts)",
        "update users set rank = coalesce((select max(likes) from posts), 0)",
        "update users set rank = (select likes from posts where posts.id = users.id) where exists (select 1 from posts where posts.id = users.id)",
        "update users set rank = (select likes from posts where posts.id = users.id) where id in (select id from posts)",
    ] {
        assert_eq!(wrong(text), [] as [String; 0], "{text}");
    }
}

#[test]
fn a_table_that_is_read_is_one_that_is_touched() {
    let migration = migration(&accepted("delete from posts where user_id in (select id from users where rank = 0)"));
    let script = migration.compiled().script(Database::Postgres).unwrap();
    let touched: Vec<_> = script.upgrade.iter().flat_map(|step| step.touches.tables.iter()).collect();
    let users = touched.iter().find(|one| &*one.table == "users").expect("it is read");
    assert_eq!((users.lock, users.work), (Lock::AccessShare, Work::Scan));
}

/// What a query finds is not known before the migration has run, so that nothing is asked of it.
#[test]
fn what_is_not_known_before_is_not_asked_before() {
    let text = format!(
        "{} alter table users {{ alter best set not null; }}",
        accepted("update users set best = (select count(*) from posts)")
    );
    let migration = migration(&text);
    let script = migration.compiled().script(Database::Postgres).unwrap();
    let asked: Vec<String> = script.upgrade.iter().flat_map(|step| step.guards.iter()).map(|one| one.query.to_string()).collect();
    assert!(asked.iter().all(|query| !query.contains("best")), "{asked:?}");
}

#[test]
fn rows_come_from_a_query() {
    for (text, wanted) in [
        (
            "insert into users (id, email, rank) select id, title, likes from posts where likes > 0 undo nothing \"tested\";",
            "INSERT INTO \"users\" (\"id\", \"email\", \"rank\")\nSELECT \"posts\".\"id\", \"posts\".\"title\", \"posts\".\"likes\" FROM \"posts\" WHERE \"posts\".\"likes\" > 0",
        ),
        (
            "insert into users (id, email, name) select id, title, \"x\" from posts on conflict do nothing undo nothing \"tested\";",
            "INSERT INTO \"users\" (\"id\", \"email\", \"name\")\nSELECT \"posts\".\"id\", \"posts\".\"title\", 'x' FROM \"posts\" WHERE TRUE\nON CONFLICT DO NOTHING",
        ),
        (
            "insert into users (id, email) select 1, \"a\" where not exists (select 1 from users) undo nothing \"tested\";",
            "INSERT INTO \"users\" (\"id\", \"email\")\nSELECT 1, 'a' WHERE NOT EXISTS (SELECT 1 FROM \"users\")",
        ),
        (
            "insert into posts (id, user_id, title) select max(id), user_id, \"all\" from posts group by user_id undo nothing \"tested\";",
            "",
        ),
    ] {
        for database in [Database::Postgres, Database::Sqlite] {
            let sql = up(text, database).concat().replace("CAST('x' AS text)", "'x'").replace("CAST('a' AS text)", "'a'");
            assert!(sql == wanted || wanted.is_empty() && sql.ends_with("GROUP BY \"posts\".\"user_id\""), "{database}: {sql}");
        }
    }
}

#[test]
fn what_a_query_cannot_insert_is_an_error() {
    for (text, wanted) in [
        ("insert into users (id, email) select id from posts", "the query returns 1 value, and the statement names 2 columns"),
        ("insert into users (id, email) select id, likes from posts", "`posts.likes` is a number, and `email` is `text`"),
        ("insert into users (id, email) select id, name from users as o", "`email` is `not null`, and `o.name` may be null"),
        (
            "insert into users (id) select id from posts",
            "`email` is `not null` and has no default, and the new rows have no value for it",
        ),
        ("insert into users (id, email) select id, users.email from posts", "no table of this query is called `users`"),
        (
            "insert into users (id, email) select id, title from posts limit 5",
            "`limit 5` without `order by` returns arbitrary rows",
        ),
        ("insert into users select id, title from posts", "`insert` requires a list of columns of `users`"),
        ("insert into users (id, email) select id, title from posts", ""),
    ] {
        let errors = errors(&format!("{text} undo nothing \"tested\";"));
        let first = errors.first().map(|error| error.lines().next().unwrap_or_default()).unwrap_or_default();
        assert!(first == wanted && errors.len() <= 1, "{text}: {errors:?}");
    }
    let needed = errors("insert into logs (user_id) select id from users;").concat();
    assert!(needed.starts_with("`undo` is required: `logs` has no key by which its new rows are found again"), "{needed}");
    assert!(needed.contains("undo { delete from logs where …; }"), "{needed}");
    // What goes with its table needs none.
    let own =
        "create table names { id: bigint primary key, name: text } insert into names (id, name) select id, email from users;";
    assert_eq!(errors(own), [] as [String; 0]);
}

#[test]
fn a_table_that_is_read_beside_another_has_one_row_for_each() {
    assert_eq!(
        up(&accepted("update posts set title = u.email, likes = u.rank from users as u where u.id = user_id"), Database::Sqlite),
        [
            "UPDATE \"posts\" SET \"title\" = \"u\".\"email\", \"likes\" = \"u\".\"rank\" FROM \"users\" AS \"u\" WHERE \"u\".\"id\" = \"posts\".\"user_id\""
        ]
    );
    for (text, wanted) in [
        (
            "update users set name = posts.title from posts where posts.user_id = users.id",
            "several rows of `posts` may match one row of `users`",
        ),
        ("update users set name = posts.title from posts", "several rows of `posts` may match one row of `users`"),
        ("update posts set title = u.email from users as u where u.email = title", ""),
        (
            "update posts set title = u.email from users as u where u.email = title or u.id = 1",
            "several rows of `u` may match one row of `posts`",
        ),
        (
            "update posts set title = u.name from users as u where u.id = user_id",
            "`title` is `not null`, and this value may be null",
        ),
        ("update posts set title = u.name from users as u where u.id = user_id and u.name is not null", ""),
        ("update posts set title = v.name from users as u where u.id = user_id", "no table of this query is called `v`"),
        ("update posts set title = name from users as u where u.id = user_id", "unknown column `name` in `posts`"),
        ("update posts set title = \"a\" from posts where posts.id = 1", "duplicate table `posts` in the statement"),
        ("update posts set title = o.title from posts as o where o.id = posts.id + 1", ""),
        ("update posts set title = u.email from user as u where u.id = user_id", "unknown table `user`"),
    ] {
        let errors = errors(&accepted(text));
        let first = errors.first().map(|error| error.lines().next().unwrap_or_default()).unwrap_or_default();
        assert!(first == wanted && errors.len() <= 1, "{text}: {errors:?}");
    }
    let using = errors(&accepted("delete from posts using users as u where u.id = posts.user_id and u.rank = 0")).concat();
    assert!(
        using.contains(
            "write `delete from posts where exists (select 1 from users as u where u.id = posts.user_id and u.rank = 0)`"
        ),
        "{using}"
    );
}

/// The rows of a query are found again by the keys that were recorded when they were inserted.
#[test]
fn rows_of_a_query_are_undone_by_their_recorded_keys() {
    let migration = migration("insert into uses (id, code) select id, null from posts on conflict do nothing;");
    for database in [Database::Postgres, Database::Sqlite] {
        let script = migration.compiled().script(database).unwrap();
        let sql = |steps: &[migrate_history::Step]| {
            steps.iter().flat_map(|step| step.statements.iter()).map(|one| one.sql.to_string()).collect::<Vec<_>>()
        };
        assert!(sql(&script.upgrade).iter().any(|one| one.contains("INSERT INTO \"migrate_rows\"")), "{database}");
        let downgrade = sql(&script.downgrade);
        assert!(downgrade[0].starts_with("DELETE FROM \"uses\" WHERE (\"id\") IN (SELECT "), "{downgrade:?}");
    }
    // A number that a query gives is not given again.
    let postgres =
        up("insert into uses (id, code) select id, null from posts undo nothing \"tested\";", Database::Postgres).concat();
    assert!(postgres.contains("SELECT setval('\"uses_id_seq\"'::regclass, highest.number)"), "{postgres}");
}

/// SQLite follows a foreign key row by row, so that a query would find what was changed already.
#[test]
fn what_a_foreign_key_changes_is_read_before_it() {
    let text = accepted("update codes set code = lower(code), best = (select count(*) from uses where uses.code = codes.code)");
    let sqlite = up(&text, Database::Sqlite).concat();
    assert!(sqlite.contains("FROM (SELECT \"codes\".rowid AS number"), "{sqlite}");
    let text = accepted("update codes set best = (select count(*) from uses where uses.code = codes.code)");
    assert!(!up(&text, Database::Sqlite).concat().contains("number"));
}

/// What SQLite needs to tell rows apart has a name that is free.
#[test]
fn a_table_may_be_called_as_what_is_written_beside_it() {
    let text = accepted("update changed set rank = (select max(rank) from changed)");
    let sqlite = up(&text, Database::Sqlite).concat();
    assert!(sqlite.ends_with("AS given WHERE \"changed\".rowid = given.number"), "{sqlite}");
    let wrong = errors(&accepted("update odd set rowid = coalesce((select max(o.id)::integer from odd as o), 0)")).concat();
    assert!(wrong.contains("columns `rowid`, `_rowid_` and `oid` are not supported on SQLite"), "{wrong}");
}

#[test]
fn a_name_in_another_case_is_the_same_name_on_sqlite() {
    for text in [
        "delete from posts where exists (select 1 from users as u join users as r#U on r#U.id = u.id)",
        "delete from posts where exists (select 1 from users as r#Posts where r#Posts.id = posts.id)",
        "update posts set title = r#Posts.email from users as r#Posts where r#Posts.id = user_id",
    ] {
        let errors = errors(&accepted(text));
        assert!(matches!(&errors[..], [one] if one.starts_with("duplicate table ")), "{text}: {errors:?}");
    }
}

/// A string literal that is spelt like a column of a table of the query.
#[test]
fn a_literal_may_be_meant_as_a_column_of_the_query() {
    for text in [
        "delete from posts where likes in (select user_id from logs where \"Score\" = 1)",
        "insert into posts (id, user_id, title) select \"Score\", 1, \"a\" from logs",
        "insert into posts (id, user_id, title) values (1, (select max(user_id) from logs where \"Score\" = \"a\"), \"b\")",
    ] {
        let errors = errors(&accepted(text));
        let first = errors.first().map(String::as_str).unwrap_or_default();
        assert!(first.starts_with("`\"Score\"` is a string literal, and `logs` has a column of this name"), "{text}: {errors:?}");
    }
}

#[test]
fn a_backfill_reads_no_row_that_it_may_have_changed() {
    for text in [
        "backfill users set rank = (select count(*) from users as o where o.rank < users.rank)",
        "backfill users set best = o.best from users as o where o.id = users.rank",
        "backfill users set best = 1 where exists (select 1 from posts join users as o on o.id = posts.user_id and o.best = 2)",
    ] {
        let errors = errors(&accepted(text));
        assert!(matches!(&errors[..], [one] if one.starts_with("a backfill cannot read `")), "{text}: {errors:?}");
    }
    for text in [
        "backfill users set best = (select max(likes) from posts where posts.user_id = users.best)",
        "backfill users set best = o.rank from users as o where o.id = users.rank",
        "backfill users set best = p.likes from posts as p where p.id = users.id in batches of 10",
    ] {
        assert_eq!(errors(&accepted(text)), [] as [String; 0], "{text}");
    }
}
