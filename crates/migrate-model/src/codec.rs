//! How a state, or a compiled migration, is written into one string literal: length-prefixed, so that reading it never looks for an end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::expr::{Binary, Current, Expr, StringLiteral, Truth, Unary};
use crate::footprint::{Part, Touch};
use crate::history::{self, Basis, Compiled, Database, Grade, Guard, Level, List, Script, Statement, Step, Tally, Text};
use crate::name::Name;
use crate::schema::{Action, Column, Constraint, Counter, CounterKind, ForeignKey, Gone, Index, Key, Rule, Table, Timing};
use crate::types::{Native, Type};

/// What can be written into a literal and read back.
pub(crate) trait Codec: Sized {
    /// Appends the value.
    fn write(&self, out: &mut String);

    /// Takes the value off the front; `None` where the text is not one.
    fn read(input: &mut &str) -> Option<Self>;
}

/// Takes the text up to a mark, and the mark.
fn until<'a>(input: &mut &'a str, mark: char) -> Option<&'a str> {
    let (text, rest) = input.split_once(mark)?;
    *input = rest;
    Some(text)
}

/// Takes one letter.
fn letter(input: &mut &str) -> Option<char> {
    let mut letters = input.chars();
    let first = letters.next()?;
    *input = letters.as_str();
    Some(first)
}

macro_rules! number {
    ($($ty:ty),*) => {$(
        impl Codec for $ty {
            fn write(&self, out: &mut String) {
                out.push_str(&self.to_string());
                out.push(';');
            }

            fn read(input: &mut &str) -> Option<Self> {
                until(input, ';')?.parse().ok()
            }
        }
    )*};
}

number!(u8, u16, u32, usize);

impl Codec for String {
    fn write(&self, out: &mut String) {
        out.push_str(&self.len().to_string());
        out.push(':');
        out.push_str(self);
    }

    fn read(input: &mut &str) -> Option<Self> {
        let length: usize = until(input, ':')?.parse().ok()?;
        let (text, rest) = input.split_at_checked(length)?;
        *input = rest;
        Some(text.to_owned())
    }
}

impl Codec for Arc<str> {
    fn write(&self, out: &mut String) {
        out.push_str(&self.len().to_string());
        out.push(':');
        out.push_str(self);
    }

    fn read(input: &mut &str) -> Option<Self> {
        String::read(input).map(Arc::from)
    }
}

impl Codec for Text {
    fn write(&self, out: &mut String) {
        out.push_str(&self.len().to_string());
        out.push(':');
        out.push_str(self);
    }

    fn read(input: &mut &str) -> Option<Self> {
        String::read(input).map(Text::from)
    }
}

impl<T: Codec + Clone> Codec for List<T> {
    fn write(&self, out: &mut String) {
        self.len().write(out);
        self.iter().for_each(|item| item.write(out));
    }

    fn read(input: &mut &str) -> Option<Self> {
        Vec::read(input).map(List::from)
    }
}

impl Codec for bool {
    fn write(&self, out: &mut String) {
        out.push(if *self { 'y' } else { 'n' });
    }

    fn read(input: &mut &str) -> Option<Self> {
        match letter(input)? {
            'y' => Some(true),
            'n' => Some(false),
            _ => None,
        }
    }
}

impl<T: Codec> Codec for Option<T> {
    fn write(&self, out: &mut String) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(input: &mut &str) -> Option<Self> {
        if bool::read(input)? { T::read(input).map(Some) } else { Some(None) }
    }
}

impl<T: Codec> Codec for Vec<T> {
    fn write(&self, out: &mut String) {
        self.len().write(out);
        self.iter().for_each(|item| item.write(out));
    }

    fn read(input: &mut &str) -> Option<Self> {
        let length = usize::read(input)?;
        (0..length).map(|_| T::read(input)).collect()
    }
}

impl<T: Codec> Codec for Box<T> {
    fn write(&self, out: &mut String) {
        (**self).write(out);
    }

    fn read(input: &mut &str) -> Option<Self> {
        T::read(input).map(Box::new)
    }
}

impl<T: Codec> Codec for Arc<T> {
    fn write(&self, out: &mut String) {
        (**self).write(out);
    }

    fn read(input: &mut &str) -> Option<Self> {
        T::read(input).map(Arc::new)
    }
}

impl<A: Codec, B: Codec> Codec for (A, B) {
    fn write(&self, out: &mut String) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(input: &mut &str) -> Option<Self> {
        Some((A::read(input)?, B::read(input)?))
    }
}

impl<K: Codec + Ord, V: Codec> Codec for BTreeMap<K, V> {
    fn write(&self, out: &mut String) {
        self.len().write(out);
        for (key, value) in self {
            key.write(out);
            value.write(out);
        }
    }

    fn read(input: &mut &str) -> Option<Self> {
        let length = usize::read(input)?;
        (0..length).map(|_| <(K, V)>::read(input)).collect()
    }
}

impl<T: Codec + Ord> Codec for BTreeSet<T> {
    fn write(&self, out: &mut String) {
        self.len().write(out);
        self.iter().for_each(|item| item.write(out));
    }

    fn read(input: &mut &str) -> Option<Self> {
        let length = usize::read(input)?;
        (0..length).map(|_| T::read(input)).collect()
    }
}

/// A struct is its fields, in this order.
macro_rules! record {
    ($ty:ident { $($field:ident),* $(,)? }) => {
        impl Codec for $ty {
            fn write(&self, out: &mut String) {
                let $ty { $($field),* } = self;
                $($field.write(out);)*
            }

            fn read(input: &mut &str) -> Option<Self> {
                $(let $field = Codec::read(input)?;)*
                Some($ty { $($field),* })
            }
        }
    };
}

