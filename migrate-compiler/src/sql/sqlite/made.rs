//! A value in another type.

use crate::sql::quote;
use crate::types::{Family, Type};

/// A value in another type, and the condition without which there is none.
pub(super) struct Made {
    /// When the value can be made; always when absent.
    pub condition: Option<String>,
    /// The value.
    pub value: String,
}

impl Made {
    pub fn always(value: String) -> Made {
        Made { condition: None, value }
    }

    pub fn where_true(condition: String, value: String) -> Made {
        Made { condition: Some(condition), value }
    }

    /// The value where the condition holds; else the statement stops, as PostgreSQL's would, and nothing becomes null in silence.
    pub(super) fn checked(self, value: &str, to: &Type) -> String {
        let Made { condition, value: made } = self;
        let Some(condition) = condition else { return made };
        // A path that does not begin with `$` is an error that shows it, and a path that is null is null.
        let what = quote::text(&format!("not a value of {to}: "));
        format!("coalesce(CASE WHEN {condition} THEN {made} END, json_extract('{{}}', {what} || {value}))")
    }
}

/// A text in which a value can be spelled, or a type of SQLite's own, of which nothing is known.
pub(super) fn is_text(ty: &Type) -> bool {
    matches!(ty.family(), Family::Text | Family::Json | Family::Enum(_) | Family::Native(_))
}
