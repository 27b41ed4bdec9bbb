//! What people write by habit, from SQL or another tool: the error is at what is wrong, and its help is code that compiles where
//! it is pasted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::after;
use migrate_compiler::compile::compile;
use migrate_compiler::diagnostic::Diagnostic;
use migrate_compiler::parse;
use migrate_history::Database;

const BASE: &str = r#"
    create enum mood ("sad", "happy");
    create table users {
        id: bigint primary key,
        email: text unique,
        name: text,
        nickname: text?,
        visits: integer default 0,
    }
    create table posts { id: bigint primary key, user_id: bigint references users, title: text }
    create index posts_title_idx on posts (title);
    create table orgs {
        id: bigint primary key identity,
        title: text,
        size: integer? check (size > 0),
        active: boolean default true,
        since: timestamptz default now(),
        at: time default "09:30:00",
    }
    create table members {
        user_id: bigint references users,
        org_id: bigint references orgs,
        role: text,
        code: bigint unique as by_code,
        primary key (user_id, org_id),
    }
"#;

/// A rule, and what breaks it: `«…»` is what the help replaces, and the error is at the `@`.
type Habit = (&'static str, &'static str);

/// Actions in a block of `alter table users`.
const ACTIONS: &[Habit] = &[
    ("sql_syntax", "«add @constraint u unique (name)»"),
    ("sql_syntax", "«add @constraint c check (visits > 0)»"),
    ("sql_syntax", "«add @constraint c CHECK (visits > 0 AND visits < 5)»"),
    ("sql_syntax", "«@add index (name)»"),
    ("sql_syntax", "«@add index by_name (name)»"),
    ("sql_syntax", "«@add unique index (name)»"),
    ("sql_syntax", "«@add unique index by_name (lower(name))»"),
    ("sql_syntax", "«@add key (name)»"),
    ("sql_syntax", "«rename @to people»"),
    ("unexpected", "«rename @column name to label»"),
    ("unexpected", "«add @column age: integer?»"),
    ("unexpected", "«add @column age int null»"),
    ("unexpected", "«add @column if not exists age int default 5»"),
    ("unexpected", "#[allow(drop_column, reason = \"unused\")] «drop @column nickname»"),
    ("unexpected", "#[allow(drop_column, reason = \"unused\")] «drop @column if exists nickname»"),
    ("if_exists", "#[allow(drop_column, reason = \"unused\")] «drop @if exists nickname»"),
    ("if_exists", "«drop constraint @if exists users_email_key»"),
    ("if_exists", "«add @if not exists age: integer?»"),
    ("colon", "«add age @integer null»"),
    ("colon", "«add age @int not null default 0»"),
    ("unexpected", "«alter @column visits type bigint»"),
    ("unexpected", "«alter @column visits set data type bigint»"),
    ("unexpected", "«alter @column visits set default 5»"),
    ("unexpected", "«alter @column nickname set not null»"),
    ("sql_syntax", "«alter name @nullable»"),
    ("sql_syntax", "«alter name @null»"),
    ("sql_syntax", "«alter nickname @not null»"),
    ("sql_syntax", "«alter visits @bigint»"),
    ("sql_syntax", "«alter visits @: bigint»"),
    ("sql_syntax", "«alter visits @set data type bigint»"),
    ("sql_syntax", "«alter visits @set type BIGINT»"),
    ("sql_syntax", "«@modify visits bigint»"),
    ("sql_syntax", "«@modify column visits int8»"),
    ("sql_syntax", "«drop @unique (email)»"),
    ("unknown_keyword", "alter nickname «@sett» not null"),
    ("unknown_keyword", "alter name «@dorp» not null"),
    ("unknown_keyword", "rename name «@too» label"),
    ("unknown_keyword", "alter visits «@tpye» bigint"),
    ("sql_syntax", "«@change visits visits bigint»"),
    ("sql_syntax", "«@change column visits visits bigint»"),
    ("unknown_keyword", "alter nickname set «@not_null»"),
    ("unknown_column", "alter «@nick» set not null"),
    ("unknown_type", "alter visits type «@int8»"),
    ("unknown_type", "add price: «@money»?"),
    ("unknown_type", "add size: «@u32»?"),
    ("expected", "«rename name @label»"),
    ("expected", "«rename name @as label»"),
    ("expected", "«rename name @-> label»"),
    ("cascade", "drop constraint users_email_key «@cascade»"),
    ("sql_syntax", "«@add index on (name)»"),
    ("sql_syntax", "«@add index by_name on (name)»"),
    ("sql_syntax", "«@add unique index on (name)»"),
    ("sql_syntax", "«@add index name»"),
    ("sql_syntax", "«add @unique u (name)»"),
    ("colon", "«add unique @name»"),
    ("colon", "«add check @visits > 3»"),
    ("sql_syntax", "«@modify column nickname varchar(20) not null»"),
    ("sql_syntax", "«alter nickname type text @not null»"),
    ("sql_syntax", "«@change visits seen bigint»"),
    ("sql_syntax", "«@change column visits seen bigint»"),
    ("sql_syntax", "«add age: text? @after name»"),
    ("sql_syntax", "«add age: text? @first»"),
    ("expected", "#[allow(drop_column, reason = \"unused\")] «@remove nickname»"),
    ("expected", "#[allow(drop_column, reason = \"unused\")] «@delete column nickname»"),
    ("auto_increment", "«alter id @auto_increment»"),
    ("sql_syntax", "«alter visits @default 5»"),
    ("sql_syntax", "«alter visits @= 5»"),
    ("sql_syntax", "«@alter name unique»"),
    ("sql_syntax", "«@alter visits check (visits > 3)»"),
    ("sql_syntax", "«alter nickname @drop nullable»"),
    ("sql_syntax", "«alter name set @nullable»"),
    ("rust_type", "«add age: @Option<chrono::NaiveDate>»"),
    ("rust_type", "«alter visits type @Option<i64>»"),
];

