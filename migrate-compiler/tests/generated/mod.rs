//! Names, expressions and operations of every kind, for the tests of what is printed.

use migrate_compiler::expr::{
    Aggregate, Binary, CALLED_WORDS, CurrentValue, Duplicates, Expr, FromTable, Join, Order, Select, StringLiteral, Truth, Unary,
    WORDS,
};
use migrate_compiler::name::Name;
use migrate_compiler::operation::{
    AddColumn, AddConstraint, AlterConstraint, AlterType, CommentColumn, CommentTable, CreateIndex, CreateTable, DropColumn,
    DropConstraint, DropDefault, DropIndex, DropNotNull, DropTable, Operation, RenameColumn, RenameConstraint, RenameIndex,
    RenameTable, SetCounter, SetDefault, SetNotNull,
};
use migrate_compiler::schema::{
    Column, Constraint, Counter, CounterKind, ForeignKey, Index, Key, ReferentialAction, Rule, Table, Timing,
};
use migrate_compiler::types::{Native, Type};
use migrate_history::Database;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// Words of the statements, which are names where a name is expected.
const STATEMENT_WORDS: [&str; 36] = [
    "concurrently",
    "add",
    "after",
    "alter",
    "asc",
    "cascade",
    "check",
    "column",
    "comment",
    "constraint",
    "default",
    "deferrable",
    "desc",
    "drop",
    "exists",
    "foreign",
    "identity",
    "if",
    "include",
    "index",
    "irreversible",
    "keep",
    "key",
    "nulls",
    "on",
    "primary",
    "references",
    "rename",
    "set",
    "table",
    "to",
    "type",
    "undo",
    "unique",
    "using",
    "where",
];

/// Names that a database keeps and that something could trip over.
const NASTY: [&str; 26] = [
    "Score",
    "deletedAt",
    "SELECT",
    "Order Items",
    "2fa",
    "say \"hi\"",
    "back\\slash",
    "größe",
    "Größe",
    "naïve",
    "имя",
    "名前",
    "a.b",
    "a-b",
    "r#x",
    "_",
    "_x",
    "Self",
    "self",
    "super",
    "crate",
    "fn",
    "text",
    "interval",
    "'quoted'",
    "tab\tnew\nline",
];

pub fn name() -> BoxedStrategy<String> {
    let of = |words: &'static [&'static str]| proptest::sample::select(words).prop_map(str::to_owned);
    prop_oneof![
        3 => "[a-z_][a-z0-9_]{0,6}",
        3 => "[A-Za-z_][A-Za-z0-9_]{0,6}",
        4 => of(&WORDS),
        1 => of(&CALLED_WORDS),
        2 => of(&STATEMENT_WORDS),
        4 => of(&NASTY),
        1 => "\\PC{1,8}",
    ]
    .boxed()
}

fn qualified() -> BoxedStrategy<Name> {
    (option::weighted(0.3, name()), name()).prop_map(|(schema, name)| Name { schema, name }).boxed()
}

/// A name that is an identifier, bare or raw.
fn identifier() -> BoxedStrategy<String> {
    let is_identifier = |name: &String| {
        let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let fixed = ["_", "self", "Self", "super", "crate"].contains(&name.as_str());
        name.chars().all(word) && !name.starts_with(|first: char| first.is_ascii_digit()) && !fixed
    };
    name().prop_filter("an identifier", is_identifier).boxed()
}

fn ty() -> BoxedStrategy<Type> {
    let native = identifier().prop_map(|name| Type::Native(Native { database: Database::Postgres, name, arguments: vec![3] }));
    prop_oneof![
        Just(Type::Text),
        Just(Type::Double),
        Just(Type::Decimal { precision: Some(10), scale: Some(2) }),
        Just(Type::Array(Box::new(Type::Varchar(Some(9))))),
        native,
    ]
    .boxed()
}

fn literal() -> BoxedStrategy<Expr> {
    let text = prop_oneof![name(), "\\PC{0,8}"];
    prop_oneof![
        4 => text.prop_map(|text| Expr::Text(text.into())),
        2 => name().prop_map(|text| Expr::Text(StringLiteral::typed(text))),
        1 => name().prop_map(Expr::Interval),
        1 => vec(any::<u8>(), 0..4).prop_map(Expr::Bytes),
        1 => proptest::sample::select(vec!["0", "1", "1.5", "1e3"]).prop_map(|digits| Expr::Number(digits.to_owned())),
        1 => any::<bool>().prop_map(Expr::Bool),
        1 => Just(Expr::Null),
        1 => proptest::sample::select(CurrentValue::ALL.to_vec()).prop_map(Expr::Current),
        1 => qualified().prop_map(Expr::Nextval),
        1 => Just(Expr::Raw("now() > now()".to_owned())),
    ]
    .boxed()
}

