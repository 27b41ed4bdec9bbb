//! What a binary contains, and how a run plans with it: the compiled history as plain data, and the plan of a run.
//!
//! Every text is a [`Text`], borrowed from the binary where the macro wrote it and owned where it was read back from a
//! ledger, so that a stored downgrade and a compiled one are the same thing to the executor.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod agreement;
mod batch;
mod checksum;
#[doc(hidden)]
pub mod codec;
mod compiled;
mod counted;
mod data_file;
mod database;
mod grade;
mod history;
mod kept;
mod migration;
mod packed;
pub mod plan;
mod program;
mod protected;
mod script;
mod setting;
#[doc(hidden)]
pub mod shape;
pub mod sql;
mod statement;
mod step;
mod tally;
mod touch;
mod version;

use std::borrow::Cow;

pub use self::agreement::Agreement;
pub use self::batch::BatchRows;
pub use self::checksum::{checksum, digest, older};
pub use self::compiled::Compiled;
pub use self::counted::counted;
pub use self::data_file::{DataColumn, DataFile, DataValues};
pub use self::database::Database;
pub use self::grade::{Basis, Grade, Level};
pub use self::history::History;
pub use self::kept::{Keeping, KeptObject, KeptPlace, UNNUMBERED, kept_number};
pub use self::migration::Migration;
pub use self::program::{Calls, Lacking, ProgramFunction};
pub use self::protected::{DatabasePlace, PatternError, check_pattern};
pub use self::script::{ANYTHING, KeepScript, Script, TakeBack};
pub use self::setting::KEPT_SETTINGS;
pub use self::statement::{Action, Statement};
pub use self::step::{Beginning, Cursor, Guard, Mode, Notice, Probe, Rebuild, Step, Unwind};
pub use self::tally::{Count, LIMIT, Tally};
pub use self::touch::{Blocks, Lock, Rest, Touched, Touches, Work};
pub use self::version::Version;

/// Text in the binary, or read from a ledger.
pub type Text = Cow<'static, str>;

/// A list in the binary, or read from a ledger.
pub type List<T> = Cow<'static, [T]>;

/// The tables in which a database keeps what is applied to it, in the order in which they are made.
pub const LEDGER_TABLES: [&str; 3] = ["migrate_format", "migrate_journal", "migrate_ledger"];

/// The table next to them with the lease of a run, which the first such run creates.
pub const LOCK_TABLE: &str = "migrate_lock";

/// The table next to them with the keys of the rows that migrations inserted, which the first such migration creates.
pub const ROWS_TABLE: &str = "migrate_rows";

/// The table next to them that lists the data that is kept, which the first step that keeps some creates.
pub const KEPT_TABLE: &str = "migrate_kept";
