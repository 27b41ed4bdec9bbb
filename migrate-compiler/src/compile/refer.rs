//! Foreign keys whose rows are looked at when the key is made: on a database that would do so before the COMMIT, the key may be gone by
//! then, or the rows others.

use migrate_history::Database;

use crate::fact::Demand;
use crate::operation::Operation;
use crate::sql::guard::{Asked, Subject};
use crate::step::Step;

/// How many steps, from the first on, have one after them that may take away what they demand.
pub(super) fn checked(steps: &[&Step]) -> usize {
    steps.iter().rposition(|step| may_take_away(&step.operation)).unwrap_or_default()
}

/// What looks at the rows after an operation, before what comes later may take that away from the database.
pub(super) fn checks(step: &Step, database: Database) -> Vec<String> {
    let facts = step.operation.facts(&step.before);
    let ask = |demand: &Demand| {
        let subject = Subject::of(&step.after, demand.table())?;
        let target = demand.target().map(|target| (target, Subject::of(&step.after, target)));
        Asked { database, subject, target }.check(demand)
    };
    facts.demands.iter().chain(&facts.outcome).filter_map(ask).collect()
}

/// Whether an operation may take a foreign key away, or change the rows that it is about.
fn may_take_away(operation: &Operation) -> bool {
    match operation {
        Operation::DropTable(_) | Operation::DropColumn(_) | Operation::DropConstraint(_) => true,
        Operation::AlterType(_) | Operation::RunSql(_) => true,
        Operation::CreateTable(_) | Operation::RenameTable(_) | Operation::AddColumn(_) | Operation::RenameColumn(_) => false,
        Operation::SetNotNull(_) | Operation::DropNotNull(_) | Operation::SetDefault(_) | Operation::DropDefault(_) => false,
        Operation::SetCounter(_) | Operation::CommentTable(_) | Operation::CommentColumn(_) => false,
        Operation::AddConstraint(_) | Operation::RenameConstraint(_) | Operation::AlterConstraint(_) => false,
        Operation::CreateIndex(_) | Operation::DropIndex(_) | Operation::RenameIndex(_) => false,
        Operation::DropValue(_) => true,
        Operation::CreateObject(_) | Operation::DropObject(_) | Operation::RenameObject(_) => false,
        Operation::AddValue(_) | Operation::RenameValue(_) => false,
    }
}
