//! A history: its settings and its modules.

use std::collections::HashSet;

use migrate_history::{Database, Grade, PatternError, Version, check_pattern};

use crate::lint::RuleSettings;
use crate::suggestion::{did_you_mean, nearest};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Token};

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{any_word, expect_punct, expected, next_word, punct_at, read, take_punct, text, word_at};
use crate::parse::{After, Parser, attribute, depth, migration, rules, server};

/// What was read of a history.
#[derive(Clone, Default)]
pub struct HistoryInput {
    /// `name: "…";`
    pub name: Option<String>,
    /// `databases: …;`, each with the oldest version that is supported.
    pub servers: Vec<(Version, Span)>,
    /// `require: …;`
    pub require: Option<Grade>,
    /// `rules: …;`
    pub rules: RuleSettings,
    /// `lock: "…";`: the file with the checksums of what is released, and where it is named.
    pub lock: Option<(String, Span)>,
    /// `protected: "…", "…";`: the patterns of the databases where only a reviewed plan runs.
    pub protected: Vec<String>,
    /// The modules, in order.
    pub modules: Vec<Module>,
    /// Their names, for one that is listed twice.
    names: HashSet<String>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// A module of a history.
#[derive(Clone)]
pub struct Module {
    /// Whether it is declared here (`mod m;`) or elsewhere (`m;`).
    pub declares: bool,
    /// The attributes before it.
    pub attributes: Vec<TokenStream>,
    /// `pub`, or nothing.
    pub visibility: TokenStream,
    /// Its name.
    pub name: Ident,
}

const SETTINGS: [&str; 6] = ["databases", "lock", "name", "protected", "require", "rules"];

impl HistoryInput {
    /// What is wrong, as errors that rustc shows at the tokens.
    pub fn errors(&self) -> TokenStream {
        let errors = self.diagnostics.iter().map(Diagnostic::to_compile_error);
        quote! { #(#errors)* }
    }
}

/// A history, as much of it as can be read.
pub fn history(tokens: TokenStream) -> HistoryInput {
    let mut parser = Parser::default();
    let mut history = HistoryInput::default();
    let mut said = Vec::new();
    if let Some(span) = depth::deepest(&tokens) {
        return HistoryInput { diagnostics: vec![depth::too_deep(span)], ..history };
    }
    read(tokens, |input| {
        while !input.is_empty() {
            let word = next_word(input);
            if let Err(diagnostic) = entry(&mut history, &mut said, &mut parser, input) {
                parser.pass(diagnostic, After::Statement, input);
                // That a setting could not be read does not mean that it is missing.
                said.extend(word);
            }
        }
    });
    if !said.contains(&"databases".to_owned()) {
        let message = "`databases` is missing: a history must name the databases that it supports";
        let diagnostic = Diagnostic::new("no_databases", Span::call_site(), message);
        parser.diagnostics.push(diagnostic.help("write `databases: postgres, sqlite;`"));
    }
    history.diagnostics = parser.diagnostics;
    history
}

/// A setting or a module.
fn entry(history: &mut HistoryInput, said: &mut Vec<String>, parser: &mut Parser, input: ParseStream<'_>) -> Parse<()> {
    if migration::is_setting(input) {
        setting(history, said, input)?;
        return end(parser, input);
    }
    set_by_equals(input)?;
    if let Some(setting) = next_word(input).filter(|word| SETTINGS.contains(&word.as_str()) && !is_module(input)) {
        any_word(input, "a setting")?;
        return Err(expected(input, "`:`").help(format!("write `{setting}: …;`")));
    }
    let attributes = attributes(input)?;
    let visibility = visibility(input)?;
    let imported = input.parse::<Option<Token![use]>>()?.map(|used| used.span);
    let declares = input.parse::<Option<Token![mod]>>()?.is_some() || imported.is_some();
    let name = any_word(input, "`mod` and the name of a migration")?;
    if let Some(span) = imported {
        let unexpected = Diagnostic::new("unexpected", span, "unexpected `use`: a history lists modules");
        parser.diagnostics.push(unexpected.help(format!("write `mod {name};`")));
    }
    if history.names.insert(name.to_string()) {
        history.modules.push(Module { declares, attributes, visibility, name });
    } else {
        let twice = Diagnostic::new("module_twice", name.span(), format!("duplicate module `{name}`"));
        parser.diagnostics.push(twice.help("remove one of them"));
    }
    end(parser, input)
}

/// The semicolon after an entry. Where it is missing and another entry begins, that is read all the same.
fn end(parser: &mut Parser, input: ParseStream<'_>) -> Parse<()> {
    if take_punct(input, ";").is_some() {
        return Ok(());
    }
    let missing = expected(input, "`;`");
    let help = if take_punct(input, ",").is_some() {
        "write `;` instead"
    } else if input.is_empty() {
        "write `;` after it"
    } else if begins(input) {
        "write `;` before it"
    } else {
        return Err(missing);
    };
    parser.diagnostics.push(missing.help(help));
    Ok(())
}

/// Whether an entry begins here.
fn begins(input: ParseStream<'_>) -> bool {
    input.peek(Token![#])
        || input.peek(Token![pub])
        || input.peek(Token![mod])
        || migration::is_setting(input)
        || is_module(input)
}

/// Whether the name of a module alone is here.
fn is_module(input: ParseStream<'_>) -> bool {
    word_at(input.cursor()).is_some_and(|(_, rest)| rest.eof() || punct_at(rest, ";").is_some())
}

/// Rule `colon`: `databases = …;`.
fn set_by_equals(input: ParseStream<'_>) -> Parse<()> {
    let Some((word, rest)) = crate::parse::cursor::word_at(input.cursor()) else { return Ok(()) };
    if !SETTINGS.contains(&word.as_str()) || crate::parse::cursor::punct_at(rest, "=").is_none() {
        return Ok(());
    }
    let mark = |token: &TokenTree, mark| matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark);
    let tokens = rest.token_stream().into_iter().skip(1).take_while(|token| !mark(token, ';')).collect::<TokenStream>();
    let text = tokens.to_string().replace(" ,", ",");
    let value = text.trim_matches(['[', ']']);
    let message = "expected `:` between a setting and its value";
    Err(Diagnostic::new("colon", rest.span(), message).help(format!("write `{word}: {value};`")))
}

/// `#[…]` before a module, kept as it is.
fn attributes(input: ParseStream<'_>) -> Parse<Vec<TokenStream>> {
    let mut attributes = Vec::new();
    while input.peek(Token![#]) {
        input.parse::<Token![#]>()?;
        let inner = crate::parse::cursor::inside_brackets(input)?;
        let inside: TokenStream = inner.parse()?;
        attributes.push(quote! { #[#inside] });
    }
    Ok(attributes)
}

/// `pub`, `pub(crate)`; a module without is public, since the history refers to what is in it.
fn visibility(input: ParseStream<'_>) -> Parse<TokenStream> {
    if input.parse::<Option<Token![pub]>>()?.is_none() {
        return Ok(quote! { pub });
    }
    if !crate::parse::cursor::peek_parens(input) {
        return Ok(quote! { pub });
    }
    let inner = crate::parse::cursor::inside_parens(input)?;
    let inside: TokenStream = inner.parse()?;
    Ok(quote! { pub(#inside) })
}

/// `databases: …;`, `lock: "…";`, `name: "…";`, `protected: "…";`, `require: …;`, `rules: …;`
fn setting(history: &mut HistoryInput, said: &mut Vec<String>, input: ParseStream<'_>) -> Parse<()> {
    let word = any_word(input, "a setting")?;
    let name = word.unraw().to_string();
    expect_punct(input, ":")?;
    if !SETTINGS.contains(&name.as_str()) {
        // What is meant is not missing.
        said.extend(nearest(&name, SETTINGS).map(str::to_owned));
        let near = did_you_mean(&name, SETTINGS);
        let message = format!("unknown setting `{name}`");
        return Err(Diagnostic::new("unknown_setting", word.span(), message)
            .help_if(near)
            .help_if(Some(format!("the settings are: {}", SETTINGS.join(", ")))));
    }
    if said.contains(&name) {
        return Err(
            Diagnostic::new("setting_twice", word.span(), format!("duplicate setting `{name}`")).help("remove one of them")
        );
    }
    said.push(name.clone());
    match name.as_str() {
        "databases" => databases(history, input)?,
        "name" => {
            let (name, span) = text(input, "the name in double quotes")?;
            if name.trim().is_empty() {
                return Err(Diagnostic::new("history_name", span, "the name of the history is empty")
                    .help("write `name: \"billing\";`, or remove `name`: the default is the name of the crate"));
            }
            history.name = Some(name);
        }
        "rules" => history.rules = rules::rules(input)?,
        "lock" => history.lock = Some(text(input, "the file of the lock in double quotes: `\"history.lock\"`")?),
        "protected" => protected(history, input)?,
        _ => history.require = Some(migration::level(input)?),
    }
    Ok(())
}

/// Rule `protected_pattern`: each is `HOST/DATABASE`.
fn protected(history: &mut HistoryInput, input: ParseStream<'_>) -> Parse<()> {
    loop {
        let (pattern, span) = text(input, "a pattern in double quotes: `\"*.prod.example.com/*\"`")?;
        if let Err(error) = check_pattern(&pattern) {
            let (message, help) = match error {
                PatternError::NoSlash => ("the pattern has no `/` between host and database", format!("write `\"*/{pattern}\"`")),
                PatternError::NoDatabase => ("the pattern has no database after its `/`", format!("write `\"{pattern}*\"`")),
            };
            return Err(Diagnostic::new("protected_pattern", span, message).help(help));
        }
        history.protected.push(pattern);
        if take_punct(input, ",").is_none() {
            return Ok(());
        }
    }
}

/// Every database. A version that is wrong does not take away its database, nor those after it.
fn databases(history: &mut HistoryInput, input: ParseStream<'_>) -> Parse<()> {
    if input.peek(Token![;]) {
        return Err(expected(input, "a database: `postgres`, `sqlite`"));
    }
    in_brackets(input)?;
    let mut wrong = None;
    loop {
        let (database, span) = attribute::database(input)?;
        if history.servers.iter().any(|(known, _)| known.database == database) {
            return Err(Diagnostic::new("database_twice", span, format!("duplicate database `{}`", database.word()))
                .help("remove one of them"));
        }
        let oldest = server::oldest(database, input).unwrap_or_else(|diagnostic| {
            wrong.get_or_insert(diagnostic);
            Version::oldest(database)
        });
        history.servers.push((oldest, span));
        if take_punct(input, ",").is_none() {
            no_comma(history, input)?;
            return wrong.map_or(Ok(()), Err);
        }
    }
}

/// Rule `expected`: `databases: [postgres, sqlite];`
fn in_brackets(input: ParseStream<'_>) -> Parse<()> {
    let Some((inner, ..)) = input.cursor().group(Delimiter::Bracket) else { return Ok(()) };
    let text = inner.token_stream().to_string().replace(" ,", ",");
    let message = "the databases are written without brackets";
    Err(Diagnostic::new("expected", input.span(), message).help(format!("write `databases: {text};`")))
}

/// Rule `comma`: `databases: postgres sqlite;`
fn no_comma(history: &HistoryInput, input: ParseStream<'_>) -> Parse<()> {
    let span = input.span();
    let Some(next) = next_word(input).and_then(|word| Database::from_word(&word)) else { return Ok(()) };
    let said = history.servers.iter().map(|(server, _)| server.database).chain([next]).map(|database| database.word());
    let message = "databases are separated by commas";
    Err(Diagnostic::new("comma", span, message).help(format!("write `databases: {};`", said.collect::<Vec<_>>().join(", "))))
}
