//! What is wrong with a source file.

use std::ops::Range;
use std::sync::Arc;

use migrate_compiler::diagnostic::Diagnostic;
use proc_macro2::Span;

use crate::file::SourceFile;

/// What is wrong with a source file, and where.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static str,
    /// The file.
    pub file: Arc<SourceFile>,
    /// Where in the file, in bytes.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Why, or where something was defined.
    pub note: Option<String>,
}

impl Finding {
    /// An error, its message followed by what to write instead where that is known.
    pub(crate) fn error(rule: &'static str, file: &Arc<SourceFile>, range: Range<usize>, text: &str) -> Finding {
        let (message, help) = match text.split_once("\nhelp: ") {
            Some((message, help)) => (message, Some(help.to_owned())),
            None => (text, None),
        };
        let file = Arc::clone(file);
        Finding { rule, file, range, message: message.to_owned(), help, note: None }
    }

    /// What the compiler found in a macro of the file; where it names no place, it is the whole macro.
    pub(crate) fn of(diagnostic: &Diagnostic, file: &Arc<SourceFile>, whole: &Range<usize>) -> Finding {
        let problem = &diagnostic.problem;
        let (help, note) = (problem.help.clone(), problem.note.clone());
        let range = range(diagnostic.span).unwrap_or(whole.start..whole.start + 1);
        let (file, message) = (Arc::clone(file), problem.message.clone());
        Finding { rule: problem.code, file, range, message, help, note }
    }

    /// The line and the column that it begins at, both from 1, the column in characters.
    pub fn position(&self) -> (usize, usize) {
        let before = self.file.text.get(..self.range.start).unwrap_or(&self.file.text);
        let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

/// The place of a token in its file.
pub(crate) fn range(span: Span) -> Option<Range<usize>> {
    let range = span.byte_range();
    (!range.is_empty()).then_some(range)
}
