//! sea-orm-migration.

use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, Database};

use super::statement;
use crate::Result;

/// How many migrations the migrator has, for its list takes no argument.
static COUNT: AtomicUsize = AtomicUsize::new(0);

struct Many;

struct One(usize);

impl MigratorTrait for Many {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        (0..COUNT.load(Ordering::Relaxed)).map(|number| Box::new(One(number)) as Box<dyn MigrationTrait>).collect()
    }
}

impl MigrationName for One {
    fn name(&self) -> &str {
        format!("m{:05}", self.0).leak()
    }
}

#[async_trait::async_trait]
impl MigrationTrait for One {
    async fn up(&self, manager: &SchemaManager) -> std::result::Result<(), DbErr> {
        manager.get_connection().execute_unprepared(&statement(self.0)).await?;
        Ok(())
    }
}

pub(super) async fn migrate(url: &str, count: usize) -> Result<()> {
    COUNT.store(count, Ordering::Relaxed);
    let connection = Database::connect(url).await?;
    Many::up(&connection, None).await?;
    connection.close().await?;
    Ok(())
}
