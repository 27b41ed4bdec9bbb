//! Where targets lead.

use migrate_history::plan::{Direction, PlanError, Target, TargetError};
use migrate_live_tests::history::{history, migration, table, three};
use migrate_live_tests::shell::{ask, run, tables};
use migrate_runtime::{Error, Event, Migrator, RevisionState, current, downgrade, upgrade};

use super::Both;

fn revisions(report: &migrate_runtime::Report) -> Vec<&str> {
    report.migrations.iter().map(|done| &*done.revision).collect()
}

#[tokio::test]
async fn head_and_base_and_steps_between() {
    let (both, history) = (Both::new().await, three());
    for url in both.urls() {
        assert_eq!(revisions(&upgrade(&url, &history, "+1").await.unwrap()), ["a"]);
        assert_eq!(revisions(&upgrade(&url, &history, "head").await.unwrap()), ["b", "c"]);
        assert_eq!(tables(&url).await, ["a", "b", "c"]);
        assert!(upgrade(&url, &history, "head").await.unwrap().is_empty());
        assert_eq!(revisions(&downgrade(&url, &history, "-1").await.unwrap()), ["c"]);
        assert_eq!(revisions(&downgrade(&url, &history, "a").await.unwrap()), ["b"]);
        assert_eq!(tables(&url).await, ["a"]);
        assert_eq!(revisions(&downgrade(&url, &history, "base").await.unwrap()), ["a"]);
        assert_eq!(tables(&url).await, Vec::<String>::new());
        assert_eq!(ask(&url, "SELECT count(*) FROM migrate_ledger").await, ["0"]);
        assert_eq!(ask(&url, "SELECT count(*) FROM migrate_journal WHERE event = 'done'").await, ["6"]);
    }
}

#[tokio::test]
async fn a_target_is_a_value_too() {
    let (both, history) = (Both::new().await, three());
    for url in both.urls() {
        assert_eq!(revisions(&upgrade(&url, &history, Target::Forward(1)).await.unwrap()), ["a"]);
        assert_eq!(revisions(&upgrade(&url, &history, Target::Head).await.unwrap()), ["b", "c"]);
        assert_eq!(revisions(&downgrade(&url, &history, Target::Back(1)).await.unwrap()), ["c"]);
        assert_eq!(revisions(&downgrade(&url, &history, Target::Revision("a".into())).await.unwrap()), ["b"]);
        let plan = Migrator::new(&history).plan(&url, Direction::Downgrade, Target::Base).await.unwrap();
        assert_eq!(plan.migrations.len(), 1);
        assert_eq!("+2".parse(), Ok(Target::Forward(2)));
        assert_eq!(Target::try_from("head".to_owned()), Ok(Target::Head));
    }
}

