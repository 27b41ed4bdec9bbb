//! From operations to the statements of one database.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use migrate_history::sql::Need;
use migrate_history::{Action, Database, Keeping, Mode, Rebuild, Step, Text, Touches, Version};

use crate::compile::added;
use crate::compile::around::Around;
use crate::compile::commit::AddedValues;
use crate::compile::follow::KeyUse;
use crate::compile::join::joins;
use crate::compile::keeping::keeping;
use crate::compile::newer::{needs, newer};
use crate::compile::pending::Pending;
use crate::compile::planned::{PlannedStage, planned};
use crate::compile::strategy::{Site, Stage};
use crate::compile::touched::{rebuilt, touched};
use crate::compile::transactions::{Held, Lowered, Parted, PlacedStage, Transactions, statement, statements};
use crate::compile::{refer, replaced_key};
use crate::ddl::Ddl;
use crate::footprint::Footprint;
use crate::name::Name;
use crate::problem::{PieceId, Problem, Problems};
use crate::schema::Schema;
use crate::session_setting::SessionSetting;
use crate::sql::registry::features;
use crate::sql::{self, Unsupported};
use crate::state::Settings;
use crate::transition::Transition;

/// How statements run that share a transaction.
const IN_TRANSACTION: Mode = Mode::Transaction { rebuild: Rebuild::Nothing };

/// Changes that are rendered together, and the operations that they came from.
pub(super) struct ChangeGroup<'a> {
    /// The schema before the first of them.
    before: &'a Schema,
    /// The settings of the session that they have to themselves.
    settings: &'a [SessionSetting],
    stage: Stage,
    /// What they hold so that others wait.
    held: BTreeSet<Held>,
    /// What they do to tables that others use.
    touches: Touches,
    /// The places of the operations among the steps.
    pub places: Range<usize>,
    parts: Vec<(PieceId, PlacedStage)>,
    operations: Vec<String>,
    /// What checks the rows afterwards.
    checks: Vec<String>,
    /// What they do with data that is kept.
    keeps: Vec<Keeping>,
}

/// Renders operations for a database as the steps in which they run, and notes what they touch in addition.
/// Rules `unsupported` and `server_version`.
pub(super) fn lower<'s>(
    steps: impl IntoIterator<Item = &'s Transition>,
    (database, settings): (Database, &Settings),
    footprint: &mut Footprint,
    problems: &mut Problems,
) -> Vec<Lowered> {
    let steps: Vec<&Transition> = steps.into_iter().collect();
    let server = settings.oldest(database);
    let mut lowering = Lowering { transactions: Transactions::default(), pending: Pending::default(), server };
    let mut added = AddedValues::of(server);
    for group in groups(&steps, database) {
        if added.are_used_by(&steps[group.places.clone()]) {
            lowering.transactions.end_with_values();
            lowering.commit();
        }
        match lowering.add(&group, footprint) {
            Ok(needs) if needs.is_empty() => {}
            Ok(_) => report_newer(&group, server, settings, problems),
            Err(unsupported) => report(&group, database, unsupported, problems),
        }
    }
    lowering.transactions.steps()
}

/// Renders stages as steps, each of its own; `None` where the database cannot do one.
pub(super) fn each_apart(stages: &[Stage], operation: &Text, site: Site<'_>) -> Option<Vec<Step>> {
    let mut transactions = Transactions::default();
    for stage in stages {
        let touches = touched(site, stage);
        match stage {
            Stage::Online(online) => {
                let step = sql::online(site.database, online).ok()?;
                transactions.step(step, operation, Default::default(), (Vec::new(), touches));
            }
            Stage::Program(_, mode) => transactions.program(mode.clone(), (Vec::new(), touches)),
            Stage::Joined(ddl) | Stage::Apart(ddl) => {
                let rendered = sql::render(site.database, ddl).ok()?;
                let rebuild = rendered.rebuild;
                transactions.touch(touches);
                transactions.add(statements(rendered, operation), rebuild);
                transactions.end();
            }
        }
    }
    let steps = if stages.is_empty() { Vec::new() } else { transactions.steps() };
    Some(steps.into_iter().map(|one| one.step).collect())
}

/// The steps of a database so far.
struct Lowering {
    transactions: Transactions,
    pending: Pending,
    /// The oldest one that is supported.
    server: Version,
}

