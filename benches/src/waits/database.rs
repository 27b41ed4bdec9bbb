//! The table, filled once, and a copy of it for each run.

use std::sync::atomic::{AtomicUsize, Ordering};

use migrate_history::History;
use migrate_live_tests::server;

use super::client::{ORDERS_PER_CUSTOMER, connect};
use crate::Result;

/// A database that every run copies.
pub(super) struct Template {
    name: String,
    copies: AtomicUsize,
}

/// The copy of one run.
pub(super) struct Copy {
    pub url: String,
    name: String,
}

impl Template {
    /// Migrates an empty database to `origin`, and fills it.
    pub async fn fill(history: &History, rows: i64) -> Result<Template> {
        let url = server::postgres().database().await;
        migrate_runtime::upgrade(&url, history, "origin").await?;
        let client = connect(&url).await?;
        let customers = rows / ORDERS_PER_CUSTOMER;
        let fill = format!(
            "INSERT INTO customers SELECT n, 'customer ' || n FROM generate_series(1, {customers}) AS n;
             INSERT INTO orders SELECT n, 1 + n % {customers}, n, n % 1000, n % 100, 'paid', 'note ' || n, n % 50, n
                 FROM generate_series(1, {rows}) AS n;"
        );
        client.batch_execute(&fill).await?;
        client.batch_execute("VACUUM ANALYZE").await?;
        let name = url.rsplit('/').next().unwrap_or_default().to_owned();
        Ok(Template { name, copies: AtomicUsize::new(0) })
    }

    /// A copy of it.
    pub async fn copy(&self) -> Result<Copy> {
        let name = format!("{}_{}", self.name, self.copies.fetch_add(1, Ordering::Relaxed));
        let client = connect(&server::postgres().url("postgres")).await?;
        // The session that has filled it may still be connected.
        let leave = format!("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{}'", self.name);
        client.batch_execute(&leave).await?;
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {} STRATEGY file_copy", self.name)).await?;
        Ok(Copy { url: server::postgres().url(&name), name })
    }
}

impl Copy {
    /// Removes it, and ends sessions that are still connected.
    pub async fn remove(self) -> Result<()> {
        let client = connect(&server::postgres().url("postgres")).await?;
        Ok(client.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).await?)
    }
}
