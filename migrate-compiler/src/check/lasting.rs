//! Whether an expression gives the same value for ever, as PostgreSQL demands of what an index keeps.
//!
//! Source: PostgreSQL 15, columns `provolatile` of `pg_proc` for the operators, the casts and the functions by which a type is read and
//! written. What is read or written by the settings of a session (`TimeZone`, `DateStyle`, `IntervalStyle`) is another value in
//! another session.

use crate::expr::{Binary, CurrentValue, Expr, OperatorKind};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Column, Schema};
use crate::sql::registry::where_true;
use crate::types::{Family, Type};
use crate::typing::function::Function;
use crate::typing::{Inferred, Precision, Scope, applied, infer};

/// Rule `not_immutable`: a part of a key or condition of an index that depends on the moment or on the session.
pub fn index(schema: &Schema, columns: &[Column], expr: &Expr, problems: &mut Problems) {
    if where_true(schema, |features| features.indexes_are_immutable).is_none() {
        return;
    }
    let mut found = Vec::new();
    expr.walk(&mut |part| found.extend(fleeting(part, columns).map(|(slot, what)| (slot, what, remedy(part, columns)))));
    if let Some((slot, what, remedy)) = found.into_iter().next() {
        let problem = Problem::new("not_immutable", slot, format!("an index cannot use {what}"));
        let help = remedy.map(|code| format!("write `{code}`, or store the value in a separate column"));
        problems.push(problem.help_if(help).help("use columns and literals, or store the value in a separate column"));
    }
}

/// The point in time of a part on a fixed clock, as code to write instead; `None` where there is none.
fn remedy(part: &Expr, columns: &[Column]) -> Option<String> {
    let is_point = |expr: &&Expr| type_of(expr, columns) == Some(Type::Timestamptz);
    let in_utc = |expr: &Expr| Expr::AtTimeZone { operand: Box::new(expr.clone()), zone: Box::new(Expr::Text("UTC".into())) };
    if let Expr::Cast { operand, to } = part {
        let is_kept = is_point(&&**operand) && matches!(to.family(), Family::Moment | Family::Time);
        return is_kept.then(|| Expr::Cast { operand: Box::new(in_utc(operand)), to: to.clone() }.to_string());
    }
    let compared: Vec<&Expr> = if let Expr::Binary { first, rest } = part {
        std::iter::once(&**first).chain(rest.iter().map(|(_, right)| right)).collect()
    } else if let Expr::In { operand, list, .. } = part {
        std::iter::once(&**operand).chain(list).collect()
    } else if let Expr::Between { operand, low, high, .. } = part {
        vec![operand, low, high]
    } else {
        Vec::new()
    };
    compared.into_iter().find(is_point).map(|point| in_utc(point).to_string())
}

/// The type of an expression, where it is known.
fn type_of(expr: &Expr, columns: &[Column]) -> Option<Type> {
    infer(expr, Scope::declared(columns)).ty().cloned()
}