impl Lowering {
    /// Ends the transaction. Its deferred checks are made by then.
    fn commit(&mut self) {
        self.transactions.end();
        self.pending = Pending::default();
    }

    /// Adds the statements of a group; what of them the server does not have.
    fn add(&mut self, group: &ChangeGroup<'_>, footprint: &mut Footprint) -> Result<Vec<Need>, Unsupported> {
        let operation: Text = group.operations.join("\n").into();
        match &group.stage {
            Stage::Online(online) => {
                let step = sql::online(self.server.database, online)?;
                let needs = needs(self.server, step.statements.iter().chain(&step.plain));
                self.commit();
                let around = |mode: &Mode| Around::of(self.server.database, group.settings, mode, &operation);
                let around = [around(&step.mode), around(&IN_TRANSACTION)];
                self.transactions.step(step, &operation, around, (group.noted(), group.touches.clone()));
                Ok(needs)
            }
            Stage::Program(_, mode) => {
                self.commit();
                self.transactions.program(mode.clone(), (group.noted(), group.touches.clone()));
                Ok(Vec::new())
            }
            Stage::Apart(ddl) => {
                self.commit();
                let needs = self.change(group, ddl, &operation, footprint)?;
                self.commit();
                Ok(needs)
            }
            Stage::Joined(ddl) => self.change(group, ddl, &operation, footprint),
        }
    }

    /// A change in the transaction that is open, or in the next one.
    fn change(
        &mut self,
        group: &ChangeGroup<'_>,
        ddl: &Ddl,
        operation: &Text,
        footprint: &mut Footprint,
    ) -> Result<Vec<Need>, Unsupported> {
        let (before, database) = (group.before, self.server.database);
        if !self.pending.waits() && self.transactions.part(&group.held) == Parted::Yes {
            self.pending = Pending::default();
        }
        if features(database).deferred_checks_block_changes {
            let checks = self.pending.before(database, ddl, before).into_iter();
            self.transactions.add(checks.map(|sql| statement(Action::Run, sql, operation)), Rebuild::Nothing);
        }
        self.transactions.keep(&group.keeps);
        let rendered = sql::render(database, ddl)?;
        let rebuild = rendered.rebuild;
        let needs = needs(self.server, rendered.statements.iter().map(|(_, sql)| sql));
        let keys = KeyUse::of(ddl, rebuild, before);
        if self.transactions.keys().parts(keys) {
            self.commit();
        }
        self.transactions.use_keys(keys);
        let rebuilds = if rebuild == Rebuild::Tables { altered(ddl) } else { Vec::new() };
        rebuilds.iter().for_each(|table| footprint.rebuild(before, table));
        self.transactions.note(group.noted());
        self.transactions.touch(rebuilt(group.touches.clone(), &rebuilds));
        if let Ddl::RenameTable { from, to } = ddl {
            self.transactions.rename(from, to);
        }
        let around = Around::of(database, group.settings, &IN_TRANSACTION, operation);
        if let Some(at_once) = sql::values_at_once(database, ddl) {
            let at_once = around.statements(statements(at_once?, operation));
            self.transactions.add_either(around.statements(statements(rendered, operation)), at_once);
            return Ok(needs);
        }
        let added = if rebuild == Rebuild::Nothing { added::checks(ddl, self.server) } else { Vec::new() };
        let checks = group.checks.iter().cloned().chain(added).map(|sql| statement(Action::Run, sql, operation));
        self.transactions.add(around.statements(statements(rendered, operation).chain(checks)), rebuild);
        Ok(needs)
    }
}

/// The tables that a change alters.
fn altered(ddl: &Ddl) -> Vec<&Name> {
    match ddl {
        Ddl::AlterTable { name, .. } => vec![name],
        Ddl::AlterEnum(altered) => altered.tables.iter().map(|table| &table.name).collect(),
        Ddl::CreateTable { .. } | Ddl::DropTable { .. } | Ddl::RenameTable { .. } | Ddl::Raw { .. } => Vec::new(),
        Ddl::CreateIndex { .. } | Ddl::DropIndex { .. } | Ddl::RenameIndex { .. } => Vec::new(),
        Ddl::Object { .. } | Ddl::Program { .. } | Ddl::Rows(_) => Vec::new(),
    }
}

