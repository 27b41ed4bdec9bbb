//! The cases of the UI tests, compiled without rustc: each migration that has errors, with the state before it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use migrate_compiler::compile::compile;
use migrate_compiler::diagnostic::Diagnostic;
use migrate_compiler::parse;
use migrate_compiler::state::{Settings, State};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A migration of a case.
pub struct Case {
    /// The name of the case.
    pub name: String,
    /// The text of the migration.
    pub text: String,
    /// Its tokens; a group is its two delimiters and what is between them.
    pub tokens: Vec<Token>,
    /// The errors that it has, as they are shown.
    pub errors: Vec<Shown>,
    before: State,
}

/// A token: where it begins and ends in the text of its migration, in bytes, and its line and column in the file.
pub struct Token {
    pub start: usize,
    pub end: usize,
    place: (usize, usize),
}

/// An error as it is shown.
#[derive(Clone)]
pub struct Shown {
    pub message: String,
    pub help: String,
    /// Line and column, from 1.
    pub place: (usize, usize),
}

impl Shown {
    /// The code of a help that is code: `write …` and `did you mean …?`.
    pub fn code(&self) -> Option<String> {
        let begins = ["write `", "write before it: `", "did you mean `", "write it as `", "for a list of values, write `"];
        // What is written in the history is in no migration.
        let is_code = begins.iter().any(|begin| self.help.starts_with(begin)) && !self.help.contains("in `history!`");
        is_code.then(|| self.help.split('`').nth(1).unwrap().to_owned())
    }
}

impl Case {
    /// The token at a place of the file.
    pub fn token_at(&self, place: (usize, usize)) -> Option<usize> {
        self.tokens.iter().position(|token| token.place == place)
    }
}

/// An error that the compiler found.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    pub rule: &'static str,
    pub message: String,
}

/// The errors of a text in the place of a migration; `None` where it is not made of tokens, or where `is_allowed` refuses an error of the
/// parser, so that the rest need not be compiled.
pub fn errors_of(case: &Case, text: &str, is_allowed: impl Fn(&Found) -> bool) -> Option<Vec<Found>> {
    let parsed = parse::migration(text.parse().ok()?);
    let found = |one: &Diagnostic| Found { rule: one.problem.code, message: one.problem.message.clone() };
    if !parsed.diagnostics(Vec::new()).iter().map(found).all(|one| is_allowed(&one)) {
        return None;
    }
    let outcome = compile(case.before.clone().next(""), &parsed.draft, &parsed.message);
    Some(parsed.diagnostics(outcome.problems).iter().map(found).collect())
}

fn folder() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().map(|folder| folder.join("tests/ui/cases")).find(|folder| folder.is_dir()).expect("the cases are there")
}

/// Every migration with errors of every case of one line of migrations.
pub fn cases() -> Vec<Case> {
    cases_as(&str::to_owned)
}

/// The same with another text in the place of that of each file.
pub fn cases_as(text: &dyn Fn(&str) -> String) -> Vec<Case> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "rs"));
    files.sort();
    files.iter().flat_map(|file| cases_of(file, text)).collect()
}

/// What is in a file: the settings, and the body of each migration by its module.
#[derive(Default)]
struct Source {
    settings: Option<Settings>,
    bodies: BTreeMap<String, proc_macro2::Group>,
    given: BTreeMap<String, String>,
}

fn cases_of(file: &Path, text: &dyn Fn(&str) -> String) -> Vec<Case> {
    let source = text(&std::fs::read_to_string(file).unwrap());
    let mut found = Source::default();
    // A case may hold what is not made of tokens for proc-macro2.
    let Ok(tokens) = source.parse::<TokenStream>() else { return Vec::new() };
    find(tokens, "", &mut found);
    let Some(settings) = found.settings.clone().filter(|settings| !settings.servers.is_empty()) else { return Vec::new() };
    let errors = shown(&std::fs::read_to_string(file.with_extension("stderr")).unwrap());
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let mut cases = Vec::new();
    for (module, body) in &found.bodies {
        let most = found.bodies.len() + found.given.len();
        let Some(before) = before((&found, text), &settings, body.stream(), most) else { continue };
        let mut case = case(&name, module, &source, body, before);
        case.errors = errors.iter().filter(|error| case.token_at(error.place).is_some()).cloned().collect();
        cases.push(case);
    }
    cases
}

