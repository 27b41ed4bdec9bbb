//! Which values a conversion of PostgreSQL would change or refuse: asked so that the question itself never fails.
//!
//! A cast of a value that has no place in its new type is an error, which would stop the question; so what is cast is looked at
//! first, inside of a `CASE`, whose parts are evaluated in order (manual, "Expression Evaluation Rules").

use crate::sql::postgres::types;
use crate::sql::quote;
use crate::types::{Becomes, Conversion, EnumType, Family, Type};

/// The form in which PostgreSQL writes numbers with a fraction or an exponent.
const DECIMAL: &str = r"^-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]{1,3})?$";
/// Texts of a numeric type that are not finite numbers.
const SPECIAL: &str = "('NaN', 'Infinity', '-Infinity')";
const DAY: &str = "([0-9]{4}|[1-9][0-9]{4,5})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const TIME: &str = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{0,5}[1-9])?";

/// When a value is another one after it was made `to` and `from` again; `None` where none is.
pub(super) fn misfit(value: &str, from: &Type, to: &Type) -> Option<String> {
    match (from.family(), to.family()) {
        (Family::Text, Family::Text) => length(value, to),
        (_, Family::Text) => length(&format!("CAST({value} AS text)"), to),
        (Family::Text, _) => spelled(&format!("CAST({value} AS text)"), to),
        (Family::Number, Family::Number) => number(value, from, to),
        (Family::Moment, Family::Moment) => moment(value, from, to),
        (Family::Boolean, Family::Number) => None,
        (Family::Enum(from), Family::Enum(to)) if from.becomes(&to) == Becomes::Narrower => {
            Some(unlisted(&format!("CAST({value} AS text)"), &to))
        }
        (Family::Array(_), Family::Array(_)) => elements(value, from, to),
        (Family::Number, Family::Boolean) => Some(format!("{value} NOT IN (0, 1)")),
        _ => None,
    }
}

/// An array with an element that would be another one; `unnest` gives those of every dimension.
fn elements(value: &str, from: &Type, to: &Type) -> Option<String> {
    let misfit = misfit("element", from.innermost(), to.innermost())?;
    Some(format!("EXISTS (SELECT FROM unnest({value}) AS element WHERE element IS NOT NULL AND ({misfit}))"))
}

/// A text that is longer, or that ends with spaces, which would be cut off.
fn length(value: &str, to: &Type) -> Option<String> {
    let too_long = format!("length({value}) > {}", to.length()?);
    let is_padded = matches!(to, Type::Char(_));
    Some(if is_padded { format!("{too_long} OR {value} <> rtrim({value}, ' ')") } else { too_long })
}

fn number(value: &str, from: &Type, to: &Type) -> Option<String> {
    if from.conversion(to) == Conversion::Widens {
        return None;
    }
    Some(match to {
        Type::SmallInt | Type::Integer | Type::BigInt => {
            let (low, high) = to.integer_range()?;
            // Compared with a `double precision`, the highest `bigint` is the number above it.
            let bound = if matches!(from, Type::Real | Type::Double) { "<" } else { "<=" };
            let high = if bound == "<" { i128::from(high) + 1 } else { i128::from(high) };
            let whole = if from.is_integer() { String::new() } else { format!(" AND {value} = trunc({value})") };
            format!("NOT ({value} >= {low} AND {value} {bound} {high}{whole})")
        }
        Type::Decimal { .. } => decimal(value, from, to)?,
        Type::Real => float(value, from, "real", ("1.4e-45", "3.4028234663852886e38")),
        Type::Double => float(value, from, "double precision", ("4.95e-324", "1.7976931348623157e308")),
        Type::Boolean | Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Bytes | Type::Uuid | Type::Date => return None,
        Type::Time | Type::Timestamp | Type::Timestamptz | Type::Interval | Type::Json | Type::Array(_) => return None,
        Type::Enum(_) | Type::Native(_) => return None,
    })
}

/// A number as a `numeric`. One of floating point is made of its text, which has all of its digits; the cast keeps 15.
fn exact(value: &str, from: &Type) -> String {
    if matches!(from, Type::Real | Type::Double) {
        format!("CAST(CAST({value} AS text) AS numeric)")
    } else {
        format!("CAST({value} AS numeric)")
    }
}

