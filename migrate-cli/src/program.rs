//! The program that the command line belongs to.

use migrate_history::History;

/// What a program gives its command line.
#[derive(Clone)]
pub(crate) struct Program {
    /// Its migrations.
    pub history: &'static History,
    /// The database that is meant where nothing names one.
    pub default_url: Option<String>,
}