/// The part itself, where its value is not for ever: the word, and why.
fn fleeting(part: &Expr, columns: &[Column]) -> Option<(Slot, String)> {
    let inferred = |expr: &Expr| infer(expr, Scope::declared(columns));
    let of = |expr: &Expr| type_of(expr, columns);
    let depends = |what: &str| format!("{what}: it depends on session settings");
    match part {
        Expr::Current(current) => Some(of_the_moment(*current)),
        Expr::Nextval(sequence) => {
            Some((Slot::new(Role::Use, sequence.to_string()), "`nextval`: its value changes with each call".to_owned()))
        }
        Expr::Call { function, arguments } => {
            let is_known = Function::find(function).is_some();
            if is_known && arguments.is_empty() {
                return Some((Slot::new(Role::Function, function), format!("`{function}()`: its value changes with each call")));
            }
            let mixes = is_known && mixes_zones(arguments.iter().filter_map(of).collect());
            mixes.then(|| {
                (Slot::new(Role::Function, function), depends(&format!("`{function}` of times with and without a zone")))
            })
        }
        Expr::Cast { operand, to } => {
            // A literal is read when the index is made.
            let list = || matches!(&**operand, Expr::Array(_)).then(|| Type::Array(Box::new(Type::Integer)));
            let from = of(operand).or_else(list).filter(|_| !is_literal(operand))?;
            casts_by_session(&from, to)
                .then(|| (Slot::new(Role::Operator, format!("::{to}")), depends(&format!("a cast from `{from}` to `{to}`"))))
        }
        Expr::AtTimeZone { operand, .. } => {
            let from = of(operand)?;
            let is_stable = matches!(from, Type::Date | Type::Time);
            is_stable.then(|| (Slot::new(Role::Expression, part.to_string()), depends(&format!("`at time zone` of `{from}`"))))
        }
        Expr::Binary { first, rest } => {
            let joins = rest.first().is_some_and(|(operator, _)| operator.kind() == OperatorKind::Concatenation);
            let is_text = is_literal(first) && joins;
            chain(if is_text { Inferred::Type(Type::Text) } else { inferred(first) }, rest, inferred)
        }
        Expr::In { operand, list, .. } => mixed("in", std::iter::once(&**operand).chain(list).filter_map(of).collect()),
        Expr::Between { operand, low, high, .. } => {
            mixed("between", [operand, low, high].into_iter().filter_map(|one| of(one)).collect())
        }
        Expr::Case { operand, arms, otherwise } => {
            let compared =
                operand.iter().map(|operand| &**operand).chain(arms.iter().map(|(when, _)| when).filter(|_| operand.is_some()));
            let results = arms.iter().map(|(_, then)| then).chain(otherwise.as_deref());
            mixed("case", compared.filter_map(of).collect()).or_else(|| mixed("case", results.filter_map(of).collect()))
        }
        Expr::Any { operand, array } => {
            let element = if let Some(Type::Array(of)) = of(array) { Some(*of) } else { None };
            mixed("=", of(operand).into_iter().chain(element).collect())
        }
        Expr::Array(list) => {
            let slot = Slot::new(Role::Expression, part.to_string());
            let mixes = mixes_zones(list.iter().filter_map(of).collect());
            mixes.then(|| (slot, depends("a list of times with and without zones")))
        }
        Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) => None,
        // An index has no queries.
        Expr::Qualified { .. } | Expr::Query(_) | Expr::Exists(_) | Expr::InQuery { .. } | Expr::Aggregate { .. } => None,
        Expr::Column(_) | Expr::Unary { .. } | Expr::IsNull { .. } | Expr::Is { .. } | Expr::Row(_) | Expr::Raw(_) => None,
    }
}

/// `now()` and `current_user`, by what they depend on.
fn of_the_moment(current: CurrentValue) -> (Slot, String) {
    let word = current.word();
    let why = match current {
        CurrentValue::Timestamp | CurrentValue::Date | CurrentValue::Time => "its value changes over time",
        CurrentValue::User | CurrentValue::SessionUser => "it depends on session settings",
    };
    (Slot::new(Role::Expression, word), format!("`{word}`: {why}"))
}

/// The first operator of a chain that gives no lasting value.
fn chain(first: Inferred, rest: &[(Binary, Expr)], of: impl Fn(&Expr) -> Inferred) -> Option<(Slot, String)> {
    let mut left = first;
    for (operator, right) in rest {
        let is_text = is_literal(right) && operator.kind() == OperatorKind::Concatenation;
        let right = if is_text { Inferred::Type(Type::Text) } else { of(right) };
        if let (Some(one), Some(other)) = (left.ty(), right.ty())
            && binary(*operator, one, other)
        {
            let word = operator.spelling();
            let what = format!("`{word}` on `{one}` and `{other}`: it depends on session settings");
            return Some((Slot::new(Role::Operator, word), what));
        }
        left = applied(*operator, (&left, &right), Precision::Declared).unwrap_or(Inferred::Unknown);
    }
    None
}

