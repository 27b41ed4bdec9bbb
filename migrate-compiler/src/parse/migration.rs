//! A migration as a whole.

use migrate_history::plan::RESERVED_IDS;
use migrate_history::{Grade, Level};

use crate::draft::Draft;
use crate::problem::{Problem, Role};
use crate::suggestion::did_you_mean;
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{ParseStream, Parser as _};
use syn::{Path, Token};

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{
    any_word, expect_punct, expected, parens, peek_braces, peek_parens, peek_words, punct_at, take_punct, take_words, text,
};
use crate::parse::habit::{Spot, Unread};
use crate::parse::undo::Within;
use crate::parse::{Parser, depth, habit, planned, statement, undo};

/// What was read of a migration.
pub struct Parsed {
    /// The `//!` text.
    pub message: String,
    /// `revision "…"`
    pub revision: Option<(String, Span)>,
    /// `after PATH, …`
    pub parents: Vec<Path>,
    /// Whether all that stands before the statements could be read. Otherwise the parents are not known, and what is said of
    /// the statements may be wrong.
    pub has_head: bool,
    /// The statements.
    pub draft: Draft,
    marks: crate::marks::Marks,
    diagnostics: Vec<Diagnostic>,
    /// Where what is said of the whole migration stands: its parents, or its first token.
    place: Span,
    require: Option<Span>,
    down: Option<Span>,
    /// The parts that could not be read.
    parts: Vec<Unread>,
}

impl Parsed {
    /// What is wrong: what could not be read, and what the model found.
    pub fn diagnostics(&self, problems: impl IntoIterator<Item = Problem>) -> Vec<Diagnostic> {
        let found = problems.into_iter().map(|problem| Diagnostic { span: self.place_of(&problem), problem: Box::new(problem) });
        self.diagnostics.iter().cloned().chain(found).collect()
    }

    /// What is wrong, as errors that rustc shows at the tokens.
    pub fn errors(&self, problems: impl IntoIterator<Item = Problem>) -> TokenStream {
        let errors = self.diagnostics(problems);
        let errors = errors.iter().map(Diagnostic::to_compile_error);
        quote! { #(#errors)* }
    }

    fn place_of(&self, problem: &Problem) -> Span {
        let of = |role: Role, place: Option<Span>| place.filter(|_| problem.slot.role == role);
        let whole = of(Role::Require, self.require).or(of(Role::Down, self.down));
        let piece = self.marks.find(problem);
        whole.or(piece).unwrap_or(self.place)
    }
}

/// The parents alone: all that has to be known before the schema is. What stands behind the first braces is not looked at, for the
/// head has none.
pub fn parents(tokens: TokenStream) -> Vec<Path> {
    let is_braces = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let mut head = Head::default();
    let tokens: TokenStream = tokens.into_iter().take_while(|token| !is_braces(token)).collect();
    if depth::deepest(&tokens).is_some() {
        return Vec::new();
    }
    read(tokens, |input| {
        // What is wrong with the head is said when the migration is read as a whole.
        head.read(&mut Parser::default(), input);
        let _ = input.parse::<TokenStream>();
    });
    head.parents
}

/// A migration, as much of it as can be read.
pub fn migration(tokens: TokenStream) -> Parsed {
    let mut parsed = body_of_nothing();
    if let Some(span) = depth::deepest(&tokens) {
        return Parsed { diagnostics: vec![depth::too_deep(span)], has_head: false, ..parsed };
    }
    read(tokens, |input| parsed = body(input));
    let parts = std::mem::take(&mut parsed.parts);
    habit::repair(&mut parsed.diagnostics, &parts, is_read);
    parsed
}

/// Whether a migration can be read.
fn is_read(tokens: TokenStream) -> bool {
    let mut is_read = false;
    read(tokens, |input| is_read = body(input).diagnostics.is_empty());
    is_read
}

/// Reads tokens. That syn finds tokens left over inside of what could not be read is no news: what is wrong was noted.
pub(super) fn read(tokens: TokenStream, read: impl FnOnce(ParseStream<'_>)) {
    let reader = |input: ParseStream<'_>| {
        read(input);
        Ok(())
    };
    let _: syn::Result<()> = reader.parse2(tokens);
}

fn body_of_nothing() -> Parsed {
    Parsed {
        message: String::new(),
        revision: None,
        parents: Vec::new(),
        has_head: true,
        draft: Draft::default(),
        marks: Default::default(),
        diagnostics: Vec::new(),
        place: Span::call_site(),
        require: None,
        down: None,
        parts: Vec::new(),
    }
}

/// What stands before the statements.
#[derive(Default)]
struct Head {
    message: String,
    revision: Option<(String, Span)>,
    parents: Vec<Path>,
    /// Whether a part of it could not be read.
    is_broken: bool,
}

impl Head {
    /// `//! …`, `revision "…";` and `after …;`
    fn read(&mut self, parser: &mut Parser, input: ParseStream<'_>) {
        let mut begin = input.cursor();
        while let Some(read) = self.part(input) {
            if let Err(diagnostic) = read {
                // What is not built yet says nothing of the parents.
                self.is_broken |= diagnostic.problem.code != "planned";
                parser.report(diagnostic, Spot::Statement, begin, input);
            }
            begin = input.cursor();
        }
    }

