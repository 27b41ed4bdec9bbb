//! What a plan says of a database that is in use.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod place;

use migrate_live_tests::{server, shell};
use place::{Place, Said};

const PROGRAM: &str = env!("CARGO_BIN_EXE_planned");

/// What comes before the size of the table, and after it.
const POSTGRES: [&str; 2] = [
    "planned in schema `public`
upgrade m2_names  Everyone has a name.
  level exact
  step 1 of 3: one transaction
    table  lock                                        work                        rows     size
    users  ACCESS EXCLUSIVE (blocks reads and writes)  not scanned, not rewritten  about 3  ",
    " kB
    guard refused: 1 row of `users` with null in `name`, which the upgrade makes not null
      SELECT count(*) FROM \"users\" WHERE \"name\" IS NULL
    ALTER TABLE \"users\" ADD CONSTRAINT \"migrate_not_null_name\" CHECK (\"name\" IS NOT NULL) NOT VALID;
",
];

fn run(place: &Place, url: &str, arguments: &[&str]) -> Said {
    place.start(PROGRAM, &[("DATABASE_URL", url)], arguments)
}

/// A database with the first migration and three rows.
async fn filled(place: &Place, url: &str) {
    assert_eq!(run(place, url, &["upgrade", "+1"]).status, 0);
    shell::run(url, "INSERT INTO users (id, name) VALUES (1, 'ann'), (2, 'bob'), (3, NULL)").await;
    shell::run(url, "ANALYZE").await;
}

#[tokio::test]
async fn a_plan_on_postgresql_says_what_each_step_locks_and_whether_it_would_be_refused() {
    let (place, url) = (Place::new(), server::postgres().database().await);
    filled(&place, &url).await;
    let text = run(&place, &url, &["plan"]).out;
    let size = shell::ask(&url, "SELECT round(pg_total_relation_size('users') / 1000.0)::text").await.remove(0);
    assert!(text.starts_with(&POSTGRES.join(&size)), "{text}");
    let raw = "  step 1 of 1: one transaction\n    which tables it touches is unknown: raw SQL\n    SELECT 1;\n";
    assert!(text.contains(raw), "{text}");
    let json = run(&place, &url, &["plan", "--format", "json"]).json();
    let steps = json["migrations"][0]["steps"].as_array().unwrap();
    let [table] = steps[1]["tables"].as_array().unwrap().as_slice() else { panic!("one table: {json}") };
    let said = ["table", "lock", "blocks", "work"].map(|key| table[key].as_str().unwrap());
    assert_eq!(said, ["users", "SHARE UPDATE EXCLUSIVE", "blocks neither", "scan"]);
    assert_eq!((&table["rows"]["value"], &table["rows"]["text"]), (&3.into(), &"about 3".into()));
    let guard = &steps[0]["guards"][0];
    assert_eq!((&guard["answer"], &guard["rows"], &steps[0]["done"]), (&"refused".into(), &1.into(), &false.into()));
    assert_eq!(
        (&json["migrations"][1]["steps"][0]["unknown"], &steps[0]["unknown"]),
        (&"raw SQL".into(), &serde_json::Value::Null)
    );
}

#[tokio::test]
async fn a_plan_on_sqlite_says_that_the_whole_file_is_locked() {
    let place = Place::new();
    let url = format!("sqlite://{}", place.path().join("app.db").display());
    let new = run(&place, &url, &["plan", "+1"]).out;
    assert!(new.contains("  step 1 of 1: one transaction\n    locks the whole file (blocks writes)\n    CREATE TABLE"), "{new}");
    filled(&place, &url).await;
    let text = run(&place, &url, &["plan"]).out;
    let line = text.lines().find(|line| line.trim().starts_with("users")).unwrap_or_else(|| panic!("{text}"));
    let words: Vec<&str> = line.split("  ").map(str::trim).filter(|word| !word.is_empty()).collect();
    assert_eq!(words[..4], ["users", "the whole file (blocks writes)", "rewritten", "3"], "{text}");
    assert!(text.contains("step 1 of 1: one transaction, foreign keys off until its end\n"), "{text}");
    assert!(
        text.contains("    guard refused: 1 row of `users` with null in `name`, which the upgrade makes not null\n"),
        "{text}"
    );
    shell::run(&url, "UPDATE users SET name = 'x' WHERE name IS NULL").await;
    let text = run(&place, &url, &["plan"]).out;
    assert!(text.contains("    guard ok: no rows of `users` with null in `name`, which the upgrade makes not null\n"), "{text}");
}

#[test]
fn a_time_limit_is_a_number_of_seconds() {
    let place = Place::new();
    let run = |limit: &str| run(&place, "sqlite:none.db", &["plan", "--question-timeout", limit]);
    assert_eq!(run("0.5").status, 0);
    for wrong in ["0", "-1", "soon", "NaN"] {
        let said = run(wrong);
        assert!(said.status == 2 && said.err.contains("question-timeout"), "{wrong}: {}", said.err);
    }
}
