//! What is stored is read back.

use migrate_history::{Calls, Cursor};

use super::*;

fn statement(action: Action, sql: &'static str) -> Statement {
    Statement { action, sql: sql.into(), operation: "alter table t { drop c; }".into() }
}

fn tally() -> Tally {
    Tally { query: "SELECT 1".into(), what: "rows of `t`".into(), reads: vec!["t".into()].into() }
}

#[test]
fn what_is_written_is_read_back() {
    let statements = vec![
        statement(Action::Set, "SELECT set_config('work_mem', '1GB', false)"),
        statement(Action::Load, "INSERT INTO t SELECT {rows of a.csv}"),
        statement(Action::Expect, "CREATE TABLE t (c)"),
        statement(Action::Keep, "SELECT 'ü \\ \"'"),
        statement(Action::Run, "DROP\nTABLE t"),
        statement(Action::Restore, "SELECT 1"),
    ];
    let guards = vec![Guard { query: "SELECT count(*) FROM t".into(), refusal: "rows of `t` are null".into() }];
    let notices = vec![Notice { query: "SELECT count(*) FROM u".into(), finding: "rows of `u`".into() }];
    let probe = Probe { query: "SELECT 'half'".into(), cleanup: vec![statement(Action::Run, "DROP INDEX i")].into() };
    let table = |schema, lock, work| Touched { schema, table: "t".into(), lock, work };
    let tables = vec![table(None, Lock::RowShare, Work::Scan), table(Some("s".into()), Lock::File, Work::Rewrite)].into();
    let touches = Touches { tables, rest: Rest::RawSql };
    let place = |column: Option<&'static str>| KeptPlace { schema: None, table: "t".into(), column: column.map(Text::from) };
    let kept = KeptObject { object: "column `t.c`".into(), place: place(Some("_kept_c")), digest: "00".into() };
    let moved = Keeping::Moved { from: place(Some("c")), to: KeptPlace { schema: Some("s".into()), ..place(None) } };
    let keeps = vec![Keeping::Kept(kept), moved, Keeping::Restored(place(None)), Keeping::Dropped(place(None))];
    let mode = |id: &'static str, mode| Step { id: id.into(), mode, ..Step::EMPTY };
    let unwind = |begun| Unwind {
        begun,
        steps: vec![mode("u1", Mode::Alone)].into(),
        losses: vec!["the values of `t.c`".into()].into(),
        drops: vec![tally()].into(),
        moves: vec!["t".into()].into(),
    };
    let unwinding = |begun| Step { unwind: Some(Box::new(unwind(begun))), ..Step::EMPTY };
    let steps = vec![
        unwinding(None),
        unwinding(Some(vec![mode("u1", Mode::Alone)].into())),
        Step { guards: guards.into(), notices: notices.into(), ..Step::transaction(Rebuild::Tables, statements) },
        Step { probe: Some(probe), touches, ..mode("2", Mode::Alone) },
        mode("3", Mode::Batches { next: "SELECT max(id)".into(), cursor: Cursor::Text }),
        mode("4", Mode::Program { name: "fill".into(), calls: Calls::InBatches }),
        mode("5", Mode::Unknown { name: "shadow".into(), details: "by a newer version".into() }),
        mode("6", Mode::Batches { next: "SELECT id, count".into(), cursor: Cursor::Key }),
        Step { keeps: keeps.into(), ..mode("7", Mode::Alone) },
    ];
    let (drops, moves) = (Some(vec![tally()].into()), vec!["t.c".into()].into());
    let downgrade = StoredDowngrade { steps: steps.into(), drops, moves };
    assert_eq!(read(&write(&downgrade)).expect("it was written by us"), downgrade);
}

#[test]
fn a_step_that_has_begun_is_read_back() {
    let older = r#"{"cursor":"5","step":"1"}"#;
    let begun = Begun { step: "1".into(), cursor: Some("5".into()), rows: 0 };
    assert_eq!((read_begun(older), write_begun(&begun)), (Ok(begun.clone()), older.to_owned()));
    let begun = Begun { rows: 7, ..begun };
    assert_eq!(read_begun(&write_begun(&begun)), Ok(begun));
}

#[test]
fn a_row_of_an_older_version_says_nothing_of_what_is_dropped() {
    let older = r#"{"steps":[],"guards":[]}"#;
    let downgrade = read(older).expect("it is read for ever");
    assert_eq!((downgrade.drops, &*downgrade.moves), (None, &[Text::Borrowed(ANYTHING)][..]));
    // It is stored again as it is, between two of its steps.
    let again = StoredDowngrade { drops: None, moves: List::default(), ..StoredDowngrade::default() };
    assert_eq!(write(&again), r#"{"form":2,"steps":[]}"#);
}

#[test]
fn the_first_form_is_read_for_ever() {
    let statement = r#"{"action":"run","operation":"drop table t;","sql":"DROP TABLE t"}"#;
    let steps = format!(r#"[{{"rebuild":true,"statements":[{statement}]}},{{"rebuild":false,"statements":[]}}]"#);
    let older = format!(r#"{{"guards":[{{"query":"SELECT 1","refusal":"rows"}}],"steps":{steps}}}"#);
    let statement = Statement { action: Action::Run, sql: "DROP TABLE t".into(), operation: "drop table t;".into() };
    let guards = vec![Guard { query: "SELECT 1".into(), refusal: "rows".into() }].into();
    let touches = || Touches::NOT_SAID;
    let steps = [
        Step { guards, touches: touches(), ..Step::transaction(Rebuild::Tables, vec![statement]) },
        Step { id: "2".into(), touches: touches(), ..Step::EMPTY },
    ];
    assert_eq!(&*read(&older).expect("it is read for ever").steps, steps);
}

#[test]
fn a_step_that_does_not_say_what_it_touches_is_read_for_ever() {
    let step = |more: &str| {
        let step = r#""id":"1","mode":"transaction","details":"","statements":[],"guards":[],"notices":[]"#;
        read(&format!(r#"{{"form":2,"steps":[{{{step}{more}}}]}}"#)).expect("it is read for ever").steps[0].touches.clone()
    };
    assert_eq!(step(""), Touches::NOT_SAID);
    assert_eq!(step(r#","touches":{"tables":[],"rest":"nothing"}"#), Touches::NONE);
    // A newer version may have a lock that this one does not know.
    let unknown = r#"{"schema":null,"table":"t","lock":"SPLIT","work":"none"}"#;
    assert_eq!(step(&format!(r#","touches":{{"tables":[{unknown}],"rest":"nothing"}}"#)), Touches::NOT_SAID);
}

#[test]
fn a_newer_form_is_refused_by_its_number() {
    let error = read(r#"{"form":3,"steps":[]}"#).expect_err("it is newer");
    assert_eq!(error, "what it stores has the form 3, and this program knows 2");
}

#[test]
fn what_is_not_ours_is_explained() {
    assert!(read("{").expect_err("no JSON").contains("is not JSON"));
    assert!(read("{}").expect_err("no steps").contains("`steps`"));
    let unknown = r#"{"steps":[{"rebuild":false,"statements":[{"action":"jump","sql":"","operation":""}]}],"guards":[]}"#;
    assert!(read(unknown).expect_err("no such action").contains("`jump`"));
}
