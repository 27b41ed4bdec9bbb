//! What is meant by what could not be read: habits are replaced by what is written here, and keywords are spelled, until it reads.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::buffer::Cursor;

use crate::diagnostic::{Diagnostic, Unserved};
use crate::help::{Applicability, Help};
use crate::name::Name;
use crate::parse::habit::apply::{edit, edit_of_type};
use crate::parse::habit::edit::{Edit, EditKind, covered, spliced};
use crate::parse::habit::list::BESIDE;
use crate::parse::habit::pattern::matches;
use crate::parse::habit::shown::{Quotes, shown, trees};
use crate::parse::habit::spelling::spellings;
use crate::sql::registry::features;
use crate::tree::Range;

/// The most edits of one part.
const MOST: usize = 12;

/// The most tokens of a part that is repaired, for it is read again after each edit.
const LARGE: usize = 1000;

/// The rules that say no more than that something else is expected: a habit says more even where it is not all that is wrong.
const VAGUE: [&str; 4] = ["colon", "expected", "syntax", "unexpected"];

/// The longest text that is shown as a whole, where its braces can be left away.
const LONG: usize = 90;

/// The place of a part of a migration.
#[derive(Clone)]
pub(in crate::parse) enum Spot {
    /// In a migration, as a statement.
    Statement,
    /// In an `alter table` block.
    Action(Name),
    /// In a `create table`.
    Entry,
    /// In an `alter enum` block.
    Value,
}

/// A part of a migration that could not be read.
pub(in crate::parse) struct UnreadPart {
    place: Spot,
    pub tokens: Vec<TokenTree>,
    /// Which of the diagnostics tells of it.
    diagnostic: usize,
}

impl UnreadPart {
    /// What is between two cursors, without attributes before it and a mark after it.
    pub fn new(place: Spot, diagnostic: usize, begin: Cursor<'_>, end: Cursor<'_>) -> UnreadPart {
        let mut rest = begin;
        let next = || {
            let (token, after) = rest.token_tree().filter(|_| rest != end)?;
            rest = after;
            Some(token)
        };
        let mut tokens: Vec<TokenTree> = std::iter::from_fn(next).collect();
        let is_one_of = |token: Option<&TokenTree>, marks: &[char]| matches!(token, Some(TokenTree::Punct(punct)) if marks.contains(&punct.as_char()));
        if is_one_of(tokens.last(), &[';', ',']) {
            tokens.pop();
        }
        while is_one_of(tokens.first(), &['#']) {
            tokens.drain(..tokens.len().min(2));
        }
        UnreadPart { place, tokens, diagnostic }
    }
}

/// What was made of a part.
struct Repaired {
    place: Spot,
    tokens: Vec<TokenTree>,
    edits: Vec<Edit>,
    /// Whether it can be read now.
    is_read: bool,
}

/// Says what to write in the diagnostics of parts for which that is known.
pub(in crate::parse) fn repair(diagnostics: &mut [Diagnostic], unread: &[UnreadPart], reads: impl Fn(TokenStream) -> bool) {
    for part in unread.iter().filter(|part| count(&part.tokens) <= LARGE) {
        if let Some(diagnostic) = diagnostics.get_mut(part.diagnostic) {
            *diagnostic = explained(diagnostic, part, &repaired(part, &reads));
        }
    }
}

/// How many tokens there are, those in groups included.
fn count(tokens: &[TokenTree]) -> usize {
    let one = |token: &TokenTree| match token {
        TokenTree::Group(group) => 1 + count(&trees(group.stream())),
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => 1,
    };
    tokens.iter().map(one).sum()
}

/// The part after as few edits as it needs to be read: with one keyword spelled, or with its habits replaced, or both.
fn repaired(part: &UnreadPart, reads: impl Fn(TokenStream) -> bool) -> Repaired {
    let mut repaired = Repaired { place: part.place.clone(), tokens: part.tokens.clone(), edits: Vec::new(), is_read: false };
    // Only the comma before its end is wrong: no word of it is.
    if reads(repaired.whole()) {
        return repaired;
    }
    if let Some(edit) = statement(&repaired, &reads) {
        return repaired.after(edit).read();
    }
    if let Some(edit) = spelled(&repaired, &reads) {
        return repaired.after(edit).read();
    }
    while let Some(edit) = edit(&repaired.place, &repaired.tokens).filter(|_| repaired.edits.len() < MOST) {
        repaired = repaired.after(edit);
        if reads(repaired.whole()) {
            return repaired.with_types().read();
        }
        if let Some(edit) = statement(&repaired, &reads) {
            return repaired.after(edit).read();
        }
    }
    match spelled(&repaired, &reads) {
        Some(edit) => repaired.after(edit).with_types().read(),
        None => repaired,
    }
}

/// A statement among the actions of `alter table`, which it is no part of.
fn statement(repaired: &Repaired, reads: impl Fn(TokenStream) -> bool) -> Option<Edit> {
    let Spot::Action(_) = &repaired.place else { return None };
    if !reads(whole(&Spot::Statement, &repaired.tokens)) {
        return None;
    }
    let is_nested = matches("alter table", &repaired.tokens).is_some();
    let message = if is_nested { "`alter table` cannot be nested" } else { BESIDE };
    let says = Some(("sql_syntax", message.to_owned()));
    let tokens = &repaired.tokens;
    let edit = spliced(tokens, 0, tokens.len(), tokens.clone());
    Some(Edit { says, kind: EditKind::Beside, index: 0, span: tokens.first()?.span(), ..edit })
}

