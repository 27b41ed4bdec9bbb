//! A migration moved after another one: its `after` names another parent, and what comes after it stays there.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;

use crate::error::SourceError;
use crate::file::{SourceFile, write_whole};
use crate::finding;
use crate::history::{HistorySource, MigrationSource};
use crate::outline::Outlined;
use crate::scan::{self, MacroCall};

/// A history in which one migration comes after another parent; no file has it yet.
#[derive(Clone, Debug)]
pub struct Rebased {
    /// The history as it would be.
    pub source: HistorySource,
    file: SourceFile,
    text: String,
}

impl Rebased {
    /// The file that is changed.
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// Writes the file: it has the old text or the new one, and never a part of it.
    ///
    /// # Errors
    /// It cannot be written, or was changed since it was read; then it is as it was.
    pub fn write(&self) -> Result<(), SourceError> {
        if SourceFile::read(&self.file.path)? != self.file {
            return Err(SourceError::ChangedMeanwhile { path: self.file.path.clone() });
        }
        write_whole(&self.file.path, &self.text)
    }
}

impl HistorySource {
    /// The revision ids that the lock has; none where there is no lock, or it cannot be read.
    pub fn released(&self) -> BTreeSet<String> {
        let lock = self.lock_text().unwrap_or_default();
        let lines = lock.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| line.split_once(' ')).map(|(revision, _)| revision.to_owned()).collect()
    }

    /// The history in which a migration comes after another parent than its own. Nothing is compiled or written.
    ///
    /// # Errors
    /// The migration is released, or one that comes after it is; it merges several; or the parent comes after it.
    pub fn rebased(&self, moved: &Outlined, parent: &Outlined) -> Result<Rebased, SourceError> {
        let outline = self.outline();
        let branch = outline.branch(moved);
        let released = self.released();
        if let Some(one) = branch.iter().find(|one| released.contains(&one.id)) {
            return Err(SourceError::Released { id: one.id.clone() });
        }
        if branch.contains(&parent) {
            return Err(SourceError::AfterItself { id: moved.id.clone(), parent: parent.id.clone() });
        }
        let read = self.parse();
        let Some((at, one)) = read.iter().enumerate().find(|(_, one)| one.source.module == moved.module) else {
            return Err(SourceError::UnknownRevision { text: moved.id.clone(), near: None });
        };
        let file = &one.source.file;
        let text = match one.parsed.parents.as_slice() {
            [] => {
                let (place, indent) = one.source.end_of_head();
                file.with(place, &format!("{indent}after super::{};", parent.word))
            }
            [path] => {
                let last = path.segments.last().and_then(|last| finding::range(last.ident.span()));
                file.replaced(&[(last.unwrap_or(one.source.range.clone()), parent.word.clone())])
            }
            several => {
                let last = several.iter().filter_map(|path| path.segments.last());
                let parents = last.map(|segment| segment.ident.unraw().to_string()).collect();
                return Err(SourceError::MovedMerge { id: moved.id.clone(), parents });
            }
        };
        let mut source = self.clone();
        source.migrations[at] = one.source.read_again(&text)?;
        Ok(Rebased { source, file: SourceFile::clone(file), text })
    }
}

impl MigrationSource {
    /// Where `after` is written in a migration that has none: after the message and the revision id, and what is written before it.
    fn end_of_head(&self) -> (usize, String) {
        let tokens: Vec<TokenTree> = self.body().into_iter().collect();
        let mut end = self.range.start + 1;
        let mut rest = tokens.as_slice();
        loop {
            rest = match rest {
                [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(line), rest @ ..]
                    if hash.as_char() == '#' && bang.as_char() == '!' =>
                {
                    end = line.span().byte_range().end;
                    rest
                }
                [TokenTree::Ident(word), TokenTree::Literal(_), TokenTree::Punct(mark), rest @ ..] if word == "revision" => {
                    end = mark.span().byte_range().end;
                    rest
                }
                _ => break,
            };
        }
        let text = &self.file.text;
        if !text[self.range.clone()].contains('\n') {
            return (end, " ".to_owned());
        }
        let line = text[..end].rfind('\n').map_or(0, |line| line + 1);
        let own: String = text[line..end].chars().take_while(|letter| letter.is_whitespace()).collect();
        let deeper = if end == self.range.start + 1 { "    " } else { "" };
        // A comment may follow on the line.
        let end = text[end..].find('\n').map_or(end, |line| end + line);
        (end, format!("\n{own}{deeper}"))
    }

    /// The migration in the new text of its file, in which it begins where it did.
    fn read_again(&self, text: &str) -> Result<MigrationSource, SourceError> {
        let file = Arc::new(SourceFile::of(self.file.path.clone(), text.to_owned()));
        let call = call_at(file.tokens()?, self.range.start);
        let unread = || SourceError::ChangedMeanwhile { path: file.path.clone() };
        let MacroCall { path, body, range, .. } = call.ok_or_else(unread)?;
        Ok(MigrationSource { file, range, path, body, ..self.clone() })
    }
}

/// The macro whose delimiters begin at a place, in the file or in a module of it.
fn call_at(tokens: TokenStream, at: usize) -> Option<MacroCall> {
    let items = scan::items(tokens);
    let found = items.calls.into_iter().find(|call| call.range.start == at);
    found.or_else(|| items.modules.into_iter().filter_map(|module| module.inline).find_map(|inline| call_at(inline, at)))
}
