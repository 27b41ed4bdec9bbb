//! The types of columns that the grids walk.

use migrate_compiler::types::Type;

/// What the list of types does not show: types with arguments, arrays, and some of PostgreSQL alone.
const OTHERS: [&str; 16] = [
    "decimal(10, 2)",
    "varchar(20)",
    "char(5)",
    "text[]",
    "integer[]",
    "bigint[]",
    "varchar(20)[]",
    "json[]",
    "timestamptz[]",
    "postgres::json",
    "postgres::inet",
    "postgres::tsvector",
    "postgres::xml",
    "postgres::point",
    "postgres::int4range",
    "postgres::bit",
];

/// Every type of PostgreSQL, as it is written.
pub fn all() -> Vec<String> {
    let words = Type::WORDS.iter().map(|(word, _)| (*word).to_owned());
    words.chain(OTHERS.map(str::to_owned)).collect()
}

/// Every type that both databases have.
pub fn portable() -> Vec<String> {
    let is_portable = |ty: &String| !ty.contains("[]") && !ty.contains("::") && ty != "interval" && ty != "decimal";
    all().into_iter().filter(is_portable).collect()
}
