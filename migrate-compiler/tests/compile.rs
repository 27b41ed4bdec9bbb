//! Migrations from their text to what is compiled of them: levels, guards, notes and checksums.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_compiler::example::newest;
use migrate_compiler::state::{Settings, State};
use migrate_history::{Database, Level, Migration};

/// A migration without mistakes, after [`BASE`].
fn migration(text: &str) -> Migration {
    let (migration, _, errors) = step(after(Database::ALL, BASE), text);
    migration.unwrap_or_else(|| panic!("{text}: {errors:?}"))
}

/// The errors of a migration after [`BASE`].
fn errors(text: &str) -> Vec<String> {
    step(after(Database::ALL, BASE), text).2
}

/// The questions before the downgrade on PostgreSQL, and what they refuse.
fn guards(text: &str) -> Vec<(String, String)> {
    let migration = migration(text);
    let guards = migration.compiled().script(Database::Postgres).unwrap().guards();
    guards.map(|guard| (guard.query.to_string(), guard.refusal.to_string())).collect()
}

const BASE: &str = r#"
    create table users {
        id: bigint primary key,
        email: text unique,
        name: text,
        plan: text default "free",
        nickname: text?,
        visits: integer default 0,
    }
    create table posts {
        id: bigint primary key,
        user_id: bigint references users,
        body: text,
        check (char_length(body) > 0),
    }
"#;

#[test]
fn a_written_way_back_that_takes_data_is_not_exact() {
    let takes = migration(
        "alter table users { rename plan to tier; } down { alter table users { drop tier; add plan: text default \"free\"; } }",
    );
    assert_eq!(takes.compiled().level, Level::Schema);
    assert_eq!(*takes.compiled().losses, ["the values of `users.plan`"]);
    let keeps = migration("alter table users { rename plan to tier; } down { alter table users { rename tier to plan; } }");
    assert_eq!(keeps.compiled().level, Level::Exact);
    let own = migration("alter table users { add age: integer?; } down { alter table users { drop age; } }");
    assert_eq!(own.compiled().level, Level::Exact);
}

#[test]
fn a_written_conversion_back_is_exact_where_it_only_casts() {
    let cast = "alter table users { alter visits type text undo { alter visits type integer using visits::integer; }; }";
    let other = "alter table users { alter visits type text undo { alter visits type integer using 0; }; }";
    let only = |text: &str| step(after(&[Database::Postgres], &BASE.replace("default 0", "")), text).0.unwrap().compiled().level;
    assert_eq!(only(cast), Level::Exact);
    assert_eq!(only(other), Level::Schema);
}

#[test]
fn a_guard_asks_nothing_of_a_table_that_the_downgrade_makes() {
    let text = r#"
        alter table posts { drop constraint posts_user_id_fkey; }
        #[allow(drop_table, reason = "tested")] drop table users;
    "#;
    let (query, refusal) = guards(text).remove(0);
    assert_eq!(query, "SELECT count(*) FROM \"posts\" WHERE \"user_id\" IS NOT NULL");
    assert_eq!(
        refusal,
        "rows of `posts` with a value in (user_id) that refers to `users`, which the downgrade creates again without rows"
    );
}

#[test]
fn a_column_that_comes_back_is_asked_for_by_the_value_that_it_will_have() {
    let drop = |what: &str| format!("alter table users {{ {what} #[allow(drop_column, reason = \"tested\")] drop plan; }}");
    assert_eq!(guards(&drop("")), []);
    let base = BASE.replace("visits:", "unique (plan), unique (plan, visits), check (plan <> name), visits:");
    let state = after(Database::ALL, &base);
    let all = "drop constraint users_plan_key; drop constraint users_plan_visits_key; drop constraint users_check;";
    let (compiled, _, errors) = step(state, &drop(all));
    let compiled = compiled.unwrap_or_else(|| panic!("{errors:?}"));
    let guards = compiled.compiled().script(Database::Sqlite).unwrap().guards().map(|guard| guard.query.to_string());
    let guards: Vec<String> = guards.collect();
    let users = |columns: &str| format!("(SELECT {columns}'free' AS \"plan\" FROM \"users\") AS \"users\"");
    assert_eq!(guards[0], format!("SELECT count(*) FROM {} WHERE NOT (\"plan\" <> \"name\")", users("\"name\", ")));
    assert!(guards[1].contains(&format!("\"plan\" AS k1, \"visits\" AS k2 FROM {}", users("\"visits\", "))), "{}", guards[1]);
    assert!(guards[2].contains(&format!("\"plan\" AS k1 FROM {}", users(""))), "{}", guards[2]);
    assert_eq!(guards.len(), 3);
}

