//! Text literals, in the form of the type that they take from what stands beside them.

use crate::dialect::sqlite::{cast, moment};
use crate::dialect::{Sql, Unsupported, quote};
use crate::problem::Role;
use crate::types::{Family, Type};

/// The literal as a value of the type.
pub(in crate::dialect) fn text(text: &str, ty: &Type) -> Sql {
    if ty.family() == Family::Moment && text.trim().ends_with("infinity") {
        let what = "SQLite has no date that is later or earlier than all others";
        return Err(Unsupported::new(Role::Literal, format!("{text:?}"), what).help("write a date such as \"9999-12-31\""));
    }
    match constant(text, ty) {
        Some(constant) => Ok(constant),
        None => cast::cast(&quote::text(text), None, ty),
    }
}

/// The literal as one value; `None` where SQLite must work it out.
pub(super) fn constant(text: &str, ty: &Type) -> Option<String> {
    match ty {
        Type::Boolean => Some(if text.trim().eq_ignore_ascii_case("true") { "TRUE" } else { "FALSE" }.to_owned()),
        Type::Uuid => Some(format!("X'{}'", text.trim().replace('-', "").to_lowercase())),
        Type::Timestamp | Type::Timestamptz => moment::literal(text, ty).map(|text| quote::text(&text)),
        Type::Bytes => (!text.contains('\\')).then(|| quote::bytes(text.as_bytes())),
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Decimal { .. } => {
            Some(quote::text(text))
        }
        Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Json | Type::Date | Type::Time => Some(quote::text(text)),
        Type::Interval | Type::Array(_) | Type::Native(_) => Some(quote::text(text)),
    }
}

/// The pattern of a `like` as that of a `GLOB`, in which a letter in brackets stands for itself.
pub(in crate::dialect) fn glob(pattern: &str) -> String {
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
        assert_eq!(constant("2024-05-01T10:00:00+02:00", Type::Timestamptz), None);
        assert_eq!(constant("True", Type::Boolean).as_deref(), Some("TRUE"));
    }
}
