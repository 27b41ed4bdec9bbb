//! The lists of habits.

use crate::parse::habit::{Habit, habit, of_postgres, rule, says};

const NOT_WRITTEN: &str = "unexpected `WORD`";
pub(super) const BESIDE: &str = "this is not an action of `alter table`, but a separate statement";
const NAMED: &str = "the name of a constraint is written before it: `NAME: …`";
const RAW: &str = "`WORD` is not a statement of the language, but can be raw SQL";
const NO_PRIVILEGES: &str = "remove it: SQLite has no privileges";
const NO_COMMENTS: &str = "remove it: SQLite keeps no comments";
const COUNTS: &str = "an auto-incrementing column is written with `identity`";
const TYPE: &str = "a type is changed by `alter NAME type …`";
const NULLABLE: &str = "the type of a nullable column ends with `?`";
const TRANSACTION: &str = "a migration already runs in transactions";
const UPGRADE: &str = "unexpected `WORD`: the statements of a migration are its upgrade";
const COMMENT: &str = "the comment of a column is set in `alter table`";
const NUMBERS: &str = "`truncate` leaves the numbers of a table as they are";
const RENAMED: &str = "a column is renamed in `alter table`";
const CHANGED: &str = "a column is renamed by `rename`, and its type is changed by `alter NAME type …`";
const NOT_NULL: &str = "a column becomes not null by `set not null`, which is an action of its own";
const COLUMNS: &str = "expected columns in parentheses";
const CONDITION: &str = "expected a condition in parentheses";
const REFERENCE: &str = "the column that a foreign key refers to is written in parentheses";
const ON_DELETE: &str = "expected `on` before `delete`";
const ON_UPDATE: &str = "expected `on` before `update`";
const UNKNOWN: &str = "unknown type `WRITTEN`";
const AFTER: &str = "the name of a constraint of a column is written after it: `… as NAME`";
const PLACE: &str = "the place of a column cannot be chosen: a new column is the last one";
const NOT_VALID: &str = "`not valid` is not needed: a constraint is validated in a step of its own";
const NO_COMMENT: &str = "an empty comment removes the comment";
const UNSIGNED: &str = "a type cannot be `unsigned`";

/// What is raw SQL here, as it is written.
pub(super) const RAW_SQL: &[Habit] = &[
    of_postgres(
        "grant NAME on RELATION to OTHER END",
        "#[only(postgres)] sql VERBATIM as nothing undo \"REVOKE NAME ON RELATION FROM OTHER\"",
        RAW,
        NO_PRIVILEGES,
    ),
    of_postgres(
        "grant REST",
        "#[only(postgres)] sql VERBATIM as nothing undo nothing \"the role may keep it\"",
        RAW,
        NO_PRIVILEGES,
    ),
    of_postgres(
        "revoke NAME on RELATION from OTHER END",
        "#[only(postgres)] sql VERBATIM as nothing undo \"GRANT NAME ON RELATION TO OTHER\"",
        RAW,
        NO_PRIVILEGES,
    ),
    of_postgres(
        "revoke REST",
        "#[only(postgres)] sql VERBATIM as nothing undo nothing \"the role does not need it\"",
        RAW,
        NO_PRIVILEGES,
    ),
    of_postgres(
        "comment on index REST",
        "#[only(postgres)] sql VERBATIM as nothing undo nothing \"the comment may stay\"",
        RAW,
        NO_COMMENTS,
    ),
    of_postgres(
        "comment on constraint REST",
        "#[only(postgres)] sql VERBATIM as nothing undo nothing \"the comment may stay\"",
        RAW,
        NO_COMMENTS,
    ),
    says("select REST", "sql VERBATIM as nothing undo nothing \"it only reads\"", RAW),
    says("analyze REST", "sql VERBATIM as nothing undo nothing \"it only updates the statistics\"", RAW),
    says("reindex REST", "sql VERBATIM as nothing undo nothing \"it changes no rows\"", RAW),
    says("with REST", "sql VERBATIM as nothing undo nothing \"the rows are not needed\"", RAW),
];

