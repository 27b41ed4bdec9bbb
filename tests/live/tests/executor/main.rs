//! The executor on real servers. Every test that can runs on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod accepted;
mod agreed;
mod blocking;
mod elsewhere;
mod endpoint;
mod failure;
mod kinds;
mod ledger;
mod lost;
mod path;
mod pragmas;
mod protected;
mod runners;
mod session;
mod settings;
mod sqlite;
mod trips;
mod waits;

use migrate_live_tests::{server, sqlite as lite};

/// A new, empty database of each kind.
struct Both {
    postgres: String,
    sqlite: lite::File,
}

impl Both {
    async fn new() -> Both {
        Both { postgres: server::postgres().database().await, sqlite: lite::file() }
    }

    fn urls(&self) -> [String; 2] {
        [self.postgres.clone(), self.sqlite.url()]
    }
}
