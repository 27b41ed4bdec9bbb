//! What people write by habit, from SQL or from another tool, and what is written here instead: lists of patterns, which are tried
//! on what could not be read.
//!
//! In a pattern, words match in any case, `NAME`, `OTHER` and `TYPE` match one name each, `RELATION` a name that may have a schema,
//! `LIST` parentheses, `BODY` braces, `TEXT` a string literal, and `REST` everything up to the end. What is written here has them
//! again, and in addition `TABLE`, the table that the action is about, `COLUMNS`, the names of `LIST` with `_` between, `ENTRIES`,
//! `LIST` in braces, `INNER`, what is in `BODY`, and `ALL`, everything that matched as a string literal. In a message,
//! `WORD` is the first word that is different.

mod apply;
mod edit;
mod pattern;
mod repair;
mod shown;
mod spelling;
mod words;

pub(super) use repair::{Spot, UnreadPart, repair};
pub(super) use shown::next;

/// A habit.
#[derive(Clone, Copy)]
struct Habit {
    /// What is written elsewhere.
    sql: &'static str,
    /// What is written here.
    here: &'static str,
    /// The rule and what is wrong, where it is not what was said already when it could not be read.
    says: Option<(&'static str, &'static str)>,
}

/// A habit of which it says enough that it could not be read.
const fn habit(sql: &'static str, here: &'static str) -> Habit {
    Habit { sql, here, says: None }
}

/// Rule `sql_syntax`: a habit with what is wrong.
const fn says(sql: &'static str, here: &'static str, says: &'static str) -> Habit {
    Habit { sql, here, says: Some(("sql_syntax", says)) }
}

/// The same with a rule of its own.
const fn rule(rule: &'static str, sql: &'static str, here: &'static str, says: &'static str) -> Habit {
    Habit { sql, here, says: Some((rule, says)) }
}

const NOT_WRITTEN: &str = "unexpected `WORD`";
const BESIDE: &str = "this is not an action of `alter table`, but a separate statement";
const BY_NAME: &str = "a constraint is dropped by its name";
const NAMED: &str = "the name of a constraint is written before it: `NAME: …`";
const RAW: &str = "`WORD` is not a statement of the language, but can be raw SQL";
const COUNTS: &str = "an auto-incrementing column is written with `identity`";
const TYPE: &str = "a type is changed by `alter NAME type …`";
const NULLABLE: &str = "the type of a nullable column ends with `?`";
const TRANSACTION: &str = "a migration already runs in transactions";
const OPTION: &str = "`Option` is a type of Rust: the type of a nullable column ends with `?`";

