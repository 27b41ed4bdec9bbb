//! What a downgrade drops of that which came into being since the upgrade, as far as it was counted.

use std::fmt;

use crate::{Count, List, Tally, Text};

/// Something that a downgrade drops, and how much there is of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dropped {
    /// What is counted, and how.
    pub tally: Tally,
    /// How much there was of it when it was counted.
    pub count: Count,
}

impl Dropped {
    pub(super) fn unasked(tally: &Tally) -> Dropped {
        Dropped { tally: tally.clone(), count: Count::NotAsked }
    }

    /// What is used instead of the questions that a row of an older version does not have.
    pub(super) fn unknown() -> Dropped {
        let what = Text::Borrowed("rows and values of what it made");
        let why = Text::Borrowed("the ledger's row was written by a version that did not count");
        Dropped { tally: Tally { query: Text::default(), what, reads: List::default() }, count: Count::Unknown(why) }
    }
}

/// "1,000 rows of `t`"
impl fmt::Display for Dropped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.count.with(&self.tally.what))
    }
}
