//! A SQLite database in a file of its own.

use std::path::PathBuf;

use tempfile::TempDir;

/// A path for a database, in a folder that goes when this does. The file is not made.
#[derive(Debug)]
pub struct File {
    folder: TempDir,
}

/// A new path.
///
/// # Panics
/// No temporary folder can be made.
pub fn file() -> File {
    File { folder: tempfile::Builder::new().prefix("migrate-sqlite-").tempdir().expect("a temporary folder") }
}

impl File {
    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("app.db")
    }

    /// For `upgrade` and its sisters.
    pub fn url(&self) -> String {
        format!("sqlite://{}", self.path().display())
    }
}
