//! Text from elsewhere (a ledger, a server, a migration), in a form that is safe for a terminal.

use std::borrow::Cow;

/// Whether a character shows as itself, and changes nothing else: no control character but a tab and the end of a line, and none that
/// changes the direction of the text around it, ends a line or annotates.
pub fn is_printable(letter: char) -> bool {
    match letter {
        '\n' | '\t' => true,
        // Unicode's controls of direction (UAX 9), its ends of lines and paragraphs, invisible operators, annotations and tags.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => false,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => false,
        letter => !letter.is_control(),
    }
}

/// The text with every character that is not [printable](is_printable) written as Rust writes it, `\u{1b}`.
///
/// Errors, plans, listings and events have text of a ledger or a server unchanged. A program that shows it on a terminal, as the
/// command line does, must not pass escape codes to the terminal.
///
/// ```
/// assert_eq!(migrate_runtime::printable("a\u{1b}[31mb"), r"a\u{1b}[31mb");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_printable(letter) {
            shown.push(letter);
        } else {
            shown.extend(letter.escape_unicode());
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_on_is_written_out() {
        for bad in ['\u{0}', '\u{7}', '\u{8}', '\r', '\u{1b}', '\u{7f}', '\u{9b}', '\u{202e}', '\u{2066}', '\u{200f}', '\u{2028}']
        {
            assert_eq!(printable(&format!("a{bad}b")), format!("a{}b", bad.escape_unicode()));
        }
        let sound = "\tñandú 日本語 👩\u{200d}🚀\n";
        assert!(matches!(printable(sound), Cow::Borrowed(text) if text == sound));
    }
}