pub fn expr() -> BoxedStrategy<Expr> {
    let leaf = prop_oneof![4 => name().prop_map(Expr::Column), 3 => literal()];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        let some = |least| vec(inner.clone(), least..3);
        prop_oneof![
            some(0).prop_map(Expr::Array),
            (identifier(), some(0)).prop_map(|(function, arguments)| Expr::Call { function, arguments }),
            (proptest::sample::select(vec![Unary::Not, Unary::Minus, Unary::BitNot]), one())
                .prop_map(|(operator, operand)| Expr::Unary { operator, operand }),
            (proptest::sample::select(Binary::ALL), inner.clone(), inner.clone())
                .prop_map(|(operator, left, right)| Expr::binary(left, operator, right)),
            (one(), proptest::sample::select(Truth::ALL.to_vec()), any::<bool>())
                .prop_map(|(operand, truth, negated)| Expr::Is { operand, truth, negated }),
            vec(inner.clone(), 2..4).prop_map(Expr::Row),
            (one(), any::<bool>()).prop_map(|(operand, negated)| Expr::IsNull { operand, negated }),
            (one(), some(1), any::<bool>()).prop_map(|(operand, list, negated)| Expr::In { operand, list, negated }),
            (one(), one(), one(), any::<bool>()).prop_map(|(operand, low, high, negated)| Expr::Between {
                operand,
                low,
                high,
                negated
            }),
            (one(), one()).prop_map(|(operand, array)| Expr::Any { operand, array }),
            (option::of(one()), vec((inner.clone(), inner.clone()), 1..3), option::of(one()))
                .prop_map(|(operand, arms, otherwise)| Expr::Case { operand, arms, otherwise }),
            (one(), ty()).prop_map(|(operand, to)| Expr::Cast { operand, to }),
            (one(), one()).prop_map(|(operand, zone)| Expr::AtTimeZone { operand, zone }),
            query(inner.clone()).prop_map(|query| Expr::Query(Box::new(query))),
            query(inner.clone()).prop_map(|query| Expr::Exists(Box::new(query))),
            (one(), query(inner.clone()), any::<bool>()).prop_map(|(operand, query, negated)| Expr::InQuery {
                operand,
                query: Box::new(query),
                negated
            }),
            (proptest::sample::select(Aggregate::ALL), inner.clone(), duplicates()).prop_map(
                |(function, argument, duplicates)| { Expr::Aggregate { function, arguments: vec![argument], duplicates } }
            ),
            Just(Expr::Aggregate { function: Aggregate::Count, arguments: Vec::new(), duplicates: Duplicates::Kept }),
        ]
    })
    .boxed()
}

fn duplicates() -> BoxedStrategy<Duplicates> {
    proptest::sample::select(vec![Duplicates::Kept, Duplicates::Dropped]).boxed()
}

/// A query whose tables have names that no other query around it has.
fn query(inner: BoxedStrategy<Expr>) -> BoxedStrategy<Select> {
    let some = |least| vec(inner.clone(), least..3);
    let join = (any::<bool>(), inner.clone()).prop_map(|(left, on)| if left { Join::Left(on) } else { Join::Inner(on) });
    let from = (qualified(), option::of(name()), join).prop_map(|(table, alias, join)| FromTable { table, alias, join });
    let order = (inner.clone(), any::<bool>(), option::of(any::<bool>())).prop_map(|(value, descending, nulls_first)| Order {
        value,
        descending,
        nulls_first,
    });
    let rows = (duplicates(), some(1), vec(from, 1..3), option::of(inner.clone()));
    let groups = (some(0), option::of(inner.clone()), vec(order, 0..2), option::of(any::<u32>()));
    (rows, groups)
        .prop_map(|((duplicates, values, mut from, filter), (groups, having, order, limit))| {
            from[0].join = Join::First;
            Select { duplicates, values, from, filter, groups, having, order, limit }
        })
        .boxed()
}

fn column() -> BoxedStrategy<Column> {
    let column = |(name, ty, nullable, default)| Column { name, ty, nullable, default, counter: None, comment: None, kept: None };
    (name(), ty(), any::<bool>(), option::of(expr())).prop_map(column).boxed()
}

fn names() -> BoxedStrategy<Vec<String>> {
    vec(name(), 1..3).boxed()
}

