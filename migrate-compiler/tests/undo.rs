//! What is written about a downgrade: after one action, a statement, or a whole block.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_compiler::example::newest;
use migrate_compiler::state::{Settings, State};
use migrate_compiler::types::Type;
use migrate_history::{Action, Database, Level, Migration};

const BASE: &str = r#"
    create table users { id: bigint primary key, email: text, code: integer default 7, nickname: text?, unique (email) }
    create table posts { id: bigint primary key, user_id: bigint references users, title: text }
    create index by_title on posts (title);
"#;

/// A migration after [`BASE`], and what is wrong with it.
fn compiled(databases: &[Database], text: &str) -> (Option<Migration>, Vec<String>) {
    let (migration, _, errors) = step(after(databases, BASE), text);
    (migration, errors)
}

/// A migration without mistakes.
fn migration(text: &str) -> Migration {
    let (migration, errors) = compiled(Database::ALL, text);
    migration.unwrap_or_else(|| panic!("{text}: {errors:?}"))
}

/// The first lines of the errors of a migration.
fn errors(text: &str) -> Vec<String> {
    let errors = compiled(Database::ALL, text).1;
    errors.iter().map(|error| error.lines().next().unwrap_or_default().to_owned()).collect()
}

/// The statements of the downgrade on a database.
fn downgrade(migration: &Migration, database: Database) -> Vec<String> {
    let steps = migration.compiled().script(database).unwrap().downgrade.iter();
    let run = steps.flat_map(|step| step.statements.iter()).filter(|statement| statement.action == Action::Run);
    run.map(|statement| statement.sql.to_string()).collect()
}

/// A migration that drops a column.
fn drop(what: &str) -> String {
    format!("alter table users {{ #[allow(drop_column, reason = \"tested\")] drop {what}; }}")
}

#[test]
fn a_column_comes_back_with_a_value_in_every_row_and_its_own_default() {
    let own = migration(&drop("code undo default 1"));
    assert_eq!((own.compiled().level, &*own.compiled().losses), (Level::Schema, &["the values of `users.code`".into()][..]));
    assert_eq!(
        downgrade(&own, Database::Postgres),
        [
            "ALTER TABLE \"users\" ADD COLUMN \"code\" integer NOT NULL DEFAULT 1",
            "ALTER TABLE \"users\" ALTER COLUMN \"code\" SET DEFAULT 7"
        ]
    );
    let none = migration(
        "alter table users { drop constraint users_email_key; #[allow(drop_column, reason = \"tested\")] drop email undo default \"\"; }",
    );
    assert_eq!(
        downgrade(&none, Database::Postgres)[..2],
        [
            "ALTER TABLE \"users\" ADD COLUMN \"email\" text NOT NULL DEFAULT ''",
            "ALTER TABLE \"users\" ALTER COLUMN \"email\" DROP DEFAULT"
        ]
    );
    let guards: Vec<&str> = none.compiled().script(Database::Sqlite).unwrap().guards().map(|guard| &*guard.query).collect();
    assert!(matches!(guards.as_slice(), [one] if one.contains("'' AS \"email\"")), "every row has the value: {guards:?}");
}

#[test]
fn a_fill_is_shown_in_words_that_are_read_again() {
    let filled = migration(&drop("code undo default 1"));
    let steps = &filled.compiled().script(Database::Postgres).unwrap().downgrade;
    let shown = "alter table users { add code: integer default 1; alter code set default 7; }";
    assert_eq!(&*steps[0].statements[0].operation, shown);
    let (_, state, _) = step(after(&[Database::Postgres], BASE), &drop("code undo default 1"));
    let (again, _, errors) = step(state.named("m2"), shown);
    let again = again.unwrap_or_else(|| panic!("{errors:?}"));
    let upgrade = &again.compiled().script(Database::Postgres).unwrap().upgrade;
    let sql = |statement: &migrate_history::Statement| statement.sql.to_string();
    assert!(upgrade[0].statements.iter().map(sql).eq(steps[0].statements.iter().map(sql)), "it means the same");
    let same = migration(&drop("code undo default 7"));
    assert_eq!(downgrade(&same, Database::Postgres).len(), 1, "its own default needs no second statement");
}

