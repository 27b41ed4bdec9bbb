//! How the parts of a state are written into the literal that hands it on.

use migrate_history::codec::Codec;
use migrate_history::{choice, record};

use crate::expr::{
    Aggregate, Binary, CurrentValue, Duplicates, Expr, FromTable, Join, Order, Select, StringLiteral, Truth, Unary,
};
use crate::footprint::{Part, Touch};
use crate::name::Name;
use crate::schema::{
    Column, Constraint, Counter, CounterKind, ForeignKey, Index, KeptColumn, KeptOf, KeptTable, Key, ReferentialAction, Rule,
    Table, Timing,
};
use crate::types::{EnumType, Native, Type};

record!(Name { schema, name });
record!(Touch { wrote, read });
record!(Native { database, name, arguments });
record!(EnumType { name, values });
record!(Table { comment, columns, constraints, indexes, kept });
record!(Column { name, ty, nullable, default, counter, comment, kept });
record!(KeptTable { name, number, parts, of });
record!(KeptColumn { name, number });
record!(Counter { kind, sequence });
record!(Constraint { name, rule, timing });
record!(ForeignKey { columns, table, references, on_delete, set_columns, on_update });
record!(Index { name, unique, method, keys, include, nulls_not_distinct, filter });
record!(Select { duplicates, values, from, filter, groups, having, order, limit });
record!(FromTable { table, alias, join });
record!(Order { value, descending, nulls_first });
record!(Key { value, descending, nulls_first, class });

choice!(KeptOf { 't' Table, 'r' Rows, 'v' Values });
choice!(CounterKind { 'i' Identity, 'a' Always, 's' Serial });
choice!(Timing { 'i' Immediate, 'd' Deferrable, 'D' Deferred });
choice!(ReferentialAction { 'n' NoAction, 'r' Restrict, 'c' Cascade, 'N' SetNull, 'd' SetDefault });
choice!(CurrentValue { 's' Timestamp, 'd' Date, 't' Time, 'u' User, 'U' SessionUser });
choice!(Duplicates { 'k' Kept, 'd' Dropped });
choice!(Join { 'f' First, 'i' Inner(condition), 'l' Left(condition) });
choice!(Aggregate { 'c' Count, 'M' Max, 'm' Min, 's' Sum, 'a' Avg });
choice!(Truth { 't' True, 'f' False, 'u' Unknown });
choice!(Unary { 'n' Not, 'm' Minus, 'b' BitNot });
choice!(Part {
    'a' All, 't' Itself, 'p' PrimaryKey, 'm' Comment, 'r' Rows, 'c' Column(name), 'T' Type(name), 'n' Null(name), 'd' Default(name),
    'M' ColumnComment(name), 'k' Constraint(name), 'i' Index(name), 'o' Object(kind), 'N' Name,
});
choice!(Rule {
    'p' PrimaryKey { columns }, 'u' Unique { columns, nulls_not_distinct }, 'f' ForeignKey(key), 'c' Check { condition },
});
choice!(Type {
    'b' Boolean, 's' SmallInt, 'i' Integer, 'l' BigInt, 'r' Real, 'd' Double, 'n' Decimal { precision, scale }, 't' Text,
    'v' Varchar(length), 'c' Char(length), 'x' Bytes, 'u' Uuid, 'D' Date, 'T' Time, 'm' Timestamp, 'z' Timestamptz,
    'I' Interval, 'j' Json, 'e' Enum(of), 'a' Array(of), 'N' Native(native),
});
choice!(Expr {
    '0' Null, 'b' Bool(value), 'n' Number(digits), 't' Text(text), 'x' Bytes(bytes), 'I' Interval(text), 'a' Array(list),
    'c' Column(name), 'C' Current(current), 's' Nextval(sequence), 'f' Call { function, arguments },
    'u' Unary { operator, operand }, 'o' Binary { first, rest }, 'N' IsNull { operand, negated },
    'T' Is { operand, truth, negated }, 'R' Row(list),
    'i' In { operand, list, negated }, 'B' Between { operand, low, high, negated }, 'A' Any { operand, array },
    'w' Case { operand, arms, otherwise }, 'k' Cast { operand, to }, 'z' AtTimeZone { operand, zone }, 'r' Raw(text),
    'Q' Query(query), 'E' Exists(query), 'q' InQuery { operand, query, negated }, 'g' Aggregate { function, arguments, duplicates },
    '.' Qualified { table, column },
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
