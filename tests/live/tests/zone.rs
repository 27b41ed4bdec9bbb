//! A column that becomes another type in UTC is not rewritten, and holds the same moments whatever the time zone of the session is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::{Database, History};
use migrate_live_tests::{compiled, server, shell, written};
use migrate_runtime::{downgrade, upgrade};

const MIGRATIONS: [(&str, &str); 2] = [
    ("m1", "create table t { id: integer primary key, local: timestamp, moment: timestamptz }"),
    (
        "m2",
        r#"alter table t {
            alter local type timestamptz using local at time zone "UTC";
            alter moment type timestamp using moment at time zone "UTC";
        }"#,
    ),
];

fn history() -> History {
    let drafts = MIGRATIONS.iter().map(|(id, text)| (*id, written::draft(text))).collect();
    compiled::drafts("zone", Database::Postgres, drafts)
}

/// The columns as texts, each in UTC, and the file of the table.
async fn held(url: &str) -> Vec<String> {
    let of_type = |ty: &str, column: &str| {
        if ty == "timestamptz" { format!("({column} AT TIME ZONE 'UTC')::text") } else { format!("{column}::text") }
    };
    let types =
        shell::ask(url, "SELECT udt_name::text FROM information_schema.columns WHERE table_name = 't' ORDER BY column_name")
            .await;
    let (local, moment) = (of_type(&types[1], "local"), of_type(&types[2], "moment"));
    shell::ask(url, &format!("SELECT concat_ws(' | ', {local}, {moment}, pg_relation_filenode('t')) FROM t")).await
}

#[tokio::test]
async fn a_conversion_in_utc_keeps_each_moment_and_does_not_rewrite_the_table() {
    let history = history();
    for zone in ["UTC", "Asia/Tokyo", "America/St_Johns"] {
        let url = server::postgres().database().await;
        shell::run(
            &url,
            &format!("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET TimeZone = ''{zone}''', current_database()); END $$"),
        )
        .await;
        upgrade(&url, &history, "m1").await.unwrap();
        shell::run(&url, "INSERT INTO t VALUES (1, '2026-03-29 02:30:00', '2026-03-29 02:30:00+00')").await;
        let before = held(&url).await;
        assert!(before[0].starts_with("2026-03-29 02:30:00 | 2026-03-29 02:30:00 | "), "{before:?}");
        upgrade(&url, &history, "head").await.unwrap();
        assert_eq!(held(&url).await, before, "{zone}");
        downgrade(&url, &history, "m1").await.unwrap();
        assert_eq!(held(&url).await, before, "{zone}");
        // The statements alone, as a shell would run them.
        let script = history.migrations[1].compiled().script(Database::Postgres).unwrap();
        for steps in [&script.upgrade, &script.downgrade] {
            let statements = steps.iter().flat_map(|step| step.statements.iter()).map(|statement| statement.sql.to_string());
            shell::run(&url, &format!("BEGIN; {}; COMMIT", statements.collect::<Vec<_>>().join("; "))).await;
            assert_eq!(held(&url).await, before, "{zone}");
        }
    }
}
