//! A server that is older than what a plan requires.

use migrate_history::plan::Plan;
use migrate_history::sql::Version;

use crate::Error;
use crate::driver::Driver;

/// Refuses a plan with SQL that the server does not know yet, before anything of it is run. A server is asked for its version only
/// where some SQL requires one.
pub(crate) async fn refuse_older<D: Driver>(driver: &mut D, plan: &Plan) -> Result<(), Error> {
    let database = D::DATABASE;
    let needs = plan.migrations.iter().filter_map(|planned| Some((planned, planned.need(database)?)));
    let Some((planned, need)) = needs.max_by_key(|(_, need)| need.version.number) else { return Ok(()) };
    let doing = Error::while_doing("ask the server for its version");
    let rows = driver.texts(Version::query(database)).await.map_err(doing)?;
    let number = rows.into_iter().flatten().flatten().next().and_then(|number| number.parse().ok());
    match number {
        Some(number) if number < need.version.number => {
            let (revision, found) = (planned.revision.clone(), Version { database, number });
            Err(Error::OldServer { revision, need, found })
        }
        Some(_) | None => Ok(()),
    }
}
