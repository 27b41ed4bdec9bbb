//! What a value keeps when it moves from one type to another.

use crate::types::{Becomes, EnumType, Family, Type};

/// What becomes of the values when a column's type changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// Every value stays what it was.
    Widens,
    /// Values that do not fit stop the statement; none is changed silently.
    Refuses,
    /// Values are rounded or cut without a word.
    Rounds,
    /// Every value becomes text; the database does not convert it back without `using`.
    Spells,
    /// The databases have no implicit conversion: `using` is required.
    Unknown,
}

impl Type {
    /// Whether PostgreSQL rewrites a table where a column of this type gets the other one.
    ///
    /// Source: measured on PostgreSQL 12 to 18 (`tablecmds.c`, `ATColumnChangeRequiresRewrite`), in a session whose time zone is UTC.
    pub fn is_rewritten_as(&self, other: &Type) -> bool {
        match (self, other) {
            (one, other) if one == other => false,
            (Type::Varchar(_), Type::Text | Type::Varchar(None)) | (Type::Text, Type::Varchar(None)) => false,
            (Type::Varchar(Some(from)), Type::Varchar(Some(to))) => to < from,
            (Type::Timestamp, Type::Timestamptz) | (Type::Timestamptz, Type::Timestamp) => false,
            (Type::Decimal { .. }, Type::Decimal { precision: None, .. }) => false,
            (Type::Decimal { precision: Some(from), scale: one }, Type::Decimal { precision: Some(to), scale: other }) => {
                one.unwrap_or_default() != other.unwrap_or_default() || to < from
            }
            (Type::Native(_), Type::Native(_)) => true,
            (one, other) => !matches!((one.as_enum(), other.as_enum()), (Some(one), Some(other)) if one == other),
        }
    }

    /// Whether PostgreSQL keeps an index of a column of this type where the table is not rewritten for the other one: the two sort alike by the
    /// same operator class.
    ///
    /// Source: `indexcmds.c`, `CheckIndexCompatible`; measured on PostgreSQL 15.
    pub fn keeps_indexes(&self, other: &Type) -> bool {
        !matches!((self, other), (Type::Timestamp, Type::Timestamptz) | (Type::Timestamptz, Type::Timestamp))
    }

    /// Whether `x::other` is an expression for an `x` of this type.
    ///
    /// Source: PostgreSQL 15, table `pg_cast`, and the casts from and to text that every type has.
    pub fn casts_to(&self, other: &Type) -> bool {
        match (self.family(), other.family()) {
            (Family::Text, _) | (_, Family::Text) => true,
            (Family::Native(name), _) => native_casts(&name, other),
            (_, Family::Native(name)) => native_casts(&name, self),
            (Family::Boolean, Family::Number) => *other == Type::Integer,
            (Family::Number, Family::Boolean) => *self == Type::Integer,
            (Family::Json, Family::Number | Family::Boolean) => true,
            (Family::Moment, Family::Time) => *self != Type::Date,
            (Family::Time, Family::Interval) | (Family::Interval, Family::Time) => true,
            (Family::Array(_), Family::Array(_)) => {
                if let (Type::Array(one), Type::Array(other)) = (self, other) {
                    one.casts_to(other)
                } else {
                    false
                }
            }
            (Family::Enum(one), Family::Enum(other)) => one.name == other.name,
            (one, other) => one == other,
        }
    }

    /// What becomes of a value of this type that is assigned to a column of `other`.
    ///
    /// Source: PostgreSQL 15, table `pg_cast`, assignment casts; rounding was tried on a server.
    pub fn conversion(&self, other: &Type) -> Conversion {
        if self == other {
            return Conversion::Widens;
        }
        match (self.family(), other.family()) {
            (Family::Number, Family::Number) => number_conversion(self, other),
            (Family::Text, Family::Text) => text_conversion(self, other),
            (Family::Moment, Family::Moment) => moment_conversion(self, other),
            (Family::Enum(one), Family::Enum(other)) => enum_conversion(&one, &other),
            (Family::Array(_), Family::Array(_)) => match (self.as_enum(), other.as_enum()) {
                (Some(one), Some(other)) => enum_conversion(one, other),
                (Some(_) | None, Some(_) | None) => Conversion::Unknown,
            },
            (_, Family::Text) if matches!(other, Type::Text | Type::Varchar(None)) => Conversion::Spells,
            (_, _) => Conversion::Unknown,
        }
    }
}

