//! Which database is meant.

use migrate_history::{Database, History};

use crate::failure::Failure;

/// The URL: the argument, then the environment, then `.env`, then the program's default; `None` where none of them names one.
pub(crate) fn find(argument: Option<&str>, default: Option<&str>) -> Result<Option<String>, Failure> {
    let given = argument.map(str::to_owned).or_else(|| std::env::var("DATABASE_URL").ok()).filter(|url| !url.is_empty());
    let found = match given {
        Some(url) => Some(url),
        None => from_file()?,
    };
    Ok(found.or_else(|| default.map(str::to_owned)))
}

/// The error where nothing can be done without one.
pub(crate) fn missing() -> Failure {
    Failure::Usage("no database was given\nhelp: write `--database-url URL`, or set DATABASE_URL, here or in `.env`".to_owned())
}

/// `DATABASE_URL` in `.env`; the environment of the process is not changed.
fn from_file() -> Result<Option<String>, Failure> {
    let entries = match dotenvy::dotenv_iter() {
        Ok(entries) => entries,
        Err(error) if error.not_found() => return Ok(None),
        Err(_) => return Err(Failure::Usage("cannot read `.env`".to_owned())),
    };
    for entry in entries {
        // The error would repeat the line, which may hold a password.
        let (key, value) = entry.map_err(|_| Failure::Usage("`.env` has a line that is not `KEY=value`".to_owned()))?;
        if key == "DATABASE_URL" {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// The database that a script is for: the one of the URL, else the only one of the history.
pub(crate) fn database(url: Option<&str>, history: &History) -> Result<Database, Failure> {
    let scheme = url.and_then(|url| url.split_once(':')).map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) => Database::from_scheme(scheme).ok_or_else(|| {
            Failure::Usage(
                "the scheme of the database URL is not known\nhelp: it begins with `postgres://` or `sqlite:`".to_owned(),
            )
        }),
        None => match history.servers.as_ref() {
            [only] => Ok(only.database),
            _ => Err(Failure::Usage(
                "a script requires its database\nhelp: write `--database-url postgres:` or `--database-url sqlite:`".to_owned(),
            )),
        },
    }
}
