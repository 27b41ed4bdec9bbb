//! What a terminal or a script is shown, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod place;

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use migrate_live_tests::{server, shell};
use place::{Place, Said};

const PROGRAM: &str = env!("CARGO_BIN_EXE_both");

/// A database, and a folder to run the program in.
struct Site {
    place: Place,
    url: String,
}

impl Site {
    /// One of each.
    async fn both() -> [Site; 2] {
        let (one, other) = (Place::new(), Place::new());
        let file = format!("sqlite://{}", other.path().join("app.db").display());
        [Site { place: one, url: server::postgres().database().await }, Site { place: other, url: file }]
    }

    fn run(&self, arguments: &[&str]) -> Said {
        self.place.start(PROGRAM, &[("DATABASE_URL", &self.url)], arguments)
    }

    fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }
}

/// Every command, with what it takes.
const COMMANDS: [&[&str]; 12] = [
    &["current"],
    &["history"],
    &["history", "--verbose"],
    &["plan"],
    &["plan", "-1"],
    &["plan", "base"],
    &["journal"],
    &["upgrade"],
    &["upgrade", "--quiet"],
    &["downgrade", "-1", "--yes"],
    &["downgrade", "base", "--yes"],
    &["upgrade", "+1"],
];

#[tokio::test]
async fn the_journal_shows_what_failed() {
    for site in Site::both().await {
        assert!(site.run(&["journal"]).out.ends_with(": nothing was run\n"));
        let failed = site.run(&["upgrade", "--quiet"]);
        assert_eq!((failed.status, &*failed.out), (1, ""));
        assert!(failed.err.starts_with("error: the upgrade of `m2_needs` failed at statement 1 of 1: "), "{}", failed.err);
        site.run(&["downgrade", "base"]);
        let listed = site.run(&["journal"]).out;
        let states: Vec<String> = listed.lines().skip(2).take(3).map(|line| line.split_whitespace().take(1).collect()).collect();
        assert_eq!(states, ["done", "failed", "done"], "{listed}");
        assert!(listed.contains("upgrade m2_needs at 20") && listed.contains("    statement 1 of 1: "), "{listed}");
        let json = site.run(&["journal", "--format", "json"]).json();
        let events = json["events"].as_array().unwrap();
        let brief: Vec<String> = events
            .iter()
            .map(|one| format!("{} {} {}", one["event"], one["direction"], one["revision"]).replace('"', ""))
            .collect();
        assert_eq!(brief, ["done downgrade m1_notes", "failed upgrade m2_needs", "done upgrade m1_notes"]);
        assert!(events[1]["error"].as_str().unwrap().contains("needed") && events[0]["error"].is_null());
        assert!(events[0]["applied_by"].as_str().unwrap().contains('@') && events[0]["at"].as_str().unwrap().ends_with('Z'));
        assert_eq!((&json["history"], &events[1]["step"], &events[1]["steps"]), (&"both".into(), &1.into(), &1.into()));
        let last = site.run(&["journal", "--limit", "1", "--format", "json"]).json();
        assert_eq!((last["events"].as_array().unwrap().len(), &last["events"][0]["id"]), (1, &events[0]["id"]));
    }
}

#[tokio::test]
async fn every_output_names_the_schema() {
    let [site, file] = Site::both().await;
    shell::run(&site.url, "CREATE TABLE needed (n integer)").await;
    assert!(site.run(&["upgrade"]).out.starts_with("2 migrations applied in schema `public` in "));
    for command in COMMANDS {
        let said = site.run(command);
        assert!(said.out.contains("schema `public`"), "{command:?}: {}{}", said.out, said.err);
        let arguments = [command, &["--format", "json"]].concat();
        let json = site.run(&arguments).json();
        let schema = if json.is_array() { &json[0]["schema"] } else { &json["schema"] };
        assert_eq!(schema, "public", "{command:?}: {json}");
        assert!(!file.run(command).out.contains("schema `"));
    }
    assert!(site.run(&["upgrade", "--sql"]).out.contains("-- It works in the current schema of psql"));
}

/// What a terminal acts on, and each of its kinds once.
const CODES: &str = "\u{1b}[35m\u{1b}]0;owned\u{7}\u{8}\r\u{7f}\u{9b}2J\u{202e}\u{2066}\u{200f}";

/// Whether a terminal shows it as it is, but for the colours that are ours.
fn is_clean(shown: &str) -> bool {
    let mut rest = shown.to_owned();
    for code in ["0", "1", "2", "31", "32", "36"] {
        rest = rest.replace(&format!("\u{1b}[{code}m"), "");
    }
    rest.chars().all(migrate::is_printable)
}

