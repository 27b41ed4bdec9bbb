//! Dates, times of day and points in time, of the texts in which SQLite keeps them.
//!
//! SQLite's own functions keep three digits of a second, and take 30 February for 1 March: here every digit is kept, and what is
//! no date is refused, as PostgreSQL does.

use crate::expr::CurrentValue;
use crate::sql::sqlite::made::{Made, is_text};
use crate::types::Type;

/// The day: of a point in time that of UTC, of a text the one that is written.
pub(super) fn date(value: &str, from: &Type) -> Option<Made> {
    if *from == Type::Timestamptz {
        return Some(Made::where_true(is_day(value), format!("date({value})")));
    }
    is_written(from).then(|| Made::where_true(is_moment(value, from), day(value)))
}

/// The time of day.
pub(super) fn time(value: &str, from: &Type) -> Option<Made> {
    if matches!(from, Type::Timestamp | Type::Timestamptz) {
        let whole = format!("strftime('%H:%M:%S', substr({value}, 1, 19) || {})", rest(value, 19));
        let made = format!("{whole} || {}", fraction(value, 19));
        return Some(Made::where_true(is_day(value), made));
    }
    is_text(from).then(|| written_time(value))
}

fn written_time(value: &str) -> Made {
    let whole = format!("substr({value}, 1, 8)");
    let is_time = format!("time({value}) IS NOT NULL AND instr(time({whole}), {whole}) = 1");
    Made::where_true(is_time, format!("time({whole}) || {}", fraction(value, 8)))
}

/// A moment without a zone: of a point in time that of UTC, of a text what is written, whatever zone follows.
pub(super) fn timestamp(value: &str, from: &Type) -> Option<Made> {
    let (zone, condition) = if *from == Type::Timestamptz {
        (format!(" || {}", rest(value, 19)), is_day(value))
    } else {
        (String::new(), is_moment(value, from))
    };
    let made = format!("strftime('%Y-%m-%d %H:%M:%S', substr({value}, 1, 19){zone}) || {}", fraction(value, 19));
    is_written(from).then(|| Made::where_true(condition, made))
}

/// The moment of a `timestamptz` column as a `timestamp` so many minutes later, or the reverse.
pub(super) fn shifted(value: &str, from: &Type, minutes: i32) -> String {
    let by = if minutes == 0 { String::new() } else { format!(", '{minutes:+} minutes'") };
    let whole = format!("substr({value}, 1, 19)");
    let made = if *from == Type::Timestamptz {
        format!("strftime('%Y-%m-%d %H:%M:%S', {whole} || {}{by}) || {}", rest(value, 19), fraction(value, 19))
    } else {
        format!("strftime('%Y-%m-%dT%H:%M:%S', {whole}{by}) || {} || '+00:00'", fraction(value, 19))
    };
    Made::where_true(is_moment(value, from), made).checked(value, from)
}

/// A point in time, in UTC, so that all of a column sort together.
pub(super) fn timestamptz(value: &str, from: &Type) -> Option<Made> {
    let zone = format!("{}{}", rest(value, 19), minutes(value, from));
    let whole = format!("strftime('%Y-%m-%dT%H:%M:%S', substr({value}, 1, 19) || {zone})");
    let made = format!("{whole} || {} || '+00:00'", fraction(value, 19));
    is_written(from).then(|| Made::where_true(is_day(value), made))
}

/// A moment or a time of day as PostgreSQL's text of it, in UTC: no digits of a second that are 0 at the end.
pub(super) fn text(value: &str, from: &Type) -> String {
    let trimmed =
        |value: &str| format!("CASE WHEN instr({value}, '.') > 0 THEN rtrim(rtrim({value}, '0'), '.') ELSE {value} END");
    match timestamp(value, from).filter(|_| *from == Type::Timestamptz) {
        Some(Made { value: made, .. }) => {
            let made = trimmed(&made);
            format!("CASE WHEN {} THEN {made} || '+00' ELSE {value} END", is_day(value))
        }
        None => trimmed(value),
    }
}

/// A moment in the one form in which this crate writes it.
pub(super) fn written(value: &str, ty: &Type) -> Option<String> {
    if !matches!(ty, Type::Timestamp | Type::Timestamptz) {
        return Some(value.to_owned());
    }
    let made = if *ty == Type::Timestamp { timestamp(value, &Type::Text) } else { timestamptz(value, &Type::Text) };
    made.map(|made| made.value)
}

/// The current moment as a value of the type, which SQLite formats at once; `None` where the one has no part of the other.
pub(super) fn current(current: CurrentValue, to: &Type) -> Option<String> {
    // The words for them are short already.
    if matches!((current, to), (CurrentValue::Date, Type::Date) | (CurrentValue::Time, Type::Time)) {
        return None;
    }
    let (day, clock) = match current {
        CurrentValue::Timestamp => (Some("%Y-%m-%d"), "%H:%M:%f"),
        CurrentValue::Date => (Some("%Y-%m-%d"), "00:00:00"),
        CurrentValue::Time => (None, "%H:%M:%f"),
        CurrentValue::User | CurrentValue::SessionUser => return None,
    };
    let format = match to {
        Type::Date => day?.to_owned(),
        Type::Timestamp => format!("{} {clock}", day?),
        Type::Timestamptz => format!("{}T{clock}+00:00", day?),
        Type::Time if current != CurrentValue::Date => clock.to_owned(),
        Type::Boolean | Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Decimal { .. } => {
            return None;
        }
        Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Bytes | Type::Uuid | Type::Time | Type::Interval => return None,
        Type::Json | Type::Enum(_) | Type::Array(_) | Type::Native(_) => return None,
    };
    Some(format!("strftime('{format}', 'now')"))
}

/// What is kept as text that begins with a day.
fn is_written(ty: &Type) -> bool {
    is_text(ty) || matches!(ty, Type::Date | Type::Timestamp | Type::Timestamptz)
}

fn day(value: &str) -> String {
    format!("substr({value}, 1, 10)")
}

fn is_day(value: &str) -> String {
    format!("date({day}) = {day}", day = day(value))
}

fn is_moment(value: &str, from: &Type) -> String {
    format!("datetime({value}{}) IS NOT NULL AND {}", minutes(value, from), is_day(value))
}

/// What follows the whole seconds and their digits: the zone.
fn rest(value: &str, whole: u8) -> String {
    format!("ltrim(substr({value}, {}), '.0123456789')", whole + 1)
}

/// The minutes of a zone of which a text has the hours alone, as PostgreSQL writes it: SQLite reads both or none.
fn minutes(value: &str, from: &Type) -> String {
    let added = format!(" || CASE length({}) WHEN 3 THEN ':00' ELSE '' END", rest(value, 19));
    if is_text(from) { added } else { String::new() }
}

/// The digits of a second, with their point.
fn fraction(value: &str, whole: u8) -> String {
    format!("substr({value}, {}, length({value}) - {whole} - length({}))", whole + 1, rest(value, whole))
}
