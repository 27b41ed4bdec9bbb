//! Branches in every order: a merge that compiles leaves the same database whichever side came first, and each side can be undone
//! while the other one stays applied.

use std::cell::RefCell;

use migrate_compiler::schema::Schema;
use migrate_compiler::state::State;
use migrate_history::{Basis, Database, History, Level, Migration, Version};

use crate::random::{self, Choice, Coverage};
use crate::site::{Moment, Site};
use crate::{Numbers, histories, is_about_rows, refused, rows, run, told};

/// A base, two branches of it, and their merge.
struct Branches {
    history: History,
    base: Schema,
    left: Schema,
    right: Schema,
    both: Schema,
}

/// Compiles them; `None` where the branches do not commute.
fn branches(databases: &[Database], numbers: &Numbers, coverage: &RefCell<Coverage>) -> Option<Branches> {
    let root = random::root(databases);
    let mut migrations: Vec<&'static Migration> = Vec::new();
    let mut step = |state: State, id: &'static str, parents: &[&'static str], numbers: &[u32], prefix: &str, count: usize| {
        let mut choice = Choice::new(numbers, prefix);
        let grow = if parents.is_empty() { random::tables } else { random::migration };
        let (draft, outcome) = grow(&state.next(""), &mut choice, count);
        coverage.borrow_mut().draft(&draft);
        let migration =
            outcome.migration.expect("it compiles").named(id, parents.to_vec()).calling(&migrate_live_tests::programs::PROGRAMS);
        migrations.push(Box::leak(Box::new(migration)));
        outcome.after.named(id)
    };
    let base = step(root, "origin", &[], &numbers[0], "b", 5);
    let left = step(base.clone(), "left", &["origin"], &numbers[1], "l", 2);
    let right = step(base.clone(), "right", &["origin"], &numbers[2], "r", 2);
    let (merged, conflicts) = left.clone().merge(right.clone());
    coverage.borrow_mut().note(if conflicts.is_empty() { "accepted" } else { "conflict" });
    if !conflicts.is_empty() {
        return None;
    }
    let both = step(merged, "merge", &["left", "right"], &[], "m", 0);
    let schema = |state: &State| state.clone().next("").schema(databases[0]).expect("it is served");
    let schemas = (schema(&base), schema(&left), schema(&right), schema(&both));
    let history = History::new("orders".into(), databases.iter().copied().map(Version::oldest).collect(), migrations.into());
    Some(Branches { history, base: schemas.0, left: schemas.1, right: schemas.2, both: schemas.3 })
}

/// One order: up one side and then the other, and down the first one while the second stays applied. `None` where it fails because of the rows.
async fn order(
    site: &mut Site,
    branches: &Branches,
    numbers: &Numbers,
    (first, second): (&str, &str),
) -> Result<Option<(Moment, Moment)>, String> {
    let Branches { history, base, left, right, both } = branches;
    site.clear().await;
    let told = |what: String| format!("{first} before {second} on {}: {what}\n{}", site.database, told(&history.migrations));
    site.upgrade(history, "origin").await.map_err(|error| told(error.to_string()))?;
    let mut number = 0;
    for rows::Insert { statements, .. } in rows::inserts(base, &[site.database], &mut Choice::new(&numbers[3], ""), &mut number) {
        let _ = site.run(&statements[0]).await;
    }
    for target in [first, second, "head"] {
        match site.upgrade(history, target).await {
            Ok(()) => {}
            Err(error) if is_about_rows(&error) => return Ok(None),
            Err(error) => {
                let told = format!("{first} before {second} on {}: {error}\n{}", site.database, crate::told(&history.migrations));
                return Err(told);
            }
        }
    }
    let up = site.moment(both).await;
    let (made, database) = (site.made(both).await, site.database);
    let told = |what: String| format!("{first} before {second} on {database}: {what}\n{}", crate::told(&history.migrations));
    if made != up.catalogue {
        let only = |one: &std::collections::BTreeSet<Vec<String>>, other| one.difference(other).cloned().collect::<Vec<_>>();
        return Err(told(format!("{:#?}, and the model has {:#?}", only(&up.catalogue, &made), only(&made, &up.catalogue))));
    }
    // What stays is the second side alone.
    let outcome = site.downgrade(history, &format!("{first}@base")).await;
    let stated = history.migrations.iter().any(|migration| migration.compiled().basis == Basis::Stated);
    let basis = if stated { Basis::Stated } else { Basis::Proved };
    let stopped = refused(outcome, basis).map_err(|error| told(error.to_string()))?;
    if stopped {
        return Ok(None);
    }
    let alone = if second == "left" { left } else { right };
    let down = site.moment(alone).await;
    if site.made(alone).await != down.catalogue {
        return Err(told("undoing one side leaves something else than the other side".to_owned()));
    }
    Ok(Some((up, down)))
}

async fn orders(sites: &mut [Site], numbers: &Numbers, coverage: &RefCell<Coverage>) -> Result<(), String> {
    let databases: Vec<Database> = sites.iter().map(|site| site.database).collect();
    let Some(branches) = branches(&databases, numbers, coverage) else { return Ok(()) };
    let exact = branches.history.migrations.iter().all(|migration| migration.compiled().level == Level::Exact);
    for site in sites.iter_mut() {
        let one = order(site, &branches, numbers, ("left", "right")).await?;
        let other = order(site, &branches, numbers, ("right", "left")).await?;
        let told = |what: &str| format!("{what} on {}\n{}", site.database, told(&branches.history.migrations));
        match (one, other) {
            (Some((one, _)), Some((other, _))) if one != other => return Err(told("the orders lead to different databases")),
            (Some(_), Some(_)) => coverage.borrow_mut().note("both orders"),
            (None, None) => coverage.borrow_mut().note("rows are in the way"),
            // Rows that one side deletes may make the other one fail.
            (Some(_), None) | (None, Some(_)) if !exact => {}
            (Some(_), None) | (None, Some(_)) => return Err(told("one order can be done and the other one cannot")),
        }
    }
    Ok(())
}

fn on(databases: &[Database]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let coverage = RefCell::new(Coverage::default());
    let mut sites = Vec::new();
    for database in databases {
        sites.push(runtime.block_on(Site::open(*database)));
    }
    let sites = RefCell::new(sites);
    run(histories(4), 4..5, |numbers| runtime.block_on(orders(&mut sites.borrow_mut(), &numbers, &coverage)));
    let coverage = coverage.into_inner();
    coverage.assert(["accepted", "conflict", "both orders"]);
    assert!(coverage.share("accepted", "conflict") >= 0.25, "{coverage:?}");
}

#[test]
fn branches_commute_on_postgresql() {
    on(&[Database::Postgres]);
}

#[test]
fn branches_commute_on_sqlite() {
    on(&[Database::Sqlite]);
}
