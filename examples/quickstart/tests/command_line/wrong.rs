//! Wrong arguments are reported, with their status; a password is never repeated.

use super::{err, out, run};

#[test]
fn what_is_wrong_is_said_and_has_its_status() {
    let folder = tempfile::tempdir().expect("a folder");
    let status = |arguments: &[&str]| run(folder.path(), arguments).status.code();
    assert_eq!(status(&["upgrade", "nowhere"]), Some(2));
    assert_eq!(status(&["upgrade", "base"]), Some(2));
    assert_eq!(status(&["nonsense"]), Some(2));
    assert_eq!(status(&["--database-url", "mysql://localhost/x", "current"]), Some(2));
    assert_eq!(status(&["--database-url", "sqlite:/nowhere/at/all.db", "upgrade"]), Some(2));
    assert_eq!(status(&["--database-url", "sqlite:/tmp", "upgrade"]), Some(2));
    assert_eq!(status(&["--database-url", "postgres://me@127.0.0.1:1/x", "history"]), Some(1));
}

#[test]
fn a_url_that_stands_alone_is_told_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    for arguments in [&["upgrade"][..], &["upgrade", "--sql"], &["current"], &[]] {
        let output = run(folder.path(), &[arguments, &["postgres://me:c4n4ry@host/x"]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains("write `--database-url` before it"), "{}", err(&output));
    }
}

#[test]
fn errors_are_json_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = run(folder.path(), &["upgrade", "nowhere", "--format", "json"]);
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).expect("it is JSON");
    assert_eq!(error["status"], 2);
    assert!(error["error"].as_str().unwrap().contains("unknown revision `nowhere`"), "{error}");
}

#[test]
fn a_password_is_never_repeated() {
    let folder = tempfile::tempdir().expect("a folder");
    let quiet = |arguments: &[&str]| {
        let output = run(folder.path(), arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(!err(&output).is_empty(), "{arguments:?}");
        assert!(!(out(&output) + &err(&output)).contains("c4n4ry"), "{}", err(&output));
    };
    for url in ["postgres://me:c4n4ry@127.0.0.1:1/x", "postgres://me:c4n4ry@:bad:port/x", "c4n4ry"] {
        for command in ["current", "upgrade", "plan", "history"] {
            quiet(&["--database-url", url, command]);
        }
    }
    let url = "postgres://me:c4n4ry@host/x";
    for command in ["upgrade", "downgrade", "plan"] {
        quiet(&[command, url]);
    }
    for misplaced in [&["upgrade", "--sql", url][..], &["downgrade", "--sql", url], &["current", url], &[url], &["--format", url]]
    {
        quiet(misplaced);
    }
}
