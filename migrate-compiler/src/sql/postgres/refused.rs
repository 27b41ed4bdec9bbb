//! The statements that raw SQL for PostgreSQL cannot have.

use crate::raw::refused::{APART, Refused, StatementPattern, client, concurrently, copy, outside, transaction};

/// The longer forms before those that begin them.
///
/// Source: manual, each command's page ("cannot be executed inside a transaction block").
pub(super) static REFUSED: &[Refused] = &[
    client(StatementPattern::Character('\\'), "write SQL: `INSERT INTO … VALUES …` for rows, the text of the file for `\\i`"),
    transaction(StatementPattern::Begins(&["BEGIN"])),
    transaction(StatementPattern::Begins(&["START", "TRANSACTION"])),
    transaction(StatementPattern::Begins(&["COMMIT"])),
    transaction(StatementPattern::Begins(&["END"])),
    transaction(StatementPattern::Begins(&["ROLLBACK"])),
    transaction(StatementPattern::Begins(&["ABORT"])),
    transaction(StatementPattern::Begins(&["SAVEPOINT"])),
    transaction(StatementPattern::Begins(&["RELEASE"])),
    transaction(StatementPattern::Begins(&["PREPARE", "TRANSACTION"])),
    concurrently(
        StatementPattern::Begins(&["CREATE", "INDEX", "CONCURRENTLY"]),
        "write the statement `create index on t (a);`: the compiler decides how to build it",
    ),
    concurrently(
        StatementPattern::Begins(&["CREATE", "UNIQUE", "INDEX", "CONCURRENTLY"]),
        "write the statement `create unique index on t (a);`: the compiler decides how to build it",
    ),
    concurrently(
        StatementPattern::Begins(&["DROP", "INDEX", "CONCURRENTLY"]),
        "write the statement `drop index NAME;`: the compiler decides how to drop it",
    ),
    concurrently(StatementPattern::Has(&["REINDEX"], &["CONCURRENTLY"]), APART),
    concurrently(StatementPattern::Option("REINDEX", "CONCURRENTLY"), APART),
    concurrently(StatementPattern::Has(&["ALTER", "TABLE"], &["CONCURRENTLY"]), "remove `CONCURRENTLY`"),
    outside(StatementPattern::Begins(&["REINDEX", "DATABASE"]), APART),
    outside(StatementPattern::Begins(&["REINDEX", "SYSTEM"]), APART),
    outside(StatementPattern::Begins(&["REINDEX", "SCHEMA"]), APART),
    outside(StatementPattern::Begins(&["VACUUM"]), APART),
    outside(StatementPattern::Whole(&["CLUSTER"]), "name a table: `CLUSTER t USING i`"),
    outside(
        StatementPattern::Begins(&["CREATE", "DATABASE"]),
        "remove it: a migration works on the database that it is connected to",
    ),
    outside(
        StatementPattern::Begins(&["DROP", "DATABASE"]),
        "remove it: a migration works on the database that it is connected to",
    ),
    outside(StatementPattern::Has(&["ALTER", "DATABASE"], &["SET", "TABLESPACE"]), APART),
    outside(StatementPattern::Begins(&["CREATE", "TABLESPACE"]), APART),
    outside(StatementPattern::Begins(&["DROP", "TABLESPACE"]), APART),
    outside(StatementPattern::Begins(&["ALTER", "SYSTEM"]), APART),
    outside(StatementPattern::Begins(&["CREATE", "SUBSCRIPTION"]), APART),
    outside(StatementPattern::Begins(&["ALTER", "SUBSCRIPTION"]), APART),
    outside(StatementPattern::Begins(&["DROP", "SUBSCRIPTION"]), APART),
    outside(StatementPattern::Begins(&["DISCARD", "ALL"]), "remove it: the session belongs to the migrator"),
    copy(
        StatementPattern::Has(&["COPY"], &["FROM", "STDIN"]),
        "requires a client that sends rows",
        "use `INSERT INTO … VALUES …`, or `COPY … FROM '/path'` for a file of the server",
    ),
    copy(
        StatementPattern::Has(&["COPY"], &["TO", "STDOUT"]),
        "requires a client that reads rows",
        "remove it, or write `COPY … TO '/path'` for a file of the server",
    ),
];
