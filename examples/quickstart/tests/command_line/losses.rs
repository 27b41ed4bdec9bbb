//! A history with something to lose, behind the same command line.

use std::borrow::Cow::Owned;
use std::process::ExitCode;

use migrate::History;

mod migrations {
    migrate::history! {
        databases: sqlite;
        m1_notes;
        m2_drop_body;
        m3_drop_all;
    }

    mod m1_notes {
        migrate::migration! {
            create table notes { id: bigint primary key, body: text? }
        }
    }

    mod m2_drop_body {
        migrate::migration! {
            //! Nobody writes bodies.
            //!
            //! They were empty since 2.3.

            after super::m1_notes;

            alter table notes {
                #[allow(drop_column, reason = "tested")]
                drop body;
            }
        }
    }

    mod m3_drop_all {
        migrate::migration! {
            after super::m2_drop_body;

            #[allow(drop_table, reason = "tested")]
            drop table notes irreversible "nobody may read them again";
        }
    }
}

/// The first so many migrations of it.
fn first(count: usize) -> &'static History {
    let History { name, databases, migrations } = migrations::HISTORY.clone();
    let migrations = Owned(migrations.into_owned().into_iter().take(count).collect());
    Box::leak(Box::new(History { name: Owned(name.into_owned()), databases, migrations }))
}

/// Runs a command on the first so many migrations.
async fn run(count: usize, url: &str, arguments: &[&str]) -> ExitCode {
    let all = [&["app", "--quiet", "--database-url", url], arguments].concat();
    migrate::cli::Cli::new(first(count)).run(all).await
}

fn is(status: ExitCode, wanted: u8) -> bool {
    format!("{status:?}") == format!("{:?}", ExitCode::from(wanted))
}

#[tokio::test]
async fn what_is_lost_needs_a_yes_and_what_is_gone_has_no_way_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("app.db").display());
    assert!(is(run(3, &url, &["upgrade", "+2"]).await, 0));
    // Nobody can be asked here.
    assert!(is(run(3, &url, &["downgrade", "-1"]).await, 1));
    assert!(is(run(3, &url, &["downgrade", "-1", "--yes"]).await, 0));
    assert!(is(run(3, &url, &["upgrade"]).await, 0));
    assert!(is(run(3, &url, &["downgrade", "base", "--yes"]).await, 1));
}

#[tokio::test]
async fn a_database_that_is_ahead_is_listed_and_not_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("app.db").display());
    assert!(is(run(2, &url, &["upgrade"]).await, 0));
    for listing in [&["current"][..], &["history"], &["history", "--format", "json"], &["current", "--format", "json"]] {
        assert!(is(run(1, &url, listing).await, 0), "{listing:?}");
    }
    assert!(is(run(1, &url, &["upgrade"]).await, 1));
    let current = migrate::current(&url, first(1)).await.expect("it can be read");
    let foreign: Vec<&str> = current.foreign(first(1)).map(|one| &*one.revision).collect();
    assert_eq!(foreign, ["m2_drop_body"]);
    // What is not known here is undone with what the ledger stored.
    assert!(is(run(1, &url, &["downgrade", "-1", "--yes"]).await, 0));
}
