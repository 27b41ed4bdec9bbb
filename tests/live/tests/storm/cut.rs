//! A connection that is cut at any of its messages, before the server has it and after.

use migrate_history::plan::Direction;
use migrate_live_tests::cut::{Cut, Moment};
use migrate_live_tests::server;
use migrate_live_tests::shell::ask;
use migrate_runtime::{Error, Migrator};

use super::wanted;
use super::witness::{check, counting, shape};

/// With several steps and statements that go alone.
const LENGTH: usize = 9;

async fn act(direction: Direction, url: &str) -> Result<(), Error> {
    let history = counting(LENGTH, url);
    let mut migrator = Migrator::new(&history).accept_losses();
    match direction {
        Direction::Upgrade => migrator.upgrade(url, "head").await.map(drop),
        Direction::Downgrade => migrator.downgrade(url, "base").await.map(drop),
    }
}

/// Every message once, or with `CUTS=N` every N-th.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cut_at_any_message_is_made_good_by_a_rerun() {
    let (server, every) = (server::postgres(), wanted("CUTS", 14));
    let url = server.database().await;
    act(Direction::Upgrade, &url).await.unwrap();
    let head = shape(&url).await;
    act(Direction::Downgrade, &url).await.unwrap();
    let base = shape(&url).await;
    for direction in [Direction::Upgrade, Direction::Downgrade] {
        let mut cuts = 0;
        for (number, moment) in (0..).flat_map(|at| [(at, Moment::Before), (at, Moment::After)]) {
            // So that each moment meets other messages.
            let message = number * every + if moment == Moment::Before { 0 } else { every / 2 };
            let url = server.database().await;
            if direction == Direction::Downgrade {
                act(Direction::Upgrade, &url).await.unwrap();
            }
            let cut = Cut::start(server.port(), moment, message).await;
            let done = act(direction, &cut.url(&url, server.port())).await;
            if !cut.is_done() {
                done.expect("nothing was cut");
                break;
            }
            cuts += 1;
            let when = format!("{direction} cut at message {message}, {moment:?}: {done:?}");
            assert!(!matches!(done, Err(Error::OutcomeUnknown { .. })), "{when}: the server is there");
            check(&url, &when).await;
            act(direction, &url).await.unwrap_or_else(|error| panic!("{when}: the rerun: {error}"));
            check(&url, &when).await;
            let whole = if direction == Direction::Upgrade { &head } else { &base };
            assert_eq!(&shape(&url).await, whole, "{when}");
            let twice = format!(
                "SELECT revision, step FROM migrate_journal WHERE event = 'done' AND direction = '{}' \
                 GROUP BY 1, 2 HAVING count(*) <> 1",
                if direction == Direction::Upgrade { "upgrade" } else { "downgrade" }
            );
            assert_eq!(ask(&url, &twice).await, Vec::<String>::new(), "{when}");
        }
        assert!(cuts > 3, "{cuts} messages were cut");
    }
}
