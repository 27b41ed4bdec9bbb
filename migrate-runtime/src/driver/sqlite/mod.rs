//! SQLite.

mod call;
mod driver;
mod endpoint;
mod error;
mod file;
mod holder;
mod interrupt;
mod open;
mod pragmas;
mod question;
mod reading;
mod remedy;
mod retry;
mod send;
mod session;
mod wait;

pub(crate) use self::file::{File, FileMode};
pub(crate) use self::remedy::remedy;
pub(crate) use self::session::SqliteSession;
