//! How many rows a batch takes: as many as fit into its time, judged by the batch before. At first a few, then ten times as many at
//! most each time.

use std::time::{Duration, Instant};

/// Of the first batch.
const FIRST: u64 = 1_000;

/// How many times as many the next one takes at most: rows are not alike.
const GROWTH: u64 = 10;

/// More are never taken at once.
const MOST: u64 = 1_000_000;

/// How the batches of a step go.
#[derive(Debug)]
pub(super) struct Pace {
    /// How many rows the next batch takes at most.
    pub rows: u64,
    /// When the batch began, its locks included.
    batch: Instant,
    /// When the first batch of this attempt began, and what the step had gone through by then.
    first: Option<(Instant, u64)>,
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
        Pace { rows: FIRST, batch: Instant::now(), first: None }
    }

    /// A batch begins.
    pub fn begin(&mut self) {
        self.batch = Instant::now();
    }

    /// A batch of so many rows is committed, after which the step has gone through so many.
    pub fn end(&mut self, rows: u64, so_far: u64, time: Duration) -> Speed {
        let batch = self.batch.elapsed();
        self.rows = next(self.rows, rows, batch, time);
        let (began, before) = *self.first.get_or_insert((self.batch, so_far - rows.min(so_far)));
        Speed { rate: (so_far - before.min(so_far)) as f64 / began.elapsed().as_secs_f64().max(0.001), batch }
    }
}

/// How many rows the next batch takes, after one that was to take `most`, took `rows`, and so long.
fn next(most: u64, rows: u64, took: Duration, time: Duration) -> u64 {
    let limit = most.saturating_mul(GROWTH).min(MOST);
    let fits = rows as f64 * time.as_secs_f64() / took.as_secs_f64().max(0.000_001);
    // A batch at the end of the table, or one that the statement limits, says how long a row takes all the same.
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
    fn the_rate_is_that_of_this_attempt() {
        let mut pace = Pace::new();
        pace.begin();
        std::thread::sleep(Duration::from_millis(10));
        let speed = pace.end(100, 1_100, TIME);
        assert!(speed.rate > 1.0 && speed.rate <= 10_000.0 && speed.batch >= Duration::from_millis(10), "{speed:?}");
        assert_eq!(pace.first.map(|(_, before)| before), Some(1_000));
    }
}
