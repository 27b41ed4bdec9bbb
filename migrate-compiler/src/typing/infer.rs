//! What each form of an expression gives.

use crate::expr::{Binary, CurrentValue, Expr, OperatorKind, Select, Unary};
use crate::schema::Column;
use crate::types::{Family, Type};
use crate::typing::aggregate::aggregated;
use crate::typing::common::common;
use crate::typing::frame::{Frame, Readable};
use crate::typing::function;
use crate::typing::inferred::{ANY_DECIMAL, Inferred, Precision};
use crate::typing::operator::applied;
use crate::work;

/// What the columns in an expression are.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The columns that it may use by their names alone.
    pub columns: &'a [Column],
    /// The tables whose columns it may name with the table before the dot.
    pub frame: Option<&'a Frame<'a>>,
    /// The tables that its queries can read.
    pub tables: Option<Readable<'a>>,
    /// What a calculation gives.
    pub precision: Precision,
}

impl<'a> Scope<'a> {
    /// The columns, with the types that PostgreSQL gives expressions over them.
    pub fn declared(columns: &'a [Column]) -> Scope<'a> {
        Scope { columns, frame: None, tables: None, precision: Precision::Declared }
    }

    /// The tables that a query in such an expression can name.
    pub fn within(self, query: &'a Select) -> Frame<'a> {
        Frame::within(query, self.tables, self.frame)
    }

    /// Where the expressions of a query are, whose tables are in the frame.
    #[must_use]
    pub fn inside(self, frame: &'a Frame<'a>) -> Scope<'a> {
        Scope { columns: &[], frame: Some(frame), ..self }
    }
}

/// What is known of the type of an expression.
pub fn infer(expr: &Expr, scope: Scope<'_>) -> Inferred {
    work::look();
    if let Expr::Query(query) = expr {
        let frame = scope.within(query);
        let known: Vec<Inferred> = query.values.iter().map(|value| infer(value, scope.inside(&frame))).collect();
        return result(expr, &known, scope);
    }
    let known: Vec<Inferred> = sources(expr).into_iter().map(|part| infer(part, scope)).collect();
    result(expr, &known, scope)
}

/// The parts of an expression over the same rows that its type depends on, in the order of PostgreSQL: the results of a `case` from its `else` on.
pub(crate) fn sources(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) => Vec::new(),
        Expr::Column(_) | Expr::Qualified { .. } | Expr::Current(_) | Expr::Nextval(_) => Vec::new(),
        Expr::Raw(_) | Expr::Row(_) | Expr::Query(_) | Expr::Exists(_) | Expr::InQuery { .. } => Vec::new(),
        Expr::IsNull { .. } | Expr::Is { .. } | Expr::In { .. } | Expr::Between { .. } | Expr::Any { .. } => Vec::new(),
        Expr::Cast { .. } | Expr::Unary { operator: Unary::Not, .. } => Vec::new(),
        Expr::Binary { rest, .. } if is_condition(rest) => Vec::new(),
        Expr::Array(_) | Expr::Call { .. } | Expr::Aggregate { .. } | Expr::Binary { .. } => expr.parts(),
        Expr::Unary { operator: Unary::Minus | Unary::BitNot, operand } | Expr::AtTimeZone { operand, .. } => vec![operand],
        Expr::Case { arms, otherwise, .. } => otherwise.as_deref().into_iter().chain(arms.iter().map(|(_, then)| then)).collect(),
    }
}

/// What an expression is, of whose [sources](sources) this is known.
pub(crate) fn result(expr: &Expr, known: &[Inferred], scope: Scope<'_>) -> Inferred {
    match expr {
        Expr::Null | Expr::Text(_) => Inferred::Literal,
        Expr::Raw(_) | Expr::Row(_) => Inferred::Unknown,
        Expr::Bool(_) | Expr::Unary { operator: Unary::Not, .. } => Inferred::Type(Type::Boolean),
        Expr::IsNull { .. } | Expr::Is { .. } | Expr::In { .. } | Expr::Between { .. } | Expr::Any { .. } => {
            Inferred::Type(Type::Boolean)
        }
        Expr::Exists(_) | Expr::InQuery { .. } => Inferred::Type(Type::Boolean),
        Expr::Query(_) => known.first().map_or(Inferred::Unknown, selected),
        Expr::Aggregate { function, .. } => aggregated(*function, known, scope.precision),
        Expr::Qualified { table, column } => {
            let column = scope.frame.and_then(|frame| frame.column(table, column));
            column.map_or(Inferred::Unknown, |column| of_type(&column.ty))
        }
        Expr::Number(digits) => Inferred::Type(number(digits, scope.precision)),
        Expr::Bytes(_) => Inferred::Type(Type::Bytes),
        Expr::Interval(_) => Inferred::Type(Type::Interval),
        Expr::Array(list) => array(list, known),
        Expr::Column(name) => {
            let column = scope.columns.iter().find(|column| column.name == *name);
            column.map_or(Inferred::Unknown, |column| of_type(&column.ty))
        }
        Expr::Current(current) => self::current(*current),
        Expr::Nextval(_) => Inferred::Type(Type::BigInt),
        Expr::Call { function, .. } => function::returned(function, known),
        Expr::Unary { operator: Unary::Minus, operand } => match (&**operand, known) {
            // The sign is a part of the number.
            (Expr::Number(digits), _) => Inferred::Type(number(&format!("-{digits}"), scope.precision)),
            (_, [operand, ..]) => operand.clone(),
            (_, []) => Inferred::Unknown,
        },
        Expr::Unary { operator: Unary::BitNot, .. } => known.first().cloned().unwrap_or(Inferred::Unknown),
        Expr::Binary { rest, .. } if is_condition(rest) => Inferred::Type(Type::Boolean),
        Expr::Binary { rest, .. } => {
            let [first, others @ ..] = known else { return Inferred::Unknown };
            rest.iter().zip(others).fold(first.clone(), |left, ((operator, _), right)| {
                applied(*operator, (&left, right), scope.precision).unwrap_or(Inferred::Unknown)
            })
        }
        Expr::Case { .. } => common(known),
        Expr::Cast { to, .. } => of_type(to),
        Expr::AtTimeZone { .. } => known.first().map_or(Inferred::Unknown, at_time_zone),
    }
}

