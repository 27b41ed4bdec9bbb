//! Random histories whose migrations are undone by a downgrade that keeps what it drops, and done again: everything is restored that should be.

use std::cell::RefCell;
use std::collections::BTreeSet;

use migrate_history::{Database, KeepScript, Level, Migration};
use migrate_runtime::Error;

use crate::random::Coverage;
use crate::site::{Moment, Site};
use crate::{Numbers, expected, grown, histories, is_about_rows, run, told};

/// Undoes the migrations from the last to the first, and does them again.
async fn kept(sites: &mut [Site], numbers: &Numbers, coverage: &RefCell<Coverage>) -> Result<(), String> {
    let Some(mut run) = grown(sites, numbers, coverage).await? else { return Ok(()) };
    let schema = run.schema(&run.state);
    let is = run.moments(&schema).await;
    let history = run.history();
    let all = run.migrations.clone();
    for (at, is) in is.iter().enumerate() {
        let site = &mut run.sites[at];
        let told = |what: &str, error: &Error| format!("{what} on {}: {error}\n{}", site.database, told(&all));
        let mut steps = 0;
        for _ in 0..all.len() {
            match site.downgrade_keeping(&history, "-1").await {
                Ok(()) => steps += 1,
                Err(error) if is_about_rows(&error) || matches!(error, Error::Plan(_)) => break,
                // A column that is kept has the enum that the next downgrade would drop.
                Err(error) if error.to_string().contains("what is kept still uses it") => break,
                Err(error) => return Err(told("the downgrade that keeps fails", &error)),
            }
        }
        if let Err(error) = site.upgrade(&history, "head").await {
            // What raw SQL or a default does for the second time.
            if is_about_rows(&error) {
                coverage.borrow_mut().note("an upgrade that rows stop");
                return Ok(());
            }
            return Err(told("the upgrade after it fails", &error));
        }
        coverage.borrow_mut().note(if steps > 0 { "a kept downgrade" } else { "no kept downgrade" });
        let undone = &all[all.len() - steps..];
        let back = site.moment(&schema).await;
        compare(site.database, undone, is, &back, coverage)
            .map_err(|what| format!("{what} on {}\n{}", site.database, crate::told(&all)))?;
    }
    Ok(())
}

fn compare(
    database: Database,
    undone: &[&Migration],
    is: &Moment,
    back: &Moment,
    coverage: &RefCell<Coverage>,
) -> Result<(), String> {
    // What was not restored blocks nothing.
    let own = |lines: &BTreeSet<Vec<String>>| -> BTreeSet<Vec<String>> {
        lines.iter().filter(|line| !line.iter().any(|word| word.contains("_kept_d"))).cloned().collect()
    };
    let (found, wanted) = (own(&back.catalogue), own(&is.catalogue));
    if found != wanted {
        let only = |one: &BTreeSet<Vec<String>>, other| one.difference(other).cloned().collect::<Vec<_>>();
        return Err(format!("there is {:#?}, and not {:#?}", only(&found, &wanted), only(&wanted, &found)));
    }
    let keep = |one: &&Migration| one.compiled().script(database).and_then(|script| script.keep.as_deref().cloned());
    let takes_all = |script: &KeepScript| script.takes.len() == script.makes.len();
    let is_exact = |one: &&Migration| one.compiled().level == Level::Exact;
    let changes_rows = |one: &&Migration| one.compiled().operations.iter().any(|text| !is_about_schema(text));
    let scripts: Vec<KeepScript> = undone.iter().filter_map(keep).collect();
    if scripts.is_empty() || !scripts.iter().all(takes_all) || !undone.iter().all(is_exact) || undone.iter().any(changes_rows) {
        return Ok(());
    }
    coverage.borrow_mut().note("everything was taken back");
    expected::contains(&back.rows, &is.rows)
}

/// Whether an operation leaves all rows as they are when it is undone and done again.
fn is_about_schema(operation: &str) -> bool {
    ["create table", "create index", "create unique index", "rename"].iter().any(|words| operation.starts_with(words))
        || operation.starts_with("alter table") && operation.contains("{ add ")
}

fn on(database: Database) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let coverage = RefCell::new(Coverage::default());
    let sites = RefCell::new(runtime.block_on(async { [Site::open(database).await] }));
    let wanted = histories(4);
    run(wanted, 2..4, |numbers| runtime.block_on(kept(&mut *sites.borrow_mut(), &numbers, &coverage)));
    if wanted >= crate::HISTORIES / 4 {
        coverage.into_inner().assert(["a kept downgrade", "everything was taken back"]);
    }
}

#[test]
fn what_a_downgrade_keeps_comes_back_on_postgresql() {
    on(Database::Postgres);
}

#[test]
fn what_a_downgrade_keeps_comes_back_on_sqlite() {
    on(Database::Sqlite);
}