/// Entries in `create table t { a: bigint, … }`.
const ENTRIES: &[Habit] = &[
    ("sql_syntax", "«@constraint pk primary key (a)»"),
    ("sql_syntax", "«@constraint pk PRIMARY KEY (a)»"),
    ("sql_syntax", "b: bigint, «@constraint fk foreign key (b) references users (id) on delete cascade»"),
    ("sql_syntax", "«index by_a @on (a)»"),
    ("sql_syntax", "«@key by_a (a)»"),
    ("sql_syntax", "«@add constraint u unique (a)»"),
    ("unexpected", "«@add column b: bigint»"),
    ("unexpected", "«@add b: bigint»"),
    ("not_null", "«b: text @nullable»"),
    ("not_null", "«b: varchar(20) @nullable»"),
    ("unexpected", "b: bigint «@foreign key references» users (id)"),
    ("unknown_keyword", "b: bigint «@pk»"),
    ("unknown_keyword", "b: bigint «@primary_key»"),
    ("unknown_keyword", "b: bigint «@primarykey»"),
    ("unknown_keyword", "b: bigint references users «@ondelete» cascade"),
    ("unknown_keyword", "b: bigint? references users on delete «@set_null»"),
    ("keyword_case", "b: bigint «@PRIMARY KEY»"),
    ("keyword_case", "«@PRIMARY KEY» (a)"),
    ("keyword_case", "«@FOREIGN KEY» (a) references users"),
    ("keyword_case", "b: bigint references users «@ON DELETE CASCADE»"),
    ("keyword_case", "b: bigint references users on delete «@CASCADE»"),
    ("keyword_case", "b: bigint check (b > 1 «@AND» b < 3)"),
    ("keyword_case", "b: timestamptz default «@CURRENT_TIMESTAMP»"),
    ("keyword_case", "b: boolean default «@TRUE»"),
    ("keyword_case", "b: text? default «@NULL»"),
    ("not_null", "«b: bigint @NOT NULL»"),
    ("not_null", "«b: bigint @not null default 5»"),
    ("not_null", "«b: varchar(20) @null»"),
    ("unknown_type", "b: «@double precision»"),
    ("unknown_type", "b: «@timestamp with time zone» default now()"),
    ("unknown_type", "b: «@timestamp without time zone»"),
    ("unknown_type", "b: «@time without time zone»"),
    ("unknown_type", "b: «@character varying»(20)"),
    ("unknown_type", "b: «@CHARACTER VARYING»(20)"),
    ("unknown_type", "b: «@character»(20)"),
    ("unknown_type", "b: «@VARCHAR»(20)"),
    ("unknown_type", "b: «@varchar2»(20)"),
    ("unknown_type", "b: «@numeric»(10, 2)"),
    ("unknown_type", "«b: @int(11)»"),
    ("unknown_type", "b: «@BIGINT»"),
    ("unknown_type", "b: «@String»"),
    ("unknown_type", "b: «@Uuid»"),
    ("unknown_type", "b: «@money»"),
    ("unknown_type", "b: «@usize»"),
    ("rust_type", "«b: @Option<text>»"),
    ("rust_type", "«b: @Option<String>»"),
    ("rust_type", "«b: @Option<Vec<u8>> unique»"),
    ("rust_type", "«b: @Vec<u8>»"),
    ("auto_increment", "b: bigint primary key «@autoincrement»"),
    ("auto_increment", "b: bigint primary key «@AUTOINCREMENT»"),
    ("auto_increment", "b: bigint «@auto_increment» primary key"),
    ("sql_syntax", "«b: bigint @= 5»"),
    ("sql_syntax", "«b: bigint @:= 5 check (b > 1)»"),
    ("sql_syntax", "«b: bigint default @= -5»"),
    ("unknown_table", "b: bigint references «@users.id»"),
    ("unknown_table", "foreign key (a) references «@users.id» on delete cascade"),
    ("default_type", "b: timestamptz default «@\"now()\"»"),
    ("default_type", "b: timestamptz default «@\"NOW()\"»"),
    ("default_type", "b: uuid default «@\"uuid()\"»"),
    ("single_quotes", "b: text default «@'x'»"),
    ("single_quotes", "b: text check (b <> «@'x'»)"),
    ("colon", "«b @int»"),
    ("colon", "«b @integer not null»"),
    ("colon", "«b @bigint primary key»"),
    ("colon", "«b @serial primary key»"),
    ("colon", "«b @integer primary key autoincrement»"),
    ("colon", "«b @varchar(20) not null default 'x'»"),
    ("keyword_case", "«b @SERIAL PRIMARY KEY»"),
    ("keyword_case", "«b @BIGINT NOT NULL»"),
    ("keyword_case", "«b @VARCHAR(20) NOT NULL»"),
    ("unknown_keyword", "b: bigint «@defualt» 5"),
    ("unknown_keyword", "b: bigint «@uniqe»"),
    ("unknown_keyword", "b: bigint «@refrences» users"),
    ("unknown_keyword", "b: bigint «@primry» key"),
    ("unknown_keyword", "b: bigint primary «@kye»"),
    ("unknown_keyword", "b: bigint references users on «@delte» cascade"),
    ("unknown_keyword", "b: bigint references users on delete «@cascde»"),
    ("unknown_keyword", "«@uniqe» (a)"),
    ("unknown_keyword", "u: «@uniqe» (a)"),
    ("unknown_keyword", "foreign «@kye» (a) references users"),
    ("unknown_keyword", "index (a «@dsc»)"),
];