/// The keyword that makes it read.
fn spelled(repaired: &Repaired, reads: impl Fn(TokenStream) -> bool) -> Option<Edit> {
    spellings(&repaired.tokens).into_iter().find(|edit| reads(whole(&repaired.place, &edit.tokens)))
}

impl Repaired {
    fn after(mut self, mut edit: Edit) -> Repaired {
        let tokens = std::mem::take(&mut edit.tokens);
        let place = if edit.kind == EditKind::Beside { Spot::Statement } else { self.place };
        self.edits.push(edit);
        Repaired { place, tokens, ..self }
    }

    /// With the types that are written otherwise here, since they read as enums.
    fn with_types(mut self) -> Repaired {
        while let Some(edit) = edit_of_type(&self.place, &self.tokens).filter(|_| self.edits.len() < MOST) {
            self = self.after(edit);
        }
        self
    }

    fn read(self) -> Repaired {
        Repaired { is_read: true, ..self }
    }

    fn whole(&self) -> TokenStream {
        whole(&self.place, &self.tokens)
    }

    /// What the user has to write, and the tokens in whose place: the words that were replaced where that is all, or the part, without its braces where it had
    /// them already and is long.
    fn to_write(&self, before: &[TokenTree]) -> (String, Option<Range>) {
        if let [edit] = self.edits.as_slice()
            && let Some(words) = &edit.words
        {
            return (words.clone(), edit.replaced);
        }
        let is_brace = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let text = shown(&self.tokens, Quotes::Double);
        let head = before.iter().position(is_brace).filter(|at| *at > 1);
        match (self.tokens.iter().position(is_brace), head) {
            (Some(at), Some(old)) if text.chars().count() > LONG => {
                (shown(&self.tokens[..at], Quotes::Double), covered(&before[..old]))
            }
            (Some(_) | None, _) => (text, covered(before)),
        }
    }
}

/// A migration with nothing but the part.
fn whole(place: &Spot, tokens: &[TokenTree]) -> TokenStream {
    let part: TokenStream = tokens.iter().cloned().collect();
    match place {
        Spot::Statement => part,
        Spot::Action(_) => quote::quote! { alter table t { #part; } },
        Spot::Entry => quote::quote! { create table t { #part } },
        Spot::Value => quote::quote! { alter enum e { #part; } },
    }
}

/// The diagnostic of the part, with what to write.
fn explained(diagnostic: &Diagnostic, part: &UnreadPart, repaired: &Repaired) -> Diagnostic {
    let Some(first) = repaired.edits.iter().min_by_key(|edit| edit.index) else {
        let has_comma = matches!(part.tokens.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ',');
        return if has_comma { diagnostic.clone().help("remove the last `,`") } else { diagnostic.clone() };
    };
    let mut told = diagnostic.clone();
    if let Some((rule, message)) = &first.says
        && (repaired.is_read || VAGUE.contains(&diagnostic.problem.code))
    {
        told = Diagnostic::new(rule, first.span, message.clone());
    }
    if repaired.is_read {
        let before = shown(&part.tokens, Quotes::Double);
        let (text, replaced) = repaired.to_write(&part.tokens);
        let text = accepted(text);
        let is_beside = repaired.edits.iter().any(|edit| edit.kind == EditKind::Beside);
        let kind = if is_beside { EditKind::Beside } else { first.kind };
        let help = Help::from(help(kind, (&before, &text)));
        told.problem.help = Some(match applicability(kind, (&before, &text)) {
            Some(applicability) => help.replacing(None, &text, applicability),
            None => help,
        });
        told.replaced = replaced;
        told.unserved = first.unserved.map(|help| Unserved {
            needs: |database| features(database).privileges,
            message: format!("`{}` is not supported on SQLite", shown(&part.tokens[first.index..=first.index], Quotes::Double)),
            help,
        });
    }
    told
}

/// Whether the text can be written in the place of what was there.
fn applicability(kind: EditKind, (before, text): (&str, &str)) -> Option<Applicability> {
    match kind {
        EditKind::Beside => None,
        // What is left of a statement is its mark.
        EditKind::Same if text.is_empty() => None,
        EditKind::Same if text.contains(NOTHING) && !before.contains(NOTHING) => Some(Applicability::HasPlaceholders),
        EditKind::Same => Some(Applicability::MachineApplicable),
        EditKind::Guess => Some(Applicability::MaybeIncorrect),
    }
}

/// The text of a part, with the danger accepted that it is.
fn accepted(text: String) -> String {
    let one = |statement: &str| match statement.starts_with("truncate ") {
        true => format!("#[allow(truncate_table, reason = \"the rows are not needed\")] {statement}"),
        false => statement.to_owned(),
    };
    text.split("; ").map(one).collect::<Vec<_>>().join("; ")
}

/// What is written where a downgrade is not derived.
const NOTHING: &str = " undo nothing ";

fn help(kind: EditKind, (before, text): (&str, &str)) -> String {
    match kind {
        EditKind::Same if text.is_empty() => "remove it".to_owned(),
        EditKind::Same if text.contains("sql \"") && text.contains(NOTHING) => {
            format!("write `{text}`, or `undo` with the SQL that reverses it")
        }
        EditKind::Same if text.contains(NOTHING) && !before.contains(NOTHING) => {
            format!("write `{text}`, or `undo` with statements that reverse it")
        }
        EditKind::Same => format!("write `{text}`"),
        EditKind::Beside => format!("write `{text};` as a separate statement"),
        EditKind::Guess => format!("did you mean `{text}`?"),
    }
}