/// What begins a statement.
const STATEMENTS: &[Habit] = &[
    says("create type NAME as enum LIST", "create enum NAME LIST", "an enum is created by `create enum`"),
    says("alter type NAME add value TEXT", "alter enum NAME { add TEXT; }", "a value is added by `alter enum`"),
    says("drop type NAME", "drop enum NAME", "an enum is dropped by `drop enum`"),
    says(
        "comment on table RELATION is TEXT",
        "alter table RELATION { comment TEXT; }",
        "the comment of a table is set in `alter table`",
    ),
    says(
        "comment on column NAME . OTHER is TEXT",
        "alter table NAME { comment OTHER TEXT; }",
        "the comment of a column is set in `alter table`",
    ),
    says("up BODY", "INNER", "unexpected `up`: the statements of a migration are its upgrade"),
    habit("create index concurrently", "create index"),
    habit("create unique index concurrently", "create unique index"),
    habit("drop index concurrently", "drop index"),
    habit("create table RELATION LIST", "create table RELATION ENTRIES"),
    habit("create NAME BODY", "create table NAME BODY"),
    habit("alter NAME BODY", "alter table NAME BODY"),
    habit("table RELATION BODY", "create table RELATION BODY"),
    says("drop table RELATION , OTHER", "drop table RELATION; drop table OTHER", "`drop table` drops one table"),
    habit("drop NAME", "drop table NAME"),
    habit("rename NAME to OTHER", "rename table NAME to OTHER"),
    habit("rename table NAME OTHER", "rename table NAME to OTHER"),
    says("alter table RELATION rename to OTHER", "rename table RELATION to OTHER", "a table is renamed by `rename table`"),
    habit("alter table RELATION REST", "alter table RELATION { REST; }"),
    habit("alter enum NAME REST", "alter enum NAME { REST; }"),
    habit("create enum NAME BODY", "create enum NAME (INNER)"),
    says(
        "comment on RELATION is TEXT",
        "alter table RELATION { comment TEXT; }",
        "the comment of a table is set in `alter table`",
    ),
    rule("unexpected", "truncate table RELATION", "truncate RELATION undo nothing \"the rows are not needed\"", NOT_WRITTEN),
    says(
        "truncate RELATION cascade",
        "truncate RELATION undo nothing \"the rows are not needed\"",
        "`truncate` empties one table; another one requires another statement",
    ),
    says(
        "truncate RELATION restart identity",
        "truncate RELATION undo nothing \"the rows are not needed\"",
        "`truncate` leaves the numbers of a table as they are",
    ),
    rule(
        "unexpected",
        "truncate RELATION continue identity",
        "truncate RELATION undo nothing \"the rows are not needed\"",
        NOT_WRITTEN,
    ),
    habit("delete RELATION where REST", "delete from RELATION where REST"),
    says(
        "grant NAME on RELATION to OTHER",
        "#[only(postgres)] sql ALL as nothing undo \"revoke NAME on RELATION from OTHER\"",
        RAW,
    ),
    says("grant REST", "#[only(postgres)] sql ALL as nothing undo nothing \"the role may keep it\"", RAW),
    says(
        "revoke NAME on RELATION from OTHER",
        "#[only(postgres)] sql ALL as nothing undo \"grant NAME on RELATION to OTHER\"",
        RAW,
    ),
    says("revoke REST", "#[only(postgres)] sql ALL as nothing undo nothing \"the role does not need it\"", RAW),
    says("begin", "", TRANSACTION),
    says("begin transaction", "", TRANSACTION),
    says("start transaction", "", TRANSACTION),
    says("commit", "", TRANSACTION),
    says("select REST", "sql ALL as nothing undo nothing \"it only reads\"", RAW),
];

/// What begins an action of `alter table`.
const ACTIONS: &[Habit] = &[
    says("add constraint NAME", "add NAME:", NAMED),
    rule("unexpected", "add column", "add", NOT_WRITTEN),
    rule("unexpected", "drop column", "drop", NOT_WRITTEN),
    rule("unexpected", "rename column", "rename", NOT_WRITTEN),
    rule("unexpected", "alter column", "alter", NOT_WRITTEN),
    says("modify column NAME", "alter NAME type", TYPE),
    says("modify NAME", "alter NAME type", TYPE),
    says("change column NAME OTHER", "alter OTHER type", TYPE),
    says("change NAME OTHER", "alter OTHER type", TYPE),
    says("alter NAME set data type", "alter NAME type", TYPE),
    says("alter NAME set type", "alter NAME type", TYPE),
    says("alter NAME nullable", "alter NAME drop not null", "a column becomes nullable by `drop not null`"),
    says("alter NAME null", "alter NAME drop not null", "a column becomes nullable by `drop not null`"),
    says("alter NAME not null", "alter NAME set not null", "a column becomes not null by `set not null`"),
    says("drop unique LIST", "drop constraint TABLE_COLUMNS_key", BY_NAME),
    says("drop foreign key LIST", "drop constraint TABLE_COLUMNS_fkey", BY_NAME),
    says("drop primary key", "drop constraint TABLE_pkey", BY_NAME),
];

/// What begins an action of `alter table` and is a statement of its own here.
const BESIDES: &[Habit] = &[
    says("add index LIST", "create index on RELATION LIST", BESIDE),
    says("add index NAME LIST", "create index NAME on RELATION LIST", BESIDE),
    says("add key LIST", "create index on RELATION LIST", BESIDE),
    says("add key NAME LIST", "create index NAME on RELATION LIST", BESIDE),
    says("add unique index LIST", "create unique index on RELATION LIST", BESIDE),
    says("add unique index NAME LIST", "create unique index NAME on RELATION LIST", BESIDE),
    says("drop index NAME", "drop index NAME", BESIDE),
    says("rename to NAME", "rename table RELATION to NAME", BESIDE),
];

