//! New migrations in the source files of a history.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use migrate_history::Migration;

use crate::error::SourceError;
use crate::file::{SourceFile, write_whole};
use crate::history::{HistorySource, MigrationSource};
use crate::name;
use crate::scan;

impl HistorySource {
    /// Where the file of a new module would be.
    pub fn file_of(&self, module: &str) -> PathBuf {
        self.module.folder.join(format!("{module}.rs"))
    }

    /// The path of the macro, as this history calls it: `migrate::migration`. Where it is brought into scope by `use`, it is not in the scope of
    /// a new file.
    pub fn migration_macro(&self) -> String {
        let own = self.migrations.iter().map(|one| one.path.clone()).find(|path| path.contains("::"));
        let beside = || self.path.strip_suffix("history").filter(|path| !path.is_empty()).map(|path| format!("{path}migration"));
        own.or_else(beside).unwrap_or_else(|| "migrate::migration".to_owned())
    }

    /// Whether it lists a module.
    pub fn lists(&self, module: &str) -> bool {
        self.listed().any(|listed| listed == module)
    }

    /// What is wrong with the modules that it lists, where they have no migration.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.missing.iter().map(|(_, message)| message.as_str())
    }

    /// The text of the file with `history!` where it lists one more module, everything else in it being as it was.
    pub fn listing(&self, module: &str) -> String {
        let (at, before) = self.place_of_next();
        self.file.with(at, &format!("{before}mod {module};"))
    }

    /// Where the next module is written, and what before it.
    fn place_of_next(&self) -> (usize, String) {
        let text = &self.file.text;
        let open = self.range.start + 1;
        let last = self.input.modules.last().map(|module| module.name.span().byte_range().start);
        let after = match last {
            Some(last) => self.ends.iter().copied().find(|end| *end > last).unwrap_or(open),
            None => self.ends.last().copied().unwrap_or(open),
        };
        let line = text[..after].rfind('\n').map_or(0, |end| end + 1);
        let indent: String = text[line..after].chars().take_while(|letter| letter.is_whitespace()).collect();
        let rest = text[after..self.range.end].split('\n').next().unwrap_or("");
        let ends_line = rest.trim().is_empty() || rest.trim_start().starts_with("//");
        if !ends_line || !text[self.range.clone()].contains('\n') {
            return (after, " ".to_owned());
        }
        let indent = if after == open { format!("{indent}    ") } else { indent };
        (after + rest.len(), format!("\n{indent}"))
    }

    /// The file of the lock, and its text for these migrations; `None` where the history has no `lock`.
    pub fn lock(&self, migrations: &[&Migration]) -> Option<(PathBuf, String)> {
        let (file, _) = self.input.lock.as_ref()?;
        let path = self.file.path.parent().unwrap_or(Path::new("")).join(file);
        let line = |migration: &&Migration| format!("{} {}\n", migration.id, migration.checksum_without_files());
        let lines: String = migrations.iter().map(line).collect();
        Some((
            path,
            format!("# The migrations that are released, written by `cargo migrate lock`. None of them may be changed.\n{lines}"),
        ))
    }

    /// The history with one more migration, which no file has yet.
    ///
    /// # Errors
    /// The text is no Rust.
    pub fn with(&self, module: &str, text: &str) -> Result<HistorySource, SourceError> {
        let mut with = self.clone();
        let file = Arc::new(SourceFile::of(self.file_of(module), text.to_owned()));
        let call = scan::items(file.tokens()?).calls.into_iter().find(|call| call.name == "migration");
        let listed = name::ident(module);
        with.migrations.extend(call.map(|call| MigrationSource {
            module: module.to_owned(),
            file,
            range: call.range,
            path: call.path,
            body: call.body,
            listed,
        }));
        Ok(with)
    }

    /// Writes the file of a new module, and then lists it. A file that is there is never written over.
    ///
    /// # Errors
    /// The file is there, or cannot be written; then nothing is listed. The list cannot be written; then the new file is taken away.
    pub fn write(&self, module: &str, text: &str) -> Result<PathBuf, SourceError> {
        let path = self.file_of(module);
        let beside = self.module.folder.join(module).join("mod.rs");
        write_new(if beside.exists() { &beside } else { &path }, text)?;
        write_whole(&self.file.path, &self.listing(module)).inspect_err(|_| {
            // What cannot be taken away is said by the next `check`: it is not listed.
            let _ = std::fs::remove_file(&path);
        })?;
        Ok(path)
    }
}

/// Writes a file that is not there yet.
///
/// # Errors
/// It is there, or cannot be written.
pub fn write_new(path: &Path, text: &str) -> Result<(), SourceError> {
    if path.exists() {
        let error = std::io::Error::new(std::io::ErrorKind::AlreadyExists, "the file exists");
        return Err(SourceError::Write { path: path.to_owned(), error });
    }
    write_whole(path, text)
}
