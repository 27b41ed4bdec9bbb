//! Calls of a program without a runtime.

use std::time::Duration;

use migrate_history::plan::Target;
use migrate_live_tests::history::three;
use migrate_live_tests::sqlite;
use migrate_runtime::{ErrorKind, Migrator, blocking};

#[test]
fn a_program_without_a_runtime_waits() {
    let (file, history) = (sqlite::file(), three());
    assert_eq!(blocking::upgrade(file.url(), &history, "+1").unwrap().migrations.len(), 1);
    let mut migrator = Migrator::new(&history).lock_wait(Duration::from_secs(1));
    assert_eq!(blocking::wait(migrator.upgrade(file.url(), Target::Head)).unwrap().migrations.len(), 2);
    assert!(blocking::current(file.url(), &history).unwrap().is_at_head());
    assert_eq!(blocking::downgrade(file.url(), &history, Target::Base).unwrap().migrations.len(), 3);
}

#[tokio::test]
async fn a_program_with_a_runtime_is_told_to_await() {
    let file = sqlite::file();
    let error = blocking::upgrade(file.url(), &three(), "head").unwrap_err();
    assert!(error.kind() == ErrorKind::Usage && error.to_string().contains("`.await`"), "{error}");
    assert!(!file.path().exists());
}
