//! Why a call of a function did not do its work.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// Why a call of a function did not do its work.
#[derive(Clone, Debug)]
pub(crate) enum CallFailure {
    /// The function returned this.
    Returned(Arc<dyn StdError + Send + Sync>),
    /// It panicked with this message.
    Panicked(String),
    /// It returned the cursor that it was called with, and so would never end.
    Stuck(String),
    /// The function is of another version of this crate.
    Missing,
    /// It runs outside of a transaction, where a pooler gives each statement another session.
    Pooled,
}

impl CallFailure {
    /// The driver's error in what the function returned.
    pub fn as_sqlx(&self) -> Option<&sqlx::Error> {
        let CallFailure::Returned(error) = self else { return None };
        chain(&**error).find_map(|error| error.downcast_ref())
    }
}

/// An error and its sources.
fn chain<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn StdError + 'static)| (**error).source())
}

impl fmt::Display for CallFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallFailure::Returned(error) => {
                let mut said = String::new();
                for error in chain(&**error) {
                    let text = error.to_string();
                    // Many errors repeat their source.
                    if !said.ends_with(&text) {
                        said += if said.is_empty() { "" } else { ": " };
                        said += &text;
                    }
                }
                out.write_str(&said)
            }
            CallFailure::Panicked(message) => write!(out, "it panicked: {message}"),
            CallFailure::Stuck(cursor) => {
                write!(out, "it returned the cursor `{cursor}` that it was called with, so it would never end")
            }
            CallFailure::Pooled => out.write_str(
                "a function outside of a transaction is not supported behind a pooler in transaction mode\n\
                 help: connect to the server directly",
            ),
            CallFailure::Missing => out.write_str("it has another version of migrate\nhelp: use the same version everywhere"),
        }
    }
}
