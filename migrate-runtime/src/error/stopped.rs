//! A run that was asked to end before it had done everything.

use std::fmt;

use migrate_history::Text;

use super::Error;
use super::phrases::names;
use crate::Position;

/// How many revisions are named of those that are left.
const NAMED: usize = 5;

/// What a run had done when it was stopped on request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stopped {
    /// The revisions that it completed, in order.
    pub completed: Vec<Text>,
    /// The revision that is between two of its steps.
    pub incomplete: Option<Incomplete>,
    /// The revisions that it has not begun, in order.
    pub left: Vec<Text>,
}

/// A migration of which some steps are done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Incomplete {
    /// The revision.
    pub revision: Text,
    /// How many of its steps are done; of one that is not a transaction, a part may be done besides.
    pub steps: Position,
}

impl Stopped {
    /// The error, of which the run fills in what it has done.
    pub(crate) fn error() -> Error {
        Error::Stopped(Box::default())
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Stopped { completed, incomplete, left } = self;
        out.write_str("the run was stopped on request")?;
        if completed.is_empty() && incomplete.is_none() {
            out.write_str(" before it had completed a step")?;
        }
        let mut states = Vec::new();
        if !completed.is_empty() {
            states.push(format!("completed: {}", names(completed)));
        }
        if let Some(Incomplete { revision, steps: Position { number, total } }) = incomplete {
            let steps = if *total == 1 { "step" } else { "steps" };
            states.push(format!("incomplete: `{revision}` ({number} of {total} {steps})"));
        }
        if !left.is_empty() {
            let more = if left.len() > NAMED { format!(" and {} more", left.len() - NAMED) } else { String::new() };
            states.push(format!("left: {}{more}", names(left.get(..NAMED).unwrap_or(left))));
        }
        if !states.is_empty() {
            write!(out, "\nnote: {}", states.join("; "))?;
        }
        out.write_str("\nhelp: run the same command again to go on")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_is_done_and_what_is_left() {
        let texts = |names: &[&'static str]| names.iter().map(|name| Text::Borrowed(name)).collect::<Vec<_>>();
        let incomplete = Some(Incomplete { revision: "c".into(), steps: Position { number: 1, total: 3 } });
        let stopped = Stopped { completed: texts(&["a", "b"]), incomplete, left: texts(&["d", "e", "f", "g", "h", "i", "j"]) };
        assert_eq!(
            stopped.to_string(),
            "the run was stopped on request\n\
             note: completed: `a`, `b`; incomplete: `c` (1 of 3 steps); left: `d`, `e`, `f`, `g`, `h` and 2 more\n\
             help: run the same command again to go on"
        );
        assert_eq!(
            Stopped::default().to_string(),
            "the run was stopped on request before it had completed a step\nhelp: run the same command again to go on"
        );
    }
}
