//! What SQLite writes in its own way in expressions.

use crate::expr::{Binary, CurrentValue, Expr};
use crate::problem::Role;
use crate::sql::chain::balanced;
use crate::sql::dialect::Writer;
use crate::sql::sqlite::{cast, function, literal, moment, zone};
use crate::sql::{Sql, Unsupported, quote};
use crate::types::Type;
use crate::typing::{self, Scope};

/// A plain text is never equal to another kind of value.
pub(super) fn beside(expr: &Expr, ty: &Type) -> Option<Sql> {
    if let Expr::Text(text) = expr { Some(literal::text(text, ty)) } else { None }
}

/// It takes any value in any column, so what another database would convert is converted here.
pub(super) fn assigned(writer: &Writer<'_>, expr: &Expr, to: &Type) -> Option<Sql> {
    // A column of numbers takes a number as it was written.
    let from = writer.type_of(expr).filter(|_| !expr.is_number())?;
    let converted = || match current_as(expr, to) {
        Some(moment) => Ok(moment),
        None => cast::assigned(writer.tight(expr)?, &from, to),
    };
    Some(converted())
}

/// The current moment as a value of a type; `None` for what is something else.
fn current_as(expr: &Expr, to: &Type) -> Option<String> {
    moment::current(expr.current()?, to)
}

pub(super) fn cast(writer: &Writer<'_>, operand: &Expr, to: &Type) -> Sql {
    match current_as(operand, to) {
        Some(moment) => Ok(moment),
        None => cast::cast(&writer.tight(operand)?, writer.type_of(operand).as_ref(), to),
    }
}

/// Its own words give the moment in another form than that in which it is kept.
pub(super) fn current(current: CurrentValue) -> Sql {
    match current {
        CurrentValue::Timestamp => Ok(function::NOW.to_owned()),
        CurrentValue::Date | CurrentValue::Time => Ok(current.word().to_uppercase()),
        CurrentValue::User | CurrentValue::SessionUser => {
            let what = format!("`{}` is not supported on SQLite", current.word());
            Err(Unsupported::new(Role::Expression, current.word(), what).help("write `#[only(postgres)]` before the statement"))
        }
    }
}

/// Only UTC and fixed offsets are known, and moments are texts.
pub(super) fn at_time_zone(writer: &Writer<'_>, operand: &Expr, zone: &Expr) -> Sql {
    let name = if let Expr::Text(name) = zone { Some(&**name) } else { None };
    let Some(minutes) = name.and_then(zone::minutes) else {
        let what = format!("the time zone `{zone}` is not supported on SQLite");
        let unsupported = Unsupported::new(Role::Expression, zone.to_string(), what);
        return Err(unsupported.help("write `at time zone \"UTC\"`, or `#[only(postgres)]` before the statement"));
    };
    let value = writer.tight(operand)?;
    writer.type_of(operand).and_then(|from| zone::at(&value, &from, minutes)).ok_or_else(|| {
        let what = format!("on SQLite `{operand}` must be a `timestamp` or a `timestamptz`");
        let unsupported = Unsupported::new(Role::Expression, operand.to_string(), what);
        unsupported.help(format!("write `({operand})::timestamp at time zone {zone}`"))
    })
}

/// A list of rows is the rows of a query only, and a check has no query.
pub(super) fn row_in(writer: &Writer<'_>, row: &Expr, list: &[Expr], not: &str) -> Sql {
    let equal = |other| Ok(format!("{} = {}", writer.row_beside(row, other)?, writer.row_beside(other, row)?));
    let each = list.iter().map(equal).collect::<Result<Vec<_>, _>>()?;
    Ok(format!("{}({})", not, balanced(&each, " OR ")))
}

