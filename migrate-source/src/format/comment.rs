//! What is between two tokens.

/// How far a token or a comment is from what is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Apart {
    /// Not at all.
    Glued,
    /// On the same line.
    Spaced,
    /// On another line.
    Line,
    /// After an empty line.
    Blank,
}

/// A comment that is no part of the program.
#[derive(Clone, Debug)]
pub(super) struct WrittenComment<'t> {
    /// How it is written, without spaces at its end.
    pub text: &'t str,
    /// How far it is from what is before it.
    pub apart: Apart,
    /// Whether it ends its line.
    pub ends_line: bool,
}

/// What is between two tokens.
pub(super) struct Gap<'t> {
    /// The comment on the rest of the line of the first token.
    pub after: Option<WrittenComment<'t>>,
    /// The comments before the second.
    pub before: Vec<WrittenComment<'t>>,
    /// How far the second token is from the last of them, or from the first token.
    pub apart: Apart,
}

/// Reads what is between two tokens: comments and space.
pub(super) fn gap(text: &str) -> Gap<'_> {
    let (mut before, mut rest) = (Vec::new(), text);
    let apart = loop {
        let comment = rest.trim_start();
        let apart = apart(&rest[..rest.len() - comment.len()]);
        if comment.is_empty() {
            break apart;
        }
        let length = length(comment);
        rest = &comment[length..];
        let ends_line = comment.starts_with("//") || rest.trim_start_matches([' ', '\t']).starts_with('\n');
        before.push(WrittenComment { text: comment[..length].trim_end(), apart, ends_line });
    };
    let is_after = before.first().is_some_and(|first| first.apart < Apart::Line && first.ends_line);
    let after = is_after.then(|| before.remove(0));
    Gap { after, before, apart }
}

fn apart(space: &str) -> Apart {
    match space.matches('\n').count() {
        0 if space.is_empty() => Apart::Glued,
        0 => Apart::Spaced,
        1 => Apart::Line,
        _ => Apart::Blank,
    }
}

/// The length of the comment that a text begins with.
fn length(text: &str) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    // Comments of this kind can be inside of each other.
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        match (rest.starts_with("/*"), rest.starts_with("*/")) {
            (true, _) => depth += 1,
            (false, true) if depth == 1 => return at + 2,
            (false, true) => depth = depth.saturating_sub(1),
            (false, false) => {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
        }
        at += 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_belongs_to_its_line() {
        let found = gap(" // one  \n\n  /* two /* three */ */ // four\n  ");
        assert_eq!(found.after.map(|comment| comment.text), Some("// one"));
        let before: Vec<_> = found.before.iter().map(|comment| (comment.text, comment.apart, comment.ends_line)).collect();
        assert_eq!(before, [("/* two /* three */ */", Apart::Blank, false), ("// four", Apart::Spaced, true)]);
        assert_eq!(found.apart, Apart::Line);
        assert!(gap(" /* x */ ").after.is_none());
        assert_eq!(gap("").apart, Apart::Glued);
    }
}
