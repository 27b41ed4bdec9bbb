//! A database that cannot be reached: one line that says why, one that says what to do, the status 1, and no password.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

#[allow(dead_code, reason = "not everything is of interest here")]
mod place;

use migrate_live_tests::server;
use place::Place;

const PROGRAM: &str = env!("CARGO_BIN_EXE_both");
const CANARY: &str = "c4n4ry";

/// What each command says of this URL.
fn said(url: &str) -> String {
    let place = Place::new();
    let mut all: Vec<String> = Vec::new();
    for arguments in
        [&["current"][..], &["upgrade"], &["downgrade", "base"], &["plan"], &["repair"], &["ensure-ledger"], &["fresh"]]
    {
        let said = place.start(PROGRAM, &[("DATABASE_URL", url)], arguments);
        assert_eq!((said.status, &*said.out), (1, ""), "{arguments:?}: {}", said.err);
        assert!(!said.err.contains(CANARY), "{arguments:?}: {}", said.err);
        all.push(said.err);
    }
    all.dedup();
    assert_eq!(all.len(), 1, "every command says the same: {all:#?}");
    all.remove(0)
}

#[tokio::test]
async fn each_reason_is_a_line_with_its_remedy() {
    let url = server::postgres().database().await;
    let (before, database) = url.rsplit_once('/').unwrap();
    let host = before.rsplit_once('@').unwrap().1;
    let user = before.split("://").nth(1).unwrap().split(':').next().unwrap();
    assert_eq!(
        said(&format!("{before}/absent")),
        "error: cannot connect to PostgreSQL: database \"absent\" does not exist (3D000)\n\
         help: create the database, or correct its name in the URL\n"
    );
    assert_eq!(
        said(&format!("postgres://{user}:{CANARY}@{host}/{database}")),
        format!(
            "error: cannot connect to PostgreSQL: password authentication failed for user \"{user}\" (28P01)\n\
             help: correct the user or the password of the URL\n"
        )
    );
    let silent = said(&format!("postgres://{user}:{CANARY}@127.0.0.1:1/{database}"));
    assert!(silent.starts_with("error: cannot connect to PostgreSQL: ") && silent.contains("Connection refused"), "{silent}");
    assert!(silent.ends_with("\nhelp: check that the server runs, and the host and port of the URL\n"), "{silent}");
    assert_eq!(silent.lines().count(), 2, "{silent}");
}
