//! Durations of one contestant, and their statistics.

use std::time::Duration;

/// What was measured, in milliseconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// Adds one.
    pub fn add(&mut self, duration: Duration) {
        self.0.push(duration.as_secs_f64() * 1000.0);
        self.0.sort_by(f64::total_cmp);
    }

    /// The middle one; zero where there is none.
    pub fn median(&self) -> f64 {
        self.0.get(self.0.len() / 2).copied().unwrap_or_default()
    }

    /// The shortest and the longest.
    pub fn spread(&self) -> (f64, f64) {
        (self.0.first().copied().unwrap_or_default(), self.0.last().copied().unwrap_or_default())
    }
}
