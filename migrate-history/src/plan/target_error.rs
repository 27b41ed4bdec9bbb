//! Why a target is not valid, and what to write.

use std::fmt;

use super::Direction;
use super::words::{choices, names};
use crate::Text;

/// Why a target is not valid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetError {
    /// The text is empty, or a sign without a number.
    Malformed {
        /// What was written.
        target: String,
    },
    /// It is a URL, which is not repeated, for it may hold a password.
    Url,
    /// No revision begins like this.
    Unknown {
        /// What was written.
        target: String,
        /// A revision, `head` or `base`, that is spelt almost so.
        near: Option<Text>,
    },
    /// More than one revision begins like this.
    Ambiguous {
        /// What was written.
        target: String,
        /// The revisions that it could mean.
        candidates: Vec<Text>,
    },
    /// Branches that are not merged are ways on for `+N`, or ways back for `-N`.
    SeveralWays {
        /// What was written.
        target: String,
        /// The revisions that it could mean.
        candidates: Vec<Text>,
        /// What to write for them, where they have labels.
        instead: Vec<Text>,
    },
    /// No branch has this name, and no revision.
    UnknownBranch {
        /// What was written before `@`.
        branch: String,
        /// A label or a revision that is spelt almost so.
        near: Option<Text>,
    },
    /// `BRANCH@ID` of a revision that is not on the line of the branch.
    NotOnBranch {
        /// What was written.
        target: String,
        /// The revision.
        revision: Text,
        /// The branch.
        branch: String,
    },
    /// A target that is no single migration, where one is required.
    NotOne {
        /// What was written.
        target: String,
    },
    /// `current` or a number of migrations from there, where no database says what is applied.
    NoDatabase {
        /// What was written.
        target: String,
    },
    /// `FROM:TO` where the first does not come before the second.
    NotBefore {
        /// What was written before the colon.
        from: String,
        /// What was written after it.
        to: String,
    },
    /// The target is in the other direction.
    Direction {
        /// The target as it was written.
        direction: Direction,
        /// What was written.
        target: String,
        /// What to write instead.
        instead: String,
    },
    /// A downgrade to a revision that is not applied.
    NotApplied {
        /// The revision.
        revision: Text,
    },
    /// `+N` with fewer migrations pending, or `-N` with fewer applied.
    TooFar {
        /// The direction.
        direction: Direction,
        /// The branch, where the target is of one.
        branch: Option<String>,
        /// How many migrations were requested.
        wanted: usize,
        /// How many there are.
        available: usize,
    },
    /// `ID+N` or `ID-N` where there are fewer.
    NoneThere {
        /// What was written.
        target: String,
        /// The last migration on the way.
        last: Text,
    },
    /// `head` where the history has several.
    SeveralHeads {
        /// The heads.
        heads: Vec<Text>,
        /// What to write for each of them.
        instead: Vec<Text>,
    },
}

impl fmt::Display for TargetError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TargetError::Malformed { target } => {
                write!(
                    out,
                    "`{target}` is not a target\nhelp: write `head`, `base`, a revision id or its beginning, `+1`, `-1`, `ID+1`, or `LABEL@head`"
                )
            }
            TargetError::Url => {
                out.write_str("expected a target, found a URL\nhelp: write `--database-url` before it, or set DATABASE_URL")
            }
            TargetError::Unknown { target, near: Some(near) } => {
                write!(out, "unknown revision `{target}`\nhelp: did you mean `{near}`?")
            }
            TargetError::Unknown { target, near: None } => {
                write!(out, "unknown revision `{target}`\nhelp: `history` lists all of them")
            }
            TargetError::Ambiguous { target, candidates } => {
                let help = if target.contains(['+', '-']) { "name one of them" } else { "write more of it" };
                write!(out, "`{target}` is ambiguous: it could be {}\nhelp: {help}", choices(candidates))
            }
            TargetError::SeveralWays { target, candidates, instead } => {
                write!(out, "`{target}` is ambiguous: it could be {}\nhelp: name one of them", choices(candidates))?;
                if instead.is_empty() { Ok(()) } else { write!(out, ", or write {}", choices(instead)) }
            }
            TargetError::UnknownBranch { branch, near: Some(near) } => {
                write!(out, "unknown branch `{branch}`\nhelp: did you mean `{near}`?")
            }
            TargetError::UnknownBranch { branch, near: None } => {
                write!(out, "unknown branch `{branch}`\nhelp: `heads` shows the labels of all branches")
            }
            TargetError::NotOnBranch { target, revision, branch } => {
                write!(out, "`{target}` does not exist: `{revision}` is not on the branch `{branch}`\nhelp: write `{revision}`")
            }
            TargetError::NotOne { target } => {
                write!(out, "`{target}` is not one migration\nhelp: write a revision id, its beginning, `head`, or `ID+1`")
            }
            TargetError::NoDatabase { target } => {
                write!(out, "`{target}` depends on what is applied, and no database is asked\nhelp: write a revision id")
            }
            TargetError::NotBefore { from, to } => {
                write!(out, "`{from}` does not come before `{to}`\nhelp: write `{to}:{from}`, if that is meant")
            }
            TargetError::Direction { direction, target, instead } => {
                write!(out, "the target `{target}` is not supported by `{direction}`\nhelp: write `{instead}`")
            }
            TargetError::NotApplied { revision } => {
                write!(out, "`{revision}` is not applied, so it is not a target of a downgrade\nhelp: write `upgrade {revision}`")
            }
            TargetError::TooFar { direction, branch, wanted, available } => {
                too_far(out, (*direction, branch.as_deref()), *wanted, *available)
            }
            TargetError::NoneThere { target, last } => {
                write!(out, "`{target}` is out of range: `{last}` is the last migration that way\nhelp: write a smaller number")
            }
            TargetError::SeveralHeads { heads, instead } => write!(
                out,
                "there are {} heads: {}\nhelp: write `heads` for all of them, or {} for one",
                heads.len(),
                names(heads),
                choices(instead)
            ),
        }
    }
}

fn too_far(
    out: &mut fmt::Formatter<'_>,
    (direction, branch): (Direction, Option<&str>),
    wanted: usize,
    available: usize,
) -> fmt::Result {
    let at = branch.map(|branch| format!("{branch}@")).unwrap_or_default();
    let of = branch.map(|branch| format!(" of `{branch}`")).unwrap_or_default();
    let (state, sign, all) = match direction {
        Direction::Upgrade => ("pending", '+', "head"),
        Direction::Downgrade => ("applied", '-', "base"),
    };
    write!(out, "`{at}{sign}{wanted}` is out of range: ")?;
    match available {
        0 => write!(out, "no migration{of} is {state}"),
        1 => write!(out, "only 1 migration{of} is {state}\nhelp: write `{at}{sign}1`"),
        _ => write!(out, "only {available} migrations{of} are {state}\nhelp: write `{direction} {at}{all}`"),
    }
}

impl std::error::Error for TargetError {}