/// The types of PostgreSQL alone that nothing but a text or a value of the type itself becomes without a cast.
///
/// Source: PostgreSQL 15, table `pg_cast`.
const ALONE: [&str; 24] = [
    "bit",
    "box",
    "circle",
    "datemultirange",
    "daterange",
    "inet",
    "int4multirange",
    "int4range",
    "int8multirange",
    "int8range",
    "json",
    "jsonpath",
    "line",
    "lseg",
    "nummultirange",
    "numrange",
    "pg_lsn",
    "point",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzrange",
    "tsvector",
    "xml",
];

/// Whether only a text or a value of the type itself becomes one without a cast. Of other types, those of extensions among them, only
/// the database knows.
pub(crate) fn is_alone(native: &str) -> bool {
    ALONE.contains(&native)
}

/// Whether there is a cast between a type of PostgreSQL alone and another type, or may be one.
fn native_casts(native: &str, other: &Type) -> bool {
    const SHAPES: [&str; 5] = ["box", "circle", "line", "lseg", "point"];
    match other {
        _ if !is_alone(native) => true,
        Type::Native(other) if native == other.name => true,
        Type::Native(other) => !is_alone(&other.name) || [native, &other.name].iter().all(|name| SHAPES.contains(name)),
        Type::Json => native == "json",
        Type::Integer | Type::BigInt => native == "bit",
        Type::Text | Type::Varchar(_) | Type::Char(_) => true,
        Type::Boolean | Type::SmallInt | Type::Real | Type::Double | Type::Decimal { .. } | Type::Bytes | Type::Uuid => false,
        Type::Date | Type::Time | Type::Timestamp | Type::Timestamptz | Type::Interval | Type::Enum(_) | Type::Array(_) => false,
    }
}

/// Digits before and after the point that the numbers of a type have at most; `None` is without a bound.
fn digits(ty: &Type) -> Option<(Option<u16>, u16)> {
    match ty {
        Type::SmallInt => Some((Some(5), 0)),
        Type::Integer => Some((Some(10), 0)),
        Type::BigInt => Some((Some(19), 0)),
        Type::Decimal { precision, scale } => {
            let after = scale.unwrap_or(if precision.is_some() { 0 } else { u16::MAX });
            Some((precision.map(|all| all.saturating_sub(scale.unwrap_or(0))), after))
        }
        Type::Boolean | Type::Real | Type::Double | Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Bytes => None,
        Type::Uuid | Type::Date | Type::Time | Type::Timestamp | Type::Timestamptz | Type::Interval | Type::Json => None,
        Type::Enum(_) | Type::Array(_) | Type::Native(_) => None,
    }
}

/// Digits before and after the point that every number may have which a type holds. An integer does not hold every number of as
/// many digits as its largest one.
fn room(ty: &Type) -> Option<(Option<u16>, u16)> {
    let (before, after) = digits(ty)?;
    Some((if ty.is_integer() { before.map(|all| all - 1) } else { before }, after))
}

fn number_conversion(from: &Type, to: &Type) -> Conversion {
    if let (Some((low, high)), Some((to_low, to_high))) = (from.integer_range(), to.integer_range()) {
        return if to_low <= low && high <= to_high { Conversion::Widens } else { Conversion::Refuses };
    }
    match (from, to) {
        (Type::Real | Type::SmallInt, Type::Double) | (Type::Integer, Type::Double) | (Type::SmallInt, Type::Real) => {
            Conversion::Widens
        }
        _ => match (digits(from), room(to)) {
            (Some((before, after)), Some((to_before, to_after))) if to_after >= after => {
                let fits = to_before.is_none_or(|room| before.is_some_and(|needed| needed <= room));
                if fits { Conversion::Widens } else { Conversion::Refuses }
            }
            _ => Conversion::Rounds,
        },
    }
}

