//! What a plan makes of migrations that were edited or moved, and of what their downgrades drop.

use super::{Applied, Direction, Dropped, Goal, Graph, Plan, PlanError, Progress, Stored, Target};
use crate::{
    ANYTHING, Basis, Compiled, Count, Database, History, Level, List, Migration, Mode, Rebuild, Script, Statement, Step, Tally,
    Text, Version, checksum,
};

/// A migration that makes a table of its own name.
#[derive(Clone, Copy)]
struct Making {
    id: &'static str,
    parents: &'static [&'static str],
    operations: &'static [&'static str],
    undo: &'static str,
    moves: &'static [&'static str],
}

const fn making(id: &'static str, parents: &'static [&'static str]) -> Making {
    Making { id, parents, operations: &["create table"], undo: "inferred", moves: &[] }
}

fn step(sql: &str) -> Step {
    use crate::Action;
    let statement = Statement { action: Action::Run, sql: sql.to_owned().into(), operation: "".into() };
    Step::transaction(Rebuild::Nothing, vec![statement])
}

fn tally(id: &str) -> Tally {
    let what = format!("rows of `{id}`").into();
    Tally { query: format!("SELECT count(*) FROM {id}").into(), what, reads: vec![id.to_owned().into()].into() }
}

fn migration(making: Making) -> &'static Migration {
    let Making { id, parents, operations, undo, moves } = making;
    let script = Script {
        database: Database::Sqlite,
        upgrade: vec![step("up")].into(),
        downgrade: vec![step(undo)].into(),
        drops: vec![tally(id)].into(),
        moves: moves.iter().map(|path| Text::Borrowed(*path)).collect(),
        keep: None,
    };
    let compiled = Compiled {
        message: "".into(),
        operations: operations.iter().map(|one| Text::Borrowed(*one)).collect(),
        older: None,
        level: Level::Exact,
        basis: Basis::Proved,
        losses: List::default(),
        irreversible: None,
        notes: List::default(),
        scripts: vec![script].into(),
    };
    let checksum = checksum(parents, operations, &[undo]);
    Box::leak(Box::new(Migration::new(id, parents, checksum, compiled)))
}

fn history(migrations: &[Making]) -> History {
    let migrations = migrations.iter().map(|one| migration(*one)).collect();
    History::new("edited".into(), vec![Version::oldest(Database::Sqlite)].into(), migrations)
}

/// The ledger after these, with what it stores.
fn applied(migrations: &[Making]) -> Vec<Applied> {
    let row = |migration: &&'static Migration| Applied {
        revision: migration.id.clone(),
        parents: migration.parents.iter().map(|parent| Text::Borrowed(parent)).collect(),
        checksum: migration.checksum().to_owned().into(),
        progress: Progress::Complete,
        record: None,
        stored: Some(Box::new(Stored {
            message: "".into(),
            operations: migration.compiled().operations.clone(),
            level: Level::Exact,
            basis: Basis::Proved,
            losses: List::default(),
            irreversible: None,
            notes: List::default(),
            upgrade: None,
            begun: None,
            downgrade: vec![step("stored")].into(),
            drops: Some(vec![tally(&migration.id)].into()),
            moves: List::default(),
        })),
    };
    history(migrations).migrations.iter().map(row).collect()
}

fn plan(history: &History, applied: &[Applied], direction: Direction, target: &str) -> Result<Plan, PlanError> {
    let target = Target::parse(target).expect("it is a target");
    let goal = Goal::resolve(history, applied, direction, &target)?;
    Plan::new(history, Database::Sqlite, applied, &goal)
}

/// The first statement of each downgrade.
fn statements(plan: &Plan) -> Vec<String> {
    plan.migrations.iter().map(|planned| format!("{} {}", planned.revision, planned.steps[0].statements[0].sql)).collect()
}

const TWO: [Making; 2] = [making("a", &[]), making("b", &["a"])];

