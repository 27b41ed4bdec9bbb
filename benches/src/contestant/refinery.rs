//! refinery, with tokio-postgres.

use refinery::{Migration, Runner};

use super::statement;
use crate::Result;

pub(super) async fn migrate(url: &str, count: usize) -> Result<()> {
    let (mut client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let connection = tokio::spawn(connection);
    let migration = |number: usize| Migration::unapplied(&format!("V{}__t{number}", number + 1), &statement(number));
    let migrations = (0..count).map(migration).collect::<Result<Vec<_>, _>>()?;
    Runner::new(&migrations).run_async(&mut client).await?;
    drop(client);
    connection.await??;
    Ok(())
}
