//! The floor: the database's own shell, with the statements, each in a transaction, and no ledger.

use std::path::Path;

use migrate_live_tests::shell;

use super::statement;
use crate::Result;

pub(super) fn migrate(url: &str, count: usize) -> Result<()> {
    let script: String = (0..count).map(|number| format!("BEGIN;\n{};\nCOMMIT;\n", statement(number))).collect();
    let done = match url.strip_prefix("sqlite://") {
        Some(file) => shell::sqlite3(Path::new(file), &script),
        None => shell::psql(url, &script),
    };
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned().into()) }
}
