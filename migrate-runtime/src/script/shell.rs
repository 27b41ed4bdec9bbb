//! What a script is read by.

use crate::sql::Parameter;

/// A question whose answer must be zero, and what its name says where it is not.
pub(super) struct Question {
    pub name: &'static str,
    pub query: String,
}

/// The shell of a database: what is a command of it, and what it is set to.
pub(super) trait Shell: Sync {
    /// The lines with which a script ends in the shell of the other database, which would go on after each error and run what it
    /// understands. Both read them: what is a command of one is the beginning of a statement for the other.
    fn stop(&self) -> &'static str;

    /// What the reader should know of where it works.
    fn place(&self) -> Option<&'static str>;

    /// The schema of the ledger, as SQL: a variable of the shell, where there are schemas.
    fn schema(&self) -> Option<String>;

    /// Who runs the script.
    fn by(&self) -> Parameter;

    /// An error stops the script, and every statement finds the settings that it would find in a session of the executor.
    fn settled(&self, history: &str) -> String;

    /// The settings once more, whatever the migration before has set.
    fn again(&self) -> String;

    /// The settings that the shell had before, as far as it can keep them.
    fn put_back(&self) -> String;

    /// The locks of the executor: the one that lasts as long as the session, where there is one, and no lease of another run. A script does not wait for it: waiting inside the
    /// server would hold up a concurrent index build of the one who has it.
    fn locks(&self) -> Vec<Question>;

    /// Begins a transaction that may write.
    fn begin(&self) -> &'static str;

    /// What is set again before a step, and after its statements.
    fn around_step(&self) -> (String, String);

    /// How many rows of the history the later schemas of the search path have, where there are schemas; known since [`Shell::settled`].
    fn elsewhere(&self) -> Option<Question>;
}
