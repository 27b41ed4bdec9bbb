//! The functions that every database can be asked for, each in its own words.

use migrate_history::Database;

use crate::types::Family;

/// A portable function.
#[derive(Clone, Copy)]
pub struct Function {
    /// How the language writes it.
    pub name: &'static str,
    /// The fewest and the most arguments.
    pub arity: (usize, usize),
    /// What its first argument is.
    pub takes: Takes,
    /// What its other arguments are.
    pub then: Takes,
    /// What it gives back.
    pub returns: Returns,
    postgres: Form,
    sqlite: Form,
}

/// What a function asks of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A value of any type.
    Any,
    /// Text.
    Text,
    /// Text or bytes.
    Letters,
    /// A number.
    Number,
    /// A whole number of 32 bits, such as a place in a text.
    Whole,
}

impl Takes {
    /// The family that it asks for; any when absent.
    pub fn wanted(self) -> Option<Family> {
        match self {
            Takes::Any => None,
            Takes::Text | Takes::Letters => Some(Family::Text),
            Takes::Number | Takes::Whole => Some(Family::Number),
        }
    }

    /// What is asked for, where a value of the family is not taken. Of a type of one database only that knows.
    pub fn refuses(self, family: &Family) -> Option<Family> {
        let wanted = self.wanted()?;
        let is_taken = *family == wanted || self == Takes::Letters && *family == Family::Bytes;
        (!is_taken && !matches!(family, Family::Native(_))).then_some(wanted)
    }
}

/// What a function gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    /// A number.
    Number,
    /// Text.
    Text,
    /// A point in time.
    Moment,
    /// A uuid.
    Uuid,
    /// What its first argument is.
    First,
}

impl Returns {
    /// The family of what is given back.
    pub fn family(self, first: Option<Family>) -> Option<Family> {
        match self {
            Returns::Number => Some(Family::Number),
            Returns::Text => Some(Family::Text),
            Returns::Moment => Some(Family::Moment),
            Returns::Uuid => Some(Family::Uuid),
            Returns::First => first,
        }
    }
}

