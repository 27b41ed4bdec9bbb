//! SQLite.

mod access;
mod driver;
mod error;
mod file;
mod holder;
mod open;
mod pragmas;
mod reading;
mod remedy;
mod retry;
mod send;
mod session;
mod wait;

pub(crate) use self::file::{File, Opened};
pub(crate) use self::remedy::remedy;
pub(crate) use self::session::Sqlite;
