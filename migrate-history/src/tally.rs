//! What a downgrade drops of what was created since the upgrade: counted, and dropped only with consent; never a refusal of its own.

use std::fmt;

use super::{List, Text, counted};

/// How far is counted: a larger number would not change the decision, and a large table is not read to its end.
pub const LIMIT: u32 = 10_000;

/// A query before a downgrade: how much is there of something that it drops?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// A query with one row and one column, a count up to one more than [`LIMIT`].
    pub query: Text,
    /// What follows the number: "rows of `users`", "values of `users.nickname`".
    pub what: Text,
    /// The paths that the query reads, written as in [`super::Script::moves`].
    pub reads: List<Text>,
}

/// How much there is of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// So much.
    Of(u32),
    /// More than [`LIMIT`].
    More,
    /// It was not counted: there is no connection to a database.
    NotAsked,
    /// It cannot be counted before this revision is undone, which changes what would be counted.
    After(Text),
    /// It cannot be known: the database could not answer, or the ledger's row is older than such queries.
    Unknown(Text),
}

impl Count {
    /// What the answer to a [`Tally`] means.
    pub fn of(found: u32) -> Count {
        if found > LIMIT { Count::More } else { Count::Of(found) }
    }

    /// Whether there is nothing for certain.
    pub fn is_none(&self) -> bool {
        match self {
            Count::Of(found) => *found == 0,
            Count::More | Count::NotAsked | Count::After(_) | Count::Unknown(_) => false,
        }
    }

    /// Whether there is something, or may be and will never be counted.
    pub fn is_some(&self) -> bool {
        match self {
            Count::Of(found) => *found > 0,
            Count::More | Count::Unknown(_) => true,
            Count::NotAsked | Count::After(_) => false,
        }
    }

    /// The count with what is counted.
    pub fn with(&self, what: &str) -> String {
        match self {
            Count::Of(0) => format!("no {what}"),
            Count::Of(found @ 1..1_000) => counted(i64::from(*found), what),
            Count::Of(found) => format!("{},{:03} {what}", found / 1_000, found % 1_000),
            Count::More => format!("more than {},{:03} {what}", LIMIT / 1_000, LIMIT % 1_000),
            Count::NotAsked => format!("the {what}"),
            Count::After(revision) => format!("the {what}, counted when `{revision}` is undone"),
            Count::Unknown(why) => format!("the {what}, not counted: {why}"),
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_read_as_a_phrase() {
        let shown = |count: Count| count.with("rows of `t`");
        assert_eq!(shown(Count::of(0)), "no rows of `t`");
        assert_eq!(shown(Count::of(1)), "1 row of `t`");
        assert_eq!(shown(Count::of(999)), "999 rows of `t`");
        assert_eq!(shown(Count::of(1_000)), "1,000 rows of `t`");
        assert_eq!(shown(Count::of(10_000)), "10,000 rows of `t`");
        assert_eq!(shown(Count::of(10_001)), "more than 10,000 rows of `t`");
        assert_eq!(shown(Count::After("m3".into())), "the rows of `t`, counted when `m3` is undone");
    }
}
