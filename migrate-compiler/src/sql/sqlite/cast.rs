//! A value in another type: what PostgreSQL's cast means, said for the form in which sqlx keeps each type on SQLite.
//!
//! SQLite's own `CAST` goes by the affinity of the declared name, and that of `DATE` or `BOOLEAN` is a number's: it makes 2024 of
//! "2024-05-01" and 0 of "true" (manual, "Datatypes In SQLite", section 3.1). The forms are those of sqlx-sqlite 0.9: a boolean is
//! 0 or 1, a uuid its 16 bytes, `2024-05-01`, `10:30:00`, `2024-05-01 10:30:00` and `2024-05-01T10:30:00+00:00`, with digits
//! of a second where there are any. Without a time zone UTC is meant.

use std::borrow::Cow;

use crate::problem::Role;
use crate::sql::sqlite::made::{Made, is_text};
use crate::sql::sqlite::{moment, types};
use crate::sql::{Sql, Unsupported, quote};
use crate::types::{Becomes, Conversion, EnumType, Family, Type};

/// The value in the type, as `value::to` says. What is not known is text, which all but numbers and bytes are on SQLite.
pub(super) fn cast(value: &str, from: Option<&Type>, to: &Type) -> Sql {
    let from = from.unwrap_or(&Type::Text);
    types::name(to)?;
    let value = &*without_padding(value, from);
    match made(value, from, to) {
        Some(made) => Ok(made.checked(value, to)),
        None => {
            let what = format!("a cast from `{from}` to `{to}` is not supported on SQLite");
            Err(Unsupported::new(Role::Expression, value, what).help("write `sql(\"…\")` for an expression as it is"))
        }
    }
}

fn made(value: &str, from: &Type, to: &Type) -> Option<Made> {
    match to {
        _ if from == to => Some(Made::always(value.to_owned())),
        Type::Boolean => boolean(value, from),
        Type::SmallInt | Type::Integer | Type::BigInt => integer(value, from, to),
        Type::Real | Type::Double => real(value, from),
        Type::Decimal { .. } => decimal(value, from, to),
        Type::Text | Type::Varchar(None) => Some(Made::always(text(value, from))),
        Type::Varchar(Some(length)) | Type::Char(length) => {
            Some(Made::always(format!("substr({}, 1, {length})", text(value, from))))
        }
        Type::Bytes => bytes(value, from),
        Type::Uuid => uuid(value, from),
        Type::Date => moment::date(value, from),
        Type::Time => moment::time(value, from),
        Type::Timestamp => moment::timestamp(value, from),
        Type::Timestamptz => moment::timestamptz(value, from),
        Type::Json => is_text(from).then(|| Made::where_true(format!("json_valid({value})"), format!("json({value})"))),
        Type::Enum(of) => listed(value, from, of),
        Type::Interval | Type::Array(_) | Type::Native(_) => {
            let name = types::name(to).ok()?;
            Some(Made::always(format!("CAST({value} AS {name})")))
        }
    }
}

/// The value as a column of the type takes it: the database cuts no letter off, and keeps what is of one family.
pub(super) fn assigned(value: String, from: &Type, to: &Type) -> Sql {
    types::name(to)?;
    let value = if matches!(to, Type::Char(_)) { value.into() } else { without_padding(&value, from) };
    match converted(&value, from, to) {
        Some(made) => Ok(made.checked(&value, to)),
        None => cast(&value, Some(from), to),
    }
}

/// See [`assigned`]; `None` where there is no such conversion.
pub(super) fn converted(value: &str, from: &Type, to: &Type) -> Option<Made> {
    match (from.family(), to.family()) {
        (Family::Native(_), _) | (_, Family::Native(_)) => Some(Made::always(value.to_owned())),
        (Family::Enum(_), Family::Enum(_)) => made(value, from, to),
        (_, Family::Text) => Some(letters(&text(value, from), from, to)),
        (Family::Number, Family::Number) if from.conversion(to) == Conversion::Widens => Some(Made::always(value.to_owned())),
        (Family::Number, Family::Number) | (Family::Moment, Family::Moment) => made(value, from, to),
        (one, other) if one == other => Some(Made::always(value.to_owned())),
        _ => made(value, from, to),
    }
}

/// A text without the spaces at its end.
pub(super) fn trimmed(value: &str) -> String {
    format!("rtrim({value}, ' ')")
}

/// The same with the spaces that PostgreSQL keeps of a `char(n)`.
pub(super) fn padded(value: &str, length: u32) -> String {
    format!("substr({value} || '{}', 1, {length})", " ".repeat(length as usize))
}

/// A `char(n)` becomes another type without the spaces at its end.
fn without_padding<'v>(value: &'v str, from: &Type) -> Cow<'v, str> {
    if matches!(from, Type::Char(_)) { trimmed(value).into() } else { value.into() }
}

/// A text as a column of the type takes it: `char(n)` knows no spaces at the end, and nothing else is cut off.
fn letters(value: &str, from: &Type, to: &Type) -> Made {
    let value = if matches!(to, Type::Char(_)) { trimmed(value) } else { value.to_owned() };
    match to.length().filter(|_| from.conversion(to) != Conversion::Widens) {
        Some(length) => Made::where_true(format!("length({value}) <= {length}"), value),
        None => Made::always(value),
    }
}