#[tokio::test]
async fn no_escape_code_of_others_reaches_a_terminal() {
    for site in Site::both().await {
        site.run(&["upgrade"]);
        let poison = format!(
            "UPDATE migrate_ledger SET message = '{CODES}' || message, applied_by = '{CODES}', tool = '{CODES}', losses = '[\"{}\"]'; \
             UPDATE migrate_journal SET detail = '{CODES}', applied_by = '{CODES}' WHERE event = 'failed'",
            CODES.chars().map(|code| format!("\\u{:04x}", u32::from(code))).collect::<String>()
        );
        shell::run(&site.url, &poison).await;
        let columns = "history, parents, checksum, operations, level, losses, irreversible, message, downgrade, direction, step, steps, \
                       applied_at, duration_ms, applied_by, tool, run";
        let unknown =
            format!("INSERT INTO migrate_ledger (revision, {columns}) SELECT 'm3{CODES}', {columns} FROM migrate_ledger");
        for step in ["a ledger", "a revision", "a server"] {
            for command in COMMANDS.iter().chain(&[&["downgrade", "-1"] as &[&str]]) {
                for form in ["text", "json"] {
                    let said = site.run(&[command, &["--color", "always", "--format", form] as &[&str]].concat());
                    assert!(is_clean(&said.out) && is_clean(&said.err), "{step} {command:?}: {:?}{:?}", said.out, said.err);
                    if form == "json" && said.status == 0 {
                        said.json();
                    }
                }
            }
            match step {
                "a ledger" => {
                    site.run(&["upgrade", "+1"]);
                    shell::run(&site.url, &unknown).await;
                    let listed = site.run(&["history"]).out;
                    assert!(
                        listed.contains(r"m3\u{1b}[35m\u{1b}]0;owned\u{7}\u{8}\u{d}\u{7f}\u{9b}2J\u{202e}\u{2066}\u{200f}"),
                        "{listed}"
                    );
                }
                _ => {
                    let clean = "DELETE FROM migrate_ledger WHERE revision <> 'm1_notes'; CREATE TABLE needed (n integer);";
                    let raise = if site.is_postgres() {
                        format!(
                            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{CODES}'; END $$; \
                             CREATE TRIGGER t BEFORE INSERT ON needed FOR EACH ROW EXECUTE FUNCTION refuse()"
                        )
                    } else {
                        format!("CREATE TRIGGER t BEFORE INSERT ON needed BEGIN SELECT RAISE(ABORT, '{CODES}'); END")
                    };
                    if step == "a revision" {
                        shell::run(&site.url, &format!("{clean} {raise}")).await;
                        let refused = site.run(&["upgrade"]);
                        assert!(refused.status == 1 && refused.err.contains(r"\u{1b}[35m"), "{}", refused.err);
                    }
                }
            }
        }
    }
}

#[test]
fn wrong_arguments_are_a_line_of_json_too() {
    let place = Place::new();
    let cases: [(&[&str], &str); 7] = [
        (&["--format", "json", "upgrad"], "unrecognized subcommand 'upgrad'"),
        (&["upgrade", "--format=json", "--bogus"], "unexpected argument '--bogus' found"),
        (&["--format", "json"], "requires a subcommand but one was not provided"),
        (&["downgrade", "--format", "json"], "required arguments were not provided"),
        (&["journal", "--limit", "many", "--format", "json"], "invalid value 'many'"),
        (&["--format", "json", "postgres://me:c4n4ry@host/app"], "unexpected URL"),
        (&["--format", "json", "current"], "no database was given"),
    ];
    for (arguments, expected) in cases {
        let said = place.start(PROGRAM, &[], arguments);
        assert_eq!((said.status, &*said.out, said.err.matches('\n').count()), (2, "", 1), "{arguments:?}: {}", said.err);
        let error: serde_json::Value = serde_json::from_str(&said.err).expect(&said.err);
        assert_eq!((&error["status"], &error["revision"]), (&2.into(), &serde_json::Value::Null));
        let message = error["error"].as_str().expect("a text");
        assert!(message.contains(expected) && !message.contains("Usage:") && !message.contains("c4n4ry"), "{message}");
    }
    let help = place.start(PROGRAM, &[], &["--format", "json", "--help"]);
    assert!(help.status == 0 && help.out.contains("journal"), "help is no error");
    assert!(place.start(PROGRAM, &[], &["upgrad"]).err.starts_with("error: unrecognized subcommand"));
}

