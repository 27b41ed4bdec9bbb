//! Statements that read other tables, on the databases themselves: both have the same rows after them, and a downgrade restores what its
//! level says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::{Database, Level};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite, written};

const ORIGIN: &str = r#"
    create enum mood ("sad", "glad");
    create table users {
        id: bigint primary key, email: text unique, name: text?, rank: integer default 0, best: integer?, mood: mood?,
        price: decimal(10, 2)?, boss: bigint? references users, flag: boolean default false,
    }
    create table posts {
        id: bigint primary key, user_id: bigint references users, title: text, likes: integer default 0, place: integer,
        unique (user_id, place),
    }
    create table tags { post_id: bigint references posts on delete cascade, label: text, extra: integer?, primary key (post_id, label) }
    create table counts { id: bigint primary key identity, user_id: bigint?, total: bigint default 7, note: text default "none", mood: mood default "sad" }
    create table "Order Items" { "Id": bigint primary key, "User Id": bigint?, r#select: text?, r#Total: decimal(10, 2)? }
"#;

const ROWS: &str = r#"
    INSERT INTO users (id, email, name, rank, best, mood, price, boss) VALUES
        (1, 'a@x', 'ann', 3, NULL, 'glad', 10.50, NULL), (2, 'b@x', 'bob', 1, 5, 'sad', 3.25, 1), (3, 'c@x', NULL, 2, 9, NULL, NULL, 1);
    INSERT INTO posts (id, user_id, title, likes, place) VALUES (1, 1, 'one', 10, 1), (2, 1, 'two', 20, 2), (3, 2, 'three', 5, 1);
    INSERT INTO tags VALUES (1, 'x', 1), (1, 'y', NULL), (2, 'x', 3);
    INSERT INTO "Order Items" VALUES (1, 1, 'first', 1.10), (2, 2, 'second', 2.20), (3, NULL, NULL, NULL)"#;

/// What a downgrade restores.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Restores {
    /// The schema, and every row as it was.
    Rows,
    /// The schema alone.
    Schema,
}

/// A change, and what a query gives after it on either database.
struct Case {
    change: &'static str,
    query: &'static str,
    rows: &'static [&'static str],
    restores: Restores,
}

/// What is in tables and columns of the same migration, or has an `undo` with statements.
const fn exact(change: &'static str, query: &'static str, rows: &'static [&'static str]) -> Case {
    Case { change, query, rows, restores: Restores::Rows }
}

const fn lossy(change: &'static str, query: &'static str, rows: &'static [&'static str]) -> Case {
    Case { restores: Restores::Schema, ..exact(change, query, rows) }
}

