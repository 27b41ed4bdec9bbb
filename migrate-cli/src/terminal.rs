//! The only way to standard output and standard error: whatever a ledger, a server or a migration says, no escape code of theirs
//! reaches a terminal.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anstyle::AnsiColor;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use migrate_runtime::{is_printable, printable};

/// How a part of a text is shown. `{BOLD}` begins it and `{BOLD:#}` ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style(char);

pub(crate) const BOLD: Style = Style('\u{fdd0}');
pub(crate) const DIM: Style = Style('\u{fdd1}');
pub(crate) const CYAN: Style = Style('\u{fdd2}');
pub(crate) const GREEN: Style = Style('\u{fdd3}');
pub(crate) const RED: Style = Style('\u{fdd4}');
/// The end of each.
const PLAIN: Style = Style('\u{fdef}');

/// Marks are characters that Unicode leaves to each program (23.7): what is not ours may be in bold, and do nothing else.
impl fmt::Display for Style {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Style(mark) = if out.alternate() { &PLAIN } else { self };
        write!(out, "{mark}")
    }
}

impl Style {
    fn of(mark: char) -> Option<Style> {
        [BOLD, DIM, CYAN, GREEN, RED, PLAIN].into_iter().find(|style| style.0 == mark)
    }

    fn codes(self) -> String {
        let style = anstyle::Style::new();
        let color = |color: AnsiColor| style.fg_color(Some(color.into()));
        match self {
            BOLD => style.bold().to_string(),
            DIM => style.dimmed().to_string(),
            CYAN => color(AnsiColor::Cyan).to_string(),
            GREEN => color(AnsiColor::Green).to_string(),
            RED => color(AnsiColor::Red).bold().to_string(),
            Style(_) => anstyle::Reset.to_string(),
        }
    }
}

/// Whether a letter is a mark.
pub(crate) fn is_style(letter: char) -> bool {
    Style::of(letter).is_some()
}

/// A text with its marks as the codes of a terminal, and everything else as it may be shown.
fn shown(text: &str) -> String {
    let parts = text.split_inclusive(|letter| Style::of(letter).is_some());
    let mut shown = String::with_capacity(text.len());
    for part in parts {
        let last = part.chars().next_back().and_then(Style::of);
        let plain = last.map_or(part, |style| part.trim_end_matches(style.0));
        shown.push_str(&printable(plain));
        last.into_iter().for_each(|style| shown.push_str(&style.codes()));
    }
    shown
}

/// A document of JSON: what must not be shown is written as JSON writes it.
fn shown_json(document: &str) -> String {
    let mut units = [0; 2];
    let mut shown = String::with_capacity(document.len());
    for letter in document.chars() {
        if is_printable(letter) {
            shown.push(letter);
        } else {
            letter.encode_utf16(&mut units).iter().for_each(|unit| shown.push_str(&format!("\\u{unit:04x}")));
        }
    }
    shown
}

/// A result for people.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout();
    out.write_all(shown(text).as_bytes())?;
    out.flush()
}

/// A result for scripts.
pub(crate) fn print_json(document: &serde_json::Value) -> io::Result<()> {
    let mut out = anstream::stdout();
    writeln!(out, "{}", shown_json(&format!("{document:#}")))?;
    out.flush()
}

/// A script for another program: the compiled migrations' own text, to the letter.
pub(crate) fn print_script(script: &str) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(script.as_bytes())?;
    out.flush()
}

/// A line on standard error, above the bar where there is one.
pub(crate) fn tell(line: &str) {
    above_bar(|| {
        // Nobody reads what cannot be written.
        let _ = writeln!(anstream::stderr(), "{}", shown(line));
    });
}

/// The same with codes of ours in it, which were made by a library.
#[cfg(feature = "source")]
pub(crate) fn tell_shown(text: &str) {
    above_bar(|| {
        // Nobody reads what cannot be written.
        let _ = writeln!(anstream::stderr(), "{text}");
    });
}

/// Whether standard error shows colours.
#[cfg(feature = "source")]
pub(crate) fn has_colors() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// The one bar that a terminal shows at a time, below the messages.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Shows how far something is: so much of so much, where that is known, and in words. Nothing where standard error is no terminal.
pub(crate) fn show_bar(done: u64, total: Option<u64>, words: &str) {
    let mut bar = lock();
    let bar = bar.get_or_insert_with(|| {
        let style = ProgressStyle::with_template(if total.is_some() { "      {bar:24} {msg}" } else { "      {spinner} {msg}" });
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr()).with_style(style.progress_chars("=> "))
    });
    bar.set_position(done);
    bar.set_message(shown(words));
}

/// Takes the bar away.
pub(crate) fn end_bar() {
    lock().take().iter().for_each(ProgressBar::finish_and_clear);
}

fn above_bar(write: impl FnOnce()) {
    match &*lock() {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

fn lock() -> MutexGuard<'static, Option<ProgressBar>> {
    BAR.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The beginning of a line on standard error.
pub(crate) fn ask(question: &str) {
    let mut out = anstream::stderr();
    // Nobody reads what cannot be written.
    let _ = write!(out, "{}", shown(question)).and_then(|()| out.flush());
}

/// A line of JSON on standard error.
pub(crate) fn tell_json(document: &serde_json::Value) {
    above_bar(|| {
        // Nobody reads what cannot be written.
        let _ = writeln!(anstream::stderr(), "{}", shown_json(&document.to_string()));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_ours_alone() {
        assert_eq!(shown(&format!("{BOLD}a\u{1b}[31m\u{202e}b{BOLD:#}\rc")), "\u{1b}[1ma\\u{1b}[31m\\u{202e}b\u{1b}[0m\\u{d}c");
        assert_eq!(shown(&format!("{DIM}{BOLD}x")), "\u{1b}[2m\u{1b}[1mx");
    }

    #[test]
    fn a_document_stays_the_same_document() {
        let value = serde_json::json!({ "a\u{9b}": "\u{1b}[31m \u{202e} \u{e0041} \n é" });
        let text = shown_json(&value.to_string());
        assert!(text.chars().all(is_printable), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("it is JSON"), value);
    }
}
