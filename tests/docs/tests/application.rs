//! The tests of the chapter "Testing an application", on a history that has something to lose and something that cannot be undone.
#![allow(clippy::unwrap_used, reason = "a test that finds something else stops")]

mod migrations;

use migrate::{Level, Migrator};
use migrations::HISTORY;
use sqlx::SqlitePool;

#[sqlx::test(migrations = false)]
async fn an_address_is_unique(pool: SqlitePool) -> Result<(), Box<dyn std::error::Error>> {
    migrate::upgrade(&pool, &HISTORY, "head").await?;
    let add = "INSERT INTO users (id, email) VALUES (?, 'ada@example.org')";
    sqlx::query(add).bind(1).execute(&pool).await?;
    assert!(sqlx::query(add).bind(2).execute(&pool).await.is_err());
    Ok(())
}

#[sqlx::test(migrations = false)]
async fn every_migration_goes_up_and_down_and_up_again(pool: SqlitePool) -> Result<(), migrate::Error> {
    let mut migrator = Migrator::new(&HISTORY).accept_losses();
    for migration in HISTORY.migrations.iter().filter(|one| one.compiled().level != Level::Irreversible) {
        migrator.upgrade(&pool, &*migration.id).await?;
        migrator.downgrade(&pool, "-1").await?;
    }
    migrator.upgrade(&pool, "head").await.map(drop)
}

#[sqlx::test(migrations = false)]
async fn the_users_of_before_keep_their_addresses(pool: SqlitePool) -> Result<(), Box<dyn std::error::Error>> {
    migrate::upgrade(&pool, &HISTORY, "create_users").await?;
    sqlx::query("INSERT INTO users (id, email) VALUES (1, 'ada@example.org')").execute(&pool).await?;
    migrate::upgrade(&pool, &HISTORY, "head").await?;
    let (email, age): (String, Option<i32>) = sqlx::query_as("SELECT email, age FROM users").fetch_one(&pool).await?;
    assert_eq!((&*email, age), ("ada@example.org", None));
    Ok(())
}
