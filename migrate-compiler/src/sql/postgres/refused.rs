//! The statements that raw SQL for PostgreSQL cannot have.

use crate::raw::refused::{APART, Form, Refused, client, concurrently, copy, outside, transaction};

/// The longer forms before those that begin them.
///
/// Source: manual, each command's page ("cannot be executed inside a transaction block").
pub(super) static REFUSED: &[Refused] = &[
    client(Form::Character('\\'), "write SQL: `INSERT INTO … VALUES …` for rows, the text of the file for `\\i`"),
    transaction(Form::Begins(&["BEGIN"])),
    transaction(Form::Begins(&["START", "TRANSACTION"])),
    transaction(Form::Begins(&["COMMIT"])),
    transaction(Form::Begins(&["END"])),
    transaction(Form::Begins(&["ROLLBACK"])),
    transaction(Form::Begins(&["ABORT"])),
    transaction(Form::Begins(&["SAVEPOINT"])),
    transaction(Form::Begins(&["RELEASE"])),
    transaction(Form::Begins(&["PREPARE", "TRANSACTION"])),
    concurrently(
        Form::Begins(&["CREATE", "INDEX", "CONCURRENTLY"]),
        "write the statement `create index on t (a);`: the compiler decides how to build it",
    ),
    concurrently(
        Form::Begins(&["CREATE", "UNIQUE", "INDEX", "CONCURRENTLY"]),
        "write the statement `create unique index on t (a);`: the compiler decides how to build it",
    ),
    concurrently(
        Form::Begins(&["DROP", "INDEX", "CONCURRENTLY"]),
        "write the statement `drop index t_a_idx;`: the compiler decides how to drop it",
    ),
    concurrently(Form::Has(&["REINDEX"], &["CONCURRENTLY"]), APART),
    concurrently(Form::Option("REINDEX", "CONCURRENTLY"), APART),
    concurrently(Form::Has(&["ALTER", "TABLE"], &["CONCURRENTLY"]), "remove `CONCURRENTLY`"),
    outside(Form::Begins(&["REINDEX", "DATABASE"]), APART),
    outside(Form::Begins(&["REINDEX", "SYSTEM"]), APART),
    outside(Form::Begins(&["REINDEX", "SCHEMA"]), APART),
    outside(Form::Begins(&["VACUUM"]), APART),
    outside(Form::Whole(&["CLUSTER"]), "name a table: `CLUSTER t USING i`"),
    outside(Form::Begins(&["CREATE", "DATABASE"]), "remove it: a migration works on the database that it is connected to"),
    outside(Form::Begins(&["DROP", "DATABASE"]), "remove it: a migration works on the database that it is connected to"),
    outside(Form::Has(&["ALTER", "DATABASE"], &["SET", "TABLESPACE"]), APART),
    outside(Form::Begins(&["CREATE", "TABLESPACE"]), APART),
    outside(Form::Begins(&["DROP", "TABLESPACE"]), APART),
    outside(Form::Begins(&["ALTER", "SYSTEM"]), APART),
    outside(Form::Begins(&["CREATE", "SUBSCRIPTION"]), APART),
    outside(Form::Begins(&["ALTER", "SUBSCRIPTION"]), APART),
    outside(Form::Begins(&["DROP", "SUBSCRIPTION"]), APART),
    outside(Form::Begins(&["DISCARD", "ALL"]), "remove it: the session belongs to the migrator"),
    copy(
        Form::Has(&["COPY"], &["FROM", "STDIN"]),
        "requires a client that sends rows",
        "use `INSERT INTO … VALUES …`, or `COPY … FROM '/path'` for a file of the server",
    ),
    copy(
        Form::Has(&["COPY"], &["TO", "STDOUT"]),
        "requires a client that reads rows",
        "remove it, or write `COPY … TO '/path'` for a file of the server",
    ),
];
