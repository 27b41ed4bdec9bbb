//! A PostgreSQL of our own, thrown away at the end.
//!
//! ```no_run
//! # async fn example() {
//! let url = migrate_live_tests::server::postgres().database().await;
//! # }
//! ```
//!
//! The server binaries are looked for in `PATH` and where Debian puts them. With `TEST_POSTGRES_URL` in the environment
//! that server is used instead; its role must be a superuser.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The password of the superuser.
pub const PASSWORD: &str = "c4n4ry-of-the-tests";

/// A running server.
#[derive(Debug)]
pub struct Server {
    /// Up to the database's name: `postgres://user:password@host:port/`.
    base: String,
    port: u16,
    made: AtomicUsize,
    /// Where its files are; `None` where it was given to us.
    folder: Option<PathBuf>,
    /// Holds the pipe whose end tells the server's keeper to stop it, however this process ends.
    _keeper: Option<Child>,
}

/// The server of this test binary; started by the first test that asks.
///
/// # Panics
/// There are no server binaries (the message says what to install), or the server does not start.
pub fn postgres() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("TEST_POSTGRES_URL") {
        Ok(url) => Server::given(&url),
        Err(_) => Server::start(Role::Primary),
    })
}

/// A server that takes no writes, gone when it is dropped; `None` where another server is given, which is no standby.
///
/// # Panics
/// As [`postgres`].
pub fn standby() -> Option<Server> {
    std::env::var("TEST_POSTGRES_URL").is_err().then(|| Server::start(Role::Standby))
}

/// A server that nobody else uses, gone when it is dropped; `None` where another server is given, which is not ours to stop.
///
/// # Panics
/// As [`postgres`].
pub fn own() -> Option<Server> {
    std::env::var("TEST_POSTGRES_URL").is_err().then(|| Server::start(Role::Primary))
}

/// How a server is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It ends its sessions.
    Fast,
    /// It stops as in a crash.
    Immediate,
}

/// What a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Primary,
    /// One that waits for a primary that there is not.
    Standby,
}

impl Server {
    /// A new, empty database; its URL.
    pub async fn database(&self) -> String {
        let name = format!("t{}_{}", std::process::id(), self.made.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&self.url("postgres")).await.expect("the server should answer");
        let create = format!("CREATE DATABASE {name}");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.expect("a database can be made");
        self.url(&name)
    }

    /// The URL of a database of this server.
    pub fn url(&self, database: &str) -> String {
        format!("{}{database}", self.base)
    }

