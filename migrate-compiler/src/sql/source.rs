//! What the rows hold in a column, as a value of a query over the table that they came from.

use crate::source::Source;
use crate::sql::dialect::Writer;
use crate::sql::{Sql, quote, rows};
use crate::types::Type;

/// A type in a query about its values: an enum may have other values by then, or another name.
fn asked(ty: &Type) -> Type {
    if let Type::Array(of) = ty {
        return Type::Array(Box::new(asked(of)));
    }
    if matches!(ty, Type::Enum(_)) { Type::Text } else { ty.clone() }
}

/// The value over the columns of the earlier table, those of the writer; `number` is used where the database gives one.
pub(super) fn render(writer: &Writer<'_>, source: &Source, number: &str) -> Sql {
    match source {
        Source::Column(name) => Ok(quote::ident(name)),
        Source::Value { value, ty } => writer.dialect.typed(writer.without_columns().assigned(value, ty)?, &asked(ty)),
        Source::Number => Ok(number.to_owned()),
        Source::Converted { using: Some(using), to, .. } => writer.dialect.typed(writer.assigned(using, to)?, &asked(to)),
        Source::Converted { value, from, to, using: None, column: _ } => {
            let value = render(writer, value, number)?;
            writer.dialect.converted(value, from, to)
        }
        Source::Updated { value, to, ty, which } => {
            let new = match to {
                Some(to) => writer.dialect.typed(writer.assigned(to, ty)?, &asked(ty))?,
                None => number.to_owned(),
            };
            let Some(condition) = rows::condition(writer, which)? else { return Ok(new) };
            let old = render(writer, value, number)?;
            Ok(format!("CASE WHEN {condition} THEN {new} ELSE {old} END"))
        }
    }
}
