//! What is written otherwise for each database.

use migrate_history::KeptPlace;

/// The types of the columns of our tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    /// Of a number of 64 bits.
    pub number: &'static str,
    /// Of a moment.
    pub moment: &'static str,
    /// Of the number that each entry of the journal gets.
    pub entry: &'static str,
}

/// How rows are joined to one text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines {
    /// The aggregate function, of a text and its separator.
    pub join: &'static str,
    /// A tab, as an expression.
    pub tab: &'static str,
    /// A line feed, as an expression.
    pub line: &'static str,
}

/// How our statements are written for one database.
pub(crate) trait LedgerDialect: Sync {
    /// A text as a literal.
    fn literal(&self, text: &str) -> String;

    /// A query that fails unless the condition holds, and then says the word where the database can. SQL has no statement for that.
    fn fails_unless(&self, condition: &str, word: &str) -> String;

    /// A statement that is written out, failing unless it touches exactly one row.
    fn once(&self, statement: &str) -> Vec<String>;

    /// The types of our tables.
    fn columns(&self) -> Columns;

    /// The time, by the clock of the database.
    fn now(&self) -> &'static str;

    /// How long the transaction has lasted, in milliseconds, by the clock of the database; zero where it has none.
    fn transaction_duration(&self) -> &'static str;

    /// A query for how many rows a table has, as far as that is known at once.
    fn rows(&self, schema: Option<&str>, table: &str) -> String;

    /// A query for how many values a column has, and how many bytes these are, both as text.
    fn values(&self, table: &str, column: &str) -> String;

    /// A query for what must be known of a place that is kept to empty it; `None` where nothing must.
    fn description(&self, place: &KeptPlace) -> Option<String>;

    /// What empties a place that is kept, given the answer.
    fn empty(&self, place: &KeptPlace, described: &[Option<String>]) -> Vec<String>;

    /// A query that says 1 where a place that is kept is there, as text.
    fn is_there(&self, place: &KeptPlace) -> String;

    /// What drops a place that is kept.
    fn drop(&self, place: &KeptPlace) -> String;

    /// A column of a moment as text: UTC, RFC 3339.
    fn moment(&self, column: &str) -> String;

    /// How rows are joined to one text.
    fn lines(&self) -> Lines;
}
