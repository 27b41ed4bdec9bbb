//! Lengths of time: `90 days`, `1 year 2 months`, `3 days 04:05:06`.

use crate::literal::reading::SPACE;

/// The parts in which PostgreSQL keeps an interval, and how much one of a unit is of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Months,
    Days,
    Microseconds,
}

/// The units of PostgreSQL (`datetime.c`, `deltatktbl`), each with its names.
const UNITS: &[(&[&str], Field, i64)] = &[
    (&["microsecond", "microseconds", "us", "usec", "usecs", "usecond", "useconds", "microsecon"], Field::Microseconds, 1),
    (&["millisecond", "milliseconds", "ms", "msec", "msecs", "msecond", "mseconds"], Field::Microseconds, 1_000),
    (&["second", "seconds", "s", "sec", "secs"], Field::Microseconds, 1_000_000),
    (&["minute", "minutes", "m", "min", "mins"], Field::Microseconds, 60_000_000),
    (&["hour", "hours", "h", "hr", "hrs"], Field::Microseconds, 3_600_000_000),
    (&["day", "days", "d"], Field::Days, 1),
    (&["week", "weeks", "w"], Field::Days, 7),
    (&["month", "months", "mon", "mons"], Field::Months, 1),
    (&["year", "years", "y", "yr", "yrs"], Field::Months, 12),
    (&["decade", "decades", "dec", "decs"], Field::Months, 120),
    (&["century", "centuries", "c", "cent"], Field::Months, 1_200),
    (&["millennium", "millennia", "mil", "mils"], Field::Months, 12_000),
];

/// What an interval has no more of than its integers hold: months, days, microseconds.
#[derive(Default)]
struct Sum {
    months: f64,
    days: f64,
    microseconds: f64,
}

/// Reads an interval.
///
/// # Errors
/// Why it is none.
pub(super) fn interval(text: &str) -> Result<(), String> {
    let form = || "write it as \"90 days\" or \"1 day 04:05:06\"".to_owned();
    let lower = text.to_ascii_lowercase();
    let mut words = lower.split(SPACE).filter(|word| !word.is_empty()).flat_map(apart).peekable();
    let (mut sum, mut known) = (Sum::default(), Vec::new());
    words.peek().ok_or_else(form)?;
    while let Some(word) = words.next() {
        if word == "ago" && words.peek().is_none() && !known.is_empty() {
            break;
        }
        let (name, part, amount) = if word.contains(':') {
            ("hour", Field::Microseconds, clock(word).ok_or_else(form)?)
        } else {
            let amount = amount(word).ok_or_else(form)?;
            let unit = words.next().ok_or_else(form)?;
            let (names, part, of) =
                UNITS.iter().find(|(names, ..)| names.contains(&unit)).ok_or_else(|| format!("unknown unit of time {unit:?}"))?;
            #[expect(clippy::cast_precision_loss, reason = "a length of time near the largest one is refused either way")]
            let amount = amount * *of as f64;
            (names.first().copied().unwrap_or_default(), *part, amount)
        };
        if known.contains(&name) {
            return Err(format!("it has `{name}` twice"));
        }
        known.push(name);
        match part {
            Field::Months => sum.months += amount,
            Field::Days => sum.days += amount,
            Field::Microseconds => sum.microseconds += amount,
        }
    }
    let fits = sum.months.abs() < 2_147_483_647.0 && sum.days.abs() < 2_147_483_647.0 && sum.microseconds.abs() < 9.2e18;
    if fits { Ok(()) } else { Err("it is longer than the longest interval".to_owned()) }
}

/// A number and its unit written as one word.
fn apart(word: &str) -> Vec<&str> {
    let end = word.find(|letter: char| letter.is_ascii_alphabetic()).filter(|end| *end > 0);
    end.map_or_else(|| vec![word], |end| vec![&word[..end], &word[end..]])
}

/// `-1`, `1.5`
fn amount(word: &str) -> Option<f64> {
    let digits = word.strip_prefix(['+', '-']).unwrap_or(word);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |digits: &str| !digits.is_empty() && digits.len() <= 10 && digits.bytes().all(|digit| digit.is_ascii_digit());
    (all(whole) && all(fraction)).then(|| word.parse().ok()).flatten()
}

/// `04:05`, `04:05:06.5`, as microseconds.
fn clock(word: &str) -> Option<f64> {
    let (sign, digits) = match word.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, word.strip_prefix('+').unwrap_or(word)),
    };
    let parts: Vec<f64> = digits.split(':').map(amount).collect::<Option<_>>()?;
    let is_whole = |part: &f64| part.fract() == 0.0;
    let (hours, minutes, seconds) = match *parts.as_slice() {
        [hours, minutes] if is_whole(&minutes) => (hours, minutes, 0.0),
        [hours, minutes, seconds] if is_whole(&minutes) => (hours, minutes, seconds),
        _ => return None,
    };
    (is_whole(&hours) && minutes < 60.0 && seconds < 60.0).then_some(sign * ((hours * 60.0 + minutes) * 60.0 + seconds) * 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_read_as_postgresql_reads_them() {
        for good in [
            "90 days",
            "1 day",
            "-1 day",
            "1.5 hours",
            "1 year 2 mons",
            "04:05",
            "3 days 04:05:06.5",
            "1h",
            "2 weeks ago",
            " 1 Day ",
        ] {
            assert_eq!(interval(good), Ok(()), "{good}");
        }
        for wrong in [
            "",
            "1",
            "days",
            "1 dayz",
            "1 quarter",
            "1 day 2 days",
            "99999999999 days",
            "200000000 years",
            "1:60",
            "ago",
            "1 day ago 2",
        ] {
            assert!(interval(wrong).is_err(), "{wrong}");
        }
    }
}
