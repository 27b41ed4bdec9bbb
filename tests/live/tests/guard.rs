//! What a guard counts on the servers, whatever the values are.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::Database;
use migrate_live_tests::{compiled, server, shell, written};

/// Converting such a value would stop the question itself.
#[tokio::test]
async fn numbers_that_are_too_large_or_too_small_for_a_real_are_counted() {
    // 0.1 has as few digits as a `real` keeps, so as a decimal it comes back.
    for (ty, count) in [("double", "4 values"), ("decimal", "3 values")] {
        let url = server::postgres().database().await;
        let drafts = vec![
            ("origin", written::draft("create table t { x: real? }")),
            ("change", written::draft(&format!("alter table t {{ alter x type {ty}; }}"))),
        ];
        let history = compiled::drafts("guard", Database::Postgres, drafts);
        migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{error}"));
        shell::run(&url, "INSERT INTO t VALUES (0.5), (0), (NULL), ('NaN'), ('Infinity'), ('-Infinity'), (1024)").await;
        shell::run(&url, "INSERT INTO t VALUES (1e300), (-1e300), (1e-300), (0.1)").await;
        let refused = migrate_live_tests::downgrade(&url, &history, "origin").await.expect_err("some do not fit").to_string();
        assert!(refused.contains(count), "{ty}: {refused}");
        shell::run(&url, "DELETE FROM t WHERE abs(x) IN (1e300, 1e-300, 0.1)").await;
        migrate_live_tests::downgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{ty}: {error}"));
    }
}
