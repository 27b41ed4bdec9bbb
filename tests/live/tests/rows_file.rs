//! The rows of a file: inserted in chunks, deleted when they are undone, and refused as a whole where the file is wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fmt::Write as _;
use std::time::Duration;

use migrate_history::plan::Direction;
use migrate_history::{DataColumn, DataFile, DataValues, Database, History, Level, Migration};
use migrate_live_tests::shell::{ask, run, try_ask};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use migrate_runtime::{Error, upgrade};

const ORIGIN: &str = r#"
    create enum size ("small", "large");
    create table countries {
        code: varchar(6) primary key, name: text unique, people: bigint?, area: decimal(12, 2)?, length: double?, founded: date?,
        at: timestamptz?, clock: time?, mark: uuid?, flag: bytes?, more: json?, is_island: boolean?, size: size?,
    }
    create table cities { id: bigint primary key, country: varchar(6) references countries }
"#;

const SEEDS: &str = r#"insert into countries (code, name, people, area, length, founded, at, clock, mark, flag, more, is_island, size)
    from "countries.csv" on conflict do nothing;"#;

const COLUMNS: &[DataColumn] = &[
    column("code", DataValues::Text { most: Some(6) }, false),
    column("name", DataValues::Text { most: None }, false),
    column("people", DataValues::Integer { low: i64::MIN, high: i64::MAX }, true),
    column("area", DataValues::Number, true),
    column("length", DataValues::Number, true),
    column("founded", DataValues::Unchecked, true),
    column("at", DataValues::Unchecked, true),
    column("clock", DataValues::Unchecked, true),
    column("mark", DataValues::Uuid, true),
    column("flag", DataValues::Unchecked, true),
    column("more", DataValues::Json, true),
    column("is_island", DataValues::Boolean, true),
    column("size", DataValues::OneOf(&["small", "large"]), true),
];

const HEADER: &str = "code,name,people,area,length,founded,at,clock,mark,flag,more,is_island,size\n";

const fn column(name: &'static str, values: DataValues, nullable: bool) -> DataColumn {
    DataColumn { name, values, nullable }
}

/// The table, and then the rows of a file with this text.
fn history(database: Database, text: impl Into<String>) -> History {
    let drafts = vec![("origin", written::draft(ORIGIN)), ("seeds", written::draft(SEEDS))];
    let mut history = compiled::drafts("files", database, drafts);
    let file = DataFile { name: "countries.csv", text: Box::leak(text.into().into_boxed_str()), columns: COLUMNS };
    let mut seeds: Migration = history.migrations[1].clone();
    seeds.files = Box::leak(Box::new([file]));
    history.migrations = vec![history.migrations[0], Box::leak(Box::new(seeds))].into();
    history
}

/// As many rows, from this number on.
fn many(from: usize, rows: usize) -> String {
    let mut text = HEADER.to_owned();
    for number in from..from + rows {
        let _ = writeln!(text, "c{number},\"Country, {number}\",{number},{number}.25,0.5,2024-02-29,,,,,,true,small");
    }
    text
}

/// A place with a database: its URL lives as long as the file.
struct Site {
    url: String,
    _file: Option<sqlite::File>,
}

async fn site(database: Database) -> Site {
    match database {
        Database::Postgres => Site { url: server::postgres().database().await, _file: None },
        Database::Sqlite => {
            let file = sqlite::file();
            Site { url: file.url(), _file: Some(file) }
        }
    }
}

async fn count(url: &str) -> String {
    ask(url, "SELECT CAST(count(*) AS TEXT) FROM countries").await.concat()
}

#[tokio::test]
async fn each_value_is_what_a_literal_of_its_column_would_be() {
    let row = r#"AD,"Andorra, ""la Vella""",9007199254740993,468.75,1e3,2024-02-29,2024-02-29 10:00:00+02,10:30:00,00112233-4455-6677-8899-aabbccddeeff,\x00ff,"{""a"": [1.10, ""\u00e9""]}",false,small"#;
    let literals = r#"insert into countries (code, name, people, area, length, founded, at, clock, mark, flag, more, is_island, size) values
        ("AD", "Andorra, \"la Vella\"", 9007199254740993, 468.75, 1000, "2024-02-29", "2024-02-29 10:00:00+02", "10:30:00",
         "00112233-4455-6677-8899-aabbccddeeff", b"\x00\xff", "{\"a\":[1.10,\"\\u00e9\"]}", false, "small"), ("X", "", null, null, null, null, null, null, null, null, null, null, null);"#;
    for &database in Database::ALL {
        let (from_file, from_literals) = (site(database).await, site(database).await);
        upgrade(&from_file.url, &history(database, format!("{HEADER}{row}\nX,,,,,,,,,,,,\n")), "head").await.unwrap();
        let drafts = vec![("origin", written::draft(ORIGIN)), ("seeds", written::draft(literals))];
        upgrade(&from_literals.url, &compiled::drafts("files", database, drafts), "head").await.unwrap();
        let (one, other) = (Snapshot::take(&from_file.url).await, Snapshot::take(&from_literals.url).await);
        assert_eq!(one.rows, other.rows, "{database}");
    }
}

