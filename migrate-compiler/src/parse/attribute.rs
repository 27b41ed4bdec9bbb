//! `#[allow(…)]`, `#[only(…)]`, `#[set(…)]` and `///` before statements and actions.

use migrate_history::Database;

use crate::draft::Allow;
use crate::help::Help;
use crate::lint;
use crate::suggestion::did_you_mean;
use proc_macro2::{Ident, Span};
use syn::Token;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::Parser;
use crate::parse::cursor::{any_word, expect_punct, expected, list, nothing_left, parens, range, take_punct, text};
use crate::session_setting::SessionSetting;
use crate::tree::{Attribute, AttributeKind, Attributes, Comment, Range};

/// Every attribute that comes next.
pub(super) fn attributes(parser: &mut Parser, input: ParseStream<'_>) -> Parse<Attributes> {
    let mut all = Attributes::default();
    while input.peek(Token![#]) {
        let begin = input.cursor();
        input.parse::<Token![#]>()?;
        let inner = crate::parse::cursor::inside_brackets(input)?;
        let read = attribute(parser, &inner)?;
        nothing_left(&inner)?;
        let range = range(begin, input.cursor());
        match read {
            Bracketed::Line(line) => all.comment = Some(with_line(all.comment, line, range)),
            Bracketed::Attribute(word, kind) => all.all.push(Attribute { range, word, kind }),
        }
    }
    Ok(all)
}

/// What is in the brackets of an attribute.
enum Bracketed {
    /// A line of a comment.
    Line(String),
    /// An attribute, at its word.
    Attribute(Span, AttributeKind),
}

/// A comment with one more line.
fn with_line(comment: Option<Comment>, line: String, range: Range) -> Comment {
    match comment {
        Some(Comment { range: before, text }) => {
            Comment { range: Range { last: range.last, ..before }, text: format!("{text}\n{line}") }
        }
        None => Comment { range, text: line },
    }
}

/// One attribute, inside of its brackets.
fn attribute(parser: &mut Parser, input: ParseStream<'_>) -> Parse<Bracketed> {
    let word = any_word(input, "`allow`, `only` or `set`")?;
    match word.unraw().to_string().as_str() {
        "doc" => {
            expect_punct(input, "=")?;
            let (line, _) = text(input, "the text of a comment")?;
            Ok(Bracketed::Line(line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned()))
        }
        "allow" => {
            let (allow, place) = parens(input, "a rule and a reason in parentheses", |input| allow(parser, input))?;
            Ok(Bracketed::Attribute(word.span(), AttributeKind::Allow(allow, place)))
        }
        "only" => {
            let databases = parens(input, "databases in parentheses", only)?;
            Ok(Bracketed::Attribute(word.span(), AttributeKind::Only(databases)))
        }
        "set" => {
            let settings = parens(input, "settings in parentheses", settings)?;
            Ok(Bracketed::Attribute(word.span(), AttributeKind::Set(settings)))
        }
        other => {
            let near = did_you_mean(other, ["allow", "only", "set"]);
            let message = format!("unknown attribute `{other}`");
            let help = "the attributes are `#[allow(rule, reason = \"…\")]`, `#[only(database)]` and `#[set(name = \"value\")]`";
            Err(Diagnostic::new("unknown_attribute", word.span(), message).help_if(near).help_if(Some(help.to_owned())))
        }
    }
}

/// `rule, reason = "…"`. That the reason is missing is no error of the grammar: whether there is such a rule counts first.
fn allow(parser: &mut Parser, input: ParseStream<'_>) -> Parse<(Allow, Span)> {
    let rule = any_word(input, "the name of a rule")?;
    let id = parser.allows;
    parser.allows += 1;
    let mut allow = Allow { id, rule: rule.unraw().to_string(), reason: String::new() };
    if take_punct(input, ",").is_some() && !input.is_empty() {
        let word = any_word(input, "`reason`")?;
        if word != "reason" {
            return Err(several(&rule, &word, input));
        }
        expect_punct(input, "=")?;
        allow.reason = text(input, "the reason in double quotes")?.0;
        take_punct(input, ",");
    }
    nothing_left(input)?;
    Ok((allow, rule.span()))
}

/// Rule `expected`: each rule is accepted by an attribute of its own, since each has its own reason.
fn several(rule: &Ident, second: &Ident, input: ParseStream<'_>) -> Diagnostic {
    let is_rule = |name: &str| lint::names().any(|known| known == name);
    let mut rules = vec![rule.unraw().to_string(), second.unraw().to_string()];
    let mut reason = None;
    while take_punct(input, ",").is_some() {
        let Ok(word) = any_word(input, "a rule") else { break };
        match take_punct(input, "=") {
            Some(_) => reason = text(input, "the reason in double quotes").ok(),
            None => rules.push(word.unraw().to_string()),
        }
    }
    let expected = Diagnostic::new("expected", second.span(), format!("expected `reason`, found `{second}`"));
    if !rules.iter().all(|rule| is_rule(rule)) {
        return expected;
    }
    let reason = reason.map_or_else(|| "unused since 2.3".to_owned(), |(reason, _)| reason);
    let each: Vec<String> = rules.iter().map(|rule| format!("#[allow({rule}, reason = {reason:?})]")).collect();
    Diagnostic::new("expected", second.span(), "`#[allow]` accepts one rule").help(format!("write `{}`", each.join(" ")))
}

/// `work_mem = "1GB", app.user = "…"`
fn settings(input: ParseStream<'_>) -> Parse<Vec<(SessionSetting, Span)>> {
    if input.is_empty() {
        return Err(expected(input, "a setting: `work_mem = \"1GB\"`"));
    }
    list(input, |input| {
        let word = any_word(input, "the name of a setting")?;
        let mut name = word.unraw().to_string();
        while take_punct(input, ".").is_some() {
            name = format!("{name}.{}", any_word(input, "the name of a setting")?.unraw());
        }
        expect_punct(input, "=")?;
        let (value, _) = text(input, "its value in double quotes")?;
        Ok((SessionSetting { name: name.to_lowercase(), value }, word.span()))
    })
}

/// `postgres, sqlite`
fn only(input: ParseStream<'_>) -> Parse<Vec<(Database, Span)>> {
    if input.is_empty() {
        return Err(expected(input, "a database"));
    }
    let mut named: Vec<Database> = Vec::new();
    list(input, |input| {
        let (database, span) = self::database(input)?;
        if named.contains(&database) {
            let message = format!("duplicate database `{}`", database.word());
            return Err(Diagnostic::new("database_twice", span, message).help("remove one of them"));
        }
        named.push(database);
        Ok((database, span))
    })
}

/// Rule `unknown_database`.
pub(super) fn database(input: ParseStream<'_>) -> Parse<(Database, Span)> {
    let word = any_word(input, "a database")?;
    let name = word.unraw().to_string();
    if let Some(database) = Database::from_word(&name) {
        return Ok((database, word.span()));
    }
    if ["mysql", "mariadb"].contains(&name.as_str()) {
        let message = format!("`{name}` is not supported yet");
        return Err(Diagnostic::new("planned", word.span(), message).help("the databases are `postgres` and `sqlite`"));
    }
    let aliases = [("postgresql", "postgres"), ("pg", "postgres"), ("sqlite3", "sqlite")];
    let alias = aliases.iter().find(|(alias, _)| *alias == name).map(|(alias, word)| Help::write(*alias, word));
    let near = did_you_mean(&name, Database::ALL.iter().map(|database| database.word()));
    let message = format!("unknown database `{name}`");
    Err(Diagnostic::new("unknown_database", word.span(), message)
        .help_if(alias)
        .help_if(near)
        .help("the databases are `postgres` and `sqlite`"))
}
