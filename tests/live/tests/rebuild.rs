//! What SQLite's `ALTER TABLE` cannot do keeps everything that belongs to the table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::example;
use migrate_compiler::operation::{AlterType, DropNotNull};
use migrate_compiler::types::Type;
use migrate_history::{Database, History};
use migrate_live_tests::{compiled, shell, sqlite};

/// Users and posts, and then another type for a column of users, which posts refer to with `on delete cascade`.
fn history() -> History {
    let alter = AlterType { table: "users".into(), column: "visits".into(), to: Type::BigInt, using: None };
    let drop = DropNotNull { table: "posts".into(), column: "title".into() };
    let migrations = vec![("origin", example::statements()), ("change", vec![alter.into(), drop.into()])];
    compiled::history("rebuild", Database::Sqlite, migrations)
}

const BEFORE: &str = "
    INSERT INTO users (email, nickname) VALUES ('a@b.c', 'ann');
    INSERT INTO posts (user_id, title) SELECT id, 'first' FROM users;
    INSERT INTO posts (user_id, title, reply_to) SELECT id, 'second', 1 FROM users;
    INSERT INTO posts (user_id, title) SELECT id, 'third' FROM users;
    DELETE FROM posts WHERE title = 'third';
    CREATE TABLE log (what TEXT);
    CREATE TRIGGER users_log AFTER UPDATE ON users BEGIN INSERT INTO log VALUES (new.email); END;
    CREATE TRIGGER posts_log AFTER INSERT ON posts BEGIN INSERT INTO log VALUES (new.title); END;
    CREATE INDEX by_hand ON users (active);
    CREATE VIEW authors AS SELECT users.email, posts.title FROM users JOIN posts ON posts.user_id = users.id;
";

#[tokio::test]
async fn children_triggers_views_indexes_and_numbers_survive() {
    let (history, file) = (history(), sqlite::file());
    // With foreign keys on, as sqlx has them by default.
    let url = file.url();
    migrate_runtime::upgrade(&url, &history, "origin").await.expect("the schema can be made");
    shell::run(&url, BEFORE).await;
    for (up, target) in [(true, "head"), (false, "origin")] {
        let done = if up {
            migrate_runtime::upgrade(&url, &history, target).await
        } else {
            migrate_live_tests::downgrade(&url, &history, target).await
        };
        done.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(shell::ask(&url, "SELECT title FROM posts ORDER BY id").await, ["first", "second"], "no child is deleted");
        assert_eq!(
            shell::ask(&url, "SELECT title FROM authors ORDER BY title").await,
            ["first", "second"],
            "the view still works"
        );
        let kept = "SELECT name FROM sqlite_schema WHERE name IN ('users_log', 'posts_log', 'by_hand') ORDER BY name";
        assert_eq!(shell::ask(&url, kept).await, ["by_hand", "posts_log", "users_log"]);
        let broken = shell::ask(&url, "SELECT \"table\" FROM pragma_foreign_key_check").await;
        assert_eq!(broken, Vec::<String>::new());
        let left = shell::ask(&url, "SELECT name FROM sqlite_schema WHERE name LIKE '\\_migrate%' ESCAPE '\\'").await;
        assert_eq!(left, Vec::<String>::new(), "nothing is left over");
    }
    shell::run(&url, "INSERT INTO posts (user_id, title) SELECT id, 'fourth' FROM users").await;
    assert_eq!(shell::ask(&url, "SELECT CAST(max(id) AS text) FROM posts").await, ["4"], "a number is never given twice");
    assert_eq!(shell::ask(&url, "SELECT what FROM log").await.last().map(String::as_str), Some("fourth"), "the trigger fires");
}
