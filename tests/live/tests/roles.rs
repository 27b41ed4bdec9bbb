//! What a role of PostgreSQL may do with which rights: what the chapter "Roles and rights" of the book says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_history::plan::Direction;
use migrate_history::{Count, Database, History};
use migrate_live_tests::history::{history, migration};
use migrate_live_tests::server::{PASSWORD, postgres};
use migrate_live_tests::shell::{ask, run};
use migrate_live_tests::{compiled, written};
use migrate_runtime::{Error, ErrorKind, Migrator, current, upgrade};

/// A database, and roles of it that nobody else has.
struct Roles {
    url: String,
    suffix: String,
}

impl Roles {
    async fn new() -> Roles {
        let url = postgres().database().await;
        let suffix = url.rsplit('/').next().unwrap().to_owned();
        let roles = Roles { url, suffix };
        roles.run("CREATE ROLE @migrator LOGIN PASSWORD 'theirs'; CREATE ROLE @reader LOGIN PASSWORD 'theirs'").await;
        roles.run("CREATE ROLE @owner; CREATE ROLE @deployer LOGIN PASSWORD 'theirs' IN ROLE @owner").await;
        roles
    }

    /// Runs statements as the superuser. `@` begins the name of a role.
    async fn run(&self, sql: &str) {
        run(&self.url, &sql.replace('@', &format!("{}_", self.suffix))).await;
    }

    /// The URL with which a role connects.
    fn url(&self, role: &str) -> String {
        self.url.replace(&format!("postgres:{PASSWORD}"), &format!("{}_{role}:theirs", self.suffix))
    }
}

/// A table, and a column of it; the downgrade counts the rows that it drops.
fn two() -> History {
    let one = migration("one", &[]).up(&["CREATE TABLE users (id bigint)"]).down(&["DROP TABLE users"]).drops("users");
    let column = ["ALTER TABLE users ADD COLUMN age integer"];
    history([one, migration("two", &["one"]).up(&column).down(&["ALTER TABLE users DROP COLUMN age"])])
}

#[tokio::test]
async fn the_first_upgrade_requires_create_on_the_schema_and_makes_its_role_the_owner() {
    let (roles, history) = (Roles::new().await, two());
    let refused = upgrade(roles.url("migrator"), &history, "head").await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot create the ledger: permission denied for schema public (42501); hint: grant the right to the role of this connection: \
         `GRANT USAGE, CREATE ON SCHEMA public TO …`"
    );
    assert_eq!(refused.kind(), ErrorKind::Ledger);
    roles.run("GRANT CREATE ON SCHEMA public TO @migrator").await;
    upgrade(roles.url("migrator"), &history, "head").await.unwrap();
    let owners = ask(&roles.url, "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'").await;
    assert_eq!(owners, [format!("{}_migrator", roles.suffix)]);
}

#[tokio::test]
async fn what_only_reads_requires_select_on_the_ledger() {
    let (roles, history) = (Roles::new().await, two());
    let reader = roles.url("reader");
    assert_eq!(current(&reader, &history).await.unwrap().pending().count(), 2, "without a ledger no right is needed");
    upgrade(&roles.url, &history, "head").await.unwrap();
    let refused = current(&reader, &history).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot read the ledger: permission denied for table migrate_format (42501); hint: grant the right to the role of this \
         connection: `GRANT SELECT ON migrate_format TO …`"
    );

    roles.run("GRANT SELECT ON migrate_ledger, migrate_format TO @reader").await;
    assert!(current(&reader, &history).await.unwrap().is_at_head());
    let mut migrator = Migrator::new(&history);
    let plan = migrator.plan(&reader, Direction::Downgrade, "base").await.unwrap();
    assert!(
        matches!(plan.migrations[1].drops[0].count, Count::Unknown(_)),
        "the rows of a table that it may not read are not counted"
    );
    assert!(migrator.journal(&reader, 9).await.unwrap_err().to_string().contains("permission denied for table migrate_journal"));

    roles.run("GRANT SELECT ON migrate_journal, users TO @reader").await;
    assert_eq!(migrator.journal(&reader, 9).await.unwrap().events.len(), 2);
    let plan = migrator.plan(&reader, Direction::Downgrade, "base").await.unwrap();
    assert_eq!(plan.migrations[1].drops[0].count, Count::Of(0));
}

#[tokio::test]
async fn a_start_with_nothing_to_do_requires_select_alone() {
    let (roles, history) = (Roles::new().await, two());
    upgrade(&roles.url, &history, "head").await.unwrap();
    roles.run("GRANT SELECT ON migrate_ledger, migrate_format TO @reader").await;
    let report = upgrade(roles.url("reader"), &history, "head").await.unwrap();
    assert!(report.is_empty());
}

