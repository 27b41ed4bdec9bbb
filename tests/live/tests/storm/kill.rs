//! A runner that is killed leaves what a plain rerun brings to its end.

use std::time::{Duration, Instant};

use migrate_live_tests::shell::ask;
use migrate_live_tests::{downgrade, server, sqlite};
use migrate_runtime::upgrade;

use super::witness::{check, counting, shape};
use super::{Chance, child, spawn, wanted};

const LENGTH: usize = 26;

const TEST: &str = "kill::a_killed_runner_leaves_nothing_that_a_rerun_does_not_finish";

async fn act(what: &str, url: &str) {
    let history = counting(LENGTH, url);
    match what {
        "upgrade" => upgrade(url, &history, "head").await.map(drop).unwrap(),
        _ => downgrade(url, &history, "base").await.map(drop).unwrap(),
    }
}

/// No session of ours is left on the server.
async fn is_gone(url: &str) {
    let left = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'migrate'";
    let started = Instant::now();
    while !url.starts_with("sqlite") && ask(url, left).await != ["0"] {
        assert!(started.elapsed() < Duration::from_secs(30), "the server still has the session of a process that is gone");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_runner_leaves_nothing_that_a_rerun_does_not_finish() {
    if let Some((what, url)) = child() {
        return act(&what, &url).await;
    }
    let mut chance = Chance(7);
    let file = sqlite::file();
    for url in [server::postgres().database().await, file.url()] {
        let (mut shapes, mut longest) = (Vec::new(), Duration::ZERO);
        for what in ["upgrade", "downgrade"] {
            let started = Instant::now();
            let output = spawn(TEST, what, &url).wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
            longest = longest.max(started.elapsed());
            shapes.push(shape(&url).await);
        }
        let mut in_the_middle = 0;
        for kill in 0..wanted("KILLS", 8) {
            let (what, whole) = [("upgrade", &shapes[0]), ("downgrade", &shapes[1])][kill % 2];
            let mut child = spawn(TEST, what, &url);
            let milliseconds = u64::try_from(longest.as_millis()).unwrap();
            tokio::time::sleep(Duration::from_millis(chance.below(milliseconds))).await;
            child.kill().unwrap();
            child.wait().unwrap();
            is_gone(&url).await;
            let when = format!("kill {kill} of an {what} on {url}");
            check(&url, &when).await;
            let found = shape(&url).await;
            in_the_middle += usize::from(!shapes.contains(&found));
            act(what, &url).await;
            check(&url, &when).await;
            assert_eq!(&shape(&url).await, whole, "{when}: what the rerun leaves");
        }
        assert!(in_the_middle > 0, "no kill met a run in its middle");
        if !url.starts_with("sqlite") {
            let locks = "SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database \
                         WHERE locktype = 'advisory' AND datname = current_database()";
            assert_eq!(ask(&url, locks).await, ["0"]);
        }
    }
}
