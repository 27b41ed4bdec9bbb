//! Words of the language that are not supported yet: the error of each tells what to write instead.

use syn::parse::ParseStream;

use crate::diagnostic::Diagnostic;
use crate::parse::cursor::peek_words;

/// What to write until then.
const UNTIL_THEN: &str = "use raw SQL instead, `sql \"…\" as { … };`";

/// What is planned to come before the statements, and what to write instead.
const HEAD: &[(&[&str], &str)] = &[(&["label"], "remove it"), (&["depends", "on"], "use `after …;`, which orders them too")];

/// Rule `planned`: a part of the head.
pub(super) fn head(input: ParseStream<'_>) -> Option<Diagnostic> {
    let (words, help) = HEAD.iter().find(|(words, _)| peek_words(input, words))?;
    let message = format!("`{}` is not supported yet", words.join(" "));
    Some(Diagnostic::new("planned", input.span(), message).help(*help))
}

/// Rule `planned`: a clause of a statement about rows.
pub(super) fn of_rows(input: ParseStream<'_>, what: &str) -> Diagnostic {
    Diagnostic::new("planned", input.span(), format!("{what} is not supported yet"))
        .help("use raw SQL instead, `sql \"…\" as nothing undo \"…\";`")
}

/// Rule `planned`.
pub(super) fn word(input: ParseStream<'_>, what: &str) -> Diagnostic {
    Diagnostic::new("planned", input.span(), format!("{what} is not supported yet")).help(UNTIL_THEN)
}
