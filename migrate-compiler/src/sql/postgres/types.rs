//! What each type is on PostgreSQL.

use migrate_history::Database;

use crate::problem::Role;
use crate::sql::{Sql, Unsupported, quote};
use crate::types::Type;

/// The type's name.
pub(super) fn name(ty: &Type) -> Sql {
    Ok(match ty {
        Type::Boolean => "boolean".to_owned(),
        Type::SmallInt => "smallint".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::BigInt => "bigint".to_owned(),
        Type::Real => "real".to_owned(),
        Type::Double => "double precision".to_owned(),
        Type::Decimal { precision: Some(precision), scale: Some(scale) } => format!("numeric({precision}, {scale})"),
        Type::Decimal { precision: Some(precision), scale: None } => format!("numeric({precision})"),
        Type::Decimal { precision: None, .. } => "numeric".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Varchar(Some(length)) => format!("varchar({length})"),
        Type::Varchar(None) => "varchar".to_owned(),
        Type::Char(length) => format!("char({length})"),
        Type::Bytes => "bytea".to_owned(),
        Type::Uuid => "uuid".to_owned(),
        Type::Date => "date".to_owned(),
        Type::Time => "time".to_owned(),
        Type::Timestamp => "timestamp".to_owned(),
        Type::Timestamptz => "timestamptz".to_owned(),
        Type::Interval => "interval".to_owned(),
        Type::Json => "jsonb".to_owned(),
        Type::Enum(of) => quote::name(&of.name),
        Type::Array(of) => format!("{}[]", name(of)?),
        Type::Native(native) => match native.database {
            Database::Postgres if native.arguments.is_empty() => quote::folded(&native.name),
            Database::Postgres => {
                let arguments: Vec<String> = native.arguments.iter().map(u32::to_string).collect();
                format!("{}({})", quote::folded(&native.name), arguments.join(", "))
            }
            Database::Sqlite => {
                let what = format!("`{native}` is not supported on PostgreSQL");
                return Err(Unsupported::new(Role::Type, native.to_string(), what));
            }
        },
    })
}
