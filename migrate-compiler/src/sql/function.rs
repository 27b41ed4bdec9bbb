//! The functions that every database can be asked for, each in its own words.

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
pub(crate) enum Form {
    /// By this name, with the same arguments.
    Call(&'static str),
    /// Otherwise.
    Custom(fn(&[String]) -> String),
}

const fn function(name: &'static str, arity: (usize, usize), takes: Takes, returns: Returns) -> Function {
    Function { name, arity, takes, then: Takes::Any, returns }
}

/// Every portable function.
pub const FUNCTIONS: &[Function] = &[
    function("now", (0, 0), Takes::Any, Returns::Moment),
    function("uuid", (0, 0), Takes::Any, Returns::Uuid),
    function("gen_random_uuid", (0, 0), Takes::Any, Returns::Uuid),
    function("lower", (1, 1), Takes::Text, Returns::Text),
    function("upper", (1, 1), Takes::Text, Returns::Text),
    function("length", (1, 1), Takes::Letters, Returns::Number),
    function("char_length", (1, 1), Takes::Text, Returns::Number),
    function("octet_length", (1, 1), Takes::Letters, Returns::Number),
    function("coalesce", (1, 100), Takes::Any, Returns::First),
    function("nullif", (2, 2), Takes::Any, Returns::First),
    function("abs", (1, 1), Takes::Number, Returns::First),
    Function { then: Takes::Whole, ..function("round", (1, 2), Takes::Number, Returns::First) },
    function("trim", (1, 1), Takes::Text, Returns::Text),
    function("ltrim", (1, 1), Takes::Text, Returns::Text),
    function("rtrim", (1, 1), Takes::Text, Returns::Text),
    Function { then: Takes::Text, ..function("replace", (3, 3), Takes::Text, Returns::Text) },
    Function { then: Takes::Whole, ..function("substr", (2, 3), Takes::Letters, Returns::Text) },
    Function { then: Takes::Whole, ..function("substring", (2, 3), Takes::Letters, Returns::Text) },
    Function { then: Takes::Whole, ..function("left", (2, 2), Takes::Text, Returns::Text) },
    Function { then: Takes::Whole, ..function("right", (2, 2), Takes::Text, Returns::Text) },
    function("num_nonnulls", (1, 100), Takes::Any, Returns::Number),
];

impl Form {
    /// Whether the arguments are between commas; else each has to hold together by itself.
    pub fn is_call(self) -> bool {
        matches!(self, Form::Call(_))
    }

    /// A call, whatever the number of arguments: what is wrong with it is said elsewhere.
    pub fn write(self, arguments: &[String]) -> String {
        match self {
            Form::Call(name) => call(name, arguments),
            Form::Custom(write) => write(arguments),
        }
    }
}

/// `name(…)`.
pub(super) fn call(name: &str, arguments: &[String]) -> String {
    format!("{name}({})", arguments.join(", "))
}

impl Function {
    /// The function of this name.
    pub fn find(name: &str) -> Option<&'static Function> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// Whether each call gives another value, so that each row gets its own.
    pub fn is_volatile(&self) -> bool {
        self.returns == Returns::Uuid
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
    use crate::sql::registry::dialect;
    use migrate_history::Database;

    /// A wrong number of arguments is reported elsewhere, and what was reported is still rendered.
    #[test]
    fn every_call_can_be_written() {
        for function in FUNCTIONS {
            for number in 0..5 {
                let arguments = vec!["x".to_owned(); number];
                for &database in Database::ALL {
                    let form = dialect(database).function(function).expect("every database has it");
                    assert!(!form.write(&arguments).is_empty(), "{} of {number} on {database}", function.name);
                }
            }
        }
    }
}