/// More entries: constraints, foreign keys and types.
const MORE_ENTRIES: &[Habit] = &[
    ("sql_syntax", "«b: integer @constraint c check (b > 3)»"),
    ("sql_syntax", "b: integer «@constraint c unique»"),
    ("sql_syntax", "«b: bigint @constraint fk references users (id) on delete cascade»"),
    ("sql_syntax", "«@unique u (a)»"),
    ("sql_syntax", "«@unique key u (a)»"),
    ("sql_syntax", "«unique @a»"),
    ("sql_syntax", "«@index a»"),
    ("sql_syntax", "«primary key @a»"),
    ("sql_syntax", "«foreign key @a references users (id)»"),
    ("sql_syntax", "«check @a > 3»"),
    ("sql_syntax", "«b: bigint check @b > 3»"),
    ("sql_syntax", "«@constraint c check a > 3»"),
    ("sql_syntax", "«b: bigint references users@::id»"),
    ("sql_syntax", "«b: bigint references @(users.id)»"),
    ("sql_syntax", "«b: bigint references users@[id]»"),
    ("sql_syntax", "«foreign key (a) references users@[id]»"),
    ("unknown_table", "b: bigint references «@usres.id»"),
    ("sql_syntax", "«b: bigint references users (id) @delete cascade»"),
    ("sql_syntax", "b: bigint? «@references users delete» set null"),
    ("sql_syntax", "«b: bigint identity@(1, 1)»"),
    ("unknown_type", "b: «@int unsigned»"),
    ("unknown_type", "b: «@bigint unsigned»"),
    ("unknown_type", "«b: decimal(10, 2) @unsigned»"),
    ("unknown_type", "b: «@timestamp with timezone»"),
    ("unknown_type", "b: «@double precison»"),
    ("unknown_type", "b: «@NaiveDateTime»"),
    ("unknown_type", "b: «@OffsetDateTime»"),
    ("unknown_type", "b: «@BigDecimal»"),
    ("unknown_type", "b: «@PathBuf»"),
    ("rust_type", "«b: @Option<Mood>»"),
    ("rust_type", "«b: @crate::Mood»"),
    ("rust_type", "«b: @Box<str>»"),
    ("rust_type", "«b: @HashMap<String, String>», c: text"),
    ("rust_type", "«b: @Cow<'static, str> unique», c: text"),
    ("rust_type", "«b: @serde_json::Value»"),
    ("rust_type", "«b: @&'static str»"),
    ("rust_type", "«b: @[u8; 16]»"),
    ("rust_type", "«b: @Option<chrono::DateTime<chrono::Utc>>»"),
    ("default_column", "b: timestamptz default «@now»"),
    ("default_column", "b: uuid default «@gen_random_uuid»"),
    ("unknown_function", "b: timestamptz default «@current_timestamp()»"),
    ("unknown_function", "b: uuid default «@newid()»"),
    ("default_type", "b: timestamptz default «@\"current_timestamp\"»"),
    ("default_type", "b: timestamptz default «@\"current_timestamp()\"»"),
    ("default_type", "b: date default «@\"current_date\"»"),
    ("default_type", "b: timestamptz default «@\"now\"»"),
    ("default_type", "b: boolean default «@1»"),
    ("default_type", "b: boolean default «@0»"),
    ("default_type", "b: time default «@now()»"),
    ("second_primary_key", "b: bigint primary key, «@primary key (a)»"),
];

