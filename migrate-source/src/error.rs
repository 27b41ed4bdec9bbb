//! Why the source of a history cannot be read.

use std::io;
use std::path::PathBuf;

use crate::shown::shown;

/// Why the source of a history cannot be read. Each is a first line, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// No package is here.
    #[error(
        "no Cargo.toml in {} or in a folder above it\nhelp: change to the folder of your package, or write `--manifest-path`",
        shown(folder)
    )]
    NoPackage {
        /// The folder that was looked in first.
        folder: PathBuf,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {error}\nhelp: create it, or make it readable for this user", shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file cannot be written.
    #[error(
        "cannot write {}: {error}\nnote: the file is as it was\nhelp: choose another name, or make the folder writable for this user",
        shown(path)
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A manifest that is not one.
    #[error("cannot read {}: {reason}", shown(path))]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Several packages may be meant.
    #[error("{} is a workspace of several packages\nhelp: write `--package`, one of: {}", shown(manifest), packages.join(", "))]
    SeveralPackages {
        /// The workspace.
        manifest: PathBuf,
        /// Its members.
        packages: Vec<String>,
    },
    /// The workspace has no such package.
    #[error("unknown package `{name}`\nhelp: the packages of the workspace are: {}", packages.join(", "))]
    UnknownPackage {
        /// The name.
        name: String,
        /// The members of the workspace.
        packages: Vec<String>,
    },
    /// A source file is no Rust.
    #[error("{}:{line}:{column}: {reason}\nhelp: `cargo check` says more", shown(path))]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// A macro cannot be formatted.
    #[error(
        "{}:{line}: cannot format this macro\nnote: its brackets are too deep, or its tokens would not be the same\nhelp: format it by hand",
        shown(path)
    )]
    Unformatted {
        /// The file.
        path: PathBuf,
        /// The line of the macro, from 1.
        line: usize,
    },
    /// A module has no file.
    #[error(
        "the file of module `{module}` does not exist\nnote: {} declares it\nhelp: create {}",
        shown(declared),
        shown(expected)
    )]
    NoFile {
        /// The module.
        module: String,
        /// The file that declares it.
        declared: PathBuf,
        /// Where its file would be.
        expected: PathBuf,
    },
    /// Only rustc knows which file a module has.
    #[error(
        "the file of module `{module}` depends on `cfg_attr`, so it cannot be read from source\n\
         note: {} declares it\nhelp: write `--build`, which runs the program itself, or `#[path = \"…\"]` without a condition",
        shown(declared)
    )]
    ConditionalPath {
        /// The module.
        module: String,
        /// The file that declares it.
        declared: PathBuf,
    },
    /// The package has no `history!`.
    #[error("package `{package}` has no `history!`\nhelp: `cargo migrate init` writes one")]
    NoHistory {
        /// The package.
        package: String,
    },
    /// Several histories may be meant.
    #[error("package `{package}` has several histories\nhelp: write `--history`, one of: {}", names.join(", "))]
    SeveralHistories {
        /// The package.
        package: String,
        /// The names of its histories.
        names: Vec<String>,
    },
    /// The package has no such history.
    #[error("unknown history `{name}`\nhelp: the histories of package `{package}` are: {}", names.join(", "))]
    UnknownHistory {
        /// The name.
        name: String,
        /// The package.
        package: String,
        /// The names of its histories.
        names: Vec<String>,
    },
    /// No migration has this revision id, or one that begins so.
    #[error("unknown revision `{text}`\nhelp: {}", near.as_ref().map_or_else(|| "`cargo migrate history` lists all of them".to_owned(), |near| format!("did you mean `{near}`?")))]
    UnknownRevision {
        /// What was written.
        text: String,
        /// A revision that is spelt almost so.
        near: Option<String>,
    },
    /// Several migrations may be meant.
    #[error("`{text}` is ambiguous: it could be {}", revisions.join(", "))]
    SeveralRevisions {
        /// What was written.
        text: String,
        /// The revisions that it could mean.
        revisions: Vec<String>,
    },
    /// A migration that is released stays where it is.
    #[error(
        "`{id}` is released, so neither it nor what it comes after can be moved\n\
         help: move the other branch, or merge the heads: `cargo migrate merge`"
    )]
    Released {
        /// The migration.
        id: String,
    },
    /// A migration cannot be moved after what comes after it.
    #[error(
        "`{id}` cannot come after `{parent}`, which comes after it\nhelp: write `--after` with a migration of another branch"
    )]
    AfterItself {
        /// The migration.
        id: String,
        /// The migration that it was to come after.
        parent: String,
    },
    /// A migration with several parents is not moved.
    #[error("`{id}` merges {}, so it cannot be moved\nhelp: move the first migration of one of these branches", parents.join(" and "))]
    MovedMerge {
        /// The migration.
        id: String,
        /// Its parents.
        parents: Vec<String>,
    },
    /// A file was changed between reading and writing it.
    #[error("{} was changed while the command ran, so nothing was written\nhelp: run it again", shown(path))]
    ChangedMeanwhile {
        /// The file.
        path: PathBuf,
    },
    /// The project uses another version of the library than this command.
    #[error(
        "the project uses migrate-db {project}, and this is cargo-migrate {own}\n\
         note: another version may compile a migration to other SQL\n\
         help: run `cargo install migrate-cli@{project}`, or write `--build` to run the project's own program"
    )]
    OtherVersion {
        /// The version in `Cargo.lock`.
        project: String,
        /// The version of this library.
        own: String,
    },
}
