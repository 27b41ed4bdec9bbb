//! From operations to the statements of one database.

use std::ops::Range;
use std::sync::Arc;

use migrate_history::{Action, Database, Rebuild, Statement, Text};

use crate::compile::commit::AddedValues;
use crate::compile::join::joins;
use crate::compile::pending::Pending;
use crate::compile::refer;
use crate::ddl::Ddl;
use crate::footprint::Footprint;
use crate::name::Name;
use crate::problem::{PieceId, Problem, Problems};
use crate::schema::Schema;
use crate::sql::registry::features;
use crate::sql::{self, Unsupported};
use crate::transition::Transition;

/// Changes that are rendered together, and the operations that they came from.
pub(super) struct Group<'a> {
    /// The schema before the first of them.
    pub before: &'a Schema,
    pub ddl: Ddl,
    /// The places of the operations among the steps.
    pub places: Range<usize>,
    parts: Vec<(PieceId, Ddl)>,
    operations: Vec<String>,
    /// What looks at the rows afterwards.
    checks: Vec<String>,
}

/// Renders operations for a database as the transactions in which they run, and notes what that touches beside what they do themselves.
/// Rule `unsupported`.
pub(super) fn lower<'s>(
    steps: impl IntoIterator<Item = &'s Transition>,
    database: Database,
    footprint: &mut Footprint,
    problems: &mut Problems,
) -> Vec<migrate_history::Step> {
    let steps: Vec<&Transition> = steps.into_iter().collect();
    let mut transactions = Transactions::default();
    let mut statements = Vec::new();
    let mut rebuild = Rebuild::Nothing;
    let mut pending = Pending::default();
    let mut added = AddedValues::of(database);
    for group in groups(&steps, database) {
        if added.are_used_by(&steps[group.places.clone()]) {
            transactions.end(std::mem::take(&mut rebuild), std::mem::take(&mut statements));
            pending = Pending::default();
        }
        if features(database).deferred_checks_block_changes {
            let operation: Text = group.operations.join("\n").into();
            let check = |sql: String| Statement { action: Action::Run, sql: sql.into(), operation: operation.clone() };
            statements.extend(pending.before(database, &group.ddl, group.before).into_iter().map(check));
        }
        match sql::render(database, &group.ddl) {
            Ok(rendered) => {
                rebuild = rebuild.and(rendered.rebuild);
                if rendered.rebuild == Rebuild::Tables {
                    altered(&group.ddl).into_iter().for_each(|table| footprint.rebuild(group.before, table));
                }
                let operation = group.operations.join("\n");
                let statement =
                    |(action, sql): (Action, String)| Statement { action, sql: sql.into(), operation: operation.clone().into() };
                let checks = group.checks.iter().map(|sql| (Action::Run, sql.clone()));
                statements.extend(rendered.statements.into_iter().chain(checks).map(statement));
            }
            Err(unsupported) => report(&group, database, unsupported, problems),
        }
    }
    // A migration without statements is a step all the same: its row in the ledger is what it does.
    transactions.end(rebuild, statements);
    transactions.all
}

/// The transactions so far.
#[derive(Default)]
struct Transactions {
    all: Vec<migrate_history::Step>,
}

impl Transactions {
    fn end(&mut self, rebuild: Rebuild, statements: Vec<Statement>) {
        let id = (self.all.len() + 1).to_string().into();
        self.all.push(migrate_history::Step { id, ..migrate_history::Step::transaction(rebuild, statements) });
    }
}

/// The tables that a change alters.
fn altered(ddl: &Ddl) -> Vec<&Name> {
    match ddl {
        Ddl::AlterTable { name, .. } => vec![name],
        Ddl::AlterEnum(altered) => altered.tables.iter().map(|table| &table.name).collect(),
        Ddl::CreateTable { .. } | Ddl::DropTable { .. } | Ddl::RenameTable { .. } | Ddl::Raw { .. } => Vec::new(),
        Ddl::CreateIndex { .. } | Ddl::DropIndex { .. } | Ddl::RenameIndex { .. } => Vec::new(),
        Ddl::CreateObject { .. } | Ddl::DropObject { .. } | Ddl::RenameObject { .. } => Vec::new(),
    }
}

/// Joins neighbouring changes of one table.
fn groups<'s>(steps: &[&'s Transition], database: Database) -> Vec<Group<'s>> {
    let mut groups: Vec<Group<'s>> = Vec::new();
    let checked = refer::checked(steps);
    for (place, step) in steps.iter().enumerate() {
        for ddl in step.operation.lower(&step.before, &step.after) {
            let text = step.operation.to_string();
            match groups.last_mut().filter(|last| joins(&last.ddl, &ddl)) {
                Some(last) => last.add((place, step.piece), ddl, text),
                None => {
                    let (before, parts) = (&step.before, vec![(step.piece, ddl.clone())]);
                    let places = place..place + 1;
                    groups.push(Group { before, ddl, places, parts, operations: vec![text], checks: Vec::new() });
                }
            }
        }
        if let Some(group) = groups.last_mut().filter(|_| place < checked) {
            group.checks.extend(refer::checks(step, database));
        }
    }
    groups
}

impl Group<'_> {
    /// Adds a change that [`joins`] says belongs here.
    fn add(&mut self, (place, piece): (usize, PieceId), ddl: Ddl, operation: String) {
        self.places.end = place + 1;
        if let (Ddl::AlterTable { after, changes, .. }, Ddl::AlterTable { after: end, changes: more, .. }) = (&mut self.ddl, &ddl)
        {
            *after = Arc::clone(end);
            changes.extend(more.iter().cloned());
        }
        self.parts.push((piece, ddl));
        self.operations.push(operation);
    }
}

/// Says what the database cannot do, at the one change of the group that it cannot do.
fn report(group: &Group<'_>, database: Database, unsupported: Unsupported, problems: &mut Problems) {
    let culprit = group.parts.iter().find_map(|(piece, ddl)| Some((*piece, sql::render(database, ddl).err()?)));
    let first = group.parts.first().map(|(piece, _)| *piece);
    let (piece, unsupported) = culprit.map_or((first, unsupported), |(piece, unsupported)| (Some(piece), unsupported));
    let only = || format!("write `#[only({})]` before the statement where other databases need it", others(database));
    let Unsupported { what, slot, help } = unsupported;
    let problem = Problem { piece, ..Problem::new("unsupported", slot, what).help_if(help).help(only()) };
    problems.push(problem);
}

fn others(database: Database) -> String {
    let others: Vec<&str> = Database::ALL.iter().copied().filter(|other| *other != database).map(Database::word).collect();
    others.join(", ")
}
