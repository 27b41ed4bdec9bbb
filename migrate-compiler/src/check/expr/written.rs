//! How a value of a type is written.

use crate::types::Type;

/// How a text of the type is written.
pub(super) fn written_as(ty: &Type) -> String {
    match ty {
        Type::Uuid => "write it as \"67e55044-10b1-426f-9247-bb680e5fe0c8\"",
        Type::Date => "write it as \"2026-11-22\"",
        Type::Timestamp => "write it as \"2026-11-22 09:30:00\"",
        Type::Timestamptz => "write it as \"2026-11-22 09:30:00Z\"",
        Type::Time => "write it as \"09:30:00\"",
        Type::Boolean => "write `true` or `false`",
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Decimal { .. } => {
            "write a number, without quotes"
        }
        Type::Json => "write JSON, such as \"{}\" or \"[]\"",
        Type::Bytes => "write `b\"\\x00\\xff\"`",
        Type::Interval => "write it as \"90 days\"",
        Type::Enum(of) => return format!("write one of {}", of.shown()),
        Type::Array(_) => "write an array, such as `[]` or `[\"a\", \"b\"]`",
        Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Native(_) => "write a value of that type",
    }
    .to_owned()
}