fn decimal(value: &str, from: &Type, to: &Type) -> Option<String> {
    let name = types::name(to).ok()?;
    // The cast itself keeps 15 digits.
    let is_float = matches!(from, Type::Real | Type::Double);
    let compared = if is_float { exact(value, from) } else { value.to_owned() };
    let changes = format!("CAST({value} AS {name}) <> {compared}");
    let Some(limit) = limit(to) else {
        return Some(format!("CASE WHEN CAST({value} AS text) IN {SPECIAL} THEN false ELSE {changes} END"));
    };
    let scale = if let Type::Decimal { scale, .. } = to { scale.unwrap_or(0) } else { 0 };
    let infinite = "('Infinity', '-Infinity')";
    Some(format!(
        "CASE WHEN CAST({value} AS text) = 'NaN' THEN false WHEN CAST({value} AS text) IN {infinite} THEN true \
         WHEN abs(round({}, {scale})) >= {limit} THEN true ELSE {changes} END",
        exact(value, from)
    ))
}

/// The first number that a decimal does not hold; `None` where it holds all.
fn limit(to: &Type) -> Option<String> {
    let Type::Decimal { precision: Some(precision), scale } = to else { return None };
    Some(format!("1{}", "0".repeat(usize::from(precision.saturating_sub(scale.unwrap_or(0))))))
}

/// Beyond the numbers of a type of floating point, and between its smallest ones and zero, the cast is an error.
fn float(value: &str, from: &Type, name: &str, (smallest, largest): (&str, &str)) -> String {
    let exact = exact(value, from);
    let changes = if matches!(from, Type::Real | Type::Double) {
        format!("CAST(CAST({value} AS {name}) AS double precision) <> {value}")
    } else {
        format!("CAST(CAST(CAST({value} AS {name}) AS text) AS numeric) <> {exact}")
    };
    format!(
        "CASE WHEN CAST({value} AS text) IN {SPECIAL} OR {value} = 0 THEN false \
         WHEN abs({exact}) NOT BETWEEN {smallest} AND {largest} THEN true ELSE {changes} END"
    )
}

fn moment(value: &str, from: &Type, to: &Type) -> Option<String> {
    let (to, back) = (types::name(to).ok()?, types::name(from).ok()?);
    let changes = format!("CAST(CAST({value} AS {to}) AS {back}) <> {value}");
    // A `date` may be later than every `timestamp`.
    let late = format!("{value} > '294276-12-30' AND {value} <> 'infinity'");
    Some(if *from == Type::Date { format!("CASE WHEN {late} THEN true ELSE {changes} END") } else { changes })
}

