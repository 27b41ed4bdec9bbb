//! The lock timeout of a step: one time for all locks that its statements wait for.
//!
//! The server has a timeout for each lock. What a step has locked stays locked until its end, so a session that needs its first table would
//! wait for all the waits that come after. Each statement may therefore wait for what is left of the time. What earlier statements took
//! counts as waiting, for the server does not say how much of it was; so a share of the time is kept for each statement, without
//! which one that comes after long work could never wait at all.

use std::time::Duration;

use crate::driver::Spent;

/// Of the whole time, all shares together.
const SHARES: f64 = 0.2;

/// The largest value of the setting, in milliseconds (manual, "lock_timeout").
const LONGEST: f64 = 2_147_483_647.0;

/// How long a step waits for locks; zero, for ever.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LockTimeout {
    milliseconds: f64,
}

impl LockTimeout {
    pub fn new(timeout: Duration) -> LockTimeout {
        // The server takes whole milliseconds, and zero for no timeout at all.
        let milliseconds = (timeout.as_secs_f64() * 1000.0).ceil();
        LockTimeout { milliseconds: milliseconds.min(LONGEST) }
    }

    fn is_none(self) -> bool {
        self.milliseconds == 0.0
    }

    /// What is kept for each statement after the first.
    fn share(self, statements: usize) -> f64 {
        let share = self.milliseconds * SHARES / statements.max(1) as f64;
        if self.is_none() { 0.0 } else { share.floor().max(1.0) }
    }

    /// What the first statement may wait: all but the shares of the others.
    fn first_wait(self, statements: usize) -> f64 {
        let kept = self.share(statements) * statements.saturating_sub(1) as f64;
        if self.is_none() { 0.0 } else { (self.milliseconds - kept).max(1.0) }
    }

    /// The expression that sets all of it.
    pub fn whole(self) -> String {
        set(&format!("'{}'", self.milliseconds))
    }

    /// The expression that sets none for what runs outside of a transaction. A concurrent index build waits for every older transaction, and
    /// would leave an invalid index and begin again; no session that reads or writes waits for it (manual, "Building Indexes
    /// Concurrently"). What waits for a table is seen from another session, and ended.
    pub const NONE_OF_SESSION: &str = "pg_catalog.set_config('lock_timeout', '0', false)";

    /// The expression that sets what the first statement of a step may wait. What was set is kept with it, so that a migration that
    /// sets the timeout for itself has it so.
    pub fn first(self, statements: usize) -> String {
        kept(&format!("'{}'", self.first_wait(statements)))
    }

    /// The query that sets what the next one may wait.
    pub fn next(self, spent: Spent) -> Option<String> {
        if self.is_none() {
            return None;
        }
        let time = match spent.time {
            Some(time) => format!("{}", time.as_millis()),
            None => "extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.transaction_timestamp()) * 1000".to_owned(),
        };
        let (first, share) = (self.first_wait(spent.statements), self.share(spent.statements));
        let left = format!("greatest({first} - ({time}), {share})::bigint::text");
        Some(format!(
            "SELECT {} WHERE pg_catalog.current_setting('lock_timeout') = pg_catalog.current_setting('migrate.wait', true)",
            kept(&left)
        ))
    }
}

fn set(value: &str) -> String {
    format!("pg_catalog.set_config('lock_timeout', {value}, true)")
}

fn kept(value: &str) -> String {
    format!("pg_catalog.set_config('migrate.wait', {}, true)", set(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_a_millisecond_is_not_for_ever() {
        for (timeout, set) in [(0, "'0'"), (1, "'1'"), (999_999, "'1'"), (1_000_001, "'2'"), (2_000_000_000, "'2000'")] {
            let whole = LockTimeout::new(Duration::from_nanos(timeout)).whole();
            assert!(whole.contains(set), "{timeout} ns: {whole}");
        }
        assert!(LockTimeout::new(Duration::MAX).whole().contains("'2147483647'"));
    }

    #[test]
    fn all_statements_of_a_step_together_wait_no_longer_than_the_timeout() {
        for (timeout, statements) in [(2000, 1), (2000, 5), (2000, 40), (100, 3), (60_000, 7)] {
            let timeout = LockTimeout::new(Duration::from_millis(timeout));
            let longest = timeout.first_wait(statements) + timeout.share(statements) * (statements - 1) as f64;
            assert!(longest <= timeout.milliseconds, "{timeout:?}, {statements} statements: {longest}");
        }
    }

    #[test]
    fn without_a_timeout_there_is_nothing_to_lower() {
        let none = LockTimeout::new(Duration::ZERO);
        assert_eq!(none.next(Spent { time: None, statements: 5 }), None);
        assert!(none.first(5).contains("'0'"));
    }
}