/// What begins a statement.
pub(super) const STATEMENTS: &[Habit] = &[
    says("create type NAME as enum LIST", "create enum NAME VALUES", "an enum is created by `create enum`"),
    says("create type NAME enum LIST", "create enum NAME VALUES", "an enum is created by `create enum`"),
    says("alter type NAME rename to OTHER", "rename enum NAME to OTHER", "an enum is renamed by `rename enum`"),
    says("alter type NAME rename value REST", "alter enum NAME { rename REST; }", "a value is renamed by `alter enum`"),
    says("alter type NAME add value REST", "alter enum NAME { add REST; }", "a value is added by `alter enum`"),
    says("drop type NAME", "drop enum NAME", "an enum is dropped by `drop enum`"),
    says("rename type RELATION to", "rename enum RELATION to", "an enum is renamed by `rename enum`"),
    says("alter enum NAME rename to OTHER", "rename enum NAME to OTHER", "an enum is renamed by `rename enum`"),
    says(
        "comment on table RELATION is TEXT",
        "alter table RELATION { comment TEXT; }",
        "the comment of a table is set in `alter table`",
    ),
    says("comment on table RELATION is null", "alter table RELATION { comment \"\"; }", NO_COMMENT),
    says("comment on column NAME . OTHER is null", "alter table NAME { comment OTHER \"\"; }", NO_COMMENT),
    says("comment on NAME . OTHER is null", "alter table NAME { comment OTHER \"\"; }", NO_COMMENT),
    says("comment on column NAME . OTHER is TEXT", "alter table NAME { comment OTHER TEXT; }", COMMENT),
    says("comment on NAME . OTHER is TEXT", "alter table NAME { comment OTHER TEXT; }", COMMENT),
    says("up BODY downgrade DOWN", "INNER down DOWN", UPGRADE),
    says("upgrade BODY downgrade DOWN", "INNER down DOWN", UPGRADE),
    says("upgrade BODY down DOWN", "INNER down DOWN", UPGRADE),
    says("upgrade BODY", "INNER", UPGRADE),
    says("downgrade BODY", "down BODY", "the downgrade of a migration is written with `down`"),
    says("undo BODY", "down BODY", "`undo` is written after a statement; the downgrade of a migration is `down`"),
    says("up BODY", "INNER", UPGRADE),
    habit("create index concurrently", "create index"),
    habit("create unique index concurrently", "create unique index"),
    habit("drop index concurrently", "drop index"),
    habit("create table RELATION LIST", "create table RELATION ENTRIES"),
    habit("create NAME BODY", "create table NAME BODY"),
    habit("alter NAME BODY", "alter table NAME BODY"),
    habit("table RELATION BODY", "create table RELATION BODY"),
    rule("unexpected", "drop table RELATION restrict END", "drop table RELATION", NOT_WRITTEN),
    says("drop table RELATION , OTHER", "drop table RELATION; drop table OTHER", "`drop table` drops one table"),
    rule("unexpected", "drop index NAME on RELATION", "drop index NAME", "an index is dropped without its table"),
    habit("drop FIELD", "drop table FIELD"),
    habit("rename NAME to OTHER", "rename table NAME to OTHER"),
    habit("rename table RELATION as OTHER", "rename table RELATION to OTHER"),
    habit("rename table RELATION FIELD", "rename table RELATION to FIELD"),
    habit("rename index RELATION as OTHER", "rename index RELATION to OTHER"),
    habit("rename index RELATION FIELD", "rename index RELATION to FIELD"),
    habit("rename enum RELATION as OTHER", "rename enum RELATION to OTHER"),
    says("rename column NAME . OTHER to THIRD", "alter table NAME { rename OTHER to THIRD; }", RENAMED),
    says("alter index RELATION rename to OTHER", "rename index RELATION to OTHER", "an index is renamed by `rename index`"),
    habit("create enum NAME as LIST", "create enum NAME VALUES"),
    habit("create enum NAME LIST", "create enum NAME VALUES"),
    says(
        "drop constraint NAME on RELATION",
        "alter table RELATION { drop constraint NAME; }",
        "a constraint is dropped in `alter table`",
    ),
    says("rename NAME . OTHER to NAME . THIRD", "alter table NAME { rename OTHER to THIRD; }", RENAMED),
    habit("create index on RELATION FIELD END", "create index on RELATION (FIELD)"),
    habit("create index NAME on RELATION FIELD END", "create index NAME on RELATION (FIELD)"),
    habit("create unique index NAME on RELATION FIELD END", "create unique index NAME on RELATION (FIELD)"),
    habit("create index NAME on RELATION LIST using FIELD", "create index NAME on RELATION using FIELD LIST"),
    habit("make table", "create table"),
    habit("add table", "create table"),
    habit("remove table", "drop table"),
    habit("delete table", "drop table"),
    habit("insert RELATION LIST values", "insert into RELATION LIST values"),
    habit("insert RELATION values", "insert into RELATION values"),
    habit("insert into RELATION LIST value", "insert into RELATION LIST values"),
    says("lock REST", "", "`lock table` is not needed: each statement locks what it changes"),
    says("vacuum REST", "", "`vacuum` cannot run in a migration"),
    rule("expected", "run PATH in batch", "run PATH in batches", "expected `batches` after `in`, found `batch`"),
    rule("expected", "run PATH in NAME END", "run PATH in batches", "expected `batches` after `in`, found `NAME`"),
    rule("expected", "run PATH in NAME undo", "run PATH in batches undo", "expected `batches` after `in`, found `NAME`"),
    says("run PATH in batches of NUMBER", "run PATH in batches", "the function of `run` decides how many rows a batch has"),
    says("run PATH in batches NUMBER", "run PATH in batches", "the function of `run` decides how many rows a batch has"),
    habit("run PATH outside of transaction", "run PATH outside of a transaction"),
    habit("run PATH outside a transaction", "run PATH outside of a transaction"),
    habit("run PATH outside transaction", "run PATH outside of a transaction"),
    habit("run PATH without transaction", "run PATH outside of a transaction"),
    habit("run PATH without a transaction", "run PATH outside of a transaction"),
    says("alter table RELATION rename to OTHER", "rename table RELATION to OTHER", "a table is renamed by `rename table`"),
    habit("alter table RELATION REST", "alter table RELATION { REST; }"),
    habit("alter enum NAME REST", "alter enum NAME { REST; }"),
    habit("create enum NAME BODY", "create enum NAME (INNER)"),
    says(
        "comment on RELATION is TEXT",
        "alter table RELATION { comment TEXT; }",
        "the comment of a table is set in `alter table`",
    ),
    rule("unexpected", "truncate table RELATION END", "truncate RELATION undo nothing \"the rows are not needed\"", NOT_WRITTEN),
    rule("unexpected", "truncate table", "truncate", NOT_WRITTEN),
    says(
        "truncate RELATION cascade",
        "truncate RELATION undo nothing \"the rows are not needed\"",
        "`truncate` empties one table; another one requires another statement",
    ),
    says("truncate RELATION restart identity cascade", "truncate RELATION undo nothing \"the rows are not needed\"", NUMBERS),
    says("truncate RELATION restart identity", "truncate RELATION undo nothing \"the rows are not needed\"", NUMBERS),
    rule(
        "unexpected",
        "truncate RELATION continue identity",
        "truncate RELATION undo nothing \"the rows are not needed\"",
        NOT_WRITTEN,
    ),
    habit("delete RELATION where REST", "delete from RELATION where REST"),
    says("begin", "", TRANSACTION),
    says("begin transaction", "", TRANSACTION),
    says("start transaction", "", TRANSACTION),
    says("commit", "", TRANSACTION),
];

