//! How deep sqlx counts the transactions of a connection.
//!
//! A transaction that is begun within one that sqlx does not know of would be that one: its COMMIT would commit the step without its row
//! of the ledger. So our transaction is registered with sqlx before a function of the program has the connection, and a transaction of the function
//! is a savepoint.

use sqlx::{Database, SqlSafeStr};
use sqlx_core::transaction::{TransactionManager, begin_ansi_transaction_sql};

/// Tells sqlx that a transaction is open, with a statement in the place of the BEGIN that was sent already.
pub(crate) async fn enter<DB: Database>(connection: &mut DB::Connection, first: &'static str) -> Result<(), sqlx::Error> {
    if DB::TransactionManager::get_transaction_depth(connection) == 0 {
        DB::TransactionManager::begin(connection, Some(first.into_sql_str())).await?;
    }
    Ok(())
}

/// What has to be open, so that sqlx can end all that it still counts after the transaction has ended: empty transactions of these names.
pub(crate) fn counted<DB: Database>(connection: &DB::Connection) -> Vec<String> {
    let depth = DB::TransactionManager::get_transaction_depth(connection);
    (0..depth).map(|depth| begin_ansi_transaction_sql(depth).as_str().to_owned()).collect()
}

/// Tells sqlx that no transaction is open, once it has what it counted.
pub(crate) async fn leave<DB: Database>(connection: &mut DB::Connection) -> Result<(), sqlx::Error> {
    while DB::TransactionManager::get_transaction_depth(connection) > 0 {
        DB::TransactionManager::commit(connection).await?;
    }
    Ok(())
}
