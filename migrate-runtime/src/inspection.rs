//! A plan with the current state of the database: how large the tables are that it locks, and whether its guards would refuse it.

use std::fmt;
use std::time::Duration;

use migrate_history::plan::Plan;
use migrate_history::{Guard, Step, Text, Touched};

use crate::Position;

/// A plan, and the current state of the database for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// The plan.
    pub plan: Plan,
    /// The steps that are left to do, in the order in which they run.
    pub steps: Vec<InspectedStep>,
}

/// A step of a plan, and the current state of the database for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InspectedStep {
    /// The migration that it belongs to.
    pub revision: Text,
    /// Which of the migration's steps it is.
    pub position: Position,
    /// The step: its mode, its statements, and what they touch.
    pub step: Step,
    /// The tables that it touches, where that is known; see [`Touches::rest`](migrate_history::Touches::rest).
    pub tables: Vec<InspectedTable>,
    /// Its guards, each with its answer.
    pub guards: Vec<InspectedGuard>,
}

/// A table that a step touches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InspectedTable {
    /// The table, its lock, and what is done with its rows.
    pub touched: Touched,
    /// How many rows it has. PostgreSQL: as the server estimates it. SQLite: counted up to [`MOST_COUNTED`].
    pub rows: Amount,
    /// How large it is with its indexes, in bytes.
    pub bytes: Amount,
}

/// A guard of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InspectedGuard {
    /// The guard.
    pub guard: Guard,
    /// Its answer now.
    pub answer: Answer,
}

/// How many rows of a table are counted on SQLite, which does not store their number.
pub const MOST_COUNTED: u64 = 1_000_000;

/// How much there is of something.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Amount {
    /// Exactly so much.
    Exactly(u64),
    /// So much, as the server estimates.
    About(u64),
    /// More than so much: no more was counted.
    MoreThan(u64),
    /// So much at most.
    AtMost(u64),
    /// The time limit was over before it was counted.
    TimedOut {
        /// The time limit.
        limit: Duration,
    },
    /// The table does not exist now: an earlier migration of the plan creates it, or gives it this name.
    NotThere,
    /// The database did not say; why.
    Unknown(String),
}

/// The answer of a guard now. It runs again before its step.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// No row is in violation.
    Holds,
    /// The step would be refused because of so many rows.
    Refuses {
        /// The number of rows.
        rows: u64,
    },
    /// The time limit was over before it was answered.
    TimedOut {
        /// The time limit.
        limit: Duration,
        /// PostgreSQL: for how many rows, by the estimate of the server's planner, the step would be refused.
        estimate: Option<u64>,
    },
    /// It is about what an earlier migration of the plan changes, so that it can be answered only when that one is done.
    After {
        /// The earlier migration.
        revision: Text,
    },
    /// The database did not answer; why.
    Unknown(String),
}

impl Inspection {
    /// The guards that would refuse their steps now, each with its revision.
    pub fn refusals(&self) -> impl Iterator<Item = (&str, &InspectedGuard)> {
        let guards = self.steps.iter().flat_map(|step| step.guards.iter().map(|guard| (&*step.revision, guard)));
        guards.filter(|(_, guard)| match guard.answer {
            Answer::Refuses { .. } => true,
            Answer::Holds | Answer::TimedOut { .. } | Answer::After { .. } | Answer::Unknown(_) => false,
        })
    }
}

impl Answer {
    /// The word for it in a listing.
    pub const fn word(&self) -> &'static str {
        match self {
            Answer::Holds => "ok",
            Answer::Refuses { .. } => "refused",
            Answer::TimedOut { .. } => "timed out",
            Answer::After { .. } => "later",
            Answer::Unknown(_) => "unknown",
        }
    }

    /// How many rows are in violation, as far as that is known: an estimate, where the time limit was over.
    pub const fn rows(&self) -> Option<u64> {
        match self {
            Answer::Holds => Some(0),
            Answer::Refuses { rows } => Some(*rows),
            Answer::TimedOut { estimate, .. } => *estimate,
            Answer::After { .. } | Answer::Unknown(_) => None,
        }
    }
}

