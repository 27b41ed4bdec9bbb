//! Types.

use migrate_history::Database;

use crate::help::Help;
use crate::name::{Name, Written};
use crate::schema::CounterKind;
use crate::sql::registry::features;
use crate::suggestion::{did_you_mean, nearest};
use crate::types::{EnumType, Native, Type};
use proc_macro2::{Delimiter, Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{LitChar, LitInt, LitStr};

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{any_word, integer, list, parens, peek_parens, take_punct};
use crate::parse::{habit, name};

/// A type, and whether it counts: `serial` is an integer with a sequence.
pub(super) struct TypeSyntax {
    pub ty: Type,
    pub counter: Option<CounterKind>,
    pub span: Span,
}

/// The databases that are planned.
const PLANNED: [&str; 2] = ["mysql", "mariadb"];

/// The most dimensions of an array of PostgreSQL (`MAXDIM` in `c.h`).
const DIMENSIONS: usize = 6;

/// `TYPE`, `TYPE[]`
pub(super) fn written(input: ParseStream<'_>) -> Parse<TypeSyntax> {
    let span = input.span();
    let (mut ty, counter) = base(input)?;
    let mut dimensions = 0;
    while let Some((group, _, _)) = input.cursor().group(Delimiter::Bracket) {
        dimensions += 1;
        if dimensions > DIMENSIONS {
            let message = format!("an array has at most {DIMENSIONS} dimensions");
            return Err(Diagnostic::new("array_dimensions", input.span(), message).help(format!("write `{ty}`")));
        }
        if !group.eof() {
            return Err(Diagnostic::new("array_length", input.span(), "the length of an array is not supported")
                .help(format!("write `{ty}[]`")));
        }
        let _inner = crate::parse::cursor::inside_brackets(input)?;
        ty = Type::Array(Box::new(ty));
    }
    Ok(TypeSyntax { ty, counter, span })
}

/// The type of a column.
pub(super) fn of_column(column: &str, input: ParseStream<'_>) -> Parse<TypeSyntax> {
    no_values(column, input)?;
    written(input)
}

/// The type that a column is changed to, which does not count.
pub(super) fn plain_of_column(column: &str, input: ParseStream<'_>) -> Parse<Type> {
    no_values(column, input)?;
    plain(input)
}

/// Rule `unknown_type`: the values of an enum where a type is expected: `enum('a', 'b')`.
fn no_values(column: &str, input: ParseStream<'_>) -> Parse<()> {
    let fork = input.fork();
    let Ok(word) = any_word(&fork, "a type") else { return Ok(()) };
    let Ok(values) = parens(&fork, "values", |input| list(input, value)) else { return Ok(()) };
    let (column, values) = (Written(column), values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", "));
    let message = "the values of an enum are not written with its column";
    let help = format!("write `create enum {column} ({values});` before this statement, and `{column}` as the type");
    Err(Diagnostic::new("unknown_type", word.span(), message).help(help))
}

/// A value of an enum, in quotes of either kind.
fn value(input: ParseStream<'_>) -> Parse<String> {
    if input.peek(LitChar) {
        return Ok(input.parse::<LitChar>()?.value().to_string());
    }
    Ok(input.parse::<LitStr>()?.value())
}

/// A type that does not count.
pub(super) fn plain(input: ParseStream<'_>) -> Parse<Type> {
    let written = written(input)?;
    match written.counter {
        None => Ok(written.ty),
        Some(_) => Err(Diagnostic::new("serial_here", written.span, "`serial` can only be the type of a new column")
            .help(format!("write `{}`", written.ty))),
    }
}

fn base(input: ParseStream<'_>) -> Parse<(Type, Option<CounterKind>)> {
    if input.peek(LitStr) {
        let (name, _) = name::plain(input, "a type")?;
        return Ok((enum_type(name, input)?, None));
    }
    let word = any_word(input, "a type")?;
    // A raw identifier is never a word of the language, so it is no type of every database.
    let name = word.to_string();
    // After a type of every database `::` is the next cast: `x::double::text`. So it is after an enum.
    if is_database(&name) && take_punct(input, "::").is_some() {
        return Ok((native(input, &name, word.span())?, None));
    }
    let ty = match name.as_str() {
        "serial" => return Ok((Type::Integer, Some(CounterKind::Serial))),
        "bigserial" => return Ok((Type::BigInt, Some(CounterKind::Serial))),
        "decimal" if peek_parens(input) => decimal(input)?,
        "varchar" if peek_parens(input) => Type::Varchar(Some(length(input)?)),
        "char" => Type::Char(if peek_parens(input) { length(input)? } else { 1 }),
        _ => known(&word, input)?,
    };
    if peek_parens(input) && !matches!(ty, Type::Char(_)) {
        return Err(with_arguments(&word, &ty, input));
    }
    Ok((ty, None))
}

/// Rules `unknown_type` and `type_arguments`: parentheses after a type that has none, or after a name that is none of the language.
fn with_arguments(word: &Ident, ty: &Type, input: ParseStream<'_>) -> Diagnostic {
    let arguments = habit::next(input);
    let takes_none = || {
        let problem = Diagnostic::new("type_arguments", input.span(), format!("`{ty}` takes no length"));
        problem.help(format!("write `{ty}`"))
    };
    if !matches!(ty, Type::Enum(_)) {
        return takes_none();
    }
    let fork = input.fork();
    if parens(&fork, "numbers", |input| list(input, number)).is_err() {
        return takes_none();
    }
    let message = format!("`{word}{arguments}` is not a type of every database");
    Diagnostic::new("unknown_type", word.span(), message)
        .help(format!("write `postgres::{word}{arguments}` for a PostgreSQL type, or `{word}` for an enum"))
}

