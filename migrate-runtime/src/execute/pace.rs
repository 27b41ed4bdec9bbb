//! How many rows a batch takes: as many as fit into its time, judged by those before. At first it takes a few, then ten times as many at most
//! each time, in one transaction while there is time.

use std::time::{Duration, Instant};

/// The first ones of a step.
const FIRST: u64 = 1_000;

/// How many times as many are taken next at most: rows are not alike.
const GROWTH: u64 = 10;

/// More are never taken at once.
const MOST: u64 = 1_000_000;

/// How the batches of a step go.
#[derive(Debug)]
pub(super) struct Pace {
    /// How many rows are taken next at most.
    next: u64,
    /// How many a batch takes at most, where the step says it.
    most: Option<u64>,
    /// When the batch began, its locks included.
    batch: Instant,
    /// When it began to take the last of its rows.
    part: Instant,
    /// How many it has taken.
    taken: u64,
    /// When the first batch of this attempt began, and what the step had gone through by then.
    first: Option<(Instant, u64)>,
}

/// Whether a batch takes more rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    Left,
    Full,
}

/// How fast a step goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Speed {
    /// Rows in a second, pauses included.
    pub rate: f64,
    /// How long the last batch took.
    pub batch: Duration,
}

impl Pace {
    pub fn new() -> Pace {
        let now = Instant::now();
        Pace { next: FIRST, most: None, batch: now, part: now, taken: 0, first: None }
    }

    /// A batch begins, or goes on with more rows; it takes so many at most.
    pub fn begin(&mut self, most: Option<u64>) {
        (self.part, self.most) = (Instant::now(), most);
        if self.taken == 0 {
            self.batch = self.part;
        }
    }

    /// How many rows are taken now at most.
    pub fn rows(&self) -> u64 {
        self.most.map_or(self.next, |most| self.next.min(most.saturating_sub(self.taken)))
    }

    /// So many rows were taken; whether the batch has time for more. Half of it is left for what its end costs, and for rows that are not like
    /// those before.
    pub fn take(&mut self, rows: u64, time: Duration) -> Room {
        self.taken += rows;
        let spent = self.batch.elapsed();
        if rows == 0 || spent >= time / 2 || self.most.is_some_and(|most| self.taken >= most) {
            return Room::Full;
        }
        self.next = next(self.next, rows, self.part.elapsed(), time - spent);
        Room::Left
    }

    /// Whether no batch of this attempt has ended.
    pub fn is_first(&self) -> bool {
        self.first.is_none()
    }

    /// A batch is committed, after which the step has gone through so many rows.
    pub fn end(&mut self, so_far: u64, time: Duration) -> Speed {
        let (batch, rows) = (self.batch.elapsed(), std::mem::take(&mut self.taken));
        self.next = next(self.next.max(rows), rows, batch, time);
        let (began, before) = *self.first.get_or_insert((self.batch, so_far - rows.min(so_far)));
        Speed { rate: (so_far - before.min(so_far)) as f64 / began.elapsed().as_secs_f64().max(0.001), batch }
    }
}

/// How many rows are taken next, after some of which `most` were to be taken, and `rows` were, in so long.
fn next(most: u64, rows: u64, took: Duration, time: Duration) -> u64 {
    let limit = most.saturating_mul(GROWTH).min(MOST);
    let fits = rows as f64 * time.as_secs_f64() / took.as_secs_f64().max(0.000_001);
    // Rows at the end of the table, or those that the statement limits, say how long one takes all the same.
    (fits as u64).clamp(1, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: Duration = Duration::from_millis(200);

    #[test]
    fn a_batch_has_as_many_rows_as_fit_into_its_time() {
        assert_eq!(next(1_000, 1_000, Duration::from_millis(160), TIME), 1_250);
        assert_eq!(next(1_000, 1_000, Duration::from_secs(2), TIME), 100);
        assert_eq!(next(1_000, 1_000, Duration::from_millis(1), TIME), 10_000);
        assert_eq!(next(10, 10, Duration::from_secs(60), TIME), 1);
        assert_eq!(next(MOST, MOST, Duration::ZERO, TIME), MOST);
        // One of 5,000 rows that a statement limits to 100.
        assert_eq!(next(5_000, 100, Duration::from_millis(20), TIME), 1_000);
    }

    #[test]
    fn a_batch_takes_more_rows_while_it_has_time() {
        let mut pace = Pace::new();
        pace.begin(None);
        assert_eq!((pace.rows(), pace.take(1_000, Duration::from_secs(60))), (1_000, Room::Left));
        pace.begin(None);
        assert_eq!((pace.rows(), pace.take(10_000, Duration::ZERO)), (10_000, Room::Full));
        assert_eq!(pace.taken, 11_000);
        pace.end(11_000, TIME);
        assert_eq!(pace.taken, 0);
    }

    #[test]
    fn a_step_may_limit_the_rows_of_a_batch() {
        let mut pace = Pace::new();
        let most = Some(1_500);
        pace.begin(most);
        assert_eq!((pace.rows(), pace.take(1_000, Duration::from_secs(60))), (1_000, Room::Left));
        pace.begin(most);
        assert_eq!((pace.rows(), pace.take(500, Duration::from_secs(60))), (500, Room::Full));
        pace.end(1_500, TIME);
        pace.begin(most);
        assert_eq!(pace.rows(), 1_500);
    }

    #[test]
    fn the_rate_is_that_of_this_attempt() {
        let mut pace = Pace::new();
        pace.begin(None);
        std::thread::sleep(Duration::from_millis(10));
        pace.take(100, Duration::ZERO);
        let speed = pace.end(1_100, TIME);
        assert!(speed.rate > 1.0 && speed.rate <= 10_000.0 && speed.batch >= Duration::from_millis(10), "{speed:?}");
        assert_eq!(pace.first.map(|(_, before)| before), Some(1_000));
    }
}