fn mixed(word: &str, types: Vec<Type>) -> Option<(Slot, String)> {
    let what = format!("`{word}` with times with and without a zone: it depends on session settings");
    mixes_zones(types).then(|| (Slot::new(Role::Operator, word), what))
}

/// Whether a point in time meets a time without a zone, which is one in the session's.
fn mixes_zones(types: Vec<Type>) -> bool {
    types.contains(&Type::Timestamptz) && types.iter().any(|ty| matches!(ty, Type::Date | Type::Timestamp))
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::Text(_) | Expr::Null)
}

fn binary(operator: Binary, one: &Type, other: &Type) -> bool {
    match operator.kind() {
        OperatorKind::Comparison => mixes_zones(vec![one.clone(), other.clone()]),
        OperatorKind::Arithmetic => {
            let shifts = [one, other].contains(&&Type::Timestamptz) && [one, other].contains(&&Type::Interval);
            shifts || mixes_zones(vec![one.clone(), other.clone()])
        }
        // A text is joined with anything else by way of its text.
        OperatorKind::Concatenation => {
            let is_text = |ty: &Type| ty.family() == Family::Text;
            is_text(one) != is_text(other)
        }
        OperatorKind::Logic | OperatorKind::Pattern | OperatorKind::Json | OperatorKind::JsonText | OperatorKind::Bits => false,
    }
}

/// Whether a cast reads or writes by the settings of the session.
fn casts_by_session(from: &Type, to: &Type) -> bool {
    match (from.family(), to.family()) {
        // The names of an enum's values can be changed.
        (Family::Enum(_), Family::Text) | (Family::Text, Family::Enum(_)) => true,
        (Family::Moment, Family::Moment) => mixes_zones(vec![from.clone(), to.clone()]),
        (Family::Moment, Family::Time) => *from == Type::Timestamptz,
        // Only the times of day and lengths of time are written alike everywhere, and only they and numbers are read so.
        (Family::Moment | Family::Array(_), Family::Text) => true,
        (Family::Text, Family::Moment | Family::Time | Family::Interval | Family::Array(_)) => true,
        (Family::Array(_), Family::Array(_)) => {
            matches!((from, to), (Type::Array(from), Type::Array(to)) if casts_by_session(from, to))
        }
        (Family::Native(_), _) | (_, Family::Native(_)) => false,
        (Family::Boolean | Family::Number | Family::Text | Family::Bytes | Family::Uuid | Family::Moment, _) => false,
        (Family::Time | Family::Interval | Family::Json | Family::Enum(_) | Family::Array(_), _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn what_depends_on_the_session_is_found() {
        let columns =
            [("d", Type::Date), ("t", Type::Timestamp), ("z", Type::Timestamptz), ("i", Type::Interval), ("n", Type::Integer)];
        let columns = columns.map(|(name, ty)| example::column(name, ty));
        let cast = |column: &str, to| Expr::Cast { operand: Box::new(Expr::column(column)), to };
        let less = |one: &str, other: &str| example::binary(Binary::Less, Expr::column(one), Expr::column(other));
        let both = |one: &str, other: &str| Expr::Array(vec![Expr::column(one), Expr::column(other)]);
        for expr in [cast("z", Type::Date), cast("d", Type::Text), less("d", "z"), less("z", "t"), both("d", "z")] {
            assert!(fleeting(&expr, &columns).is_some(), "{expr}");
        }
        let lasting = [cast("t", Type::Date), cast("n", Type::Text), less("d", "t"), less("z", "z"), cast("i", Type::Text)];
        for expr in lasting.into_iter().chain([both("d", "t")]) {
            assert!(fleeting(&expr, &columns).is_none(), "{expr}");
        }
    }
}