/// The type of this name: one of every database, or an enum, of which only the schema knows whether it is there.
fn known(word: &Ident, input: ParseStream<'_>) -> Parse<Type> {
    let name = word.to_string();
    if let Some((_, ty)) = Type::WORDS.iter().find(|(word, _)| *word == name) {
        return Ok(ty.clone());
    }
    let is_elsewhere = Type::elsewhere(&name).is_some() || Type::words().any(|word| word == name.to_lowercase());
    if is_elsewhere && (peek_parens(input) || name != name.to_lowercase()) {
        return Err(unknown(&name, word.span(), input));
    }
    if Type::words().any(|known| word.unraw() == known) {
        return Err(unknown(&name, word.span(), input));
    }
    let first = name::unfolded(word, |name| format!("r#{name}"))?;
    enum_type(first, input)
}

/// `mood`, `billing.mood`, the first name taken.
fn enum_type(first: String, input: ParseStream<'_>) -> Parse<Type> {
    let name = if take_punct(input, ".").is_some() {
        Name { schema: Some(first), name: name::plain(input, "the name of an enum")?.0 }
    } else {
        Name::new(first)
    };
    Ok(Type::Enum(EnumType { name, values: Vec::new() }))
}

/// Rule `unknown_type`, of what cannot be an enum. A length goes with the type.
fn unknown(name: &str, span: Span, input: ParseStream<'_>) -> Diagnostic {
    let here = Type::elsewhere(name).map(str::to_owned);
    let here = here.unwrap_or_else(|| name.strip_prefix("r#").unwrap_or(name).to_lowercase());
    let length =
        if peek_parens(input) && ["varchar", "char", "decimal"].contains(&&*here) { habit::next(input) } else { String::new() };
    let help = Help::write(format!("{name}{length}"), &format!("{here}{length}"));
    Diagnostic::new("unknown_type", span, format!("unknown type `{name}`")).help(help)
}

/// Whether the word is a database, or meant to be one.
fn is_database(word: &str) -> bool {
    let is_type = Type::words().any(|known| known == word);
    let databases = Database::ALL.iter().map(|database| database.word()).chain(PLANNED);
    !is_type && nearest(word, databases).is_some()
}

fn native(input: ParseStream<'_>, database: &str, span: Span) -> Parse<Type> {
    let Some(database) = Database::from_word(database) else {
        let planned = PLANNED.contains(&database);
        let message =
            if planned { format!("`{database}` is not supported yet") } else { format!("unknown database `{database}`") };
        let near = did_you_mean(database, Database::ALL.iter().map(|database| database.word()));
        let code = if planned { "planned" } else { "unknown_database" };
        return Err(Diagnostic::new(code, span, message).help_if(near).help("the databases are `postgres` and `sqlite`"));
    };
    let word = any_word(input, "the name of a type")?;
    let name = if features(database).type_names_fold {
        name::unfolded(&word, |name| format!("r#{name}"))?
    } else {
        word.unraw().to_string()
    };
    let arguments = if peek_parens(input) { parens(input, "numbers", |input| list(input, number))? } else { Vec::new() };
    Ok(Type::Native(Native { database, name, arguments }))
}

fn decimal(input: ParseStream<'_>) -> Parse<Type> {
    let span = input.span();
    let sizes = parens(input, "digits", |input| list(input, |input| integer(input, "a number of digits")))?;
    let sizes: Vec<u32> = sizes.iter().map(saturated).collect();
    let small = |size: u32| u16::try_from(size).ok().filter(|size| *size <= 1000);
    match sizes.as_slice() {
        [precision] if small(*precision).is_some_and(|size| size > 0) => {
            Ok(Type::Decimal { precision: small(*precision), scale: None })
        }
        [precision, scale] if small(*precision).is_some_and(|size| size > 0) && scale <= precision => {
            Ok(Type::Decimal { precision: small(*precision), scale: small(*scale) })
        }
        _ => Err(Diagnostic::new(
            "type_arguments",
            span,
            "`decimal` requires a precision of 1 to 1000, and a scale of at most the precision",
        )
        .help("write `decimal(10, 2)`")),
    }
}

/// The longest `varchar(n)` and `char(n)` of PostgreSQL (manual, "Character Types").
const LONGEST: u32 = 10_485_760;

fn length(input: ParseStream<'_>) -> Parse<u32> {
    let span = input.span();
    let length = parens(input, "a length", |input| integer(input, "a length")).map(|length| saturated(&length))?;
    if !(1..=LONGEST).contains(&length) {
        let message = format!("a length is at least 1 and at most {LONGEST}");
        return Err(Diagnostic::new("type_arguments", span, message).help("write `text` for text of any length"));
    }
    Ok(length)
}

/// A number that some type of a database takes.
fn number(input: ParseStream<'_>) -> Parse<u32> {
    let number = integer(input, "a number")?;
    number.base10_parse().map_err(|_| {
        let message = format!("a number in a type is at most {}", u32::MAX);
        Diagnostic::new("type_arguments", number.span(), message).help("write a smaller number")
    })
}

/// The number, or the largest one in the place of one that is larger.
fn saturated(number: &LitInt) -> u32 {
    number.base10_parse().unwrap_or(u32::MAX)
}