    /// Where it listens, on the loopback interface.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Stops it and starts it again; it takes sessions when this returns.
    ///
    /// # Panics
    /// It was given to us, or does not start.
    pub fn restart(&self, stop: Stop) {
        let folder = self.folder.as_deref().expect("a server of our own");
        let mode = match stop {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        let mut command = as_postgres(&binaries().join("pg_ctl"));
        command.args(["restart", "--wait", "--mode", mode, "--pgdata"]).arg(folder.join("data"));
        command.arg("--log").arg(folder.join("log")).current_dir(folder).stdin(Stdio::null());
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("pg_ctl can be run");
        assert!(status.success(), "{}", std::fs::read_to_string(folder.join("log")).unwrap_or_default());
    }

    /// A replica of it, gone when it is dropped; `None` where it was given to us, and may not be copied.
    ///
    /// # Panics
    /// It cannot be copied.
    pub fn replica(&self) -> Option<Server> {
        self.folder.as_ref()?;
        let (binaries, folder, port) = (binaries(), new_folder(), free_port());
        // Who links the server's programs into a folder of the path leaves this one out.
        let linked = binaries.join("initdb").canonicalize().unwrap_or_default();
        let copier = linked.with_file_name("pg_basebackup");
        let mut command = as_postgres(if copier.is_file() { &copier } else { Path::new("pg_basebackup") });
        command.args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--dbname", &self.url("postgres"), "--pgdata"]);
        let Output { status, stdout: _, stderr } =
            command.arg(folder.join("data")).current_dir(&folder).output().expect("pg_basebackup can be run");
        assert!(status.success(), "pg_basebackup failed:\n{}", String::from_utf8_lossy(&stderr));
        Some(Server::kept(&binaries, folder, port))
    }

    fn given(url: &str) -> Server {
        let cut = url.rfind('/').expect("TEST_POSTGRES_URL should be like postgres://user:password@host:port/postgres");
        let port = url[..cut].rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or(5432);
        Server { base: url[..=cut].to_owned(), port, made: AtomicUsize::new(0), folder: None, _keeper: None }
    }

    fn start(role: Role) -> Server {
        let binaries = binaries();
        let (folder, port) = (new_folder(), free_port());
        initialise(&binaries, &folder);
        if role == Role::Standby {
            std::fs::write(folder.join("data/standby.signal"), "").expect("our own folder");
        }
        Server::kept(&binaries, folder, port)
    }

    /// The server of a folder that has its files.
    fn kept(binaries: &Path, folder: PathBuf, port: u16) -> Server {
        let keeper = keep(binaries, &folder, port);
        let base = format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/");
        Server::wait(&folder);
        Server { base, port, made: AtomicUsize::new(0), folder: Some(folder), _keeper: Some(keeper) }
    }

    /// The port is open before the server takes anyone in, so its own word counts.
    fn wait(folder: &Path) {
        let started = Instant::now();
        loop {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            if log.contains("ready to accept connections") || log.contains("ready to accept read-only connections") {
                return;
            }
            assert!(started.elapsed() < Duration::from_secs(60), "PostgreSQL does not start:\n{log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn new_folder() -> PathBuf {
    let folder = tempfile::Builder::new().prefix("migrate-postgres-").tempdir().expect("a temporary folder").keep();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).expect("our own folder");
    folder
}

/// The folder with `initdb` and `postgres`.
fn binaries() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    debian.sort();
    let complete = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    let found = std::env::split_paths(&path).chain(debian.into_iter().rev()).find(complete);
    found.expect(
        "these tests need PostgreSQL's server binaries `initdb` and `postgres`; install them \
         (Debian: `apt-get install postgresql`, macOS: `brew install postgresql`), \
         or give the URL of a throw-away server in TEST_POSTGRES_URL",
    )
}

/// PostgreSQL refuses to run as root, so root hands it to the user that Debian's package makes.
pub(crate) fn as_postgres(program: &Path) -> Command {
    let id = Command::new("id").arg("-u").output().expect("`id` is everywhere");
    if id.stdout != b"0\n" {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
    command
}

fn initialise(binaries: &Path, folder: &Path) {
    let password = folder.join("password");
    std::fs::write(&password, PASSWORD).expect("our own folder");
    let mut command = as_postgres(&binaries.join("initdb"));
    command.args(["--no-sync", "--encoding=UTF8", "--locale=C", "--username=postgres", "--auth=password"]);
    command.arg("--pwfile").arg(&password).arg("--pgdata").arg(folder.join("data"));
    let Output { status, stdout: _, stderr } = command.current_dir(folder).output().expect("initdb can be run");
    assert!(status.success(), "initdb failed:\n{}", String::from_utf8_lossy(&stderr));
}

/// A shell that runs the server until its own input ends, which is when this process does, and then cleans up.
fn keep(binaries: &Path, folder: &Path, port: u16) -> Child {
    let script = r#"
        "$1"/postgres -D "$2"/data -k "$2" -p "$3" -h 127.0.0.1 -c fsync=off -c full_page_writes=off \
            -c synchronous_commit=off -c max_connections=200 > "$2"/log 2>&1 < /dev/null &
        read -r _
        # The file has the number of its process, whoever has started it.
        kill -QUIT "$(head -n 1 "$2"/data/postmaster.pid)"
        while [ -e "$2"/data/postmaster.pid ]; do sleep 0.1; done
        rm -rf "$2"/*
    "#;
    let mut command = as_postgres(Path::new("/bin/sh"));
    command.args(["-c", script, "keeper"]).arg(binaries).arg(folder).arg(port.to_string());
    command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("a shell can be run")
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it is bound").port()
}
