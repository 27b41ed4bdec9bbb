//! The lock of a run as a row that expires, as SQL: for sessions that cannot hold an advisory lock.
//!
//! The row has a token, which grows with each new holder. A transaction that writes checks that the token is still the runner's, under an advisory
//! lock of the transaction, which is required to take the row; so a run that has lost it cannot write any more.

use std::time::{Duration, Instant};

use crate::driver::LEASE_LOST;
use crate::run_token::run_token;
use crate::sql::{self, LedgerDialect as _, quote};
use crate::who::who;

/// A lease of at least this length is renewed in time, whatever the pauses of a run are.
const SHORTEST: Duration = Duration::from_secs(1);

/// A run's claim to the row.
#[derive(Clone, Debug)]
pub(super) struct Lease {
    /// The holder, whom no other run has the name of.
    owner: String,
    duration: Duration,
    /// The fencing token, while the row is ours.
    held: Option<HeldLease>,
}

#[derive(Clone, Copy, Debug)]
struct HeldLease {
    token: i64,
    renewed: Instant,
}

impl Lease {
    pub fn new(duration: Duration) -> Lease {
        Lease { owner: run_token(), duration: duration.max(SHORTEST), held: None }
    }

    /// The row is ours, with this token.
    pub fn hold(&mut self, token: i64) {
        self.held = Some(HeldLease { token, renewed: Instant::now() });
    }

    /// The row is ours for as long again.
    pub fn note_renewed(&mut self) {
        self.held.iter_mut().for_each(|held| held.renewed = Instant::now());
    }

    /// The row is given up.
    pub fn drop_claim(&mut self) {
        self.held = None;
    }

    /// How often it is renewed.
    pub fn pause(&self) -> Duration {
        self.duration / 3
    }

    /// Whether it is to be renewed.
    pub fn is_due(&self) -> bool {
        self.held.is_some_and(|held| held.renewed.elapsed() > self.pause())
    }

    /// The condition on a row that is ours.
    fn ours(&self) -> String {
        let token = self.held.map_or_else(|| "NULL".to_owned(), |held| held.token.to_string());
        format!("token = {token} AND owner = '{}'", self.owner)
    }

    fn end(&self) -> String {
        format!("pg_catalog.clock_timestamp() + interval '{} milliseconds'", self.duration.as_millis())
    }

    /// The statement that takes the row where no run has it, or its holder has not renewed it in time; it returns the token.
    pub fn take(&self, schema: &str) -> String {
        let (table, owner, end) = (table(schema), &self.owner, self.end());
        let (who, process) = (sql::PostgresDialect.literal(&who()), std::process::id());
        format!(
            "UPDATE {table} SET token = token + CASE WHEN owner = '{owner}' THEN 0 ELSE 1 END, owner = '{owner}', role = CURRENT_USER, \
             who = {who}, process = {process}, expires_at = {end} \
             WHERE owner IS NULL OR owner = '{owner}' OR expires_at <= pg_catalog.clock_timestamp() RETURNING token::text"
        )
    }

    /// Fails where the row is not ours any more.
    pub fn check(&self, schema: &str) -> String {
        fails_unless(&format!("EXISTS (SELECT 1 FROM {} WHERE {})", table(schema), self.ours()))
    }

    /// Makes it last again, or fails where the row is not ours any more.
    pub fn renew(&self, schema: &str) -> String {
        let (table, end, ours) = (table(schema), self.end(), self.ours());
        let check = fails_unless("count(*) = 1");
        format!("WITH renewed AS (UPDATE {table} SET expires_at = {end} WHERE {ours} RETURNING 1) {check} FROM renewed")
    }

    /// Gives the row up.
    pub fn release(&self, schema: &str) -> String {
        let (table, ours) = (table(schema), self.ours());
        format!("UPDATE {table} SET owner = NULL, expires_at = pg_catalog.clock_timestamp() WHERE {ours}")
    }
}

fn fails_unless(condition: &str) -> String {
    sql::PostgresDialect.fails_unless(condition, LEASE_LOST)
}

fn table(schema: &str) -> String {
    format!("{}.\"{}\"", quote(schema), migrate_history::LOCK_TABLE)
}

/// Whether there is such a table, as an expression.
pub(super) fn is_there(schema: &str) -> String {
    format!("pg_catalog.to_regclass({}) IS NOT NULL", sql::PostgresDialect.literal(&table(schema)))
}

/// The statements that make the table and its row.
pub(super) fn create(schema: &str) -> [String; 2] {
    let table = table(schema);
    [
        format!(
            "CREATE TABLE {table} (id smallint NOT NULL PRIMARY KEY CHECK (id = 1), token bigint NOT NULL, owner text, \
             role text NOT NULL, who text NOT NULL, process bigint NOT NULL, expires_at timestamptz NOT NULL)"
        ),
        format!("INSERT INTO {table} VALUES (1, 0, NULL, '', '', 0, pg_catalog.clock_timestamp())"),
    ]
}

/// Who has the row, and for how many milliseconds if it is not renewed.
pub(super) fn holder(schema: &str) -> String {
    format!(
        "SELECT process::text, role, who, \
         (extract(epoch FROM expires_at - pg_catalog.clock_timestamp()) * 1000)::bigint::text FROM {} \
         WHERE owner IS NOT NULL AND expires_at > pg_catalog.clock_timestamp()",
        table(schema)
    )
}

/// Takes the row from a holder that has not renewed it in time, for a runner that has the advisory lock of the session and needs no lease.
pub(super) fn revoke(schema: &str) -> String {
    format!(
        "UPDATE {} SET token = token + 1, owner = NULL WHERE owner IS NOT NULL AND expires_at <= pg_catalog.clock_timestamp()",
        table(schema)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_held_is_nobodys_to_renew() {
        let mut lease = Lease::new(Duration::from_secs(30));
        assert!(lease.check("public").contains("token = NULL") && !lease.is_due());
        lease.hold(7);
        assert!(
            lease.check("public").contains("token = 7 AND owner = '")
                && lease.renew("public").contains("interval '30000 milliseconds'")
        );
        lease.drop_claim();
        assert!(lease.renew("public").contains("token = NULL"));
    }

    #[test]
    fn two_runs_have_two_names_and_no_lease_is_shorter_than_a_second() {
        let (one, other) = (Lease::new(Duration::ZERO), Lease::new(Duration::ZERO));
        assert!(one.take("public") != other.take("public"));
        assert!(one.take("public").contains("interval '1000 milliseconds'") && one.pause() < Duration::from_secs(1));
    }
}