/// PostgreSQL shifts the bits of the number's own type, and SQLite those of 64 always.
pub(super) fn shift(writer: &Writer<'_>, operator: Binary, left: &Expr, right: &Expr) -> Result<(), Unsupported> {
    let by = right.digits().and_then(|digits| digits.parse::<u8>().ok());
    let same = match (operator, typing::infer(left, Scope::declared(writer.columns)).ty().filter(|_| left.digits().is_none())) {
        (Binary::ShiftLeft, Some(Type::BigInt)) => by.is_some_and(|by| by < 64),
        (Binary::ShiftRight, Some(Type::BigInt)) => by.is_some_and(|by| by < 64),
        (Binary::ShiftRight, Some(Type::Integer | Type::SmallInt)) => by.is_some_and(|by| by < 32),
        (Binary::ShiftLeft | Binary::ShiftRight, _) => false,
        _ => true,
    };
    if same {
        return Ok(());
    }
    let word = operator.spelling();
    let what = format!("on SQLite `{word}` requires a `bigint` and a literal below 64");
    Err(Unsupported::new(Role::Operator, word, what).help(format!("write `({left})::bigint {word} 1`")))
}

/// `LIKE` does not distinguish `a` and `A`, and has no escape character by default; `GLOB` distinguishes them.
pub(super) fn like(writer: &Writer<'_>, left: &Expr, operator: Binary, right: &Expr) -> Sql {
    let (text, not) = (writer.padded(left)?, if operator == Binary::NotLike { "NOT " } else { "" });
    if let Expr::Text(pattern) = right {
        return Ok(format!("{text} {not}GLOB {}", quote::text(&literal::glob(pattern))));
    }
    if ![left, right].into_iter().all(is_of_one_case) {
        let what = "`like` ignores case on SQLite, unless the pattern is a literal";
        return Err(Unsupported::new(Role::Operator, operator.spelling(), what)
            .help(format!("write `lower({left}) like lower({right})`")));
    }
    Ok(format!("{text} {not}LIKE {} ESCAPE '\\'", writer.operand(right)?))
}

/// Whether a text has no letters of both cases, or none that would count.
fn is_of_one_case(expr: &Expr) -> bool {
    matches!(expr, Expr::Call { function, .. } if function == "lower" || function == "upper")
}

pub(super) fn operator(operator: Binary) -> Sql {
    let help = match operator {
        Binary::IsDistinctFrom => return Ok("IS NOT".to_owned()),
        Binary::IsNotDistinctFrom => return Ok("IS".to_owned()),
        Binary::ILike | Binary::NotILike => "write `lower(a) like lower(b)`",
        Binary::Matches | Binary::NotMatches | Binary::MatchesInsensitive | Binary::NotMatchesInsensitive => {
            "write `like`, or `#[only(postgres)]` before the statement"
        }
        Binary::SimilarTo | Binary::NotSimilarTo => "write `like`",
        Binary::JsonPath => "write `(x -> \"a\") -> \"b\"` for the keys one by one",
        Binary::JsonPathText => "write `(x -> \"a\") ->> \"b\"` for the keys one by one",
        Binary::Or | Binary::And | Binary::Like | Binary::NotLike | Binary::Concatenate => {
            return Ok(operator.spelling().to_uppercase());
        }
        Binary::JsonGet
        | Binary::JsonGetText
        | Binary::BitAnd
        | Binary::BitOr
        | Binary::BitXor
        | Binary::ShiftLeft
        | Binary::ShiftRight
        | Binary::Equal
        | Binary::NotEqual
        | Binary::Less
        | Binary::Greater
        | Binary::LessOrEqual
        | Binary::GreaterOrEqual
        | Binary::Add
        | Binary::Subtract
        | Binary::Multiply
        | Binary::Divide
        | Binary::Remainder => {
            return Ok(operator.spelling().to_owned());
        }
    };
    let what = format!("the operator `{}` is not supported on SQLite", operator.spelling());
    Err(Unsupported::new(Role::Operator, operator.spelling(), what).help(help))
}

pub(super) fn applied(operator: Binary, left: &str, right: &str) -> Sql {
    let spelling = self::operator(operator)?;
    Ok(if operator == Binary::JsonGetText {
        cast::json_text(left, right)
    } else if operator == Binary::BitXor {
        format!("({left} | {right}) - ({left} & {right})")
    } else {
        format!("{left} {spelling} {right}")
    })
}