#[test]
fn a_fill_is_checked_as_a_default_is() {
    for (fill, error) in [
        ("code undo default \"x\"", "\"x\" is not a number"),
        ("code undo default now()", "`now()` is a date or timestamp, and `code` is `integer`"),
        ("code undo default id", "a default cannot use the column `id`"),
        ("code undo default null", "`code` is `not null`, so its value cannot be null"),
        ("code undo default nope(1)", "unknown function `nope`"),
    ] {
        assert_eq!(errors(&drop(fill)), [error], "{fill}");
    }
    assert_eq!(errors(&drop("nickname undo default null")), Vec::<String>::new());
    assert_eq!(errors(&drop("nickame undo default \"x\"")), ["unknown column `nickame` in `users`"]);
    let counted = "create table t { id: bigint primary key identity, n: integer } alter table t { drop n; }";
    let state = after(&[Database::Postgres], &counted.replace(" alter table t { drop n; }", ""));
    let text = "alter table t { drop constraint t_pkey; #[allow(drop_column, reason = \"tested\")] drop id undo default 5; }";
    assert_eq!(
        step(state, text).2,
        ["the database numbers `id`, so `undo default` cannot set its values\nhelp: write `drop id;`"]
    );
}

#[test]
fn what_the_help_says_of_a_required_column_compiles_for_every_type() {
    let words = Type::WORDS.iter().map(|(word, _)| (*word).to_owned());
    for ty in words.chain(["varchar(3)", "char(2)", "decimal(4, 4)", "text[]", "uuid[]"].map(str::to_owned)) {
        for &database in Database::ALL {
            let root = || State::root(Settings::tested([newest(database)]));
            let (base, state, _) = step(root(), &format!("create table t {{ id: bigint, c: {ty} }}"));
            if base.is_none() {
                assert_eq!(database, Database::Sqlite, "{ty}");
                continue;
            }
            let state = state.named("m1");
            let allow = "#[allow(drop_column, reason = \"tested\")]";
            let (_, _, errors) = step(state.clone(), &format!("alter table t {{ {allow} drop c; }}"));
            let help = errors[0].split("help: write `").nth(1).unwrap().split("`, or").next().unwrap().to_owned();
            assert!(help.starts_with("drop c undo default "), "{help}");
            let (pasted, _, errors) = step(state, &format!("alter table t {{ {allow} {help} }}"));
            assert!(pasted.is_some(), "{ty} on {database}: {help}: {errors:?}");
        }
    }
}

#[test]
fn undo_default_is_for_a_dropped_column_alone() {
    let wrong = "`undo default` is allowed only after `drop COLUMN` in an `alter table` block";
    for text in [
        "alter table users { add age: integer? undo default 5; }",
        "alter table users { rename code to number undo default 5; }",
        "alter table users { drop constraint users_email_key undo default 5; }",
        "alter table users { drop code; } undo default 5;",
        "create table t { id: bigint } undo default 5;",
        "drop table posts undo default 5;",
        "sql \"SELECT 1\" undo default 5;",
    ] {
        assert_eq!(errors(text).iter().filter(|error| !error.contains("may still use")).collect::<Vec<_>>(), [wrong], "{text}");
    }
}

#[test]
fn a_block_is_undone_as_a_whole() {
    let block = "alter table users { add a: integer default 1; rename nickname to nick; }";
    let whole = migration(&format!("{block} undo {{ alter table users {{ rename nick to nickname; drop a; }} }}"));
    let sql = |migration: &Migration| downgrade(migration, Database::Postgres);
    assert_eq!(
        sql(&whole),
        ["ALTER TABLE \"users\" RENAME COLUMN \"nick\" TO \"nickname\"", "ALTER TABLE \"users\" DROP COLUMN \"a\""]
    );
    assert_eq!(whole.compiled().level, Level::Exact);
    assert_eq!(sql(&migration(&format!("{block} undo {{ drop a; rename nick to nickname; }}"))).len(), 2, "actions of the table");
    assert_eq!(sql(&migration(&format!("{block} undo \"SELECT 1\";"))), ["SELECT 1"], "raw SQL is for all of it");
    assert_eq!(migration(&format!("{block} irreversible \"why\";")).compiled().level, Level::Irreversible);
    let half = errors(&format!("{block} undo {{ alter table users {{ drop a; }} }}"));
    assert_eq!(half.len(), 1, "{half:?}");
    assert!(half[0].starts_with("this `undo` does not restore the schema: column `nick"), "{half:?}");
    let nothing = errors(&format!("{block} undo nothing \"why\";"));
    assert!(nothing[0].starts_with("`undo nothing` does not restore the schema"), "{nothing:?}");
}

