//! A migration of which only some steps are done is undone by the other direction, as if it had never begun; from every place where a run may
//! stop, both ways. On SQLite each of these migrations is one transaction.

use migrate_history::plan::Direction;
use migrate_history::{Database, History};
use migrate_live_tests::session::Session;
use migrate_live_tests::written::draft;
use migrate_live_tests::{compiled, server};
use migrate_runtime::{Error, Event, Migrator, Stop};

use super::every_step::{every_step, left};
use super::wanted;

/// What became of a run that was asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// It stopped between two steps, or in one that is no transaction.
    Stopped,
    /// It was at its end already.
    Complete,
    /// There is no such event.
    Unasked,
}

/// Two revisions, one after the other, and where they are.
struct Pair<'h> {
    history: &'h History,
    url: &'h str,
    before: &'h str,
    after: &'h str,
}

impl Pair<'_> {
    /// Goes one way, and stops at the beginning or end of a step with this number.
    async fn stopped(&self, direction: Direction, at: usize) -> Ended {
        let (stop, mut seen) = (Stop::new(), 0);
        let asked = stop.clone();
        let observer = move |event: &Event| {
            if matches!(event, Event::StepStarted { .. } | Event::StepFinished { .. }) {
                if seen == at {
                    asked.at_safe_point();
                }
                seen += 1;
            }
        };
        let migrator = Migrator::new(self.history).accept_losses().observer(observer).stop_on(&stop);
        match self.go(migrator, direction).await {
            Ok(()) if stop.is_asked() => Ended::Complete,
            Ok(()) => Ended::Unasked,
            Err(Error::Stopped(_)) => Ended::Stopped,
            Err(error) => panic!("{direction} of {}: {error}", self.after),
        }
    }

    async fn whole(&self, direction: Direction, when: &str) {
        let done = self.go(Migrator::new(self.history).accept_losses(), direction).await;
        done.unwrap_or_else(|error| panic!("{direction} of {}, {when}: {error}", self.after));
    }

    async fn go(&self, mut migrator: Migrator<'_>, direction: Direction) -> Result<(), Error> {
        match direction {
            Direction::Upgrade => migrator.upgrade(self.url, self.after).await.map(drop),
            Direction::Downgrade => migrator.downgrade(self.url, self.before).await.map(drop),
        }
    }

    /// Stops on the way in a direction at each place, and goes back from there; how often it was half way.
    async fn back_from_everywhere(&self, direction: Direction, places: impl Iterator<Item = usize>) -> usize {
        let mut before = left(self.url).await;
        let mut halves = 0;
        for at in places {
            let ended = self.stopped(direction, at).await;
            if ended == Ended::Unasked {
                break;
            }
            halves += usize::from(ended == Ended::Stopped && left(self.url).await != before);
            let when = format!("after the {direction} stopped at event {at}");
            self.whole(direction.opposite(), &when).await;
            let after = left(self.url).await;
            match ended {
                Ended::Stopped => assert!(after == before, "{}, {when}: {}", self.after, after.differs(&before)),
                // What the whole downgrade does not restore is known.
                Ended::Complete | Ended::Unasked => before = after,
            }
        }
        halves
    }
}

/// Goes through the history; from every place back, then on. How often it was half way.
async fn through(url: &str, history: &History, every: usize) -> usize {
    let ids: Vec<&str> = history.migrations.iter().map(|one| &*one.id).collect();
    let befores = std::iter::once("base").chain(ids.iter().copied());
    let pairs: Vec<Pair<'_>> = befores.zip(&ids).map(|(before, after)| Pair { history, url, before, after }).collect();
    let mut halves = 0;
    // So that there is a ledger.
    pairs[0].whole(Direction::Upgrade, "at first").await;
    pairs[0].whole(Direction::Downgrade, "at first").await;
    // So that each meets other places.
    let places = |at: usize| (at % every..).step_by(every);
    for (at, pair) in pairs.iter().enumerate() {
        halves += pair.back_from_everywhere(Direction::Upgrade, places(at)).await;
        pair.whole(Direction::Upgrade, "at last").await;
    }
    for (at, pair) in pairs.iter().enumerate().rev() {
        halves += pair.back_from_everywhere(Direction::Downgrade, places(at)).await;
        pair.whole(Direction::Downgrade, "at last").await;
    }
    halves
}

