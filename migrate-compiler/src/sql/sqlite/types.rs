//! What each type is declared as on SQLite, so that sqlx decodes it into the natural Rust type.
//!
//! SQLite keeps the declared name and derives an affinity of it (manual, "Datatypes In SQLite", section 3.1); sqlx reads the name
//! (sqlx-sqlite 0.9, `type_info.rs`).

use migrate_history::Database;

use crate::problem::Role;
use crate::sql::{Sql, Unsupported};
use crate::types::Type;

/// How many decimal digits a number of SQLite keeps for certain: it is an IEEE 754 double.
const DIGITS: u16 = 15;

/// The declared type.
pub(super) fn name(ty: &Type) -> Sql {
    let unsupported = |what: String, help: &str| Err(Unsupported::new(Role::Type, ty.to_string(), what).help(help));
    Ok(match ty {
        Type::Boolean => "BOOLEAN",
        Type::SmallInt | Type::Integer => "INTEGER",
        Type::BigInt => "BIGINT",
        Type::Real | Type::Double => "REAL",
        Type::Decimal { precision: Some(precision), .. } if *precision <= DIGITS => "REAL",
        Type::Decimal { .. } => {
            let what = format!("`{ty}` is not supported on SQLite, whose numbers keep {DIGITS} digits");
            return unsupported(what, "write `decimal(15, 2)` or less, or count in the smallest unit with `bigint`");
        }
        Type::Text | Type::Varchar(None) | Type::Json | Type::Enum(_) => "TEXT",
        Type::Varchar(Some(length)) => return Ok(format!("VARCHAR({length})")),
        Type::Char(length) => return Ok(format!("CHAR({length})")),
        Type::Bytes | Type::Uuid => "BLOB",
        Type::Date => "DATE",
        Type::Time => "TIME",
        Type::Timestamp | Type::Timestamptz => "DATETIME",
        Type::Interval => {
            return unsupported("intervals are not supported on SQLite".to_owned(), "count in seconds with `bigint`");
        }
        Type::Array(_) => {
            return unsupported("arrays are not supported on SQLite".to_owned(), "write `json`, or a table of its own");
        }
        Type::Native(native) => match native.database {
            Database::Sqlite => return Ok(native.name.clone()),
            Database::Postgres => {
                let what = format!("`{native}` is not supported on SQLite");
                return unsupported(what, "use a portable type");
            }
        },
    }
    .to_owned())
}
