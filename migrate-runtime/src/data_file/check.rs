//! Whether a text is a value of its column, as far as that can be said without the database.

use migrate_history::{DataColumn, DataFile, DataValues};

use super::error::{DataFileError, FilePlace};

/// The value of a column as text; `None` is null.
pub(crate) type Cell = Option<String>;

/// The value, if it is one of the column.
pub(super) fn checked((file, place): (&DataFile, FilePlace), column: &DataColumn, value: Cell) -> Result<Cell, DataFileError> {
    let wrong = match &value {
        None if column.nullable => None,
        None => Some("the value is missing".to_owned()),
        Some(text) if text.contains('\0') => Some("a text cannot have a NUL character".to_owned()),
        Some(text) => mistake(column.values, text),
    };
    match wrong {
        Some(what) => Err(DataFileError::new(file, place, what).of_column(column.name)),
        None => Ok(value),
    }
}

/// Why the text is no such value.
fn mistake(values: DataValues, text: &str) -> Option<String> {
    let unless = |fits: bool, what: &str| (!fits).then(|| format!("`{}` {what}", shortened(text)));
    match values {
        DataValues::Boolean => unless(matches!(text, "true" | "false"), "is neither `true` nor `false`"),
        DataValues::Integer { low, high } => match text.parse::<i128>() {
            Ok(number) => {
                unless((i128::from(low)..=i128::from(high)).contains(&number), &format!("is not between {low} and {high}"))
            }
            Err(_) => unless(false, "is not an integer"),
        },
        DataValues::Number => unless(is_number(text), "is not a number"),
        DataValues::Text { most } => {
            let fits = most.is_none_or(|most| text.chars().count() <= most as usize);
            unless(fits, &format!("has more than {} characters", most.unwrap_or_default()))
        }
        DataValues::OneOf(list) => {
            let listed: Vec<String> = list.iter().map(|value| format!("`{value}`")).collect();
            unless(list.contains(&text), &format!("is none of {}", listed.join(", ")))
        }
        DataValues::Json => unless(serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok(), "is not a JSON document"),
        DataValues::Uuid => {
            let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
            unless(digits == 32 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()), "is not a uuid")
        }
        DataValues::Unchecked => None,
    }
}

/// Digits with at most one point and an exponent, as both databases read them.
fn is_number(text: &str) -> bool {
    let is_of_digits = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    is_of_digits && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// The beginning of a value: a message is no place for all of it.
fn shortened(text: &str) -> String {
    let start: String = text.chars().take(40).collect();
    if start.len() < text.len() { format!("{start}…") } else { start }
}
