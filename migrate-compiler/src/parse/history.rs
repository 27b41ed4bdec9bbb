//! A history: its settings and its modules.

use std::collections::HashSet;

use migrate_history::{Database, Grade, Version};

use crate::lint::RuleSettings;
use crate::suggestion::did_you_mean;
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Token};

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{any_word, expect_punct, expected, next_word, read, take_punct, text};
use crate::parse::{After, Parser, attribute, depth, migration, rules, server};

/// What was read of a history.
#[derive(Clone, Default)]
pub struct HistoryInput {
    /// `name: "…";`
    pub name: Option<String>,
    /// `databases: …;`, each with the oldest version that is served.
    pub servers: Vec<(Version, Span)>,
    /// `require: …;`
    pub require: Option<Grade>,
    /// `rules: …;`
    pub rules: RuleSettings,
    /// `lock: "…";`: the file with the checksums of what is released, and where it is named.
    pub lock: Option<(String, Span)>,
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

const SETTINGS: [&str; 5] = ["databases", "lock", "name", "require", "rules"];

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
            if let Err(diagnostic) = entry(&mut history, &mut said, input) {
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
fn entry(history: &mut HistoryInput, said: &mut Vec<String>, input: ParseStream<'_>) -> Parse<()> {
    if migration::is_setting(input) {
        return setting(history, said, input);
    }
    set_by_equals(input)?;
    let attributes = attributes(input)?;
    let visibility = visibility(input)?;
    let declares = input.parse::<Option<Token![mod]>>()?.is_some();
    let name = any_word(input, "`mod` and the name of a migration")?;
    expect_punct(input, ";")?;
    if !history.names.insert(name.to_string()) {
        return Err(Diagnostic::new("module_twice", name.span(), format!("duplicate module `{name}`")).help("remove one of them"));
    }
    history.modules.push(Module { declares, attributes, visibility, name });
    Ok(())
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

/// `databases: …;`, `lock: "…";`, `name: "…";`, `require: …;`, `rules: …;`
fn setting(history: &mut HistoryInput, said: &mut Vec<String>, input: ParseStream<'_>) -> Parse<()> {
    let word = any_word(input, "a setting")?;
    let name = word.unraw().to_string();
    expect_punct(input, ":")?;
    if !SETTINGS.contains(&name.as_str()) {
        let near = did_you_mean(&name, SETTINGS);
        let message = format!("unknown setting `{name}`");
        return Err(Diagnostic::new("unknown_setting", word.span(), message)
            .help_if(near)
            .help_if(Some(format!("the settings are: {}", SETTINGS.join(", ")))));
    }
    if said.contains(&name) {
        return Err(Diagnostic::new("setting_twice", word.span(), format!("duplicate `{name}`")).help("remove one of them"));
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
        _ => history.require = Some(migration::level(input)?),
    }
    expect_punct(input, ";").map(|_| ())
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
