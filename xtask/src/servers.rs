//! The servers that the live tests start, and the linter of the nightly ones: found, or installed where that is possible.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the tests need, and the package of Debian that has it.
const PROGRAMS: [(&str, &str); 5] = [
    ("initdb", "postgresql"),
    ("pg_dump", "postgresql-client"),
    ("psql", "postgresql-client"),
    ("sqlite3", "sqlite3"),
    ("pgbouncer", "pgbouncer"),
];

/// Finds the programs, or installs them on Debian as root.
pub(crate) fn see_to_them() -> Result<(), String> {
    if missing().is_empty() {
        return Ok(());
    }
    let packages = missing();
    let advice = format!("the tests need {}; on Debian: apt-get install {}", packages.join(", "), packages.join(" "));
    if !is_root() || !runs("apt-get", &["--version"]) {
        return Err(advice);
    }
    println!("installing {}", packages.join(", "));
    let install: Vec<&str> =
        ["install", "--yes", "--no-install-recommends"].into_iter().chain(packages.iter().copied()).collect();
    if !runs("apt-get", &["update"]) || !runs("apt-get", &install) || !missing().is_empty() {
        return Err(advice);
    }
    Ok(())
}

/// Where squawk is, with the version whose findings `tests/squawk/` has a list of.
const SQUAWK: (&str, &str) = ("target/squawk", "squawk-cli==2.70.0");

/// Installs squawk where Python is. Its test says what is missing, and how to install it.
pub(crate) fn see_to_squawk() {
    let (folder, package) = SQUAWK;
    let pip = format!("{folder}/bin/pip");
    let is_ready = Path::new(&pip).is_file() || runs("python3", &["-m", "venv", folder]);
    if !is_ready || !runs(&pip, &["install", "--quiet", package]) {
        eprintln!("warning: {package} could not be installed into {folder}");
    }
}

/// The packages whose programs are not there.
fn missing() -> Vec<&'static str> {
    let server_given = std::env::var_os("TEST_POSTGRES_URL").is_some();
    let needed = PROGRAMS.iter().filter(|(program, _)| !(server_given && *program == "initdb"));
    let mut packages: Vec<&str> = needed.filter(|(program, _)| find(program).is_none()).map(|(_, package)| *package).collect();
    packages.dedup();
    packages
}

/// The program in PATH, or where Debian keeps servers.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(program))
        .find(|file| file.is_file());
    in_path.or_else(|| {
        let versions = Path::new("/usr/lib/postgresql").read_dir().ok()?;
        versions.filter_map(Result::ok).map(|version| version.path().join("bin").join(program)).find(|file| file.is_file())
    })
}

fn is_root() -> bool {
    let answer = Command::new("id").arg("-u").output();
    answer.is_ok_and(|answer| answer.stdout.trim_ascii() == b"0")
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    let command = Command::new(program).args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).status();
    command.is_ok_and(|status| status.success())
}
