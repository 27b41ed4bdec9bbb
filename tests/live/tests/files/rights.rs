//! Files and folders that may not be written.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use migrate_history::plan::Direction;
use migrate_live_tests::shell::run;
use migrate_live_tests::sqlite::{self, File};
use migrate_runtime::{Migrator, current, downgrade, upgrade};

use crate::crash::{Journal, crashed};
use crate::shell::Shell;
use crate::{two, with_c};

/// What a user who may not write does with a file, and the message of each command, in the order of [`seen`].
#[tokio::test]
async fn by_another_user() {
    let Ok(url) = std::env::var("MIGRATE_TEST_CHILD") else { return };
    println!("{}", seen(&url).await.join("\nverb: "));
}

async fn seen(url: &str) -> [String; 4] {
    let history = with_c();
    let said = |error: migrate_runtime::Error| error.to_string();
    let now = current(url, &history).await.map_or_else(said, |now| format!("at {}", now.heads.join(",")));
    let plan = Migrator::new(&history).plan(url, Direction::Downgrade, "base").await;
    let plan = plan.map_or_else(said, |plan| format!("{} planned", plan.migrations.len()));
    let up = upgrade(url, &history, "head").await.map_or_else(said, |report| format!("{} done", report.migrations.len()));
    let down = downgrade(url, &history, "a").await.map_or_else(said, |report| format!("{} done", report.migrations.len()));
    [now, plan, up, down]
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Takes the right to write the file, and the folder too where that is wanted; then what another user sees. Whoever runs the tests is the
/// owner, or root, whom no right stops, so root becomes nobody.
async fn without_rights(file: &File, folder: u32) -> [String; 4] {
    let inside = std::fs::read_dir(file.path().parent().unwrap()).unwrap();
    inside.for_each(|entry| mode(&entry.unwrap().path(), 0o444));
    mode(file.path().parent().unwrap(), folder);
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    if !is_root {
        let seen = seen(&file.url()).await;
        mode(file.path().parent().unwrap(), 0o755);
        return seen;
    }
    let place = tempfile::tempdir().unwrap();
    mode(place.path(), 0o755);
    let program = place.path().join("tests");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let mut child = Command::new("setpriv");
    child.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(program);
    child.args(["--exact", "rights::by_another_user", "--nocapture"]).env("MIGRATE_TEST_CHILD", file.url());
    let output = child.current_dir("/").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let text = text.split_once("running 1 test").unwrap().1.trim().to_owned();
    let parts: Vec<String> = text.split("\nverb: ").map(|part| part.lines().next().unwrap_or_default().to_owned()).collect();
    parts.try_into().unwrap_or_else(|parts| panic!("{parts:?} of {text}"))
}

async fn applied(journal: Journal) -> File {
    let file = sqlite::file();
    upgrade(file.url(), &two(), "head").await.unwrap();
    let pragma = if journal == Journal::Log { "PRAGMA journal_mode = wal;" } else { "" };
    run(&file.url(), &format!("{pragma} CREATE TABLE app (n integer)")).await;
    file
}

#[tokio::test]
async fn a_file_that_may_only_be_read_is_read_and_what_writes_says_so() {
    for journal in [Journal::Rollback, Journal::Log] {
        for folder in [0o777, 0o555] {
            let [now, plan, up, down] = without_rights(&applied(journal).await, folder).await;
            assert!(now.ends_with("at b"), "{journal:?} {folder:o}: {now}");
            assert_eq!(plan, "2 planned", "{journal:?} {folder:o}");
            for writes in [up, down] {
                assert!(writes.contains("user who may") && writes.contains("write"), "{journal:?} {folder:o}: {writes}");
            }
        }
    }
}

#[tokio::test]
async fn a_crash_that_cannot_be_mended_is_named() {
    for folder in [0o777, 0o555] {
        let verbs = without_rights(&crashed(Journal::Rollback).await, folder).await;
        for said in verbs {
            assert!(said.contains("as a user who may"), "{folder:o}: {said}");
        }
    }
}

/// With the log's files next to it every user who may read them can read the file; without its index, every user who may create one.
#[tokio::test]
async fn a_log_that_was_left_by_a_crash_is_read_or_named() {
    let [now, plan, up, _] = without_rights(&crashed(Journal::Log).await, 0o555).await;
    assert!(now.ends_with("at b") && plan == "2 planned", "{now} {plan}");
    assert!(up.contains("as a user who may"), "{up}");
    let file = crashed(Journal::Log).await;
    std::fs::remove_file(file.path().with_extension("db-shm")).unwrap();
    for said in without_rights(&file, 0o555).await {
        assert!(said.contains("as a user who may"), "{said}");
    }
}

/// Another process has the file open, so its log is there and counts.
#[tokio::test]
async fn a_log_in_use_is_read_where_the_folder_may_not_be_written() {
    let file = applied(Journal::Log).await;
    let mut writer = Shell::open(&file.path());
    writer.run("INSERT INTO app VALUES (1); DELETE FROM migrate_ledger WHERE revision = 'b'");
    let [now, plan, ..] = without_rights(&file, 0o555).await;
    assert!(now.ends_with("at a") && plan == "1 planned", "{now} {plan}");
    writer.close();
}
