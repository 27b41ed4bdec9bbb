//! What a user writes after `upgrade` and `downgrade`.

use std::fmt;
use std::str::FromStr;

use super::{Direction, TargetError};

/// The goal of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// `head`: everything that the history has, which must have one head.
    Head,
    /// `heads`: everything that the history has.
    Heads,
    /// `base`: nothing at all.
    Base,
    /// `current`: what is applied.
    Current,
    /// A revision id, the beginning of one, or a label.
    Revision(String),
    /// `+N`: so many migrations more.
    Forward(usize),
    /// `-N`: so many migrations fewer.
    Back(usize),
    /// `ID+N`: the migration that comes so many after this one.
    After {
        /// The revision id, or the beginning of one.
        revision: String,
        /// How many.
        count: usize,
    },
    /// `ID-N`: the migration that is so many before this one.
    Before {
        /// The revision id, or the beginning of one.
        revision: String,
        /// How many.
        count: usize,
    },
    /// `BRANCH@TARGET`: of a branch, which a label or a revision names.
    Branch {
        /// The label or the revision.
        branch: String,
        /// The target on it.
        target: Box<Target>,
    },
    /// Of a downgrade: what this history has as it was applied. What it does not have, or has in another form, is undone, with what comes after
    /// it. It cannot be written as text.
    Shared,
}

/// Words of the command line that are allowed where a revision id is, so that they cannot be revision ids.
pub const RESERVED_IDS: [&str; 4] = ["base", "head", "heads", "current"];

impl Target {
    /// Reads a target.
    ///
    /// # Errors
    /// [`TargetError::Malformed`] when it is empty, or a sign is followed by something other than a number from 1.
    pub fn parse(text: &str) -> Result<Target, TargetError> {
        let text = text.trim();
        if is_url(text) {
            return Err(TargetError::Url);
        }
        match text.split_once('@') {
            None => whole(text, text),
            Some((branch, rest)) => {
                let target = whole(rest, text)?;
                let malformed = || TargetError::Malformed { target: text.to_owned() };
                if branch.is_empty() || RESERVED_IDS.contains(&branch) || branch.contains(['+', '-']) {
                    return Err(malformed());
                }
                let of_branch = |target| Ok(Target::Branch { branch: branch.to_owned(), target: Box::new(target) });
                match target {
                    // Of what is applied no part has a name.
                    Target::Current | Target::Branch { .. } | Target::Shared => Err(malformed()),
                    Target::Head | Target::Heads | Target::Base | Target::Revision(_) | Target::Forward(_) => of_branch(target),
                    Target::Back(_) | Target::After { .. } | Target::Before { .. } => of_branch(target),
                }
            }
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

    /// Whether it counts from what is applied, so that it means something else when it is read again.
    pub fn is_counted_down(&self) -> bool {
        match self {
            Target::Back(_) => true,
            Target::Branch { target, .. } => target.is_counted_down(),
            Target::Head | Target::Heads | Target::Base | Target::Current | Target::Revision(_) | Target::Forward(_) => false,
            Target::After { .. } | Target::Before { .. } | Target::Shared => false,
        }
    }

    /// Whether only a ledger says where it is; on a branch, counting begins at its base without one.
    pub fn needs_ledger(&self) -> bool {
        match self {
            Target::Current | Target::Forward(_) | Target::Back(_) => true,
            Target::Head | Target::Heads | Target::Base | Target::Revision(_) => false,
            Target::After { .. } | Target::Before { .. } | Target::Branch { .. } | Target::Shared => false,
        }
    }

    /// The branch that it is on, where it names one.
    pub fn branch(&self) -> Option<&str> {
        match self {
            Target::Branch { branch, .. } => Some(branch),
            Target::Head | Target::Heads | Target::Base | Target::Current | Target::Revision(_) | Target::Forward(_) => None,
            Target::Back(_) | Target::After { .. } | Target::Before { .. } | Target::Shared => None,
        }
    }

    /// The direction in which it is reached, where the command does not say so.
    pub fn direction(&self) -> Direction {
        match self {
            Target::Base | Target::Back(_) | Target::Shared => Direction::Downgrade,
            Target::Head | Target::Heads | Target::Current | Target::Revision(_) => Direction::Upgrade,
            Target::Forward(_) | Target::After { .. } | Target::Before { .. } => Direction::Upgrade,
            Target::Branch { target, .. } => target.direction(),
        }
    }
}

/// A target without a branch; `written` is all of it, for the error.
fn whole(text: &str, written: &str) -> Result<Target, TargetError> {
    let malformed = || TargetError::Malformed { target: written.to_owned() };
    let number = |digits: &str| digits.parse().ok().filter(|&n: &usize| n > 0).ok_or_else(malformed);
    if text.is_empty() || text.contains('@') {
        return Err(malformed());
    }
    let Some(sign) = text.rfind(['+', '-']) else {
        return Ok(match text {
            "head" => Target::Head,
            "heads" => Target::Heads,
            "base" => Target::Base,
            "current" => Target::Current,
            id => Target::Revision(id.to_owned()),
        });
    };
    let (id, count) = (&text[..sign], number(&text[sign + 1..])?);
    Ok(match (id, text[sign..].starts_with('+')) {
        ("" | "current", true) => Target::Forward(count),
        ("" | "current", false) => Target::Back(count),
        (id, true) => Target::After { revision: id.to_owned(), count },
        (id, false) => Target::Before { revision: id.to_owned(), count },
    })
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
            Target::Heads => out.write_str("heads"),
            Target::Base => out.write_str("base"),
            Target::Current => out.write_str("current"),
            Target::Revision(id) => out.write_str(id),
            Target::Forward(count) => write!(out, "+{count}"),
            Target::Back(count) => write!(out, "-{count}"),
            Target::After { revision, count } => write!(out, "{revision}+{count}"),
            Target::Before { revision, count } => write!(out, "{revision}-{count}"),
            Target::Branch { branch, target } => write!(out, "{branch}@{target}"),
            Target::Shared => out.write_str("what this history has"),
        }
    }
}
