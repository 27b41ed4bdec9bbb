//! Whether a literal can be a value of a type.

use crate::check::json::is_json;
use crate::types::{Family, Type};

/// Why the text cannot be a value of the family; `None` where it can, or where only the database knows.
pub(super) fn text(text: &str, family: &Family) -> Option<String> {
    let trimmed = text.trim();
    let fits = match family {
        Family::Boolean => ["true", "false"].contains(&trimmed.to_lowercase().as_str()),
        Family::Number => trimmed.parse::<f64>().is_ok(),
        Family::Uuid => is_uuid(trimmed),
        Family::Json => is_json(text),
        Family::Moment => is_moment(trimmed) || MOMENTS.contains(&trimmed),
        Family::Time => is_time(trimmed),
        Family::Array(_) => false,
        Family::Text | Family::Bytes | Family::Interval | Family::Native(_) => true,
    };
    (!fits).then(|| format!("{text:?} is not {family}"))
}

/// `2024-02-29`, and perhaps a time of day behind a space or a `T`: the form of ISO 8601, which every database reads.
fn is_moment(text: &str) -> bool {
    let (date, time) = text.split_once([' ', 'T']).map_or((text, None), |(date, time)| (date, Some(time)));
    is_date(date) && time.is_none_or(is_time)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<Option<u32>> = text.split('-').map(digits).collect();
    let [Some(year), Some(month), Some(day)] = parts.as_slice() else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(day)
}

/// `12:30`, `12:30:59.5`, and perhaps a zone behind it.
fn is_time(text: &str) -> bool {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != ':' && letter != '.').unwrap_or(text.len());
    let (clock, zone) = text.split_at(end);
    let mut parts = clock.split(':');
    let below = |bound: u32, part: Option<&str>| part.and_then(digits).is_some_and(|number| number < bound);
    let (hour, minute, second) = (parts.next(), parts.next(), parts.next());
    let second = second.is_none_or(|second| below(61, second.split('.').next()));
    let zone = zone.trim();
    let zoned = zone.is_empty() || zone.eq_ignore_ascii_case("z") || zone.starts_with(['+', '-']);
    below(25, hour) && below(60, minute) && second && parts.next().is_none() && zoned
}

fn digits(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| text.chars().all(|digit| digit.is_ascii_digit()))
}

/// The words that PostgreSQL takes for a date or timestamp, beside digits.
const MOMENTS: [&str; 2] = ["infinity", "-infinity"];

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| group.chars().all(|digit| digit.is_ascii_hexdigit()))
}

/// Why the number cannot be a value of the type; `None` where it can.
pub(super) fn number(digits: &str, negative: bool, ty: &Type) -> Option<String> {
    let sign = if negative { "-" } else { "" };
    let shown = format!("{sign}{digits}");
    if let Some((low, high)) = ty.integer_range() {
        let Ok(value) = shown.replace('_', "").parse::<i128>() else {
            return Some(format!("{shown} is not a whole number, and the type is `{ty}`"));
        };
        let fits = i128::from(low) <= value && value <= i128::from(high);
        return (!fits).then(|| format!("{shown} does not fit into `{ty}`, which holds {low} to {high}"));
    }
    let Type::Decimal { precision: Some(precision), scale } = ty else { return None };
    let room = usize::from(precision.saturating_sub(scale.unwrap_or(0)));
    let whole = digits.split(['.', 'e', 'E']).next().unwrap_or_default().replace('_', "");
    let needed = whole.trim_start_matches('0').len();
    (needed > room && !digits.contains(['e', 'E']))
        .then(|| format!("{shown} does not fit into `{ty}`, which has {room} digits before the point"))
}

/// Why the text is too long for the type; `None` where it is not.
pub(super) fn length(text: &str, ty: &Type) -> Option<String> {
    let room = ty.length()? as usize;
    let letters = text.chars().count();
    (letters > room).then(|| format!("{text:?} has {letters} characters, and the type is `{ty}`"))
}
