//! Schema parts and expressions as the language writes them: what is printed means, when it is read again, the same.

mod query;

use std::fmt::{self, Display, Formatter};

use crate::canonical::{Form, form};
use crate::expr::{Aggregate, Binary, CALLED_WORDS, Duplicates, Expr, StringLiteral, Unary};
use crate::name::{Name, Written, WrittenColumn, WrittenKey, WrittenList, WrittenTable, WrittenWord};
use crate::schema::{Column, Constraint, ForeignKey, Index, Key, ReferentialAction, Rule, Timing};

impl Display for Column {
    /// `name: type? default …`, without the comment.
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let question = if self.nullable { "?" } else { "" };
        write!(out, "{}: {}{question}", Written(&self.name), self.ty)?;
        if let Some(counter) = &self.counter {
            write!(out, " {}", counter.kind.words())?;
            if !counter.sequence.is_empty() {
                write!(out, " as {}", Written(&counter.sequence))?;
            }
        }
        match &self.default {
            Some(default) => write!(out, " default {default}"),
            None => Ok(()),
        }
    }
}

impl Display for Constraint {
    /// `name: rule timing`
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(out, "{}: ", Written(name))?;
        }
        self.rule.fmt(out)?;
        match self.timing {
            Timing::Immediate => Ok(()),
            Timing::Deferrable | Timing::Deferred => write!(out, " {}", self.timing.words()),
        }
    }
}

impl Timing {
    /// How `alter constraint` writes it.
    pub const fn words(self) -> &'static str {
        match self {
            Timing::Immediate => "not deferrable",
            Timing::Deferrable => "deferrable",
            Timing::Deferred => "deferrable initially deferred",
        }
    }
}

impl Display for Rule {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Rule::PrimaryKey { columns } => write!(out, "primary key ({})", WrittenList(columns)),
            Rule::Unique { columns, nulls_not_distinct } => {
                let nulls = if *nulls_not_distinct { " nulls not distinct" } else { "" };
                write!(out, "unique ({}){nulls}", WrittenList(columns))
            }
            Rule::ForeignKey(key) => key.fmt(out),
            Rule::Check { condition } => write!(out, "check ({condition})"),
        }
    }
}

impl Display for ForeignKey {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "foreign key ({}) references {}", WrittenList(&self.columns), self.table)?;
        if !self.references.is_empty() {
            write!(out, " ({})", WrittenList(&self.references))?;
        }
        if self.on_delete != ReferentialAction::NoAction {
            write!(out, " on delete {}", self.on_delete.words())?;
        }
        if !self.set_columns.is_empty() {
            write!(out, " ({})", WrittenList(&self.set_columns))?;
        }
        if self.on_update != ReferentialAction::NoAction {
            write!(out, " on update {}", self.on_update.words())?;
        }
        Ok(())
    }
}

impl Index {
    /// `[unique] index [name] [on table] [using method] (keys) …`; inside a table the `on` is left out.
    pub fn written<'a>(&'a self, table: Option<&'a Name>) -> impl Display + 'a {
        fmt::from_fn(move |out| {
            out.write_str(if self.unique { "unique index" } else { "index" })?;
            if let Some(name) = &self.name {
                write!(out, " {}", Written(name))?;
            }
            if let Some(table) = table {
                write!(out, " on {table}")?;
            }
            if let Some(method) = &self.method {
                write!(out, " using {}", WrittenWord(method))?;
            }
            write!(out, " ({})", join(&self.keys))?;
            if !self.include.is_empty() {
                write!(out, " include ({})", WrittenList(&self.include))?;
            }
            if self.nulls_not_distinct {
                out.write_str(" nulls not distinct")?;
            }
            match &self.filter {
                Some(filter) => write!(out, " where {filter}"),
                None => Ok(()),
            }
        })
    }
}

