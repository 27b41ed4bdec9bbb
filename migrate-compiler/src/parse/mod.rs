//! From tokens to the tree of a migration. Each rule of the grammar is a function that reads like it.

mod alter;
mod arguments;
mod assign;
mod attribute;
mod block;
mod call;
mod column;
mod constraint;
pub(crate) mod cursor;
mod depth;
mod expr;
mod habit;
mod head;
mod history;
mod index;
mod infix;
mod keyword;
mod literal;
mod migration;
mod name;
mod object;
mod planned;
mod program;
mod query;
mod raw;
mod rows;
mod rules;
mod server;
mod statement;
mod table;
mod types;
mod undo;
mod values;

use std::collections::BTreeSet;

use crate::name::Written;
use crate::problem::EntryId;
use proc_macro2::{TokenStream, TokenTree};
use syn::buffer::Cursor;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use crate::diagnostic::Diagnostic;
use crate::marks::Marks;
use crate::parse::habit::{Spot, UnreadPart};
use crate::tree;
use crate::types::Type;

pub use head::predecessors;
pub use history::{HistoryInput, Module, history};
pub use keyword::{actions, statements};
pub use migration::{Parsed, migration, tree};
pub use program::Called;

/// What is collected while a migration is read.
#[derive(Default)]
pub(crate) struct Parser {
    /// The places of words.
    pub marks: Marks,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
    /// The words of what could not be read.
    pub unread: BTreeSet<String>,
    /// Whether what comes before the statements could not be read.
    is_head_broken: bool,
    /// The parts that could not be read.
    parts: Vec<UnreadPart>,
    /// How many `#[allow(…)]` were read.
    allows: usize,
    /// The functions that are called.
    programs: Vec<Called>,
    /// The files whose rows are inserted, each with its place.
    files: Vec<(String, proc_macro2::Span)>,
}

/// Where reading goes on after a mistake.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// After a statement or an action.
    Statement,
    /// After an entry of a table.
    Entry,
}

/// Whether a type of Rust comes next, after the `<` of another one: the commas in it separate no entries.
fn is_type_of_rust(input: ParseStream<'_>) -> bool {
    let word = cursor::next_word(input).unwrap_or_default();
    word.starts_with(char::is_uppercase) || Type::elsewhere(&word).is_some() || input.peek(syn::Lifetime)
}

impl Parser {
    /// Reads an entry of a piece.
    fn within<T>(&mut self, entry: EntryId, read: impl FnOnce(&mut Parser) -> T) -> T {
        let outer = self.marks.enter(Some(entry));
        let done = read(self);
        self.marks.enter(outer);
        done
    }

    /// Reports what is wrong with a part of a migration that begins at the cursor, and goes on after it.
    fn report(&mut self, diagnostic: Diagnostic, place: Spot, begin: Cursor<'_>, input: ParseStream<'_>) -> tree::Unread {
        let after = match place {
            Spot::Statement | Spot::Action(_) | Spot::Value => After::Statement,
            Spot::Entry => After::Entry,
        };
        let number = self.diagnostics.len();
        self.pass(diagnostic, after, input);
        let part = UnreadPart::new(place, number, begin, input.cursor());
        // Its first words were read before the mistake.
        part.tokens.iter().for_each(|token| self.words(token));
        self.parts.push(part);
        tree::Unread { range: cursor::range(begin, input.cursor()), error: number }
    }

    /// Reports what is wrong, and goes on after it.
    fn pass(&mut self, diagnostic: Diagnostic, after: After, input: ParseStream<'_>) {
        self.diagnostics.push(diagnostic);
        self.skip(input, after);
    }

    /// Skips to what comes after a part: after its mark, or after braces that end a statement.
    fn skip(&mut self, input: ParseStream<'_>, after: After) {
        let mark = match after {
            After::Statement => ';',
            After::Entry => ',',
        };
        let mut angles = 0_usize;
        while !input.is_empty() {
            let Ok(token) = input.parse::<TokenTree>() else { return };
            self.words(&token);
            match &token {
                TokenTree::Punct(punct) if punct.as_char() == '<' && is_type_of_rust(input) => angles += 1,
                TokenTree::Punct(punct) if punct.as_char() == '>' => angles = angles.saturating_sub(1),
                TokenTree::Punct(punct) if punct.as_char() == mark && angles == 0 => return,
                TokenTree::Group(group)
                    if after == After::Statement
                        && group.delimiter() == proc_macro2::Delimiter::Brace
                        && !input.peek(syn::Token![;]) =>
                {
                    if !["undo", "irreversible", "downgrade"].iter().any(|word| cursor::peek_words(input, &[word])) {
                        return;
                    }
                }
                TokenTree::Punct(_) | TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    /// Notes a name in what could not be read: as the database keeps it, and as the language writes it.
    fn unread_name(&mut self, name: &str) {
        self.unread.extend([name.to_owned(), Written(name).to_string()]);
    }

    /// Notes the words of a token that is not understood.
    fn words(&mut self, token: &TokenTree) {
        match token {
            TokenTree::Ident(ident) => self.unread_name(&ident.unraw().to_string()),
            TokenTree::Group(group) => self.all_words(group.stream()),
            TokenTree::Literal(literal) => {
                let text = syn::parse_str::<syn::LitStr>(&literal.to_string());
                text.into_iter().for_each(|text| self.unread_name(&text.value()));
            }
            TokenTree::Punct(_) => {}
        }
    }

    fn all_words(&mut self, tokens: TokenStream) {
        tokens.into_iter().for_each(|token| self.words(&token));
    }
}
