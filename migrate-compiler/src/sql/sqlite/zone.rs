//! `at time zone` on SQLite, which knows no zones: UTC, and offsets that are always the same.

use crate::sql::sqlite::moment;
use crate::types::Type;

/// How many minutes the zone is ahead of UTC; `None` for one that is not always the same, or is none.
///
/// In the name of a zone, as in POSIX, a positive offset is west of Greenwich: `"+02:00"` is two hours earlier than UTC (PostgreSQL
/// manual, appendix B.5).
pub(super) fn minutes(zone: &str) -> Option<i32> {
    const UTC: [&str; 6] = ["utc", "gmt", "etc/utc", "etc/gmt", "z", "zulu"];
    if UTC.contains(&zone.to_ascii_lowercase().as_str()) {
        return Some(0);
    }
    let (west, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "00"));
    let two =
        |text: &str| text.parse::<i32>().ok().filter(|_| text.len() == 2 && text.bytes().all(|digit| digit.is_ascii_digit()));
    let (hours, minutes) = (two(hours).filter(|hours| *hours < 16)?, two(minutes).filter(|minutes| *minutes < 60)?);
    Some(-west * (60 * hours + minutes))
}

/// A point in time as the clock of the zone shows it, or a moment on that clock as the point in time that it is.
pub(super) fn at(value: &str, from: &Type, minutes: i32) -> Option<String> {
    let ahead = if *from == Type::Timestamptz { minutes } else { -minutes };
    matches!(from, Type::Timestamp | Type::Timestamptz).then(|| moment::shifted(value, from, ahead))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_those_of_posix() {
        let zones = [("UTC", Some(0)), ("gmt", Some(0)), ("+02", Some(-120)), ("-05:30", Some(330)), ("Europe/Berlin", None)];
        for (zone, ahead) in zones {
            assert_eq!(minutes(zone), ahead, "{zone}");
        }
        for zone in ["", "+", "+2", "+1:00", "+16", "+01:60", "UTC+1", "ä"] {
            assert_eq!(minutes(zone), None, "{zone}");
        }
    }
}