/// The same in a history of PostgreSQL alone.
const ON_POSTGRES: &[Habit] = &[
    ("unknown_type", "b: «@smallserial»"),
    ("unknown_type", "b: «@bit varying(3)»"),
    ("unknown_type", "b: «@vector(3)»"),
    ("rust_type", "«b: @Vec<Option<String>>»"),
    ("unknown_type", "«b: @array<text>»"),
    ("rust_type", "«b: @std::net::IpAddr»"),
    ("unknown_type", "«b: @time with time zone»"),
    ("rust_type", "«b: @Vec<text>»"),
    ("rust_type", "«b: @Option<Vec<i64>>»"),
    ("sql_syntax", "b: bigint «@generated always as identity»"),
    ("sql_syntax", "b: bigint unique «@generated by default as identity»"),
    ("sql_syntax", "b: bigint «@GENERATED ALWAYS AS IDENTITY» unique"),
];

/// Statements.
const STATEMENTS: &[Habit] = &[
    ("keyword_case", "«@CREATE TABLE» t { a: bigint }"),
    ("keyword_case", "create «@TABLE» t { a: bigint }"),
    ("keyword_case", "«@CREATE UNIQUE INDEX» i on users (name);"),
    ("unknown_keyword", "create «@tabel» t { a: bigint }"),
    ("unknown_keyword", "create «@uniqe» index on users (name);"),
    ("unknown_keyword", "create index on users (name) «@were» name > \"a\";"),
    ("unknown_keyword", "rename table users «@too» people;"),
    ("unknown_keyword", "alter table users { rename name to label «@undoo» { rename label to name; } }"),
    ("if_exists", "«create table @if not exists t { a: bigint }»"),
    ("if_exists", "«create unique index @if not exists i on users (name)»;"),
    ("if_exists", "«create index @if not exists on users (name)»;"),
    ("if_exists", "«alter table @if exists users { drop constraint users_email_key; }»"),
    ("if_exists", "«drop enum @if exists mood»;"),
    ("if_exists", "#[allow(drop_table, reason = \"unused\")] «drop table @if exists posts»;"),
    ("index_concurrently", "«create index @concurrently i on users (name)»;"),
    ("index_concurrently", "«create unique index @concurrently on users (name)»;"),
    ("index_concurrently", "«create index @concurrently if not exists i on users (name)»;"),
    ("sql_comment", "«@-- a comment»\n create table t { a: bigint }"),
    ("unexpected", "alter enum mood { «add @value \"calm\"»; }"),
    ("unexpected", "alter enum mood { «rename @value \"sad\" to \"calm\"»; }"),
    ("expected", "«create table t @(a bigint, b text null)»;"),
    ("expected", "«create table t @(id serial primary key, name varchar(20) not null, constraint u unique (name))»;"),
    ("unknown_statement", "«@create t { a: bigint }»"),
    ("unknown_statement", "«@table t { a: bigint }»"),
    ("unknown_statement", "«@alter users { add age: integer?; }»"),
    ("sql_syntax", "create table x { a: bigint } create table y { a: bigint } «drop table x@, y»;"),
    ("expected", "«alter enum mood @add \"calm\"»;"),
    ("expected", "«create enum size @{ \"S\", \"M\" }»"),
    ("sql_syntax", "create table r#on { a: bigint unique } alter table r#on { «drop @unique (a)»; }"),
    ("sql_syntax", "create table \"Order Items\" { a: bigint unique } alter table \"Order Items\" { «drop @unique (a)»; }"),
    ("sql_syntax", "«@comment on users is \"people\"»;"),
    ("sql_syntax", "«@grant usage on schema public to reader»;"),
    ("sql_syntax", "«@revoke usage on schema public from reader»;"),
    ("sql_syntax", "«@up { create table t { a: bigint } }» down { drop table t; }"),
    ("unknown_statement", "«@rename users to people»;"),
    ("expected", "«rename table users @people»;"),
    ("sql_syntax", "«@alter table users rename to people»;"),
    ("expected", "«alter table users @rename name to label»;"),
    ("expected", "«alter table users @rename column name to label»;"),
    ("expected", "«alter table users @add age: integer?»;"),
    ("expected", "«alter table users @add column age integer null»;"),
    ("expected", "«alter table users @add constraint u unique (name)»;"),
    ("expected", "«alter table users @alter column nickname set not null»;"),
    ("sql_syntax", "«create @type feeling as enum (\"sad\", \"happy\")»;"),
    ("sql_syntax", "«drop @type mood»;"),
    ("sql_syntax", "«alter @type mood add value \"calm\"»;"),
    ("sql_syntax", "«@comment on table users is \"people\"»;"),
    ("sql_syntax", "«@comment on column users.name is \"people\"»;"),
    ("unexpected", "«truncate @table posts»;"),
    ("sql_syntax", "«truncate posts @cascade»;"),
    ("sql_syntax", "«truncate posts @restart identity»;"),
    ("unexpected", "«truncate posts @continue identity»;"),
    ("unknown_statement", "«@delete users where visits = 1 undo nothing \"tested\"»;"),
    ("query_clause", "«delete from posts @using users where users.id = posts.user_id» undo nothing \"tested\";"),
    ("keyword_case", "delete from posts where user_id in («@SELECT» id from users) undo nothing \"tested\";"),
    ("query_alias", "delete from posts where user_id in (select u.id from «users @u») undo nothing \"tested\";"),
    ("query_parens", "update users set visits = «@select count(*) from posts» undo nothing \"tested\";"),
    ("sql_syntax", "«@grant select on users to reader»;"),
    ("sql_syntax", "«@grant select, insert on users to reader»;"),
    ("sql_syntax", "«@revoke select on users from reader»;"),
    ("sql_syntax", "«@select 1»;"),
    ("keyword_case", "«@INSERT INTO users (id, email, name) VALUES (1, \"a\", \"b\")»;"),
    ("single_quotes", "update users set visits = 1 where name = «@'x'» undo nothing \"tested\";"),
    ("sql_syntax", "«@up { create table t { a: bigint } }»"),
    ("sql_syntax", "«@up { create table t { a: bigint } } downgrade { drop table t; }»"),
    ("sql_syntax", "«@upgrade { create table t { a: bigint } } downgrade { drop table t; }»"),
    ("sql_syntax", "«@upgrade { create table t { a: bigint } }»"),
    ("sql_syntax", "create table t { a: bigint } «@downgrade { drop table t; }»"),
    ("sql_syntax", "create table t { a: bigint }; «@undo { drop table t; }»"),
    ("expected", "«rename table users @as people»;"),
    ("expected", "«rename index posts_title_idx @by_title»;"),
    ("expected", "«rename enum mood @as feeling»;"),
    ("sql_syntax", "«@rename column users.name to label»;"),
    ("sql_syntax", "«rename @type mood to feeling»;"),
    ("sql_syntax", "«@alter index posts_title_idx rename to by_title»;"),
    ("sql_syntax", "«@alter enum mood rename to feeling»;"),
    ("expected", "«alter enum mood @rename \"sad\" to \"blue\"»;"),
    ("sql_syntax", "«@alter type mood rename to feeling»;"),
    ("sql_syntax", "«alter @type mood rename value \"sad\" to \"blue\"»;"),
    ("unexpected", "«drop index posts_title_idx @on posts»;"),
    ("sql_syntax", "alter table members { «drop @unique (code)»; }"),
    ("sql_syntax", "alter table members { «drop @unique by_code»; }"),
    ("sql_syntax", "alter table members { «drop @foreign key user_id»; }"),
    ("sql_syntax", "alter table members { «drop @foreign key (user_id)»; }"),
    ("sql_syntax", "alter table members { «drop @primary key»; }"),
    ("sql_syntax", "alter table orgs { «drop @check (size > 0)»; }"),
    ("sql_syntax", "alter table orgs { «drop @check orgs_size_check»; }"),
    ("sql_syntax", "«create @type feeling enum (\"sad\", \"happy\")»;"),
    ("expected", "«create enum feeling @as (\"sad\", \"happy\")»;"),
    ("expected", "«create enum feeling (@sad, happy)»;"),
    ("keyword_case", "«@CREATE TYPE feeling AS ENUM (sad, happy)»;"),
    ("sql_syntax", "«@comment on users.name is \"people\"»;"),
    ("sql_syntax", "«@comment on index posts_title_idx is \"titles\"»;"),
    ("sql_syntax", "«@grant select on users to reader with grant option»;"),
    ("sql_syntax", "«@GRANT ALL ON users TO reader»;"),
    ("sql_syntax", "«@REVOKE ALL ON users FROM reader»;"),
    ("unexpected", "«truncate @table posts restart identity cascade»;"),
    ("sql_syntax", "«truncate posts@, members»;"),
    ("sql_syntax", "«@with x as (select 1) update users set visits = 5»;"),
    ("unknown_statement", "«@make table t { a: bigint }»"),
    ("sql_syntax", "«@analyze users»;"),
    ("sql_syntax", "«delete from posts @p where p.id = 5 undo nothing \"tested\"»;"),
    ("sql_syntax", "«update users @u set nickname = u.name undo nothing \"tested\"»;"),
    ("sql_syntax", "«update users @as u set nickname = u.name undo nothing \"tested\"»;"),
    ("sql_syntax", "«update users set @(nickname, visits) = (name, 3) undo nothing \"tested\"»;"),
    ("sql_syntax", "«insert into members @set user_id = 1, org_id = 2, role = \"a\", code = 3»;"),
    ("sql_syntax", "«insert into members @{ user_id: 1, org_id: 2, role: \"a\", code: 3 }»"),
    ("expected", "«insert into members (user_id, org_id, role, code) @value (1, 2, \"a\", 3)»;"),
    ("unknown_statement", "«@insert members (user_id, org_id, role, code) values (1, 2, \"a\", 3)»;"),
    ("missing_columns", "«insert into @orgs values (\"x\", 3, true);»"),
    ("missing_columns", "«insert into @orgs values (\"x\");»"),
    ("expected", "backfill users set nickname = name «@in batches 1000» undo nothing \"tested\";"),
    ("expected", "backfill users set nickname = name «@limit 1000» undo nothing \"tested\";"),
    ("expected", "backfill users set nickname = name «@batch 1000» undo nothing \"tested\";"),
    ("sql_syntax", "«run fill in batches @of 500 undo undo_fill»;"),
    ("expected", "«run fill @outside of transaction undo undo_fill»;"),
    ("expected", "«run fill @outside transaction undo undo_fill»;"),
    ("sql_syntax", "update users set visits = «@cast(name as integer)» undo nothing \"tested\";"),
    ("sql_syntax", "update orgs set size = «@extract(year from since)» undo nothing \"tested\";"),
    ("sql_syntax", "update users set nickname = «@substring(name from 1 for 2)» undo nothing \"tested\";"),
    ("sql_syntax", "update users set visits = «@position(\"a\" in name)» undo nothing \"tested\";"),
    ("unknown_function", "update users set nickname = «@ifnull(nickname, \"x\")» undo nothing \"tested\";"),
    ("unknown_function", "update users set nickname = «@nvl(nickname, \"x\")» undo nothing \"tested\";"),
    ("unknown_function", "update users set nickname = «@isnull(nickname, \"x\")» undo nothing \"tested\";"),
    ("unknown_function", "update users set nickname = name where «@isnull(nickname)» undo nothing \"tested\";"),
    ("unknown_function", "update users set nickname = «@concat(name, \"-\", email)» undo nothing \"tested\";"),
    ("unknown_function", "update users set nickname = «@if(visits > 3, \"a\", \"b\")» undo nothing \"tested\";"),
    ("unknown_function", "update orgs set since = «@getdate()» undo nothing \"tested\";"),
    ("unknown_function", "update users set nickname = «@ucase(name)» undo nothing \"tested\";"),
    ("unknown_function", "update users set nickname = «@lcase(name)» undo nothing \"tested\";"),
    ("unknown_function", "update users set visits = «@len(name)» undo nothing \"tested\";"),
    ("unknown_function", "update users set visits = «@charindex(\"a\", name)» undo nothing \"tested\";"),
    ("operand_type", "update users set nickname = «name @+ \"x\"» undo nothing \"tested\";"),
    ("operand_type", "update users set nickname = «\"a\" @+ \"b\"» undo nothing \"tested\";"),
    ("rust_operator", "update users set «visits @+= 1» undo nothing \"tested\";"),
    ("sql_syntax", "update users set nickname = name where nickname «@notnull» undo nothing \"tested\";"),
    ("unknown_keyword", "update users set nickname = name where nickname «@isnull» undo nothing \"tested\";"),
    (
        "expected",
        "«#[allow(drop_column, @rename_column, reason = \"unused\")]» alter table users { drop nickname; rename name to label; }",
    ),
];

