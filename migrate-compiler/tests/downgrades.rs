//! What is known of a downgrade when it is compiled: whether its level is proved, what its checksum covers, what it drops.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::compile::compile;
use migrate_compiler::parse;
use migrate_compiler::state::{Settings, State};
use migrate_history::{Agreement, Database, Grade, Level, Migration, Version};

/// The next migration, with the state after it and its errors.
fn step(before: State, text: &str) -> (Option<Migration>, State, Vec<String>) {
    let parsed = parse::migration(text.parse().unwrap_or_else(|error| panic!("{text}: {error}")));
    let outcome = compile(before.next(""), &parsed.draft, &parsed.message);
    let errors = parsed.diagnostics(outcome.problems).iter().map(|diagnostic| diagnostic.problem.to_string()).collect();
    (outcome.migration, outcome.after, errors)
}

fn root(require: Option<Grade>) -> State {
    let servers: Vec<_> = Database::ALL.iter().copied().map(Version::oldest).collect();
    State::root(Settings { require, ..Settings::tested(servers) })
}

const BASE: &str = "create table t { id: bigint primary key, a: text? }";

/// A migration without mistakes, after [`BASE`].
fn migration(text: &str) -> Migration {
    let (_, state, errors) = step(root(None), BASE);
    assert!(errors.is_empty(), "{errors:?}");
    let (migration, _, errors) = step(state.named("base"), text);
    migration.unwrap_or_else(|| panic!("{text}: {errors:?}"))
}

fn grade(text: &str) -> String {
    migration(text).compiled().grade().to_string()
}

#[test]
fn a_level_that_rests_on_raw_sql_says_so() {
    assert_eq!(grade("alter table t { add b: integer?; }"), "exact");
    // An `undo` is believed, whatever it undoes.
    assert_eq!(grade("sql \"UPDATE t SET a = 1\" undo \"UPDATE t SET a = 2\";"), "exact (stated)");
    assert_eq!(grade("alter table t { add b: integer? undo \"ALTER TABLE t DROP COLUMN b\"; }"), "exact (stated)");
    assert_eq!(grade("sql \"UPDATE t SET a = 1\" as nothing; down { sql \"UPDATE t SET a = 2\" as nothing; }"), "exact (stated)");
    // What is stated about the upgrade is believed too; of the data nothing is stated.
    let effect = "sql \"ALTER TABLE t ADD b integer\" as { alter table t { add b: integer?; } }";
    assert_eq!(grade(effect), "schema (stated)");
    assert_eq!(grade("sql \"UPDATE t SET a = 1\" as nothing;"), "schema (stated)");
    assert_eq!(grade(&format!("{effect} undo {{ alter table t {{ drop b; }} }}")), "schema (stated)");
    // What is known to be lost stays lost.
    let drop = "alter table t { #[allow(drop_column, reason = \"tested\")] drop a undo \"ALTER TABLE t ADD a text\"; }";
    assert_eq!(grade(drop), "schema (stated)");
    assert_eq!(migration(drop).compiled().losses.to_vec(), ["the values of `t.a`"]);
    // Of what never comes back nothing is believed.
    assert_eq!(grade("sql \"UPDATE t SET a = 1\" as nothing irreversible \"it is gone\";"), "irreversible");
}

#[test]
fn what_is_required_may_be_stated_only_where_that_is_said() {
    let errors = |require: Option<Grade>, text: &str| step(root(require), text).2;
    let stated = "sql \"SELECT 1\" undo \"SELECT 2\";";
    let [refused] = &*errors(Some(Grade::proved(Level::Exact)), stated) else { panic!("one error") };
    assert!(
        refused.starts_with("the history requires level `exact`, and the level of this migration is `exact (stated)`\n"),
        "{refused}"
    );
    assert!(refused.contains("write `require: exact (stated);` in `history!`"), "{refused}");
    assert_eq!(errors(Some(Grade::stated(Level::Exact)), stated), Vec::<String>::new());
    assert_eq!(errors(None, &format!("require exact (stated); {stated}")), Vec::<String>::new());
    assert_eq!(errors(None, &format!("require schema; {stated}")), Vec::<String>::new());
    assert_eq!(errors(None, "require schema; sql \"SELECT 1\" as nothing;"), Vec::<String>::new());
    let [refused] = &*errors(None, "require exact (stated); sql \"SELECT 1\" as nothing;") else { panic!("one error") };
    assert!(
        refused.starts_with("this migration requires level `exact (stated)`, and its level is `schema (stated)`\n"),
        "{refused}"
    );
    // The stricter of the two holds.
    let both = errors(Some(Grade::proved(Level::Exact)), &format!("require exact (stated); {stated}"));
    assert!(both[0].starts_with("the history requires level `exact`"), "{both:?}");
    let unknown = errors(None, "require exact (sworn);");
    assert!(unknown[0].starts_with("unknown level `exact (sworn)`"), "{unknown:?}");
}

