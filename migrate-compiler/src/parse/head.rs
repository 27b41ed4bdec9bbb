//! What comes before the statements of a migration.

use migrate_history::plan::RESERVED_IDS;
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::buffer::Cursor;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Path, Token};

use crate::diagnostic::{Diagnostic, Parse};
use crate::help::{Applicability, Help};
use crate::parse::cursor::{
    any_word, expect_punct, expected, inside_brackets, peek_words, range, read, take_punct, take_words, text,
};
use crate::parse::habit::Spot;
use crate::parse::{Parser, depth};
use crate::tree::{Heading, LabelClause, Predecessors, RevisionClause};

/// The parents and then the dependencies alone: all that has to be known before the schema is. Nothing after the first braces is read,
/// for the head has none.
pub fn predecessors(tokens: TokenStream) -> Vec<Path> {
    let is_braces = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let mut predecessors = Vec::new();
    let tokens: TokenStream = tokens.into_iter().take_while(|token| !is_braces(token)).collect();
    if depth::deepest(&tokens).is_some() {
        return Vec::new();
    }
    read(tokens, |input| {
        // An error in the head is reported when the migration is read as a whole.
        let (parents, dependencies) = head(&mut Parser::default(), input).into_predecessors();
        predecessors.extend(parents.into_iter().chain(dependencies));
        let _ = input.parse::<TokenStream>();
    });
    predecessors
}

/// The words with which a part of the head begins.
const WORDS: [&[&str]; 4] = [&["revision"], &["label"], &["after"], &["depends", "on"]];

/// Whether a part of the head begins here.
pub(super) fn begins(input: ParseStream<'_>) -> bool {
    WORDS.iter().any(|words| peek_words(input, words))
}

/// `//! …`, `revision "…";`, `label "…";`, `after …;` and `depends on …;`
pub(super) fn head(parser: &mut Parser, input: ParseStream<'_>) -> Heading {
    let mut head = Heading::default();
    let mut begin = input.cursor();
    while let Some(read) = part(&mut head, input) {
        if let Err(diagnostic) = read {
            parser.is_head_broken = true;
            head.unread.push(parser.report(diagnostic, Spot::Statement, begin, input));
        }
        begin = input.cursor();
    }
    head
}

fn part(head: &mut Heading, input: ParseStream<'_>) -> Option<Parse<()>> {
    if input.peek(Token![#]) && input.peek2(Token![!]) {
        return Some(line(head, input));
    }
    if peek_words(input, &["revision"]) {
        return Some(revision(head, input));
    }
    if peek_words(input, &["label"]) {
        return Some(label(head, input));
    }
    let begin = input.cursor();
    if take_words(input, &["after"]).is_some() {
        return Some(paths(&mut head.parents, ("after", begin), input));
    }
    take_words(input, &["depends", "on"]).map(|_| paths(&mut head.dependencies, ("depends on", begin), input))
}

/// `#![doc = "…"]`, which is what rustc makes of `//!`.
fn line(head: &mut Heading, input: ParseStream<'_>) -> Parse<()> {
    let begin = input.cursor();
    input.parse::<Token![#]>()?;
    input.parse::<Token![!]>()?;
    let inner = inside_brackets(input)?;
    let word = any_word(&inner, "`doc`")?;
    if word != "doc" {
        return Err(Diagnostic::new(
            "unknown_attribute",
            word.span(),
            "only `//! …`, the message of the migration, is allowed here",
        ));
    }
    expect_punct(&inner, "=")?;
    let (line, _) = text(&inner, "the message")?;
    let line = line.strip_prefix(' ').unwrap_or(&line).to_owned();
    head.lines.push((line, range(begin, input.cursor())));
    Ok(())
}

fn revision(head: &mut Heading, input: ParseStream<'_>) -> Parse<()> {
    let begin = input.cursor();
    any_word(input, "`revision`")?;
    let number = input.fork().parse::<syn::LitInt>().ok();
    let (id, place) = text(input, "the revision id in double quotes").map_err(|error| match number {
        Some(number) => error.help(format!("write `revision \"{number}\";`")),
        None => error,
    })?;
    if !is_plain(&id) {
        let message = format!("invalid revision id `{id}`: letters, digits, `_` and `.` are allowed");
        return Err(Diagnostic::new("revision_id", place, message).help(format!("write `revision \"{}\";`", plain_id(&id))));
    }
    reserved(&id, place)?;
    let end = expect_punct(input, ";");
    // The id is known without it.
    head.revisions.push(RevisionClause { range: range(begin, input.cursor()), id, place });
    end.map(|_| ())
}

/// A valid id that is like one.
fn plain_id(id: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '.';
    let plain: String = id.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let plain = plain.trim_matches('_');
    if plain.is_empty() { "first".to_owned() } else { plain.to_owned() }
}

/// Rule `label_name`: a label is written where a revision id is.
fn label(head: &mut Heading, input: ParseStream<'_>) -> Parse<()> {
    let begin = input.cursor();
    any_word(input, "`label`")?;
    let (label, place) = text(input, "the label in double quotes")?;
    if !is_plain(&label) {
        let message = format!("invalid label `{label}`: letters, digits, `_` and `.` are allowed");
        return Err(Diagnostic::new("label_name", place, message).help(format!("write `label \"{}\";`", plain_id(&label))));
    }
    if RESERVED_IDS.contains(&label.as_str()) {
        let message = format!("`{label}` cannot be a label: it is a target keyword");
        return Err(Diagnostic::new("label_name", place, message).help(format!("write `label \"{label}_1\";`, or another label")));
    }
    let end = expect_punct(input, ";");
    head.labels.push(LabelClause { range: range(begin, input.cursor()), label, place });
    end.map(|_| ())
}

fn is_plain(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.')
}

/// The paths after the words of a clause, which begins here.
fn paths(clauses: &mut Vec<Predecessors>, (words, begin): (&str, Cursor<'_>), input: ParseStream<'_>) -> Parse<()> {
    let mut paths = Vec::new();
    let end = each_path(&mut paths, words, input);
    // Those that could be read are known, whatever follows them.
    clauses.push(Predecessors { range: range(begin, input.cursor()), paths });
    end
}

fn each_path(paths: &mut Vec<Path>, words: &str, input: ParseStream<'_>) -> Parse<()> {
    loop {
        let quoted = quoted_module(words, input);
        let path = input.call(Path::parse_mod_style);
        paths.push(path.map_err(|_| expected(input, "the path of a migration: `after super::m0001;`").help_if(quoted))?);
        if take_punct(input, ",").is_none() {
            return expect_punct(input, ";").map(|_| ());
        }
    }
}

/// What to write for the name of a module, or of its file, in double quotes.
fn quoted_module(words: &str, input: ParseStream<'_>) -> Option<Help> {
    let text = input.fork().parse::<LitStr>().ok()?.value();
    let file = text.rsplit('/').next()?;
    let module: Ident = syn::parse_str(file.strip_suffix(".rs").unwrap_or(file)).ok()?;
    let help = Help::from(format!("write `{words} super::{module};`"));
    Some(help.replacing(None, &format!("super::{module}"), Applicability::MachineApplicable))
}

/// Rule `revision_reserved`: the command line means something else by this word.
fn reserved(id: &str, span: Span) -> Parse<()> {
    if !RESERVED_IDS.contains(&id) {
        return Ok(());
    }
    let message = format!("`{id}` cannot be a revision id: it is a target keyword");
    Err(Diagnostic::new("revision_reserved", span, message).help(format!("write `revision \"{id}_1\";`, or another id")))
}