impl Display for Key {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if let Expr::Column(column) = &self.value {
            WrittenKey(column).fmt(out)?;
        } else if let Expr::Text(text) = &self.value {
            // A bare string literal would be a column here.
            StringLiteral::typed(&**text).fmt(out)?;
        } else {
            self.value.fmt(out)?;
        }
        if self.descending {
            out.write_str(" desc")?;
        }
        match self.nulls_first {
            Some(true) => out.write_str(" nulls first")?,
            Some(false) => out.write_str(" nulls last")?,
            None => {}
        }
        match &self.class {
            Some(class) => write!(out, " with {}", WrittenWord(class)),
            None => Ok(()),
        }
    }
}

/// How strongly an expression holds together; see [`crate::expr::Binary::precedence`].
pub fn precedence(expr: &Expr) -> u8 {
    match expr {
        Expr::Binary { rest, .. } => rest.first().map_or(12, |(operator, _)| operator.precedence()),
        Expr::Unary { operator: Unary::Not, .. } => 3,
        Expr::IsNull { .. } | Expr::Is { .. } | Expr::Any { .. } => 4,
        Expr::Unary { operator: Unary::BitNot, .. } => 6,
        Expr::In { .. } | Expr::InQuery { .. } | Expr::Between { .. } => 5,
        Expr::AtTimeZone { .. } => 9,
        Expr::Unary { operator: Unary::Minus, .. } => 10,
        Expr::Cast { .. } => 11,
        Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) | Expr::Array(_) => 12,
        Expr::Column(_) | Expr::Current(_) | Expr::Nextval(_) | Expr::Call { .. } | Expr::Case { .. } | Expr::Raw(_) => 12,
        Expr::Row(_) | Expr::Qualified { .. } | Expr::Query(_) | Expr::Exists(_) | Expr::Aggregate { .. } => 12,
    }
}

/// Operands joined by operators of one precedence: an [`Expr::Binary`], or what it begins with.
#[derive(Clone, Copy)]
pub(crate) struct Chain<'e> {
    /// The first operand.
    pub first: &'e Expr,
    /// The others with the operators before them.
    pub rest: &'e [(Binary, Expr)],
}

impl Display for Chain<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Some((operator, _)) = self.rest.first() else { return self.first.fmt(out) };
        // Comparisons do not chain, so both of their sides need parentheses where they are comparisons themselves. `not` takes
        // a whole `is distinct from`, so a `not` before one needs parentheses too.
        let level = operator.precedence();
        let chains = match form() {
            Form::Current => !(3..=4).contains(&level),
            Form::First => level != 4,
        };
        operand(self.first, if chains { level } else { level + 1 }).fmt(out)?;
        self.rest.iter().try_for_each(|(operator, right)| write!(out, " {} {}", operator.spelling(), operand(right, level + 1)))
    }
}

/// An operand, in parentheses where it binds less than `least`.
fn operand(expr: &Expr, least: u8) -> impl Display + '_ {
    fmt::from_fn(move |out| if precedence(expr) < least { write!(out, "({expr})") } else { expr.fmt(out) })
}

/// Shows a list with commas between.
fn join<T: Display>(list: &[T]) -> String {
    list.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

/// A function's name: `r#sql` where the bare word means something else in front of so many arguments.
fn called(function: &str, arguments: usize) -> impl Display + '_ {
    let is_aggregate = arguments > 0 && Aggregate::find(function, arguments).is_some();
    fmt::from_fn(move |out| match form() {
        Form::First => out.write_str(function),
        Form::Current if is_aggregate || CALLED_WORDS.contains(&function) => write!(out, "r#{function}"),
        Form::Current => WrittenColumn(function).fmt(out),
    })
}

/// The arguments of an aggregate. One that begins with an operator after `distinct` would make a column of that word.
fn counted(arguments: &[Expr], duplicates: Duplicates) -> String {
    let arguments = join(arguments);
    match duplicates {
        Duplicates::Kept => arguments,
        Duplicates::Dropped if arguments.starts_with(['-', '~']) => format!("distinct ({arguments})"),
        Duplicates::Dropped => format!("distinct {arguments}"),
    }
}