#[tokio::test]
async fn a_downgrade_to_a_revision_undoes_what_comes_after_it_alone() {
    let history = history([table("a", &[]), table("b", &["a"]), table("c", &["a"]), table("d", &["b", "c"])]);
    let both = Both::new().await;
    for url in both.urls() {
        upgrade(&url, &history, "head").await.unwrap();
        assert_eq!(revisions(&downgrade(&url, &history, "b").await.unwrap()), ["d"]);
        assert_eq!(tables(&url).await, ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn targets_that_make_no_sense_are_usage_errors_and_touch_nothing() {
    let (both, history) = (Both::new().await, three());
    for url in both.urls() {
        for (target, expected) in [("base", "write `downgrade base`"), ("zzz", "unknown revision `zzz`"), ("+4", "only 3")] {
            let error = upgrade(&url, &history, target).await.unwrap_err();
            assert!(error.is_usage() && error.to_string().contains(expected), "{error}");
        }
        let error = downgrade(&url, &history, "a").await.unwrap_err();
        assert!(matches!(&error, Error::Plan(PlanError::Target(TargetError::NotApplied { .. }))), "{error}");
        assert!(current(&url, &history).await.unwrap().format.is_none());
    }
    assert!(!both.sqlite.path().exists(), "nothing that failed or read made the file");
}

#[tokio::test]
async fn a_migration_without_a_way_back_is_refused_before_anything_is_touched() {
    let last = migration("b", &["a"]).up(&["CREATE TABLE b (n integer)"]).irreversible("retention: must not come back");
    let history = history([table("a", &[]), last, table("c", &["b"])]);
    let both = Both::new().await;
    for url in both.urls() {
        upgrade(&url, &history, "head").await.unwrap();
        let error = downgrade(&url, &history, "base").await.unwrap_err();
        assert!(error.to_string().contains("`b` is irreversible: retention: must not come back"), "{error}");
        assert_eq!(tables(&url).await, ["a", "b", "c"]);
    }
}

#[tokio::test]
async fn several_steps_are_recorded_one_by_one_and_the_next_run_goes_on() {
    let many = migration("many", &[]).up(&["CREATE TABLE one (n integer)"]).up(&["CREATE TABLE two (n integer)"]);
    let history = history([many.down(&["DROP TABLE two"]).down(&["DROP TABLE one"])]);
    let both = Both::new().await;
    for url in both.urls() {
        run(&url, "CREATE TABLE two (mine text)").await;
        let error = upgrade(&url, &history, "head").await.unwrap_err();
        assert!(error.to_string().contains("step 2 of 2"), "{error}");
        run(&url, "DROP TABLE two").await;
        assert_eq!(tables(&url).await, ["one"]);
        let found = current(&url, &history).await.unwrap();
        assert!(matches!(found.revisions[0].state, RevisionState::Unfinished(_)), "{found:?}");
        // What undoes one step alone is not known of statements that no compiler wrote: what has begun is finished, and then undone.
        downgrade(&url, &history, "base").await.unwrap();
        assert_eq!(tables(&url).await, Vec::<String>::new());
        upgrade(&url, &history, "head").await.unwrap();
        assert_eq!(tables(&url).await, ["one", "two"]);
        downgrade(&url, &history, "base").await.unwrap();
        assert_eq!(tables(&url).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_observer_hears_everything_in_order() {
    let (both, history) = (Both::new().await, three());
    for url in both.urls() {
        let mut heard = Vec::new();
        let mut migrator = Migrator::new(&history).observer(|event| heard.push(event.clone()));
        migrator.upgrade(&url, "+1").await.unwrap();
        drop(migrator);
        let kinds: Vec<String> =
            heard.iter().map(|event| format!("{event:?}").split([' ', '{']).next().unwrap().to_owned()).collect();
        assert_eq!(kinds, ["Planned", "Started", "StepStarted", "Statement", "StepFinished", "Finished", "Done"]);
        assert!(matches!(&heard[1], Event::Started { number: 1, total: 1, title, .. } if title == "What a does."));
    }
}

#[tokio::test]
async fn a_plan_changes_nothing() {
    let (both, history) = (Both::new().await, three());
    for url in both.urls() {
        let plan = Migrator::new(&history).plan(&url, Direction::Upgrade, "b").await.unwrap();
        assert_eq!(plan.migrations.iter().map(|planned| &*planned.revision).collect::<Vec<_>>(), ["a", "b"]);
        assert!(current(&url, &history).await.unwrap().format.is_none());
    }
    assert!(!both.sqlite.path().exists());
}

#[tokio::test]
async fn an_empty_migration_is_recorded_too() {
    let history = history([migration("nothing", &[])]);
    let both = Both::new().await;
    for url in both.urls() {
        assert_eq!(revisions(&upgrade(&url, &history, "head").await.unwrap()), ["nothing"]);
        assert_eq!(ask(&url, "SELECT revision, step, steps FROM migrate_ledger").await, ["nothing|1|1"]);
        assert_eq!(revisions(&downgrade(&url, &history, "base").await.unwrap()), ["nothing"]);
    }
}