#[test]
fn an_edited_undo_is_told_from_an_edited_upgrade() {
    let one = migration("sql \"SELECT 1\" as nothing undo \"SELECT 2\";");
    let agreement = |text: &str| one.agreement(migration(text).checksum());
    assert_eq!(agreement("//! Another message.\nsql \"SELECT 1\" as nothing undo \"SELECT 2\";"), Agreement::Same);
    assert_eq!(agreement("sql \"SELECT 1\" as nothing undo \"SELECT 3\";"), Agreement::DowngradeEdited);
    assert_eq!(agreement("sql \"SELECT 1\" as nothing;"), Agreement::DowngradeEdited);
    assert_eq!(agreement("sql \"SELECT 1\" as nothing irreversible \"no\";"), Agreement::DowngradeEdited);
    assert_eq!(agreement("sql \"SELECT 1\" as nothing; down { }"), Agreement::DowngradeEdited);
    assert_eq!(agreement("sql \"SELECT 9\" as nothing undo \"SELECT 2\";"), Agreement::UpgradeEdited);
    let two = "sql { postgres: \"SELECT 1\", sqlite: \"SELECT 1\" } undo { postgres: \"SELECT 2\", sqlite: \"SELECT 3\" };";
    let three = two.replace("SELECT 3", "SELECT 4");
    assert_eq!(
        migration(two).agreement(migration(&three).checksum()),
        Agreement::DowngradeEdited,
        "a text for one database counts"
    );
}

#[test]
fn parents_count_and_empty_merges_differ() {
    let merge = |parents: Vec<&'static str>| migration("").named("m", parents);
    let (ab, ac) = (merge(vec!["a", "b"]), merge(vec!["a", "c"]));
    assert_ne!(ab.checksum(), ac.checksum());
    assert_eq!(ab.agreement(ac.checksum()), Agreement::UpgradeEdited);
    assert_eq!(ab.checksum(), merge(vec!["b", "a"]).checksum());
    assert_eq!(ab.checksum(), migration("").checksum_after(&["a", "b"], &[""; 0]), "as the macro writes it");
}

#[test]
fn what_an_older_version_recorded_of_names_that_must_be_kept_is_known() {
    let one = migration("create table u { id: integer, r#Score: integer, check (r#Score > 0) }");
    let first = "create table u {\n    id: integer,\n    \"Score\": integer,\n    \"u_Score_check\": check (\"Score\" > 0),\n}";
    let recorded = migrate_history::older(&[first]);
    assert_ne!(one.compiled().operations[0], first, "it is printed otherwise by now");
    assert_eq!(one.agreement(&recorded), Agreement::Same);
    assert!(one.accepted().0.contains(&recorded));
    let other = migration("create table u { id: integer, r#Score: bigint, check (r#Score > 0) }");
    assert_eq!(other.agreement(&recorded), Agreement::UpgradeEdited);
}

/// What the downgrade counts on PostgreSQL, and on SQLite where it differs.
fn drops(text: &str) -> Vec<String> {
    let migration = migration(text);
    let of = |database| {
        let drops = &migration.compiled().script(database).unwrap().drops;
        drops.iter().map(|tally| format!("{}: {}", tally.what, tally.query)).collect::<Vec<_>>()
    };
    let (postgres, sqlite) = (of(Database::Postgres), of(Database::Sqlite));
    assert_eq!(postgres.len(), sqlite.len());
    postgres.into_iter().zip(sqlite).flat_map(|(one, other)| if one == other { vec![one] } else { vec![one, other] }).collect()
}

/// The same without the head and the end of each query.
fn conditions(text: &str) -> Vec<String> {
    let short = |text: String| text.replace("SELECT count(*) FROM (SELECT 1 FROM ", "").replace(" LIMIT 10001) AS counted", "");
    drops(text).into_iter().map(short).collect()
}

