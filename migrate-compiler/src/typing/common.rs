//! The type of what may be any of several values.
//!
//! Source: PostgreSQL manual, "Type Conversion", section "UNION, CASE, and Related Constructs": the first type, unless it has an implicit cast
//! to a later one that has none to it.

use crate::types::{Family, Type};
use crate::typing::inferred::{ANY_DECIMAL, Inferred};

/// What the results of a `case`, the arguments of `coalesce` or the elements of an array have in common.
pub(super) fn common(values: &[Inferred]) -> Inferred {
    if values.contains(&Inferred::Unknown) {
        return Inferred::Unknown;
    }
    let mut typed = values.iter().filter(|value| !value.is_literal());
    let Some(first) = typed.next() else { return of_literals(values) };
    typed.fold(first.clone(), |one, other| wider(&one, other))
}

/// Strings are texts where no other value gives them another type.
fn of_literals(values: &[Inferred]) -> Inferred {
    let mut lists = values.iter().filter(|value| matches!(value, Inferred::List(_)));
    let first = lists.next().map(Inferred::by_itself);
    let of_numbers = lists.map(Inferred::by_itself).find(|list| list.family() != first.as_ref().and_then(Inferred::family));
    let is_text = |list: &Inferred| list.ty().is_some_and(|ty| ty.innermost().family() == Family::Text);
    match (first, of_numbers) {
        (Some(first), Some(numbers)) if is_text(&first) => numbers,
        (Some(first), _) => first,
        (None, _) => Inferred::Type(Type::Text),
    }
}

/// What two values have in common.
fn wider(one: &Inferred, other: &Inferred) -> Inferred {
    if one == other {
        return one.clone();
    }
    match (one, other) {
        (Inferred::Type(one), Inferred::Type(other)) => wider_type(one, other),
        (Inferred::Family(family), _) | (_, Inferred::Family(family)) => Inferred::Family(family.clone()),
        (Inferred::Type(_) | Inferred::Literal | Inferred::List(_) | Inferred::Unknown, _) => Inferred::Unknown,
    }
}

/// What two values of different types have in common.
pub(super) fn wider_type(one: &Type, other: &Type) -> Inferred {
    Inferred::Type(match (one, other) {
        (one, other) if one == other => one.clone(),
        // With the length of neither, for which there is no word.
        (Type::Char(length), Type::Char(other)) => Type::Char(*length.max(other)),
        (Type::Char(_), Type::Text | Type::Varchar(_)) => return Inferred::Family(Family::Text),
        (Type::Text, _) if other.family() == Family::Text => Type::Text,
        (Type::Varchar(_), _) if other.family() == Family::Text => Type::Varchar(None),
        (Type::Array(one), Type::Array(other)) => match wider_type(one, other) {
            Inferred::Type(ty) | Inferred::List(ty) => Type::Array(Box::new(ty)),
            Inferred::Family(family) => return Inferred::Family(Family::Array(Box::new(family))),
            Inferred::Literal | Inferred::Unknown => return Inferred::Unknown,
        },
        (one, other) => match (one.family(), other.family()) {
            (Family::Number, Family::Number) => wider_number(one, other),
            (Family::Moment, Family::Moment) => {
                let is_point = [one, other].contains(&&Type::Timestamptz);
                if is_point { Type::Timestamptz } else { Type::Timestamp }
            }
            (_, _) => return Inferred::Unknown,
        },
    })
}

/// The numeric type to which both have implicit casts.
fn wider_number(one: &Type, other: &Type) -> Type {
    for ty in [Type::Double, Type::Real] {
        if [one, other].contains(&&ty) {
            return ty;
        }
    }
    wider_integer(one, other).unwrap_or(ANY_DECIMAL)
}

/// The wider of two whole numbers.
pub(super) fn wider_integer(one: &Type, other: &Type) -> Option<Type> {
    let (low, high) = (one.integer_range()?, other.integer_range()?);
    Some(if low.1 < high.1 { other.clone() } else { one.clone() })
}

/// The left operand of a comparison as it is compared: `nullif` gives that back.
pub(super) fn compared(one: &Inferred, other: &Inferred) -> Inferred {
    let (one, other) = match (one, other) {
        (Inferred::Literal | Inferred::List(_), Inferred::Literal | Inferred::List(_)) => {
            return of_literals(&[one.clone(), other.clone()]);
        }
        (Inferred::Literal | Inferred::List(_), _) => return compared(other, &Inferred::Literal),
        (Inferred::Type(one), Inferred::Type(other)) => (one, other),
        (Inferred::Type(_), Inferred::Family(_)) => return other.clone(),
        // There is no equality of `varchar`.
        (Inferred::Type(Type::Varchar(_)), Inferred::Literal) => return Inferred::Type(Type::Text),
        (Inferred::Type(_) | Inferred::Family(_) | Inferred::Unknown, _) => return one.clone(),
    };
    let is_float = |ty: &Type| matches!(ty, Type::Real | Type::Double);
    Inferred::Type(match (one.family(), other.family()) {
        (Family::Text, Family::Text) => match (one, other) {
            (Type::Char(_), Type::Char(_) | Type::Varchar(_)) => one.clone(),
            (Type::Varchar(_), Type::Char(_)) => other.clone(),
            (_, _) => Type::Text,
        },
        (Family::Number, Family::Number) => match (one, other) {
            (one, other) if one.is_integer() && other.is_integer() || is_float(one) => one.clone(),
            (_, other) if is_float(other) => Type::Double,
            _ => ANY_DECIMAL,
        },
        (_, _) => one.clone(),
    })
}
