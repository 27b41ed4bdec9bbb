//! What every session and every script is set to, as data: the same whatever role, database, URL or client say, so that a
//! migration stores the same values and makes the same objects wherever it runs.

pub(crate) mod postgres;
pub(crate) mod sqlite;
