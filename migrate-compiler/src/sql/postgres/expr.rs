//! What PostgreSQL writes in its own way in expressions.

use crate::expr::{Binary, Expr};
use crate::sql::dialect::Writer;
use crate::sql::postgres::types;
use crate::sql::{Sql, quote};
use crate::types::Type;

/// A list of texts is an array of texts, whatever it is compared with.
pub(super) fn beside(writer: &Writer<'_>, expr: &Expr, ty: &Type) -> Option<Sql> {
    let (Expr::Array(list), Type::Array(_)) = (expr, ty) else { return None };
    let array = || Ok(format!("{}::{}", writer.array(list)?, types::name(ty)?));
    Some(array())
}

/// A `char(n)` is padded with spaces, which the types that take no spaces at the end of a text refuse.
pub(super) fn cast(writer: &Writer<'_>, operand: &Expr, to: &Type) -> Sql {
    let value = writer.expr(operand)?;
    let is_padded = matches!(writer.type_of(operand), Some(Type::Char(_)));
    let value = if is_padded && matches!(to, Type::Enum(_) | Type::Uuid) { typed(value, &Type::Text)? } else { value };
    typed(value, to)
}

/// A literal in a query does not automatically have the type of its column.
pub(super) fn typed(value: String, ty: &Type) -> Sql {
    Ok(format!("CAST({value} AS {})", types::name(ty)?))
}

pub(super) fn like(writer: &Writer<'_>, left: &Expr, operator: Binary, right: &Expr) -> Sql {
    Ok(applied(operator, &writer.tight(left)?, &writer.tight(right)?))
}

pub(super) fn row_in(writer: &Writer<'_>, row: &Expr, list: &[Expr], not: &str) -> Sql {
    let list = list.iter().map(|item| writer.row_beside(item, row)).collect::<Result<Vec<_>, _>>()?.join(", ");
    Ok(format!("{} {}IN ({list})", writer.tight(row)?, not))
}

pub(super) fn at_time_zone(writer: &Writer<'_>, operand: &Expr, zone: &Expr) -> Sql {
    Ok(format!("{} AT TIME ZONE {}", writer.tight(operand)?, writer.tight(zone)?))
}

pub(super) fn operator(operator: Binary) -> String {
    operator.spelling().to_uppercase()
}

pub(super) fn applied(operator: Binary, left: &str, right: &str) -> String {
    format!("{left} {} {right}", self::operator(operator))
}

pub(super) fn bytes(bytes: &[u8]) -> String {
    format!("'\\x{}'::bytea", quote::hex(bytes))
}

/// When a value differs from a constant: as text where values of the type cannot be compared.
pub(super) fn differs(column: &str, constant: &str, ty: &Type) -> Option<String> {
    let constant = typed(constant.to_owned(), ty).ok()?;
    Some(if has_equality(ty) {
        format!("{column} IS DISTINCT FROM {constant}")
    } else {
        format!("CAST({column} AS text) IS DISTINCT FROM CAST({constant} AS text)")
    })
}

/// Whether values of the type are compared for certain: those of `json`, `xml` and `point` are not.
fn has_equality(ty: &Type) -> bool {
    match ty {
        Type::Array(of) => has_equality(of),
        Type::Native(_) => false,
        Type::Boolean | Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double => true,
        Type::Decimal { .. } | Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Bytes | Type::Uuid => true,
        Type::Date | Type::Time | Type::Timestamp | Type::Timestamptz | Type::Interval | Type::Json | Type::Enum(_) => true,
    }
}
