//! A server that starts again during a run.

use std::time::Duration;

use migrate_live_tests::server::{self, Stop};
use migrate_live_tests::shell::ask;
use migrate_runtime::{Error, upgrade};

use super::witness::{check, counting};
use super::{Chance, wanted};

const LENGTH: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_restart_leaves_no_outcome_unknown() {
    let Some(server) = server::own() else { return };
    let mut chance = Chance(11);
    for restart in 0..wanted("RESTARTS", 4) {
        let url = server.database().await;
        let history = counting(LENGTH, &url);
        let run = tokio::spawn({
            let (url, history) = (url.clone(), history.clone());
            async move { upgrade(&url, &history, "head").await }
        });
        tokio::time::sleep(Duration::from_millis(60 + chance.below(250))).await;
        let stop = if restart % 2 == 0 { Stop::Fast } else { Stop::Immediate };
        server.restart(stop);
        let done = run.await.unwrap();
        let when = format!("restart {restart}, {stop:?}: {done:?}");
        assert!(!matches!(done, Err(Error::OutcomeUnknown { .. })), "{when}");
        check(&url, &when).await;
        upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{when}: the rerun: {error}"));
        check(&url, &when).await;
        assert_eq!(ask(&url, "SELECT count(*) FROM migrate_ledger").await, [LENGTH.to_string()]);
    }
}
