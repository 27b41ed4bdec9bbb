//! What the aggregates take and give.
//!
//! Source: PostgreSQL 15, `pg_aggregate`; manual, "Aggregate Functions".

use crate::expr::Aggregate;
use crate::types::{Family, Type};
use crate::typing::inferred::{ANY_DECIMAL, Inferred, Precision};

/// What an aggregate gives for arguments of which this is known.
pub(super) fn aggregated(function: Aggregate, arguments: &[Inferred], precision: Precision) -> Inferred {
    let argument = arguments.first().map_or(Inferred::Unknown, |argument| match argument {
        Inferred::Literal => Inferred::Type(Type::Text),
        Inferred::Type(_) | Inferred::Family(_) | Inferred::List(_) | Inferred::Unknown => argument.by_itself(),
    });
    match function {
        Aggregate::Count => Inferred::Type(Type::BigInt),
        Aggregate::Max | Aggregate::Min => match argument {
            Inferred::Type(Type::Varchar(_)) => Inferred::Type(Type::Text),
            other @ (Inferred::Type(_) | Inferred::Family(_) | Inferred::Literal | Inferred::List(_) | Inferred::Unknown) => {
                other
            }
        },
        Aggregate::Sum => numbers(argument, |ty| match precision {
            Precision::Declared | Precision::Widest if matches!(ty, Type::SmallInt | Type::Integer) => Type::BigInt,
            Precision::Widest if *ty == Type::BigInt => Type::BigInt,
            Precision::Widest if *ty == Type::Real => Type::Double,
            Precision::Declared | Precision::Widest if is_exact(ty) => ANY_DECIMAL,
            Precision::Declared | Precision::Widest => ty.clone(),
        }),
        Aggregate::Avg if argument.ty() == Some(&Type::Real) => Inferred::Type(Type::Double),
        Aggregate::Avg => numbers(argument, |ty| if is_exact(ty) { ANY_DECIMAL } else { ty.clone() }),
    }
}

/// Whether a number of the type is the one that was written.
fn is_exact(ty: &Type) -> bool {
    ty.is_integer() || matches!(ty, Type::Decimal { .. })
}

/// What is made of a number or a length of time.
fn numbers(argument: Inferred, made: impl FnOnce(&Type) -> Type) -> Inferred {
    match argument {
        Inferred::Type(ty) if matches!(ty.family(), Family::Number | Family::Interval) => Inferred::Type(made(&ty)),
        Inferred::Type(_) | Inferred::Family(_) | Inferred::Literal | Inferred::List(_) | Inferred::Unknown => Inferred::Unknown,
    }
}

/// Whether there is the aggregate for values of a family; of a type of one database only that knows.
pub fn takes(function: Aggregate, family: &Family) -> bool {
    match (function, family) {
        (Aggregate::Count, _) | (_, Family::Native(_)) => true,
        (Aggregate::Sum | Aggregate::Avg, Family::Number | Family::Interval) => true,
        (Aggregate::Max | Aggregate::Min, Family::Number | Family::Interval | Family::Text | Family::Moment | Family::Time) => {
            true
        }
        (Aggregate::Max | Aggregate::Min, Family::Enum(_) | Family::Array(_)) => true,
        (_, Family::Boolean | Family::Bytes | Family::Uuid | Family::Json) => false,
        (Aggregate::Sum | Aggregate::Avg, Family::Text | Family::Moment | Family::Time | Family::Enum(_) | Family::Array(_)) => {
            false
        }
    }
}
