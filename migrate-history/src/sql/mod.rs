//! SQL as far as it is read: its tokens, and the version of a database that it requires.

mod need;
mod token;

pub use self::need::{Need, beyond};
pub use self::token::{SqlToken, TextEnd, tokens};