/// Two forms of one enum: its name is what they share.
fn enum_conversion(from: &EnumType, to: &EnumType) -> Conversion {
    if from.name != to.name {
        return Conversion::Unknown;
    }
    match from.becomes(to) {
        Becomes::Wider | Becomes::Renamed { .. } => Conversion::Widens,
        Becomes::Narrower => Conversion::Refuses,
    }
}

fn text_conversion(from: &Type, to: &Type) -> Conversion {
    let is_char = |ty: &Type| matches!(ty, Type::Char(_));
    if is_char(from) || is_char(to) {
        // Padding comes and goes with char(n), so a value does not stay the same text.
        Conversion::Rounds
    } else if to.length().is_none_or(|room| from.length().is_some_and(|needed| needed <= room)) {
        Conversion::Widens
    } else {
        Conversion::Refuses
    }
}

fn moment_conversion(from: &Type, to: &Type) -> Conversion {
    if (from, to) == (&Type::Date, &Type::Timestamp) {
        Conversion::Widens
    } else if *to == Type::Date {
        // A day becomes midnight of the session's time zone, and a point in time loses its zone.
        Conversion::Rounds
    } else {
        Conversion::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(precision: u16, scale: u16) -> Type {
        Type::Decimal { precision: Some(precision), scale: Some(scale) }
    }

    #[test]
    fn wider_types_keep_every_value() {
        assert_eq!(Type::Integer.conversion(&Type::BigInt), Conversion::Widens);
        assert_eq!(Type::Varchar(Some(10)).conversion(&Type::Text), Conversion::Widens);
        assert_eq!(decimal(10, 2).conversion(&decimal(12, 2)), Conversion::Widens);
        assert_eq!(Type::Integer.conversion(&decimal(12, 2)), Conversion::Widens);
        assert_eq!(Type::Date.conversion(&Type::Timestamp), Conversion::Widens);
        assert_eq!(decimal(9, 0).conversion(&Type::Integer), Conversion::Widens);
        assert_eq!(Type::Integer.conversion(&decimal(10, 0)), Conversion::Widens);
    }

    #[test]
    fn a_decimal_of_as_many_digits_as_an_integer_does_not_fit_it() {
        for (integer, digits) in [(Type::SmallInt, 5), (Type::Integer, 10), (Type::BigInt, 19)] {
            assert_eq!(integer.conversion(&decimal(digits, 0)), Conversion::Widens);
            assert_eq!(decimal(digits, 0).conversion(&integer), Conversion::Refuses);
            assert_eq!(integer.conversion(&decimal(digits - 1, 0)), Conversion::Refuses);
            assert_eq!(decimal(digits - 1, 0).conversion(&integer), Conversion::Widens);
        }
    }

    #[test]
    fn narrower_types_refuse_or_round() {
        assert_eq!(Type::BigInt.conversion(&Type::Integer), Conversion::Refuses);
        assert_eq!(Type::Text.conversion(&Type::Varchar(Some(10))), Conversion::Refuses);
        assert_eq!(decimal(12, 2).conversion(&decimal(10, 2)), Conversion::Refuses);
        assert_eq!(decimal(12, 4).conversion(&decimal(12, 2)), Conversion::Rounds);
        assert_eq!(Type::BigInt.conversion(&Type::Double), Conversion::Rounds);
        assert_eq!(Type::Timestamp.conversion(&Type::Date), Conversion::Rounds);
    }

    #[test]
    fn other_families_need_using() {
        assert_eq!(Type::Integer.conversion(&Type::Text), Conversion::Spells);
        assert_eq!(Type::Text.conversion(&Type::Integer), Conversion::Unknown);
        assert_eq!(Type::Timestamp.conversion(&Type::Timestamptz), Conversion::Unknown);
    }
}
