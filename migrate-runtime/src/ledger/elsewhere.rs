//! Whether this history is applied already, where this session does not look: in a later schema of the search path, or under the
//! name that it had before.

use std::collections::BTreeMap;
use std::fmt;

use migrate_history::{Agreement, History, Migration, Text};

use super::Ledger;
use crate::Error;
use crate::driver::{Driver, Row};
use crate::query::{Query, Value, quote};

/// This history in another ledger, or under another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The history's name in the code.
    pub history: Text,
    /// PostgreSQL: the schema that the session works in.
    pub schema: Option<String>,
    /// The name under which it is applied.
    pub other_history: String,
    /// PostgreSQL: the schema in whose ledger it is applied.
    pub other_schema: Option<String>,
    /// How many of its migrations are.
    pub migrations: usize,
}

impl fmt::Display for Elsewhere {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Elsewhere { history, schema, other_history, other_schema, migrations } = self;
        let (table, other) = (table(schema.as_deref()), table(other_schema.as_deref()));
        let count = if *migrations == 1 { "1 migration".to_owned() } else { format!("{migrations} migrations") };
        if schema == other_schema {
            let sql = |text: &str| format!("'{}'", text.replace('\'', "''"));
            let (new, old) = (sql(history), sql(other_history));
            let journal = table.replace("migrate_ledger", "migrate_journal");
            return write!(
                out,
                "the history `{history}` is applied here under another name, `{other_history}`\n\
                 note: `{table}` has {count} of it as `{other_history}`, and none as `{history}`\n\
                 help: write `name: \"{other_history}\";` in `history!`; or rename it in the ledger: \
                 `UPDATE {table} SET history = {new} WHERE history = {old}; UPDATE {journal} SET history = {new} WHERE history = {old};`"
            );
        }
        let (here, there) = (schema.as_deref().unwrap_or_default(), other_schema.as_deref().unwrap_or_default());
        let named = if **history == **other_history { String::new() } else { format!(" as `{other_history}`") };
        write!(
            out,
            "the history `{history}` is applied in schema `{there}`, and this session works in `{here}`\n\
             note: both are in the search path; `{other}` has {count} of it{named}, and `{table}` none\n\
             help: write `?options[search_path]={there}` in the URL to go on there, or `?options[search_path]={here}` to begin in `{here}`"
        )
    }
}

fn table(schema: Option<&str>) -> String {
    schema.map_or_else(|| "migrate_ledger".to_owned(), |schema| format!("{}.migrate_ledger", plain(schema)))
}

/// A name in quotes where it needs them.
fn plain(name: &str) -> String {
    let bare = name.chars().all(|letter| letter == '_' || letter.is_ascii_lowercase() || letter.is_ascii_digit());
    if bare && !name.starts_with(|letter: char| letter.is_ascii_digit()) { name.to_owned() } else { quote(name) }
}

/// Refuses where the ledger has nothing of this history, and another one has.
///
/// # Errors
/// [`Error::Elsewhere`], or a ledger cannot be read.
pub(super) async fn refuse<D: Driver>(driver: &mut D, history: &History, is_there: bool) -> Result<(), Error> {
    let here = driver.schema();
    let mut places: Vec<Option<String>> = if is_there { vec![here.clone()] } else { Vec::new() };
    places.extend(driver.later_schemas().into_iter().map(Some));
    for place in places {
        let ledger = Ledger::new(D::DATABASE, place.as_deref().map(quote));
        let query = ledger.select_others(if place == here { Some(&history.name) } else { None });
        let rows = driver.texts(&query.write_out(D::DATABASE)).await.map_err(Error::while_doing("read the other ledger"))?;
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
            Some(name) => Query::new(format!("SELECT {columns} FROM {table} WHERE history <> {{}}"), [Value::from(name)]),
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
            Agreement::Same | Agreement::DowngradeEdited => !one.operations.is_empty(),
            Agreement::UpgradeEdited => false,
        });
        *names.entry(name).or_default() += usize::from(same || **name == *history.name);
    }
    let (name, count) = names.into_iter().max_by_key(|(_, count)| *count)?;
    (count > 0).then(|| (name.to_owned(), count))
}
