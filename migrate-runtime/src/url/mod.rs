//! Reads the URL of a database. No error repeats a value, for it may be a password that is not where it should be.

#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "_sqlite")]
pub(crate) mod sqlite;

use migrate_history::Database;

use crate::Error;

/// The database that a URL leads to, by its scheme.
///
/// # Errors
/// There is no scheme, or none that we know. The URL is not repeated.
pub(crate) fn database_of(text: &str) -> Result<Database, Error> {
    let known = "write `postgres://user@host/database` or `sqlite://path/to/file.db`";
    let Some((scheme, _)) = text.split_once(':') else {
        return Err(Error::Url(format!("it has no scheme\nhelp: {known}")));
    };
    if let Some(database) = Database::from_scheme(scheme) {
        return Ok(database);
    }
    match scheme {
        "mysql" | "mariadb" => Err(Error::Url(format!("MySQL and MariaDB are not supported\nhelp: {known}"))),
        "file" => Err(Error::Url("its scheme is `file`\nhelp: write `sqlite:` before it".to_owned())),
        _ => Err(Error::Url(format!("its scheme is not known\nhelp: {known}"))),
    }
}

/// The text of a part of a URL, decoded.
fn decoded(part: &str) -> Result<String, String> {
    let text = percent_encoding::percent_decode_str(part).decode_utf8().map_err(|_| "it is not UTF-8".to_owned())?;
    if text.contains('\0') { Err("it has a NUL, `%00`".to_owned()) } else { Ok(text.into_owned()) }
}

/// The parameters of a URL, in order.
fn parameters(query: &str) -> Result<Vec<(String, String)>, String> {
    let mut parameters = Vec::new();
    for (at, pair) in query.split('&').enumerate().filter(|(_, pair)| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(|| format!("its parameter {} has no `=`", at + 1))?;
        parameters.push((decoded(name)?, decoded(value)?));
    }
    Ok(parameters)
}
