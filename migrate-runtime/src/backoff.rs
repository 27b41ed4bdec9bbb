//! Waiting with growing pauses until a budget is spent.

use std::time::{Duration, Instant};

/// How often what another run leaves between two of its steps is looked at before that run is taken for dead.
pub(crate) const LOOKS: usize = 20;

/// Between two such looks.
pub(crate) const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// How long a wait has lasted, and how long the next pause is.
#[derive(Debug)]
pub(crate) struct Backoff {
    since: Instant,
    budget: Duration,
    pause: Duration,
    longest: Duration,
}

impl Backoff {
    /// Pauses from `first` to `longest`, until `budget` is spent.
    pub fn new(budget: Duration, first: Duration, longest: Duration) -> Backoff {
        Backoff { since: Instant::now(), budget, pause: first, longest }
    }

    /// For another run: it may be done at any moment, so look often.
    pub fn for_lock(budget: Duration) -> Backoff {
        Backoff::new(budget, Duration::from_millis(25), Duration::from_millis(500))
    }

    /// For a table that the application uses: leave it alone for a while between two attempts.
    pub fn for_retry(budget: Duration) -> Backoff {
        Backoff::new(budget, Duration::from_millis(200), Duration::from_secs(10))
    }

    /// For a server that starts again: that takes seconds, and all its clients come back at once.
    pub fn for_reconnect(budget: Duration) -> Backoff {
        Backoff::new(budget, Duration::from_millis(100), Duration::from_secs(5))
    }

    /// How long it has lasted.
    pub fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }

    /// How long it may last still.
    pub fn left(&self) -> Duration {
        self.budget.saturating_sub(self.elapsed())
    }

    /// The next pause; `None` when the budget is spent.
    pub fn pause(&mut self) -> Option<Duration> {
        let left = Some(self.left()).filter(|left| !left.is_zero())?;
        let pause = self.pause.mul_f64(jitter()).min(left);
        self.pause = (self.pause * 2).min(self.longest);
        Some(pause)
    }
}

/// Between 0.75 and 1.25, so that two runners that failed together do not try again together.
fn jitter() -> f64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let mixed = u64::from(now.subsec_nanos()).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(std::process::id());
    0.75 + 0.5 * ((mixed >> 40) as f64 / (1_u64 << 24) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_with_the_budget() {
        let mut backoff = Backoff::new(Duration::from_secs(60), Duration::from_millis(100), Duration::from_millis(150));
        let pauses: Vec<Duration> = (0..3).filter_map(|_| backoff.pause()).collect();
        assert!(pauses[0] >= Duration::from_millis(75) && pauses[0] <= Duration::from_millis(126), "{pauses:?}");
        assert!(pauses[2] <= Duration::from_millis(188), "{pauses:?}");
        assert_eq!(Backoff::new(Duration::ZERO, Duration::from_millis(1), Duration::from_millis(1)).pause(), None);
    }
}
