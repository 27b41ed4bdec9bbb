//! The book's reference of types, functions, operators and rules is made of the lists in the code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fmt::Write;
use std::path::Path;

use migrate_compiler::expr::{Aggregate, Binary, CurrentValue, Duplicates, Expr, OperatorKind, WORDS};
use migrate_compiler::schema::Column;
use migrate_compiler::sql::{self, Sql};
use migrate_compiler::types::Type;
use migrate_compiler::typing::function::{FUNCTIONS, Function, Returns, Takes};
use migrate_history::Database;

const CHAPTER: &str = "../../docs/src/reference.md";

const HEAD: &str = "# Types, operators and functions\n\n\
    What the compiler knows, and what each database is sent for it; a dash stands for what a database does not have. This page is made of the lists in the code: \
    `BOOK=overwrite cargo test -p migrate-ui-tests --test reference` writes it again.\n";

const DATABASES: [Database; 2] = [Database::Postgres, Database::Sqlite];

#[test]
fn the_reference_says_what_the_lists_are() {
    let written = [HEAD.to_owned(), types(), operators(), functions(), aggregates(), words()].concat();
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR")).join(CHAPTER);
    if std::env::var_os("BOOK").is_some_and(|word| word == "overwrite") {
        std::fs::write(&chapter, &written).unwrap();
    }
    assert!(std::fs::read_to_string(&chapter).unwrap_or_default() == written, "docs/src/reference.md is not what the lists say");
}

/// A cell of code; a bar would end it.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

/// The cells of what each database is sent.
fn sent(write: impl Fn(Database) -> Sql) -> String {
    DATABASES.map(|database| write(database).map_or_else(|_| "–".to_owned(), |sql| code(&sql))).join(" | ")
}

fn types() -> String {
    let arguments = [
        Type::Varchar(Some(20)),
        Type::Char(5),
        Type::Decimal { precision: Some(10), scale: Some(2) },
        Type::Array(Box::new(Type::Text)),
    ];
    let words = Type::WORDS.into_iter().map(|(_, ty)| ty).chain(arguments);
    let head = "\n## Types\n\nWhat they hold in Rust is in [Databases and types](databases.md#types).\n\n\
        | type | PostgreSQL | SQLite |\n|---|---|---|\n";
    words.fold(head.to_owned(), |mut page, ty| {
        let _ = writeln!(page, "| {} | {} |", code(&ty.to_string()), sent(|database| sql::type_name(database, &ty)));
        page
    })
}

/// A column of a type, for an example.
fn column(name: &str, ty: Type) -> Column {
    Column { name: name.into(), ty, nullable: true, default: None, counter: None, comment: None, kept: None }
}

fn named(name: &str) -> Expr {
    Expr::Column(name.to_owned())
}

/// What an operator is about, and in the example the type of the left operand and the right operand.
fn operands(kind: OperatorKind) -> (&'static str, Type, Expr) {
    let text = |text: &str| Expr::Text(text.into());
    match kind {
        OperatorKind::Logic => ("two conditions", Type::Boolean, named("b")),
        OperatorKind::Comparison => ("two values of one kind; gives a condition", Type::Integer, named("b")),
        OperatorKind::Pattern => ("two texts; gives a condition", Type::Text, text("a%")),
        OperatorKind::Arithmetic => ("two numbers, or a moment and an interval", Type::Integer, named("b")),
        OperatorKind::Concatenation => ("two texts or arrays", Type::Text, named("b")),
        OperatorKind::Json => ("a json value and a key; gives json", Type::Json, text("key")),
        OperatorKind::JsonText => ("a json value and a key; gives text", Type::Json, text("key")),
        OperatorKind::Bits => ("two whole numbers", Type::Integer, Expr::Number("3".to_owned())),
    }
}

fn operators() -> String {
    let mut all = Binary::ALL.to_vec();
    all.sort_by_key(|operator| std::cmp::Reverse(operator.precedence()));
    let head = "\n## Operators\n\nThe ones that bind most strongly come first.\n\n\
        | operator | operands | PostgreSQL | SQLite |\n|---|---|---|---|\n";
    all.into_iter().fold(head.to_owned(), |mut page, operator| {
        let (about, ty, right) = operands(operator.kind());
        let columns = [column("a", ty.clone()), column("b", ty)];
        let expr = Expr::Binary { first: Box::new(named("a")), rest: vec![(operator, right)] };
        let sent = sent(|database| sql::expression(database, &columns, &expr));
        let _ = writeln!(page, "| {} | {about} | {sent} |", code(operator.spelling()));
        page
    })
}

