//! Dates, times of day and points in time: the form of ISO 8601, which every database reads.

use crate::literal::reading::{Reading, SPACE};
use crate::types::Type;

/// A text that is a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A day, and a time of it.
    At(Stamp),
    /// `infinity`, `-infinity`: later or earlier than all others, on PostgreSQL.
    Infinite,
}

/// A day and a time of day, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Days since 1970-01-01.
    day: i64,
    clock: Clock,
    /// Minutes ahead of UTC.
    zone: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Default)]
struct Clock {
    /// Seconds since midnight.
    seconds: i64,
    /// The digits of a second, with their point.
    fraction: String,
}

const DAY: i64 = 24 * 60 * 60;

impl Stamp {
    /// The form in which sqlx keeps a value of the type on SQLite.
    pub(crate) fn written(&self, ty: &Type) -> String {
        let shift = if *ty == Type::Timestamptz { self.zone.unwrap_or(0) * 60 } else { 0 };
        let seconds = self.day * DAY + self.clock.seconds - shift;
        let day = date_of(seconds.div_euclid(DAY));
        let time = Clock { seconds: seconds.rem_euclid(DAY), fraction: self.clock.fraction.clone() }.written();
        if *ty == Type::Date {
            return day;
        }
        if *ty == Type::Timestamptz { format!("{day}T{time}+00:00") } else { format!("{day} {time}") }
    }
}

impl Clock {
    fn written(&self) -> String {
        let (hours, minutes, seconds) = (self.seconds / 3600, self.seconds / 60 % 60, self.seconds % 60);
        format!("{hours:02}:{minutes:02}:{seconds:02}{}", self.fraction)
    }
}

/// The moment that the text writes: `2024-02-29`, and perhaps a time of day after a space or a `T`, and a zone.
///
/// # Errors
/// Why it writes none of the type.
pub(crate) fn moment(text: &str, ty: &Type, reading: Reading) -> Result<Moment, String> {
    let text = text.trim_matches(SPACE);
    match text.to_ascii_lowercase().as_str() {
        "infinity" | "-infinity" => return Ok(Moment::Infinite),
        "epoch" => return Ok(Moment::At(Stamp { day: 0, clock: Clock::default(), zone: Some(0) })),
        "now" | "today" | "tomorrow" | "yesterday" => {
            let instead = if *ty == Type::Date { "current_date" } else { "now()" };
            return Err(format!("it would be evaluated once; write `{instead}`"));
        }
        _ => {}
    }
    let (date, rest) = text.split_once([' ', 'T', 't']).map_or((text, None), |(date, rest)| (date, Some(rest)));
    let day = day(date)?;
    let (clock, zone) = rest.map_or(Ok((Clock::default(), None)), clock_and_zone)?;
    let stamp = Stamp { day, clock, zone };
    match (ty, reading) {
        (Type::Date, Reading::Value) if rest.is_some() => Err("a date has no time of day".to_owned()),
        (Type::Timestamp, Reading::Value) if zone.is_some_and(|zone| zone != 0) => {
            Err("a `timestamp` has no time zone, and a `timestamptz` has".to_owned())
        }
        _ if (4..5).contains(&stamp.written(ty).find('-').unwrap_or(0)) && !stamp.written(ty).starts_with("0000") => {
            Ok(Moment::At(stamp))
        }
        _ => Err("its year in UTC is not within 0001 to 9999".to_owned()),
    }
}

/// The time of day that the text writes, in the form in which sqlx keeps it on SQLite.
///
/// # Errors
/// Why it writes none.
pub(crate) fn time(text: &str, reading: Reading) -> Result<String, String> {
    let (clock, zone) = clock_and_zone(text.trim_matches(SPACE))?;
    match (zone, reading) {
        (Some(_), Reading::Value) => Err("a `time` has no time zone".to_owned()),
        (None, _) | (Some(_), Reading::Cast) => Ok(clock.written()),
    }
}

fn day(date: &str) -> Result<i64, String> {
    let form = || "write it as 2026-11-22".to_owned();
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return Err(form()) };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else { return Err(form()) };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return Err(format!("month {month} is out of range")),
    };
    if year == 0 {
        return Err("year 0 is out of range".to_owned());
    }
    if !(1..=days).contains(&day) {
        return Err(format!("the month {year:04}-{month:02} has {days} days"));
    }
    Ok(days_of(year, month, day))
}

/// `12:30`, `12:30:59.5`, and perhaps a zone after it.
fn clock_and_zone(text: &str) -> Result<(Clock, Option<i64>), String> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != ':' && letter != '.').unwrap_or(text.len());
    let (clock, zone) = text.split_at(end);
    Ok((self::clock(clock)?, zone_of(zone.trim_start_matches(' '))?))
}

