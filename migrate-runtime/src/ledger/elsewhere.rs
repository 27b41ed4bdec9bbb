//! Whether this history is applied already, where this session does not look: in a later schema of the search path, or under the
//! name that it had before.

use std::collections::BTreeMap;

use migrate_history::{Agreement, History, Migration};

use super::Ledger;
use crate::driver::{Driver, Row};
use crate::error::{Elsewhere, Error};
use crate::sql::{Parameter, Query, dialect, quote};

/// Whether the session's own ledger is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnLedger {
    There,
    Missing,
}

/// Refuses where the ledger has nothing of this history, and another one has.
///
/// # Errors
/// [`Error::Elsewhere`], or a ledger cannot be read.
pub(super) async fn refuse<D: Driver>(driver: &mut D, history: &History, own: OwnLedger) -> Result<(), Error> {
    let here = driver.schema();
    let mut places: Vec<Option<String>> = match own {
        OwnLedger::There => vec![here.clone()],
        OwnLedger::Missing => Vec::new(),
    };
    places.extend(driver.later_schemas().into_iter().map(Some));
    for place in places {
        let ledger = Ledger::new(D::DATABASE, place.as_deref().map(quote));
        let query = ledger.select_others(if place == here { Some(&history.name) } else { None });
        let rows =
            driver.texts(&query.write_out(dialect(D::DATABASE))).await.map_err(Error::while_doing("read the other ledger"))?;
        if let Some((other_history, migrations)) = found(history, &rows) {
            let (history, schema, other_schema) = (history.name.clone(), here, place);
            return Err(Error::Elsewhere(Box::new(Elsewhere { history, schema, other_history, other_schema, migrations })));
        }
    }
    Ok(())
}

impl Ledger {
    /// What is applied under other names than this one.
    fn select_others(&self, but: Option<&str>) -> Query {
        let table = self.table("migrate_ledger");
        let columns = "history, revision, checksum";
        match but {
            Some(name) => Query::new(format!("SELECT {columns} FROM {table} WHERE history <> {{}}"), [Parameter::from(name)]),
            None => Query::new(format!("SELECT {columns} FROM {table}"), []),
        }
    }
}

/// The name under which most of the history is applied. A migration that does nothing is in many a history.
fn found(history: &History, rows: &[Row]) -> Option<(String, usize)> {
    let known: BTreeMap<&str, &Migration> = history.migrations.iter().map(|one| (&*one.id, *one)).collect();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        let [Some(name), Some(revision), Some(checksum)] = row.as_slice() else { continue };
        let same = known.get(revision.as_str()).is_some_and(|one| match one.agreement(checksum) {
            Agreement::Same | Agreement::DowngradeEdited => !one.compiled().operations.is_empty(),
            Agreement::UpgradeEdited => false,
        });
        *names.entry(name).or_default() += usize::from(same || **name == *history.name);
    }
    let (name, count) = names.into_iter().max_by_key(|(_, count)| *count)?;
    (count > 0).then(|| (name.to_owned(), count))
}