/// What an argument is, in a word, and its type in the example.
fn argument(takes: Takes) -> (&'static str, Type) {
    match takes {
        Takes::Any => ("any", Type::Integer),
        Takes::Text => ("text", Type::Text),
        Takes::Letters => ("text or bytes", Type::Text),
        Takes::Number => ("number", Type::Decimal { precision: Some(10), scale: Some(2) }),
        Takes::Whole => ("integer", Type::Integer),
    }
}

fn gives(returns: &Returns) -> String {
    match returns {
        Returns::Type(ty) => code(&ty.to_string()),
        Returns::Letters => "`text`, or `bytes` of bytes".to_owned(),
        Returns::Same => "the type of its argument".to_owned(),
        Returns::Compared | Returns::Common => "the type of its arguments".to_owned(),
    }
}

/// A function with as many arguments as its example has: the fewest, and one more where it may have more.
fn functions() -> String {
    let head = "\n## Functions\n\nA history of one database may also call functions that only that database has; the compiler does not check them.\n\n\
        | function | arguments | gives | PostgreSQL | SQLite |\n|---|---|---|---|---|\n";
    FUNCTIONS.iter().fold(head.to_owned(), |mut page, function| {
        let Function { name, arity: (least, most), takes, then, returns } = function;
        let taken: Vec<_> = (0..(*most).min(least + 1)).map(|place| argument(if place == 0 { *takes } else { *then })).collect();
        let names = ["a", "b", "c", "d"];
        let columns: Vec<Column> = taken.iter().zip(names).map(|((_, ty), name)| column(name, ty.clone())).collect();
        let arguments: Vec<Expr> = columns.iter().map(|column| named(&column.name)).collect();
        let about: Vec<&str> = taken.iter().map(|(word, _)| *word).collect();
        let about = if about.is_empty() { function.takes() } else { format!("{}: {}", function.takes(), about.join(", ")) };
        let call = Expr::Call { function: (*name).to_owned(), arguments };
        let sent = sent(|database| sql::expression(database, &columns, &call));
        let _ = writeln!(page, "| {} | {about} | {} | {sent} |", code(name), gives(returns));
        page
    })
}

/// What an aggregate is about.
fn of_rows(function: Aggregate) -> &'static str {
    match function {
        Aggregate::Count => "a `bigint`: how many rows, how many that are not null, or how many distinct ones",
        Aggregate::Max => "the greatest value: numbers, text, times, enums on PostgreSQL",
        Aggregate::Min => "the least value, of the same types",
        Aggregate::Sum => "a `bigint` of `integer` and `smallint`, a `decimal` of `bigint`, else the type of its argument",
        Aggregate::Avg => "a `double` of `real` and `double`, else a `decimal`",
    }
}

/// Each aggregate with as many arguments as it may have, and all of them with `distinct`.
fn aggregates() -> String {
    let head = "\n## Aggregates\n\nThey are allowed in queries only. Of no rows `count` is 0, and the others are null.\n\n\
        | aggregate | gives | PostgreSQL | SQLite |\n|---|---|---|---|\n";
    let column = [column("a", Type::Integer)];
    let call = |function: Aggregate, arguments: &[Expr], duplicates| Expr::Aggregate {
        function,
        arguments: arguments.to_vec(),
        duplicates,
    };
    Aggregate::ALL.iter().fold(head.to_owned(), |mut page, function| {
        let (least, most) = function.arity();
        let of_all = (least..=most).map(|count| call(*function, &vec![named("a"); count], Duplicates::Kept));
        for expr in of_all.chain([call(*function, &[named("a")], Duplicates::Dropped)]) {
            let sent = sent(|database| sql::expression(database, &column, &expr));
            let _ = writeln!(page, "| {} | {} | {sent} |", code(&expr.to_string()), of_rows(*function));
        }
        page
    })
}

fn words() -> String {
    let current = CurrentValue::ALL.map(|current| {
        format!("| {} | {} |\n", code(current.word()), sent(|database| sql::expression(database, &[], &Expr::Current(current))))
    });
    let words = WORDS.map(code).join(", ");
    format!(
        "\n## The current moment and role\n\n| word | PostgreSQL | SQLite |\n|---|---|---|\n{}\n## Words of expressions\n\n\
        A column with one of these names is written as a raw identifier in an expression, `r#select`: {words}.\n",
        current.concat()
    )
}