/// How a database writes a function.
#[derive(Clone, Copy)]
enum Form {
    /// By this name, with the same arguments.
    Call(&'static str),
    /// Otherwise.
    Custom(fn(&[String]) -> String),
}

/// The moment in the form in which sqlx writes a `DateTime<Utc>` into SQLite, so that the two sort together.
pub(super) const SQLITE_NOW: &str = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')";

const fn same(name: &'static str, arity: (usize, usize), takes: Takes, returns: Returns) -> Function {
    Function { name, arity, takes, then: Takes::Any, returns, postgres: Form::Call(name), sqlite: Form::Call(name) }
}

/// Every portable function.
pub const FUNCTIONS: &[Function] = &[
    Function { sqlite: Form::Custom(|_| SQLITE_NOW.to_owned()), ..same("now", (0, 0), Takes::Any, Returns::Moment) },
    Function {
        postgres: Form::Call("gen_random_uuid"),
        sqlite: Form::Custom(|_| random_uuid()),
        ..same("uuid", (0, 0), Takes::Any, Returns::Uuid)
    },
    Function { sqlite: Form::Custom(|_| random_uuid()), ..same("gen_random_uuid", (0, 0), Takes::Any, Returns::Uuid) },
    same("lower", (1, 1), Takes::Text, Returns::Text),
    same("upper", (1, 1), Takes::Text, Returns::Text),
    same("length", (1, 1), Takes::Letters, Returns::Number),
    Function { sqlite: Form::Call("length"), ..same("char_length", (1, 1), Takes::Text, Returns::Number) },
    Function { sqlite: Form::Custom(octet_length), ..same("octet_length", (1, 1), Takes::Letters, Returns::Number) },
    Function { sqlite: Form::Custom(coalesce), ..same("coalesce", (1, 100), Takes::Any, Returns::First) },
    same("nullif", (2, 2), Takes::Any, Returns::First),
    same("abs", (1, 1), Takes::Number, Returns::First),
    Function { then: Takes::Whole, postgres: Form::Custom(round), ..same("round", (1, 2), Takes::Number, Returns::First) },
    same("trim", (1, 1), Takes::Text, Returns::Text),
    same("ltrim", (1, 1), Takes::Text, Returns::Text),
    same("rtrim", (1, 1), Takes::Text, Returns::Text),
    Function { then: Takes::Text, ..same("replace", (3, 3), Takes::Text, Returns::Text) },
    Function { then: Takes::Whole, sqlite: Form::Custom(substr), ..same("substr", (2, 3), Takes::Letters, Returns::Text) },
    Function { then: Takes::Whole, sqlite: Form::Custom(substr), ..same("substring", (2, 3), Takes::Letters, Returns::Text) },
    Function {
        then: Takes::Whole,
        postgres: Form::Call("\"left\""),
        sqlite: Form::Custom(left),
        ..same("left", (2, 2), Takes::Text, Returns::Text)
    },
    Function {
        then: Takes::Whole,
        postgres: Form::Call("\"right\""),
        sqlite: Form::Custom(right),
        ..same("right", (2, 2), Takes::Text, Returns::Text)
    },
    Function { sqlite: Form::Custom(num_nonnulls), ..same("num_nonnulls", (1, 100), Takes::Any, Returns::Number) },
];

/// Sixteen random bytes with the version and the variant of a random UUID (RFC 9562, section 5.4). SQLite joins bytes as it joins text,
/// without looking at them.
fn random_uuid() -> String {
    let bytes = |range: std::ops::RangeInclusive<u8>| range.map(|byte| format!("{byte:02x}")).collect::<String>();
    let one_of = |bytes: String, last: u8| format!("substr(x'{bytes}', (random() & {last}) + 1, 1)");
    let (version, variant) = (one_of(bytes(0x40..=0x4f), 15), one_of(bytes(0x80..=0xbf), 63));
    format!("CAST(randomblob(6) || {version} || randomblob(1) || {variant} || randomblob(7) AS BLOB)")
}

fn octet_length(arguments: &[String]) -> String {
    format!("length(CAST({} AS BLOB))", arguments.join(", "))
}

/// SQLite wants two arguments.
fn coalesce(arguments: &[String]) -> String {
    if let [only] = arguments { only.clone() } else { call("coalesce", arguments) }
}

/// PostgreSQL rounds a `double precision` to the even neighbour, and to no number of digits; a `numeric` as everyone else does.
fn round(arguments: &[String]) -> String {
    match arguments {
        [value, digits @ ..] => {
            let value = format!("CAST({value} AS numeric)");
            call("round", &[&[value], digits].concat())
        }
        [] => call("round", arguments),
    }
}

/// A place before the first letter counts from there on PostgreSQL, and from the end on SQLite.
fn substr(arguments: &[String]) -> String {
    match arguments {
        [text, start] if !is_positive(start) => format!("substr({text}, max({start}, 1))"),
        [text, start, length] if !is_positive(start) || !is_positive(length) => {
            format!("substr({text}, max({start}, 1), max({length} + min({start}, 1) - 1, 0))")
        }
        _ => call("substr", arguments),
    }
}

/// With a negative number PostgreSQL leaves so many letters out at the end.
fn left(arguments: &[String]) -> String {
    match arguments {
        [text, length] if is_positive(length) => format!("substr({text}, 1, {length})"),
        [text, length] => {
            format!("substr({text}, 1, CASE WHEN {length} < 0 THEN max(length({text}) + {length}, 0) ELSE {length} END)")
        }
        _ => call("left", arguments),
    }
}

/// With a negative number PostgreSQL leaves so many letters out at the beginning.
fn right(arguments: &[String]) -> String {
    match arguments {
        [text, length] if is_positive(length) => format!("substr({text}, -{length})"),
        [text, length] => {
            let start =
                format!("CASE WHEN {length} > 0 THEN -{length} WHEN {length} = 0 THEN length({text}) + 1 ELSE 1 - {length} END");
            format!("substr({text}, {start})")
        }
        _ => call("right", arguments),
    }
}

fn num_nonnulls(arguments: &[String]) -> String {
    let each: Vec<String> = arguments.iter().map(|argument| format!("({argument} IS NOT NULL)")).collect();
    format!("({})", each.join(" + "))
}

/// Whether the argument is a number as it was written, above zero.
fn is_positive(argument: &str) -> bool {
    argument.parse::<u32>().is_ok_and(|number| number > 0)
}

fn call(name: &str, arguments: &[String]) -> String {
    format!("{name}({})", arguments.join(", "))
}

impl Function {
    /// The function of this name.
    pub fn find(name: &str) -> Option<&'static Function> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// Whether the arguments stand between commas; else each has to hold together by itself.
    pub(super) fn is_call(&self, database: Database) -> bool {
        matches!(self.form(database), Form::Call(_))
    }

    /// A call, whatever the number of arguments: what is wrong with it is said elsewhere.
    pub(super) fn render(&self, database: Database, arguments: &[String]) -> String {
        match self.form(database) {
            Form::Call(name) => call(name, arguments),
            Form::Custom(write) => write(arguments),
        }
    }

    fn form(&self, database: Database) -> Form {
        match database {
            Database::Postgres => self.postgres,
            Database::Sqlite => self.sqlite,
        }
    }

    /// How many arguments it takes, in words.
    pub fn takes(&self) -> String {
        match self.arity {
            (0, 0) => "no argument".to_owned(),
            (1, 1) => "one argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, 100) => format!("at least {least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wrong number of arguments is reported elsewhere, and what was reported is still rendered.
    #[test]
    fn every_call_can_be_written() {
        for function in FUNCTIONS {
            for number in 0..5 {
                let arguments = vec!["x".to_owned(); number];
                let written = Database::ALL.map(|database| function.render(database, &arguments));
                assert!(written.iter().all(|sql| !sql.is_empty()), "{} of {number}: {written:?}", function.name);
            }
        }
    }
}