/// What begins an action of `alter table`.
pub(super) const ACTIONS: &[Habit] = &[
    rule("unexpected", "add constraint unique LIST", "add unique LIST", NOT_WRITTEN),
    rule("unexpected", "add constraint primary key LIST", "add primary key LIST", NOT_WRITTEN),
    rule("unexpected", "add constraint foreign key LIST", "add foreign key LIST", NOT_WRITTEN),
    rule("unexpected", "add constraint check LIST", "add check LIST", NOT_WRITTEN),
    rule("unexpected", "drop column NAME cascade END", "drop NAME", NOT_WRITTEN),
    rule("unexpected", "drop column NAME restrict END", "drop NAME", NOT_WRITTEN),
    rule("unexpected", "drop constraint NAME restrict END", "drop constraint NAME", NOT_WRITTEN),
    rule("unexpected", "drop NAME restrict END", "drop NAME", NOT_WRITTEN),
    rule("expected", "rename constraint NAME as OTHER", "rename constraint NAME to OTHER", "expected `to`, found `as`"),
    rule("expected", "rename constraint NAME -> OTHER", "rename constraint NAME to OTHER", "expected `to`, found `->`"),
    rule("expected", "rename constraint NAME OTHER END", "rename constraint NAME to OTHER", "expected `to`, found `OTHER`"),
    says("alter NAME add generated always as identity", "alter NAME add identity always", COUNTS),
    says("alter NAME add generated by default as identity", "alter NAME add identity", COUNTS),
    says("comment NAME null END", "comment NAME \"\"", NO_COMMENT),
    says("comment null END", "comment \"\"", NO_COMMENT),
    says("add constraint NAME", "add NAME:", NAMED),
    rule("unexpected", "add column", "add", NOT_WRITTEN),
    rule("unexpected", "drop column", "drop", NOT_WRITTEN),
    rule("unexpected", "rename column", "rename", NOT_WRITTEN),
    rule("unexpected", "alter column", "alter", NOT_WRITTEN),
    says("modify column NAME", "alter NAME type", TYPE),
    says("modify NAME", "alter NAME type", TYPE),
    says("change column NAME NAME", "alter NAME type", TYPE),
    says("change NAME NAME", "alter NAME type", TYPE),
    says("change column NAME OTHER", "rename NAME to OTHER; alter OTHER type", CHANGED),
    says("change NAME OTHER", "rename NAME to OTHER; alter OTHER type", CHANGED),
    says("alter NAME type TYPE not null", "alter NAME type TYPE; alter NAME set not null", NOT_NULL),
    says("alter NAME type TYPE LIST not null", "alter NAME type TYPE LIST; alter NAME set not null", NOT_NULL),
    says("alter NAME set data type", "alter NAME type", TYPE),
    says("alter NAME set type", "alter NAME type", TYPE),
    says("alter NAME nullable", "alter NAME drop not null", "a column becomes nullable by `drop not null`"),
    says("alter NAME null", "alter NAME drop not null", "a column becomes nullable by `drop not null`"),
    says("alter NAME not null", "alter NAME set not null", "a column becomes not null by `set not null`"),
    says("alter NAME set null", "alter NAME drop not null", "a column becomes nullable by `drop not null`"),
    says("alter NAME set nullable", "alter NAME drop not null", "a column becomes nullable by `drop not null`"),
    says("alter NAME drop nullable", "alter NAME set not null", "a column becomes not null by `set not null`"),
    says("alter NAME drop null", "alter NAME set not null", "a column becomes not null by `set not null`"),
    says("alter NAME default", "alter NAME set default", "a default is set by `set default`"),
    says("alter NAME =", "alter NAME set default", "a default is set by `set default`"),
    says("alter NAME unique", "add unique (NAME)", "a constraint is added by `add`"),
    says("alter NAME primary key", "add primary key (NAME)", "a constraint is added by `add`"),
    says("alter NAME references REST", "add foreign key (NAME) references REST", "a constraint is added by `add`"),
    says("alter NAME check LIST", "add check LIST", "a constraint is added by `add`"),
    rule("auto_increment", "alter NAME auto_increment", "alter NAME add identity", COUNTS),
    rule("auto_increment", "alter NAME autoincrement", "alter NAME add identity", COUNTS),
    habit("rename FIELD as OTHER", "rename FIELD to OTHER"),
    habit("rename FIELD -> NEW", "rename FIELD to NEW"),
    habit("rename FIELD NEW", "rename FIELD to NEW"),
    habit("remove column NAME", "drop NAME"),
    habit("remove NAME", "drop NAME"),
    habit("delete column NAME", "drop NAME"),
    habit("delete NAME", "drop NAME"),
    says("add unique key LIST", "add unique LIST", NOT_WRITTEN),
    says("add unique FIELD LIST", "add FIELD: unique LIST", NAMED),
    habit("add unique FIELD END", "add unique (FIELD)"),
    says("add primary key FIELD LIST", "add FIELD: primary key LIST", NAMED),
    says("add foreign key FIELD LIST references", "add FIELD: foreign key LIST references", NAMED),
    habit("add primary key FIELD END", "add primary key (FIELD)"),
    habit("add foreign key FIELD references", "add foreign key (FIELD) references"),
    habit("add check BARE", "add check (BARE)"),
];

