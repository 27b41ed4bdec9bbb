//! The statements that make the ledger, and those that bring an older one up to date.

use super::{FORMAT, read};
use crate::Error;
use crate::driver::Driver;

/// What brings a ledger of an older format up to date, asked in the transaction that does it: somebody may have done it since it was read.
pub(crate) async fn update<D: Driver>(driver: &mut D) -> Result<Vec<String>, Error> {
    let ledger = driver.ledger();
    let rows = driver.texts(&read::newest(&ledger)).await.map_err(Error::while_doing("bring the ledger up to date"))?;
    Ok(if read::format(&ledger, &rows)? < FORMAT { ledger.update() } else { Vec::new() })
}

/// What makes the ledger where it is missing.
pub(crate) fn creation<D: Driver>(driver: &D) -> Vec<String> {
    driver.ledger().create()
}
