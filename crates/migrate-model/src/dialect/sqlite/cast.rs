//! A value in another type: what PostgreSQL's cast means, said for the form in which sqlx keeps each type on SQLite.
//!
//! SQLite's own `CAST` goes by the affinity of the declared name, and that of `DATE` or `BOOLEAN` is a number's: it makes 2024 of
//! "2024-05-01" and 0 of "true" (manual, "Datatypes In SQLite", section 3.1). The forms are those of sqlx-sqlite 0.9: a boolean is
//! 0 or 1, a uuid its 16 bytes, `2024-05-01`, `10:30:00`, `2024-05-01 10:30:00` and `2024-05-01T10:30:00+00:00`, with digits
//! of a second where there are any. Without a time zone UTC is meant.

use crate::dialect::sqlite::{moment, types};
use crate::dialect::{Sql, Unsupported};
use crate::problem::Role;
use crate::types::{Family, Type};

/// The value in the type, as `value::to` says. What is not known is text, which all but numbers and bytes are on SQLite.
pub(in crate::dialect) fn cast(value: &str, from: Option<&Type>, to: &Type) -> Sql {
    let name = types::name(to)?;
    let from = from.unwrap_or(&Type::Text);
    let made = match to {
        _ if from == to => Some(value.to_owned()),
        Type::Boolean => boolean(value, from),
        Type::SmallInt | Type::Integer | Type::BigInt => integer(value, from, to),
        Type::Real | Type::Double => real(value, from, to),
        Type::Decimal { scale, .. } => real(value, from, to).map(|real| format!("round({real}, {})", scale.unwrap_or(0))),
        Type::Text | Type::Varchar(None) => Some(text(value, from)),
        Type::Varchar(Some(length)) | Type::Char(length) => Some(format!("substr({}, 1, {length})", text(value, from))),
        Type::Bytes => bytes(value, from),
        Type::Uuid => uuid(value, from),
        Type::Date => moment::date(value, from),
        Type::Time => moment::time(value, from),
        Type::Timestamp => moment::timestamp(value, from),
        Type::Timestamptz => moment::timestamptz(value, from),
        Type::Json => is_text(from).then(|| format!("json({value})")),
        Type::Interval | Type::Array(_) | Type::Native(_) => Some(format!("CAST({value} AS {name})")),
    };
    made.ok_or_else(|| {
        let what = format!("SQLite makes no `{to}` of `{from}`");
        Unsupported::new(Role::Expression, value, what).help("write `sql(\"…\")` for an expression as it is")
    })
}

/// The value as a column of the type takes it: the database cuts no text off, and keeps what is of one family.
pub(in crate::dialect) fn assigned(value: String, from: &Type, to: &Type) -> Sql {
    match (from.family(), to.family()) {
        (Family::Number, Family::Number) if from.is_integer() || matches!(to, Type::Real | Type::Double) => Ok(value),
        (Family::Text, Family::Text) | (Family::Native(_), _) | (_, Family::Native(_)) => Ok(value),
        (_, Family::Text) => cast(&value, Some(from), &Type::Text),
        (one, other) if one == other && !matches!(one, Family::Number | Family::Moment) => Ok(value),
        _ => cast(&value, Some(from), to),
    }
}

/// `value ->> key`, which is text on PostgreSQL, and a number where the document has one on SQLite.
pub(in crate::dialect) fn json_text(value: &str, key: &str) -> String {
    let word = format!("json_type({value} -> {key})");
    format!("CASE WHEN {word} IN ('true', 'false') THEN {word} ELSE CAST({value} ->> {key} AS TEXT) END")
}

/// A text in which a value can be spelled, or a type of SQLite's own, of which nothing is known.
pub(super) fn is_text(ty: &Type) -> bool {
    matches!(ty.family(), Family::Text | Family::Json | Family::Native(_))
}

/// The value where the condition holds; else the statement stops, as PostgreSQL's would, and nothing becomes null in silence.
pub(super) fn checked(value: &str, condition: &str, made: &str, to: &Type) -> String {
    // A path that does not begin with `$` is an error that shows it, and a path that is null is null.
    format!("coalesce(CASE WHEN {condition} THEN {made} END, json_extract('{{}}', 'not a value of {to}: ' || {value}))")
}

fn boolean(value: &str, from: &Type) -> Option<String> {
    let word = format!("lower(trim({value}))");
    let spelled = format!("CASE WHEN {word} IN ('true', 't', 'yes', 'y', 'on', '1') THEN TRUE ELSE FALSE END");
    let known = format!("{word} IN ('true', 't', 'yes', 'y', 'on', '1', 'false', 'f', 'no', 'n', 'off', '0')");
    if from.family() == Family::Number {
        return Some(format!("({value} <> 0)"));
    }
    is_text(from).then(|| checked(value, &known, &spelled, &Type::Boolean))
}

fn integer(value: &str, from: &Type, to: &Type) -> Option<String> {
    let whole = format!("CAST({value} AS INTEGER)");
    let (low, high) = to.integer_range()?;
    let fits = if *to == Type::BigInt { String::new() } else { format!(" AND {whole} BETWEEN {low} AND {high}") };
    match from.family() {
        Family::Boolean => Some(whole),
        Family::Number => Some(rounded(value, from)),
        // A text is compared with a number as the number that it is from its first letter to its last.
        Family::Text | Family::Json | Family::Native(_) => Some(checked(value, &format!("{value} = {whole}{fits}"), &whole, to)),
        Family::Bytes | Family::Uuid | Family::Moment | Family::Time | Family::Interval | Family::Array(_) => None,
    }
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

fn real(value: &str, from: &Type, to: &Type) -> Option<String> {
    let real = format!("CAST({value} AS REAL)");
    if from.family() == Family::Number {
        return Some(if from.is_integer() { real } else { value.to_owned() });
    }
    is_text(from).then(|| checked(value, &format!("{value} = {real}"), &real, to))
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
        Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Json => value.to_owned(),
        Type::Date | Type::Time | Type::Timestamp | Type::Timestamptz => value.to_owned(),
    }
}

/// As few digits as lead back to the number: SQLite's own text has 15, and some numbers need 17.
fn shortest(value: &str) -> String {
    let (short, long) = (format!("printf('%.15g', {value})"), format!("printf('%!.17g', {value})"));
    format!("CASE WHEN {value} = CAST({short} AS REAL) THEN {short} WHEN {value} IS NOT NULL THEN {long} END")
}

fn hyphenated(value: &str) -> String {
    let group = |start: u8, length: u8| format!("substr(hex({value}), {start}, {length})");
    let groups = [group(1, 8), group(9, 4), group(13, 4), group(17, 4), group(21, 12)].join(" || '-' || ");
    format!("CASE typeof({value}) WHEN 'blob' THEN lower({groups}) ELSE {value} END")
}

/// `unhex` is of SQLite 3.41; before it, nothing makes bytes of text.
fn uuid(value: &str, from: &Type) -> Option<String> {
    let bytes = format!("unhex({value}, '-')");
    is_text(from).then(|| checked(value, &format!("length({bytes}) = 16"), &bytes, &Type::Uuid))
}

fn bytes(value: &str, from: &Type) -> Option<String> {
    let spelled = format!("CASE WHEN instr({value}, '\\') = 0 THEN CAST({value} AS BLOB) ELSE unhex(substr({value}, 3)) END");
    let known = format!("instr({value}, '\\') = 0 OR substr({value}, 1, 2) = '\\x'");
    is_text(from).then(|| checked(value, &known, &spelled, &Type::Bytes))
}