fn constraint() -> BoxedStrategy<Constraint> {
    let key = (names(), qualified(), vec(name(), 0..3), proptest::sample::select(ReferentialAction::ALL.to_vec())).prop_map(
        |(columns, table, references, on_delete)| {
            Rule::ForeignKey(ForeignKey {
                columns,
                table,
                references,
                on_delete,
                set_columns: Vec::new(),
                on_update: ReferentialAction::NoAction,
            })
        },
    );
    let rule = prop_oneof![
        names().prop_map(|columns| Rule::PrimaryKey { columns }),
        (names(), any::<bool>()).prop_map(|(columns, nulls_not_distinct)| Rule::Unique { columns, nulls_not_distinct }),
        key,
        expr().prop_map(|condition| Rule::Check { condition }),
    ];
    (option::of(name()), rule, any::<bool>())
        .prop_map(|(name, rule, deferred)| {
            let timing = if deferred { Timing::Deferred } else { Timing::Immediate };
            Constraint { name, rule, timing }
        })
        .boxed()
}

fn key() -> BoxedStrategy<Key> {
    let value = prop_oneof![name().prop_map(Expr::Column), expr()];
    (value, any::<bool>(), option::of(any::<bool>()), option::weighted(0.2, identifier()))
        .prop_map(|(value, descending, nulls_first, class)| Key { value, descending, nulls_first, class })
        .boxed()
}

fn index() -> BoxedStrategy<Index> {
    let parts = (option::of(name()), any::<bool>(), option::weighted(0.2, identifier()), vec(key(), 1..3));
    (parts, vec(name(), 0..2), any::<bool>(), option::of(expr()))
        .prop_map(|((name, unique, method, keys), include, nulls_not_distinct, filter)| Index {
            name,
            unique,
            method,
            keys,
            include,
            nulls_not_distinct,
            filter,
        })
        .boxed()
}

fn counter() -> BoxedStrategy<Counter> {
    let kinds = [CounterKind::Identity, CounterKind::Always, CounterKind::Serial];
    (proptest::sample::select(kinds.to_vec()), name()).prop_map(|(kind, sequence)| Counter { kind, sequence }).boxed()
}

pub fn operation() -> BoxedStrategy<Operation> {
    let of_column = || (qualified(), name());
    let create = (qualified(), vec(column(), 0..3), vec(constraint(), 0..3)).prop_map(|(name, columns, constraints)| {
        CreateTable { name, table: Table { columns, constraints, ..Table::default() } }.into()
    });
    let constraints = prop_oneof![
        (qualified(), constraint()).prop_map(|(table, constraint)| AddConstraint { table, constraint }.into()),
        (qualified(), name()).prop_map(|(table, name)| DropConstraint::new(table, name).into()),
        (qualified(), name(), name()).prop_map(|(table, from, to)| RenameConstraint { table, from, to }.into()),
        (qualified(), name()).prop_map(|(table, name)| AlterConstraint { table, name, timing: Timing::Deferrable }.into()),
    ];
    let columns = prop_oneof![
        (qualified(), column()).prop_map(|(table, column)| AddColumn { table, column, fill: None }.into()),
        of_column().prop_map(|(table, column)| DropColumn { table, column }.into()),
        (qualified(), name(), name()).prop_map(|(table, from, to)| RenameColumn { table, from, to }.into()),
        (qualified(), name(), ty(), option::of(expr())).prop_map(|(table, column, to, using)| AlterType {
            table,
            column,
            to,
            using
        }
        .into()),
        (of_column(), option::of(counter())).prop_map(|((table, column), to)| SetCounter { table, column, to }.into()),
        (qualified(), option::of("\\PC{1,8}")).prop_map(|(table, comment)| CommentTable { table, comment }.into()),
        of_column().prop_map(|(table, column)| SetNotNull { table, column }.into()),
        of_column().prop_map(|(table, column)| DropNotNull { table, column }.into()),
        (qualified(), name(), expr()).prop_map(|(table, column, default)| SetDefault { table, column, default }.into()),
        of_column().prop_map(|(table, column)| DropDefault { table, column }.into()),
        (qualified(), name(), option::of("\\PC{1,8}")).prop_map(|(table, column, comment)| CommentColumn {
            table,
            column,
            comment
        }
        .into()),
    ];
    let others = prop_oneof![
        qualified().prop_map(|name| DropTable { name }.into()),
        (qualified(), qualified()).prop_map(|(from, to)| RenameTable { from, to }.into()),
        (qualified(), index()).prop_map(|(table, index)| CreateIndex { table, index }.into()),
        qualified().prop_map(|name| DropIndex { name }.into()),
        (qualified(), qualified()).prop_map(|(from, to)| RenameIndex { from, to }.into()),
    ];
    prop_oneof![1 => create, 2 => constraints, 3 => columns, 2 => others].boxed()
}