/// The text without its marks, and the column of the error.
fn marked(text: &str) -> (String, usize) {
    let at = text.replace(['«', '»'], "").find('@').expect("an error stands somewhere");
    (text.replace(['«', '»', '@'], ""), at)
}

fn errors(databases: &[Database], text: &str) -> Vec<Diagnostic> {
    let parsed = parse::migration(text.parse().unwrap_or_else(|error| panic!("{text}: {error}")));
    let outcome = compile(after(databases, BASE).next(""), &parsed.draft, &parsed.message);
    parsed.diagnostics(outcome.problems)
}

/// What is not as it should be with the error of one habit.
fn wrong(databases: &[Database], rule: &str, text: &str) -> Option<String> {
    let (plain, at) = marked(text);
    let found = errors(databases, &plain);
    let shown = || found.iter().map(|one| format!("\n    {}: {}", one.problem.code, one.problem)).collect::<String>();
    let [error] = found.as_slice() else { return Some(format!("{text}: {} errors{}", found.len(), shown())) };
    if (error.problem.code, error.span.start().column) != (rule, at) {
        return Some(format!("{text}: at {}, not at {at}{}", error.span.start().column, shown()));
    }
    if error.problem.message.chars().count() > 90 {
        return Some(format!("{text}: long{}", shown()));
    }
    let help = error.problem.help.clone().unwrap_or_default();
    let Some(code) = help.split('`').nth(1) else { return Some(format!("{text}: no code{}", shown())) };
    let pasted = pasted(text, code, &help);
    let left = errors(databases, &pasted);
    left.first().map(|left| format!("{text}{}\n    pasted, {pasted}: {}", shown(), left.problem))
}

/// The text with the code at its place.
fn pasted(text: &str, code: &str, help: &str) -> String {
    if help.ends_with("as a separate statement") {
        return code.to_owned();
    }
    let (head, rest) = text.split_once('«').expect("the help replaces something");
    let (_, tail) = rest.split_once('»').expect("it ends");
    format!("{head}{code}{tail}")
}

#[test]
fn what_is_written_by_habit_is_met_with_code_that_compiles() {
    let both = Database::ALL;
    let in_table = |text: &str| format!("create table t {{ a: bigint, {text} }}");
    let actions = ACTIONS.iter().map(|(rule, text)| (both, rule, format!("alter table users {{ {text}; }}")));
    let entries = ENTRIES.iter().chain(MORE_ENTRIES).map(|(rule, text)| (both, rule, in_table(text)));
    let on_postgres = ON_POSTGRES.iter().map(|(rule, text)| (&[Database::Postgres][..], rule, in_table(text)));
    let statements = STATEMENTS.iter().map(|(rule, text)| (both, rule, (*text).to_owned()));
    let all = actions.chain(entries).chain(on_postgres).chain(statements);
    let wrong: Vec<String> = all.filter_map(|(databases, rule, text)| wrong(databases, rule, &text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
