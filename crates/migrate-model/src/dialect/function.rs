//! The functions that every database can be asked for, each in its own words.

use crate::history::Database;
use crate::types::Family;

/// A portable function.
#[derive(Clone, Copy)]
pub struct Function {
    /// How the language writes it.
    pub name: &'static str,
    /// The fewest and the most arguments.
    pub arity: (usize, usize),
    /// What it gives back.
    pub returns: Returns,
    postgres: Form,
    sqlite: Form,
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
const SQLITE_NOW: &str = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')";

const fn same(name: &'static str, arity: (usize, usize), returns: Returns) -> Function {
    Function { name, arity, returns, postgres: Form::Call(name), sqlite: Form::Call(name) }
}

/// Every portable function.
pub const FUNCTIONS: &[Function] = &[
    Function { sqlite: Form::Custom(|_| SQLITE_NOW.to_owned()), ..same("now", (0, 0), Returns::Moment) },
    Function {
        name: "uuid",
        arity: (0, 0),
        returns: Returns::Uuid,
        postgres: Form::Call("gen_random_uuid"),
        sqlite: Form::Custom(|_| "randomblob(16)".to_owned()),
    },
    Function { sqlite: Form::Custom(|_| "randomblob(16)".to_owned()), ..same("gen_random_uuid", (0, 0), Returns::Uuid) },
    same("lower", (1, 1), Returns::Text),
    same("upper", (1, 1), Returns::Text),
    same("length", (1, 1), Returns::Number),
    Function { sqlite: Form::Call("length"), ..same("char_length", (1, 1), Returns::Number) },
    Function {
        sqlite: Form::Custom(|arguments| format!("length(CAST({} AS BLOB))", arguments.join(", "))),
        ..same("octet_length", (1, 1), Returns::Number)
    },
    same("coalesce", (1, 100), Returns::First),
    same("nullif", (2, 2), Returns::First),
    same("abs", (1, 1), Returns::First),
    same("round", (1, 2), Returns::First),
    same("trim", (1, 1), Returns::Text),
    same("ltrim", (1, 1), Returns::Text),
    same("rtrim", (1, 1), Returns::Text),
    same("replace", (3, 3), Returns::Text),
    same("substr", (2, 3), Returns::Text),
    Function { sqlite: Form::Call("substr"), ..same("substring", (2, 3), Returns::Text) },
    Function {
        sqlite: Form::Custom(|arguments| format!("substr({}, 1, {})", arguments[0], arguments[1])),
        postgres: Form::Call("\"left\""),
        ..same("left", (2, 2), Returns::Text)
    },
    Function {
        sqlite: Form::Custom(|arguments| format!("substr({}, -{})", arguments[0], arguments[1])),
        postgres: Form::Call("\"right\""),
        ..same("right", (2, 2), Returns::Text)
    },
    Function {
        sqlite: Form::Custom(|arguments| {
            let each: Vec<String> = arguments.iter().map(|argument| format!("({argument} IS NOT NULL)")).collect();
            format!("({})", each.join(" + "))
        }),
        ..same("num_nonnulls", (1, 100), Returns::Number)
    },
];

impl Function {
    /// The function of this name.
    pub fn find(name: &str) -> Option<&'static Function> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// A call, with as many arguments as it takes.
    pub(super) fn render(&self, database: Database, arguments: &[String]) -> String {
        let form = match database {
            Database::Postgres => self.postgres,
            Database::Sqlite => self.sqlite,
        };
        match form {
            Form::Call(name) => format!("{name}({})", arguments.join(", ")),
            Form::Custom(write) => write(arguments),
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
