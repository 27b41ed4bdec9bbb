//! What every command needs: the runner, the URL of the database, and where its result goes.

use migrate_runtime::Migrator;

use crate::arguments::{Common, Format, Url};
use crate::failure::Failure;
use crate::program::Program;
use crate::{progress, terminal, url};

/// The runner, telling its progress unless it is to be quiet.
pub(crate) fn migrator(program: &Program, arguments: &Common) -> Migrator<'static> {
    let migrator = Migrator::new(program.history);
    if arguments.quiet { migrator } else { migrator.observer(progress::tell) }
}

/// The URL, where one is named.
pub(crate) fn named_url(program: &Program, arguments: &Common) -> Result<Option<String>, Failure> {
    url::find(arguments.database_url.as_ref().map(Url::as_str), program.default_url.as_deref())
}

/// The URL, which must be named.
pub(crate) fn database_url(program: &Program, arguments: &Common) -> Result<String, Failure> {
    named_url(program, arguments)?.ok_or_else(url::missing)
}

/// Writes a result to standard output.
pub(crate) fn print(
    arguments: &Common,
    text: impl FnOnce() -> String,
    json: impl FnOnce() -> serde_json::Value,
) -> Result<(), Failure> {
    match arguments.format {
        Format::Text | Format::Github | Format::Sarif => terminal::print(&text())?,
        Format::Json => terminal::print_json(&json())?,
    }
    Ok(())
}
