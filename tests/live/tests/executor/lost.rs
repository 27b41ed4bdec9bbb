//! The reply to a COMMIT is lost.

use migrate_live_tests::cut::{Cut, Moment};
use migrate_live_tests::history::three;
use migrate_live_tests::proxy::{Loss, Proxy};
use migrate_live_tests::server;
use migrate_live_tests::shell::{ask, psql, tables};
use migrate_runtime::{Error, Event, Migrator};

/// A database, and the way to it through a proxy that loses a COMMIT.
async fn behind(loss: Loss, commit: usize, dead: bool) -> (String, String, Proxy) {
    let url = server::postgres().database().await;
    let proxy = Proxy::start(server::postgres().port(), loss, commit, dead).await;
    let through = url.replace(&format!(":{}/", server::postgres().port()), &format!(":{}/", proxy.port));
    (url, through, proxy)
}

#[tokio::test]
async fn a_lost_reply_is_found_in_the_ledger() {
    for (loss, committed) in [(Loss::Reply, true), (Loss::Request, false)] {
        // The first COMMIT makes the ledger, the third is `b`'s.
        let (url, through, proxy) = behind(loss, 3, false).await;
        let (history, mut heard) = (three(), Vec::new());
        let mut migrator = Migrator::new(&history).observer(|event| heard.push(event.clone()));
        let report = migrator.upgrade(&through, "head").await.unwrap();
        drop(migrator);
        assert!(proxy.has_lost());
        assert_eq!(report.migrations.len(), 3);
        let recovered = heard.iter().filter(|event| matches!(event, Event::Recovered { .. })).collect::<Vec<_>>();
        assert_eq!(recovered, [&Event::Recovered { revision: "b".into(), committed }]);
        assert_eq!(tables(&url).await, ["a", "b", "c"]);
        assert_eq!(ask(&url, "SELECT revision FROM migrate_journal ORDER BY id").await, ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn a_downgrade_is_found_in_the_journal() {
    let (url, _, _) = behind(Loss::Reply, 1, false).await;
    let history = three();
    Migrator::new(&history).upgrade(&url, "head").await.unwrap();
    let proxy = Proxy::start(server::postgres().port(), Loss::Reply, 2, false).await;
    let through = url.replace(&format!(":{}/", server::postgres().port()), &format!(":{}/", proxy.port));
    let report = Migrator::new(&history).downgrade(&through, "base").await.unwrap();
    assert!(proxy.has_lost());
    assert_eq!(report.migrations.len(), 3);
    assert_eq!(tables(&url).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_ledger_whose_commit_is_lost_is_made_all_the_same() {
    let (url, through, proxy) = behind(Loss::Reply, 1, false).await;
    Migrator::new(&three()).upgrade(&through, "head").await.unwrap();
    assert!(proxy.has_lost());
    assert_eq!(tables(&url).await, ["a", "b", "c"]);
}

/// As behind a router that has forgotten the connection: neither side learns it from the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_never_comes_is_not_waited_for_when_the_server_has_no_such_session() {
    let (url, through, proxy) = behind(Loss::Silence, 3, false).await;
    let run = tokio::spawn(async move { Migrator::new(&three()).upgrade(&through, "head").await });
    while !proxy.has_lost() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND application_name = 'migrate'";
    ask(&url, end).await;
    let report = tokio::time::timeout(std::time::Duration::from_secs(60), run).await.expect("it has an end");
    assert_eq!(report.unwrap().unwrap().migrations.len(), 3);
    assert_eq!(ask(&url, "SELECT revision FROM migrate_journal ORDER BY id").await, ["a", "b", "c"]);
}

#[tokio::test]
async fn an_outcome_that_cannot_be_found_out_is_called_unknown() {
    let (url, through, _) = behind(Loss::Reply, 2, true).await;
    let (history, mut heard) = (three(), Vec::new());
    let migrator = Migrator::new(&history).reconnect_for(std::time::Duration::from_millis(500));
    let mut migrator = migrator.observer(|event| heard.push(event.clone()));
    let error = migrator.upgrade(&through, "head").await.unwrap_err();
    drop(migrator);
    assert!(heard.iter().any(|event| matches!(event, Event::Reconnecting { .. })), "{heard:?}");
    assert!(matches!(&error, Error::OutcomeUnknown { revision, .. } if revision == "a"), "{error}");
    assert!(error.to_string().contains("run the same command again, which is safe"), "{error}");
    let report = Migrator::new(&three()).upgrade(&url, "head").await.unwrap();
    assert_eq!(report.migrations.len(), 2);
}

/// What a server without `synchronous_commit` does when it stops at once: it has lost what it said it had committed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_that_a_server_has_lost_is_made_again() {
    let (url, through, proxy) = behind(Loss::Request, 2, true).await;
    let history = three();
    let mut migrator = Migrator::new(&history).observer(|event| {
        if matches!(event, Event::Reconnecting { .. }) && !tables_of_ledger(&url).is_empty() {
            assert!(psql(&url, "DROP TABLE migrate_ledger, migrate_journal, migrate_format").status.success());
            proxy.revive();
        }
    });
    let report = migrator.upgrade(&through, "head").await.unwrap();
    drop(migrator);
    assert!(proxy.has_lost());
    assert_eq!(report.migrations.len(), 3);
    assert_eq!(tables(&url).await, ["a", "b", "c"]);
    assert_eq!(ask(&url, "SELECT revision FROM migrate_journal ORDER BY id").await, ["a", "b", "c"]);
}

fn tables_of_ledger(url: &str) -> String {
    let found = psql(url, "\\pset tuples_only on\nSELECT relname FROM pg_class WHERE relname = 'migrate_ledger'").stdout;
    String::from_utf8_lossy(&found).trim().to_owned()
}

/// The COMMIT is lost, and so is a message after it: somebody is let in by a server that stops.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_lost_while_the_ledger_is_asked_is_opened_again() {
    let server = server::postgres();
    let mut recovered = 0;
    for message in 8..13 {
        for again in 4..8 {
            let url = server.database().await;
            let cut = Cut::start_each(server.port(), Moment::After, vec![message, message + again]).await;
            let done = Migrator::new(&three()).upgrade(cut.url(&url, server.port()), "head").await;
            assert!(!matches!(done, Err(Error::OutcomeUnknown { .. })), "{message} + {again}: {done:?}");
            recovered += usize::from(done.is_ok());
        }
    }
    assert!(recovered > 4, "{recovered}");
}
