//! The types of expressions, as far as rendering must know them: a database without the type is told how it is kept.

use crate::expr::{Current, Expr, Kind, Unary};
use crate::schema::Column;
use crate::sql::function::{Function, Returns};
use crate::types::{Family, Type};

/// What a calculation with decimals gives.
const ANY_DECIMAL: Type = Type::Decimal { precision: None, scale: None };

/// The type of an expression over the columns; `None` for a literal, which takes the type of what stands beside it, and for
/// what only the database knows.
pub(crate) fn type_of(expr: &Expr, columns: &[Column]) -> Option<Type> {
    let of = |part: &Expr| type_of(part, columns);
    match expr {
        Expr::Null | Expr::Text(_) | Expr::Raw(_) | Expr::Row(_) => None,
        Expr::AtTimeZone { operand, .. } => at_time_zone(&of(operand)?),
        Expr::Number(digits) => Some(if digits.contains(['.', 'e', 'E']) { ANY_DECIMAL } else { Type::BigInt }),
        Expr::Bytes(_) => Some(Type::Bytes),
        Expr::Interval(_) => Some(Type::Interval),
        Expr::Array(list) => {
            let element = list.iter().filter(|item| !matches!(item, Expr::Number(_))).find_map(of);
            element.map(|element| Type::Array(Box::new(element)))
        }
        Expr::Column(name) => columns.iter().find(|column| column.name == *name).map(|column| column.ty.clone()),
        Expr::Current(Current::Timestamp) => Some(Type::Timestamptz),
        Expr::Current(Current::Date) => Some(Type::Date),
        Expr::Current(Current::Time) => Some(Type::Time),
        Expr::Current(Current::User | Current::SessionUser) => Some(Type::Text),
        Expr::Nextval(_) => Some(Type::BigInt),
        Expr::Call { function, arguments } => {
            returned(Function::find(function)?.returns, common(arguments.iter().filter_map(of)))
        }
        Expr::Bool(_) | Expr::Unary { operator: Unary::Not, .. } => Some(Type::Boolean),
        Expr::Unary { operator: Unary::Minus | Unary::BitNot, operand } => of(operand),
        Expr::Binary { first, rest } => {
            rest.iter().fold(of(first), |left, (operator, right)| combined(operator.kind(), left, of(right)))
        }
        Expr::IsNull { .. } | Expr::Is { .. } | Expr::In { .. } | Expr::Between { .. } | Expr::Any { .. } => Some(Type::Boolean),
        Expr::Case { arms, otherwise, .. } => {
            common(arms.iter().map(|(_, then)| then).chain(otherwise.as_deref()).filter_map(of))
        }
        Expr::Cast { to, .. } => Some(to.clone()),
    }
}

/// The type that PostgreSQL gives an expression: of whole numbers the widest one among the operands, where [`type_of`] leaves room for
/// every result.
pub(crate) fn given(expr: &Expr, columns: &[Column]) -> Option<Type> {
    if let Expr::Number(digits) = expr
        && digits.replace('_', "").parse::<i32>().is_ok()
    {
        return Some(Type::Integer);
    }
    if let Expr::Unary { operator: Unary::Minus | Unary::BitNot, operand } = expr {
        return given(operand, columns);
    }
    let known = type_of(expr, columns);
    if let (Expr::Binary { first, rest }, Some(Type::BigInt)) = (expr, &known) {
        let operands = std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand));
        let types: Option<Vec<Type>> = operands.map(|operand| given(operand, columns)).collect();
        let widest = |types: Vec<Type>| types.into_iter().max_by_key(|ty| ty.integer_range().map(|(_, high)| high));
        return types.and_then(widest);
    }
    known
}

/// A point in time on a clock, or a moment on a clock as a point in time; PostgreSQL takes a day for a point in time.
fn at_time_zone(operand: &Type) -> Option<Type> {
    let is_point = matches!(operand, Type::Timestamptz | Type::Date);
    let other = (*operand == Type::Timestamp).then_some(Type::Timestamptz);
    if is_point { Some(Type::Timestamp) } else { other }
}

/// The type of what may be any of several values: the first, but text where one of them is text that is not padded.
pub(crate) fn common(mut types: impl Iterator<Item = Type>) -> Option<Type> {
    let first = types.next()?;
    let is_padded = |ty: &Type| matches!(ty, Type::Char(_));
    let mixed = is_padded(&first) && !types.all(|ty| is_padded(&ty));
    Some(if mixed { Type::Text } else { first })
}

fn returned(returns: Returns, first: Option<Type>) -> Option<Type> {
    match returns {
        Returns::Number => Some(Type::Integer),
        Returns::Text => Some(Type::Text),
        Returns::Moment => Some(Type::Timestamptz),
        Returns::Uuid => Some(Type::Uuid),
        Returns::First => first,
    }
}

/// What an operator makes of two types.
pub(crate) fn combined(kind: Kind, left: Option<Type>, right: Option<Type>) -> Option<Type> {
    match kind {
        Kind::Logic | Kind::Comparison | Kind::Pattern => Some(Type::Boolean),
        Kind::Bits => left.filter(Type::is_integer).or(right.filter(Type::is_integer)),
        Kind::Json => Some(Type::Json),
        Kind::JsonText => Some(Type::Text),
        Kind::Concatenation => {
            let joined = [left, right].into_iter().flatten().find(|ty| ty.family().is_joined());
            joined.or(Some(Type::Text))
        }
        Kind::Arithmetic => match (left?, right?) {
            (left, right) if left.is_integer() && right.is_integer() => Some(Type::BigInt),
            (left, right) if left.family() != Family::Number || right.family() != Family::Number => shifted(&left, &right),
            (Type::Real | Type::Double, _) | (_, Type::Real | Type::Double) => Some(Type::Double),
            _ => Some(ANY_DECIMAL),
        },
    }
}

/// What a sum or difference of times is.
fn shifted(left: &Type, right: &Type) -> Option<Type> {
    match (left.family(), right.family()) {
        (Family::Moment, Family::Moment) if left == right && *left == Type::Date => Some(Type::Integer),
        (Family::Moment | Family::Time, Family::Moment | Family::Time) if left == right => Some(Type::Interval),
        (Family::Moment, Family::Moment) => Some(Type::Interval),
        (Family::Moment, Family::Number) => Some(Type::Date),
        (Family::Moment, Family::Interval | Family::Time) if *left == Type::Date => Some(Type::Timestamp),
        (Family::Moment | Family::Time | Family::Interval, Family::Interval) => Some(left.clone()),
        (Family::Interval | Family::Number | Family::Time, Family::Moment) => shifted(right, left),
        (Family::Interval, Family::Time | Family::Number) => shifted(right, left).or(Some(Type::Interval)),
        _ => None,
    }
}