#[test]
fn a_downgrade_counts_what_it_drops_of_what_the_migration_made() {
    let whole = "rows of `u`: SELECT count(*) FROM (SELECT 1 FROM \"u\" LIMIT 10001) AS counted";
    assert_eq!(drops("create table u { id: integer, b: text? }"), [whole]);
    assert_eq!(conditions("alter table t { add b: integer?; }"), ["values of `t.b`: \"t\" WHERE \"b\" IS NOT NULL"]);
    assert_eq!(
        conditions("alter table t { add b: integer default 5; }"),
        ["values of `t.b`: \"t\" WHERE \"b\" IS DISTINCT FROM CAST(5 AS integer)", "values of `t.b`: \"t\" WHERE \"b\" IS NOT 5"]
    );
    assert_eq!(
        conditions("alter table t { add b: json default \"{}\"; }"),
        [
            "values of `t.b`: \"t\" WHERE \"b\" IS DISTINCT FROM CAST('{}' AS jsonb)",
            "values of `t.b`: \"t\" WHERE \"b\" IS NOT '{}'"
        ]
    );
    assert_eq!(
        conditions("alter table t { add b: timestamptz default now(); }"),
        ["values of `t.b`: \"t\" WHERE \"b\" IS NOT NULL"]
    );
    // Nothing is dropped by these.
    assert_eq!(drops("alter table t { rename a to b; }"), Vec::<String>::new());
    assert_eq!(drops("create index on t (a);"), Vec::<String>::new());
    // What was there before is a loss, and no count.
    let old = "#[allow(drop_table, reason = \"tested\")] drop table t;";
    assert_eq!(drops(old), Vec::<String>::new());
}

#[test]
fn what_is_counted_has_the_names_that_it_has_when_the_downgrade_begins() {
    assert_eq!(
        conditions("alter table t { add b: integer?; rename b to c; } rename table t to u;"),
        ["values of `u.c`: \"u\" WHERE \"c\" IS NOT NULL"]
    );
    assert_eq!(conditions("create table u { id: integer } rename table u to v;"), ["rows of `v`: \"v\""]);
    // A column of a table that is dropped goes with its rows.
    assert_eq!(conditions("create table u { id: integer } alter table u { add b: text?; }"), ["rows of `u`: \"u\""]);
    // A table of the same name is another one.
    let again = "#[allow(drop_table, reason = \"tested\")] drop table t; create table t { id: integer }";
    assert_eq!(conditions(again), ["rows of `t`: \"t\""]);
    // A value that the rows got when the column was added is not data of the application.
    assert_eq!(
        conditions("alter table t { add b: integer default 5; alter b set default 6; }")[1],
        "values of `t.b`: \"t\" WHERE \"b\" IS NOT 5 AND \"b\" IS NOT 6"
    );
}

#[test]
fn what_raw_sql_made_and_a_written_downgrade_drops_is_counted_too() {
    let raw = "sql \"CREATE TABLE u (id integer)\" as { create table u { id: integer? } }";
    assert_eq!(conditions(raw), ["rows of `u`: \"u\""]);
    assert_eq!(conditions(&format!("{raw} undo \"DROP TABLE u\";")), ["rows of `u`: \"u\""]);
    let written = "alter table t { add b: integer? undo { drop b; }; }";
    assert_eq!(conditions(written), ["values of `t.b`: \"t\" WHERE \"b\" IS NOT NULL"]);
    let down = "alter table t { add b: integer?; } down { alter table t { drop b; } }";
    assert_eq!(conditions(down), ["values of `t.b`: \"t\" WHERE \"b\" IS NOT NULL"]);
}

#[test]
fn what_a_downgrade_moves_is_known_to_those_after_it() {
    let moves = |text: &str| migration(text).compiled().script(Database::Sqlite).unwrap().moves.to_vec();
    assert_eq!(moves("alter table t { add b: integer?; }"), Vec::<String>::new());
    assert_eq!(moves("rename table t to u;"), ["t"]);
    assert_eq!(moves("alter table t { rename a to b; }"), ["t.a"]);
    assert_eq!(moves("alter table t { alter a type varchar(9); }"), ["t.a"]);
    assert_eq!(moves("#[allow(drop_table, reason = \"tested\")] drop table t;"), ["t"]);
    assert_eq!(moves("sql \"SELECT 1\" undo \"SELECT 2\";"), ["*"]);
    assert_eq!(moves("sql \"SELECT 1\" as nothing;"), Vec::<String>::new(), "nothing of it is raw on the way down");
}

#[test]
fn what_is_not_null_for_a_while_is_not_asked_for() {
    for text in [
        "alter table t { alter a set not null; alter a drop not null; }",
        "alter table t { alter a set not null; } alter table t { add b: integer?; } alter table t { alter a drop not null; }",
        "alter table t { alter a set not null; rename a to c; alter c drop not null; }",
        "alter table t { alter a set not null; } rename table t to u; alter table u { alter a drop not null; }",
    ] {
        let one = migration(text);
        assert_eq!(one.compiled().level, Level::Exact, "{text}");
        for script in one.compiled().scripts.iter() {
            assert_eq!(script.guards().next(), None, "{text} on {}", script.database);
        }
    }
    let written =
        "alter table t { add b: integer?; } down { alter table t { alter a set not null; alter a drop not null; drop b; } }";
    assert!(
        migration(written).compiled().scripts.iter().all(|script| script.guards().next().is_some()),
        "what is written is done as it is written"
    );
}