impl Display for StringLiteral {
    /// `"…"`, or `text "…"` where it was written so.
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let text: &str = self;
        match form() {
            Form::Current if self.is_typed() => write!(out, "text {text:?}"),
            Form::Current | Form::First => write!(out, "{text:?}"),
        }
    }
}

impl Display for Expr {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let not = |negated: &bool| if *negated { "not " } else { "" };
        match self {
            Expr::Null => out.write_str("null"),
            Expr::Bool(value) => value.fmt(out),
            Expr::Number(digits) => out.write_str(digits),
            Expr::Text(text) => text.fmt(out),
            Expr::Bytes(bytes) => write!(out, "b\"{}\"", bytes.escape_ascii()),
            Expr::Interval(text) => write!(out, "interval {text:?}"),
            Expr::Array(list) => write!(out, "[{}]", join(list)),
            Expr::Row(list) => write!(out, "({})", join(list)),
            Expr::Column(name) => WrittenColumn(name).fmt(out),
            Expr::Current(current) => out.write_str(current.word()),
            Expr::Nextval(sequence) => write!(out, "nextval({sequence})"),
            Expr::Call { function, arguments } => write!(out, "{}({})", called(function, arguments.len()), join(arguments)),
            Expr::Qualified { table, column } => write!(out, "{}.{}", WrittenTable(table), Written(column)),
            Expr::Query(query) => write!(out, "({query})"),
            Expr::Exists(query) => write!(out, "exists ({query})"),
            Expr::InQuery { operand: inner, query, negated } => {
                write!(out, "{} {}in ({query})", operand(inner, 6), not(negated))
            }
            Expr::Aggregate { function, arguments, .. } if arguments.is_empty() => write!(out, "{}(*)", function.word()),
            Expr::Aggregate { function, arguments, duplicates } => {
                write!(out, "{}({})", function.word(), counted(arguments, *duplicates))
            }
            Expr::Unary { operator: Unary::Not, operand: inner } => write!(out, "not {}", operand(inner, 3)),
            Expr::Unary { operator: Unary::Minus, operand: inner } => write!(out, "-{}", operand(inner, 11)),
            Expr::Binary { first, rest } => Chain { first, rest }.fmt(out),
            Expr::Unary { operator: Unary::BitNot, operand: inner } => write!(out, "~{}", operand(inner, 7)),
            Expr::Is { operand: inner, truth, negated } => {
                write!(out, "{} is {}{}", operand(inner, 5), not(negated), truth.word())
            }
            Expr::IsNull { operand: inner, negated } => write!(out, "{} is {}null", operand(inner, 5), not(negated)),
            Expr::In { operand: inner, list, negated } => {
                write!(out, "{} {}in ({})", operand(inner, 6), not(negated), join(list))
            }
            Expr::Between { operand: inner, low, high, negated } => {
                write!(out, "{} {}between {} and {}", operand(inner, 6), not(negated), operand(low, 6), operand(high, 6))
            }
            Expr::Any { operand: inner, array } => write!(out, "{} = any({array})", operand(inner, 5)),
            Expr::Case { operand: subject, arms, otherwise } => {
                out.write_str("case")?;
                if let Some(subject) = subject {
                    write!(out, " {subject}")?;
                }
                for (when, then) in arms {
                    write!(out, " when {when} then {then}")?;
                }
                if let Some(otherwise) = otherwise {
                    write!(out, " else {otherwise}")?;
                }
                out.write_str(" end")
            }
            Expr::Cast { operand: inner, to } => write!(out, "{}::{to}", operand(inner, 11)),
            Expr::AtTimeZone { operand: inner, zone } => {
                write!(out, "{} at time zone {}", operand(inner, 9), operand(zone, 10))
            }
            Expr::Raw(text) => write!(out, "sql({text:?})"),
        }
    }
}