/// `value ->> key`, which is text on PostgreSQL, and a number where the document has one on SQLite.
pub(super) fn json_text(value: &str, key: &str) -> String {
    let word = format!("json_type({value} -> {key})");
    format!("CASE WHEN {word} IN ('true', 'false') THEN {word} ELSE CAST({value} ->> {key} AS TEXT) END")
}

fn boolean(value: &str, from: &Type) -> Option<Made> {
    let word = format!("lower(trim({value}))");
    let spelled = format!("CASE WHEN {word} IN ('true', 't', 'yes', 'y', 'on', '1') THEN TRUE ELSE FALSE END");
    let known = format!("{word} IN ('true', 't', 'yes', 'y', 'on', '1', 'false', 'f', 'no', 'n', 'off', '0')");
    if from.family() == Family::Number {
        return Some(Made::always(format!("({value} <> 0)")));
    }
    is_text(from).then(|| Made::where_true(known, spelled))
}

fn integer(value: &str, from: &Type, to: &Type) -> Option<Made> {
    let whole = format!("CAST({value} AS INTEGER)");
    let (low, high) = to.integer_range()?;
    match from.family() {
        Family::Boolean => Some(Made::always(whole)),
        Family::Number => Some(within(rounded(value, from), value, from, to)),
        // A text is compared with a number as the number that it is from its first letter to its last.
        Family::Text | Family::Json | Family::Enum(_) | Family::Native(_) => {
            let fits = if *to == Type::BigInt { String::new() } else { format!(" AND {whole} BETWEEN {low} AND {high}") };
            Some(Made::where_true(format!("{value} = {whole}{fits}"), whole))
        }
        Family::Bytes | Family::Uuid | Family::Moment | Family::Time | Family::Interval | Family::Array(_) => None,
    }
}

/// A number that was made of another one, where it is one of its type.
fn within(made: String, value: &str, from: &Type, to: &Type) -> Made {
    let condition = match (from.conversion(to), to) {
        (Conversion::Widens, _) => None,
        // A `CAST` gives the nearest integer of a number beyond all of them.
        (_, Type::BigInt) => Some(format!("{value} >= -9223372036854775808 AND {value} < 9223372036854775808.0")),
        (_, Type::Decimal { precision: Some(precision), scale }) => {
            let room = usize::from(precision.saturating_sub(scale.unwrap_or(0)));
            Some(format!("abs({made}) < 1{}", "0".repeat(room)))
        }
        _ => to.integer_range().map(|(low, high)| format!("{made} BETWEEN {low} AND {high}")),
    };
    Made { condition, value: made }
}

/// A `double precision` becomes the even one of two neighbours, a `numeric` the one that is farther from zero.
fn rounded(value: &str, from: &Type) -> String {
    let near = format!("CAST(round({value}) AS INTEGER)");
    if from.is_integer() {
        value.to_owned()
    } else if matches!(from, Type::Decimal { .. }) {
        near
    } else {
        let even = format!("2 * CAST(round({value} / 2) AS INTEGER)");
        format!("CASE abs({value} - CAST({value} AS INTEGER)) WHEN 0.5 THEN {even} ELSE {near} END")
    }
}

fn real(value: &str, from: &Type) -> Option<Made> {
    let real = format!("CAST({value} AS REAL)");
    if from.family() == Family::Number {
        return Some(Made::always(if from.is_integer() { real } else { value.to_owned() }));
    }
    // As a `NUMERIC` it is compared digit by digit; as a `REAL` an integer beyond 2^53 would not be itself.
    is_text(from).then(|| Made::where_true(format!("{value} = CAST({value} AS NUMERIC)"), real))
}

fn decimal(value: &str, from: &Type, to: &Type) -> Option<Made> {
    let scale = if let Type::Decimal { scale, .. } = to { scale.unwrap_or(0) } else { 0 };
    let Made { condition: is_number, value: real } = real(value, from)?;
    let Made { condition: fits, value } = within(format!("round({real}, {scale})"), value, from, to);
    let conditions: Vec<String> = is_number.into_iter().chain(fits).collect();
    Some(Made { condition: (!conditions.is_empty()).then(|| conditions.join(" AND ")), value })
}

fn text(value: &str, from: &Type) -> String {
    match from {
        Type::Boolean => format!("CASE WHEN {value} THEN 'true' WHEN NOT {value} THEN 'false' END"),
        Type::Decimal { precision: Some(_), scale } => {
            format!("CASE WHEN {value} IS NOT NULL THEN printf('%.{}f', {value}) END", scale.unwrap_or(0))
        }
        Type::Real | Type::Double | Type::Decimal { precision: None, .. } => shortest(value),
        Type::Bytes => format!("CASE typeof({value}) WHEN 'blob' THEN '\\x' || lower(hex({value})) ELSE {value} END"),
        Type::Uuid => hyphenated(value),
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Interval | Type::Array(_) | Type::Native(_) => {
            format!("CAST({value} AS TEXT)")
        }
        Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Json | Type::Enum(_) => value.to_owned(),
        Type::Date => value.to_owned(),
        Type::Time | Type::Timestamp | Type::Timestamptz => moment::text(value, from),
    }
}

