//! The statements that raw SQL for SQLite cannot have.

use crate::raw::refused::{APART, Refused, StatementPattern, client, outside, transaction};

/// The longer forms before those that begin them.
///
/// Source: manual, "PRAGMA Statements", "VACUUM", "ATTACH DATABASE".
pub(super) static REFUSED: &[Refused] = &[
    client(StatementPattern::First('.'), "write SQL: `INSERT INTO … VALUES …` for rows, the text of the file for `.read`"),
    transaction(StatementPattern::Begins(&["BEGIN"])),
    transaction(StatementPattern::Begins(&["COMMIT"])),
    transaction(StatementPattern::Begins(&["END"])),
    transaction(StatementPattern::Begins(&["ROLLBACK"])),
    transaction(StatementPattern::Begins(&["SAVEPOINT"])),
    transaction(StatementPattern::Begins(&["RELEASE"])),
    outside(StatementPattern::Begins(&["VACUUM"]), APART),
    outside(StatementPattern::Begins(&["ATTACH"]), "remove it: a migration works on the database that it is connected to"),
    outside(StatementPattern::Begins(&["DETACH"]), "remove it: a migration works on the database that it is connected to"),
    outside(
        StatementPattern::Has(&["PRAGMA"], &["foreign_keys"]),
        "remove it: foreign keys are switched off where a table is rebuilt; `PRAGMA defer_foreign_keys = ON` works in a step",
    ),
    outside(StatementPattern::Has(&["PRAGMA"], &["journal_mode"]), "set it where the application opens the database"),
    outside(StatementPattern::Has(&["PRAGMA"], &["synchronous"]), "set it where the application opens the database"),
    outside(StatementPattern::Has(&["PRAGMA"], &["wal_checkpoint"]), APART),
];
