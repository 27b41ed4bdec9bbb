//! A folder in which a program is run.

use std::process::{Command, Stdio};

use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tempfile::TempDir;

/// What a command said, and its exit status.
pub struct Said {
    pub out: String,
    pub err: String,
    pub status: i32,
}

impl Said {
    #[allow(dead_code, reason = "not every test needs it")]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

/// A folder with a database of its own.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Place {
        Place(tempfile::tempdir().expect("a folder"))
    }

    /// The folder.
    #[allow(dead_code, reason = "not every test needs it")]
    pub fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    /// Runs a program; nobody can be asked.
    pub fn start(&self, program: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Said {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.0.path()).env_remove("DATABASE_URL").stdin(Stdio::null());
        let output = command.envs(variables.iter().copied()).output().expect("it can be started");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it is text");
        Said { out: text(output.stdout), err: text(output.stderr), status: output.status.code().expect("it ended itself") }
    }

    /// Runs statements on the database.
    #[allow(dead_code, reason = "not every test needs it")]
    pub async fn sql(&self, sql: &str) {
        let url = format!("sqlite://{}", self.0.path().join("app.db").display());
        let mut connection = SqliteConnection::connect(&url).await.expect("the program has made it");
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        connection.close().await.expect("it was open");
    }
}
