//! The migrations of a package, read from its source files: found as rustc finds them, compiled by the compiler that the macros use, and
//! edited where a new one is added.
//!
//! Nothing here builds the package or touches a database. What is compiled is what the macros would have written into the program, but for
//! functions of the program, which only the program itself can call.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod check;
mod compile;
mod edit;
mod error;
mod file;
mod finding;
mod format;
mod history;
mod modules;
mod name;
mod outline;
mod package;
mod quotes;
mod rebase;
mod scan;
mod shown;

pub use self::compile::{CompiledHistory, FileCheck};
pub use self::edit::write_new;
pub use self::error::SourceError;
pub use self::file::{SourceFile, write_whole};
pub use self::finding::{Finding, SuggestedEdit};
pub use self::format::{FormatStyle, FormattedFile, IndentWith, formatted_files};
pub use self::history::{HistorySource, MigrationSource};
pub use self::name::is_module_name;
pub use self::outline::{Outline, Outlined};
pub use self::package::{Package, PackageChoice};
pub use self::rebase::Rebased;
pub use self::scan::{declares, first_item};
pub use self::shown::shown;

pub use migrate_compiler::help::Applicability;
