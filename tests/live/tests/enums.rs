//! Enums with rows in their columns: both databases keep, refuse and bring back the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::{Database, History, Level};
use migrate_live_tests::{compiled, downgrade, server, shell, sqlite, written};
use migrate_runtime::upgrade;

const ORIGIN: &str = r#"
    create enum mood ("sad", "ok", "it's \"odd\"");
    create table users { id: integer primary key, mood: mood default "ok", before: mood?, check (mood in ("sad", "ok")) }
    create index on users (mood) where before = "sad";
"#;

fn history(database: Database, texts: &[&str]) -> History {
    let ids = ["m0", "m1", "m2", "m3"];
    compiled::drafts("enums", database, ids.into_iter().zip(texts).map(|(id, text)| (id, written::draft(text))).collect())
}

/// Runs a test on both databases, with three rows in the first table.
async fn both(texts: &[&str], test: impl AsyncFn(Database, &str, &History)) {
    for &database in Database::ALL {
        let file = sqlite::file();
        let url = match database {
            Database::Postgres => server::postgres().database().await,
            Database::Sqlite => file.url(),
        };
        let history = history(database, texts);
        upgrade(&url, &history, "m0").await.unwrap_or_else(|error| panic!("{error}"));
        shell::run(&url, r#"INSERT INTO users VALUES (1, 'sad', 'it''s "odd"'), (2, 'ok', NULL)"#).await;
        shell::run(&url, "INSERT INTO users (id) VALUES (3)").await;
        test(database, &url, &history).await;
    }
}

async fn rows(url: &str) -> Vec<String> {
    shell::ask(url, "SELECT id || ' ' || mood || ' ' || coalesce(CAST(before AS text), '-') FROM users ORDER BY id").await
}

async fn refused(url: &str, sql: &str) {
    assert!(shell::try_ask(url, sql).await.is_err(), "{sql}");
}

const WRITTEN: [&str; 3] = ["1 sad it's \"odd\"", "2 ok -", "3 ok -"];

#[tokio::test]
async fn a_column_takes_the_values_of_its_enum_and_no_others() {
    both(&[ORIGIN], async |_, url, _| {
        assert_eq!(rows(url).await, WRITTEN);
        refused(url, "INSERT INTO users VALUES (4, 'happy', NULL)").await;
        refused(url, "UPDATE users SET before = 'SAD'").await;
    })
    .await;
}

/// PostgreSQL lets nobody use a new value before the COMMIT, so this is two transactions there, and two for the check.
#[tokio::test]
async fn a_new_value_is_used_in_the_migration_that_adds_it() {
    let add = r#"
        alter enum mood { add "calm" before "ok"; add "last"; }
        alter table users { alter before set default "calm"; add after: mood default "last"; add check (after <> "calm"); }
    "#;
    both(&[ORIGIN, add], async |database, url, history| {
        assert_eq!(history.migrations[1].compiled().level, Level::Exact);
        let steps = history.migrations[1].compiled().script(database).unwrap().upgrade.len();
        assert_eq!(steps, if database == Database::Postgres { 4 } else { 1 });
        upgrade(url, history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        shell::run(url, "INSERT INTO users (id) VALUES (4)").await;
        assert_eq!(rows(url).await[3], "4 ok calm");
        refused(url, "UPDATE users SET after = 'calm'").await;
    })
    .await;
}

/// PostgreSQL 17 alone knows that the enum is as new as its value, and what raw SQL adds is as new.
#[tokio::test]
async fn a_value_of_a_new_enum_and_one_that_raw_sql_adds_can_be_used() {
    let new = "create enum mood (\"sad\"); alter enum mood { add \"happy\"; } create table t { id: bigint primary key, m: mood default \"happy\" }";
    let table = "create enum mood (\"sad\"); create table t { id: bigint primary key, m: mood? }";
    let raw = "sql \"ALTER TYPE mood ADD VALUE 'happy'\" as { alter enum mood { add \"happy\"; } } insert into t (id, m) values (1, \"happy\");";
    for texts in [&[new][..], &[table, raw]] {
        let url = server::postgres().database().await;
        let drafts = ["m0", "m1"].into_iter().zip(texts).map(|(id, text)| (id, written::draft(text)));
        let history = compiled::oldest("enums", Database::Postgres, drafts.collect());
        upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{texts:?}: {error}"));
    }
}

#[tokio::test]
async fn a_value_that_is_used_stops_the_downgrade_that_takes_it_away() {
    let add = r#"alter enum mood { add "calm" after "sad"; }"#;
    both(&[ORIGIN, add], async |_, url, history| {
        upgrade(url, history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        shell::run(url, "INSERT INTO users VALUES (4, 'sad', 'calm'), (5, 'ok', 'calm')").await;
        let error = downgrade(url, history, "m0").await.expect_err("two rows have the value").to_string();
        assert!(error.contains("2 values of `users.before`"), "{error}");
        shell::run(url, "DELETE FROM users WHERE before = 'calm'").await;
        downgrade(url, history, "m0").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(rows(url).await, WRITTEN);
        refused(url, "INSERT INTO users VALUES (4, 'ok', 'calm')").await;
        refused(url, "INSERT INTO users VALUES (4, 'it''s \"odd\"', NULL)").await;
        shell::run(url, "INSERT INTO users (id) VALUES (6)").await;
        assert_eq!(rows(url).await.last().map(String::as_str), Some("6 ok -"));
    })
    .await;
}

#[tokio::test]
async fn a_renamed_value_is_renamed_in_rows_and_defaults_and_back() {
    let rename = r#"alter enum mood { rename "it's \"odd\"" to "odd"; } rename enum mood to feeling;"#;
    both(&[ORIGIN, rename], async |_, url, history| {
        assert_eq!(history.migrations[1].compiled().level, Level::Exact);
        upgrade(url, history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(rows(url).await[0], "1 sad odd");
        refused(url, "UPDATE users SET before = 'it''s \"odd\"'").await;
        shell::run(url, "INSERT INTO users (id, before) VALUES (4, 'odd')").await;
        downgrade(url, history, "m0").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(rows(url).await[0], WRITTEN[0]);
        assert_eq!(rows(url).await[3], "4 ok it's \"odd\"");
    })
    .await;
}

#[tokio::test]
async fn the_rows_of_a_dropped_value_get_another_one() {
    let drop = r#"alter enum mood { drop "it's \"odd\"" into "sad"; }"#;
    both(&[ORIGIN, drop], async |_, url, history| {
        assert_eq!(history.migrations[1].compiled().level, Level::Schema);
        upgrade(url, history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(rows(url).await, ["1 sad sad", "2 ok -", "3 ok -"]);
        refused(url, "UPDATE users SET before = 'it''s \"odd\"'").await;
        downgrade(url, history, "m0").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(rows(url).await, ["1 sad sad", "2 ok -", "3 ok -"]);
        shell::run(url, "UPDATE users SET before = 'it''s \"odd\"'").await;
    })
    .await;
}

/// Text becomes an enum where every text is a value of it, and the rows are checked before the downgrade.
#[tokio::test]
async fn text_becomes_an_enum_and_text_again() {
    let change = r#"
        create enum size ("S", "M");
        alter table users { add size: text default "S"; }
        alter table users { alter size drop default; alter size type size using size::size undo { alter size type text using size::text; }; }
    "#;
    both(&[ORIGIN, change], async |_, url, history| {
        upgrade(url, history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        refused(url, "UPDATE users SET size = 'L'").await;
        shell::run(url, "UPDATE users SET size = 'M' WHERE id = 1").await;
        downgrade(url, history, "m0").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(rows(url).await, WRITTEN);
    })
    .await;
}

/// An array is of PostgreSQL.
#[tokio::test]
async fn an_array_of_an_enum_follows_it() {
    let tags = r#"alter table users { add moods: mood[] default ["sad", "ok"]; }"#;
    let change = r#"alter enum mood { rename "ok" to "fine"; drop "it's \"odd\"" into "sad"; add "calm"; }"#;
    let origin = ORIGIN.replace(", check (mood in (\"sad\", \"ok\"))", "");
    let history = history(Database::Postgres, &[&origin, tags, change]);
    let url = server::postgres().database().await;
    upgrade(&url, &history, "m1").await.unwrap_or_else(|error| panic!("{error}"));
    shell::run(&url, r#"INSERT INTO users (id, moods) VALUES (1, ARRAY['ok', 'it''s "odd"', NULL]::mood[]), (2, '{}')"#).await;
    upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
    shell::run(&url, "INSERT INTO users (id) VALUES (3)").await;
    let moods = async || shell::ask(&url, "SELECT CAST(moods AS text) FROM users ORDER BY id").await;
    assert_eq!(moods().await, ["{fine,sad,NULL}", "{}", "{sad,fine}"]);
    shell::run(&url, "INSERT INTO users (id, moods) VALUES (4, '{calm}')").await;
    let error = downgrade(&url, &history, "m1").await.expect_err("a row has the value").to_string();
    assert!(error.contains("1 value"), "{error}");
    shell::run(&url, "DELETE FROM users WHERE id = 4").await;
    downgrade(&url, &history, "m1").await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(moods().await, ["{ok,sad,NULL}", "{}", "{sad,ok}"]);
}

/// The name of a type is part of what SQLite says of a value that is none.
#[tokio::test]
async fn an_enum_may_be_called_anything() {
    let odd = r#"
        create enum "it's \"odd\"" ("it's");
        alter table users { add odd: text?; alter odd type "it's \"odd\"" using odd::"it's \"odd\"" undo { alter odd type text using odd::text; }; }
    "#;
    both(&[ORIGIN, odd], async |_, url, history| {
        upgrade(url, history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        shell::run(url, "UPDATE users SET odd = 'it''s'").await;
        refused(url, "UPDATE users SET odd = 'its'").await;
        downgrade(url, history, "m0").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(rows(url).await, WRITTEN);
    })
    .await;
}

/// The values are asked as what they will be, not as what they are; and a foreign key stays one.
#[tokio::test]
async fn a_downgrade_asks_for_the_values_that_there_will_be() {
    let change = r#"
        alter table users { drop constraint users_mood_check; }
        alter enum mood { add "calm"; rename "ok" to "fine"; }
        rename enum mood to feeling;
    "#;
    let origin = format!(
        "{ORIGIN} create table moods {{ mood: mood primary key }} create table days {{ mood: mood? references moods (mood) }}"
    );
    both(&[&origin, change], async |_, url, history| {
        shell::run(url, "INSERT INTO moods VALUES ('sad'); INSERT INTO days VALUES ('sad'), (NULL)").await;
        upgrade(url, history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        shell::run(url, "INSERT INTO users (id, mood) VALUES (4, 'fine')").await;
        shell::run(url, r#"INSERT INTO users (id, mood) VALUES (5, 'it''s "odd"')"#).await;
        let error = downgrade(url, history, "m0").await.expect_err("one is not in the check").to_string();
        assert!(error.contains("1 row of `users` in violation") && !error.contains("value"), "{error}");
        shell::run(url, "DELETE FROM users WHERE id = 5").await;
        downgrade(url, history, "m0").await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(rows(url).await[3], "4 ok -");
        refused(url, "INSERT INTO days VALUES ('ok')").await;
        assert_eq!(shell::ask(url, "SELECT mood FROM days WHERE mood IS NOT NULL").await, ["sad"]);
    })
    .await;
}
