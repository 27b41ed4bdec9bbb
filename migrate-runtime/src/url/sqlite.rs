//! The URL of a SQLite database: a path, or one of SQLite's own `file:` URIs (manual, `uri.html`), after `sqlite:`.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::sqlite::SqliteConnectOptions;

use super::{decoded, parameters};
use crate::Error;
use crate::driver::sqlite::{File, FileMode};

/// The parameters, and their values; of `vfs` any.
const PARAMETERS: [(&str, &[&str]); 4] = [
    ("mode", &["ro", "rw", "rwc", "memory"]),
    ("cache", &["shared", "private"]),
    ("immutable", &["true", "false", "1", "0"]),
    ("vfs", &[]),
];

const FORMS: &str = "write `sqlite://path/to/file.db` or `sqlite::memory:`";

/// The file that a URL says.
///
/// # Errors
/// It cannot be read.
pub(crate) fn file(text: &str) -> Result<File, Error> {
    read(text).map_err(Error::Url)
}

fn read(text: &str) -> Result<File, String> {
    let rest = text.strip_prefix("sqlite:").unwrap_or(text);
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = match path.strip_prefix("file:") {
        Some(uri) => path_of_uri(uri)?,
        None => path,
    };
    let parameters = parameters(query)?;
    for (at, (name, value)) in parameters.iter().enumerate() {
        let known = PARAMETERS.iter().find(|(known, _)| known == name);
        let (name, values) =
            known.ok_or_else(|| format!("its parameter {} is not known; known are {}", at + 1, known_parameters()))?;
        if !values.is_empty() && !values.contains(&&**value) {
            return Err(format!("its parameter `{name}` is none of `{}`", values.join("`, `")));
        }
    }
    let value = |wanted: &str| parameters.iter().rev().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let opened = match value("mode") {
        Some("memory") => FileMode::Memory,
        _ if path == ":memory:" => FileMode::Memory,
        Some("ro") => FileMode::Reading,
        Some("rw") => FileMode::Writing,
        Some("rwc") => FileMode::Making,
        Some(_) | None => FileMode::AsNeeded,
    };
    if path.is_empty() && opened != FileMode::Memory {
        return Err(format!("it has no path; {FORMS}"));
    }
    let options = SqliteConnectOptions::from_str(&format!("sqlite://{path}?{query}"));
    let options = options.map_err(|_| format!("it cannot be read; {FORMS}"))?;
    let path = PathBuf::from(decoded(path)?);
    let immutable = value("immutable").is_some_and(|value| ["true", "1"].contains(&value));
    Ok(File { options, path, opened, immutable, vfs: value("vfs").is_some() })
}

/// The path of `file:path`, `file:/path`, `file:///path` and `file://localhost/path`.
fn path_of_uri(uri: &str) -> Result<&str, String> {
    let Some(rest) = uri.strip_prefix("//") else { return Ok(uri) };
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if path.starts_with('/') {
        Ok(path)
    } else {
        Err("a `file:` URI names no other host; write `sqlite:file:///path`".to_owned())
    }
}

fn known_parameters() -> String {
    let one = |(name, values): &(&str, &[&str])| match values {
        [] => format!("`{name}`"),
        values => format!("`{name}={}`", values.join("|")),
    };
    PARAMETERS.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purpose::Purpose;

    fn refused(text: &str) -> String {
        let error = file(text).map(|_| ()).expect_err(text);
        assert!(error.is_usage() && !error.to_string().contains("c4n4ry"), "{error}");
        error.to_string()
    }

    #[test]
    fn every_form_of_a_path_is_read() {
        for (text, path) in [
            ("sqlite:app.db", "app.db"),
            ("sqlite://app.db", "app.db"),
            ("sqlite:///srv/app.db", "/srv/app.db"),
            ("sqlite:/srv/app.db", "/srv/app.db"),
            ("sqlite:file:app.db?mode=ro", "app.db"),
            ("sqlite:file:/srv/app.db", "/srv/app.db"),
            ("sqlite:file:///srv/app.db", "/srv/app.db"),
            ("sqlite:file://localhost/srv/app.db", "/srv/app.db"),
            ("sqlite://a%20b%3Fmode=ro.db", "a b?mode=ro.db"),
        ] {
            let file = file(text).expect(text);
            assert_eq!((file.path.to_str(), file.options.get_filename().to_str()), (Some(path), Some(path)), "{text}");
        }
        assert_eq!(file("sqlite://a%3Fmode=ro.db").expect("a path").opened, FileMode::AsNeeded);
        for memory in ["sqlite::memory:", "sqlite://:memory:", "sqlite:x?mode=memory", "sqlite://?mode=memory"] {
            assert_eq!(file(memory).expect(memory).opened, FileMode::Memory, "{memory}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_without_its_value() {
        assert!(refused("sqlite://").contains("no path"));
        assert!(refused("sqlite:").contains("no path"));
        assert!(refused("sqlite:?mode=ro").contains("no path"));
        assert!(refused("sqlite://app.db?key=c4n4ry").contains("parameter 1 is not known"));
        assert!(refused("sqlite://app.db?mode=c4n4ry").contains("`mode` is none of `ro`, `rw`"));
        assert!(refused("sqlite://app.db?immutable=c4n4ry").contains("`immutable`"));
        assert!(refused("sqlite:file://c4n4ry/app.db").contains("no other host"));
    }

    #[test]
    fn what_is_no_file_is_refused_before_sqlite_sees_it() {
        let folder = std::env::temp_dir();
        let check = |text: &str, mode| file(text).expect(text).check(mode).map_err(|error| error.to_string());
        let said = |text: &str, mode| check(text, mode).expect_err(text);
        let within = |name: &str| format!("sqlite://{}/{name}", folder.display());
        for mode in [Purpose::Read, Purpose::Write, Purpose::Create] {
            assert!(said(&format!("sqlite://{}", folder.display()), mode).contains("is a folder"));
            assert!(said("sqlite:///dev/null", mode).contains("is not a file but a device"));
            assert!(said("sqlite:file:/dev/zero?mode=rw", mode).contains("is not a file but a device"));
            assert!(said(&within("absent.db?mode=ro"), mode).contains("does not exist"));
            assert!(said(&within("absent.db?mode=rw"), mode).contains("write `mode=rwc`"));
            assert!(check("sqlite::memory:", mode).is_ok());
        }
        assert!(check(&within("absent.db"), Purpose::Create).is_ok());
        assert!(said(&within("absent/app.db"), Purpose::Create).contains("its folder"));
        let file = folder.join(format!("migrate-url-{}.db", std::process::id()));
        std::fs::write(&file, "").expect("a temporary file");
        let there = |query: &str| format!("sqlite://{}?{query}", file.display());
        assert!(said(&there("mode=ro"), Purpose::Write).contains("for reading only"));
        assert!(said(&there("immutable=1"), Purpose::Create).contains("for reading only"));
        assert!(check(&there("mode=ro"), Purpose::Read).is_ok());
        assert!(check(&there("mode=rw"), Purpose::Create).is_ok());
        assert!(said(&format!("{}/x.db", there("").trim_end_matches('?')), Purpose::Create).contains("cannot be opened"));
        std::fs::remove_file(file).expect("it is ours");
    }
}