#[test]
fn an_edited_downgrade_stops_nothing_and_the_edited_one_runs() {
    let edited = [TWO[0], Making { undo: "edited", ..TWO[1] }, making("c", &["b"])];
    let (history, rows) = (history(&edited), applied(&TWO));
    assert!(!rows[1].needs_stored(history.migrations.get(1).copied()));
    let up = plan(&history, &rows, Direction::Upgrade, "head").expect("it is not refused");
    assert_eq!(up.migrations.len(), 1);
    let [note] = &*up.notes else { panic!("one note: {:?}", up.notes) };
    assert!(note.starts_with("the downgrade of `b` was edited after it was applied; a downgrade runs the edited one"), "{note}");
    let down = plan(&history, &rows, Direction::Downgrade, "-1").expect("it can be undone");
    assert_eq!(statements(&down), ["b edited"]);
    assert_eq!((&*down.migrations[0].notes[0], down.notes.len()), (&**note, 0), "it is said once");
}

#[test]
fn a_downgrade_that_has_begun_goes_on_as_it_began() {
    let history = history(&[TWO[0], Making { undo: "edited", ..TWO[1] }]);
    let mut rows = applied(&TWO);
    rows[1].progress = Progress::Downgrading { step: 1, steps: 2 };
    let down = plan(&history, &rows, Direction::Downgrade, "a").expect("it can be undone");
    assert_eq!(statements(&down), ["b stored"]);
    assert!(!down.needs_consent(), "it was agreed to when it began");
}

#[test]
fn an_upgrade_that_has_begun_goes_on_as_it_began() {
    let history = history(&TWO);
    let mut rows = applied(&TWO);
    rows[1].progress = Progress::Upgrading { step: 1, steps: 2 };
    let steps =
        |rows: &[Applied]| plan(&history, rows, Direction::Upgrade, "head").expect("it goes on").migrations[0].steps.clone();
    assert_eq!(&*steps(&rows), [step("up")], "an older version has kept nothing");
    let begun = vec![step("begun"), step("left")];
    if let Some(stored) = rows[1].stored.as_mut() {
        stored.upgrade = Some(begun.clone().into());
    }
    assert_eq!(&*steps(&rows), begun);
}

#[test]
fn a_step_of_an_unknown_mode_is_listed_and_not_run() {
    let history = history(&TWO[..1]);
    let mut rows = applied(&TWO);
    let mode = Mode::Unknown { name: "shadow".into(), details: "".into() };
    let unknown = Step { id: "2".into(), mode, ..Step::EMPTY };
    if let Some(stored) = rows[1].stored.as_mut() {
        stored.downgrade = vec![step("stored"), unknown].into();
    }
    let error = plan(&history, &rows, Direction::Downgrade, "a").expect_err("a newer version has stored it");
    assert_eq!(
        error.to_string(),
        "step 2 of `b` has the mode `shadow`, which this program does not support\nhelp: run a newer version of the program"
    );
    assert_eq!(error.revision(), Some("b"));
    // What is not to be run stops nothing.
    assert!(plan(&history, &rows[..1], Direction::Downgrade, "base").is_ok());
}

#[test]
fn another_parent_is_told_from_other_operations() {
    let three = [TWO[0], TWO[1], making("c", &["a"])];
    let moved = [TWO[0], TWO[1], making("c", &["b"])];
    let refused =
        |edited: &[Making]| plan(&history(edited), &applied(&three), Direction::Upgrade, "c").expect_err("refused").to_string();
    assert_eq!(
        refused(&moved),
        "a migration was edited after being applied here:\n`c` was applied after `a`; the code puts it after `b`\n\
         help: write `after super::a` again; or `downgrade` to before it, which runs the downgrade that the ledger keeps, and `upgrade` again"
    );
    let both = refused(&[TWO[0], TWO[1], Making { operations: &["create view"], ..moved[2] }]);
    assert!(
        both.contains(
            "`c` was applied after `a`; the code puts it after `b` (- applied, + in the code):\n  - create table\n  + create view"
        ),
        "{both}"
    );
    let rootless = refused(&[TWO[0], TWO[1], making("c", &[])]);
    assert!(rootless.contains("the code puts it after no parent"), "{rootless}");
}

#[test]
fn what_was_applied_after_other_parents_is_undone_before_them() {
    // Applied as a, c, b; the code says a, b, c.
    let before = [TWO[0], making("c", &["a"]), making("b", &["c"])];
    let now = [TWO[0], TWO[1], making("c", &["b"])];
    let down = plan(&history(&now), &applied(&before), Direction::Downgrade, "base").expect("it can be undone");
    assert_eq!(statements(&down), ["b stored", "c stored", "a inferred"]);
    let graph = Graph::with_applied(&history(&now), &applied(&before)).expect("it has an order");
    assert_eq!(graph.heads(), ["b"]);
}