/// Joins neighbouring changes of one table.
fn groups<'s>(steps: &[&'s Transition], database: Database) -> Vec<ChangeGroup<'s>> {
    let mut groups: Vec<ChangeGroup<'s>> = Vec::new();
    let checked = refer::checked(steps);
    let mut planned = planned(steps, database);
    replaced_key::built_first(&mut planned, steps);
    for (place, (step, stages)) in steps.iter().zip(planned).enumerate() {
        for one in stages {
            match groups.last_mut().filter(|last| last.takes(&one.stage, &step.settings)) {
                Some(last) => last.add(place, one),
                None => groups.push(ChangeGroup::new(place, step, one)),
            }
        }
        if let Some(group) = groups.last_mut().filter(|_| place < checked) {
            group.checks.extend(refer::checks(step, database));
        }
        if let Some(group) = groups.last_mut() {
            group.keeps.extend(keeping(step));
        }
    }
    groups
}

impl<'a> ChangeGroup<'a> {
    fn new(place: usize, step: &'a Transition, first: PlannedStage) -> ChangeGroup<'a> {
        let PlannedStage { stage, held, touches, operations, parts } = first;
        ChangeGroup {
            before: &step.before,
            settings: &step.settings,
            stage,
            held,
            touches,
            places: place..place + 1,
            parts,
            operations,
            checks: Vec::new(),
            keeps: Vec::new(),
        }
    }

    /// Whether a change is made together with these.
    fn takes(&self, stage: &Stage, settings: &[SessionSetting]) -> bool {
        self.settings == settings
            && matches!((&self.stage, stage), (Stage::Joined(one), Stage::Joined(other)) if joins(one, other))
    }

    /// What is done, for who asks what a step has done.
    fn noted(&self) -> Vec<PlacedStage> {
        self.parts.iter().map(|(_, part)| part.clone()).collect()
    }

    /// Adds a change that [`joins`] says belongs here.
    fn add(&mut self, place: usize, one: PlannedStage) {
        self.places.end = place + 1;
        if let (
            Stage::Joined(Ddl::AlterTable { after, changes, .. }),
            Stage::Joined(Ddl::AlterTable { after: end, changes: more, .. }),
        ) = (&mut self.stage, &one.stage)
        {
            *after = Arc::clone(end);
            changes.extend(more.iter().cloned());
        }
        self.touches.add(one.touches);
        self.parts.extend(one.parts);
        let known = self.operations.last().cloned();
        self.operations.extend(one.operations.into_iter().filter(|operation| Some(operation) != known.as_ref()));
    }
}

/// Renders one stage.
fn rendered(database: Database, stage: &Stage) -> Result<(), Unsupported> {
    match stage {
        Stage::Joined(ddl) | Stage::Apart(ddl) => sql::render(database, ddl).map(drop),
        Stage::Online(online) => sql::online(database, online).map(drop),
        Stage::Program(..) => Ok(()),
    }
}

/// Says what the servers of the history do not all have, at each change of the group that requires it.
fn report_newer(group: &ChangeGroup<'_>, server: Version, settings: &Settings, problems: &mut Problems) {
    for (piece, part) in &group.parts {
        let found = newer(&part.stage, server, settings).into_iter();
        found.for_each(|problem| problems.push(Problem { piece: Some(*piece), ..problem }));
    }
}

/// Says what the database cannot do, at the one change of the group that it cannot do.
fn report(group: &ChangeGroup<'_>, database: Database, unsupported: Unsupported, problems: &mut Problems) {
    let culprit = group.parts.iter().find_map(|(piece, part)| Some((*piece, rendered(database, &part.stage).err()?)));
    let first = group.parts.first().map(|(piece, _)| *piece);
    let (piece, unsupported) = culprit.map_or((first, unsupported), |(piece, unsupported)| (Some(piece), unsupported));
    let only = || format!("write `#[only({})]` before the statement", others(database));
    let Unsupported { what, slot, help } = unsupported;
    let problem = Problem { piece, ..Problem::new("unsupported", slot, what).help_if(help).help(only()) };
    problems.push(problem);
}

fn others(database: Database) -> String {
    let others: Vec<&str> = Database::ALL.iter().copied().filter(|other| *other != database).map(Database::word).collect();
    others.join(", ")
}
