//! The first line of an error, which is short: what is quoted in it is shortened where the line would be too long.

use std::ops::Range;

/// The most characters of a first line.
pub(crate) const LONGEST: usize = 90;

/// The fewest characters of a quotation that is shortened, its ellipsis included.
const SHORTEST: usize = 10;

/// The most characters of a quotation that is never shortened, such as `undo nothing`.
const PLAIN: usize = 14;

const ELLIPSIS: char = '…';

/// The line, of which the longest quotations are shortened until it is short enough. The word itself is at the place of the error.
pub(crate) fn line(line: String) -> String {
    let mut line = line;
    while let Some(excess) = line.chars().count().checked_sub(LONGEST).filter(|excess| *excess > 0) {
        let longest = quotations(&line).into_iter().max_by_key(|inner| line[inner.clone()].chars().count());
        let Some(inner) = longest.filter(|inner| line[inner.clone()].chars().count() > PLAIN) else { break };
        let length = line[inner.clone()].chars().count();
        let shortened = shorten(&line[inner.clone()], length.saturating_sub(excess).max(SHORTEST));
        line.replace_range(inner, &shortened);
    }
    line
}

/// So many characters of a text, the last of which is an ellipsis.
fn shorten(text: &str, length: usize) -> String {
    let kept: String = text.chars().filter(|letter| *letter != ELLIPSIS).take(length - 1).collect();
    format!("{}{ELLIPSIS}", kept.trim_end())
}

/// What is between backticks, or between double quotes outside of them.
fn quotations(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(char, usize)> = None;
    let mut is_escaped = false;
    for (at, letter) in line.char_indices() {
        match open {
            Some((quote, begin)) if letter == quote && !is_escaped => {
                found.push(begin..at);
                open = None;
            }
            None if letter == '`' || letter == '"' => open = Some((letter, at + 1)),
            Some(_) | None => {}
        }
        is_escaped = letter == '\\' && !is_escaped && open.is_some_and(|(quote, _)| quote == '"');
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_line_stays_as_it_is() {
        let short = "unknown column `nickname` in `users`";
        assert_eq!(line(short.to_owned()), short);
    }

    #[test]
    fn the_longest_quotation_is_shortened() {
        let expression = "case when lower(name) = \"a\" then upper(nickname) || score else nickname end";
        let long = format!("`{expression}` is text, and `age` is `integer`");
        let short = line(long);
        assert_eq!(short, "`case when lower(name) = \"a\" then upper(nickname) || sco…` is text, and `age` is `integer`");
        assert_eq!(short.chars().count(), LONGEST);
    }

    #[test]
    fn a_string_literal_with_quotes_in_it_is_one_quotation() {
        let long = format!("{:?} is not a number", format!("a \"quoted\" word {}", "x".repeat(90)));
        let short = line(long);
        assert_eq!(short.chars().count(), LONGEST);
        assert!(short.ends_with("…\" is not a number"), "{short}");
    }

    #[test]
    fn two_long_names_are_both_shortened() {
        let (one, other) = ("a".repeat(63), "b".repeat(63));
        let short = line(format!("duplicate column `{one}` in `{other}`"));
        assert!(short.chars().count() <= LONGEST, "{short}");
        assert!(short.contains("aaaaaaaa…") && short.contains("bbbbbbbb…"), "{short}");
    }

    #[test]
    fn a_line_without_quotations_is_left_alone() {
        let long = "x".repeat(120);
        assert_eq!(line(long.clone()), long);
    }
}
