//! From operations to the statements of one database.

use std::sync::Arc;

use migrate_history::{Action, Database, Statement, Text};

use crate::compile::pending::Pending;
use crate::ddl::{Change, Ddl};
use crate::expr::Expr;
use crate::footprint::Footprint;
use crate::problem::{PieceId, Problem, Problems};
use crate::schema::Schema;
use crate::sql::registry::features;
use crate::sql::{self, Unsupported};
use crate::step::Step;

/// Changes that are rendered together, and the operations that they came from.
struct Group<'a> {
    /// The schema before the first of them.
    before: &'a Schema,
    ddl: Ddl,
    parts: Vec<(PieceId, Ddl)>,
    operations: Vec<String>,
}

/// Renders operations for a database, and notes what that touches beside what they do themselves. Rule `unsupported`.
pub(super) fn lower<'s>(
    steps: impl IntoIterator<Item = &'s Step>,
    database: Database,
    footprint: &mut Footprint,
    problems: &mut Problems,
) -> Vec<migrate_history::Step> {
    let mut statements = Vec::new();
    let mut rebuild = false;
    let mut pending = Pending::default();
    for group in groups(steps) {
        if features(database).deferred_checks_block_changes {
            let operation: Text = group.operations.join("\n").into();
            let check = |sql: String| Statement { action: Action::Run, sql: sql.into(), operation: operation.clone() };
            statements.extend(pending.before(database, &group.ddl, group.before).into_iter().map(check));
        }
        match sql::render(database, &group.ddl) {
            Ok(rendered) => {
                rebuild |= rendered.rebuild;
                if let Ddl::AlterTable { name, .. } = &group.ddl
                    && rendered.rebuild
                {
                    footprint.rebuild(group.before, name);
                }
                let operation = group.operations.join("\n");
                let statement =
                    |(action, sql): (Action, String)| Statement { action, sql: sql.into(), operation: operation.clone().into() };
                statements.extend(rendered.statements.into_iter().map(statement));
            }
            Err(unsupported) => report(&group, database, unsupported, problems),
        }
    }
    // A migration without statements is a step all the same: its row in the ledger is what it does.
    vec![migrate_history::Step { rebuild, statements: statements.into() }]
}

/// Joins neighbouring changes of one table.
fn groups<'s>(steps: impl IntoIterator<Item = &'s Step>) -> Vec<Group<'s>> {
    let mut groups: Vec<Group<'s>> = Vec::new();
    for step in steps {
        for ddl in step.operation.lower(&step.before, &step.after) {
            let text = step.operation.to_string();
            match groups.last_mut().filter(|last| joins(&last.ddl, &ddl)) {
                Some(last) => last.add(step.piece, ddl, text),
                None => {
                    let (before, parts) = (&step.before, vec![(step.piece, ddl.clone())]);
                    groups.push(Group { before, ddl, parts, operations: vec![text] });
                }
            }
        }
    }
    groups
}

/// Whether two changes are of one table, so that a database which must rebuild it does so once.
fn joins(earlier: &Ddl, later: &Ddl) -> bool {
    // A rename stands alone: SQLite follows it in other tables only where it renames in place.
    let renames = |changes: &[Change]| changes.iter().any(|change| matches!(change, Change::RenameColumn { .. }));
    let Ddl::AlterTable { name, changes, .. } = earlier else { return false };
    let Ddl::AlterTable { name: next, changes: more, .. } = later else { return false };
    name == next && !renames(changes) && !renames(more) && !reads(more, changes)
}

/// Whether a conversion reads a column that an earlier change made or converted: a rebuild reads the rows of the old table.
fn reads(later: &[Change], earlier: &[Change]) -> bool {
    let using = later.iter().filter_map(|change| if let Change::SetType { using, .. } = change { using.as_ref() } else { None });
    let made = |change: &Change, using: &Expr| matches!(change, Change::AddColumn(column) | Change::SetType { column, .. } if using.may_use(&column.name));
    using.into_iter().any(|using| earlier.iter().any(|change| made(change, using)))
}

impl Group<'_> {
    /// Adds a change that [`joins`] says belongs here.
    fn add(&mut self, piece: PieceId, ddl: Ddl, operation: String) {
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
    problems.at(piece);
    let only = || format!("write `#[only({})]` before the statement where other databases need it", others(database));
    let Unsupported { what, slot, help } = unsupported;
    problems.push(Problem::new("unsupported", slot, what).help_if(help).help(only()));
    problems.at(None);
}

fn others(database: Database) -> String {
    let others: Vec<&str> = Database::ALL.into_iter().filter(|other| *other != database).map(Database::word).collect();
    others.join(", ")
}
