//! Branches commute, or they are a merge conflict: whatever order a database applied two of them in, and whichever of them is undone
//! first, the result is the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::compile::compile;
use migrate_compiler::difference;
use migrate_compiler::example::newest;
use migrate_compiler::footprint::Relation;
use migrate_compiler::parse;
use migrate_compiler::state::{Conflict, Settings, State};
use migrate_history::{Database, Migration};

const BASE: &str = r#"
    create table users {
        id: bigint primary key,
        email: text unique,
        name: text,
        plan: text default "free",
        nickname: text?,
        visits: integer default 0,
        check (visits >= 0),
    }
    create table posts {
        id: bigint primary key,
        user_id: bigint references users,
        body: text?,
        score: integer?,
        check (char_length(body) > 0),
    }
    create table tags { id: bigint primary key, label: text, code: text? }
    create index on posts (score);
    create index on tags (label, code);
"#;

/// The migration and the state after it.
fn step(before: State, id: &str, text: &str) -> Result<(Migration, State), String> {
    let parsed = parse::migration(text.parse().unwrap_or_else(|error| panic!("{text}: {error}")));
    let outcome = compile(before.next(""), &parsed.draft, &parsed.message);
    match outcome.migration {
        Some(migration) => Ok((migration, outcome.after.named(id))),
        None => Err(outcome.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
    }
}

fn base(databases: &[Database], text: &str) -> State {
    let root = State::root(Settings::tested(databases.iter().copied().map(newest)));
    step(root, "base", text).unwrap_or_else(|error| panic!("{error}")).1
}

fn side(base: &State, id: &str, text: &str) -> State {
    step(base.clone(), id, text).unwrap_or_else(|error| panic!("{text}: {error}")).1
}

fn shown(conflict: &Conflict) -> String {
    let verb = match conflict.relation {
        Relation::Writes => "changes with",
        Relation::Reads | Relation::ReadsAll => "changes, used by",
    };
    format!("{} {verb} {}: {}", conflict.writer, conflict.other, conflict.what)
}

fn conflicts(databases: &[Database], left: &str, right: &str) -> Vec<String> {
    let base = base(databases, BASE);
    let (_, conflicts) = side(&base, "left", left).merge(side(&base, "right", right));
    conflicts.iter().map(shown).collect()
}

/// Pairs that do not commute, and their errors on both databases.
const CONFLICTS: &[(&str, &str, &str)] = &[
    // Rows, and what depends on them.
    (
        "insert into tags (id, label) values (1, \"a\");",
        "delete from tags where id = 2 undo nothing \"tested\";",
        "left changes with right: the rows of `tags`",
    ),
    (
        "truncate tags undo nothing \"tested\";",
        "create table marks { id: bigint primary key, tag: bigint references tags }",
        "left changes, used by right: the rows of `tags`",
    ),
    (
        "delete from tags where id = 1 undo nothing \"tested\";",
        "alter table posts { add tag: bigint? references tags on delete cascade; }",
        "left changes, used by right: the rows of `tags`",
    ),
    (
        "insert into tags (id, label) values (1, \"a\") on conflict do nothing undo nothing \"tested\";",
        "create unique index on tags (label);",
        "right changes, used by left: index `tags_label_idx` of `tags`",
    ),
    (
        "insert into tags (id, label) values (1, \"a\");",
        "alter table tags { alter code set default \"x\"; }",
        "left changes, used by right: the rows of `tags`",
    ),
    // A rebuild states the table as it was compiled.
    (
        "alter table users { add age: integer?; }",
        "alter table users { alter name drop not null; }",
        "left changes, used by right: column `age` of `users`",
    ),
    (
        "alter table users { rename nickname to nick; }",
        "alter table users { alter name drop not null; }",
        "left changes, used by right: column `nick` of `users`",
    ),
    (
        "create index on users (plan);",
        "alter table users { alter visits set default 1; }",
        "left changes, used by right: index `users_plan_idx` of `users`",
    ),
    (
        "alter table users { rename id to key; }",
        "alter table posts { alter score set default 1; }",
        "left changes, used by right: constraint `posts_user_id_fkey` of `posts`",
    ),
    // Equal changes would undo each other.
    (
        "alter table users { add age: integer?; }",
        "alter table users { add age: integer?; }",
        "left changes with right: column `age` of `users`",
    ),
    (
        "alter table users { add age: integer?; }",
        "alter table users { add \"Age\": integer?; }",
        "left changes with right: column `age` of `users`",
    ),
    (
        "create index on users (plan);",
        "create index on users (plan);",
        "left changes with right: index `users_plan_idx` of `users`",
    ),
    (
        "#[allow(drop_column, reason = \"tested\")] alter table users { drop nickname; }",
        "#[allow(drop_column, reason = \"tested\")] alter table users { drop nickname; }",
        "left changes with right: column `nickname` of `users`",
    ),
    ("create table logs { a: integer }", "create table logs { a: integer }", "left changes with right: table `logs`"),
    // A function may work on every table, or on those that it names.
    ("run fill undo unfill;", "alter table tags { add size: integer?; }", "right changes, used by left: column `size` of `tags`"),
    (
        "run fill on tags undo unfill;",
        "sql \"UPDATE tags SET code = ''\" as nothing undo nothing \"kept\";",
        "left changes with right: the rows of `tags`",
    ),
    ("run fill on tags undo unfill;", "run other undo unother;", "left changes with right: the rows of `tags`"),
    (
        "alter table users { alter nickname set not null; }",
        "alter table users { alter nickname set not null; }",
        "left changes with right: `not null` of column `nickname` of `users`",
    ),
    (
        "alter table users { alter plan drop default; }",
        "alter table users { alter plan drop default; }",
        "left changes with right: the default of column `plan` of `users`",
    ),
    // Each side is sound, and both together are not.
    (
        "create table likes { user_id: bigint references users, post_id: bigint }",
        "alter table posts { drop constraint posts_user_id_fkey; } #[allow(drop_table, reason = \"tested\")] drop table users;",
        "right changes, used by left: table `users`",
    ),
    (
        "create table letters { to: text references users (email) }",
        "alter table users { drop constraint users_email_key; }",
        "right changes, used by left: constraint `users_email_key` of `users`",
    ),
    ("create index same on users (plan);", "create index same on posts (body);", "left changes with right: the name `same`"),
    ("create table same { a: integer }", "create index same on posts (body);", "left changes with right: the name `same`"),
    (
        "sql \"UPDATE users SET visits = visits + 1\" as nothing undo nothing \"tested\";",
        "sql \"UPDATE users SET visits = visits * 2\" as nothing undo nothing \"tested\";",
        "left changes with right: the rows of `users`",
    ),
    (
        "sql \"UPDATE users SET visits = 1\" as nothing undo nothing \"tested\";",
        "alter table users { rename visits to calls; }",
        "right changes, used by left: column `calls` of `users`",
    ),
    // What a query reads.
    (
        "delete from tags where label in (select name from users) undo nothing \"tested\";",
        "alter table users { rename name to label; }",
        "right changes, used by left: column `name` of `users`",
    ),
    (
        "delete from tags where label in (select name from users) undo nothing \"tested\";",
        "delete from users where visits = 7 and not exists (select 1 from posts where user_id = users.id) undo nothing \"tested\";",
        "right changes, used by left: the rows of `users`",
    ),
    (
        "delete from tags where code = (select name from users where email = tags.label) undo nothing \"tested\";",
        "alter table users { drop constraint users_email_key; }",
        "right changes, used by left: constraint `users_email_key` of `users`",
    ),
    (
        "insert into tags (id, label) select id, name from users;",
        "alter table users { rename name to label; }",
        "right changes, used by left: column `name` of `users`",
    ),
    (
        "insert into tags (id, label) select id, email from users;",
        "insert into users (id, email, name) values (9, \"a\", \"b\");",
        "right changes, used by left: the rows of `users`",
    ),
    (
        "insert into tags (id, label) select id, name from users on conflict do nothing;",
        "create unique index on tags (label);",
        "right changes, used by left: index `tags_label_idx` of `tags`",
    ),
    (
        "update tags set code = u.name from users as u where u.email = tags.label undo nothing \"tested\";",
        "alter table users { drop constraint users_email_key; }",
        "right changes, used by left: constraint `users_email_key` of `users`",
    ),
    ("rename table tags to labels;", "alter table tags { add hue: text?; }", "left changes with right: column `hue` of `tags`"),
];

#[test]
fn what_does_not_commute_is_a_conflict_that_names_both_and_the_path() {
    for (left, right, wanted) in CONFLICTS {
        let found = conflicts(Database::ALL, left, right);
        assert!(found.iter().any(|one| one == wanted), "{left} beside {right}: {found:?}");
        assert_eq!(found.len(), 1, "one error for one pair: {left} beside {right}: {found:?}");
        let turned = conflicts(Database::ALL, right, left);
        assert_eq!(turned.len(), 1, "{right} beside {left}: {turned:?}");
    }
}

/// What one database must rebuild is changed in place by the other.
#[test]
fn what_only_sqlite_states_again_commutes_on_postgresql() {
    let (left, right) = ("alter table users { add age: integer?; }", "alter table users { alter name drop not null; }");
    assert_eq!(conflicts(&[Database::Postgres], left, right), Vec::<String>::new());
    assert_eq!(conflicts(&[Database::Sqlite], left, right).len(), 1);
}

#[test]
fn a_type_change_and_what_it_makes_anew_do_not_commute_on_postgresql() {
    let databases = [Database::Postgres];
    let widen = "alter table users { alter visits type bigint; }";
    for other in [
        "alter table users { drop constraint users_visits_check; }",
        "alter table users { rename constraint users_visits_check to counted; }",
        "alter table users { add check (visits < 9); }",
        "create index on users (name) where visits > 1;",
        "alter table users { alter visits set default 1; }",
        "create table calls { n: integer, foreign key (n) references users (visits) }",
    ] {
        if step(base(&databases, BASE), "other", other).is_ok() {
            assert_eq!(conflicts(&databases, widen, other).len(), 1, "{other}");
            assert_eq!(conflicts(&databases, other, widen).len(), 1, "{other}");
        }
    }
}

/// After an earlier merge, both of its sides are remembered.
#[test]
fn a_branch_meets_what_an_earlier_merge_brought_together() {
    let base = base(Database::ALL, BASE);
    let one = side(&base, "one", "create index on users (plan);");
    let two = side(&base, "two", "create table likes { user_id: bigint references users }");
    let (merged, none) = one.merge(two);
    assert_eq!(none, []);
    let merged = side(&merged.next("merge").named("merge"), "after", "create table logs { a: integer }");
    let drop = side(
        &base,
        "drop",
        "alter table posts { drop constraint posts_user_id_fkey; } #[allow(drop_table, reason = \"tested\")] drop table users;",
    );
    let (_, conflicts) = drop.merge(merged);
    let found: Vec<String> = conflicts.iter().map(shown).collect();
    assert_eq!(found.len(), 2, "with both of them: {found:?}");
}

/// What one side did after it had the other one's change commutes with that.
#[test]
fn what_comes_after_the_other_side_does_not_meet_it() {
    let base = base(Database::ALL, BASE);
    let one = side(&base, "one", "alter table users { add age: integer?; }");
    let later = side(&one, "later", "alter table users { alter age set default 1; }");
    let (_, conflicts) = one.merge(later);
    assert_eq!(conflicts, []);
}

/// Statements of every kind, most of them about a few tables.
const STATEMENTS: &[&str] = &[
    "alter table users { add age: integer?; }",
    "alter table users { add rank: integer default 1; add check (rank > 0); }",
    "#[allow(drop_column, reason = \"t\")] alter table users { drop nickname; }",
    "alter table users { rename name to full_name; }",
    "alter table users { rename email to mail; }",
    "alter table users { rename id to key; }",
    "alter table users { alter visits type bigint; }",
    "alter table users { alter plan type varchar(9); }",
    "alter table users { alter nickname set not null; }",
    "alter table users { alter name drop not null; }",
    "alter table users { alter visits set default 5; }",
    "alter table users { alter plan drop default; }",
    "alter table users { comment name \"Their own.\"; }",
    "alter table users { add unique (name); }",
    "alter table users { add sane: check (visits < 1000); }",
    "alter table users { drop constraint users_visits_check; }",
    "alter table users { drop constraint users_email_key; }",
    "alter table users { rename constraint users_email_key to one_each; }",
    "create index on users (name);",
    "create unique index on users (lower(nickname)) where visits > 0;",
    "rename table users to people;",
    "create table likes { user_id: bigint references users, post_id: bigint references posts }",
    "create table letters { to: text references users (email) }",
    "alter table posts { add reply_to: bigint? references posts; }",
    "alter table posts { alter constraint posts_user_id_fkey deferrable; }",
    "alter table posts { drop constraint posts_user_id_fkey; }",
    "alter table posts { drop constraint posts_user_id_fkey; } #[allow(drop_table, reason = \"t\")] drop table users;",
    "alter table posts { alter score type double; }",
    "alter table posts { drop constraint posts_body_check; rename body to text; }",
    "drop index posts_score_idx;",
    "rename index posts_score_idx to by_score;",
    "#[allow(drop_table, reason = \"t\")] drop table tags;",
    "rename table tags to labels;",
    "alter table tags { alter label type varchar(20) using left(label, 20) undo { alter label type text; }; }",
    "alter table tags { add unique (code); }",
    "create table logs { id: bigint primary key identity, at: timestamptz default now() }",
    "create table tags_code_key { a: integer }",
    "insert into tags (id, label) values (1, \"a\"), (2, \"b\");",
    "insert into users (id, email, name) values (1, \"a\", \"b\") on conflict do nothing undo nothing \"tested\";",
    "update users set visits = visits + 1 where nickname is null undo nothing \"tested\";",
    "delete from tags where code = \"x\" undo nothing \"tested\";",
    "truncate tags undo nothing \"tested\";",
    "sql \"UPDATE tags SET code = label\" as nothing undo nothing \"tested\";",
    "sql \"ALTER TABLE tags ADD COLUMN hue TEXT\" as { alter table tags { add hue: text?; } };",
];

/// Of the pairs that a merge accepts, each compiles to the same SQL, both ways, whether the other one was there or not, and the
/// schemas are the same in either order.
#[test]
fn what_a_merge_accepts_commutes() {
    for databases in [&[Database::Postgres][..], &[Database::Sqlite], Database::ALL] {
        let base = base(databases, BASE);
        let sides: Vec<(&str, Migration, State)> = STATEMENTS
            .iter()
            .filter_map(|text| step(base.clone(), "left", text).ok().map(|(migration, after)| (*text, migration, after)))
            .collect();
        assert!(sides.len() + 2 >= STATEMENTS.len(), "most of them can be done on {databases:?}");
        let (mut accepted, mut all) = (0, 0);
        for (left_text, left, after_left) in &sides {
            for (right_text, right, after_right) in &sides {
                all += 1;
                let right_side = step(base.clone(), "right", right_text).unwrap().1;
                let (merged, conflicts) = after_left.clone().merge(right_side);
                if !conflicts.is_empty() {
                    continue;
                }
                accepted += 1;
                let told = format!("{left_text} beside {right_text} on {databases:?}");
                let (again, both) =
                    step(after_left.clone(), "right", right_text).unwrap_or_else(|error| panic!("{told}: {error}"));
                let (turned, other) =
                    step(after_right.clone(), "other", left_text).unwrap_or_else(|error| panic!("{told}: {error}"));
                assert_eq!(again.compiled().scripts, right.compiled().scripts, "{told}");
                assert_eq!(turned.compiled().scripts, left.compiled().scripts, "{told}");
                for database in databases {
                    let schema = |state: &State| state.clone().next("").schema(*database).unwrap();
                    let one = schema(&both);
                    assert_eq!(difference::first(&one, &schema(&other)), None, "{told}");
                    assert_eq!(difference::first(&one, &schema(&merged)), None, "{told}");
                }
            }
        }
        assert!(accepted * 2 > all, "{accepted} of {all} pairs are accepted on {databases:?}");
        println!("{accepted} of {all} pairs are accepted on {databases:?}");
    }
}

/// Two migrations that do the same after the same parent may share the state after them, but for their names. They meet as two that
/// share nothing, and so do those after them.
#[test]
fn twins_meet_as_strangers_do() {
    let base = base(Database::ALL, BASE);
    let met = |left: &State, right: &State| {
        let (left, right) = (side(left, "l", "create table l { a: integer }"), side(right, "r", "create table r { a: integer }"));
        let (merged, conflicts) = left.merge(right);
        (merged.encode(), conflicts.iter().map(shown).collect::<Vec<_>>())
    };
    let mut found = 0;
    for text in STATEMENTS {
        let draft = parse::migration(text.parse().unwrap()).draft;
        let after = compile(base.clone().next(""), &draft, "").after;
        let twins = (after.clone().named("left"), after.named("right"));
        let strangers = (side(&base, "left", text), side(&base, "right", text));
        let expected = met(&strangers.0, &strangers.1);
        assert_eq!(met(&twins.0, &twins.1), expected, "{text}");
        let (_, conflicts) = twins.0.merge(twins.1);
        assert_eq!(conflicts.iter().map(shown).collect::<Vec<_>>(), expected.1, "{text}");
        found += expected.1.len();
    }
    assert!(found >= STATEMENTS.len() - 2, "most of them cannot be done twice: {found}");
}