#[test]
fn what_an_undo_of_a_block_takes_is_lost() {
    let block = "alter table users { rename nickname to nick; add a: integer?; }";
    let takes = migration(&format!("{block} undo {{ drop a; drop nick; add nickname: text?; }}"));
    assert_eq!(
        (takes.compiled().level, &*takes.compiled().losses),
        (Level::Schema, &["the values of `users.nickname`".into()][..])
    );
}

#[test]
fn two_downgrades_of_one_action_are_an_error() {
    let twice = "alter table users { add a: integer? undo { drop a; }; add b: integer?; } undo { drop b; drop a; }";
    assert_eq!(errors(twice), ["this `undo` is never used: the `undo` after the block replaces it"]);
    let twice = "alter table users { add a: integer? irreversible \"why\"; } undo { drop a; }";
    assert_eq!(errors(twice), ["this `undo` is never used: the `undo` after the block replaces it"]);
    let down = "alter table users { add a: integer?; } undo { drop a; } down { alter table users { drop a; } }";
    assert_eq!(errors(down), ["`down` replaces the inferred downgrade, so this `undo` is never used"]);
}

#[test]
fn any_statement_may_be_in_an_undo() {
    let action = "alter table posts { rename title to head undo { \
        drop index by_title; rename head to title; create index by_title on posts (title); create table t { id: bigint } \
        alter table t { add n: integer; } drop table t; sql \"SELECT 1\" as nothing; }; }";
    assert_eq!(downgrade(&migration(action), Database::Postgres).len(), 4);
    let statement = "drop index by_title undo { create index other on posts (title); rename index other to by_title; };";
    assert_eq!(downgrade(&migration(statement), Database::Sqlite).len(), 3);
    let table = "create table t { id: bigint, index by_id (id) } undo { drop index by_id; rename table t to u; drop table u; }";
    assert_eq!(downgrade(&migration(table), Database::Postgres).len(), 2);
    let rows = "alter table users { add a: integer? undo { delete from users where id = 1; drop a; }; }";
    assert_eq!(downgrade(&migration(rows), Database::Postgres)[0], "DELETE FROM \"users\" WHERE \"id\" = 1");
    let planned = errors("alter table users { add a: integer? undo { create sequence s; drop a; }; }");
    assert_eq!(planned, ["`create sequence` is not supported yet"]);
}

#[test]
fn a_column_may_be_called_as_an_object_is() {
    let base = "create table t { table: integer?, index: integer?, sql: text?, undo: text? }";
    let back = |text: &str| {
        let (migration, _, errors) = step(after(&[Database::Postgres], base), text);
        downgrade(&migration.unwrap_or_else(|| panic!("{text}: {errors:?}")), Database::Postgres)
    };
    assert_eq!(back("alter table t { rename table to to undo { rename to to table; }; }").len(), 1);
    assert_eq!(back("alter table t { rename index to i; } undo { rename i to index; }").len(), 1);
    assert_eq!(back("alter table t { alter table set default 5; } undo { alter table drop default; }").len(), 1);
    assert_eq!(back("alter table t { alter table set not null; } undo { alter table drop not null; }").len(), 1);
    assert_eq!(back("alter table t { add x: text?; add y: text?; } undo { alter table t { drop x; drop y; } }").len(), 1);
    let own = "alter table t { #[allow(drop_column, reason = \"tested\")] drop undo undo default \"x\"; }";
    assert_eq!(back(own).len(), 2);
    let again =
        "alter table t { rename table to a; rename index to b; } undo { rename a to table; drop b; add index: integer?; }";
    assert_eq!(back(again).len(), 2);
}

#[test]
fn an_undo_is_for_the_databases_of_its_statement() {
    let block = "alter table users { #[only(postgres)] add a: integer?; add b: integer?; } \
        undo { drop b; #[only(postgres)] drop a; }";
    let migration = migration(block);
    assert_eq!(downgrade(&migration, Database::Sqlite), ["ALTER TABLE \"users\" DROP COLUMN \"b\""]);
    assert_eq!(
        downgrade(&migration, Database::Postgres),
        ["ALTER TABLE \"users\"\n    DROP COLUMN \"b\",\n    DROP COLUMN \"a\""]
    );
    let missing = errors("alter table users { #[only(postgres)] add a: integer?; add b: integer?; } undo { drop b; }");
    assert_eq!(missing, ["this `undo` does not restore the schema: column `a` of `users` remains"]);
    let alone = "#[only(sqlite)] alter table users { add a: integer?; add b: integer?; } undo { drop b; drop a; }";
    let (alone, errors) = compiled(Database::ALL, alone);
    let alone = alone.unwrap_or_else(|| panic!("{errors:?}"));
    assert_eq!((downgrade(&alone, Database::Postgres).len(), downgrade(&alone, Database::Sqlite).len()), (0, 2));
    let filled = "#[only(sqlite)] alter table users { #[allow(drop_column, reason = \"tested\")] drop code undo default 1; }";
    assert!(compiled(Database::ALL, filled).0.is_some());
}

