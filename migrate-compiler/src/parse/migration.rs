//! A migration as a whole.

use migrate_history::{Database, Grade, Level};

use crate::draft::Draft;
use crate::problem::{Problem, Role};
use crate::suggestion::did_you_mean;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Path;
use syn::parse::ParseStream;

use crate::desugar::{Desugared, desugar};
use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{
    any_word, expect_punct, expected, parens, peek_braces, peek_parens, peek_words, punct_at, range, read, take_punct, take_words,
};
use crate::parse::habit::{Spot, UnreadPart};
use crate::parse::{Called, Parser, depth, habit, head, statement};
use crate::tree::{Down, Heading, Item, MigrationTree, Range, Require, StatementTree};

/// What was read of a migration.
pub struct Parsed {
    /// The `//!` text.
    pub message: String,
    /// `revision "…"`
    pub revision: Option<(String, Span)>,
    /// `after PATH, …`
    pub parents: Vec<Path>,
    /// `depends on PATH, …`
    pub dependencies: Vec<Path>,
    /// `label "…"`
    pub label: Option<String>,
    /// Whether everything before the statements could be read. Otherwise the parents are not known, and errors of
    /// the statements may be wrong.
    pub has_head: bool,
    /// The statements.
    pub draft: Draft,
    /// The functions that they call.
    pub programs: Vec<Called>,
    /// The files whose rows they insert, each with its place.
    pub files: Vec<(String, Span)>,
    marks: crate::marks::Marks,
    diagnostics: Vec<Diagnostic>,
    /// The place of an error of the whole migration: its parents, or its first token.
    place: Span,
    require: Option<Span>,
    down: Option<Span>,
}

impl Parsed {
    /// What is wrong: what could not be read, and what the model found.
    pub fn diagnostics(&self, problems: impl IntoIterator<Item = Problem>) -> Vec<Diagnostic> {
        let found = problems.into_iter().map(|problem| Diagnostic {
            span: self.place_of(&problem),
            problem: Box::new(problem),
            replaced: None,
            unserved: None,
        });
        self.diagnostics.iter().cloned().chain(found).collect()
    }

    /// The same in a history that supports these databases; none are known where the parents are not.
    #[must_use]
    pub fn serving(mut self, databases: impl IntoIterator<Item = Database>) -> Parsed {
        let databases: Vec<Database> = databases.into_iter().collect();
        if !databases.is_empty() {
            self.diagnostics = self.diagnostics.into_iter().map(|one| one.serving(&databases)).collect();
        }
        self
    }

    /// Whether something could not be read.
    pub fn is_broken(&self) -> bool {
        !self.diagnostics.is_empty()
    }