/// What a query gives: a literal in it takes no type from outside the query.
pub(crate) fn selected(value: &Inferred) -> Inferred {
    match value {
        Inferred::Literal => Inferred::Type(Type::Text),
        Inferred::Type(_) | Inferred::Family(_) | Inferred::List(_) | Inferred::Unknown => value.by_itself(),
    }
}

/// The type that literals take among values of which one is the result; `None` where no value has one.
pub(crate) fn beside(values: Vec<Inferred>) -> Option<Type> {
    let (literals, mut typed): (Vec<Inferred>, Vec<Inferred>) = values.into_iter().partition(Inferred::is_literal);
    typed.retain(|value| *value != Inferred::Unknown);
    let lists: Vec<Inferred> = literals.into_iter().filter(|literal| *literal != Inferred::Literal).collect();
    let is_one = lists.windows(2).all(|pair| pair.iter().all(|list| Some(list) == pair.first()));
    match (typed.is_empty(), is_one) {
        (false, _) => common(&typed).kept(),
        // Of lists of strings and of numbers all hold numbers.
        (true, false) => common(&lists).kept(),
        (true, true) => None,
    }
}

/// Whether operators from left to right give a condition in the end.
fn is_condition(rest: &[(Binary, Expr)]) -> bool {
    rest.last().is_some_and(|(operator, _)| {
        matches!(operator.kind(), OperatorKind::Logic | OperatorKind::Comparison | OperatorKind::Pattern)
    })
}

/// A value of a type. Of an enum that is not there nothing is known.
fn of_type(ty: &Type) -> Inferred {
    if ty.is_unknown() { Inferred::Unknown } else { Inferred::Type(ty.clone()) }
}

/// A number as it was written.
fn number(digits: &str, precision: Precision) -> Type {
    let digits = digits.replace('_', "");
    match precision {
        Precision::Widest if !digits.contains(['.', 'e', 'E']) => Type::BigInt,
        Precision::Declared if digits.parse::<i32>().is_ok() => Type::Integer,
        Precision::Declared if digits.parse::<i64>().is_ok() => Type::BigInt,
        Precision::Widest | Precision::Declared => ANY_DECIMAL,
    }
}

/// A word for the moment or the role. `current_time` is a `time with time zone` on PostgreSQL, and a role's name a `name`.
fn current(current: CurrentValue) -> Inferred {
    match current {
        CurrentValue::Timestamp => Inferred::Type(Type::Timestamptz),
        CurrentValue::Date => Inferred::Type(Type::Date),
        CurrentValue::Time => Inferred::Family(Family::Time),
        CurrentValue::User | CurrentValue::SessionUser => Inferred::Family(Family::Text),
    }
}

/// A list of values.
fn array(list: &[Expr], known: &[Inferred]) -> Inferred {
    let is_written = |(expr, known): (&Expr, &Inferred)| known.is_literal() || expr.is_number();
    if list.is_empty() {
        return Inferred::Literal;
    }
    let elements = match common(known) {
        Inferred::Type(ty) | Inferred::List(ty) => ty,
        Inferred::Family(family) => return Inferred::Family(Family::Array(Box::new(family))),
        Inferred::Literal => Type::Text,
        Inferred::Unknown => return Inferred::Unknown,
    };
    let list_type = Type::Array(Box::new(elements));
    if list.iter().zip(known).all(is_written) { Inferred::List(list_type) } else { Inferred::Type(list_type) }
}

/// A point in time on a clock, or a moment on a clock as a point in time; PostgreSQL takes a day or a string for a point in time. What is
/// made of a time of day is a `time with time zone`.
fn at_time_zone(operand: &Inferred) -> Inferred {
    match (operand, operand.family()) {
        (Inferred::Type(Type::Timestamptz | Type::Date) | Inferred::Literal, _) => Inferred::Type(Type::Timestamp),
        (Inferred::Type(Type::Timestamp), _) => Inferred::Type(Type::Timestamptz),
        (_, Some(Family::Time)) => Inferred::Family(Family::Time),
        (Inferred::Type(_) | Inferred::Family(_) | Inferred::List(_) | Inferred::Unknown, _) => Inferred::Unknown,
    }
}