#[test]
fn raw_sql_is_believed_to_undo_what_needs_an_undo() {
    let raw = migration(&drop("code undo \"ALTER TABLE users ADD COLUMN code integer\""));
    assert_eq!(downgrade(&raw, Database::Postgres).len(), 1);
    let required = "create table t { id: bigint, c: text }";
    let believed = |text: &str| step(after(&[Database::Postgres], required), text).2;
    let allow = "#[allow(drop_column, reason = \"tested\")]";
    assert_eq!(believed(&format!("alter table t {{ {allow} drop c undo \"SELECT 1\"; }}")), Vec::<String>::new());
    let converted = "alter table t { alter c type integer using c::integer undo \"SELECT 1\"; }";
    assert_eq!(believed(converted), Vec::<String>::new());
    let described =
        "#[allow(drop_column, reason = \"tested\")] sql \"SELECT 1\" as { alter table t { drop c; } } undo \"SELECT 2\";";
    assert_eq!(believed(described), Vec::<String>::new());
    let needs = believed(&described.replace(" undo \"SELECT 2\";", ""));
    assert!(needs[0].contains("help: write `sql \"…\" as { … } undo \"…\";`"), "{needs:?}");
}

#[test]
fn an_undo_has_no_undo() {
    let nested = "alter table users { add a: integer?; } undo { alter table users { drop a; } undo { add a: integer?; } }";
    assert_eq!(errors(nested), ["`undo` cannot be nested"]);
    let nested = "alter table users { add a: integer? undo { drop a undo default 5; }; }";
    assert_eq!(errors(nested), ["`undo` cannot be nested"]);
    let other = "alter table users { add a: integer? undo { drop a irreversible \"why\"; }; }";
    assert_eq!(errors(other), ["`irreversible` cannot be used in `undo`"]);
    let down = "alter table users { add a: integer?; } down { alter table users { drop a undo default 1; } }";
    assert_eq!(errors(down), ["`undo` cannot be used in `down`"]);
    let effect = "sql \"SELECT 1\" as { alter table users { add a: integer?; } undo \"SELECT 1\"; }";
    assert_eq!(errors(effect), ["`undo` cannot be used in `as { … }`"]);
}

#[test]
fn a_mistake_in_an_undo_is_one_error() {
    let one = |undo: &str| errors(&format!("alter table users {{ add a: integer?; add b: integer? unique; }} undo {{ {undo} }}"));
    assert_eq!(one("dorp a; drop b;"), ["unknown statement `dorp`"]);
    assert_eq!(one("down { }"), ["`down` is allowed only at the top of a migration"]);
    assert_eq!(one("alter table users drop a;"), ["expected the changes in braces: `alter table t { … }`, found `drop`"]);
    assert_eq!(one("drop a; drop b;"), ["`b` is still used by the unique constraint `users_b_key` of `users`"]);
    assert_eq!(one("drop c; drop a; drop constraint users_b_key; drop b;"), ["unknown column `c` in `users`"]);
    assert_eq!(errors("alter table users { dorp a; } undo { drop a; }").len(), 1);
    assert_eq!(errors("alter table usres { add a: integer?; } undo { drop a; }"), ["unknown table `usres`"]);
}

#[test]
fn what_is_made_with_a_column_or_a_table_is_dropped_with_or_without_a_word() {
    for text in [
        "alter table posts { add by: bigint? unique references users undo { drop by; }; }",
        "alter table posts { add by: bigint? unique undo { drop constraint posts_by_key; drop by; }; }",
        "create table t { id: bigint, unique (id), index by_id (id) } undo { drop table t; }",
        "create table t { id: bigint, unique (id), index by_id (id) } undo { drop index by_id; drop table t; }",
        "create table t { id: bigint, index by_id (id) } undo \"DROP TABLE t\";",
    ] {
        assert_eq!(errors(text), Vec::<String>::new(), "{text}");
    }
    let block = "alter table posts { add by: bigint? unique; } undo { drop by; }";
    assert_eq!(errors(block), ["`by` is still used by the unique constraint `posts_by_key` of `posts`"]);
}