impl Amount {
    /// The number, as far as it is known.
    pub const fn value(&self) -> Option<u64> {
        match self {
            Amount::Exactly(found) | Amount::About(found) | Amount::MoreThan(found) | Amount::AtMost(found) => Some(*found),
            Amount::TimedOut { .. } | Amount::NotThere | Amount::Unknown(_) => None,
        }
    }

    /// Its words, with a number written by `number`: "about 1,200", "not known within 5 s".
    pub fn written(&self, number: impl Fn(u64) -> String) -> String {
        match self {
            Amount::Exactly(found) => number(*found),
            Amount::About(found) => format!("about {}", number(*found)),
            Amount::MoreThan(found) => format!("more than {}", number(*found)),
            Amount::AtMost(found) => format!("at most {}", number(*found)),
            Amount::TimedOut { limit } => format!("not known within {}", limit_in_words(*limit)),
            Amount::NotThere => "not there yet".to_owned(),
            Amount::Unknown(why) => format!("not known: {why}"),
        }
    }
}

/// "5 s", "200 ms"
fn limit_in_words(limit: Duration) -> String {
    match limit.subsec_millis() {
        0 => format!("{} s", limit.as_secs()),
        _ => format!("{} ms", limit.as_millis()),
    }
}

/// A number with commas: 1,200,000.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let comma = |(place, digit): (usize, char)| {
        let comma = place > 0 && (digits.len() - place).is_multiple_of(3);
        comma.then_some(',').into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(comma).collect()
}

/// The number with commas.
impl fmt::Display for Amount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.written(grouped))
    }
}

/// "ok", "REFUSED: 3 rows of `users` …"
impl fmt::Display for InspectedGuard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refusal = &self.guard.refusal;
        match &self.answer {
            Answer::Holds => write!(out, "ok: no {refusal}"),
            Answer::Refuses { rows } => {
                let rows = i64::try_from(*rows).unwrap_or(i64::MAX);
                write!(out, "refused: {}", migrate_history::counted(rows, refusal))
            }
            Answer::TimedOut { limit, estimate: Some(rows) } => {
                write!(out, "not known within {}; estimate: {} {refusal}", limit_in_words(*limit), grouped(*rows))
            }
            Answer::TimedOut { limit, estimate: None } => {
                write!(out, "not known within {}: {refusal}", limit_in_words(*limit))
            }
            Answer::After { revision } => write!(out, "not known before `{revision}` is done: {refusal}"),
            Answer::Unknown(why) => write!(out, "not known: {refusal} ({why})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_at_a_glance() {
        let shown = |amount: Amount| amount.to_string();
        assert_eq!(shown(Amount::Exactly(999)), "999");
        assert_eq!(shown(Amount::About(1_234_567)), "about 1,234,567");
        assert_eq!(shown(Amount::MoreThan(1_000_000)), "more than 1,000,000");
        assert_eq!(shown(Amount::TimedOut { limit: Duration::from_secs(5) }), "not known within 5 s");
        assert_eq!(shown(Amount::TimedOut { limit: Duration::from_millis(1_500) }), "not known within 1500 ms");
    }

    #[test]
    fn an_answer_says_what_would_be_refused() {
        let guard = Guard { query: "SELECT 1".into(), refusal: "rows of `users` with null in `nickname`".into() };
        let shown = |answer: Answer| InspectedGuard { guard: guard.clone(), answer }.to_string();
        assert_eq!(shown(Answer::Holds), "ok: no rows of `users` with null in `nickname`");
        assert_eq!(shown(Answer::Refuses { rows: 1 }), "refused: 1 row of `users` with null in `nickname`");
        let late = Answer::TimedOut { limit: Duration::from_secs(5), estimate: Some(12_000) };
        assert_eq!(shown(late), "not known within 5 s; estimate: 12,000 rows of `users` with null in `nickname`");
        let after = Answer::After { revision: "m2".into() };
        assert_eq!(shown(after), "not known before `m2` is done: rows of `users` with null in `nickname`");
    }
}
