//! Text literals, in the form of the type that they take from the other operand.

use crate::literal::moment::{self, Moment};
use crate::literal::{Reading, boolean, bytes, is_beyond};
use crate::problem::Role;
use crate::sql::sqlite::cast;
use crate::sql::{Sql, Unsupported, quote};
use crate::types::{Family, Type};

/// The literal as a value of the type.
pub(super) fn text(text: &str, ty: &Type) -> Sql {
    if matches!(moment::moment(text, ty, Reading::Value), Ok(Moment::Infinite)) && ty.family() == Family::Moment {
        let what = format!("{text:?} is not supported on SQLite");
        return Err(Unsupported::new(Role::Literal, format!("{text:?}"), what).help("write a date such as \"9999-12-31\""));
    }
    if is_beyond(text.trim()) && ty.family() == Family::Number {
        let what = format!("{text:?} is not supported on SQLite");
        return Err(Unsupported::new(Role::Literal, format!("{text:?}"), what).help("write a number, or allow null"));
    }
    match constant(text, ty) {
        Some(constant) => Ok(constant),
        None => cast::cast(&quote::text(text), None, ty),
    }
}

/// The literal as one value; `None` where SQLite must work it out.
pub(super) fn constant(text: &str, ty: &Type) -> Option<String> {
    match ty {
        Type::Boolean => boolean(text.trim()).map(|value| if value { "TRUE" } else { "FALSE" }.to_owned()),
        Type::Uuid => Some(format!("X'{}'", text.trim().replace('-', "").to_lowercase())),
        Type::Date | Type::Timestamp | Type::Timestamptz => match moment::moment(text, ty, Reading::Value) {
            Ok(Moment::At(stamp)) => Some(quote::text(&stamp.written(ty))),
            Ok(Moment::Infinite) | Err(_) => None,
        },
        Type::Time => moment::time(text, Reading::Value).ok().map(|time| quote::text(&time)),
        Type::Bytes => bytes::bytes(text).ok().map(|bytes| quote::bytes(&bytes)),
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Decimal { .. } => {
            let number = text.trim();
            Some(quote::text(number.strip_prefix('+').unwrap_or(number)))
        }
        Type::Char(_) => Some(quote::text(text.trim_end_matches(' '))),
        Type::Text | Type::Varchar(_) | Type::Json | Type::Enum(_) => Some(quote::text(text)),
        Type::Interval | Type::Array(_) | Type::Native(_) => Some(quote::text(text)),
    }
}

/// The pattern of a `like` as that of a `GLOB`, in which a character in brackets matches only itself.
pub(super) fn glob(pattern: &str) -> String {
    let mut glob = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '%' => glob.push('*'),
            '_' => glob.push('?'),
            '\\' => glob.extend(letters.next().map(itself)),
            letter => glob += &itself(letter),
        }
    }
    glob
}

fn itself(letter: char) -> String {
    if ['*', '?', '['].contains(&letter) { format!("[{letter}]") } else { letter.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_means_the_same_to_glob() {
        assert_eq!(glob("a%_b"), "a*?b");
        assert_eq!(glob(r"100\%[*]?"), "100%[[][*]][?]");
    }

    #[test]
    fn literals_take_the_form_in_which_the_type_is_kept() {
        let constant = |text, ty| constant(text, &ty);
        assert_eq!(
            constant("00112233-4455-6677-8899-AABBCCDDEEFF", Type::Uuid).as_deref(),
            Some("X'00112233445566778899aabbccddeeff'")
        );
        assert_eq!(constant("2024-05-01", Type::Timestamptz).as_deref(), Some("'2024-05-01T00:00:00+00:00'"));
        assert_eq!(constant("2024-05-01T10:00:00.5Z", Type::Timestamp).as_deref(), Some("'2024-05-01 10:00:00.5'"));
        assert_eq!(constant("2024-05-01T10:00+02:00", Type::Timestamptz).as_deref(), Some("'2024-05-01T08:00:00+00:00'"));
        assert_eq!(constant("epoch", Type::Date).as_deref(), Some("'1970-01-01'"));
        assert_eq!(constant("10:30", Type::Time).as_deref(), Some("'10:30:00'"));
        assert_eq!(constant("\\\\x00", Type::Bytes).as_deref(), Some("X'5c783030'"));
        assert_eq!(constant("True", Type::Boolean).as_deref(), Some("TRUE"));
    }
}