/// An enum is a letter and the fields of its variant.
macro_rules! choice {
    ($ty:ident { $($tag:literal $variant:ident $(($($item:ident),*))? $({ $($field:ident),* })?),* $(,)? }) => {
        impl Codec for $ty {
            fn write(&self, out: &mut String) {
                match self {
                    $($ty::$variant $(($($item),*))? $({ $($field),* })? => {
                        out.push($tag);
                        $($($item.write(out);)*)?
                        $($($field.write(out);)*)?
                    })*
                }
            }

            fn read(input: &mut &str) -> Option<Self> {
                match letter(input)? {
                    $($tag => {
                        $($(let $item = Codec::read(input)?;)*)?
                        $($(let $field = Codec::read(input)?;)*)?
                        Some($ty::$variant $(($($item),*))? $({ $($field),* })?)
                    })*
                    _ => None,
                }
            }
        }
    };
}

record!(Compiled { message, operations, older, level, basis, losses, irreversible, notes, scripts });
record!(Script { database, upgrade, downgrade, guards, drops, moves });
record!(Tally { query, what, reads });
record!(Grade { level, basis });
record!(Step { rebuild, statements });
record!(Guard { query, refusal });
record!(Name { schema, name });
record!(Touch { wrote, read });
record!(Native { database, name, arguments });
record!(Table { since, comment, columns, constraints, indexes });
record!(Column { name, ty, nullable, default, counter, comment, since });
record!(Counter { kind, sequence });
record!(Constraint { name, rule, timing, since });
record!(ForeignKey { columns, table, references, on_delete, set_columns, on_update });
record!(Index { name, unique, method, keys, include, nulls_not_distinct, filter, since });
record!(Key { value, descending, nulls_first, class });

choice!(Database { 'p' Postgres, 's' Sqlite });
choice!(Basis { 'p' Proved, 's' Stated });
choice!(Level { 'e' Exact, 's' Schema, 'i' Irreversible });
choice!(CounterKind { 'i' Identity, 'a' Always, 's' Serial });
choice!(Timing { 'i' Immediate, 'd' Deferrable, 'D' Deferred });
choice!(Action { 'n' NoAction, 'r' Restrict, 'c' Cascade, 'N' SetNull, 'd' SetDefault });
choice!(Current { 's' Timestamp, 'd' Date, 't' Time, 'u' User, 'U' SessionUser });
choice!(Truth { 't' True, 'f' False, 'u' Unknown });
choice!(Unary { 'n' Not, 'm' Minus, 'b' BitNot });
choice!(Gone { 't' Table(name), 'c' Column(table, name), 'k' Constraint(table, name), 'i' Index(table, name) });
choice!(Part {
    'a' All, 't' Itself, 'p' PrimaryKey, 'm' Comment, 'r' Rows, 'c' Column(name), 'T' Type(name), 'n' Null(name), 'd' Default(name),
    'M' ColumnComment(name), 'k' Constraint(name), 'i' Index(name), 'N' Name,
});
choice!(Rule {
    'p' PrimaryKey { columns }, 'u' Unique { columns, nulls_not_distinct }, 'f' ForeignKey(key), 'c' Check { condition },
});
choice!(Type {
    'b' Boolean, 's' SmallInt, 'i' Integer, 'l' BigInt, 'r' Real, 'd' Double, 'n' Decimal { precision, scale }, 't' Text,
    'v' Varchar(length), 'c' Char(length), 'x' Bytes, 'u' Uuid, 'D' Date, 'T' Time, 'm' Timestamp, 'z' Timestamptz,
    'I' Interval, 'j' Json, 'a' Array(of), 'N' Native(native),
});
choice!(Expr {
    '0' Null, 'b' Bool(value), 'n' Number(digits), 't' Text(text), 'x' Bytes(bytes), 'I' Interval(text), 'a' Array(list),
    'c' Column(name), 'C' Current(current), 's' Nextval(sequence), 'f' Call { function, arguments },
    'u' Unary { operator, operand }, 'o' Binary { first, rest }, 'N' IsNull { operand, negated },
    'T' Is { operand, truth, negated }, 'R' Row(list),
    'i' In { operand, list, negated }, 'B' Between { operand, low, high, negated }, 'A' Any { operand, array },
    'w' Case { operand, arms, otherwise }, 'k' Cast { operand, to }, 'z' AtTimeZone { operand, zone }, 'r' Raw(text),
});

impl Codec for StringLiteral {
    fn write(&self, out: &mut String) {
        self.is_typed().write(out);
        (**self).to_owned().write(out);
    }

    fn read(input: &mut &str) -> Option<Self> {
        let is_typed = bool::read(input)?;
        let text = String::read(input)?;
        Some(if is_typed { StringLiteral::typed(text) } else { text.into() })
    }
}

impl Codec for Binary {
    fn write(&self, out: &mut String) {
        self.spelling().to_owned().write(out);
    }

    fn read(input: &mut &str) -> Option<Self> {
        let spelling = String::read(input)?;
        Binary::ALL.iter().copied().find(|operator| operator.spelling() == spelling)
    }
}

impl Codec for Statement {
    fn write(&self, out: &mut String) {
        let Statement { action, sql, operation } = self;
        out.push(match action {
            history::Action::Run => 'r',
            history::Action::Expect => 'e',
            history::Action::Keep => 'k',
            history::Action::Restore => 'R',
        });
        sql.write(out);
        operation.write(out);
    }

    fn read(input: &mut &str) -> Option<Self> {
        let action = match letter(input)? {
            'r' => history::Action::Run,
            'e' => history::Action::Expect,
            'k' => history::Action::Keep,
            'R' => history::Action::Restore,
            _ => return None,
        };
        Some(Statement { action, sql: Codec::read(input)?, operation: Codec::read(input)? })
    }
}