#[tokio::test]
async fn a_role_that_does_not_own_a_table_can_write_the_ledger_and_not_change_the_table() {
    let (roles, history) = (Roles::new().await, two());
    upgrade(&roles.url, &history, "one").await.unwrap();
    roles.run("GRANT SELECT, INSERT, UPDATE, DELETE ON migrate_ledger TO @deployer").await;
    roles.run("GRANT SELECT, INSERT ON migrate_journal TO @deployer; GRANT SELECT ON migrate_format TO @deployer").await;
    let refused = upgrade(roles.url("deployer"), &history, "head").await.unwrap_err();
    assert!(refused.to_string().contains("must be owner of table users"), "{refused}");
    assert!(refused.to_string().contains("hint: connect as the owner of `users`, or become a member of that role"), "{refused}");
    assert_eq!(refused.kind(), ErrorKind::Statement);
    roles.run("ALTER TABLE users OWNER TO @owner").await;
    upgrade(roles.url("deployer"), &history, "head").await.unwrap();
}

#[tokio::test]
async fn rows_are_recorded_without_the_right_to_create_a_table_once_it_is_there() {
    let roles = Roles::new().await;
    let drafts = [
        ("origin", "create table users { id: bigint primary key, name: text }"),
        ("one", "insert into users (id, name) values (1, \"a\") on conflict do nothing;"),
        ("two", "insert into users (id, name) values (1, \"b\"), (2, \"b\") on conflict do nothing;"),
    ];
    let history = compiled::drafts("roles", Database::Postgres, drafts.map(|(id, text)| (id, written::draft(text))).to_vec());
    upgrade(&roles.url, &history, "one").await.unwrap();
    roles.run("GRANT SELECT, INSERT, UPDATE, DELETE ON migrate_ledger, users TO @deployer").await;
    roles.run("GRANT SELECT, INSERT ON migrate_journal TO @deployer; GRANT SELECT ON migrate_format TO @deployer").await;
    let refused = upgrade(roles.url("deployer"), &history, "head").await.unwrap_err();
    assert_eq!(grant(&refused, "@deployer"), "GRANT SELECT, INSERT, DELETE ON migrate_rows TO @deployer");
    roles.run(&grant(&refused, "@deployer")).await;
    upgrade(roles.url("deployer"), &history, "head").await.unwrap();
    migrate_live_tests::downgrade(&roles.url("deployer"), &history, "origin").await.unwrap();
    assert!(ask(&roles.url, "SELECT name FROM users").await.is_empty());
    assert!(ask(&roles.url, "SELECT record FROM migrate_rows").await.is_empty());
}

#[tokio::test]
async fn several_people_migrate_as_one_owner() {
    let (roles, history) = (Roles::new().await, two());
    roles.run("GRANT CREATE ON SCHEMA public TO @owner").await;
    let url = format!("{}?options[role]={}_owner", roles.url("deployer"), roles.suffix);
    upgrade(&url, &history, "head").await.unwrap();
    let owners = ask(&roles.url, "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'").await;
    assert_eq!(owners, [format!("{}_owner", roles.suffix)]);
}

/// The statement that an error says, for a role of these tests.
fn grant(error: &Error, role: &str) -> String {
    let text = error.to_string();
    let statement = text.split('`').find(|code| code.starts_with("GRANT ")).unwrap_or_else(|| panic!("no statement: {text}"));
    statement.replace('…', role)
}

#[tokio::test]
async fn an_error_names_the_right_that_is_missing_and_its_statement_grants_it() {
    let roles = Roles::new().await;
    let guarded = migration("guarded", &["one"])
        .up(&["CREATE TABLE other (id bigint)"])
        .guard_up("SELECT count(*) FROM users", "rows of `users`");
    let rows = migration("rows", &["guarded"]).up(&["INSERT INTO users (id) SELECT 1 WHERE false"]);
    let key = migration("key", &["rows"]).up(&["CREATE TABLE notes (of bigint REFERENCES users (id) ON DELETE CASCADE)"]);
    let one = migration("one", &[]).up(&["CREATE TABLE users (id bigint PRIMARY KEY)"]).down(&["DROP TABLE users"]);
    let history = history([one, guarded, rows, key]);
    upgrade(&roles.url, &history, "one").await.unwrap();
    roles.run("GRANT CREATE ON SCHEMA public TO @deployer").await;
    let (mut granted, mut kinds) = (Vec::new(), Vec::new());
    while let Err(error) = upgrade(roles.url("deployer"), &history, "head").await {
        assert!(granted.len() < 12, "{granted:?}: {error}");
        kinds.push(error.kind());
        granted.push(grant(&error, "@deployer"));
        roles.run(granted.last().unwrap()).await;
    }
    let expected = ["SELECT ON migrate_format", "SELECT, INSERT, UPDATE, DELETE ON migrate_ledger", "SELECT ON users"];
    for right in expected.iter().chain(&["INSERT ON users", "REFERENCES ON users"]) {
        assert!(granted.iter().any(|grant| grant.contains(right)), "{right}: {granted:?}");
    }
    assert!(kinds.contains(&ErrorKind::Guard) && kinds.contains(&ErrorKind::Statement), "{kinds:?}");
}
