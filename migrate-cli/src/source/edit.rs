//! `edit`: the file of a migration in the user's editor.

use std::path::Path;
use std::process::{Command, ExitCode};

use migrate_source::HistorySource;

use crate::failure::Failure;

/// Opens the file of a migration.
pub(super) fn run(source: &HistorySource, revision: &str) -> Result<ExitCode, Failure> {
    let outline = source.outline();
    let found = outline.find(revision)?;
    let migration = source.migrations.iter().find(|one| one.module == found.module);
    migration.map_or(Ok(ExitCode::FAILURE), |migration| open(&migration.file.path))
}

/// Opens a file in VISUAL or EDITOR.
pub(super) fn open(path: &Path) -> Result<ExitCode, Failure> {
    let named = ["VISUAL", "EDITOR"].iter().filter_map(|name| std::env::var(name).ok()).find(|value| !value.trim().is_empty());
    let Some(editor) = named else {
        let path = path.display();
        return Err(Failure::Usage(format!("no editor is known\nhelp: set EDITOR, or open {path} yourself")));
    };
    // It may have arguments: `code --wait`.
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or_default();
    let status = Command::new(program).args(words).arg(path).status();
    let status = status.map_err(|error| Failure::failed(format!("cannot start the editor `{program}`: {error}")))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