    fn part(&mut self, input: ParseStream<'_>) -> Option<Parse<()>> {
        if input.peek(Token![#]) && input.peek2(Token![!]) {
            return Some(self.line(input));
        }
        if let Some(planned) = planned::head(input) {
            return Some(Err(planned));
        }
        if peek_words(input, &["revision"]) {
            return Some(self.revision(input));
        }
        peek_words(input, &["after"]).then(|| self.after(input))
    }

    /// `#![doc = "…"]`, which is what rustc makes of `//!`.
    fn line(&mut self, input: ParseStream<'_>) -> Parse<()> {
        input.parse::<Token![#]>()?;
        input.parse::<Token![!]>()?;
        let inner = crate::parse::cursor::inside_brackets(input)?;
        let word = any_word(&inner, "`doc`")?;
        if word != "doc" {
            return Err(Diagnostic::new("unknown_attribute", word.span(), "only the message, `//! …`, stands here"));
        }
        expect_punct(&inner, "=")?;
        let (line, _) = text(&inner, "the message")?;
        if !self.message.is_empty() {
            self.message.push('\n');
        }
        self.message.push_str(line.strip_prefix(' ').unwrap_or(&line));
        Ok(())
    }

    fn revision(&mut self, input: ParseStream<'_>) -> Parse<()> {
        let start = any_word(input, "`revision`")?;
        let (id, span) = text(input, "the revision id in double quotes")?;
        let plain = !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.');
        if !plain {
            let message = format!("`{id}` is no revision id: letters, digits, `_` and `.` make one");
            return Err(Diagnostic::new("revision_id", span, message));
        }
        reserved(&id, span)?;
        if self.revision.replace((id, span)).is_some() {
            return Err(Diagnostic::new("said_twice", start.span(), "the revision is said twice").help("remove one of them"));
        }
        end(input)
    }

    fn after(&mut self, input: ParseStream<'_>) -> Parse<()> {
        let start = any_word(input, "`after`")?;
        if !self.parents.is_empty() {
            return Err(Diagnostic::new("said_twice", start.span(), "the parents are said twice").help("write `after a, b;`"));
        }
        loop {
            let path = input
                .call(Path::parse_mod_style)
                .map_err(|_| expected(input, "the path of a migration: `after super::m0001;`"))?;
            let shown = |path: &Path| quote! { #path }.to_string();
            if self.parents.iter().any(|known| shown(known) == shown(&path)) {
                let span = syn::spanned::Spanned::span(&path);
                return Err(Diagnostic::new("parent_twice", span, "this parent is named twice").help("remove one of them"));
            }
            self.parents.push(path);
            if take_punct(input, ",").is_none() {
                return end(input);
            }
        }
    }
}

/// Rule `revision_reserved`: the command line means something else by this word.
fn reserved(id: &str, span: Span) -> Parse<()> {
    if !RESERVED_IDS.contains(&id) {
        return Ok(());
    }
    let message = format!("`{id}` cannot be a revision id: it is a word of the command line");
    Err(Diagnostic::new("revision_reserved", span, message).help(format!("write `revision \"{id}_1\";`, or another id")))
}

fn end(input: ParseStream<'_>) -> Parse<()> {
    expect_punct(input, ";").map(|_| ())
}

fn body(input: ParseStream<'_>) -> Parsed {
    let start = input.span();
    let mut parser = Parser::default();
    let mut head = Head::default();
    head.read(&mut parser, input);
    let place = head.parents.first().map_or(start, syn::spanned::Spanned::span);
    let Head { message, revision, parents, is_broken } = head;
    let mut parsed = Parsed { message, revision, parents, has_head: !is_broken, place, ..body_of_nothing() };
    while !input.is_empty() {
        let begin = input.cursor();
        if let Err(diagnostic) = part(&mut parser, &mut parsed, input) {
            parser.report(diagnostic, Spot::Statement, begin, input);
        }
    }
    parsed.draft.unread = parser.unread;
    parsed.marks = parser.marks;
    parsed.diagnostics = parser.diagnostics;
    parsed.parts = parser.parts;
    parsed
}

/// `require …;`, `down { … }` or a statement.
fn part(parser: &mut Parser, parsed: &mut Parsed, input: ParseStream<'_>) -> Parse<()> {
    let span = input.span();
    if peek_words(input, &["down"]) && !peek_words(input, &["down", "to"]) {
        any_word(input, "`down`")?;
        if !peek_braces(input) {
            return Err(expected(input, "the whole way back, in braces"));
        }
        let pieces = statement::block(parser, "the whole way back, in braces", input)?;
        undo::refuse(parser, &pieces, Within::Down);
        take_punct(input, ";");
        parsed.down = Some(span);
        if parsed.draft.down.replace(pieces).is_some() {
            return Err(Diagnostic::new("said_twice", span, "`down` is said twice").help("remove one of them"));
        }
        return Ok(());
    }
    if take_words(input, &["require"]).is_some() {
        parsed.require = Some(input.span());
        parsed.draft.require = Some(level(input)?);
        return end(input);
    }
    if peek_words(input, &["after"]) || peek_words(input, &["revision"]) {
        parsed.has_head = false;
        let message = "`revision` and `after` stand before the statements";
        return Err(Diagnostic::new("head_first", span, message).help("move it to the top"));
    }
    planned::head(input).map_or(Ok(()), Err)?;
    parsed.draft.pieces.extend(statement::statement(parser, input)?);
    Ok(())
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
    Diagnostic::new("unknown_level", span, format!("`{said}` is no level that can be required"))
}

fn levels() -> String {
    format!("the levels are `{}`", LEVELS.join("`, `"))
}

/// Whether a setting follows: used by the history.
pub(super) fn is_setting(input: ParseStream<'_>) -> bool {
    crate::parse::cursor::word_at(input.cursor())
        .is_some_and(|(_, rest)| punct_at(rest, ":").is_some() && punct_at(rest, "::").is_none())
}
