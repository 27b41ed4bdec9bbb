//! The form of lines, as rustfmt is told it.

use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item};

use crate::error::SourceError;

/// The form of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormatStyle {
    /// The most characters of a line: `max_width`.
    pub max_width: usize,
    /// How wide one step of an indent is: `tab_spaces`.
    pub tab_spaces: usize,
    /// What an indent is made of: `hard_tabs`.
    pub indent_with: IndentWith,
}

/// What an indent is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndentWith {
    /// Spaces.
    Spaces,
    /// Tabs.
    Tabs,
}

impl Default for FormatStyle {
    fn default() -> FormatStyle {
        FormatStyle { max_width: 100, tab_spaces: 4, indent_with: IndentWith::Spaces }
    }
}

/// Where rustfmt looks in each folder, in this order.
const FILES: [&str; 2] = [".rustfmt.toml", "rustfmt.toml"];

impl FormatStyle {
    /// The style of the files in a folder: that of the nearest file of rustfmt's in it or above it.
    ///
    /// # Errors
    /// That file cannot be read.
    pub fn of(folder: &Path) -> Result<FormatStyle, SourceError> {
        let folder = &folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let candidates = folder.ancestors().flat_map(|folder| FILES.map(|file| folder.join(file)));
        let Some(path) = candidates.into_iter().find(|path| path.is_file()) else { return Ok(FormatStyle::default()) };
        let text = fs::read_to_string(&path).map_err(|error| SourceError::Read { path: path.clone(), error })?;
        FormatStyle::read(&text).map_err(|reason| SourceError::Manifest { path, reason })
    }

    fn read(text: &str) -> Result<FormatStyle, String> {
        let document: DocumentMut =
            text.parse().map_err(|error: toml_edit::TomlError| error.to_string().trim_end().to_owned())?;
        let usual = FormatStyle::default();
        let number = |name: &str, usual: usize| match document.get(name) {
            Some(item) => {
                let number = item.as_integer().and_then(|number| usize::try_from(number).ok());
                number.ok_or_else(|| format!("`{name}` is not a number"))
            }
            None => Ok(usual),
        };
        let has_tabs = document.get("hard_tabs").and_then(Item::as_bool) == Some(true);
        Ok(FormatStyle {
            max_width: number("max_width", usual.max_width)?,
            tab_spaces: number("tab_spaces", usual.tab_spaces)?,
            indent_with: if has_tabs { IndentWith::Tabs } else { IndentWith::Spaces },
        })
    }

    /// The indent of so many steps.
    pub(super) fn indent(&self, depth: usize) -> String {
        match self.indent_with {
            IndentWith::Spaces => " ".repeat(depth * self.tab_spaces),
            IndentWith::Tabs => "\t".repeat(depth),
        }
    }

    /// How wide a step is.
    pub(super) fn step(&self) -> usize {
        self.tab_spaces
    }

    /// How wide a text is.
    pub(super) fn columns(&self, text: &str) -> usize {
        text.chars().map(|letter| if letter == '\t' { self.tab_spaces } else { 1 }).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_is_that_of_rustfmt() {
        let read = FormatStyle::read("max_width = 120\nhard_tabs = true\nedition = \"2024\"\n").expect("it is TOML");
        assert_eq!(read, FormatStyle { max_width: 120, tab_spaces: 4, indent_with: IndentWith::Tabs });
        assert_eq!(FormatStyle::read(""), Ok(FormatStyle::default()));
        assert!(FormatStyle::read("max_width = \"wide\"").is_err_and(|reason| reason.contains("max_width")));
    }
}