/// What begins an action of `alter table` and is a statement of its own here.
pub(super) const BESIDES: &[Habit] = &[
    says("add index LIST", "create index on RELATION LIST", BESIDE),
    says("add index on LIST", "create index on RELATION LIST", BESIDE),
    says("add index NAME on LIST", "create index NAME on RELATION LIST", BESIDE),
    says("add unique index on LIST", "create unique index on RELATION LIST", BESIDE),
    says("add unique index NAME on LIST", "create unique index NAME on RELATION LIST", BESIDE),
    says("add index FIELD END", "create index on RELATION (FIELD)", BESIDE),
    says("add index NAME LIST", "create index NAME on RELATION LIST", BESIDE),
    says("add key LIST", "create index on RELATION LIST", BESIDE),
    says("add key NAME LIST", "create index NAME on RELATION LIST", BESIDE),
    says("add unique index LIST", "create unique index on RELATION LIST", BESIDE),
    says("add unique index NAME LIST", "create unique index NAME on RELATION LIST", BESIDE),
    says("rename to NAME", "rename table RELATION to NAME", BESIDE),
];

/// What begins an entry of `create table`.
pub(super) const ENTRIES: &[Habit] = &[
    rule("unexpected", "constraint unique LIST", "unique LIST", NOT_WRITTEN),
    rule("unexpected", "constraint primary key LIST", "primary key LIST", NOT_WRITTEN),
    rule("unexpected", "constraint foreign key LIST", "foreign key LIST", NOT_WRITTEN),
    rule("unexpected", "constraint check LIST", "check LIST", NOT_WRITTEN),
    says("add constraint NAME", "NAME:", NAMED),
    rule("unexpected", "add column", "", NOT_WRITTEN),
    rule("unexpected", "add NAME :", "NAME:", NOT_WRITTEN),
    says("constraint NAME", "NAME:", NAMED),
    says("index NAME on LIST", "index NAME LIST", NOT_WRITTEN),
    says("unique index NAME on LIST", "unique index NAME LIST", NOT_WRITTEN),
    says("index on RELATION LIST", "index LIST", NOT_WRITTEN),
    says("index NAME on RELATION LIST", "index NAME LIST", NOT_WRITTEN),
    says("unique index on RELATION LIST", "unique index LIST", NOT_WRITTEN),
    says("unique index NAME on RELATION LIST", "unique index NAME LIST", NOT_WRITTEN),
    says("unique key NAME LIST", "NAME: unique LIST", NAMED),
    says("unique key LIST", "unique LIST", NOT_WRITTEN),
    says("unique FIELD LIST", "FIELD: unique LIST", NAMED),
    says("unique FIELD END", "unique (FIELD)", COLUMNS),
    says("index FIELD END", "index (FIELD)", COLUMNS),
    says("primary key FIELD LIST", "FIELD: primary key LIST", NAMED),
    says("foreign key FIELD LIST references", "FIELD: foreign key LIST references", NAMED),
    says("primary key FIELD END", "primary key (FIELD)", COLUMNS),
    says("foreign key FIELD references", "foreign key (FIELD) references", COLUMNS),
    says("check BARE", "check (BARE)", CONDITION),
    says("NAME : check BARE", "NAME: check (BARE)", CONDITION),
    says("NAME : unique FIELD END", "NAME: unique (FIELD)", COLUMNS),
    says("NAME : primary key FIELD END", "NAME: primary key (FIELD)", COLUMNS),
    says("key NAME LIST", "index NAME LIST", "an index is written with `index`"),
    says("key LIST", "index LIST", "an index is written with `index`"),
];

