//! Several statements as one message of the protocol.

use crate::driver::{BETWEEN, MessageError};
use crate::error::position;

/// Which statement an error is about, and where that statement begins in the message.
pub(super) fn message_error(statements: &[String], answered: usize, error: sqlx::Error) -> MessageError {
    let mut offset = 0;
    let starts: Vec<usize> = statements
        .iter()
        .map(|statement| {
            let start = offset;
            offset += statement.chars().count() + BETWEEN.len();
            start
        })
        .collect();
    let position = position(&error).and_then(|position| position.checked_sub(1));
    let at = position.map_or(answered, |position| starts.partition_point(|start| *start <= position) - 1);
    let at = at.min(statements.len().saturating_sub(1));
    MessageError { at, offset: starts.get(at).copied().unwrap_or_default(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_position_the_answers_say_which_statement_it_is() {
        let statements = ["BEGIN".to_owned(), "SELECT 1".to_owned()];
        let failed = message_error(&statements, 1, sqlx::Error::RowNotFound);
        assert_eq!((failed.at, failed.offset), (1, 5 + BETWEEN.len()));
    }
}
