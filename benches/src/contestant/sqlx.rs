//! sqlx's migrator.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqlSafeStr, SqliteConnection};

use super::statement;
use crate::Result;

pub(super) async fn migrate(url: &str, count: usize) -> Result<()> {
    let migrations = (0..count).map(|number| {
        let version = i64::try_from(number + 1).unwrap_or(i64::MAX);
        let sql = AssertSqlSafe(statement(number)).into_sql_str();
        Migration::new(version, Cow::Owned(format!("t{number}")), MigrationType::Simple, sql, false)
    });
    let migrator = Migrator { migrations: migrations.collect(), ..Migrator::DEFAULT };
    if url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(&format!("{url}?mode=rwc")).await?;
        migrator.run_direct(None, &mut connection, false).await?;
        connection.close().await?;
    } else {
        let mut connection = PgConnection::connect(url).await?;
        migrator.run_direct(None, &mut connection, false).await?;
        connection.close().await?;
    }
    Ok(())
}

pub(super) async fn connect(url: &str) -> Result<()> {
    Ok(PgConnection::connect(url).await?.close().await?)
}