/// A column without its colon, which is tried when all else was.
pub(super) const WITHOUT_COLON: [Habit; 4] = [
    habit("NAME TYPE", "NAME: TYPE"),
    habit("add NAME TYPE", "add NAME: TYPE"),
    says("alter NAME :", "alter NAME type", TYPE),
    says("alter NAME TYPE", "alter NAME type TYPE", TYPE),
];

/// What can be anywhere in a statement or an action.
pub(super) const ANYWHERE: &[Habit] = &[
    rule("if_exists", "if exists", "", "`if exists` is not needed: the schema before each statement is known"),
    rule(
        "unexpected",
        "on conflict LIST do nothing",
        "on conflict do nothing",
        "`on conflict` is about every key of the table, and names none",
    ),
    says("references RELATION :: NAME", "references RELATION (NAME)", REFERENCE),
    says("references RELATION [NAME]", "references RELATION (NAME)", REFERENCE),
    says("references (NAME . OTHER)", "references NAME (OTHER)", REFERENCE),
    says("references RELATION LIST delete", "references RELATION LIST on delete", ON_DELETE),
    says("references RELATION delete", "references RELATION on delete", ON_DELETE),
    says("references RELATION LIST update", "references RELATION LIST on update", ON_UPDATE),
    says("references RELATION update", "references RELATION on update", ON_UPDATE),
    says("LIST not valid", "LIST", NOT_VALID),
    says("references RELATION not valid", "references RELATION", NOT_VALID),
    rule("if_exists", "if not exists", "", "`if not exists` is not needed: the schema before each statement is known"),
];

