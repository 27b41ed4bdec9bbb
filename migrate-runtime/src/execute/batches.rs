//! The rows that the next batch of a step takes. Its position is in the ledger, in the transaction that does the rows, so that
//! each row is taken once whatever happens.

use super::attempt_error::AttemptError;
use super::runner::{Runner, Task};
use crate::driver::Driver;
use crate::sql::dialect;

/// Between which keys the rows of a batch are.
pub(super) struct Keys {
    /// The last key of the batch before; `None` in the first.
    pub after: Option<String>,
    /// The last key of this one.
    pub upto: String,
}

impl Keys {
    /// A text with the keys, each as a literal.
    pub fn fill<D: Driver>(&self, text: &str) -> String {
        filled(text, &literal::<D>(self.after.as_deref()), &literal::<D>(Some(&self.upto)))
    }
}

impl<D: Driver> Runner<'_, '_, D> {
    /// Which rows are next, after those that the ledger says are done; `None` where none are left.
    pub(super) async fn next_keys(&mut self, task: Task<'_>, next: &str) -> Result<Option<Keys>, AttemptError> {
        let begun = self.begun(task).await?.ok_or_else(|| AttemptError::gone(&task.of.planned.revision))?;
        let after = begun.cursor.map(String::from);
        let rows = self.driver.texts(&filled(next, &literal::<D>(after.as_deref()), "NULL")).await;
        let rows = rows.map_err(|error| AttemptError::of::<D>("look for the next rows", error))?;
        Ok(rows.into_iter().flatten().flatten().next().map(|upto| Keys { after, upto }))
    }
}

fn literal<D: Driver>(key: Option<&str>) -> String {
    key.map_or_else(|| "NULL".to_owned(), |key| dialect(D::DATABASE).literal(key))
}

/// A text with the keys between which it works, each as a literal. The text of a key is left as it is.
fn filled(text: &str, after: &str, upto: &str) -> String {
    let between = |part: &str| part.replace("{upto}", upto);
    text.split("{after}").map(between).collect::<Vec<_>>().join(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_read_as_a_place() {
        assert_eq!(filled("k > {after} AND k <= {upto}", "'{upto}'", "'{after}'"), "k > '{upto}' AND k <= '{after}'");
    }
}
