//! Numbers.

use crate::literal::reading::SPACE;
use crate::types::Type;

/// Digits before and after the point that the numbers of PostgreSQL have at most (manual, "Numeric Types").
const MOST: (i64, i64) = (131_072, 16_383);

/// A number in its parts: the digits without the zeros at both ends, and the place of the point after the first digit.
struct NumberParts {
    digits: String,
    /// How many digits are before the point; less than zero where zeros follow the point.
    before: i64,
}

impl NumberParts {
    /// `None` for what is no decimal number.
    fn of(text: &str) -> Option<NumberParts> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i64>().ok().filter(|size| size.abs() < 1_000_000)?),
            None => (text, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{fraction}");
        (!digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())).then_some(())?;
        let shown = digits.trim_start_matches('0');
        let zeros = digits.len() - shown.len();
        let before = i64::try_from(whole.len()).ok()? - i64::try_from(zeros).ok()? + exponent;
        let digits = shown.trim_end_matches('0').to_owned();
        let before = if digits.is_empty() { 0 } else { before };
        Some(NumberParts { digits, before })
    }

    fn after(&self) -> i64 {
        (i64::try_from(self.digits.len()).unwrap_or(i64::MAX) - self.before).max(0)
    }

    /// The number, where it is whole and not too large for any integer.
    fn whole(&self) -> Option<i128> {
        let zeros = usize::try_from(self.before.max(0)).ok().filter(|before| *before < 30 && self.after() == 0)?;
        let zeros = zeros.checked_sub(self.digits.len())?;
        format!("0{}{}", self.digits, "0".repeat(zeros)).parse().ok()
    }
}

/// What is before the digits of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Plus,
    Minus,
}

