//! Which operands the operators take that calculate, join or look into something.
//!
//! Source: PostgreSQL 15, `pg_operator`; manual, chapters "Functions and Operators" on mathematics, dates, strings, JSON and arrays.

use crate::expr::{Binary, Kind};
use crate::types::{Family, Type};

/// What is known of an operand: nothing of a literal, which takes the type of the other operand.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub family: Option<Family>,
    pub ty: Option<Type>,
}

impl Operand {
    fn is(&self, wanted: impl Fn(&Type) -> bool) -> bool {
        self.ty.as_ref().is_none_or(wanted)
    }

    fn is_day(&self) -> bool {
        self.is(|ty| *ty == Type::Date)
    }
}

/// Whether the databases have the operator for these operands. Where one of them is of a type of one database, only that knows.
pub(super) fn takes(operator: Binary, left: &Operand, right: &Operand) -> bool {
    let (Some(one), Some(other)) = (&left.family, &right.family) else {
        return takes_beside_literal(operator, left, right);
    };
    if matches!((one, other), (Family::Native(_), _) | (_, Family::Native(_))) {
        return true;
    }
    match operator.kind() {
        Kind::Logic | Kind::Comparison | Kind::Pattern => true,
        Kind::Arithmetic => calculates(operator, (one, left), (other, right)),
        Kind::Concatenation => joins(one, other),
        Kind::Json | Kind::JsonText => *one == Family::Json && is_key(operator, other, right),
        Kind::Bits => (one, other) == (&Family::Number, &Family::Number) && has_bits(operator, left, right),
    }
}

/// The same where one is a literal.
fn takes_beside_literal(operator: Binary, left: &Operand, right: &Operand) -> bool {
    match (operator.kind(), &left.family, &right.family) {
        // Nothing says which operator is meant.
        (Kind::Arithmetic | Kind::Bits | Kind::Json | Kind::JsonText, None, None) => false,
        (Kind::Json | Kind::JsonText, None, Some(_)) => false,
        // Nothing says what is shifted.
        (Kind::Bits, None, _) if shifts(operator) => false,
        (Kind::Bits, ..) => has_bits(operator, left, right),
        (Kind::Arithmetic, one, other) => {
            let shifts = matches!(operator, Binary::Add | Binary::Subtract);
            one.iter().chain(other).all(|family| match family {
                Family::Number => operator != Binary::Remainder || has_remainder(left) && has_remainder(right),
                // `date + null` may mean a number of days or a time.
                Family::Moment => false,
                Family::Time | Family::Interval => shifts,
                Family::Native(_) => true,
                Family::Boolean | Family::Text | Family::Bytes | Family::Uuid | Family::Json => false,
                Family::Enum(_) | Family::Array(_) => false,
            })
        }
        (Kind::Logic | Kind::Comparison | Kind::Pattern | Kind::Concatenation | Kind::Json | Kind::JsonText, ..) => true,
    }
}

fn calculates(operator: Binary, (one, left): (&Family, &Operand), (other, right): (&Family, &Operand)) -> bool {
    let sum = operator == Binary::Add;
    let difference = operator == Binary::Subtract;
    let product = operator == Binary::Multiply;
    match (one, other) {
        (Family::Number, Family::Number) => operator != Binary::Remainder || has_remainder(left) && has_remainder(right),
        (Family::Moment, Family::Moment) => difference,
        (Family::Moment | Family::Time | Family::Interval, Family::Interval) => sum || difference,
        (Family::Interval, Family::Moment | Family::Time) => sum,
        (Family::Time, Family::Time) => difference,
        (Family::Moment, Family::Time) => sum && left.is_day(),
        (Family::Time, Family::Moment) => sum && right.is_day(),
        (Family::Moment, Family::Number) => (sum || difference) && left.is_day() && right.is(is_counted),
        (Family::Number, Family::Moment) => sum && right.is_day() && left.is(is_counted),
        (Family::Interval, Family::Number) => product || operator == Binary::Divide,
        (Family::Number, Family::Interval) => product,
        (Family::Boolean | Family::Text | Family::Bytes | Family::Uuid | Family::Json, _) => false,
        (_, Family::Boolean | Family::Text | Family::Bytes | Family::Uuid | Family::Json) => false,
        (Family::Array(_) | Family::Enum(_), _) | (_, Family::Array(_) | Family::Enum(_)) => false,
        (Family::Number, Family::Time) | (Family::Time, Family::Number) => false,
        (Family::Native(_), _) | (_, Family::Native(_)) => true,
    }
}

/// There is no remainder of `real` and `double`.
fn has_remainder(side: &Operand) -> bool {
    side.is(|ty| !matches!(ty, Type::Real | Type::Double))
}

/// `integer`, which days and places are counted in.
fn is_counted(ty: &Type) -> bool {
    matches!(ty, Type::SmallInt | Type::Integer)
}

fn joins(one: &Family, other: &Family) -> bool {
    match (one, other) {
        (Family::Array(of), Family::Array(other)) => of == other,
        (Family::Array(of), element) | (element, Family::Array(of)) => **of == *element,
        (Family::Text, _) | (_, Family::Text) => true,
        (one, other) => one == other && matches!(one, Family::Bytes | Family::Json),
    }
}

/// A key is a text or a place, a path a list of texts.
fn is_key(operator: Binary, family: &Family, side: &Operand) -> bool {
    if matches!(operator, Binary::JsonPath | Binary::JsonPathText) {
        matches!(family, Family::Array(of) if **of == Family::Text)
    } else {
        *family == Family::Text || *family == Family::Number && side.is(is_counted)
    }
}

fn shifts(operator: Binary) -> bool {
    matches!(operator, Binary::ShiftLeft | Binary::ShiftRight)
}

/// Bits are those of whole numbers, which are shifted by an `integer`.
fn has_bits(operator: Binary, left: &Operand, right: &Operand) -> bool {
    let is_whole =
        |side: &Operand| side.family.as_ref().is_none_or(|family| *family == Family::Number) && side.is(Type::is_integer);
    is_whole(left) && is_whole(right) && (!shifts(operator) || right.is(is_counted))
}