const CASES: &[Case] = &[
    // One value of another table, of the table itself and of no row.
    lossy(
        "update users set best = (select max(likes) from posts where user_id = users.id) undo nothing \"tested\";",
        "SELECT best FROM users ORDER BY id",
        &["20", "5", "NULL"],
    ),
    lossy(
        "update users set rank = (select count(*) from users as o where o.rank < users.rank) undo nothing \"tested\";",
        "SELECT rank FROM users ORDER BY id",
        &["2", "0", "1"],
    ),
    lossy(
        "update users set name = (select title from posts where posts.user_id = users.id order by likes desc, id limit 1) undo nothing \"tested\";",
        "SELECT name FROM users ORDER BY id",
        &["two", "three", "NULL"],
    ),
    lossy(
        "update users set rank = 0 where rank = (select max(rank) from users) undo nothing \"tested\";",
        "SELECT rank FROM users ORDER BY id",
        &["0", "1", "2"],
    ),
    // Whether there is a row, and whether a value is among others.
    lossy(
        "update users set flag = exists (select 1 from posts where posts.user_id = users.id) where id in (select id from users where rank > 1) undo nothing \"tested\";",
        "SELECT id FROM users WHERE flag ORDER BY id",
        &["1"],
    ),
    lossy(
        "delete from posts where (user_id, likes) in (select user_id, max(likes) from posts group by user_id) undo nothing \"tested\";",
        "SELECT title FROM posts",
        &["one"],
    ),
    lossy(
        "delete from tags where extra not in (select best from users where best is not null) undo nothing \"tested\";",
        "SELECT label FROM tags",
        &["y"],
    ),
    // Rows of a query, into a table that was there: a default, an enum, an identity and the statement's own table.
    exact(
        "insert into counts (user_id, total) select u.id, coalesce(sum(p.likes), 0) from users as u left join posts as p on p.user_id = u.id group by u.id order by u.id;",
        "SELECT id, user_id, total, note, mood FROM counts ORDER BY id",
        &["1|1|30|none|sad", "2|2|5|none|sad", "3|3|0|none|sad"],
    ),
    lossy(
        "insert into counts (user_id, mood) select id, \"glad\" from users where mood = \"glad\" undo nothing \"tested\";",
        "SELECT user_id, mood FROM counts",
        &["1|glad"],
    ),
    exact(
        "insert into tags (post_id, label) select post_id, label || \"2\" from tags on conflict do nothing;",
        "SELECT post_id, label FROM tags ORDER BY 1, 2",
        &["1|x", "1|x2", "1|y", "1|y2", "2|x", "2|x2"],
    ),
    // One row of them was there before, and stays. A number that the query gives is not given again.
    exact(
        "insert into tags (post_id, label) select id, \"x\" from posts on conflict do nothing;",
        "SELECT post_id, label, extra FROM tags ORDER BY 1, 2",
        &["1|x|1", "1|y|NULL", "2|x|3", "3|x|NULL"],
    ),
    exact(
        "insert into counts (id, user_id) select id + 4, id from users where id < 3; insert into counts (user_id) values (9);",
        "SELECT id, user_id FROM counts ORDER BY 1",
        &["5|1", "6|2", "7|9"],
    ),
    exact(
        "insert into posts (id, user_id, title, place) select id + 100, id, \"new\", 100 from users undo { delete from posts where id > 100; }",
        "SELECT count(*) FROM posts",
        &["6"],
    ),
    // Another table beside the one that is updated, the same table among them, by a key of one column and of two.
    lossy(
        "update posts set title = u.email, likes = u.rank from users as u where u.id = user_id undo nothing \"tested\";",
        "SELECT title, likes FROM posts ORDER BY id",
        &["a@x|3", "a@x|3", "b@x|1"],
    ),
    lossy(
        "update users set rank = b.rank, best = users.rank from users as b where b.id = users.boss undo nothing \"tested\";",
        "SELECT rank, best FROM users ORDER BY id",
        &["3|NULL", "3|1", "3|2"],
    ),
    lossy(
        "update tags set extra = p.likes from posts as p where p.user_id = tags.post_id and p.place = 1 undo nothing \"tested\";",
        "SELECT extra FROM tags ORDER BY post_id, label",
        &["10", "10", "5"],
    ),
    lossy(
        "update \"Order Items\" set r#select = (select name from users where users.id = \"Order Items\".\"User Id\") undo nothing \"tested\";",
        "SELECT \"select\" FROM \"Order Items\" ORDER BY \"Id\"",
        &["ann", "bob", "NULL"],
    ),
    // What is made in the same migration needs no `undo`.
    exact(
        "create table stats { user_id: bigint primary key, posts: bigint } insert into stats (user_id, posts) select user_id, count(*) from posts group by user_id;",
        "SELECT user_id, posts FROM stats ORDER BY 1",
        &["1|2", "2|1"],
    ),
    exact(
        "alter table users { add posts: bigint?; } update users set posts = (select count(*) from posts where posts.user_id = users.id); alter table users { alter posts set not null; }",
        "SELECT posts FROM users ORDER BY id",
        &["2", "1", "0"],
    ),
    exact(
        "alter table posts { add email: text?; } update posts set email = users.email from users where users.id = user_id; alter table posts { alter email set not null; add unique (email, place); }",
        "SELECT email FROM posts ORDER BY id",
        &["a@x", "a@x", "b@x"],
    ),
];

async fn run(case: &Case, database: Database) {
    let file = sqlite::file();
    let url = match database {
        Database::Postgres => server::postgres().database().await,
        Database::Sqlite => file.url(),
    };
    let told = format!("{} on {database}", case.change);
    let drafts = vec![("origin", written::draft(ORIGIN)), ("change", written::draft(case.change))];
    let history = compiled::drafts("queries", database, drafts);
    migrate_runtime::upgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{told}: {error}"));
    shell::run(&url, ROWS).await;
    let before = Snapshot::take(&url).await;
    migrate_runtime::upgrade(&url, &history, "head").await.unwrap_or_else(|error| panic!("{told}: {error}"));
    assert_eq!(shell::ask(&url, case.query).await, case.rows, "{told}");
    migrate_live_tests::downgrade(&url, &history, "origin").await.unwrap_or_else(|error| panic!("{told}: {error}"));
    let after = Snapshot::take(&url).await;
    assert_eq!(before.schema, after.schema, "{told}");
    if case.restores == Restores::Rows {
        assert_eq!(history.migrations[1].compiled().level, Level::Exact, "{told}");
        assert_eq!(before.rows, after.rows, "{told}");
    }
}

#[tokio::test]
async fn both_databases_have_the_same_rows_after_a_query() {
    for case in CASES {
        for &database in Database::ALL {
            run(case, database).await;
        }
    }
}
