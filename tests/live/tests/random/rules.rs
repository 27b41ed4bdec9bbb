//! Every rule of the compiler, on tables with rows: what breaks it is refused, and what keeps it runs there and back.

use std::cell::RefCell;

use migrate_compiler::compile::compile;
use migrate_compiler::draft::Draft;
use migrate_compiler::state::State;
use migrate_history::Database;

use crate::random::{Choice, Coverage, Side, Spot, Try, broken, kept};
use crate::site::Site;
use crate::{Numbers, Run, grown, histories, run, told};

/// Tries what was not tried yet, in every place of the schema after a history.
async fn rules(sites: &mut [Site], numbers: &Numbers, coverage: &RefCell<Coverage>) -> Result<(), String> {
    let Some(mut run) = grown(sites, numbers, coverage).await? else { return Ok(()) };
    let schema = run.schema(&run.state);
    for (name, table) in schema.tables().iter().filter(|(_, table)| table.kept.is_none()) {
        for column in table.columns.iter().filter(|column| column.kept.is_none()) {
            let spot = Spot { schema: &schema, name, table, column };
            refuse(&run.state, &spot, coverage)?;
            for Try { rule, text, draft } in kept(&spot) {
                if coverage.borrow().has(Side::Kept, rule) {
                    continue;
                }
                let mut choice = Choice::new(&numbers[0], "k");
                let again = run.keeps(&draft, &mut choice).await.map_err(|error| format!("{rule}: {text}: {error}"))?;
                coverage.borrow_mut().rule(Side::Kept, rule);
                if !again {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// What breaks a rule.
fn refuse(before: &State, spot: &Spot<'_>, coverage: &RefCell<Coverage>) -> Result<(), String> {
    for Try { rule, text, draft } in broken(spot) {
        if coverage.borrow().has(Side::Broken, rule) {
            continue;
        }
        let outcome = compile(before.clone().next(""), &draft, "It breaks a rule.");
        if outcome.migration.is_some() || outcome.problems.iter().any(|problem| problem.code != rule) {
            return Err(format!("{rule}: {text}: {:?}", outcome.problems));
        }
        coverage.borrow_mut().rule(Side::Broken, rule);
    }
    Ok(())
}

impl Run<'_> {
    /// Runs a migration there and back; whether the database is again what it was, so that others can be tried.
    async fn keeps(&mut self, draft: &Draft, choice: &mut Choice<'_>) -> Result<bool, String> {
        let outcome = compile(self.state.clone().next(""), draft, "It keeps a rule.");
        if !outcome.problems.is_empty() {
            return Err(format!("{:?}", outcome.problems));
        }
        if self.there_and_back("kept", draft, outcome, choice).await?.is_none() {
            return Err(format!("rows are in its way\n{}", told(&self.migrations)));
        }
        self.migrations.pop();
        let history = self.history();
        let last = self.migrations.last().map_or("base", |last| &*last.id);
        let mut again = true;
        for site in self.sites.iter_mut() {
            again &= site.upgrade(&history, last).await.is_ok();
        }
        Ok(again)
    }
}

fn on(database: Database) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let coverage = RefCell::new(Coverage::default());
    let sites = RefCell::new(vec![runtime.block_on(Site::open(database))]);
    run(histories(10), 3..4, |numbers| runtime.block_on(rules(&mut sites.borrow_mut(), &numbers, &coverage)));
    coverage.into_inner().assert_rules(Side::Kept, &[database]);
}

#[test]
fn what_keeps_a_rule_runs_on_postgresql() {
    on(Database::Postgres);
}

#[test]
fn what_keeps_a_rule_runs_on_sqlite() {
    on(Database::Sqlite);
}