#[test]
fn a_row_of_an_older_version_is_known_by_its_operations() {
    let older = |operations: &str| {
        format!(
            "v1:{}",
            hmac_sha256::Hash::hash(operations.as_bytes()).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
        )
    };
    let edited = history(&[TWO[0], Making { undo: "edited", ..TWO[1] }]);
    let mut rows = applied(&TWO);
    rows.iter_mut().for_each(|row| row.checksum = older("create table").into());
    assert!(super::is_at_head(&edited, Database::Sqlite, &rows), "of the downgrade it says nothing");
    rows[1].checksum = older("create view").into();
    assert!(matches!(plan(&edited, &rows, Direction::Upgrade, "head"), Err(PlanError::Changed { .. })));
}

#[test]
fn what_an_older_row_does_not_count_needs_consent() {
    let mut rows = applied(&TWO);
    rows[1].stored.iter_mut().for_each(|stored| stored.drops = None);
    let down = plan(&history(&TWO[..1]), &rows, Direction::Downgrade, "a").expect("it can be undone");
    assert!(down.needs_consent());
    let [lost] = &*down.migrations[0].lost() else { panic!("one thing") };
    assert!(lost.starts_with("the rows and values of what it made, not counted: the ledger's row was written by"), "{lost}");
    rows[1].stored.iter_mut().for_each(|stored| stored.downgrade = List::default());
    let down = plan(&history(&TWO[..1]), &rows, Direction::Downgrade, "a").expect("it can be undone");
    assert!(!down.needs_consent(), "it does nothing");
}

#[test]
fn what_an_earlier_downgrade_of_the_run_moves_is_counted_after_it() {
    let counts = |moves: &'static [&'static str]| {
        let history = history(&[TWO[0], Making { moves, ..TWO[1] }]);
        let down = plan(&history, &applied(&[TWO[0], Making { moves, ..TWO[1] }]), Direction::Downgrade, "base").expect("a plan");
        down.migrations.iter().flat_map(|planned| &planned.drops).map(|dropped| dropped.count.clone()).collect::<Vec<_>>()
    };
    assert_eq!(counts(&["x"]), [Count::NotAsked, Count::NotAsked]);
    assert_eq!(counts(&["a"]), [Count::NotAsked, Count::After("b".into())]);
    assert_eq!(counts(&[ANYTHING]), [Count::NotAsked, Count::After("b".into())]);
}

#[test]
fn who_agreed_to_something_has_not_agreed_to_what_was_nothing() {
    let mut agreed = plan(&history(&TWO), &applied(&TWO), Direction::Downgrade, "-1").expect("a plan");
    let unsaid = |agreed: &Plan, count: Count| agreed.unsaid("b", &[Dropped { tally: tally("b"), count }]);
    assert_eq!(unsaid(&agreed, Count::Of(3)), ["3 rows of `b`"], "nobody counted");
    agreed.migrations[0].drops[0].count = Count::Of(0);
    assert!(!agreed.needs_consent());
    assert_eq!(unsaid(&agreed, Count::Of(1)), ["1 row of `b`"]);
    assert_eq!(unsaid(&agreed, Count::Of(0)), Vec::<String>::new());
    agreed.migrations[0].drops[0].count = Count::Of(1);
    assert!(agreed.needs_consent());
    assert_eq!(unsaid(&agreed, Count::More), Vec::<String>::new(), "that the table is lost was agreed to, not a number");
    agreed.migrations[0].drops[0].count = Count::After("c".into());
    assert_eq!(unsaid(&agreed, Count::Of(1)), Vec::<String>::new());
    assert_eq!(unsaid(&agreed.agreeing_to_nothing_uncounted(), Count::Of(1)), ["1 row of `b`"]);
}

#[test]
fn a_gap_in_the_ledger_stops_both_directions() {
    let three = [TWO[0], TWO[1], making("c", &["b"])];
    let mut rows = applied(&three);
    rows.remove(1);
    let gap = "the ledger has a gap: `c` is applied, and `b` before it is not\n\
               note: the row of `b` was deleted from `migrate_ledger`\n\
               help: restore the row from a backup";
    let known =
        format!("{gap}; or run the script of `upgrade --sql a:b`, without those of its statements that the schema has already");
    for (direction, target) in
        [(Direction::Upgrade, "head"), (Direction::Downgrade, "-1"), (Direction::Downgrade, "a"), (Direction::Downgrade, "base")]
    {
        assert_eq!(
            plan(&history(&three), &rows, direction, target).expect_err("a gap").to_string(),
            known,
            "{direction} {target}"
        );
    }
    let unknown = plan(&history(&three[..1]), &rows, Direction::Downgrade, "a").expect_err("a gap").to_string();
    assert_eq!(unknown, gap, "a program that knows neither has no script");
}

