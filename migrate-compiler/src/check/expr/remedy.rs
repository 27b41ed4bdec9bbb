//! What to write for operands that do not go together, as code that compiles in their place.

use std::fmt::Display;

use crate::expr::{Binary, Expr};
use crate::literal::representative;
use crate::types::{Family, Type};
use crate::typing::{Inferred, Precision, applied};

/// The types that an operand may be cast to, those first that hold what it was.
const OFFERED: [Type; 9] = [
    Type::Text,
    Type::Integer,
    Type::BigInt,
    Type::Decimal { precision: None, scale: None },
    Type::Boolean,
    Type::Timestamp,
    Type::Date,
    Type::Interval,
    Type::Json,
];

/// `expr::to`, in parentheses where it needs them.
fn cast(expr: &Expr, to: &Type) -> String {
    Expr::Cast { operand: Box::new(expr.clone()), to: to.clone() }.to_string()
}

/// A value as one of a type; `None` where there is no such cast.
pub(in crate::check) fn taken(expr: &Expr, from: Option<&Type>, to: &Type) -> Option<String> {
    from.filter(|from| from.casts_to(to)).map(|_| format!("write `{}`", cast(expr, to)))
}

/// A value as a whole number.
pub(super) fn as_integer(expr: &Expr) -> String {
    format!("write `{}`", cast(expr, &Type::Integer))
}

/// Two values of different families are compared after a cast. Everything becomes text, and not every text something else.
pub(in crate::check) fn compared((one, left): (&Expr, Option<&Type>), (other, right): (&Expr, Option<&Type>)) -> String {
    let of_text = |ty: Option<&Type>| ty.is_some_and(|ty| ty.family() == Family::Text);
    let mut ways = [(one, left, right), (other, right, left)];
    if of_text(left) {
        ways.reverse();
    }
    let found = ways.into_iter().find_map(|(expr, from, to)| {
        let (from, to) = (from?, to?);
        from.casts_to(to).then(|| format!("write `{}`", cast(expr, to)))
    });
    found.unwrap_or_else(|| format!("write `{}` and `{}`", cast(one, &Type::Text), cast(other, &Type::Text)))
}

/// Texts are put together by `||`; `None` where that is not what is meant.
pub(super) fn concatenated(
    operator: Binary,
    (left, one): (&Expr, &Inferred),
    (right, other): (&Expr, &Inferred),
) -> Option<String> {
    let is_text = |expr: &Expr, inferred: &Inferred| matches!(expr, Expr::Text(_)) || inferred.family() == Some(Family::Text);
    let are_texts = operator == Binary::Add && is_text(left, one) && is_text(right, other);
    are_texts.then(|| format!("write `{}`", Expr::binary(left.clone(), Binary::Concatenate, right.clone())))
}

/// An operator takes one of its operands after a cast; `None` where no cast helps.
pub(super) fn joined(operator: Binary, (left, one): (&Expr, &Inferred), (right, other): (&Expr, &Inferred)) -> Option<String> {
    let offered = |operand: &Inferred| {
        let from = operand.ty().cloned().or_else(|| representative(&operand.operand_family()?));
        OFFERED.into_iter().filter(move |to| from.as_ref().is_some_and(|from| from.casts_to(to)))
    };
    let takes = |one: &Inferred, other: &Inferred| applied(operator, (one, other), Precision::Declared).is_some();
    let of_right = offered(other).find(|ty| takes(one, &Inferred::Type(ty.clone()))).map(|ty| cast(right, &ty));
    let of_left = || offered(one).find(|ty| takes(&Inferred::Type(ty.clone()), other)).map(|ty| cast(left, &ty));
    of_right.or_else(of_left).map(|code| format!("write `{code}`"))
}

/// A value of one family where another one is demanded.
pub(super) fn demanded(shown: &dyn Display, family: &Family, wanted: &Family) -> String {
    // Of the numbers a boolean becomes an `integer` only.
    let to = match (family, wanted) {
        (Family::Boolean, Family::Number) => Some(Type::Integer),
        (_, Family::Number) => Some(Type::BigInt),
        (_, Family::Moment) => Some(Type::Timestamp),
        (_, wanted) => representative(wanted),
    };
    let from = if *family == Family::Number { Some(Type::Integer) } else { representative(family) };
    let shown = shown.to_string();
    let is_name = shown.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    match (from, to, wanted) {
        (Some(from), Some(to), _) if from.casts_to(&to) && is_name => format!("write `{shown}::{to}`"),
        (Some(from), Some(to), _) if from.casts_to(&to) => format!("write `({shown})::{to}`"),
        (_, _, Family::Boolean) => format!("write `({shown}) is not null`, or another comparison"),
        (_, _, _) => format!("write {wanted}"),
    }
}