/// What begins an action of `alter enum`.
pub(super) const VALUES: &[Habit] = &[
    rule("unexpected", "add value", "add", NOT_WRITTEN),
    rule("unexpected", "drop value", "drop", NOT_WRITTEN),
    rule("unexpected", "rename value", "rename", NOT_WRITTEN),
    habit("insert TEXT", "add TEXT"),
    habit("remove TEXT", "drop TEXT"),
    habit("delete TEXT", "drop TEXT"),
];

/// What begins the type of a column.
pub(super) const TYPES: &[Habit] = &[
    rule("unknown_type", "double precision", "double", UNKNOWN),
    rule("unknown_type", "timestamp with time zone", "timestamptz", UNKNOWN),
    rule("unknown_type", "timestamp without time zone", "timestamp", UNKNOWN),
    rule("unknown_type", "time without time zone", "time", UNKNOWN),
    rule("unknown_type", "time with time zone", "postgres::timetz", UNKNOWN),
    rule("unknown_type", "timestamp LIST with time zone", "timestamptz", "unknown type `timestamp with time zone`"),
    rule("unknown_type", "timestamp LIST without time zone", "timestamp", "unknown type `timestamp without time zone`"),
    rule("unknown_type", "time LIST without time zone", "time", "unknown type `time without time zone`"),
    rule("unknown_type", "time LIST with time zone", "postgres::timetz", "unknown type `time with time zone`"),
    rule("unknown_type", "character varying LIST", "varchar LIST", "unknown type `character varying`"),
    rule("unknown_type", "character varying", "varchar", UNKNOWN),
    rule("unknown_type", "timestamp with timezone", "timestamptz", UNKNOWN),
    rule("unknown_type", "timestamp with local time zone", "timestamptz", UNKNOWN),
    rule("unknown_type", "timestamp without timezone", "timestamp", UNKNOWN),
    rule("unknown_type", "varchar(max)", "text", UNKNOWN),
    rule("unknown_type", "nvarchar(max)", "text", UNKNOWN),
    rule("unknown_type", "varbinary(max)", "bytes", UNKNOWN),
    rule("unknown_type", "bit varying LIST", "postgres::varbit LIST", UNKNOWN),
    rule("unknown_type", "bit varying", "postgres::varbit", UNKNOWN),
    rule("unknown_type", "bigint unsigned", "bigint", UNSIGNED),
    rule("unknown_type", "int unsigned", "bigint", UNSIGNED),
    rule("unknown_type", "integer unsigned", "bigint", UNSIGNED),
    rule("unknown_type", "mediumint unsigned", "integer", UNSIGNED),
    rule("unknown_type", "smallint unsigned", "integer", UNSIGNED),
    rule("unknown_type", "tinyint unsigned", "smallint", UNSIGNED),
    rule("unknown_type", "array < TYPE >", "TYPE[]", "the type of an array ends with `[]`"),
    rule("unknown_type", "TYPE array", "TYPE[]", "the type of an array ends with `[]`"),
    rule("not_null", "TYPE nullable", "TYPE?", NULLABLE),
    rule("not_null", "TYPE LIST nullable", "TYPE LIST?", NULLABLE),
    rule("not_null", "TYPE null", "TYPE?", NULLABLE),
    rule("not_null", "TYPE LIST null", "TYPE LIST?", NULLABLE),
];

