//! A database with rows, and a history.

use migrate_history::{Database, History};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite, written};
use migrate_runtime::Migrator;

/// A database with a history of which the first migration is applied, and rows in it.
pub struct Site {
    pub url: String,
    pub history: History,
    pub before: Snapshot,
    _file: sqlite::File,
}

const NAMES: [&str; 5] = ["m1", "m2", "m3", "m4", "m5"];

/// Migrations of these statements.
pub fn history(database: Database, origin: &str, later: &[&str]) -> History {
    let texts = std::iter::once(&origin).chain(later);
    let drafts = NAMES.into_iter().zip(texts).map(|(name, text)| (name, written::draft(text))).collect();
    compiled::drafts("keep", database, drafts)
}

impl Site {
    pub async fn new(database: Database, origin: &str, rows: &str, later: &[&str]) -> Site {
        let file = sqlite::file();
        let url = match database {
            Database::Postgres => server::postgres().database().await,
            Database::Sqlite => file.url(),
        };
        let history = history(database, origin, later);
        migrate_runtime::upgrade(&url, &history, "m1").await.expect("the first one is applied");
        shell::run(&url, rows).await;
        let before = Snapshot::take(&url).await;
        Site { url, history, before, _file: file }
    }

    pub async fn upgrade(&self, target: &str) {
        let done = migrate_runtime::upgrade(&self.url, &self.history, target).await;
        done.unwrap_or_else(|error| panic!("{}: {error}", self.url));
    }

    /// What keeps the data loses nothing, so no consent is given.
    pub async fn downgrade(&self, target: &str) -> Result<(), String> {
        migrate_runtime::downgrade(&self.url, &self.history, target).await.map(drop).map_err(|error| error.to_string())
    }

    /// A runner of the history.
    pub fn migrator(&self) -> Migrator<'_> {
        Migrator::new(&self.history)
    }

    /// Keeps what is dropped, and agrees to lose nothing.
    pub async fn downgrade_keeping(&self, target: &str) -> Result<(), String> {
        self.migrator().keep_dropped().downgrade(&self.url, target).await.map(drop).map_err(|error| error.to_string())
    }

    /// The same database for a program with other migrations.
    #[must_use]
    pub fn with(self, history: History) -> Site {
        Site { history, ..self }
    }

    /// The same schema and rows as before.
    pub async fn is_as_before(&self) {
        let now = Snapshot::take(&self.url).await;
        assert_eq!(self.before.schema, now.schema, "{}", self.url);
        assert_eq!(self.before.rows, now.rows, "{}", self.url);
    }

    pub async fn ask(&self, question: &str) -> Vec<String> {
        shell::ask(&self.url, question).await
    }

    /// What the table beside the ledger says is kept.
    pub async fn kept(&self) -> Vec<String> {
        let place = "coalesce(schema_name || '.', '') || table_name || coalesce('.' || column_name, '')";
        self.ask(&format!("SELECT revision || ' ' || direction || ' ' || object || ' ' || {place} FROM migrate_kept ORDER BY 1"))
            .await
    }
}
