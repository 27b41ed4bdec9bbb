//! A migration of one step for each mode, and for each of what a step may have.

use migrate_history::plan::{Applied, Direction, Goal, Plan, Progress, Target};
use migrate_history::{
    Action, Basis, Calls, Compiled, Cursor, Database, Guard, History, Keeping, KeptObject, KeptPlace, Level, Migration, Mode,
    Notice, Probe, ProgramFunction, Rebuild, Script, Statement, Step, Tally, Text, Version,
};

/// What a step may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extra {
    Nothing,
    /// Questions before the first statement.
    Guards,
    /// A table that is rebuilt.
    Rebuild,
    /// A text that may hold several statements.
    Several,
    /// Data that is kept.
    Keeps,
}

pub(super) const EXTRAS: [Extra; 5] = [Extra::Nothing, Extra::Guards, Extra::Rebuild, Extra::Several, Extra::Keeps];
pub(super) const DIRECTIONS: [Direction; 2] = [Direction::Upgrade, Direction::Downgrade];

pub(super) fn modes() -> [Mode; 7] {
    let program = |calls| Mode::Program { name: "fill".into(), calls };
    let batches = |cursor, next| Mode::Batches { next: Text::Borrowed(next), cursor };
    [
        Mode::Transaction { rebuild: Rebuild::Nothing },
        Mode::Alone,
        batches(Cursor::Text, "the next rows after {after}"),
        batches(Cursor::Key, "the next rows {after? after {after 1} ?}, {rows} at most"),
        program(Calls::Once),
        program(Calls::InBatches),
        program(Calls::Outside),
    ]
}

/// The function, which the recorder answers for.
static PROGRAMS: [ProgramFunction; 3] = [
    ProgramFunction { name: "fill", calls: Calls::Once, function: &() },
    ProgramFunction { name: "fill", calls: Calls::InBatches, function: &() },
    ProgramFunction { name: "fill", calls: Calls::Outside, function: &() },
];

fn statement(action: Action, sql: &str) -> Statement {
    Statement { action, sql: sql.to_owned().into(), operation: format!("sql {sql:?};").into() }
}

fn step(direction: Direction, mode: &Mode, extra: Extra) -> Step {
    let word = direction.word();
    let mut statements = vec![
        statement(Action::Run, &format!("first {word} {{after}}")),
        statement(Action::Run, &format!("second {word} {{upto}}")),
    ];
    let mut step = Step { mode: mode.clone(), ..Step::EMPTY };
    match extra {
        Extra::Nothing => {}
        Extra::Several => statements.push(statement(Action::Run, "third; fourth")),
        Extra::Keeps => {
            let place = |table: &'static str| KeptPlace { schema: Some("s".into()), table: table.into(), column: None };
            let kept = KeptObject { object: "table `t`".into(), place: place("_kept_t"), digest: "00".into() };
            let moved = Keeping::Moved { from: place("_kept_t"), to: KeptPlace { schema: None, ..place("u") } };
            step.keeps = vec![Keeping::Kept(kept), moved, Keeping::Restored(place("u")), Keeping::Dropped(place("v"))].into();
        }
        Extra::Guards => {
            let guard = |name: &str| Guard { query: format!("count {name}").into(), refusal: format!("rows of {name}").into() };
            step.guards = vec![guard("guarded"), guard("guarded too")].into();
            step.notices = vec![Notice { query: "count noticed".into(), finding: "noticed rows".into() }].into();
        }
        Extra::Rebuild => {
            statements.insert(0, statement(Action::Keep, "kept triggers"));
            statements.insert(0, statement(Action::Expect, "CREATE TABLE t (n integer)"));
            statements.push(statement(Action::Restore, "kept triggers"));
            if let Mode::Transaction { rebuild } = &mut step.mode {
                *rebuild = Rebuild::Tables;
            }
        }
    }
    step.statements = if let Mode::Program { .. } = mode { Vec::new() } else { statements }.into();
    if step.mode == Mode::Alone {
        let cleanup = vec![statement(Action::Run, "clean up")].into();
        step.probe = Some(Probe { query: "the probe".into(), cleanup });
    }
    step
}

/// A history with one migration of one step each way.
pub(super) fn history(mode: &Mode, extra: Extra) -> History {
    let script = |database| Script {
        database,
        upgrade: vec![step(Direction::Upgrade, mode, extra)].into(),
        downgrade: vec![step(Direction::Downgrade, mode, extra)].into(),
        drops: match extra {
            Extra::Guards => {
                vec![Tally { query: "count dropped".into(), what: "rows of `t`".into(), reads: Vec::new().into() }].into()
            }
            Extra::Nothing | Extra::Rebuild | Extra::Several | Extra::Keeps => Vec::new().into(),
        },
        moves: Vec::new().into(),
        keep: None,
    };
    let compiled = Compiled {
        message: "What it does.".into(),
        operations: vec!["create table t { n: integer }".into()].into(),
        older: None,
        level: Level::Exact,
        basis: Basis::Proved,
        losses: Vec::new().into(),
        irreversible: None,
        notes: Vec::new().into(),
        scripts: Database::ALL.iter().copied().map(script).collect(),
    };
    let migration: &'static Migration = Box::leak(Box::new(Migration::new("m", Vec::new(), "v1:m", compiled).calling(&PROGRAMS)));
    History::new("tests".into(), Database::ALL.iter().copied().map(Version::oldest).collect(), vec![migration].into())
}

/// What leads over the one migration of a history.
pub(super) fn plan(history: &History, database: Database, direction: Direction) -> Plan {
    let row = Applied {
        revision: "m".into(),
        parents: Vec::new().into(),
        checksum: "v1:m".into(),
        progress: Progress::Complete,
        record: None,
        stored: None,
    };
    let (applied, target) = match direction {
        Direction::Upgrade => (Vec::new(), Target::Head),
        Direction::Downgrade => (vec![row], Target::Base),
    };
    let goal = Goal::resolve(history, &applied, direction, &target).expect("it is there");
    Plan::new(history, database, &applied, &goal).expect("there is a plan")
}
