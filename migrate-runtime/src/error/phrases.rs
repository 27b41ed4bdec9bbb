//! Phrases that several errors have.

use std::fmt;
use std::time::Duration;

use migrate_history::Text;
use migrate_history::plan::Direction;

use crate::event::{Blocker, Holder, listed};

pub(super) fn names(revisions: &[Text]) -> String {
    revisions.iter().map(|revision| format!("`{revision}`")).collect::<Vec<_>>().join(", ")
}

pub(super) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

pub(super) fn by(holder: &Option<Holder>) -> String {
    holder.as_ref().map(|holder| format!(" ({holder})")).unwrap_or_default()
}

pub(super) fn blocked(blockers: &[Blocker]) -> String {
    if blockers.is_empty() { String::new() } else { format!("; {}", listed(blockers)) }
}

pub(super) fn done_before(direction: Direction, completed: &[Text]) -> String {
    let done = match direction {
        Direction::Upgrade => "applied",
        Direction::Downgrade => "undone",
    };
    match completed {
        [] => format!("this run has {done} nothing before it"),
        completed => format!("this run has {done} {} before it", names(completed)),
    }
}

/// Each of them on a line of its own.
pub(crate) fn lines<T: fmt::Display>(items: &[T]) -> String {
    items.iter().map(|item| format!("\n    {item}")).collect()
}