/// One of the values of an enum, which is kept as its name.
fn listed(value: &str, from: &Type, of: &EnumType) -> Option<Made> {
    let known = format!("{value} IN ({})", listing(of));
    if let Type::Enum(from) = from {
        return match from.becomes(of) {
            Becomes::Wider => Some(Made::always(value.to_owned())),
            Becomes::Renamed { from, to } => {
                let (from, to) = (quote::text(from), quote::text(to));
                Some(Made::always(format!("CASE {value} WHEN {from} THEN {to} ELSE {value} END")))
            }
            Becomes::Narrower => Some(Made::where_true(known, value.to_owned())),
        };
    }
    is_text(from).then(|| Made::where_true(known, value.to_owned()))
}

/// The values of an enum as SQLite's literals.
pub(super) fn listing(of: &EnumType) -> String {
    let values: Vec<String> = of.values.iter().map(|value| quote::text(value)).collect();
    values.join(", ")
}

/// As few digits as give the same number again, 15 to 17 of them, and an exponent from 10^15 on, as PostgreSQL writes it.
fn shortest(value: &str) -> String {
    let short = format!("printf('%.15g', {value})");
    let written = |fraction: u8| {
        let (digits, large) = (fraction + 1, format!("printf('%!.{fraction}e', {value})"));
        format!("CASE WHEN abs({value}) >= 1e15 THEN {large} ELSE printf('%!.{digits}g', {value}) END")
    };
    let (middle, long) = (written(15), written(16));
    let is_exact = |text: &str| format!("{value} = CAST({text} AS REAL)");
    format!(
        "CASE WHEN {} THEN {short} WHEN {} THEN {middle} WHEN {value} IS NOT NULL THEN {long} END",
        is_exact(&short),
        is_exact(&middle)
    )
}

fn hyphenated(value: &str) -> String {
    let group = |start: u8, length: u8| format!("substr(hex({value}), {start}, {length})");
    let groups = [group(1, 8), group(9, 4), group(13, 4), group(17, 4), group(21, 12)].join(" || '-' || ");
    format!("CASE typeof({value}) WHEN 'blob' THEN lower({groups}) ELSE {value} END")
}

/// `unhex` is of SQLite 3.41; before it, nothing makes bytes of text.
fn uuid(value: &str, from: &Type) -> Option<Made> {
    let bytes = format!("unhex({value}, '-')");
    is_text(from).then(|| Made::where_true(format!("length({bytes}) = 16"), bytes))
}

/// The bytes of a text. PostgreSQL has those of a `char(n)` with the spaces up to its length, which SQLite does not keep.
fn bytes(value: &str, from: &Type) -> Option<Made> {
    let padded = if let Type::Char(length) = from { format!("printf('%!-{length}s', {value})") } else { value.to_owned() };
    let spelled =
        format!("CASE WHEN instr({value}, '\\') = 0 THEN CAST({padded} AS BLOB) ELSE unhex(substr({value}, 3), ' ') END");
    let known = format!("instr({value}, '\\') = 0 OR substr({value}, 1, 2) = '\\x'");
    is_text(from).then(|| Made::where_true(known, spelled))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(precision: u16, scale: u16) -> Type {
        Type::Decimal { precision: Some(precision), scale: Some(scale) }
    }

    fn sql(from: &Type, to: &Type) -> String {
        assigned("x".into(), from, to).unwrap_or_default()
    }

    /// SQLite would take every number in every column.
    #[test]
    fn what_may_not_fit_is_looked_at() {
        let narrower = [
            (Type::BigInt, Type::SmallInt, "x BETWEEN -32768 AND 32767"),
            (Type::BigInt, Type::Integer, "x BETWEEN -2147483648 AND 2147483647"),
            (Type::Double, Type::BigInt, "x < 9223372036854775808.0"),
            (decimal(12, 4), decimal(6, 4), "< 100 "),
            (Type::Integer, decimal(4, 2), "< 100 "),
            (Type::Text, Type::Varchar(Some(3)), "length(x) <= 3"),
            (Type::Varchar(Some(9)), Type::Char(3), "length(rtrim(x, ' ')) <= 3"),
        ];
        for (from, to, condition) in narrower {
            let sql = sql(&from, &to);
            assert!(sql.contains(condition) && sql.contains("not a value of"), "{from} to {to}: {sql}");
        }
    }

    #[test]
    fn what_fits_is_copied_as_it_is() {
        let wider = [
            (Type::SmallInt, Type::BigInt),
            (Type::Integer, Type::Double),
            (decimal(6, 2), decimal(8, 2)),
            (Type::Varchar(Some(3)), Type::Varchar(Some(4))),
            (Type::Varchar(Some(3)), Type::Text),
        ];
        for (from, to) in wider {
            assert_eq!(sql(&from, &to), "x", "{from} to {to}");
        }
    }
}
