//! The oldest version of a database that a history supports: `14..`, `14.2..`, `3.35..`, `3.35.5..`.
//!
//! To rustc `3.35` is a number with a fraction, of which `3.4` would be the larger one. Here the text counts.

use migrate_history::{Database, Version};
use proc_macro2::{Literal, Span};
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{next_word, peek_punct, take_punct};

/// The version after the word for a database; the oldest that is supported where none is written. Rules `unknown_version` and
/// `version_too_old`.
pub(super) fn oldest(database: Database, input: ParseStream<'_>) -> Parse<Version> {
    let supported = Version::oldest(database);
    if input.is_empty() || peek_punct(input, ",") || peek_punct(input, ";") || next_word(input).is_some() {
        return Ok(supported);
    }
    let (text, span) = number(input);
    let unknown = |message: String, shown: Version| {
        let help = format!("write `{}`: the oldest version that the history supports", shown.setting());
        Diagnostic::new("unknown_version", span, message).help(help)
    };
    let Some(version) = Version::from_written(database, &text) else {
        let message = if text.is_empty() {
            format!("expected the oldest version of {database} that the history supports")
        } else {
            format!("`{text}` is not a version of {database}")
        };
        take_punct(input, "..");
        return Err(unknown(message, supported));
    };
    if take_punct(input, "..").is_none() {
        return Err(unknown(format!("expected `..` after the oldest version of {database}"), version));
    }
    if input.peek(syn::Lit) {
        number(input);
        return Err(unknown("a history supports every version after the oldest one".to_owned(), version));
    }
    if version < supported {
        let message = format!("{supported} is the oldest version that is supported");
        return Err(Diagnostic::new("version_too_old", span, message).help(format!("write `{}`", supported.setting())));
    }
    Ok(version)
}

/// The text of a number with any count of points, and where it begins. Of `3.35.5` rustc makes `3.35`, `.` and `5`.
fn number(input: ParseStream<'_>) -> (String, Span) {
    let (mut text, span) = (String::new(), input.span());
    while let Ok(part) = input.parse::<Literal>() {
        text += &part.to_string();
        if peek_punct(input, "..") || take_punct(input, ".").is_none() {
            break;
        }
        text.push('.');
    }
    (text, span)
}

#[cfg(test)]
mod tests {
    use crate::parse;

    /// What is read of `databases`, and what is wrong with it.
    fn read(databases: &str) -> (Vec<String>, Vec<&'static str>) {
        let text = format!("databases: {databases}; mod m1;");
        let history = parse::history(text.parse().unwrap_or_default());
        assert_eq!(history.modules.len(), 1, "{databases}: what follows is read");
        let servers = history.servers.iter().map(|(server, _)| server.to_string()).collect();
        (servers, history.diagnostics.iter().map(|diagnostic| diagnostic.problem.code).collect())
    }

    #[test]
    fn the_text_of_a_version_counts() {
        let versions = [
            ("postgres", "PostgreSQL 14"),
            ("postgres 14..", "PostgreSQL 14"),
            ("postgres 14.2..", "PostgreSQL 14.2"),
            ("postgres 18 ..", "PostgreSQL 18"),
            ("sqlite", "SQLite 3.35"),
            ("sqlite 3.35..", "SQLite 3.35"),
            ("sqlite 3.40..", "SQLite 3.40"),
            ("sqlite 3.35.5..", "SQLite 3.35.5"),
        ];
        for (text, version) in versions {
            assert_eq!(read(text), (vec![version.to_owned()], vec![]), "{text}");
        }
        assert_eq!(read("postgres 15.., sqlite 3.38..").0, ["PostgreSQL 15", "SQLite 3.38"]);
    }

    #[test]
    fn what_is_no_version_is_one_error_and_the_other_databases_are_read() {
        let wrong = [
            ("sqlite 3.4..", "version_too_old"),
            ("postgres 9..", "version_too_old"),
            ("postgres 9.6..", "version_too_old"),
            ("postgres 14", "unknown_version"),
            ("postgres 14.2.1..", "unknown_version"),
            ("postgres 14..16", "unknown_version"),
            ("postgres \"14\"..", "unknown_version"),
            ("postgres 14.0f32..", "unknown_version"),
            ("postgres ..", "unknown_version"),
            ("postgres ..14", "unknown_version"),
            ("postgres >= 14", "unknown_version"),
            ("sqlite 3..", "unknown_version"),
        ];
        for (text, code) in wrong {
            assert_eq!(read(text).1, [code], "{text}");
        }
        assert_eq!(read("postgres 9.., sqlite").0, ["PostgreSQL 14", "SQLite 3.35"]);
    }
}
