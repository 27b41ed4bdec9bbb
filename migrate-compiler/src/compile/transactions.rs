//! Which statements of a migration are one transaction.

use std::collections::BTreeSet;

use migrate_history::{Action, Database, Keeping, List, Mode, Rebuild, Statement, Step, Text, Touches};

use crate::compile::around::Around;
use crate::compile::follow::KeyUse;
use crate::compile::keeping::follow;
use crate::compile::strategy::{Site, Stage};
use crate::compile::touched::under_earlier_names;
use crate::ddl::{Change, Ddl};
use crate::name::Name;
use crate::raw::{self, RawWeight};
use crate::rows::{ChangedRows, RowChange};
use crate::sql::registry::features;
use crate::sql::{OnlineStep, Rendered, raw_text};

/// What a transaction holds so that others wait for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Held {
    /// A table that others use.
    Table(Name),
    /// Rows, or whatever raw SQL holds.
    Unread,
}

/// A stage of the operation at a place among those of a direction.
#[derive(Clone)]
pub(super) struct PlacedStage {
    pub place: usize,
    pub stage: Stage,
}

/// A step, and what is done in it.
pub(super) struct Lowered {
    pub step: Step,
    pub parts: Vec<PlacedStage>,
}

/// The steps so far, and the transaction that is open.
#[derive(Default)]
pub(super) struct Transactions {
    done: Vec<Lowered>,
    /// What is done in it.
    parts: Vec<PlacedStage>,
    statements: Vec<Statement>,
    /// The same, so that new values of enums can be used before the COMMIT.
    at_once: Vec<Statement>,
    rebuild: Rebuild,
    keys: KeyUse,
    held: BTreeSet<Held>,
    touches: Touches,
    /// What it does with data that is kept.
    keeps: Vec<Keeping>,
    /// The tables that got another name in it: that name, and the one before it.
    renamed: Vec<[Name; 2]>,
}

impl Transactions {
    /// Ends the transaction that is open where others would wait for a table while the next change holds another one, or while raw SQL
    /// works on rows. After raw SQL a table is held only for the rest of the transaction.
    pub fn part(&mut self, held: &BTreeSet<Held>) -> Parted {
        let holds_table = self.held.iter().any(|one| *one != Held::Unread);
        let parts = holds_table && held.iter().any(|one| !self.held.contains(one) || *one == Held::Unread);
        let parted = if parts { self.end() } else { Parted::No };
        self.held.extend(held.iter().cloned());
        parted
    }

    /// What the transaction that is open makes of foreign keys.
    pub fn keys(&self) -> KeyUse {
        self.keys
    }

    /// Takes note of what comes next in it.
    pub fn use_keys(&mut self, keys: KeyUse) {
        self.keys = self.keys.and(keys);
    }

    /// Adds statements to the transaction that is open.
    pub fn add(&mut self, statements: impl IntoIterator<Item = Statement>, rebuild: Rebuild) {
        let known = self.statements.len();
        self.statements.extend(statements);
        self.at_once.extend(self.statements[known..].iter().cloned());
        self.rebuild = self.rebuild.and(rebuild);
    }

    /// Takes note of what the transaction that is open touches. A table is called as it was before it.
    pub fn touch(&mut self, touches: Touches) {
        self.touches.add(under_earlier_names(touches, &self.renamed));
    }

    /// Takes note of what the transaction that is open does with data that is kept.
    pub fn keep(&mut self, keeps: &[Keeping]) {
        keeps.iter().for_each(|keeping| follow(&mut self.keeps, keeping));
    }

    /// Takes note of another name of a table.
    pub fn rename(&mut self, from: &Name, to: &Name) {
        let earlier = self.renamed.iter().find(|[name, _]| name == from).map_or(from, |[_, earlier]| earlier).clone();
        self.renamed.retain(|[name, _]| name != from);
        self.renamed.push([to.clone(), earlier]);
    }

    /// Adds statements that do the same in two ways: the second lets new values of enums be used before the COMMIT.
    pub fn add_either(&mut self, statements: impl IntoIterator<Item = Statement>, at_once: impl IntoIterator<Item = Statement>) {
        self.statements.extend(statements);
        self.at_once.extend(at_once);
    }

    /// Ends the transaction that is open, since what comes next uses its new values of enums.
    pub fn end_with_values(&mut self) {
        let at_once = std::mem::take(&mut self.at_once);
        if self.end() == Parted::Yes {
            self.done.iter_mut().last().into_iter().for_each(|last| last.step.plain = at_once.clone().into());
        }
    }

    /// Takes note of what is done in the transaction that is open, or in the next one.
    pub fn note(&mut self, parts: impl IntoIterator<Item = PlacedStage>) {
        self.parts.extend(parts);
    }