#[test]
fn a_way_back_may_be_for_some_databases_only() {
    let text = r#"
        #[only(postgres)] sql "CREATE COLLATION c FROM \"C\"" as nothing;
        sql "SELECT 1" as nothing;
        down { #[only(postgres)] sql "DROP COLLATION c" as nothing; }
    "#;
    let migration = migration(text);
    let statements = |database| {
        migration.compiled().script(database).unwrap().downgrade.iter().map(|step| step.statements.len()).sum::<usize>()
    };
    assert_eq!((statements(Database::Postgres), statements(Database::Sqlite)), (1, 0));
}

#[test]
fn an_allow_in_a_way_back_is_needed_by_nothing() {
    let errors = errors("alter table users { add age: integer? undo { #[allow(drop_column, reason = \"no\")] drop age; }; }");
    assert_eq!(errors, ["unused `#[allow(drop_column)]`\nhelp: remove it"]);
}

#[test]
fn raw_sql_that_names_a_column_is_in_its_way() {
    let base = BASE.replace("visits:", "check (sql(\"length(plan) < 9\")), visits:");
    let wrong = |text: &str| step(after(Database::ALL, &base), text).2.join("\n");
    assert!(
        wrong("alter table users { rename plan to tier; }")
            .starts_with("`plan` is used in the raw SQL of the check `users_check`")
    );
    let drop = wrong("alter table users { #[allow(drop_column, reason = \"tested\")] drop plan; }");
    assert!(drop.starts_with("`plan` is still used by the check `users_check`"), "{drop}");
    assert_eq!(wrong("alter table users { rename name to full_name; }"), "");
}

#[test]
fn formatting_changes_no_checksum_and_another_type_does() {
    let checksum = |text: &str| migration(text).checksum().to_owned();
    let one = checksum("alter table users { add age: integer?; }");
    assert_eq!(one, checksum("//! What it is for.\n\n  alter   table users {\n  // A comment.\n add age : integer ?;\n};"));
    assert_ne!(one, checksum("alter table users { add age: bigint?; }"));
    assert!(one.starts_with("v2:") && one.len() == 3 + 64 + 1 + 64, "{one}");
}

#[test]
fn a_name_is_one_relation_only() {
    let wrong = |text: &str| errors(text).join("\n");
    let taken = "the name `users_email_key` is already used by the unique constraint of `users`";
    assert!(wrong("create table users_email_key { id: bigint }").starts_with(taken));
    assert!(wrong("alter table posts { add posts: unique (body); }").starts_with("the name `posts` is already used by a table"));
    assert!(wrong("create table t { t: unique (id), id: bigint }").starts_with("the name `t` is already used by a table"));
    let (_, _, errors) = step(after(&[Database::Sqlite], BASE), "alter table posts { add users_email_key: unique (body); }");
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn a_foreign_key_compares_what_the_database_compares() {
    let refers = |own: &str, other: &str| {
        let text = format!("create table a {{ id: {other} primary key }} create table b {{ a: {own} references a }}");
        step(State::root(Settings::tested([newest(Database::Postgres)])), &text).2
    };
    for (own, other) in [("integer", "bigint"), ("bigint", "decimal(9, 2)"), ("decimal", "double"), ("date", "timestamptz")] {
        assert_eq!(refers(own, other), Vec::<String>::new(), "{own} to {other}");
    }
    for (own, other) in [("decimal", "bigint"), ("double", "integer"), ("double", "decimal"), ("text", "uuid")] {
        assert_eq!(refers(own, other).len(), 1, "{own} to {other}");
    }
    let deferred = "create table a { id: bigint, unique (id) deferrable } create table b { a: bigint references a (id) }";
    let (_, _, wrong) = step(State::root(Settings::tested([newest(Database::Postgres)])), deferred);
    assert!(wrong[0].starts_with("`a (id)` is deferrable, so a foreign key cannot reference it"), "{wrong:?}");
}

#[test]
fn a_literal_is_a_value_of_its_type() {
    let wrong = |column: &str| step(after(&[Database::Postgres], BASE), &format!("create table t {{ c: {column} }}")).2.len();
    for right in [
        "integer default \"12\"",
        "integer default \"-12\"",
        "decimal(4, 2) default 99.99",
        "decimal(4, 2) default -1",
        "date default \"2024-02-29\"",
        "timestamptz default \"2024-02-29T10:00:00+01:00\"",
        "time default \"23:59\"",
        "timestamp default \"2024-02-29 10:00\"",
        "timestamptz default \"infinity\"",
        "double default \"1.5\"",
    ] {
        assert_eq!(wrong(right), 0, "{right}");
    }
    for bad in [
        "integer default \"1.5\"",
        "smallint default \"40000\"",
        "decimal(4, 2) default 100",
        "decimal(4, 2) default -123.4",
        "date default \"2023-02-29\"",
        "date default \"2024-99-99\"",
        "time default \"24:61\"",
        "timestamp default \"2024-02-29 25:61\"",
        "text default case when true then 1 else now() end",
    ] {
        assert_eq!(wrong(bad), 1, "{bad}");
    }
}

#[test]
fn a_new_type_is_looked_at_by_the_indexes() {
    let base = "create table t { name: text } create index on t (lower(name)); create index by_pattern on t (name with text_pattern_ops);";
    let text = "alter table t { alter name type bytes using convert_to(name, \"UTF8\") undo { alter name type text using convert_from(name, \"UTF8\"); }; }";
    let (_, _, errors) = step(after(&[Database::Postgres], base), text);
    assert!(errors[0].starts_with("`lower` requires text, found bytes"), "{errors:?}");
    assert!(errors[1].starts_with("the index `by_pattern` uses `name` with the operator class `text_pattern_ops`"), "{errors:?}");
    assert_eq!(errors.len(), 2, "{errors:?}");
}

#[test]
fn a_function_of_the_project_passes_with_a_note() {
    let text = "alter table users { add check (is_polite(name)); }";
    let (migration, ..) = step(after(&[Database::Postgres], BASE), text);
    let note = "the function `is_polite` is not checked: the compiler does not know it";
    assert!(migration.unwrap().compiled().notes.iter().any(|one| one == note));
}

#[test]
fn what_a_database_cannot_do_is_said_beside_other_mistakes() {
    let errors = errors("create index on users using gin (plan); alter table usres { add age: integer; }");
    assert_eq!(errors.len(), 2, "{errors:?}");
}

#[test]
fn a_misspelt_table_is_one_error_whatever_uses_its_new_column() {
    let text = "alter table usres { add age: integer?; } create index on users (age, name);";
    assert_eq!(errors(text), ["unknown table `usres`\nhelp: did you mean `users`?"]);
}

#[test]
fn an_index_sees_its_columns_in_their_types_as_a_check_does() {
    let base = "create table t { id: uuid, at: timestamptz?, n: integer }";
    let sql = |text: &str| {
        let (migration, _, errors) = step(after(&[Database::Sqlite], base), text);
        let migration = migration.unwrap_or_else(|| panic!("{text}: {errors:?}"));
        let statements = &migration.compiled().script(Database::Sqlite).unwrap().upgrade[0].statements;
        statements.iter().map(|statement| statement.sql.to_string()).collect::<Vec<_>>().join("\n")
    };
    for condition in ["id = \"00112233-4455-6677-8899-aabbccddeeff\"", "at > \"2024-05-01T10:00:00Z\"", "id::text > \"1\""] {
        let check = sql(&format!("alter table t {{ add check ({condition}); }}"));
        let rendered = check.split("CHECK (").nth(1).unwrap().lines().next().unwrap().trim_end_matches(')');
        let index = sql(&format!("create index on t (n) where {condition};"));
        assert!(index.contains(rendered), "{condition}: {rendered}\n{index}");
        let renamed = sql(&format!("create index one on t (n) where {condition}; rename index one to other;"));
        assert_eq!(renamed.matches(rendered).count(), 2, "{renamed}");
    }
    let written = "create index on t (n) where id = \"00112233-4455-6677-8899-aabbccddeeff\";";
    assert!(sql(written).contains("00112233445566778899aabbccddeeff'"), "{}", sql(written));
}

/// PostgreSQL ties a foreign key to the oldest key of its columns, which then cannot be dropped alone.
#[test]
fn the_key_that_a_foreign_key_is_tied_to_is_still_used() {
    let base = after(
        &[Database::Postgres],
        &BASE.replace("create table posts", "create unique index again on users (id); create table posts"),
    );
    let wrong = |state: &State, text: &str| step(state.clone(), text).2.join("\n");
    let drop = "alter table users { drop constraint users_pkey; }";
    assert!(
        wrong(&base, drop).starts_with("`users_pkey` is still used by the foreign key `posts_user_id_fkey`"),
        "{}",
        wrong(&base, drop)
    );
    // What came later than the foreign key is nothing that it can be tied to.
    let base = after(&[Database::Postgres], BASE);
    let later = step(base, "alter table users { add unique (id); }").1.named("m2");
    assert_eq!(wrong(&later, "alter table users { drop constraint users_id_key; }"), "");
    assert!(wrong(&later, drop).contains("still used"));
    // SQLite looks for a key when it needs one.
    let sqlite = after(&[Database::Sqlite], BASE);
    let later = step(sqlite, "alter table users { add unique (id); }").1.named("m2");
    assert_eq!(wrong(&later, drop), "");
}

/// The schema alone does not tell two columns of one type, or two tables of one shape.
#[test]
fn what_changes_places_is_not_restored() {
    let base = after(
        Database::ALL,
        "create table pairs { a: text, b: text, c: text? } create table pears { a: text, b: text, c: text? } create table other { a: text }",
    );
    let wrong = |text: &str| step(base.clone(), text).2.join("\n");
    let columns = "alter table pairs { rename a to x; rename b to y; }";
    assert!(
        wrong(&format!("{columns} down {{ alter table pairs {{ rename x to b; rename y to a; }} }}"))
            .starts_with("`down` does not restore the rows: `pairs.a` would hold the values of `b`")
    );
    assert_eq!(wrong(&format!("{columns} down {{ alter table pairs {{ rename x to a; rename y to b; }} }}")), "");
    let tables = "rename table pairs to one; rename table pears to two;";
    assert!(
        wrong(&format!("{tables} down {{ rename table one to pears; rename table two to pairs; }}"))
            .starts_with("`down` does not restore the rows: `pairs` would hold the rows of `pears`")
    );
    assert_eq!(wrong(&format!("{tables} down {{ rename table one to pairs; rename table two to pears; }}")), "");
    let undo = "alter table pairs { add d: text? undo { drop d; rename a to x; rename b to a; rename x to b; }; }";
    assert!(wrong(undo).starts_with("`undo` does not restore the rows"), "{}", wrong(undo));
    // By way of a third place, and of another type.
    let three =
        "alter table pairs { rename a to x; } down { alter table pairs { rename b to h; rename x to b; rename h to a; } }";
    assert!(wrong(three).starts_with("`down` does not restore the rows"), "{}", wrong(three));
    let typed = "alter table pairs { alter a type varchar; alter b type varchar; rename a to x; rename b to a; rename x to b; }
        down { alter table pairs { alter a type text; alter b type text; } }";
    assert!(wrong(typed).starts_with("`down` does not restore the rows"), "{}", wrong(typed));
}

/// SQLite keeps the last column of a table; where another one comes with it, the table is rebuilt.
#[test]
fn the_only_column_of_a_table_is_not_dropped_on_sqlite() {
    let base = after(&[Database::Sqlite], "create table one { a: integer? }");
    let wrong = |text: &str| step(base.clone(), text).2.join("\n");
    let drop = |more: &str| format!("alter table one {{ #[allow(drop_column, reason = \"tested\")] drop a; {more} }}");
    assert!(wrong(&drop("")).contains("a table without columns is not supported on SQLite"), "{}", wrong(&drop("")));
    assert_eq!(wrong(&drop("add b: integer default 1;")), "");
}
