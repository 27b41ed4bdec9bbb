//! The language in source files, as its printer writes it: one statement, action or entry on a line, what is too long broken, and spaces
//! where the printer has them. Tokens and comments stay as they are, and so does everything outside of the macros.
//!
//! Nothing but the space between tokens is changed, so that a migration stays the same; [`formatted`] compares them.

mod comment;
mod document;
mod files;
mod layout;
mod phrase;
mod remark;
mod space;
mod style;
mod token;
mod tree;
mod words;

pub use self::files::{FormattedFile, formatted_files};
pub use self::style::{FormatStyle, IndentWith};

use self::token::{tokens, written};
use self::tree::FormNode;

/// The brackets of a macro and what is in them, formatted; `base` is the indent of the line that they begin on. `None` where they cannot
/// be read.
pub(crate) fn formatted(text: &str, base: &str, style: &FormatStyle) -> Option<String> {
    let before = tokens(text)?;
    let Some(FormNode::Group(group)) = tree::tree(tokens(text)?).into_iter().next() else { return None };
    let after = document::print(&layout::whole(group), base, style);
    let is_same = tokens(&after).is_some_and(|tokens| written(&tokens) == written(&before));
    debug_assert!(is_same, "the tokens have changed:\n{text}\n{after}");
    is_same.then_some(after)
}

#[cfg(test)]
mod tests;
