//! A server that is older than the history supports, or than a plan requires.

use migrate_history::plan::Plan;
use migrate_history::{History, Version};

use crate::Error;
use crate::driver::Driver;

/// Refuses a server that is older than the history supports, before anything else is asked of it.
pub(crate) async fn refuse_unserved<D: Driver>(driver: &mut D, history: &History) -> Result<(), Error> {
    let Some(oldest) = history.oldest(D::DATABASE) else { return Ok(()) };
    match version(driver).await? {
        Some(found) if found < oldest => Err(Error::UnservedServer { oldest, found }),
        Some(_) | None => Ok(()),
    }
}

/// Refuses a plan with SQL that the server does not know yet, before anything of it is run: raw SQL, and what only the ledger has. A
/// server's version is read only where some SQL requires one.
pub(crate) async fn refuse_older<D: Driver>(driver: &mut D, plan: &Plan) -> Result<(), Error> {
    let database = D::DATABASE;
    let needs = plan.migrations.iter().filter_map(|planned| Some((planned, planned.need(database)?)));
    let Some((planned, need)) = needs.max_by_key(|(_, need)| need.version) else { return Ok(()) };
    match version(driver).await? {
        Some(found) if found < need.version => Err(Error::OldServer { revision: planned.revision.clone(), need, found }),
        Some(_) | None => Ok(()),
    }
}

/// The version of the server; `None` for one that does not tell it as its database does.
async fn version<D: Driver>(driver: &mut D) -> Result<Option<Version>, Error> {
    let database = D::DATABASE;
    if let Some(number) = driver.version_number() {
        return Ok(Some(Version { database, number }));
    }
    let doing = Error::while_doing("ask the server for its version");
    let rows = driver.texts(Version::query(database)).await.map_err(doing)?;
    let number = rows.into_iter().flatten().flatten().next().and_then(|number| number.parse().ok());
    Ok(number.map(|number| Version { database, number }))
}
