//! The lock of a run against other runs.

/// The lock of a run against other runs. Runs with different kinds of lock exclude each other as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunLock {
    /// PostgreSQL: an advisory lock of the session, which the server releases when the session ends, whatever ends it. It requires a session
    /// of its own, so a pooler in transaction mode is refused. SQLite: the lock of the file, for each step.
    #[default]
    Session,
    /// PostgreSQL: a row in the table `migrate_lock` next to the ledger, which is renewed while the run lives and expires by the server's
    /// clock where it does not; see [`crate::Migrator::lease`]. It works through a pooler in transaction mode. A run whose lease has
    /// expired and was taken over cannot write any more. On SQLite it is the same as [`RunLock::Session`].
    Lease,
}