    /// What is wrong, as errors that rustc shows at the tokens.
    pub fn errors(&self, problems: impl IntoIterator<Item = Problem>) -> TokenStream {
        let errors = self.diagnostics(problems);
        let errors = errors.iter().map(Diagnostic::to_compile_error);
        quote! { #(#errors)* }
    }

    /// Whether an error finds the word that its rule names.
    #[cfg(feature = "testing")]
    pub fn has_place(&self, problem: &Problem) -> bool {
        matches!(problem.slot.role, Role::Require | Role::Down) || self.marks.knows(problem)
    }

    fn place_of(&self, problem: &Problem) -> Span {
        let of = |role: Role, place: Option<Span>| place.filter(|_| problem.slot.role == role);
        let whole = of(Role::Require, self.require).or(of(Role::Down, self.down));
        let piece = self.marks.find(problem);
        whole.or(piece).unwrap_or(self.place)
    }
}

/// What was read of tokens.
struct ParsedTokens {
    tree: MigrationTree,
    parser: Parser,
    parts: Vec<UnreadPart>,
}

/// The tree of a migration, and what could not be read of it.
pub fn tree(tokens: TokenStream) -> (MigrationTree, Vec<Diagnostic>) {
    let ParsedTokens { tree, parser, .. } = reading(tokens);
    (tree, parser.diagnostics)
}

/// A migration, as much of it as can be read.
pub fn migration(tokens: TokenStream) -> Parsed {
    let ParsedTokens { tree, mut parser, parts } = reading(tokens);
    habit::repair(&mut parser.diagnostics, &parts, is_read);
    parsed(tree, parser)
}

/// Whether a migration can be read.
fn is_read(tokens: TokenStream) -> bool {
    let ParsedTokens { tree, parser, .. } = reading(tokens);
    parsed(tree, parser).diagnostics.is_empty()
}

fn reading(tokens: TokenStream) -> ParsedTokens {
    let mut parser = Parser::default();
    let nowhere = Range { first: Span::call_site(), last: Span::call_site() };
    let mut tree = MigrationTree { range: nowhere, head: Heading::default(), items: Vec::new() };
    match depth::deepest(&tokens) {
        Some(span) => {
            parser.diagnostics.push(depth::too_deep(span));
            parser.is_head_broken = true;
        }
        None => read(tokens, |input| tree = whole(&mut parser, input)),
    }
    let parts = std::mem::take(&mut parser.parts);
    ParsedTokens { tree, parser, parts }
}

/// The draft of a tree, with what is wrong with both.
fn parsed(tree: MigrationTree, mut parser: Parser) -> Parsed {
    let MigrationTree { range, head, items } = tree;
    let require = items.iter().find_map(|item| match item {
        Item::Require(require) => Some(require.place),
        Item::Statement(_) | Item::Down(_) => None,
    });
    let down = items.iter().rev().find_map(|item| match item {
        Item::Down(down) => Some(down.range.first),
        Item::Statement(_) | Item::Require(_) => None,
    });
    let Desugared { mut draft, diagnostics, has_head } = desugar(&head, items, &mut parser.marks);
    draft.unread = parser.unread;
    parser.diagnostics.extend(diagnostics);
    let (message, has_head) = (head.message(), has_head && !parser.is_head_broken);
    let revision = head.revisions.first().map(|revision| (revision.id.clone(), revision.place));
    let label = head.labels.first().map(|label| label.label.clone());
    let (parents, dependencies) = head.into_predecessors();
    let place = parents.iter().chain(&dependencies).next().map_or(range.first, syn::spanned::Spanned::span);
    let Parser { marks, diagnostics, programs, files, .. } = parser;
    Parsed {
        message,
        revision,
        parents,
        dependencies,
        label,
        has_head,
        draft,
        programs,
        files,
        marks,
        diagnostics,
        place,
        require,
        down,
    }
}

/// The tokens as a tree.
fn whole(parser: &mut Parser, input: ParseStream<'_>) -> MigrationTree {
    let start = input.cursor();
    let head = head::head(parser, input);
    let mut items = Vec::new();
    while !input.is_empty() {
        let begin = input.cursor();
        let read = item(parser, input);
        let mut unread = |error| StatementTree::Unread(parser.report(error, Spot::Statement, begin, input));
        items.push(read.unwrap_or_else(|error| Item::Statement(Box::new(unread(error)))));
    }
    MigrationTree { range: range(start, input.cursor()), head, items }
}

/// `require …;`, `down { … }` or a statement.
fn item(parser: &mut Parser, input: ParseStream<'_>) -> Parse<Item> {
    let begin = input.cursor();
    if peek_words(input, &["down"]) && !peek_words(input, &["down", "to"]) {
        any_word(input, "`down`")?;
        if !peek_braces(input) {
            return Err(expected(input, "the statements of the downgrade in braces"));
        }
        let statements = statement::block(parser, "the statements of the downgrade in braces", input)?;
        take_punct(input, ";");
        return Ok(Item::Down(Down { range: range(begin, input.cursor()), statements }));
    }
    if take_words(input, &["require"]).is_some() {
        let place = input.span();
        let level = level(input)?;
        expect_punct(input, ";")?;
        return Ok(Item::Require(Require { range: range(begin, input.cursor()), level, place }));
    }
    if head::begins(input) {
        parser.is_head_broken = true;
        let message = "`revision`, `label`, `after` and `depends on` must be before the statements";
        return Err(Diagnostic::new("head_first", input.span(), message).help("move it to the top of the migration"));
    }
    statement::statement(parser, input).map(Box::new).map(Item::Statement)
}

/// The levels that can be required.
const LEVELS: [&str; 3] = ["exact", "exact (stated)", "schema"];

/// `exact`, `exact (stated)` or `schema`: rule `unknown_level`. There is a downgrade at each of them; that what is stated about raw
/// SQL counts as `exact` must be said.
pub(super) fn level(input: ParseStream<'_>) -> Parse<Grade> {
    let word = any_word(input, "`exact` or `schema`")?;
    match word.to_string().as_str() {
        "exact" if peek_parens(input) => stated(input),
        "exact" => Ok(Grade::proved(Level::Exact)),
        "schema" => Ok(Grade::stated(Level::Schema)),
        other => {
            let near = did_you_mean(other, LEVELS);
            Err(unknown_level(other, word.span()).help_if(near).help_if(Some(levels())))
        }
    }
}

/// `(stated)`
fn stated(input: ParseStream<'_>) -> Parse<Grade> {
    let span = input.span();
    parens(input, "`stated` in parentheses", |input| {
        let word = any_word(input, "`stated`")?;
        if word == "stated" {
            return Ok(Grade::stated(Level::Exact));
        }
        Err(unknown_level(&format!("exact ({word})"), span).help(levels()))
    })
}

fn unknown_level(said: &str, span: Span) -> Diagnostic {
    Diagnostic::new("unknown_level", span, format!("unknown level `{said}`"))
}

fn levels() -> String {
    format!("the levels are `{}`", LEVELS.join("`, `"))
}

/// Whether a setting follows: used by the history.
pub(super) fn is_setting(input: ParseStream<'_>) -> bool {
    crate::parse::cursor::word_at(input.cursor())
        .is_some_and(|(_, rest)| punct_at(rest, ":").is_some() && punct_at(rest, "::").is_none())
}
