//! The functions that every database has: what they take, and what they return.

use crate::types::{Family, Type};
use crate::typing::common::{common, compared};
use crate::typing::inferred::{ANY_DECIMAL, Inferred};

/// A portable function.
#[derive(Clone)]
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
    /// The family that it requires; any when absent.
    pub fn wanted(self) -> Option<Family> {
        match self {
            Takes::Any => None,
            Takes::Text | Takes::Letters => Some(Family::Text),
            Takes::Number | Takes::Whole => Some(Family::Number),
        }
    }

    /// What is required, where a value of the family is not accepted. Of a type of one database only that database knows.
    pub fn refuses(self, family: &Family) -> Option<Family> {
        let wanted = self.wanted()?;
        let is_taken = *family == wanted || self == Takes::Letters && *family == Family::Bytes;
        (!is_taken && !matches!(family, Family::Native(_))).then_some(wanted)
    }
}

/// What a function gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returns {
    /// A value of this type.
    Type(Type),
    /// Bytes for bytes, else text.
    Letters,
    /// A number of the same type as its first argument.
    Same,
    /// The first argument as it is compared with the second.
    Compared,
    /// One of its arguments, which are of one type.
    Common,
}

const fn function(name: &'static str, arity: (usize, usize), [takes, then]: [Takes; 2], returns: Returns) -> Function {
    Function { name, arity, takes, then, returns }
}

/// Every portable function.
pub const FUNCTIONS: &[Function] = &[
    function("now", (0, 0), [Takes::Any, Takes::Any], Returns::Type(Type::Timestamptz)),
    function("uuid", (0, 0), [Takes::Any, Takes::Any], Returns::Type(Type::Uuid)),
    function("gen_random_uuid", (0, 0), [Takes::Any, Takes::Any], Returns::Type(Type::Uuid)),
    function("lower", (1, 1), [Takes::Text, Takes::Any], Returns::Type(Type::Text)),
    function("upper", (1, 1), [Takes::Text, Takes::Any], Returns::Type(Type::Text)),
    function("length", (1, 1), [Takes::Letters, Takes::Any], Returns::Type(Type::Integer)),
    function("char_length", (1, 1), [Takes::Text, Takes::Any], Returns::Type(Type::Integer)),
    function("octet_length", (1, 1), [Takes::Letters, Takes::Any], Returns::Type(Type::Integer)),
    function("coalesce", (1, 100), [Takes::Any, Takes::Any], Returns::Common),
    function("nullif", (2, 2), [Takes::Any, Takes::Any], Returns::Compared),
    function("abs", (1, 1), [Takes::Number, Takes::Any], Returns::Same),
    function("round", (1, 2), [Takes::Number, Takes::Whole], Returns::Type(ANY_DECIMAL)),
    function("trim", (1, 1), [Takes::Text, Takes::Any], Returns::Type(Type::Text)),
    function("ltrim", (1, 1), [Takes::Text, Takes::Any], Returns::Type(Type::Text)),
    function("rtrim", (1, 1), [Takes::Text, Takes::Any], Returns::Type(Type::Text)),
    function("replace", (3, 3), [Takes::Text, Takes::Text], Returns::Type(Type::Text)),
    function("substr", (2, 3), [Takes::Letters, Takes::Whole], Returns::Letters),
    function("substring", (2, 3), [Takes::Letters, Takes::Whole], Returns::Letters),
    function("left", (2, 2), [Takes::Text, Takes::Whole], Returns::Type(Type::Text)),
    function("right", (2, 2), [Takes::Text, Takes::Whole], Returns::Type(Type::Text)),
    function("strpos", (2, 2), [Takes::Text, Takes::Text], Returns::Type(Type::Integer)),
    function("num_nonnulls", (1, 100), [Takes::Any, Takes::Any], Returns::Type(Type::Integer)),
];

impl Function {
    /// The function of this name.
    pub fn find(name: &str) -> Option<&'static Function> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// Whether each call gives another value, so that each row gets its own.
    pub fn is_volatile(&self) -> bool {
        self.returns == Returns::Type(Type::Uuid)
    }

    /// How many arguments it takes, in words.
    pub fn takes(&self) -> String {
        match self.arity {
            (0, 0) => "no arguments".to_owned(),
            (1, 1) => "1 argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, 100) => format!("at least {least} {}", if least == 1 { "argument" } else { "arguments" }),
            (least, most) => format!("{least} to {most} arguments"),
        }
    }

    /// What it gives back for arguments of which this is known.
    fn gives(&self, arguments: &[Inferred]) -> Inferred {
        let first = arguments.first().unwrap_or(&Inferred::Unknown);
        match &self.returns {
            // A type of one database may have a function of this name of its own.
            Returns::Type(_) | Returns::Letters if self.takes != Takes::Any && is_native(first) => Inferred::Unknown,
            Returns::Type(ty) => Inferred::Type(ty.clone()),
            Returns::Letters if first.family() == Some(Family::Bytes) => Inferred::Type(Type::Bytes),
            Returns::Letters => Inferred::Type(Type::Text),
            Returns::Same if first.is_literal() => Inferred::Type(Type::Double),
            Returns::Same => first.clone(),
            Returns::Compared => compared(first, arguments.get(1).unwrap_or(&Inferred::Unknown)),
            Returns::Common => common(arguments),
        }
    }
}

/// What a call of a function gives back.
pub(super) fn returned(function: &str, arguments: &[Inferred]) -> Inferred {
    Function::find(function).map_or(Inferred::Unknown, |function| function.gives(arguments))
}

fn is_native(argument: &Inferred) -> bool {
    matches!(argument, Inferred::Type(Type::Native(_)))
}
