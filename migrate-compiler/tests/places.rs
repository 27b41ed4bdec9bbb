//! Where an error is: at the node that is wrong. Of two equal words the duplicate is the second one, and each of two equal mistakes is
//! an error of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use migrate_compiler::compile::compile;
use migrate_compiler::parse;
use migrate_history::Database;

const BASE: &str = "create table users { id: uuid primary key, email: text unique, name: text?, visits: integer }";

/// Migrations in which an `@` is before each word that an error is about, with the rules in the order of the text.
const CASES: &[(&str, &[&str])] = &[
    // Names of one statement.
    ("create table t { a: text, @a: text }", &["column_exists"]),
    ("create table t { a: text, @a: text, @a: integer }", &["column_exists", "column_exists"]),
    ("create table t { a: integer, c: check (a > 0), @c: check (a > 1) }", &["constraint_exists"]),
    ("create table t { a: integer check (a > 0) as c check (a > 1) as @c }", &["constraint_exists"]),
    ("create table t { a: text primary key, b: text @primary key }", &["second_primary_key"]),
    ("create table t { a: text primary key, b: text, @primary key (b) }", &["second_primary_key"]),
    // Names of several statements.
    ("create table t { a: text } create table @t { a: text }", &["table_exists"]),
    ("alter table users { add a: text?; add @a: text?; }", &["column_exists"]),
    ("create index i on users (name); create index @i on users (visits);", &["index_exists"]),
    // Lists.
    ("create table t { a: text, b: text, unique (a, b, @a) }", &["column_twice"]),
    ("create table t { a: text, b: text, unique (b, a), unique (a, @a) }", &["column_twice"]),
    ("create table t { a: text, primary key (a, @a) }", &["column_twice"]),
    ("create table t { a: uuid, b: uuid?, foreign key (a, @a) references users (id, id) }", &["column_twice"]),
    ("create table t { a: uuid?, foreign key (a) references users (id) on delete set null (a, @a) }", &["column_twice"]),
    ("create table t { a: text, index (a, @a) }", &["column_twice"]),
    ("create index on users (name, visits, @name);", &["column_twice"]),
    ("alter table users { add unique (name, @name); }", &["column_twice"]),
    // Equal columns in several entries, of which one is wrong.
    ("create table t { a: text, b: text, unique (a), unique (@c) }", &["unknown_column"]),
    ("create table t { a: text, unique (a), check (@c = a), check (@c > a) }", &["unknown_column", "unknown_column"]),
    ("create table t { b: uuid references users, a: @text references users }", &["foreign_key_type"]),
    // Equal values.
    (r#"create table t { a: integer default @"q", b: integer default @"q" }"#, &["default_type", "default_type"]),
    (r#"create table t { a: integer default 1, b: text default "q", c: integer default @"q" }"#, &["default_type"]),
    (r#"create table t { a: integer, check (a > 0 or a > @"q"), check (a < @"q") }"#, &["literal_type", "literal_type"]),
    // Equal operators and functions.
    ("alter table users { add check (visits > 1 or name @> 2); }", &["operand_type"]),
    ("alter table users { add check (name @> 1 or name @> 2); }", &["operand_type", "operand_type"]),
    ("alter table users { add check (visits > 1 or name @+ 2 > 3); }", &["operand_type"]),
    ("alter table users { add check (visits + visits + 1 @+ name > 3); }", &["operand_type"]),
    (r#"alter table users { add check (name in ("a") and visits in (1, @"b")); }"#, &["literal_type"]),
    ("alter table users { add check (lower(name) = \"a\" or @lower(visits) = \"b\"); }", &["argument_type"]),
    ("alter table users { add check (@lwer(name) = \"a\" or @lwer(email) = \"b\"); }", &["unknown_function", "unknown_function"]),
    ("create index on users (lower(name), @lower(visits));", &["argument_type"]),
    ("create index on users (lower(name)) where lower(name) > \"a\" and @lower(visits) = \"b\";", &["argument_type"]),
    (r#"alter table users { add check (visits::text = "a" or visits@::uuid = uuid()); }"#, &["cast_type"]),
    ("alter table users { add check (not visits > 1 and @not name); }", &["operand_type"]),
    ("alter table users { add check (-visits > 1 and @-name = email); }", &["operand_type"]),
    ("alter table users { add check (visits - @-email > 0); }", &["operand_type"]),
    ("alter table users { add check (name @- -visits > 0); }", &["operand_type"]),
    ("alter table users { add check (visits - @-\"x\" > 0); }", &["operand_type"]),
    ("alter table users { add check (case when visits > 1 then true @when name then false end); }", &["operand_type"]),
    // A name that is another word as well.
    ("create table t { id: uuid primary key, @primary key (id) }", &["second_primary_key"]),
    ("alter table users { rename @users to email; }", &["unknown_column"]),
    ("rename table users to @users;", &["changes_nothing"]),
    ("create table email { a: text } rename table email to @users;", &["name_taken"]),
    ("alter table users { add name2: text? references @name2 (name2); }", &["unknown_table"]),
    ("create index email on users (@emil);", &["unknown_column"]),
    ("create table t { t: text, unique (t, @t) }", &["column_twice"]),
    ("drop index @users;", &["unknown_index"]),
    (r#"create table @"" { a: text }"#, &["name_empty"]),
    (r#"rename table users to @"";"#, &["name_empty"]),
    // What is misplaced hides nothing of its statement.
    (r#"@#[doc = "x"] create index i on users (@nope);"#, &["comment_here", "unknown_column"]),
    ("create table t { a: text, #[@only(postgres)] b: text, @a: text }", &["attribute_here", "column_exists"]),
    ("#[only(postgres)] #[@only(sqlite)] create index i on users (@nope);", &["attribute_twice", "unknown_column"]),
    ("alter table @users { } create table @users { a: text }", &["changes_nothing", "table_exists"]),
    (r#"revision "a"; @revision "b"; create index i on users (@nope);"#, &["setting_twice", "unknown_column"]),
    ("require exact; @require schema; create index i on users (@nope);", &["setting_twice", "unknown_column"]),
    ("create table t { a: text } undo @default 5; create index i on users (@nope);", &["undo_default", "unknown_column"]),
    // A default and a check of one column.
    (r#"alter table users { add a: integer? default @"q" check (a > @"q"); }"#, &["default_type", "literal_type"]),
];

/// The text without its marks, and where they were: the columns of its only line.
fn marked(text: &str) -> (String, Vec<usize>) {
    let mut plain = String::new();
    let mut places = Vec::new();
    for letter in text.chars() {
        match letter {
            '@' => places.push(plain.chars().count()),
            letter => plain.push(letter),
        }
    }
    (plain, places)
}

#[test]
fn an_error_stands_at_its_own_word() {
    let mut wrong = Vec::new();
    for (text, rules) in CASES {
        let (plain, wanted) = marked(text);
        let before = given::after(Database::ALL, BASE);
        let parsed = parse::migration(plain.parse().unwrap());
        let outcome = compile(before.next(""), &parsed.draft, "");
        assert!(outcome.problems.iter().all(|problem| parsed.has_place(problem)), "{text}: {:?}", outcome.problems);
        let mut found: Vec<(usize, &str)> = Vec::new();
        let diagnostics = parsed.diagnostics(outcome.problems);
        found.extend(diagnostics.iter().map(|one| (one.span.start().column, one.problem.code)));
        found.sort_unstable();
        let wanted: Vec<(usize, &str)> = wanted.into_iter().zip(rules.iter().copied()).collect();
        if found != wanted {
            wrong.push(format!("{text}\n    found {found:?}, not {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