/// Why the number cannot be a value of the type; `None` where it can.
pub(crate) fn number(sign: Sign, digits: &str, ty: &Type) -> Option<String> {
    let shown = match sign {
        Sign::Plus => digits.to_owned(),
        Sign::Minus => format!("-{digits}"),
    };
    let Some(parts) = NumberParts::of(&digits.replace('_', "")) else { return Some(format!("{shown} is not a number")) };
    if let Some((low, high)) = ty.integer_range() {
        if parts.after() > 0 {
            return Some(format!("{shown} is not a whole number, and the type is `{ty}`"));
        }
        let value = parts.whole().map(|value| match sign {
            Sign::Plus => value,
            Sign::Minus => -value,
        });
        let fits = value.is_some_and(|value| i128::from(low) <= value && value <= i128::from(high));
        return (!fits).then(|| format!("{shown} does not fit into `{ty}`, which holds {low} to {high}"));
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is no type of numbers takes none, and that is said elsewhere")]
    match ty {
        Type::Decimal { precision: Some(precision), scale } => decimal(&parts, &shown, ty, *precision, scale.unwrap_or(0)),
        Type::Decimal { precision: None, .. } => too_long(&parts, &shown),
        Type::Real => floating(digits, &shown, ty, |text| text.parse::<f32>().ok().map(f64::from)),
        Type::Double => floating(digits, &shown, ty, |text| text.parse().ok()),
        _ => None,
    }
}

fn decimal(parts: &NumberParts, shown: &str, ty: &Type, precision: u16, scale: u16) -> Option<String> {
    let room = precision.saturating_sub(scale);
    if parts.before > i64::from(room) {
        return Some(format!("{shown} does not fit into `{ty}`: at most {} before the point", count(i64::from(room))));
    }
    let after = parts.after();
    (after > i64::from(scale)).then(|| format!("{shown} has {} after the point, and `{ty}` allows at most {scale}", count(after)))
}

fn count(digits: i64) -> String {
    if digits == 1 { "1 digit".to_owned() } else { format!("{digits} digits") }
}

/// What is no number of the type, though it is one: it would be infinite, or zero.
fn floating(digits: &str, shown: &str, ty: &Type, parse: fn(&str) -> Option<f64>) -> Option<String> {
    let text = digits.replace('_', "");
    let is_zero = text.split(['e', 'E']).next().unwrap_or_default().bytes().all(|digit| matches!(digit, b'0' | b'.'));
    let fits = parse(&text).is_some_and(|value| value.is_finite() && (value != 0.0 || is_zero));
    (!fits).then(|| format!("{shown} is out of range for `{ty}`"))
}

/// Why no database takes the number, whatever its type.
pub(crate) fn of_any_type(digits: &str) -> Option<String> {
    match NumberParts::of(&digits.replace('_', "")) {
        Some(parts) => too_long(&parts, digits),
        None => Some(format!("{digits} is out of range")),
    }
}

fn too_long(parts: &NumberParts, shown: &str) -> Option<String> {
    let (before, after) = MOST;
    (parts.before > before || parts.after() > after)
        .then(|| format!("{shown} has more than {before} digits before the point, or {after} after it"))
}

/// Why the text cannot be a number of the type.
pub(super) fn text(text: &str, ty: &Type) -> Option<String> {
    let trimmed = text.trim_matches(SPACE);
    if is_beyond(trimmed) {
        let takes = matches!(ty, Type::Real | Type::Double | Type::Decimal { precision: None, .. });
        let takes = takes || trimmed.eq_ignore_ascii_case("nan") && matches!(ty, Type::Decimal { .. });
        return (!takes).then(|| format!("{text:?} is not a value of `{ty}`"));
    }
    let (sign, digits) = match trimmed.strip_prefix('-') {
        Some(digits) => (Sign::Minus, digits),
        None => (Sign::Plus, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    // PostgreSQL reads no exponent in a text that is to be an integer, and before version 16 no underscore.
    let foreign = digits.contains('_') || ty.is_integer() && digits.contains(['e', 'E', '.']);
    if foreign || NumberParts::of(digits).is_none() {
        return Some(format!("{text:?} is not a number"));
    }
    number(sign, digits, ty)
}

/// `NaN`, `Infinity`, `-Infinity`: PostgreSQL's numbers that are none of SQLite.
pub(crate) fn is_beyond(text: &str) -> bool {
    ["nan", "infinity", "+infinity", "-infinity", "inf", "+inf", "-inf"].contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(precision: u16, scale: u16) -> Type {
        Type::Decimal { precision: Some(precision), scale: Some(scale) }
    }

    #[test]
    fn numbers_fit_or_are_refused() {
        let fits = |text: &str, ty: Type| assert_eq!(super::text(text, &ty), None, "{text} in {ty}");
        let refused = |text: &str, ty: Type| assert!(super::text(text, &ty).is_some(), "{text} in {ty}");
        fits("32767", Type::SmallInt);
        fits("-32768", Type::SmallInt);
        refused("32768", Type::SmallInt);
        fits("-9223372036854775808", Type::BigInt);
        refused("9223372036854775808", Type::BigInt);
        refused("99999999999999999999999999999999999999999999", Type::BigInt);
        fits(" +12.50 ", of(4, 2));
        fits("0.0", of(1, 1));
        fits("1.5e1", of(3, 1));
        refused("12.345", of(5, 2));
        refused("1234", of(5, 2));
        refused("1e3", of(5, 2));
        fits("1e-2", of(5, 2));
        refused("1e-3", of(5, 2));
        refused("1e39", Type::Real);
        refused("1e-400", Type::Double);
        fits("0e-400", Type::Double);
        fits("NaN", Type::Double);
        fits("nan", of(5, 2));
        refused("infinity", of(5, 2));
        refused("inf", Type::Integer);
        for wrong in ["", " ", "1_000", "0x10", "1e", "1e9999999", "--1", "1.2.3"] {
            refused(wrong, Type::Double);
        }
        refused("1e3", Type::Integer);
        assert_eq!(number(Sign::Plus, "1_000", &Type::Integer), None);
        assert_eq!(number(Sign::Plus, "1e3", &Type::Integer), None);
        assert!(number(Sign::Plus, "1.5", &Type::Integer).is_some());
        assert!(of_any_type("1e200000").is_some() && of_any_type("1e-20000").is_some() && of_any_type("12.5").is_none());
    }
}
