//! What `cargo migrate` prints, as a terminal shows it: `TRYCMD=overwrite cargo test -p migrate-cli --test transcripts` writes the outputs.
#![cfg(feature = "source")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that finds something else stops")]

use std::path::Path;
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_cargo-migrate");

/// What the environment of a user may say, and must not say here.
const VARIABLES: [&str; 7] = ["DATABASE_URL", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "EDITOR", "VISUAL", "CARGO_TERM_COLOR"];

#[test]
fn each_command_prints_what_its_transcript_says() {
    // A test cannot unset a variable for a transcript, so it runs itself without them.
    if VARIABLES.iter().any(|name| std::env::var_os(name).is_some()) {
        let mut again = Command::new(std::env::current_exe().unwrap());
        VARIABLES.iter().for_each(|name| {
            again.env_remove(name);
        });
        assert!(again.args(std::env::args_os().skip(1)).status().unwrap().success());
        return;
    }
    trycmd::TestCases::new().register_bin("cargo-migrate", Path::new(PROGRAM)).case("tests/transcripts/*.trycmd");
}

/// Runs a command on a history that does not compile; whether something is coloured on each output.
fn colors(variables: &[(&str, &str)], arguments: &[&str]) -> (bool, bool) {
    let mut command = Command::new(PROGRAM);
    VARIABLES.iter().for_each(|name| {
        command.env_remove(name);
    });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts/broken.in");
    let Output { stdout, stderr, .. } =
        command.args(arguments).current_dir(folder).envs(variables.iter().copied()).output().unwrap();
    (stdout.contains(&0x1b), stderr.contains(&0x1b))
}

#[test]
fn the_errors_of_the_compiler_are_coloured_where_that_is_wanted() {
    let forced = ("CLICOLOR_FORCE", "1");
    assert_eq!(colors(&[], &["check"]), (false, false));
    assert_eq!(colors(&[forced], &["check"]), (false, true));
    assert_eq!(colors(&[forced, ("NO_COLOR", "1")], &["check"]), (false, false));
    assert_eq!(colors(&[forced], &["check", "--color", "never"]), (false, false));
    assert_eq!(colors(&[], &["check", "--color", "always"]), (false, true));
    assert_eq!(colors(&[forced], &["check", "--format", "json"]), (false, false));
    assert_eq!(colors(&[forced], &["check", "--help"]), (true, false));
}
