//! A PgBouncer of our own in front of a server, thrown away at the end.
//!
//! Debian's package has it (`apt-get install pgbouncer`); it is looked for in `PATH` and in `/usr/sbin`.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::str::FromStr;
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row};
use tempfile::TempDir;

use crate::server::{PASSWORD, Server, as_postgres, free_port};

/// When a server session goes back to the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pooling {
    /// When the client disconnects.
    Session,
    /// After each transaction.
    Transaction,
    /// After each statement.
    Statement,
}

impl Pooling {
    /// All of them.
    pub const ALL: [Pooling; 3] = [Pooling::Session, Pooling::Transaction, Pooling::Statement];

    fn word(self) -> &'static str {
        match self {
            Pooling::Session => "session",
            Pooling::Transaction => "transaction",
            Pooling::Statement => "statement",
        }
    }
}

/// A running PgBouncer. It ends with this value, or with this process.
#[derive(Debug)]
pub struct Pooler {
    port: u16,
    keeper: Child,
    _folder: TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

impl Pooler {
    /// Starts one with this many sessions to each database, and with further lines of configuration.
    ///
    /// # Panics
    /// There is no PgBouncer (the message says what to install), or it does not start.
    pub fn start(server: &Server, pooling: Pooling, size: usize, further: &str) -> Pooler {
        let folder = tempfile::Builder::new().prefix("migrate-pgbouncer-").tempdir().expect("a temporary folder");
        let port = free_port();
        let configuration = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=postgres password={PASSWORD}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
             pool_mode = {}\ndefault_pool_size = {size}\n{further}\n",
            server.port(),
            pooling.word(),
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, configuration).expect("our own folder");
        readable(folder.path());
        let keeper = keep(&file);
        let pooler = Pooler { port, keeper, _folder: folder };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(30), "PgBouncer does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        pooler
    }

    /// The URL of a database of the server, through this.
    pub fn url(&self, url: &str) -> String {
        let database = url.rsplit('/').next().unwrap_or_default();
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// A session of the application: it names nothing that PgBouncer refuses by default, and prepares nothing.
    ///
    /// # Panics
    /// The pooler does not answer.
    pub async fn session(&self, url: &str) -> PgConnection {
        let options = PgConnectOptions::from_str(&self.url(url)).expect("our own URL");
        let options = options.extra_float_digits(None).statement_cache_capacity(0).disable_statement_logging();
        PgConnection::connect_with(&options).await.expect("the pooler answers")
    }
}

/// The rows of a query in a session, every value as text, separated by `|`.
///
/// # Errors
/// What the pooler or the server says.
pub async fn ask(session: &mut PgConnection, query: &str) -> Result<Vec<String>, String> {
    let sql = sqlx::raw_sql(AssertSqlSafe(query.to_owned()));
    let rows = sql.fetch_all(session).await.map_err(|error| error.to_string())?;
    let value = |row: &sqlx::postgres::PgRow, at: usize| row.get_unchecked::<Option<String>, _>(at).unwrap_or_default();
    Ok(rows.iter().map(|row| (0..row.len()).map(|at| value(row, at)).collect::<Vec<_>>().join("|")).collect())
}

/// PgBouncer refuses to run as root.
fn readable(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("our own folder");
}

/// A shell that runs it until its own input ends, which is when this process does.
fn keep(file: &Path) -> Child {
    let script = r#"
        "$1" -q "$2" < /dev/null &
        pooler=$!
        read -r _
        kill -KILL $pooler
        wait $pooler
    "#;
    let mut command = as_postgres(Path::new("/bin/sh"));
    command.args(["-c", script, "keeper"]).arg(binary()).arg(file);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("a shell can be run")
}

fn binary() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]).map(|folder| folder.join("pgbouncer"));
    let found = found.into_iter().find(|file| file.is_file());
    found.expect("these tests need PgBouncer; install it (Debian: `apt-get install pgbouncer`)")
}