/// The state before a migration that has at most so many ancestors; `None` at a merge and in a cycle.
fn before(
    (found, text): (&Source, &dyn Fn(&str) -> String),
    settings: &Settings,
    body: TokenStream,
    most: usize,
) -> Option<State> {
    let most = most.checked_sub(1)?;
    let parents = parse::predecessors(body);
    let Some(parent) = parents.first() else { return Some(State::root(settings.clone())) };
    let name = parent.segments.last()?.ident.to_string();
    let body = match (found.bodies.get(&name), found.given.get(&name)) {
        (Some(body), _) => body.stream(),
        (None, Some(given)) => {
            let mut inner = Source::default();
            let path = folder().join("../given").join(Path::new(given).file_name()?);
            find(text(&std::fs::read_to_string(path).unwrap()).parse().unwrap(), &name, &mut inner);
            inner.bodies.get(&name)?.stream()
        }
        (None, None) => return None,
    };
    let before = before((found, text), settings, body.clone(), most).filter(|_| parents.len() == 1)?;
    let parsed = parse::migration(body);
    Some(compile(before.next(""), &parsed.draft, &parsed.message).after.named(&name))
}

/// Finds the history and the migrations.
fn find(tokens: TokenStream, module: &str, found: &mut Source) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let word = |back: usize| at.checked_sub(back).map(|at| tokens[at].to_string()).unwrap_or_default();
        if group.delimiter() != Delimiter::Brace {
            continue;
        }
        match (word(2).as_str(), word(1).as_str()) {
            ("history", "!") => history(group.stream(), found),
            ("migration", "!") => drop(found.bodies.insert(module.to_owned(), group.clone())),
            ("mod", name) => find(group.stream(), name, found),
            (_, _) => {}
        }
    }
}

fn history(tokens: TokenStream, found: &mut Source) {
    let parsed = parse::history(tokens);
    let servers = parsed.servers.iter().map(|(server, _)| *server).collect();
    found.settings = Some(Settings { servers, require: parsed.require, rules: parsed.rules.clone() });
    for module in &parsed.modules {
        let attribute = module.attributes.iter().map(ToString::to_string).find(|text| text.contains("path"));
        let path = attribute.and_then(|text| text.split('"').nth(1).map(str::to_owned));
        path.into_iter().for_each(|path| drop(found.given.insert(module.name.to_string(), path)));
    }
}

fn case(name: &str, module: &str, source: &str, body: &proc_macro2::Group, before: State) -> Case {
    let (open, close) = (body.span_open().end(), body.span_close().start());
    let (from, to) = (offset(source, open.line, open.column), offset(source, close.line, close.column));
    let text = source[from..to].to_owned();
    let mut tokens = Vec::new();
    gather(body.stream(), source, from, &mut tokens);
    Case { name: format!("{name}, {module}"), text, tokens, errors: Vec::new(), before }
}

fn offset(source: &str, line: usize, column: usize) -> usize {
    let before: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let of_line = source[before..].char_indices().nth(column).map_or(source.len() - before, |(at, _)| at);
    before + of_line
}

fn gather(tokens: TokenStream, source: &str, from: usize, all: &mut Vec<Token>) {
    let token = |span: proc_macro2::Span| {
        let (start, end) = (span.start(), span.end());
        Token {
            start: offset(source, start.line, start.column) - from,
            end: offset(source, end.line, end.column) - from,
            place: (start.line, start.column + 1),
        }
    };
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => {
                all.push(token(group.span_open()));
                gather(group.stream(), source, from, all);
                all.push(token(group.span_close()));
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => all.push(token(tree.span())),
        }
    }
}

/// The errors of an expected output.
fn shown(stderr: &str) -> Vec<Shown> {
    let mut all = Vec::new();
    let mut now: Option<Shown> = None;
    for line in stderr.lines() {
        if let Some(message) = line.strip_prefix("error: ") {
            now = Some(Shown { message: message.to_owned(), help: String::new(), place: (0, 0) });
        } else if let (Some(help), Some(now)) = (line.trim().strip_prefix("help: "), &mut now) {
            help.clone_into(&mut now.help);
        } else if let (Some(place), Some(shown)) = (line.trim().strip_prefix("--> "), now.take()) {
            let numbers: Vec<usize> = place.split(':').skip(1).filter_map(|number| number.parse().ok()).collect();
            all.push(Shown { place: (numbers[0], numbers[1]), ..shown });
        }
    }
    all
}
