//! What is wrong with a source file.

use std::ops::Range;
use std::sync::Arc;

use migrate_compiler::diagnostic::Diagnostic;
use migrate_compiler::help::{Applicability, Replacement};
use proc_macro2::Span;

use crate::file::SourceFile;
use crate::quotes::SingleQuoted;

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
    /// The help as data, where it is one text in the place of another.
    pub suggestion: Option<SuggestedEdit>,
}

/// A text in the place of another, which a help says to write.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SuggestedEdit {
    /// What it replaces in the text of the file, in bytes.
    pub range: Range<usize>,
    /// What to write there.
    pub replacement: String,
    /// Whether it is meant.
    pub applicability: Applicability,
}

impl SuggestedEdit {
    /// What a diagnostic says to write, where that is so written in the file that it can be replaced.
    fn of(diagnostic: &Diagnostic, text: &str) -> Option<SuggestedEdit> {
        let Replacement { old, new, applicability } = diagnostic.problem.help.as_ref()?.replacement()?;
        let range = match (&diagnostic.replaced, old) {
            (Some(replaced), _) => range(replaced.first)?.start..range(replaced.last)?.end,
            // A name may be written in another way than the message has it: `r#Name`, `"a name"`.
            (None, Some(old)) => {
                let start = range(diagnostic.span)?.start;
                begins(text, start, old).then(|| start..start + old.len())?
            }
            (None, None) => range(diagnostic.span)?,
        };
        let old = text.get(range.clone())?;
        // A comment would be lost.
        let has_comment = old.contains("//") || old.contains("/*");
        (!has_comment).then(|| SuggestedEdit { range, replacement: new.clone(), applicability: *applicability })
    }
}

/// Whether a text has this, and no longer word, at a place.
fn begins(text: &str, at: usize, old: &str) -> bool {
    let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let after = text.get(at..).and_then(|rest| rest.strip_prefix(old));
    after.is_some_and(|after| !(old.ends_with(is_of_word) && after.starts_with(is_of_word)))
}

impl Finding {
    /// Rule `single_quotes`.
    pub(crate) fn of_quotes(literal: &SingleQuoted, file: &Arc<SourceFile>) -> Finding {
        let SingleQuoted { range, rust } = literal;
        let text = format!("a string literal is written in double quotes\nhelp: write `{rust}`");
        let suggestion =
            SuggestedEdit { range: range.clone(), replacement: rust.clone(), applicability: Applicability::MachineApplicable };
        Finding { suggestion: Some(suggestion), ..Finding::error("single_quotes", file, range.clone(), &text) }
    }

    /// An error, its message followed by what to write instead where that is known.
    pub(crate) fn error(rule: &'static str, file: &Arc<SourceFile>, range: Range<usize>, text: &str) -> Finding {
        let (message, help) = match text.split_once("\nhelp: ") {
            Some((message, help)) => (message, Some(help.to_owned())),
            None => (text, None),
        };
        let file = Arc::clone(file);
        Finding { rule, file, range, message: message.to_owned(), help, note: None, suggestion: None }
    }

    /// What the compiler found in a macro of the file; where it names no place, it is the whole macro.
    pub(crate) fn of(diagnostic: &Diagnostic, file: &Arc<SourceFile>, whole: &Range<usize>) -> Finding {
        let problem = &diagnostic.problem;
        let (help, note) = (problem.help.as_deref().map(str::to_owned), problem.note.clone());
        let suggestion = SuggestedEdit::of(diagnostic, &file.text);
        let range = range(diagnostic.span).unwrap_or(whole.start..whole.start + 1);
        let (file, message) = (Arc::clone(file), problem.message.clone());
        Finding { rule: problem.code, file, range, message, help, note, suggestion }
    }

    /// The line and the column that it begins at, both from 1, the column in characters.
    pub fn position(&self) -> (usize, usize) {
        self.file.position(self.range.start)
    }
}

/// The place of a token in its file.
pub(crate) fn range(span: Span) -> Option<Range<usize>> {
    let range = span.byte_range();
    (!range.is_empty()).then_some(range)
}
