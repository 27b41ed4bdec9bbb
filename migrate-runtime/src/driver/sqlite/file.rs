//! A file that a URL names, and whether it can be opened.

use std::path::PathBuf;

use sqlx::sqlite::SqliteConnectOptions;

use crate::Error;
use crate::purpose::Purpose;

/// A SQLite database that a URL names.
pub(crate) struct File {
    pub options: SqliteConnectOptions,
    pub path: PathBuf,
    pub opened: FileMode,
    /// The URL states that no process writes it.
    pub immutable: bool,
    /// The URL names a file system of SQLite, to which the path may mean anything.
    pub vfs: bool,
}

/// How the URL says that a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileMode {
    /// It is none, but a database in memory.
    Memory,
    /// `mode=ro`
    Reading,
    /// `mode=rw`
    Writing,
    /// `mode=rwc`
    Making,
    /// It does not say.
    AsNeeded,
}

impl File {
    /// Whether there is no such file.
    pub fn is_missing(&self) -> bool {
        self.opened != FileMode::Memory && !self.vfs && !self.path.exists()
    }

    /// How to open it. Only an upgrade makes a file. What only reads opens it for writing too, and then writes nothing: else SQLite could
    /// not bring a file in order whose writer was killed. Where the file may not be written, SQLite opens it for reading.
    pub fn options(self, purpose: Purpose) -> SqliteConnectOptions {
        match (self.opened, purpose) {
            (FileMode::Memory | FileMode::Reading | FileMode::Writing | FileMode::Making, _) => self.options,
            (FileMode::AsNeeded, Purpose::Read) => self.options.pragma("query_only", "1"),
            (FileMode::AsNeeded, Purpose::Write) => self.options,
            (FileMode::AsNeeded, Purpose::Create) => self.options.create_if_missing(true),
        }
    }

    /// Refuses what SQLite would open as a database and is none, or could not open for this purpose.
    pub fn check(&self, purpose: Purpose) -> Result<(), Error> {
        if self.opened == FileMode::Memory || self.vfs {
            return Ok(());
        }
        let path = self.path.display();
        let problem = match std::fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => format!("`{path}` is a folder\nhelp: write the path of a file in it"),
            Ok(found) if !found.is_file() => format!("`{path}` is not a file but a device, a pipe or a socket"),
            Ok(_) if purpose.writes() && (self.opened == FileMode::Reading || self.immutable) => {
                "it opens the file for reading only, and this command writes\nhelp: leave out `mode=ro` and `immutable`"
                    .to_owned()
            }
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => match self.missing(purpose) {
                Some(problem) => problem,
                None => return Ok(()),
            },
            Err(error) => format!("`{path}` cannot be opened: {error}"),
        };
        Err(Error::Url(problem))
    }

    /// Why a file that is not there is not made.
    fn missing(&self, purpose: Purpose) -> Option<String> {
        let path = self.path.display();
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
        match (self.opened, purpose, folder) {
            (FileMode::Reading, _, _) => Some(format!("`{path}` does not exist\nhelp: correct the path")),
            (FileMode::Writing, _, _) => Some(format!(
                "`{path}` does not exist, and `mode=rw` does not create it\nhelp: write `mode=rwc`, or correct the path"
            )),
            (_, Purpose::Create, Some(folder)) => {
                Some(format!("its folder `{}` does not exist\nhelp: create it, or correct the path", folder.display()))
            }
            (FileMode::Making | FileMode::AsNeeded | FileMode::Memory, Purpose::Read | Purpose::Write | Purpose::Create, _) => {
                None
            }
        }
    }
}