#[test]
fn no_password_is_in_any_output() {
    let place = Place::new();
    for url in [
        "postgres://me:c4n4ry@127.0.0.1:1/app",
        "postgres://me:c4n4ry/x@host/app",
        "postgres://me:c4n4ry@host:port/app",
        "postgres://me@127.0.0.1:1/app?password=c4n4ry&sslmode=c4n4ry",
        "postgres://me@127.0.0.1:1/app?passwort=c4n4ry",
        "postgres://me@127.0.0.1:1/app?sslpassword=c4n4ry",
        "c4n4ry://me@host/app",
        "sqlite://app.db?key=c4n4ry",
    ] {
        for command in COMMANDS.iter().chain(&[&["upgrade", "--sql"] as &[&str]]) {
            for form in ["text", "json"] {
                let form = ["--format", form];
                let said = [
                    place.start(PROGRAM, &[("DATABASE_URL", url)], &[command, &form as &[&str]].concat()),
                    place.start(PROGRAM, &[], &[command, &form as &[&str], &["--database-url", url]].concat()),
                    place.start(PROGRAM, &[], &[command, &form as &[&str], &[url]].concat()),
                ];
                for said in said {
                    assert!(
                        !format!("{}{}", said.out, said.err).contains("c4n4ry"),
                        "{command:?} {url}: {}{}",
                        said.out,
                        said.err
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_lease_is_a_lock_on_both() {
    for site in Site::both().await {
        shell::run(&site.url, "CREATE TABLE needed (n integer)").await;
        let done = site.run(&["upgrade", "--lock", "lease"]);
        assert_eq!(done.status, 0, "{}", done.err);
        let done = site.run(&["downgrade", "base", "--yes", "--lock", "lease"]);
        assert_eq!(done.status, 0, "{}", done.err);
        if site.is_postgres() {
            assert_eq!(shell::ask(&site.url, "SELECT token FROM migrate_lock WHERE owner IS NULL").await.len(), 1);
        }
    }
}

#[tokio::test]
async fn a_failure_in_json_names_its_migration() {
    for site in Site::both().await {
        let failed = site.run(&["upgrade", "--quiet", "--format", "json"]);
        let error: serde_json::Value = serde_json::from_str(&failed.err).expect(&failed.err);
        assert_eq!((&error["status"], &error["revision"]), (&1.into(), &"m2_needs".into()));
    }
}

/// Runs the program in a terminal of its own while `then` does something to it; its exit status, and what the terminal was set to
/// before and after.
fn in_a_terminal(place: &Place, then: impl FnOnce(&mut dyn Write, &str)) -> (i32, String, String) {
    let file = |name: &str| place.path().join(name);
    let inner = format!(
        "stty -g > before\nsh -c 'echo $$ > pid; exec \"{PROGRAM}\" --database-url sqlite:app.db downgrade base'\n\
         echo $? > status\nstty -g > after\nsync\ntouch done\n"
    );
    std::fs::write(file("inner.sh"), inner).unwrap();
    std::fs::write(file("typescript"), "").unwrap();
    let mut terminal = Command::new("script");
    terminal.args(["-q", "-e", "-f", "-c", "sh inner.sh", "typescript"]).current_dir(place.path()).env_remove("DATABASE_URL");
    let mut terminal =
        terminal.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("`script` is there");
    let read = |name: &str| std::fs::read_to_string(file(name)).unwrap_or_default().trim().to_owned();
    let wait = |is_so: &dyn Fn() -> bool, what: &str| {
        let started = Instant::now();
        while !is_so() {
            assert!(started.elapsed() < Duration::from_secs(30), "{what}: {}", read("typescript"));
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    wait(&|| std::fs::read_to_string(file("typescript")).unwrap_or_default().contains("[y/N]"), "it asks");
    let mut input = terminal.stdin.take().expect("it is piped");
    then(&mut input, &read("pid"));
    wait(&|| file("done").exists(), "it ends");
    drop(input);
    terminal.wait().expect("it was started");
    let status = (read("status").parse().expect("a number"), read("before"), read("after"));
    std::fs::remove_file(file("done")).unwrap();
    status
}

/// Whether this process ignores a signal, and so those that it starts.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).expect("Linux says it");
    u64::from_str_radix(ignored.trim(), 16).unwrap() >> (signal - 1) & 1 == 1
}

#[tokio::test]
async fn a_signal_at_a_question_gives_the_terminal_back() {
    let place = Place::new();
    let url = format!("sqlite://{}", place.path().join("app.db").display());
    place.start(PROGRAM, &[], &["--database-url", "sqlite:app.db", "upgrade", "+1"]);
    shell::run(&url, "INSERT INTO notes VALUES (1, 'kept')").await;
    // A program that was started with a signal ignored, as `nohup` and scripts do, goes on ignoring it.
    let signals = [("TERM", 143), ("INT", 130), ("HUP", 129)].into_iter().filter(|(_, status)| !is_ignored(status - 128));
    for (signal, expected) in signals {
        let (status, before, after) = in_a_terminal(&place, |_, pid| {
            assert!(Command::new("kill").args([&format!("-{signal}"), pid]).status().expect("`kill` is there").success());
        });
        assert_eq!((status, before), (expected, after), "{signal}");
        assert_eq!(shell::ask(&url, "SELECT body FROM notes").await, ["kept"]);
    }
    for (answer, expected) in [("n\n", 1), ("\n", 1), ("\u{4}", 1), ("y\n", 0)] {
        let (status, before, after) = in_a_terminal(&place, |input, _| input.write_all(answer.as_bytes()).unwrap());
        assert_eq!((status, before), (expected, after), "{answer:?}");
    }
    assert!(shell::tables(&url).await.is_empty(), "it was agreed to");
}
