//! A history that is applied where the session does not look.

use std::fmt;

use migrate_history::Text;

use crate::sql::quote;

/// This history in another ledger, or under another name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
pub(super) fn plain(name: &str) -> String {
    let bare = name.chars().all(|letter| letter == '_' || letter.is_ascii_lowercase() || letter.is_ascii_digit());
    if bare && !name.starts_with(|letter: char| letter.is_ascii_digit()) { name.to_owned() } else { quote(name) }
}