/// A text that is not the one in which the type writes a value.
fn spelled(text: &str, to: &Type) -> Option<String> {
    let unlike = |pattern: &str| format!("{text} !~ '^{pattern}$'");
    Some(match to {
        Type::Boolean => format!("{text} NOT IN ('true', 'false')"),
        Type::SmallInt | Type::Integer | Type::BigInt => {
            let (low, high) = to.integer_range()?;
            let fits = format!("CAST({text} AS numeric) NOT BETWEEN {low} AND {high}");
            format!("CASE WHEN {text} ~ '^(0|-?[1-9][0-9]{{0,18}})$' THEN {fits} ELSE true END")
        }
        Type::Decimal { .. } => spelled_decimal(text, to)?,
        Type::Real => spelled_float(text, "real", ("1.4e-45", "3.4028235e38")),
        Type::Double => spelled_float(text, "double precision", ("4.95e-324", "1.7976931348623157e308")),
        Type::Uuid => unlike("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        Type::Bytes => unlike(r"\\x([0-9a-f]{2})*"),
        Type::Date => spelled_day(text, ""),
        Type::Time => format!("{} AND {text} <> '24:00:00'", unlike(TIME)),
        Type::Timestamp => spelled_day(text, &format!(" {TIME}")),
        // The session is in UTC.
        Type::Timestamptz => spelled_day(text, &format!(r" {TIME}\+00")),
        // Only the type itself can read it: of what it cannot read, the error is the refusal.
        Type::Interval | Type::Json | Type::Array(_) | Type::Native(_) => {
            format!("CAST(CAST({text} AS {}) AS text) <> {text}", types::name(to).ok()?)
        }
        Type::Enum(of) => unlisted(text, of),
        Type::Text | Type::Varchar(_) | Type::Char(_) => return None,
    })
}

/// A text that is none of the values of an enum.
fn unlisted(text: &str, of: &EnumType) -> String {
    let values: Vec<String> = of.values.iter().map(|value| quote::text(value)).collect();
    format!("{text} NOT IN ({})", values.join(", "))
}

fn spelled_decimal(text: &str, to: &Type) -> Option<String> {
    let name = types::name(to).ok()?;
    let special = if limit(to).is_some() { "('NaN')" } else { SPECIAL };
    let scale = if let Type::Decimal { scale, .. } = to { scale.unwrap_or(0) } else { 0 };
    let limit = limit(to).map(|limit| format!("WHEN abs(round(CAST({text} AS numeric), {scale})) >= {limit} THEN true "));
    Some(format!(
        "CASE WHEN {text} IN {special} THEN false WHEN {text} !~ '{DECIMAL}' THEN true \
         {}ELSE CAST(CAST({text} AS {name}) AS text) <> {text} END",
        limit.unwrap_or_default()
    ))
}

fn spelled_float(text: &str, name: &str, (smallest, largest): (&str, &str)) -> String {
    let number = format!("CAST({text} AS numeric)");
    format!(
        "CASE WHEN {text} IN {SPECIAL} THEN false WHEN {text} !~ '{DECIMAL}' THEN true \
         WHEN {number} <> 0 AND abs({number}) NOT BETWEEN {smallest} AND {largest} THEN true \
         ELSE CAST(CAST({text} AS {name}) AS text) <> {text} END"
    )
}

/// A day of the calendar, and what follows it.
fn spelled_day(text: &str, rest: &str) -> String {
    let day = format!("split_part({text}, ' ', 1)");
    let (year, month, number) = (
        format!("CAST(split_part({day}, '-', 1) AS integer)"),
        format!("split_part({day}, '-', 2)"),
        format!("split_part({day}, '-', 3)"),
    );
    let leap = format!("{year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0)");
    format!(
        "CASE WHEN {text} IN ('infinity', '-infinity') THEN false WHEN {text} !~ '^{DAY}{rest}$' THEN true \
         ELSE {year} = 0 OR {year} > 294275 OR {number} = '31' AND {month} IN ('04', '06', '09', '11') \
         OR {month} = '02' AND ({number} > '29' OR {number} = '29' AND NOT ({leap})) END"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A `numeric` has 15 of the digits of a `double precision`, so that the two are never compared as such.
    #[test]
    fn numbers_are_compared_as_what_they_are() {
        let misfit = |from, to| misfit("x", &from, &to).unwrap_or_default();
        let bigint = "NOT (x >= -9223372036854775808 AND x < 9223372036854775808 AND x = trunc(x))";
        assert_eq!(misfit(Type::Double, Type::BigInt), bigint);
        assert_eq!(misfit(Type::BigInt, Type::Integer), "NOT (x >= -2147483648 AND x <= 2147483647)");
        assert_eq!(misfit(Type::Integer, Type::BigInt), "");
        assert!(!misfit(Type::Double, Type::Decimal { precision: Some(6), scale: Some(2) }).contains("CAST(x AS numeric)"));
    }

    /// Whatever is cast is looked at first, since a cast that fails would stop the question.
    #[test]
    fn a_text_is_cast_only_where_it_is_a_value() {
        for to in
            [Type::Integer, Type::Double, Type::Date, Type::Timestamptz, Type::Decimal { precision: Some(6), scale: Some(2) }]
        {
            let sql = misfit("x", &Type::Text, &to).unwrap_or_default();
            assert!(sql.starts_with("CASE WHEN "), "{to}: {sql}");
        }
        assert_eq!(misfit("x", &Type::Text, &Type::Boolean).as_deref(), Some("CAST(x AS text) NOT IN ('true', 'false')"));
    }
}
