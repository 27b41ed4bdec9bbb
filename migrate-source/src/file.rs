//! A source file.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use proc_macro2::{LexError, TokenStream};

use crate::error::SourceError;

/// A source file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

impl SourceFile {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is not UTF-8.
    pub fn read(path: &Path) -> Result<SourceFile, SourceError> {
        let path = path.to_owned();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(SourceFile { path, text }),
            Err(error) => Err(SourceError::Read { path, error }),
        }
    }

    /// What is in it as tokens, whose places are in the text.
    pub(crate) fn tokens(&self) -> Result<TokenStream, SourceError> {
        self.text.parse().map_err(|error: LexError| {
            let start = error.span().start();
            let (line, column) = (start.line, start.column + 1);
            let rest = self.text.get(error.span().byte_range().start..).unwrap_or("");
            SourceError::Syntax { path: self.path.clone(), line, column, reason: unreadable(rest).to_owned() }
        })
    }
}

/// Why a source cannot be read as Rust tokens from here on.
fn unreadable(rest: &str) -> &'static str {
    match rest.chars().next() {
        Some('\'') => "expected one character in single quotes: a string literal is written in double quotes",
        Some('"') => "a string literal is not closed",
        Some(')' | ']' | '}') => "this bracket closes none that is open, or another one",
        None => "a bracket is not closed",
        Some(_) => "cannot parse the file as Rust",
    }
}

/// Writes a file as a whole: who reads it meanwhile, or after a crash, finds the old text or the new one.
///
/// # Errors
/// It cannot be written; then it is as it was.
pub fn write_whole(path: &Path, text: &str) -> Result<(), SourceError> {
    replace(path, text).map_err(|error| SourceError::Write { path: path.to_owned(), error })
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".migrate-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    // A temporary file is the owner's alone.
    match fs::metadata(path) {
        Ok(old) => fs::set_permissions(file.path(), old.permissions())?,
        Err(_) => fs::set_permissions(file.path(), usual(folder)?)?,
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The rights of a new file in this folder.
fn usual(folder: &Path) -> std::io::Result<fs::Permissions> {
    let probe = folder.join(format!(".migrate-probe-{}", std::process::id()));
    let rights = fs::File::create_new(&probe).and_then(|file| file.metadata()).map(|metadata| metadata.permissions());
    fs::remove_file(&probe)?;
    rights
}
