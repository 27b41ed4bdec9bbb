//! The statements that raw SQL for SQLite cannot have.

use crate::raw::refused::{APART, Form, Refused, client, outside, transaction};

/// The longer forms before those that begin them.
///
/// Source: manual, "PRAGMA Statements", "VACUUM", "ATTACH DATABASE".
pub(super) static REFUSED: &[Refused] = &[
    client(Form::First('.'), "write SQL: `INSERT INTO … VALUES …` for rows, the text of the file for `.read`"),
    transaction(Form::Begins(&["BEGIN"])),
    transaction(Form::Begins(&["COMMIT"])),
    transaction(Form::Begins(&["END"])),
    transaction(Form::Begins(&["ROLLBACK"])),
    transaction(Form::Begins(&["SAVEPOINT"])),
    transaction(Form::Begins(&["RELEASE"])),
    outside(Form::Begins(&["VACUUM"]), APART),
    outside(Form::Begins(&["ATTACH"]), "remove it: a migration works on the database that it is connected to"),
    outside(Form::Begins(&["DETACH"]), "remove it: a migration works on the database that it is connected to"),
    outside(
        Form::Has(&["PRAGMA"], &["foreign_keys"]),
        "remove it: foreign keys are switched off where a table is rebuilt; `PRAGMA defer_foreign_keys = ON` works in a step",
    ),
    outside(Form::Has(&["PRAGMA"], &["journal_mode"]), "set it where the application opens the database"),
    outside(Form::Has(&["PRAGMA"], &["synchronous"]), "set it where the application opens the database"),
    outside(Form::Has(&["PRAGMA"], &["wal_checkpoint"]), APART),
];
