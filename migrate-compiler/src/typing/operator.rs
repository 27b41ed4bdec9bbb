//! What the operators take and give.
//!
//! Source: PostgreSQL 15, `pg_operator`; manual, chapters "Functions and Operators" on mathematics, dates, strings, JSON and arrays.

use crate::expr::{Binary, OperatorKind};
use crate::types::{Family, Type};
use crate::typing::common::{common, wider_integer, wider_type};
use crate::typing::inferred::{ANY_DECIMAL, Inferred, Precision};

/// What an operator makes of two operands; `None` where the databases do not have it for them. Of a value of a type of one database only
/// that knows.
pub fn applied(operator: Binary, (left, right): (&Inferred, &Inferred), precision: Precision) -> Option<Inferred> {
    match operator.kind() {
        OperatorKind::Logic | OperatorKind::Comparison | OperatorKind::Pattern => Some(Inferred::Type(Type::Boolean)),
        OperatorKind::Arithmetic
        | OperatorKind::Concatenation
        | OperatorKind::Json
        | OperatorKind::JsonText
        | OperatorKind::Bits
            if left.is_unknown() || right.is_unknown() =>
        {
            Some(Inferred::Unknown)
        }
        OperatorKind::Arithmetic => calculated(operator, (left, right), precision).map(|inferred| widened(inferred, precision)),
        OperatorKind::Concatenation => joined(left, right),
        OperatorKind::Json => is_looked_up(operator, (left, right), precision).then_some(Inferred::Type(Type::Json)),
        OperatorKind::JsonText => is_looked_up(operator, (left, right), precision).then_some(Inferred::Type(Type::Text)),
        OperatorKind::Bits => bits(operator, (left, right), precision),
    }
}

/// The result of a calculation where it has as many bits as there are.
fn widened(inferred: Inferred, precision: Precision) -> Inferred {
    match (precision, inferred) {
        (Precision::Widest, Inferred::Type(Type::SmallInt | Type::Integer)) => Inferred::Type(Type::BigInt),
        (Precision::Widest, Inferred::Type(Type::Real)) => Inferred::Type(Type::Double),
        (Precision::Widest | Precision::Declared, inferred) => inferred,
    }
}

fn calculated(operator: Binary, (left, right): (&Inferred, &Inferred), precision: Precision) -> Option<Inferred> {
    let (one, other) = match (left, right) {
        // Nothing says which operator is meant.
        (Inferred::Literal, Inferred::Literal) => return None,
        (Inferred::Literal, value) => return beside_literal(operator, value, Side::Right),
        (value, Inferred::Literal) => return beside_literal(operator, value, Side::Left),
        (one, other) => (one.family()?, other.family()?),
    };
    let is = |wanted: Binary| operator == wanted;
    let (sum, difference) = (is(Binary::Add), is(Binary::Subtract));
    let day = |inferred: &Inferred| inferred.ty() == Some(&Type::Date);
    let known = |ty: Type, is_there: bool| is_there.then_some(Inferred::Type(ty));
    match (one, other) {
        (Family::Number, Family::Number) => {
            let (one, other) = (left.ty()?, right.ty()?);
            let is_there = operator != Binary::Remainder || has_remainder(one) && has_remainder(other);
            known(number(one, other), is_there)
        }
        (Family::Moment, Family::Moment) if day(left) && day(right) => known(Type::Integer, difference),
        (Family::Moment, Family::Moment) => known(Type::Interval, difference),
        (Family::Moment, Family::Interval) if day(left) => known(Type::Timestamp, sum || difference),
        (Family::Moment | Family::Time | Family::Interval, Family::Interval) => (sum || difference).then(|| left.clone()),
        (Family::Interval, Family::Moment) if day(right) => known(Type::Timestamp, sum),
        (Family::Interval, Family::Moment | Family::Time) => sum.then(|| right.clone()),
        (Family::Time, Family::Time) => match (left.ty(), right.ty()) {
            (Some(_), Some(_)) => known(Type::Interval, difference),
            // PostgreSQL takes the second for a length of time.
            (None, Some(_)) => difference.then(|| left.clone()),
            (Some(_) | None, None) => None,
        },
        (Family::Moment, Family::Time) => (sum && day(left)).then(|| day_with(right)),
        (Family::Time, Family::Moment) => (sum && day(right)).then(|| day_with(left)),
        (Family::Moment, Family::Number) => known(Type::Date, (sum || difference) && day(left) && is_counted(right, precision)),
        (Family::Number, Family::Moment) => known(Type::Date, sum && day(right) && is_counted(left, precision)),
        (Family::Interval, Family::Number) => known(Type::Interval, is(Binary::Multiply) || is(Binary::Divide)),
        (Family::Number, Family::Interval) => known(Type::Interval, is(Binary::Multiply)),
        (Family::Boolean | Family::Text | Family::Bytes | Family::Uuid | Family::Json, _) => None,
        (_, Family::Boolean | Family::Text | Family::Bytes | Family::Uuid | Family::Json) => None,
        (Family::Array(_) | Family::Enum(_), _) | (_, Family::Array(_) | Family::Enum(_)) => None,
        (Family::Number, Family::Time) | (Family::Time, Family::Number) => None,
        (Family::Native(_), _) | (_, Family::Native(_)) => Some(Inferred::Unknown),
    }
}