#[test]
fn a_migration_that_was_written_later_is_no_gap() {
    let later = [TWO[0], TWO[1], making("c", &["b"])];
    let mut rows = applied(&[TWO[0], making("c", &["a"])]);
    // A checksum that does not depend on the parents.
    rows[1].checksum = crate::older(&["create table"]).into();
    assert_eq!(super::after_missing(&history(&later), &rows).into_iter().collect::<Vec<_>>(), ["c"]);
    assert!(matches!(plan(&history(&later), &rows, Direction::Upgrade, "head"), Err(PlanError::Late { .. })));
    let down = plan(&history(&later), &rows, Direction::Downgrade, "a").expect("it can be undone");
    assert_eq!(statements(&down), ["c inferred"]);
}

#[test]
fn another_checksum_of_the_same_operations_has_a_way_out() {
    let mut rows = applied(&TWO);
    rows[1].checksum = "v3:it's new".into();
    let refused = plan(&history(&TWO), &rows, Direction::Upgrade, "head").expect_err("refused").to_string();
    let written = &history(&TWO).migrations[1].checksum();
    assert_eq!(
        refused,
        format!(
            "a migration was edited after being applied here:\n\
             `b` has the operations and parents that were applied, and another checksum: v3:it's new in the ledger, {written} in the \
             code\nhelp: record the checksum of the code: `UPDATE migrate_ledger SET checksum = '{written}' WHERE revision = 'b' \
             AND checksum = 'v3:it''s new'`"
        )
    );
}

/// How the upgrade to the head is refused.
fn refused(code: &[Making], rows: &[Applied]) -> String {
    let error = plan(&history(code), rows, Direction::Upgrade, "head").expect_err("it is refused");
    let switch = Goal::resolve(&history(code), rows, Direction::Downgrade, &Target::Shared);
    assert_eq!(switch.is_err(), matches!(error, PlanError::Renamed { .. }), "a switch would undo what was only renamed");
    error.to_string()
}

#[test]
fn a_renamed_module_is_recognized_also_below_others() {
    let code = |b: &'static str, after_b: &'static [&'static str]| [TWO[0], Making { id: b, ..TWO[1] }, making("c", after_b)];
    let rows = applied(&code("b", &["b"]));
    let renamed = "`b` was renamed after it was applied here\nnote: `named` has the same statements as `b`, after the same parents\n\
                   help: write `revision \"b\";` in `named`, or name its module `b` again";
    assert_eq!(refused(&code("named", &["named"]), &rows), renamed);
    assert_eq!(refused(&code("named", &["named"]), &rows[..2]), renamed, "with a pending one after it");
    let all = [Making { id: "first", ..TWO[0] }, Making { id: "named", parents: &["first"], ..TWO[1] }, making("c", &["named"])];
    assert!(refused(&all, &rows).starts_with("`a` and `b` were renamed after they were applied here\nnote: `first` has"));
    let reworded = [TWO[0], Making { id: "named", undo: "edited", ..TWO[1] }];
    assert_eq!(refused(&reworded, &rows[..2]), renamed, "an edited downgrade is no other migration");
}

#[test]
fn another_migration_under_another_name_is_not_a_renamed_one() {
    let rows = applied(&TWO);
    let edited = [TWO[0], Making { id: "named", operations: &["create another table"], ..TWO[1] }];
    assert!(refused(&edited, &rows).starts_with("the database is ahead of the code"));
    let moved = [TWO[0], making("other", &["a"]), Making { id: "named", parents: &["other"], ..TWO[1] }];
    let first_alone = refused(&moved, &rows);
    assert!(first_alone.contains("`other` has the same statements as `b`"), "{first_alone}");
    let twice = [TWO[0], Making { id: "named", operations: &["create another table"], ..TWO[1] }, making("last", &["named"])];
    assert!(refused(&twice, &rows).starts_with("the database is ahead of the code"));
}
