//! The files of histories, formatted.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::formatted;
use super::style::FormatStyle;
use crate::error::SourceError;
use crate::file::SourceFile;
use crate::history::HistorySource;

/// A file in which the language is not written as the printer writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormattedFile {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub before: String,
    /// What is in it when it is formatted.
    pub after: String,
}

/// The files of these histories that are not formatted, each once, by their paths. Nothing is written.
///
/// # Errors
/// A macro has too many brackets inside of brackets; or the file that says how long a line is cannot be read.
pub fn formatted_files(histories: &[HistorySource]) -> Result<Vec<FormattedFile>, SourceError> {
    let mut files: BTreeMap<PathBuf, (Arc<SourceFile>, Vec<Range<usize>>)> = BTreeMap::new();
    for (file, range) in histories.iter().flat_map(macros) {
        let path = file.path.canonicalize().unwrap_or_else(|_| file.path.clone());
        let (_, ranges) = files.entry(path).or_insert_with(|| (Arc::clone(file), Vec::new()));
        if !ranges.contains(range) {
            ranges.push(range.clone());
        }
    }
    let done = files.into_values().map(|(file, ranges)| format(&file, ranges));
    done.filter_map(Result::transpose).collect()
}

/// The macros of a history: each file, and where in it the brackets of one are.
fn macros(history: &HistorySource) -> impl Iterator<Item = (&Arc<SourceFile>, &Range<usize>)> {
    let migrations = history.migrations.iter().map(|migration| (&migration.file, &migration.range));
    std::iter::once((&history.file, &history.range)).chain(migrations)
}

/// A file with its macros formatted; `None` where it is so already.
fn format(file: &SourceFile, mut ranges: Vec<Range<usize>>) -> Result<Option<FormattedFile>, SourceError> {
    let style = FormatStyle::of(file.path.parent().unwrap_or(Path::new("")))?;
    ranges.sort_by_key(|range| range.start);
    let mut new = Vec::new();
    for range in ranges {
        let text = &file.text[range.clone()];
        let after = formatted(text, indent(file, range.start), &style);
        let after = after.ok_or_else(|| SourceError::Unformatted { path: file.path.clone(), line: line(file, range.start) })?;
        if after != text {
            new.push((range, after));
        }
    }
    let (path, before) = (file.path.clone(), file.raw().to_owned());
    Ok((!new.is_empty()).then(|| FormattedFile { path, before, after: file.replaced(&new) }))
}

/// The indent of the line that a place is on.
fn indent(file: &SourceFile, at: usize) -> &str {
    let start = file.text[..at].rfind('\n').map_or(0, |end| end + 1);
    let line = &file.text[start..at];
    &line[..line.len() - line.trim_start().len()]
}

/// The line of a place, from 1.
fn line(file: &SourceFile, at: usize) -> usize {
    file.text[..at].matches('\n').count() + 1
}
