//! The lag of the replicas.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::driver::Strain;

/// What is known of the replicas since the run began.
#[derive(Debug, Default)]
pub(super) struct Replicas {
    /// Where the log of the server ended, and when.
    positions: VecDeque<(Instant, u64)>,
    /// Whether it was told that something is not visible.
    pub is_told: bool,
    /// Whether it was said that the load is not known.
    pub is_unknown_told: bool,
}

impl Replicas {
    /// The largest lag: since when the replica lacks what the server had written by then. The lag that a server reports of a replica that
    /// has stopped does not grow, so it is measured here too.
    pub fn lag(&mut self, strain: &Strain, now: Instant) -> Option<Duration> {
        let replayed = strain.replayed?;
        self.positions.push_back((now, strain.written?));
        while self.positions.front().is_some_and(|(_, position)| *position <= replayed) {
            self.positions.pop_front();
        }
        let (since, _) = self.positions.front()?;
        Some(strain.lag.unwrap_or_default().max(now.duration_since(*since)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(written: u64, replayed: u64, lag: Option<Duration>) -> Strain {
        Strain { written: Some(written), replayed: Some(replayed), lag, ..Strain::default() }
    }

    #[test]
    fn a_replica_that_stands_still_falls_behind() {
        let (mut replicas, start) = (Replicas::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(replicas.lag(&Strain::default(), start), None);
        assert_eq!(replicas.lag(&at(100, 100, None), start), None);
        assert_eq!(replicas.lag(&at(200, 100, None), after(1)), Some(Duration::ZERO));
        assert_eq!(replicas.lag(&at(300, 100, None), after(3)), Some(Duration::from_secs(2)));
        assert_eq!(replicas.lag(&at(300, 200, None), after(4)), Some(Duration::from_secs(1)));
        // It was behind already when the run began.
        assert_eq!(replicas.lag(&at(300, 200, Some(Duration::from_secs(60))), after(4)), Some(Duration::from_secs(60)));
        assert_eq!(replicas.lag(&at(300, 300, Some(Duration::from_secs(60))), after(5)), None);
    }
}
