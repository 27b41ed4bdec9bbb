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
        Family::Moment => trimmed.starts_with(|first: char| first.is_ascii_digit()) || MOMENTS.contains(&trimmed),
        Family::Time => trimmed.starts_with(|first: char| first.is_ascii_digit()),
        Family::Array(_) => false,
        Family::Text | Family::Bytes | Family::Interval | Family::Native(_) => true,
    };
    (!fits).then(|| format!("{text:?} is not {family}"))
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
    None
}

/// Why the text is too long for the type; `None` where it is not.
pub(super) fn length(text: &str, ty: &Type) -> Option<String> {
    let room = ty.length()? as usize;
    let letters = text.chars().count();
    (letters > room).then(|| format!("{text:?} has {letters} characters, and the type is `{ty}`"))
}
