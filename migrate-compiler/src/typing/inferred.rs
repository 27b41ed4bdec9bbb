//! What is known of the type of an expression.

use crate::literal;
use crate::types::{Family, Type};

/// A `decimal` of any number of digits, which calculations give.
pub(crate) const ANY_DECIMAL: Type = Type::Decimal { precision: None, scale: None };

/// What is known of the type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inferred {
    /// A value of this type.
    Type(Type),
    /// A value of a type of this family that the language has no word for, such as `time with time zone`.
    Family(Family),
    /// `null` or a string, which takes the type of the other operand.
    Literal,
    /// An array of literals and numbers as they were written: of the type of the other operand, else of this one.
    List(Type),
    /// Only the database knows, or an error is reported already.
    Unknown,
}

impl Inferred {
    /// The type, where it is known.
    pub fn ty(&self) -> Option<&Type> {
        if let Inferred::Type(ty) = self { Some(ty) } else { None }
    }

    /// The family that it has whatever the other operand is.
    pub fn family(&self) -> Option<Family> {
        match self {
            Inferred::Type(ty) => Some(ty.family()),
            Inferred::Family(family) => Some(family.clone()),
            Inferred::List(ty) => Some(ty.family()).filter(|_| ty.innermost().family() != Family::Text),
            Inferred::Literal | Inferred::Unknown => None,
        }
    }

    /// The family of an operand that takes no type from the other one: a list of strings is one of texts.
    pub fn operand_family(&self) -> Option<Family> {
        if let Inferred::List(ty) = self { Some(ty.family()) } else { self.family() }
    }

    /// The same where no other operand gives a list its type.
    pub(crate) fn by_itself(&self) -> Inferred {
        if let Inferred::List(ty) = self { Inferred::Type(ty.clone()) } else { self.clone() }
    }

    /// The type that a database keeps its values in.
    pub(crate) fn kept(self) -> Option<Type> {
        match self {
            Inferred::Type(ty) => Some(ty),
            Inferred::Family(family) => literal::representative(&family),
            Inferred::Literal | Inferred::List(_) | Inferred::Unknown => None,
        }
    }

    /// Whether it takes its type from the other operand.
    pub fn is_literal(&self) -> bool {
        match self {
            Inferred::Literal | Inferred::List(_) => true,
            Inferred::Type(_) | Inferred::Family(_) | Inferred::Unknown => false,
        }
    }

    /// Whether only the database knows what is made of it.
    pub(crate) fn is_unknown(&self) -> bool {
        match self {
            Inferred::Unknown | Inferred::Family(Family::Native(_)) | Inferred::Type(Type::Native(_)) => true,
            Inferred::Type(_) | Inferred::Family(_) | Inferred::Literal | Inferred::List(_) => false,
        }
    }

    /// What the elements of an array are.
    pub(crate) fn element(&self) -> Inferred {
        match self {
            Inferred::Type(Type::Array(of)) | Inferred::List(Type::Array(of)) => Inferred::Type((**of).clone()),
            Inferred::Family(Family::Array(of)) => Inferred::Family((**of).clone()),
            Inferred::Type(_) | Inferred::Family(_) | Inferred::Literal | Inferred::List(_) | Inferred::Unknown => {
                Inferred::Unknown
            }
        }
    }
}

/// How many bits the numbers have that calculations give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Those of their operands, as on PostgreSQL.
    Declared,
    /// As many as there are, as on SQLite, where a number has no type of its own.
    Widest,
}