/// On which side of an operator a value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// A value that is calculated with a literal, which takes its type.
fn beside_literal(operator: Binary, value: &Inferred, side: Side) -> Option<Inferred> {
    let (sum, difference) = (operator == Binary::Add, operator == Binary::Subtract);
    match value.family()? {
        Family::Number => {
            let ty = value.ty()?;
            (operator != Binary::Remainder || has_remainder(ty)).then(|| Inferred::Type(ty.clone()))
        }
        // Nothing says whether a `time` or an `interval` is meant.
        Family::Time if value.ty().is_none() => (difference && side == Side::Left).then(|| value.clone()),
        Family::Time if sum => Some(value.clone()),
        Family::Time | Family::Interval => (sum || difference).then_some(Inferred::Type(Type::Interval)),
        // `date + null` may mean a number of days or a time.
        Family::Moment => None,
        Family::Native(_) => Some(Inferred::Unknown),
        Family::Boolean | Family::Text | Family::Bytes | Family::Uuid | Family::Json => None,
        Family::Enum(_) | Family::Array(_) => None,
    }
}

/// What a calculation makes of two numbers.
fn number(one: &Type, other: &Type) -> Type {
    match (one, other) {
        (Type::Real, Type::Real) => Type::Real,
        (Type::Real | Type::Double, _) | (_, Type::Real | Type::Double) => Type::Double,
        (one, other) => wider_integer(one, other).unwrap_or(ANY_DECIMAL),
    }
}

/// A day at a time of day: on a clock, or a point in time where the time has a zone.
fn day_with(time: &Inferred) -> Inferred {
    Inferred::Type(if time.ty().is_some() { Type::Timestamp } else { Type::Timestamptz })
}

/// There is no remainder of `real` and `double`.
fn has_remainder(ty: &Type) -> bool {
    !matches!(ty, Type::Real | Type::Double)
}

/// `integer`, which days and places are counted in.
///
/// A calculation with 64 bits on SQLite does not tell the type on PostgreSQL, which was checked before.
fn is_counted(side: &Inferred, precision: Precision) -> bool {
    match precision {
        Precision::Declared => matches!(side, Inferred::Type(Type::SmallInt | Type::Integer)),
        Precision::Widest => side.ty().is_some_and(Type::is_integer),
    }
}

fn joined(left: &Inferred, right: &Inferred) -> Option<Inferred> {
    let (one, other) = (left.operand_family(), right.operand_family());
    match (&one, &other) {
        (Some(Family::Array(of)), Some(Family::Array(other))) => (of == other).then(|| arrays(left, right)),
        (Some(Family::Array(of)), Some(element)) => (**of == *element).then(|| arrays(left, &list_of(right))),
        (Some(element), Some(Family::Array(of))) => (**of == *element).then(|| arrays(&list_of(left), right)),
        (Some(Family::Text), _) | (_, Some(Family::Text)) => Some(Inferred::Type(Type::Text)),
        (Some(one), Some(other)) => (one == other && one.is_joined()).then(|| left.clone()),
        (Some(one), None) if one.is_joined() => Some(left.by_itself()),
        (None, Some(other)) if other.is_joined() => Some(right.by_itself()),
        (Some(_) | None, None) | (None, Some(_)) => Some(Inferred::Type(Type::Text)),
    }
}

/// An array of one value.
fn list_of(value: &Inferred) -> Inferred {
    match value {
        Inferred::Type(ty) => Inferred::Type(Type::Array(Box::new(ty.clone()))),
        Inferred::Family(family) => Inferred::Family(Family::Array(Box::new(family.clone()))),
        Inferred::Literal | Inferred::List(_) | Inferred::Unknown => value.clone(),
    }
}

/// A list of literals that is joined does not take the type of the other operand.
fn arrays(left: &Inferred, right: &Inferred) -> Inferred {
    match (&left.by_itself(), &right.by_itself()) {
        (Inferred::Type(one), Inferred::Type(other)) => wider_type(one, other),
        (one, other) => common(&[one.clone(), other.clone()]),
    }
}

/// Whether the operator gets a key of a document: a text or a position, or a path, which is a list of texts.
fn is_looked_up(operator: Binary, (document, key): (&Inferred, &Inferred), precision: Precision) -> bool {
    let is_key = match key.operand_family() {
        None => true,
        Some(Family::Array(of)) => *of == Family::Text && is_path(operator),
        Some(Family::Text) => !is_path(operator),
        Some(_) => !is_path(operator) && is_counted(key, precision),
    };
    document.family() == Some(Family::Json) && is_key
}

fn is_path(operator: Binary) -> bool {
    matches!(operator, Binary::JsonPath | Binary::JsonPathText)
}

/// Bits are those of whole numbers, which are shifted by an `integer`.
fn bits(operator: Binary, (left, right): (&Inferred, &Inferred), precision: Precision) -> Option<Inferred> {
    let shifts = matches!(operator, Binary::ShiftLeft | Binary::ShiftRight);
    let is_whole = |side: &Inferred| *side == Inferred::Literal || side.ty().is_some_and(Type::is_integer);
    if !is_whole(left) || !is_whole(right) {
        return None;
    }
    match (left.ty(), right.ty()) {
        // Nothing says what is shifted, or which operator is meant.
        (None, None) => None,
        (None, Some(_)) if shifts => None,
        (Some(one), Some(other)) if !shifts => wider_integer(one, other).map(Inferred::Type),
        (Some(_), Some(_)) if !is_counted(right, precision) => None,
        (Some(ty), Some(_) | None) | (None, Some(ty)) => Some(Inferred::Type(ty.clone())),
    }
}
