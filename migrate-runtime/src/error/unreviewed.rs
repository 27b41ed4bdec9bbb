//! A change that was not reviewed.

use std::fmt;

use migrate_history::plan::Direction;

use crate::protected::Protection;

/// A change that was not reviewed, or that is not the reviewed one; nothing was run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreviewed {
    /// Why it must be reviewed; `None` where it need not, and the hash of a review was given.
    pub protection: Option<Protection>,
    /// What it is.
    pub review: Review,
    /// The hash of what would be done now.
    pub hash: String,
    /// The hash that was given.
    pub given: Option<String>,
}

/// What is to be reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Review {
    /// A plan in this direction.
    Plan(Direction),
    /// These changes, of which there is no plan: what is recorded as applied, or what is deleted for good.
    Lines(Vec<String>),
}

impl fmt::Display for Unreviewed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unreviewed { protection, review, hash, given } = self;
        match (given, review) {
            (None, Review::Plan(_)) => out.write_str("this database is protected, and no hash of a reviewed plan was given")?,
            (None, Review::Lines(_)) => out.write_str("this database is protected, and this change was not reviewed")?,
            (Some(_), Review::Plan(_)) => out.write_str("this is not the plan that was reviewed")?,
            (Some(_), Review::Lines(_)) => out.write_str("this is not the change that was reviewed")?,
        }
        if let Some(protection) = protection {
            write!(out, "\nnote: {protection}")?;
        }
        if let Some(given) = given {
            write!(out, "\nnote: its hash is {hash}, and {given} was given")?;
        }
        match review {
            Review::Lines(lines) => {
                write!(out, "\nnote: it would {}", lines.join(", "))?;
                write!(out, "\nhelp: write `--plan {hash}` once that is agreed on")
            }
            Review::Plan(direction) => {
                let (plan, run) = match direction {
                    Direction::Upgrade => ("plan", "upgrade --plan HASH"),
                    Direction::Downgrade => ("plan --downgrade TARGET", "downgrade TARGET --plan HASH"),
                };
                write!(out, "\nhelp: review what `{plan}` shows, and write `{run}` with the hash that `{plan} --hash` prints")
            }
        }
    }
}
