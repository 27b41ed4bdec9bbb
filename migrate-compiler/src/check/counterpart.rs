//! Functions of other databases, and what is written here instead.

use std::ops::RangeInclusive;

use crate::expr::{Binary, CurrentValue, Expr};

/// What a function is written as, with its arguments.
#[derive(Clone, Copy)]
enum Counterpart {
    /// A function of this name, with the same arguments.
    Named(&'static str),
    /// The same with its two arguments the other way round.
    Swapped(&'static str),
    /// A function of this name, without arguments.
    Alone(&'static str),
    /// `a || b`
    Joined,
    /// `case when a then b else c end`
    Case,
    /// `a is null`
    IsNull,
    /// A word for the current moment.
    Current(CurrentValue),
}

/// Any number of arguments.
const ANY: RangeInclusive<usize> = 0..=usize::MAX;

/// The functions by their names and the number of their arguments.
const ELSEWHERE: &[(&[&str], RangeInclusive<usize>, Counterpart)] = &[
    (&["ifnull", "nvl", "isnull", "zeroifnull"], 2..=2, Counterpart::Named("coalesce")),
    (&["isnull"], 1..=1, Counterpart::IsNull),
    (&["ucase", "uppercase", "to_uppercase", "toupper"], 1..=1, Counterpart::Named("upper")),
    (&["lcase", "lowercase", "to_lowercase", "tolower"], 1..=1, Counterpart::Named("lower")),
    (&["len", "strlen", "character_length"], 1..=1, Counterpart::Named("length")),
    (&["datalength", "lengthb"], 1..=1, Counterpart::Named("octet_length")),
    (&["mid"], 2..=3, Counterpart::Named("substr")),
    (&["instr"], 2..=2, Counterpart::Named("strpos")),
    (&["charindex", "locate"], 2..=2, Counterpart::Swapped("strpos")),
    (&["concat"], 2..=usize::MAX, Counterpart::Joined),
    (&["if", "iif"], 3..=3, Counterpart::Case),
    (&["getdate", "getutcdate", "sysdate", "sysdatetime", "utc_timestamp", "localtimestamp"], ANY, Counterpart::Alone("now")),
    (&["current_timestamp"], ANY, Counterpart::Current(CurrentValue::Timestamp)),
    (&["current_date", "curdate", "today"], ANY, Counterpart::Current(CurrentValue::Date)),
    (&["current_time", "curtime"], ANY, Counterpart::Current(CurrentValue::Time)),
    (&["current_user", "user"], ANY, Counterpart::Current(CurrentValue::User)),
    (&["newid", "uuid_generate_v4", "random_uuid", "uuidv4", "sys_guid", "new_uuid"], ANY, Counterpart::Alone("uuid")),
];

/// What is written for a call of a function that the language does not have.
pub(super) fn counterpart(function: &str, arguments: Vec<Expr>) -> Option<Expr> {
    let is_it = |(names, count, _): &&(&[&str], RangeInclusive<usize>, Counterpart)| {
        names.contains(&function) && count.contains(&arguments.len())
    };
    let (_, _, counterpart) = ELSEWHERE.iter().find(is_it)?;
    written(*counterpart, arguments)
}

fn written(counterpart: Counterpart, arguments: Vec<Expr>) -> Option<Expr> {
    let call = |name: &str, arguments| Expr::Call { function: name.to_owned(), arguments };
    Some(match counterpart {
        Counterpart::Named(name) => call(name, arguments),
        Counterpart::Swapped(name) => call(name, arguments.into_iter().rev().collect()),
        Counterpart::Alone(name) => call(name, Vec::new()),
        Counterpart::Joined => {
            let join = |left, right| Expr::binary(left, Binary::Concatenate, right);
            return arguments.into_iter().reduce(join);
        }
        Counterpart::Case => {
            let [when, then, otherwise] = <[Expr; 3]>::try_from(arguments).ok()?;
            Expr::Case { operand: None, arms: vec![(when, then)], otherwise: Some(Box::new(otherwise)) }
        }
        Counterpart::IsNull => Expr::IsNull { operand: Box::new(arguments.into_iter().next()?), negated: false },
        Counterpart::Current(current) => Expr::Current(current),
    })
}