/// Every place once, or with `HALVES=N` every N-th.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn from_everywhere() {
    let (url, every) = (server::postgres().database().await, wanted("HALVES", 6));
    let halves = through(&url, &every_step(Database::Postgres), every).await;
    assert!(halves * every > 30, "{halves} times half way");
}

/// A table with rows, and a migration of several steps, the second of which is a unique index; and what follows it.
async fn numbered(more: &str) -> (String, History) {
    let url = server::postgres().database().await;
    let first = "create table t { id: integer primary key, n: integer }";
    let second =
        "alter table t { add d: integer?; } create table u { id: integer primary key } alter table t { add unique (n); }";
    let history =
        compiled::drafts("halves", Database::Postgres, vec![("m1", draft(first)), ("m2", draft(&format!("{second} {more}")))]);
    Migrator::new(&history).upgrade(&url, "m1").await.unwrap();
    let pair = Pair { history: &history, url: &url, before: "m1", after: "m2" };
    assert_eq!(pair.stopped(Direction::Upgrade, 0).await, Ended::Stopped);
    (url, history)
}

/// Because of rows that were inserted meanwhile the upgrade cannot be finished, and is undone with what is left of the index.
#[tokio::test]
async fn what_cannot_be_finished_is_undone() {
    let (url, history) = numbered("").await;
    Session::open(&url).await.run("INSERT INTO t (id, n) VALUES (1, 1), (2, 1)").await.unwrap();
    let error = Migrator::new(&history).upgrade(&url, "head").await.expect_err("two rows have one number");
    assert!(matches!(error, Error::Statement(_)), "{error}");
    let left = "SELECT count(*)::text FROM pg_index WHERE NOT indisvalid";
    assert_eq!(Session::open(&url).await.column(left).await, ["1"]);
    Migrator::new(&history).downgrade(&url, "m1").await.unwrap();
    let mut session = Session::open(&url).await;
    assert_eq!(session.column("SELECT relname::text FROM pg_class WHERE relname IN ('t_n_key', 'u')").await, [""; 0]);
    assert_eq!(session.column("SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped").await, ["id n"]);
    assert_eq!(session.column("SELECT revision FROM migrate_ledger").await, ["m1"]);
    assert_eq!(session.column("SELECT count(*)::text FROM t").await, ["2"]);
}

/// What the application wrote into what the done steps have created is counted, and dropped only with consent.
#[tokio::test]
async fn what_half_a_migration_made_is_dropped_only_with_consent() {
    let (url, history) = numbered("").await;
    Session::open(&url).await.run("INSERT INTO u (id) VALUES (1)").await.unwrap();
    let refused = Migrator::new(&history).downgrade(&url, "m1").await.expect_err("there is a row");
    let Error::Losses { losses, .. } = refused else { panic!("{refused}") };
    assert_eq!(losses.iter().map(|lost| &*lost.what).collect::<Vec<_>>(), ["1 row of `u`"]);
    assert_eq!(Session::open(&url).await.column("SELECT count(*)::text FROM u").await, ["1"]);
    Migrator::new(&history).accept_losses().downgrade(&url, "m1").await.unwrap();
    assert_eq!(Session::open(&url).await.column("SELECT revision FROM migrate_ledger").await, ["m1"]);
}

/// What is irreversible was not done yet. A downgrade that stops in its turn goes on.
#[tokio::test]
async fn half_of_what_is_irreversible_is_undone() {
    let (url, history) = numbered("sql \"SELECT 1\" as nothing irreversible \"tested\";").await;
    let pair = Pair { history: &history, url: &url, before: "m1", after: "m2" };
    assert_eq!(pair.stopped(Direction::Downgrade, 0).await, Ended::Stopped);
    assert!(!Migrator::new(&history).current(&url).await.unwrap().is_at_head());
    pair.whole(Direction::Downgrade, "after it stopped").await;
    assert_eq!(Session::open(&url).await.column("SELECT revision FROM migrate_ledger").await, ["m1"]);
    pair.whole(Direction::Upgrade, "again").await;
    let refused = pair.go(Migrator::new(&history), Direction::Downgrade).await.expect_err("it is irreversible");
    assert!(matches!(refused, Error::Plan(_)), "{refused}");
}
