//! Texts that may be broken into lines, and the lines that they become: Wadler, "A prettier printer" (2003).

use super::style::FormatStyle;

/// A text that may be broken into lines.
#[derive(Debug)]
pub(super) enum Document<'t> {
    /// As it is.
    Text(&'t str),
    /// A comment up to the end of its line, which is never too long.
    Comment(&'t str),
    /// A space, if anything is on the line.
    Space,
    /// A space, or a line break in a group that is broken.
    Line,
    /// Nothing, or a line break in a group that is broken.
    Soft,
    /// A line break, if anything is on the line.
    Hard,
    /// An empty line.
    Blank,
    /// Lines that are indented further.
    Indent(Vec<Document<'t>>, LineCount),
    /// What is on one line, if it fits there.
    Group(Vec<Document<'t>>, LineCount),
}

/// Whether something can be on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineCount {
    /// If it fits.
    One,
    /// Never.
    Several,
}

impl<'t> Document<'t> {
    /// What is on one line, if it fits there.
    pub fn group(parts: Vec<Document<'t>>) -> Document<'t> {
        let lines = lines(&parts);
        Document::Group(parts, lines)
    }

    /// Lines that are indented further.
    pub fn indent(parts: Vec<Document<'t>>) -> Document<'t> {
        let lines = lines(&parts);
        Document::Indent(parts, lines)
    }

    fn lines(&self) -> LineCount {
        match self {
            Document::Hard | Document::Blank => LineCount::Several,
            Document::Indent(_, lines) | Document::Group(_, lines) => *lines,
            Document::Text(_) | Document::Comment(_) | Document::Space | Document::Line | Document::Soft => LineCount::One,
        }
    }
}

fn lines(parts: &[Document<'_>]) -> LineCount {
    if parts.iter().any(|part| part.lines() == LineCount::Several) { LineCount::Several } else { LineCount::One }
}

/// The lines of a document, whose first one goes on where something is already.
pub(super) fn print(document: &Document<'_>, base: &str, style: &FormatStyle) -> String {
    let mut printer = Printer { base, style, out: String::new(), column: style.columns(base), is_new: false, has_space: false };
    let mut left = vec![LeftPart { document, depth: 0, lines: LineCount::Several }];
    while let Some(part) = left.pop() {
        printer.part(part, &mut left);
    }
    printer.out
}

/// A part that is left to print.
#[derive(Clone, Copy)]
struct LeftPart<'d, 't> {
    document: &'d Document<'t>,
    depth: usize,
    /// Whether the group that it is in is broken.
    lines: LineCount,
}

struct Printer<'p> {
    base: &'p str,
    style: &'p FormatStyle,
    out: String,
    /// The width of the line so far.
    column: usize,
    /// Whether nothing is on the line.
    is_new: bool,
    /// Whether a space comes before the next text.
    has_space: bool,
}

impl Printer<'_> {
    fn part<'d, 't>(&mut self, part: LeftPart<'d, 't>, left: &mut Vec<LeftPart<'d, 't>>) {
        let LeftPart { document, depth, lines } = part;
        match document {
            Document::Text(text) | Document::Comment(text) => self.text(text, depth),
            Document::Hard => self.end_line(),
            Document::Line | Document::Soft if lines == LineCount::Several => self.end_line(),
            Document::Line | Document::Space => self.has_space = true,
            Document::Soft => {}
            Document::Blank => {
                self.end_line();
                self.out.push('\n');
            }
            Document::Indent(parts, _) => {
                left.extend(parts.iter().rev().map(|document| LeftPart { document, depth: depth + 1, lines }));
            }
            Document::Group(parts, own) => {
                let flat = LeftPart { lines: LineCount::One, ..part };
                let lines = if *own == LineCount::One && self.fits(flat, left) { LineCount::One } else { LineCount::Several };
                left.extend(parts.iter().rev().map(|document| LeftPart { document, depth, lines }));
            }
        }
    }

    fn text(&mut self, text: &str, depth: usize) {
        if self.is_new {
            let indent = format!("{}{}", self.base, self.style.indent(depth));
            self.column = self.style.columns(&indent);
            self.out.push_str(&indent);
        } else if self.has_space {
            self.out.push(' ');
            self.column += 1;
        }
        (self.is_new, self.has_space) = (false, false);
        self.out.push_str(text);
        self.column = match text.rsplit_once('\n') {
            Some((_, last)) => last.chars().count(),
            None => self.column + text.chars().count(),
        };
    }

    fn end_line(&mut self) {
        if !self.is_new {
            self.out.push('\n');
        }
        (self.is_new, self.has_space) = (true, false);
    }

    /// Whether a part fits on the line, with what follows up to the next place where a line can end.
    fn fits<'d, 't>(&self, first: LeftPart<'d, 't>, left: &[LeftPart<'d, 't>]) -> bool {
        let start = if self.is_new { self.style.columns(self.base) + first.depth * self.style.step() } else { self.column };
        let mut room = self.style.max_width.saturating_sub(start + usize::from(self.has_space && !self.is_new));
        if start > self.style.max_width {
            return false;
        }
        let mut rest = left.iter().rev();
        let mut open = vec![first];
        while let Some(part) = open.pop().or_else(|| rest.next().copied()) {
            let wide = match part.document {
                Document::Text(text) => match text.split_once('\n') {
                    Some((line, _)) => return line.chars().count() <= room,
                    None => text.chars().count(),
                },
                Document::Comment(_) | Document::Hard | Document::Blank => return true,
                Document::Line | Document::Soft if part.lines == LineCount::Several => return true,
                Document::Line | Document::Space => 1,
                Document::Soft => 0,
                Document::Indent(parts, _) => {
                    open.extend(parts.iter().rev().map(|document| LeftPart { document, ..part }));
                    0
                }
                Document::Group(parts, own) => {
                    let lines = if *own == LineCount::Several { LineCount::Several } else { part.lines };
                    open.extend(parts.iter().rev().map(|document| LeftPart { document, lines, ..part }));
                    0
                }
            };
            match room.checked_sub(wide) {
                Some(less) => room = less,
                None => return false,
            }
        }
        true
    }
}
