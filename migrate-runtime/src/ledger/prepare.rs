//! Making the ledger, and bringing an older one up to date.

use super::{FORMAT, read};
use crate::Error;
use crate::driver::Driver;

/// Brings a ledger of an older format up to date, in a transaction: somebody may have done it since it was read.
pub(crate) async fn bring_up_to_date<D: Driver>(driver: &mut D) -> Result<(), Error> {
    let doing = Error::while_doing("bring the ledger up to date");
    let ledger = driver.ledger();
    let rows = driver.texts(&read::newest(&ledger)).await.map_err(&doing)?;
    if read::format(&ledger, &rows)? < FORMAT {
        driver.batch(&ledger.update()).await.map_err(|failed| doing(failed.error))?;
    }
    Ok(())
}

/// Makes the ledger where it is missing. The lock is ours.
pub(crate) async fn prepare<D: Driver>(driver: &mut D) -> Result<(), sqlx::Error> {
    driver.batch(&driver.ledger().create()).await.map(drop).map_err(|failed| failed.error)
}