fn clock(text: &str) -> Result<Clock, String> {
    let form = || "write its time as 09:30:00".to_owned();
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (text, String::new()),
    };
    let parts: Vec<i64> = whole.split(':').map(|part| digits(part, 2)).collect::<Option<_>>().ok_or_else(form)?;
    let (hour, minute, second) = match *parts.as_slice() {
        [hour, minute] if fraction.is_empty() => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return Err(form()),
    };
    if fraction == "." || fraction.len() > 7 || !fraction.bytes().skip(1).all(|digit| digit.is_ascii_digit()) {
        return Err("a second has one to six digits after its point".to_owned());
    }
    for (what, number, most) in [("hour", hour, 23), ("minute", minute, 59), ("second", second, 59)] {
        if number > most {
            return Err(format!("{what} {number} is out of range"));
        }
    }
    Ok(Clock { seconds: hour * 3600 + minute * 60 + second, fraction })
}

/// `Z`, `+02`, `+02:00` and `+0200`; PostgreSQL knows no offset of 16 hours (`MAX_TZDISP_HOUR`).
fn zone_of(text: &str) -> Result<Option<i64>, String> {
    let wrong = || format!("{text:?} is not a time zone such as Z or +02:00");
    let sign = match text.chars().next() {
        None => return Ok(None),
        Some('z' | 'Z') if text.len() == 1 => return Ok(Some(0)),
        Some('+') => 1,
        Some('-') => -1,
        Some(_) => return Err(wrong()),
    };
    let (hours, minutes) = match text.get(1..).unwrap_or_default().split_at_checked(2) {
        Some((hours, "")) => (hours, "00"),
        Some((hours, minutes)) => (hours, minutes.strip_prefix(':').unwrap_or(minutes)),
        None => return Err(wrong()),
    };
    let (Some(hours), Some(minutes)) = (digits(hours, 2), digits(minutes, 2)) else { return Err(wrong()) };
    if hours > 15 || minutes > 59 {
        return Err(wrong());
    }
    Ok(Some(sign * (hours * 60 + minutes)))
}

fn digits(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|digit| digit.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`).
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The reverse of [`days_of`], as `2026-11-22` (`civil_from_days`).
fn date_of(days: i64) -> String {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (month, day) = ((shifted + 2) % 12 + 1, of_year - (153 * shifted + 2) / 5 + 1);
    let year = era * 400 + year + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, ty: &Type) -> Option<String> {
        match moment(text, ty, Reading::Value) {
            Ok(Moment::At(stamp)) => Some(stamp.written(ty)),
            Ok(Moment::Infinite) | Err(_) => None,
        }
    }

    #[test]
    fn a_point_in_time_is_kept_in_utc() {
        let of = |text| written(text, &Type::Timestamptz).unwrap();
        assert_eq!(of("2024-05-01"), "2024-05-01T00:00:00+00:00");
        assert_eq!(of("2024-03-01 01:30:00.25+02:00"), "2024-02-29T23:30:00.25+00:00");
        assert_eq!(of("1969-12-31T23:00-0130"), "1970-01-01T00:30:00+00:00");
        assert_eq!(of("epoch"), "1970-01-01T00:00:00+00:00");
        assert_eq!(written("2024-05-01T10:30Z", &Type::Timestamp).unwrap(), "2024-05-01 10:30:00");
    }

    #[test]
    fn every_day_is_the_day_of_its_number() {
        for number in [-719_162, -1, 0, 59, 60, 11_016, 19_782, 2_932_896] {
            assert_eq!(day(&date_of(number)), Ok(number), "{number}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for wrong in [
            "",
            "2024",
            "2024-02-30",
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-01-00",
            "0000-01-01",
            "10000-01-01",
            "24-01-01",
            "2024-1-1",
            "2024-01-01 24:00:00",
            "2024-01-01 10:60",
            "2024-01-01 10:00:60",
            "2024-01-01 10",
            "2024-01-01 10:00:00.",
            "2024-01-01 10:00:00.1234567",
            "2024-01-01 10:00+16",
            "2024-01-01 10:00+1",
            "2024-01-01 10:00 CET",
            "2024-01-01 10:00+01:60",
            "0001-01-01 00:00+01:00",
            "9999-12-31 23:59-01:00",
            "now",
            "today",
        ] {
            assert_eq!(written(wrong, &Type::Timestamptz), None, "{wrong}");
        }
        assert_eq!(written("2024-01-01 10:00", &Type::Date), None);
        assert_eq!(written("2024-01-01 10:00+01", &Type::Timestamp), None);
        for wrong in ["24:00", "9:30", "10", "10:00+02", "10:00:60", ":", "10:00:00:00"] {
            assert!(time(wrong, Reading::Value).is_err(), "{wrong}");
        }
    }
}