/// What begins an entry of `create table`.
const ENTRIES: &[Habit] = &[
    says("add constraint NAME", "NAME:", NAMED),
    rule("unexpected", "add column", "", NOT_WRITTEN),
    rule("unexpected", "add NAME :", "NAME:", NOT_WRITTEN),
    says("constraint NAME", "NAME:", NAMED),
    says("index NAME on LIST", "index NAME LIST", NOT_WRITTEN),
    says("unique index NAME on LIST", "unique index NAME LIST", NOT_WRITTEN),
    says("key NAME LIST", "index NAME LIST", "an index is written with `index`"),
    says("key LIST", "index LIST", "an index is written with `index`"),
];

/// A column without its colon, which is tried when all else was.
const WITHOUT_COLON: [Habit; 4] = [
    habit("NAME TYPE", "NAME: TYPE"),
    habit("add NAME TYPE", "add NAME: TYPE"),
    says("alter NAME :", "alter NAME type", TYPE),
    says("alter NAME TYPE", "alter NAME type TYPE", TYPE),
];

/// What can be anywhere in a statement or an action.
const ANYWHERE: &[Habit] = &[
    rule("if_exists", "if exists", "", "`if exists` is not needed: the schema before each statement is known"),
    rule(
        "unexpected",
        "on conflict LIST do nothing",
        "on conflict do nothing",
        "`on conflict` is about every key of the table, and names none",
    ),
    rule("if_exists", "if not exists", "", "`if not exists` is not needed: the schema before each statement is known"),
];

/// What begins an action of `alter enum`.
const VALUES: &[Habit] = &[
    rule("unexpected", "add value", "add", NOT_WRITTEN),
    rule("unexpected", "drop value", "drop", NOT_WRITTEN),
    rule("unexpected", "rename value", "rename", NOT_WRITTEN),
];

/// What begins the type of a column.
const TYPES: &[Habit] = &[
    rule("unknown_type", "double precision", "double", "unknown type `double precision`"),
    rule("unknown_type", "timestamp with time zone", "timestamptz", "unknown type `timestamp with time zone`"),
    rule("unknown_type", "timestamp without time zone", "timestamp", "unknown type `timestamp without time zone`"),
    rule("unknown_type", "time without time zone", "time", "unknown type `time without time zone`"),
    rule("unknown_type", "time with time zone", "postgres::timetz", "unknown type `time with time zone`"),
    rule("unknown_type", "character varying", "varchar", "unknown type `character varying`"),
    rule("rust_type", "Vec < u8 >", "bytes", "`Vec<u8>` is a type of Rust"),
    rule("rust_type", "Option < Vec < u8 > >", "bytes?", OPTION),
    rule("rust_type", "Option < Vec < TYPE > >", "TYPE[]?", OPTION),
    rule("rust_type", "Option < TYPE >", "TYPE?", OPTION),
    rule("rust_type", "Vec < TYPE >", "TYPE[]", "`Vec` is a type of Rust: the type of an array ends with `[]`"),
    rule("not_null", "TYPE nullable", "TYPE?", NULLABLE),
    rule("not_null", "TYPE LIST nullable", "TYPE LIST?", NULLABLE),
    rule("not_null", "TYPE null", "TYPE?", NULLABLE),
    rule("not_null", "TYPE LIST null", "TYPE LIST?", NULLABLE),
];

/// What comes after the type of a column.
const ATTRIBUTES: &[Habit] = &[
    says("generated always as identity", "identity always", COUNTS),
    says("generated by default as identity", "identity", COUNTS),
    rule("not_null", "not null", "", "a column is not null unless its type ends with `?`"),
    rule("unexpected", "foreign key references", "references", "unexpected `foreign key` after a type"),
    rule("unknown_keyword", "pk", "primary key", "unknown keyword `pk`"),
    rule("auto_increment", "autoincrement", "identity", COUNTS),
    rule("auto_increment", "auto_increment", "identity", COUNTS),
    says("default =", "default", "a default is written without `=`"),
    says(":=", "default", "a default is written with `default`"),
    says("=", "default", "a default is written with `default`"),
];