    /// Adds a step of its own, with what comes around its statements as they are and in a transaction.
    pub fn step(
        &mut self,
        step: OnlineStep,
        operation: &Text,
        [around, inside]: [Around; 2],
        (parts, touches): (Vec<PlacedStage>, Touches),
    ) {
        self.end();
        self.note(parts);
        let statement = |sql: String| statement(Action::Run, sql, operation);
        let plain: List<Statement> = inside.statements(step.plain.into_iter().map(statement)).into();
        let statements = around.statements(step.statements.into_iter().map(statement)).into();
        self.push(Step { mode: step.mode, statements, probe: step.probe, plain, touches, ..Step::EMPTY });
    }

    /// Adds a step that calls a function of the program.
    pub fn program(&mut self, mode: Mode, (parts, touches): (Vec<PlacedStage>, Touches)) {
        self.end();
        self.note(parts);
        self.push(Step { mode, touches, ..Step::EMPTY });
    }

    /// Ends the transaction that is open.
    pub fn end(&mut self) -> Parted {
        self.held.clear();
        self.keys = KeyUse::None;
        self.at_once.clear();
        self.renamed.clear();
        let touches = std::mem::take(&mut self.touches);
        let keeps = std::mem::take(&mut self.keeps).into();
        if self.statements.is_empty() {
            return Parted::No;
        }
        let (rebuild, statements) = (std::mem::take(&mut self.rebuild), std::mem::take(&mut self.statements));
        self.push(Step { touches, keeps, ..Step::transaction(rebuild, statements) });
        Parted::Yes
    }

    fn push(&mut self, step: Step) {
        let id = (self.done.len() + 1).to_string().into();
        self.done.push(Lowered { step: Step { id, ..step }, parts: std::mem::take(&mut self.parts) });
    }

    /// All steps. A migration without statements is a step all the same: its row in the ledger is what it does.
    pub fn steps(mut self) -> Vec<Lowered> {
        self.end();
        if self.done.is_empty() {
            self.push(Step { mode: Mode::Transaction { rebuild: Rebuild::Nothing }, ..Step::EMPTY });
        }
        self.done
    }
}

/// Whether what comes next is in another transaction than what came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parted {
    Yes,
    No,
}

/// A statement of an operation.
pub(super) fn statement(action: Action, sql: String, operation: &Text) -> Statement {
    Statement { action, sql: sql.into(), operation: operation.clone() }
}

/// The statements of a change that is rendered.
pub(super) fn statements(rendered: Rendered, operation: &Text) -> impl Iterator<Item = Statement> {
    rendered.statements.into_iter().map(|(action, sql)| statement(action, sql, operation))
}

/// What a change holds until the COMMIT, where that makes others wait.
pub(super) fn held(site: Site<'_>, stage: &Stage) -> BTreeSet<Held> {
    let Stage::Joined(ddl) = stage else { return BTreeSet::new() };
    if !features(site.database).changes_online {
        return BTreeSet::new();
    }
    let tables: Vec<&Name> = match ddl {
        Ddl::AlterTable { changes, .. } if changes.iter().all(is_light) => Vec::new(),
        Ddl::AlterTable { name, .. } | Ddl::DropTable { name } | Ddl::RenameTable { from: name, .. } => vec![name],
        Ddl::CreateTable { table, .. } => {
            table.constraints.iter().filter_map(|one| one.foreign_key()).map(|key| &key.table).collect()
        }
        Ddl::CreateIndex { table, .. } | Ddl::DropIndex { table, .. } => vec![table],
        Ddl::AlterEnum(_) | Ddl::RenameIndex { .. } | Ddl::Object { .. } | Ddl::Program { .. } => Vec::new(),
        // A row that is changed is locked until the COMMIT; a table that is emptied at once is locked as a whole.
        Ddl::Rows(ChangedRows { table, change: RowChange::Truncate, .. }) => vec![table],
        // The rows that a migration names itself are few. Whatever else is done with rows, in a new table too, takes the longer, the more there are.
        Ddl::Rows(ChangedRows { table, change: RowChange::Insert { .. }, .. }) if !site.is_used(table) => Vec::new(),
        Ddl::Rows(_) => return BTreeSet::from([Held::Unread]),
        Ddl::Raw { texts } => return held_by_raw(site, texts),
    };
    tables.into_iter().filter(|table| site.is_used(table)).cloned().map(Held::Table).collect()
}

/// What raw SQL holds: what it does to rows is unknown, and the tables that it alters are those that it names.
fn held_by_raw(site: Site<'_>, texts: &[(Option<Database>, String)]) -> BTreeSet<Held> {
    let Some(text) = raw_text(site.database, texts) else { return BTreeSet::new() };
    let held = match raw::weight(text, site.database) {
        RawWeight::Light => return BTreeSet::new(),
        RawWeight::Rows => Vec::new(),
        RawWeight::Locks => site.before.tables().named_in(text).into_iter().collect(),
    };
    let held = held.into_iter().filter(|table| site.is_used(table)).cloned().map(Held::Table);
    held.chain([Held::Unread]).collect()
}

/// Whether a change lets everybody read and write.
fn is_light(change: &Change) -> bool {
    matches!(change, Change::Comment(..) | Change::CommentTable(_))
}
