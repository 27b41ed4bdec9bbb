//! What is equal, what differs, and that no text makes the parser panic.

use proptest::prelude::*;

use super::*;

fn found(sql: &str) -> SchemaObject {
    let kind = if sql.contains("INDEX") { "index" } else { "table" };
    let name = if kind == "index" { "i" } else { "t" };
    SchemaObject { kind: kind.to_owned(), name: name.to_owned(), sql: sql.to_owned() }
}

fn compared(expected: &str, is: &[&str]) -> Vec<String> {
    let expected = Expected::read(expected).unwrap_or_else(|| panic!("{expected}"));
    differences(&expected, &is.iter().map(|sql| found(sql)).collect::<Vec<_>>())
}

const EXPECTED: &str = "CREATE TABLE \"t\" (\n    \"id\" INTEGER NOT NULL CONSTRAINT \"t_pkey\" PRIMARY KEY AUTOINCREMENT,\n    \
     \"name\" TEXT NOT NULL DEFAULT 'it''s',\n    \"active\" BOOLEAN NOT NULL DEFAULT TRUE,\n    \"owner\" BIGINT,\n    \
     CONSTRAINT \"t_name_key\" UNIQUE (\"name\"),\n    CONSTRAINT \"t_check\" CHECK (\"owner\" <> 0 AND length(\"name\") > 1),\n    \
     CONSTRAINT \"t_owner_fkey\" FOREIGN KEY (\"owner\") REFERENCES \"users\" (\"id\") ON DELETE CASCADE\n)";

#[test]
fn what_a_rebuild_would_keep_is_no_difference() {
    for same in [
        EXPECTED,
        // Written by hand, in another order, with rules in the columns and other quotes.
        "create table [t] (owner bigint references Users on delete cascade on update no action, ID integer primary key autoincrement,
            name varchar(20) not null default \"it's\" unique, active integer not null default 1 /* or 0 */,
            check ((owner != 0 and LENGTH(name) > 1))) -- by hand",
        // As SQLite keeps it after `ADD COLUMN` and `RENAME`.
        "CREATE TABLE \"t\" (`id` INTEGER NOT NULL PRIMARY KEY ASC AUTOINCREMENT, 'name' TEXT NOT NULL DEFAULT ('it''s'), \
         \"active\" BOOLEAN NOT NULL DEFAULT true, \"owner\" BIGINT CONSTRAINT \"t_owner_fkey\" REFERENCES \"users\" (\"id\") \
         MATCH SIMPLE ON DELETE CASCADE NOT DEFERRABLE CONSTRAINT c CHECK (\"owner\" <> 0 AND length(\"name\") > 1), \
         UNIQUE (name DESC), CONSTRAINT nothing)",
    ] {
        assert_eq!(compared(EXPECTED, &[same]), Vec::<String>::new(), "{same}");
    }
}

#[test]
fn what_a_rebuild_would_take_away_is_named() {
    let is = |from: &str, to: &str| {
        assert!(EXPECTED.contains(from), "{from}");
        compared(EXPECTED, &[&EXPECTED.replacen(from, to, 1)])
    };
    let cases = [
        (is("\"owner\" BIGINT", "\"owner\" BIGINT, extra TEXT"), "column `extra` is unknown"),
        (is("\"owner\" BIGINT", "\"owner\" BIGINT, g AS (id + 1)"), "column `g` is unknown"),
        (is("\"owner\" BIGINT,", "\"owner\" TEXT,"), "column `owner` is of type `TEXT`, not `BIGINT`"),
        (is("\"owner\" BIGINT,", "\"owner\" BIGINT NOT NULL,"), "column `owner` is `not null`, not `null`"),
        (is("\"owner\" BIGINT,", "\"owner\" BIGINT COLLATE nocase,"), "column `owner` has the collation `nocase`"),
        (is("'it''s'", "'other'"), "column `name` has the default `'other'`, not `'it''s'`"),
        (is(" DEFAULT 'it''s'", ""), "column `name` lacks the default `'it''s'`"),
        (is("NOT NULL DEFAULT TRUE", "NOT NULL ON CONFLICT REPLACE DEFAULT TRUE"), "not null on conflict replace"),
        (is("\"owner\" BIGINT,", "\"owner\" BIGINT CHECK (owner > 5),"), "`check (owner > 5)` is unknown"),
        (is("\"owner\" BIGINT,", "\"owner\" BIGINT UNIQUE,"), "`unique (owner)` is unknown"),
        (is("UNIQUE (\"name\")", "UNIQUE (\"name\" COLLATE nocase)"), "`unique (name collate nocase)` is unknown"),
        (is("UNIQUE (\"name\")", "UNIQUE (\"name\") ON CONFLICT IGNORE"), "`unique (name) on conflict ignore` is unknown"),
        (is("ON DELETE CASCADE", "ON DELETE SET NULL"), "references users (id) on delete set null` is unknown"),
        (is("ON DELETE CASCADE", "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"), "deferrable initially deferred` is unknown"),
        (is("\"users\"", "\"people\""), "`foreign key (owner) references users (id) on delete cascade` is missing"),
        (is(" AUTOINCREMENT", ""), "`primary key (id)` is unknown"),
        (is("\"id\" INTEGER", "\"id\" BIGINT"), "column `id` is of type `BIGINT`, not `INTEGER`"),
        (is("CASCADE\n)", "CASCADE\n) STRICT"), "the table is `STRICT`"),
        (is("CASCADE\n)", "CASCADE\n) WITHOUT ROWID, strict"), "the table is `WITHOUT ROWID`"),
        (compared(EXPECTED, &[]), "the table is missing"),
        (compared(EXPECTED, &["CREATE VIRTUAL TABLE t USING fts5 (name)"]), "not an ordinary table"),
    ];
    for (differences, wanted) in cases {
        assert!(differences.iter().any(|difference| difference.contains(wanted)), "{wanted}: {differences:?}");
    }
}

