//! `#[allow(…)]`, `#[only(…)]` and `///` before statements and actions.

use migrate_history::Database;

use crate::draft::Allow;
use crate::problem::Role;
use crate::suggestion::did_you_mean;
use proc_macro2::Span;
use syn::Token;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{any_word, expect_punct, expected, list, nothing_left, parens, take_punct, text};

/// What stands before a statement or an action.
#[derive(Clone, Default)]
pub(super) struct Attributes {
    pub allows: Vec<Allow>,
    pub only: Option<Vec<Database>>,
    pub comment: Option<String>,
    /// Where the comment begins.
    comment_at: Option<Span>,
    /// Where `allow` and `only` stand.
    places: Vec<(&'static str, Span)>,
    /// The words in them, for the marks of the pieces that follow.
    pub words: Vec<(Role, String, Span)>,
}

impl Attributes {
    /// Rule `comment_here`: the databases keep comments of tables and columns alone.
    pub fn refuse_comment(&self, what: &str) -> Parse<()> {
        let Some(span) = self.comment_at else { return Ok(()) };
        let message = format!("`///` is the comment of a table or a column in the database, and this is {what}");
        Err(Diagnostic::new("comment_here", span, message).help("write `//` for a note to the reader"))
    }

    /// Rule `attribute_here`: part of a statement has no attributes of its own.
    pub fn refuse_all(&self, what: &str) -> Parse<()> {
        let Some((word, span)) = self.places.first() else { return Ok(()) };
        let message = format!("`#[{word}(…)]` stands before a statement or an action, and this is {what}");
        Err(Diagnostic::new("attribute_here", *span, message).help("move it before the statement"))
    }

    /// What holds of an action inside of a block that has attributes of its own.
    pub fn within(mut self, block: &Attributes) -> Attributes {
        self.allows.extend(block.allows.iter().cloned());
        self.only = self.only.or_else(|| block.only.clone());
        self.words.extend(block.words.iter().cloned());
        self
    }
}

/// Every attribute that comes next.
pub(super) fn attributes(input: ParseStream<'_>) -> Parse<Attributes> {
    let mut all = Attributes::default();
    while input.peek(Token![#]) {
        input.parse::<Token![#]>()?;
        let inner = crate::parse::cursor::inside_brackets(input)?;
        attribute(&inner, &mut all)?;
        nothing_left(&inner)?;
    }
    Ok(all)
}

/// One attribute, inside of its brackets.
fn attribute(input: ParseStream<'_>, all: &mut Attributes) -> Parse<()> {
    let word = any_word(input, "`allow` or `only`")?;
    match word.unraw().to_string().as_str() {
        "doc" => {
            all.comment_at = all.comment_at.or(Some(word.span()));
            expect_punct(input, "=")?;
            let (line, _) = text(input, "the text of a comment")?;
            let line = line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned();
            all.comment = Some(all.comment.take().map_or(line.clone(), |text| format!("{text}\n{line}")));
        }
        "allow" => {
            let allow = parens(input, "a rule and a reason in parentheses", |input| allow(input, &mut all.words))?;
            all.allows.push(allow);
            all.places.push(("allow", word.span()));
        }
        "only" if all.only.is_some() => {
            let message = "`#[only(…)]` is said twice";
            return Err(Diagnostic::new("attribute_twice", word.span(), message).help("write `#[only(a, b)]`"));
        }
        "only" => {
            all.places.push(("only", word.span()));
            all.only = Some(parens(input, "databases in parentheses", |input| only(input, &mut all.words))?);
        }
        "set" => {
            let message = "`#[set(…)]` is planned and not built yet";
            let help = "write `sql \"SET LOCAL …\" as nothing;` before the statement until then";
            return Err(Diagnostic::new("planned", word.span(), message).help(help));
        }
        other => {
            let near = did_you_mean(other, ["allow", "only"]);
            let message = format!("there is no attribute `{other}` here");
            let help = "the attributes are `#[allow(rule, reason = \"…\")]` and `#[only(database)]`";
            return Err(Diagnostic::new("unknown_attribute", word.span(), message).help_if(near).help_if(Some(help.to_owned())));
        }
    }
    Ok(())
}

/// `rule, reason = "…"`
fn allow(input: ParseStream<'_>, words: &mut Vec<(Role, String, Span)>) -> Parse<Allow> {
    let rule = any_word(input, "the name of a rule")?;
    let name = rule.unraw().to_string();
    words.push((Role::Allow, name.clone(), rule.span()));
    let missing = || {
        Diagnostic::new("allow_reason", rule.span(), format!("say why `{name}` is all right here"))
            .help(format!("`#[allow({name}, reason = \"unused since 2.3\")]`"))
    };
    take_punct(input, ",").ok_or_else(missing)?;
    if any_word(input, "`reason`")? != "reason" {
        return Err(missing());
    }
    expect_punct(input, "=")?;
    let (reason, _) = text(input, "the reason in double quotes")?;
    take_punct(input, ",");
    nothing_left(input)?;
    Ok(Allow { rule: name, reason })
}

/// `postgres, sqlite`
fn only(input: ParseStream<'_>, words: &mut Vec<(Role, String, Span)>) -> Parse<Vec<Database>> {
    if input.is_empty() {
        return Err(expected(input, "a database"));
    }
    list(input, |input| {
        let (database, span) = database(input)?;
        words.push((Role::Word, database.word().to_owned(), span));
        Ok(database)
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
        let message = format!("`{name}` is planned and not built yet");
        return Err(Diagnostic::new("planned", word.span(), message).help("the databases are `postgres` and `sqlite`"));
    }
    let aliases = [("postgresql", "postgres"), ("pg", "postgres"), ("sqlite3", "sqlite")];
    let alias = aliases.iter().find(|(alias, _)| *alias == name).map(|(_, word)| format!("write `{word}`"));
    let near = did_you_mean(&name, Database::ALL.iter().map(|database| database.word()));
    let message = format!("there is no database `{name}`");
    Err(Diagnostic::new("unknown_database", word.span(), message)
        .help_if(alias)
        .help_if(near)
        .help("the databases are `postgres` and `sqlite`"))
}