#[tokio::test]
async fn a_hundred_thousand_rows_come_and_go_and_what_was_there_stays() {
    for &database in Database::ALL {
        let (site, history) = (site(database).await, history(database, many(0, 100_000)));
        assert_eq!(history.migrations[1].compiled().level, Level::Exact);
        upgrade(&site.url, &history, "origin").await.unwrap();
        run(&site.url, "INSERT INTO countries (code, name) VALUES ('c77', 'by hand')").await;
        let begin = std::time::Instant::now();
        upgrade(&site.url, &history, "head").await.unwrap();
        let up = begin.elapsed();
        assert_eq!(count(&site.url).await, "100000");
        assert_eq!(
            ask(&site.url, "SELECT name FROM countries WHERE code IN ('c77', 'c99999') ORDER BY code").await,
            ["by hand", "Country, 99999"]
        );
        run(&site.url, "INSERT INTO cities VALUES (1, 'c5')").await;
        let refused = migrate_live_tests::downgrade(&site.url, &history, "origin").await.unwrap_err().to_string();
        assert!(refused.contains("1 row of `cities` that refer to rows of `countries` that the downgrade deletes"), "{refused}");
        run(&site.url, "UPDATE cities SET country = 'c77'").await;
        migrate_runtime::downgrade(&site.url, &history, "origin").await.expect("nobody changed a row");
        upgrade(&site.url, &history, "head").await.unwrap();
        run(&site.url, "UPDATE countries SET people = NULL WHERE code = 'c99998'").await;
        let refused = migrate_runtime::downgrade(&site.url, &history, "origin").await.unwrap_err().to_string();
        assert!(refused.contains("1 row of `countries` that were changed since the upgrade inserted them"), "{refused}");
        let begin = std::time::Instant::now();
        migrate_live_tests::downgrade(&site.url, &history, "origin").await.unwrap();
        println!("{database}: {} ms up, {} ms down", up.as_millis(), begin.elapsed().as_millis());
        assert_eq!(ask(&site.url, "SELECT name FROM countries").await, ["by hand"]);
        assert!(ask(&site.url, "SELECT record FROM migrate_rows").await.is_empty());
        upgrade(&site.url, &history, "head").await.unwrap();
        assert_eq!(count(&site.url).await, "100000");
    }
}

#[tokio::test]
async fn a_value_that_is_none_of_its_column_refuses_the_run_before_anything_is_done() {
    for &database in Database::ALL {
        let site = site(database).await;
        let history = history(database, format!("{}c,d,1,x,,,,,,,,,\n", many(0, 2000)));
        let refused = upgrade(&site.url, &history, "head").await.unwrap_err();
        assert!(matches!(refused, Error::DataFile { .. }), "{refused}");
        assert!(refused.to_string().contains("`countries.csv`, line 2002, column `area`: `x` is not a number"), "{refused}");
        assert!(try_ask(&site.url, "SELECT code FROM countries").await.is_err(), "the first migration was not applied either");
    }
}

#[tokio::test]
async fn what_only_the_database_finds_takes_back_every_chunk() {
    for &database in Database::ALL {
        let site = site(database).await;
        let wrong = history(database, format!("{}c,d,1,,,2024-02-30,,,,,,,\n", many(0, 2500)));
        let refused = upgrade(&site.url, &wrong, "head").await.unwrap_err();
        assert!(matches!(refused, Error::Statement(_)), "{refused}");
        assert_eq!(count(&site.url).await, "0");
        upgrade(&site.url, &history(database, many(0, 2500)), "head").await.unwrap();
        assert_eq!(count(&site.url).await, "2500");
    }
}

#[tokio::test]
async fn another_file_is_another_migration_and_another_line_end_is_not() {
    for &database in Database::ALL {
        let site = site(database).await;
        upgrade(&site.url, &history(database, many(0, 3)), "head").await.unwrap();
        upgrade(&site.url, &history(database, many(0, 3).replace('\n', "\r\n")), "head").await.unwrap();
        let refused = upgrade(&site.url, &history(database, many(0, 4)), "head").await.unwrap_err().to_string();
        assert!(refused.contains("`seeds`"), "{refused}");
        assert_eq!(count(&site.url).await, "3");
        migrate_live_tests::downgrade(&site.url, &history(database, many(0, 3)), "origin").await.unwrap();
        assert_eq!(count(&site.url).await, "0");
    }
}

#[tokio::test]
async fn a_script_has_the_rows() {
    for &database in Database::ALL {
        let (site, history) = (site(database).await, history(database, many(0, 1500)));
        let script = migrate_runtime::script(&history, database, Direction::Upgrade, "base", "head").unwrap();
        match shell::script(&site.url, &script) {
            // The shell of the system is older than `unhex`: the script says so before it writes anything.
            Err(error) if error.contains("requires SQLite 3.41") => {
                assert!(shell::tables(&site.url).await.is_empty(), "{error}");
                continue;
            }
            outcome => outcome.unwrap_or_else(|error| panic!("{error}")),
        }
        assert_eq!(count(&site.url).await, "1500");
        migrate_live_tests::downgrade(&site.url, &history, "origin").await.unwrap();
        assert_eq!(count(&site.url).await, "0");
    }
}

#[tokio::test]
async fn a_session_that_is_ended_between_two_chunks_leaves_nothing_or_all() {
    let site = site(Database::Postgres).await;
    let history = history(Database::Postgres, many(0, 100_000));
    upgrade(&site.url, &history, "origin").await.unwrap();
    let ending = async {
        let end = "SELECT CAST(count(pg_terminate_backend(pid)) AS text) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'WITH inserted AS%'";
        while ask(&site.url, end).await.concat() == "0" {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let (outcome, ()) = tokio::join!(upgrade(&site.url, &history, "head"), ending);
    if let Err(error) = outcome {
        assert_eq!(count(&site.url).await, "0", "{error}");
        upgrade(&site.url, &history, "head").await.unwrap();
    }
    assert_eq!(count(&site.url).await, "100000");
    migrate_live_tests::downgrade(&site.url, &history, "origin").await.unwrap();
    assert_eq!(count(&site.url).await, "0");
}