#[test]
fn an_index_of_the_model_must_be_as_it_was() {
    const TABLE: &str = "CREATE TABLE t (a INTEGER, b TEXT)";
    let expected = format!("{TABLE};\nCREATE INDEX \"i\" ON \"t\" (\"a\", lower(\"b\") DESC) WHERE \"a\" IS NOT NULL");
    assert_eq!(compared(&expected, &[TABLE]), ["index `i` is missing"]);
    let compared = |is: &str| compared(&expected, &[TABLE, is]);
    let same = "create  INDEX if not exists main.i on T (a ASC, (LOWER([b])) DESC) where (a is not null)";
    assert_eq!(compared(same), Vec::<String>::new());
    for (other, shown) in [
        ("CREATE UNIQUE INDEX i ON t (a, lower(b) DESC) WHERE a IS NOT NULL", "index `i` is `unique (a, "),
        ("CREATE INDEX i ON t (a, lower(b) DESC)", "not `(a, lower ( b ) desc) where a is not null`"),
        ("CREATE INDEX i ON t (a COLLATE NOCASE, lower(b) DESC) WHERE a IS NOT NULL", "a collate nocase"),
        ("CREATE INDEX i ON t (lower(b) DESC, a) WHERE a IS NOT NULL", "index `i` is"),
    ] {
        let differences = compared(other);
        assert!(differences.len() == 1 && differences[0].contains(shown), "{differences:?}");
    }
}

#[test]
fn a_text_in_the_wrong_quotes_is_no_definition() {
    for broken in ["", "CREATE TABLE t", "CREATE TABLE t (a", "CREATE TABLE t ('a)", "CREATE TABLE t (a) WITHOUT", "DROP TABLE t"]
    {
        assert_eq!(Expected::read(broken), None, "{broken}");
    }
}

/// Words of a definition in any order.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "CREATE",
        "TABLE",
        "INDEX",
        "t",
        "(",
        ")",
        ",",
        "PRIMARY",
        "KEY",
        "NOT",
        "NULL",
        "DEFAULT",
        "CHECK",
        "UNIQUE",
        "REFERENCES",
        "FOREIGN",
        "ON",
        "DELETE",
        "CONFLICT",
        "CONSTRAINT",
        "AS",
        "COLLATE",
        "'x'",
        "\"y\"",
        "[z]",
        "-",
        "1e5",
        "0x1F",
        ".5",
        "x'ff'",
        ";",
        "--",
        "/*",
        "*/",
        "\n",
        "'",
        "\"",
        "é",
        "WITHOUT",
        "STRICT",
        "DEFERRABLE",
        "INITIALLY",
        "WHERE",
        "AUTOINCREMENT",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), words in words(), cut in 0..EXPECTED.len()) {
        for text in [text.clone(), words.clone(), format!("CREATE TABLE t ({words})"), format!("CREATE INDEX i ON t ({words}) {words}")] {
            if let Some(expected) = Expected::read(&text) {
                let is = SchemaObject { kind: "table".to_owned(), name: expected.table.name.clone(), sql: text.clone() };
                let same = differences(&expected, &[is]);
                prop_assert!(same.iter().all(|difference| difference.contains("index")), "{text}: {same:?}");
                let _query = expected.query(&text);
            }
        }
        let _cut = Expected::read(&EXPECTED[..cut]);
    }
}
