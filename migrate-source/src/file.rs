//! A source file.

use std::fs;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use proc_macro2::{LexError, TokenStream};

use crate::error::SourceError;
use crate::quotes::{self, SingleQuoted};

/// A source file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it, as rustc reads it: each line ends with `\n` alone.
    pub text: String,
    /// What is in it, where that is something else.
    raw: Option<String>,
    /// The string literals in single quotes, where its tokens were read in spite of them.
    pub(crate) single_quoted: Vec<SingleQuoted>,
}

impl SourceFile {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is not UTF-8.
    pub fn read(path: &Path) -> Result<SourceFile, SourceError> {
        let path = path.to_owned();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(SourceFile::of(path, text)),
            Err(error) => Err(SourceError::Read { path, error }),
        }
    }

    /// A file with this text.
    pub fn of(path: PathBuf, text: String) -> SourceFile {
        if text.contains("\r\n") {
            return SourceFile { path, text: text.replace("\r\n", "\n"), raw: Some(text), single_quoted: Vec::new() };
        }
        SourceFile { path, text, raw: None, single_quoted: Vec::new() }
    }

    /// The place in the file itself of a place in its text, in bytes.
    pub fn offset(&self, at: usize) -> usize {
        let Some(raw) = &self.raw else { return at };
        let mut left = at;
        let mut offset = 0;
        for line in raw.split_inclusive('\n') {
            let read = line.len() - usize::from(line.ends_with("\r\n"));
            if left < read {
                break;
            }
            left -= read;
            offset += line.len();
        }
        offset + left
    }

    /// The line and the column of a place in its text, both from 1, the column in characters.
    pub fn position(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(&self.text);
        let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    /// The file with more text at a place, whose lines end as its own do.
    pub(crate) fn with(&self, at: usize, more: &str) -> String {
        self.replaced(&[(at..at, more.to_owned())])
    }

    /// What is in the file itself.
    pub(crate) fn raw(&self) -> &str {
        self.raw.as_ref().unwrap_or(&self.text)
    }

    /// The file with other text at some places, in order, whose lines end as its own do.
    pub(crate) fn replaced(&self, places: &[(Range<usize>, String)]) -> String {
        let own = self.raw();
        let (mut text, mut at) = (String::with_capacity(own.len()), 0);
        for (range, new) in places {
            text.push_str(&own[at..self.offset(range.start)]);
            text.push_str(&if self.raw.is_some() { new.replace('\n', "\r\n") } else { new.clone() });
            at = self.offset(range.end);
        }
        text.push_str(&own[at..]);
        text
    }

    /// What is in it as tokens, whose places are in the text.
    pub(crate) fn tokens(&self) -> Result<TokenStream, SourceError> {
        self.text.parse().map_err(|error| self.syntax(&error))
    }

    /// The same of a file with migrations, in spite of string literals in single quotes, which are noted.
    pub(crate) fn tokens_and_quotes(&mut self) -> Result<TokenStream, SourceError> {
        if !self.text.contains("migration!") {
            return self.tokens();
        }
        let (tokens, quoted) = quotes::tokens(&self.text).map_err(|error| self.syntax(&error))?;
        self.single_quoted = quoted;
        Ok(tokens)
    }

    fn syntax(&self, error: &LexError) -> SourceError {
        let start = error.span().start();
        let (line, column) = (start.line, start.column + 1);
        let rest = self.text.get(error.span().byte_range().start..).unwrap_or("");
        SourceError::Syntax { path: self.path.clone(), line, column, reason: unreadable(rest).to_owned() }
    }
}

/// Why a source cannot be read as Rust tokens from here on.
fn unreadable(rest: &str) -> &'static str {
    match rest.chars().next() {
        Some('\'') => "expected one character in single quotes: a string literal is written in double quotes",
        Some('"') => "a string literal is not closed",
        Some(')' | ']' | '}') => "unexpected closing bracket: it does not match an open one",
        None => "a bracket is not closed",
        Some(_) => "cannot parse the file as Rust",
    }
}

/// Writes a file as a whole: whatever reads it at the same time, or after a crash, finds the old text or the new one.
///
/// # Errors
/// It cannot be written; then it is as it was.
pub fn write_whole(path: &Path, text: &str) -> Result<(), SourceError> {
    replace(path, text).map_err(|error| SourceError::Write { path: path.to_owned(), error })
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    // A link stays a link.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
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
