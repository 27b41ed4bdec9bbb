//! Which database is meant.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{err, out, run};

/// Whether a command run in a folder, with this environment, makes the file.
fn makes(folder: &Path, environment: Option<&str>, arguments: &[&str], file: &str) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
    command.args(arguments).arg("upgrade").current_dir(folder).env_remove("DATABASE_URL").stdin(Stdio::null());
    let output = command.envs(environment.map(|url| ("DATABASE_URL", url))).output().expect("the program can be started");
    assert!(output.status.success(), "{}", err(&output));
    std::fs::remove_file(folder.join(file)).is_ok()
}

#[test]
fn the_argument_goes_before_the_environment_and_that_before_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    assert!(makes(at, None, &[], "quickstart.db"));
    std::fs::write(at.join(".env"), "# where it is\nDATABASE_URL=sqlite:file.db\n").expect("our own folder");
    assert!(makes(at, None, &[], "file.db"));
    assert!(makes(at, Some("sqlite:environment.db"), &[], "environment.db"));
    assert!(makes(at, Some("sqlite:environment.db"), &["--database-url", "sqlite:argument.db"], "argument.db"));
}

#[test]
fn a_broken_env_file_is_named_and_not_repeated() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(".env"), "DATABASE_URL postgres://me:c4n4ry@host/db\n").expect("our own folder");
    for command in [&["upgrade"][..], &["history"], &["upgrade", "--sql"]] {
        let output = run(folder.path(), command);
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        assert!(err(&output).contains("`.env` has a line that is not `KEY=value`"), "{}", err(&output));
        assert!(!(out(&output) + &err(&output)).contains("c4n4ry"));
    }
}
