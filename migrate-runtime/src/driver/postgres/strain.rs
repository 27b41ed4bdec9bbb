//! What the server says of its load and of its replicas.

use std::time::Duration;

use super::session::PostgresSession;
use crate::driver::{Driver as _, Row, Strain};

/// How long the question may take.
const LIMIT: Duration = Duration::from_secs(1);

/// A role without `pg_read_all_stats` sees neither the state of a replica nor that of another role's session (manual, "Viewing Statistics").
/// A base backup is sent like a replica, and replays nothing.
const QUESTION: &str = "SELECT replica.*, session.* FROM \
    (SELECT pg_catalog.pg_current_wal_lsn() - '0/0', min(replay_lsn - '0/0'), \
    (1000 * extract(epoch FROM max(replay_lag)))::bigint, count(*) FILTER (WHERE state IS NULL) \
    FROM pg_catalog.pg_stat_replication WHERE state IS DISTINCT FROM 'backup') AS replica, \
    (SELECT count(*) FILTER (WHERE backend_type = 'client backend' AND state = 'active' \
    AND wait_event_type IN ('Lock', 'LWLock', 'BufferPin', 'IO')), count(*) FILTER (WHERE backend_type IS NULL) \
    FROM pg_catalog.pg_stat_activity WHERE pid <> pg_catalog.pg_backend_pid() AND datid IS NOT NULL) AS session";

impl PostgresSession<'_> {
    pub(super) async fn strain_now(&mut self) -> Strain {
        match self.ask(QUESTION, LIMIT).await {
            Ok(rows) => rows.first().map(read).unwrap_or_default(),
            Err(unanswered) => Strain { unanswered: Some(unanswered.reason()), ..Strain::default() },
        }
    }
}

fn read(row: &Row) -> Strain {
    let number = |at: usize| row.get(at).and_then(Option::as_deref).and_then(|text| text.parse::<u64>().ok());
    Strain {
        written: number(0),
        replayed: number(1),
        lag: number(2).map(Duration::from_millis),
        hidden_replicas: number(3).unwrap_or_default(),
        waiting: number(4).unwrap_or_default(),
        hidden_sessions: number(5).unwrap_or_default(),
        unanswered: None,
    }
}
