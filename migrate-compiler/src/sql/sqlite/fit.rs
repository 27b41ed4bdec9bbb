//! Which values a conversion of SQLite would change or refuse.

use crate::sql::sqlite::made::Made;
use crate::sql::sqlite::{cast, moment};
use crate::types::{Conversion, Family, Type};

/// When a value is another one after it was made `to` and `from` again; `None` where none is.
pub(super) fn misfit(value: &str, from: &Type, to: &Type) -> Option<String> {
    if from.conversion(to) == Conversion::Widens || matches!((from.family(), to.family()), (Family::Boolean, Family::Number)) {
        return None;
    }
    let Made { condition, value: made } = cast::converted(value, from, to)?;
    let back = cast::converted(&made, to, from)?.value;
    // The parts of a moment may be written in more than one way.
    let value = &if from.family() == Family::Moment { moment::written(value, from)? } else { value.to_owned() };
    let changes = format!("{back} IS NOT {value}");
    match condition {
        Some(condition) if back == *value => Some(format!("NOT ({condition})")),
        Some(condition) => Some(format!("CASE WHEN {condition} THEN {changes} ELSE TRUE END")),
        None => (back != *value).then_some(changes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_fits_where_it_comes_back() {
        let misfit = |from, to| misfit("x", &from, &to);
        assert_eq!(misfit(Type::SmallInt, Type::BigInt), None);
        assert_eq!(misfit(Type::Boolean, Type::Integer), None);
        assert_eq!(misfit(Type::BigInt, Type::SmallInt).as_deref(), Some("NOT (x BETWEEN -32768 AND 32767)"));
        // The digits of a second are part of the moment.
        let day = misfit(Type::Timestamp, Type::Date).unwrap_or_default();
        assert!(day.contains("|| substr("), "{day}");
    }
}
