//! Whether a literal can be a value of a type: what is accepted here, every database takes and reads back as the same value.
//!
//! A text is read as strictly as the stricter of the databases reads it, since SQLite keeps what it is given.

pub mod bytes;
mod interval;
mod json;
pub mod moment;
mod number;
mod reading;

use crate::types::{Family, Type};

use reading::SPACE;

pub(crate) use number::{Sign, is_beyond, number, of_any_type};
pub use reading::Reading;

/// Why the text cannot be a value of the type; `None` where it can, or where only the database knows.
pub(crate) fn text(text: &str, ty: &Type, reading: Reading) -> Option<String> {
    let trimmed = text.trim_matches(SPACE);
    let plain = |fits: bool| (!fits).then(String::new);
    let why = match ty {
        Type::Boolean => plain(boolean(trimmed).is_some()),
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Decimal { .. } => {
            return number::text(text, ty);
        }
        Type::Uuid => plain(is_uuid(text)),
        Type::Json => json::json(text).err(),
        Type::Date | Type::Timestamp | Type::Timestamptz => moment::moment(text, ty, reading).err(),
        Type::Time => moment::time(text, reading).err(),
        Type::Bytes => bytes::bytes(text).err(),
        Type::Interval => interval::interval(text).err(),
        Type::Enum(of) => plain(of.values.is_empty() || of.values.iter().any(|value| value == text)),
        Type::Array(_) => plain(false),
        Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Native(_) => None,
    }?;
    let is_stamp = matches!(ty, Type::Timestamp | Type::Timestamptz);
    let precise = if is_stamp { Some("a timestamp") } else { (*ty == Type::Date).then_some("a date") };
    let what = precise.map_or_else(|| ty.family().to_string(), str::to_owned);
    Some(if why.is_empty() { format!("{text:?} is not {what}") } else { format!("{text:?} is not {what}: {why}") })
}

/// The type by which a literal that is used with a value of the family is read, where no more is known of that.
pub(crate) fn representative(family: &Family) -> Option<Type> {
    match family {
        Family::Boolean => Some(Type::Boolean),
        Family::Number => Some(Type::Decimal { precision: None, scale: None }),
        Family::Text => Some(Type::Text),
        Family::Bytes => Some(Type::Bytes),
        Family::Uuid => Some(Type::Uuid),
        Family::Moment => Some(Type::Timestamptz),
        Family::Time => Some(Type::Time),
        Family::Interval => Some(Type::Interval),
        Family::Json => Some(Type::Json),
        Family::Array(of) => representative(of).map(|of| Type::Array(Box::new(of))),
        Family::Enum(of) => Some(Type::Enum(of.clone())),
        Family::Native(_) => None,
    }
}

/// The words of PostgreSQL for the two truths, and what they begin with (`bool.c`, `parse_bool_with_len`).
pub(crate) fn boolean(text: &str) -> Option<bool> {
    let word = text.to_ascii_lowercase();
    let begins = |whole: &str, least: usize| word.len() >= least && whole.starts_with(&word);
    if begins("true", 1) || begins("yes", 1) || word == "on" || word == "1" {
        Some(true)
    } else if begins("false", 1) || begins("no", 1) || begins("off", 2) || word == "0" {
        Some(false)
    } else {
        None
    }
}

/// 32 hexadecimal digits, with hyphens where they are in the form of RFC 9562, or without any.
fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let digits = text.bytes().all(|digit| digit == b'-' || digit.is_ascii_hexdigit());
    digits && (lengths == [8, 4, 4, 4, 12] || lengths == [32])
}

/// Why the text is too long for the type; `None` where it is not.
pub(crate) fn length(text: &str, ty: &Type) -> Option<String> {
    let room = ty.length()? as usize;
    let letters = text.chars().count();
    (letters > room).then(|| format!("{text:?} has {letters} characters, and the type is `{ty}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_truth_are_those_of_postgresql() {
        for word in ["true", "T", "tru", "yes", "y", "on", "1"] {
            assert_eq!(boolean(word), Some(true), "{word}");
        }
        for word in ["false", "f", "no", "N", "off", "of", "0"] {
            assert_eq!(boolean(word), Some(false), "{word}");
        }
        for word in ["", "o", "truth", "2", "yess"] {
            assert_eq!(boolean(word), None, "{word}");
        }
    }

    #[test]
    fn a_uuid_has_32_digits() {
        assert!(is_uuid("00112233-4455-6677-8899-AABBCCDDEEFF") && is_uuid("00112233445566778899aabbccddeeff"));
        for wrong in ["", "00112233", " 00112233445566778899aabbccddeeff", "0011223344556677-8899aabbccddeeff", "{}"] {
            assert!(!is_uuid(wrong), "{wrong}");
        }
    }
}
