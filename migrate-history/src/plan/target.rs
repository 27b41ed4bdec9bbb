//! What a user writes after `upgrade` and `downgrade`.

use std::fmt;
use std::str::FromStr;

use crate::Text;

use super::Direction;
use super::words::{choices, names};

/// The goal of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `head`: everything that the history has.
    Head,
    /// `base`: nothing at all.
    Base,
    /// A revision id, or the beginning of one.
    Revision(String),
    /// `+N`: so many migrations more.
    Forward(usize),
    /// `-N`: so many migrations fewer.
    Back(usize),
    /// `ID+N`: the migration that comes so many after this one.
    After(String, usize),
    /// `ID-N`: the migration that is so many before this one.
    Before(String, usize),
    /// Of a downgrade: what this history has as it was applied. What it does not have, or has in another form, is undone, with what comes after
    /// it. It cannot be written as text.
    Shared,
}

/// Words of the command line that are allowed where a revision id is, so that they cannot be revision ids.
pub const RESERVED_IDS: [&str; 4] = ["base", "head", "heads", "current"];

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
        /// The target as it was written.
        direction: Direction,
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
    },
}

impl Target {
    /// Reads a target.
    ///
    /// # Errors
    /// [`TargetError::Malformed`] when it is empty, or a sign is followed by something other than a number from 1.
    pub fn parse(text: &str) -> Result<Target, TargetError> {
        let text = text.trim();
        let malformed = || TargetError::Malformed { target: text.to_owned() };
        let number = |digits: &str| digits.parse().ok().filter(|&n: &usize| n > 0).ok_or_else(malformed);
        match text.chars().next() {
            _ if is_url(text) => Err(TargetError::Url),
            None => Err(malformed()),
            Some('+') => Ok(Target::Forward(number(&text[1..])?)),
            Some('-') => Ok(Target::Back(number(&text[1..])?)),
            // Of a history there is one head, and the other tools have a word for several.
            Some(_) if text == "head" || text == "heads" => Ok(Target::Head),
            Some(_) if text == "base" => Ok(Target::Base),
            Some(_) => match text.rfind(['+', '-']) {
                Some(sign) => {
                    let (base, count) = (text[..sign].to_owned(), number(&text[sign + 1..])?);
                    Ok(if text[sign..].starts_with('+') { Target::After(base, count) } else { Target::Before(base, count) })
                }
                None => Ok(Target::Revision(text.to_owned())),
            },
        }
    }

    /// The two texts of `FROM:TO`, or the only one of `TO`.
    ///
    /// # Errors
    /// [`TargetError::Url`], which a colon would cut in two.
    pub fn range(text: &str) -> Result<(Option<&str>, &str), TargetError> {
        match text.split_once(':') {
            _ if is_url(text) => Err(TargetError::Url),
            Some((from, to)) => Ok((Some(from), to)),
            None => Ok((None, text)),
        }
    }
}

/// Whether it is a URL rather than a target.
fn is_url(text: &str) -> bool {
    text.contains("://")
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Target, TargetError> {
        Target::parse(text)
    }
}

impl TryFrom<&str> for Target {
    type Error = TargetError;

    fn try_from(text: &str) -> Result<Target, TargetError> {
        Target::parse(text)
    }
}

impl TryFrom<&String> for Target {
    type Error = TargetError;

    fn try_from(text: &String) -> Result<Target, TargetError> {
        Target::parse(text)
    }
}

impl TryFrom<String> for Target {
    type Error = TargetError;

    fn try_from(text: String) -> Result<Target, TargetError> {
        Target::parse(&text)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Head => out.write_str("head"),
            Target::Base => out.write_str("base"),
            Target::Revision(id) => out.write_str(id),
            Target::Forward(count) => write!(out, "+{count}"),
            Target::Back(count) => write!(out, "-{count}"),
            Target::After(id, count) => write!(out, "{id}+{count}"),
            Target::Before(id, count) => write!(out, "{id}-{count}"),
            Target::Shared => out.write_str("what this history has"),
        }
    }
}

impl fmt::Display for TargetError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TargetError::Malformed { target } => {
                write!(
                    out,
                    "`{target}` is not a target\nhelp: write `head`, `base`, a revision id or its beginning, `+1`, `-1`, or `ID+1`"
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
            TargetError::Direction { direction, target, instead } => {
                write!(out, "the target `{target}` is not supported by `{direction}`\nhelp: write `{instead}`")
            }
            TargetError::NotApplied { revision } => {
                write!(out, "`{revision}` is not applied, so it is not a target of a downgrade\nhelp: write `upgrade {revision}`")
            }
            TargetError::TooFar { direction, wanted, available } => too_far(out, *direction, *wanted, *available),
            TargetError::NoneThere { target, last } => {
                write!(out, "`{target}` is out of range: `{last}` is the last migration that way\nhelp: write a smaller number")
            }
            TargetError::SeveralHeads { heads } => write!(
                out,
                "the history has {} heads: {}\nhelp: write a migration that comes after all of them, or name one",
                heads.len(),
                names(heads)
            ),
        }
    }
}

fn too_far(out: &mut fmt::Formatter<'_>, direction: Direction, wanted: usize, available: usize) -> fmt::Result {
    let (state, sign, all) = match direction {
        Direction::Upgrade => ("pending", '+', "head"),
        Direction::Downgrade => ("applied", '-', "base"),
    };
    match available {
        0 => write!(out, "`{sign}{wanted}` is out of range: no migration is {state}"),
        1 => write!(out, "`{sign}{wanted}` is out of range: only 1 migration is {state}\nhelp: write `{sign}1`"),
        _ => write!(
            out,
            "`{sign}{wanted}` is out of range: only {available} migrations are {state}\nhelp: write `{direction} {all}`"
        ),
    }
}

impl std::error::Error for TargetError {}