/// What comes after the type of a column.
pub(super) const ATTRIBUTES: &[Habit] = &[
    says("generated always as identity", "identity always", COUNTS),
    says("generated by default as identity", "identity", COUNTS),
    rule("not_null", "not_null", "", "a column is not null unless its type ends with `?`"),
    rule("not_null", "notnull", "", "a column is not null unless its type ends with `?`"),
    rule("not_null", "not null", "", "a column is not null unless its type ends with `?`"),
    rule("unexpected", "foreign key references", "references", "unexpected `foreign key` after a type"),
    says("constraint NAME check LIST", "check LIST as NAME", AFTER),
    says("constraint NAME unique", "unique as NAME", AFTER),
    says("constraint NAME primary key", "primary key as NAME", AFTER),
    says("constraint NAME references REST", "references REST as NAME", AFTER),
    says("constraint NAME not null", "", "a column is not null unless its type ends with `?`"),
    says("check BARE", "check (BARE)", CONDITION),
    says("identity LIST", "identity", "`identity` counts from 1 by 1"),
    says("after NAME", "", PLACE),
    says("first", "", PLACE),
    rule("unknown_type", "unsigned", "", UNSIGNED),
    rule("unknown_keyword", "pk", "primary key", "unknown keyword `pk`"),
    rule("auto_increment", "autoincrement", "identity", COUNTS),
    rule("auto_increment", "auto_increment", "identity", COUNTS),
    says("default =", "default", "a default is written without `=`"),
    says(":=", "default", "a default is written with `default`"),
    says("=", "default", "a default is written with `default`"),
];
