//! A compiled migration as one text. Its first letter says in which form: what a form says is never changed, and every older one is
//! read.

mod fifth;
mod fourth;
mod second;
mod sixth;
mod third;

use crate::codec::{Codec, many};
use crate::{
    Action, Basis, Compiled, Database, Grade, Guard, KeepScript, Keeping, KeptObject, KeptPlace, Level, Lock, Mode, Notice,
    Probe, Rest, Script, Statement, Step, TakeBack, Tally, Touched, Touches, Unwind, Version, Work, choice, record,
};

/// The form in which a migration is packed.
const NEWEST: u8 = b'7';

/// The form before scripts had a downgrade that keeps what the migration made.
const SIXTH: u8 = b'6';

/// The form before steps said what they keep.
const FIFTH: u8 = b'5';

/// The form before steps said what undoes a migration half way.
const FOURTH: u8 = b'4';

/// The form before steps said what they touch.
const THIRD: u8 = b'3';

/// The form before steps had modes.
const SECOND: u8 = b'2';

/// Whether [`Compiled::unpack`] reads what begins so.
pub(crate) const fn is_known(packed: &str) -> bool {
    matches!(packed.as_bytes().first(), Some(&(SECOND | THIRD | FOURTH | FIFTH | SIXTH | NEWEST)))
}

impl Compiled {
    /// Everything as one text.
    pub fn pack(&self) -> String {
        let mut out = String::from(char::from(NEWEST));
        self.write(&mut out);
        out
    }

    /// Reads what [`Compiled::pack`] wrote, and what it wrote in older versions; `None` where the text is something else.
    pub fn unpack(text: &str) -> Option<Compiled> {
        let (form, input) = text.split_at_checked(1)?;
        let input = &mut { input };
        let compiled = match *form.as_bytes().first()? {
            NEWEST => Compiled::read(input)?,
            SIXTH => older(input, sixth::script)?,
            FIFTH => older(input, fifth::script)?,
            FOURTH => older(input, fourth::script)?,
            THIRD => older(input, third::script)?,
            SECOND => older(input, second::script)?,
            _ => return None,
        };
        input.is_empty().then_some(compiled)
    }
}

/// What follows the first letter in an older form, of which only the scripts are another.
fn older(input: &mut &str, script: fn(&mut &str) -> Option<Script>) -> Option<Compiled> {
    Some(Compiled {
        message: Codec::read(input)?,
        operations: Codec::read(input)?,
        older: Codec::read(input)?,
        level: Codec::read(input)?,
        basis: Codec::read(input)?,
        losses: Codec::read(input)?,
        irreversible: Codec::read(input)?,
        notes: Codec::read(input)?,
        scripts: many(input, script)?.into(),
    })
}

impl Codec for Mode {
    fn write(&self, out: &mut String) {
        let (name, details) = self.written();
        name.to_owned().write(out);
        details.to_owned().write(out);
    }

    fn read(input: &mut &str) -> Option<Self> {
        let name = String::read(input)?;
        Some(Mode::from_written(name, String::read(input)?))
    }
}

record!(Compiled { message, operations, older, level, basis, losses, irreversible, notes, scripts });
record!(Script { database, upgrade, downgrade, drops, moves, keep });
record!(KeepScript { downgrade, drops, moves, notes, makes, takes });
record!(TakeBack { object, digest, needs, guards, steps });
record!(Tally { query, what, reads });
record!(Grade { level, basis });
record!(Step { id, mode, statements, guards, notices, probe, plain, touches, unwind, keeps });
record!(KeptObject { object, place, digest });
record!(KeptPlace { schema, table, column });
record!(Unwind { begun, steps, losses, drops, moves });
record!(Touches { tables, rest });
record!(Touched { schema, table, lock, work });
record!(Guard { query, refusal });
record!(Notice { query, finding });
record!(Probe { query, cleanup });
record!(Version { database, number });
choice!(Database { 'p' Postgres, 's' Sqlite });
choice!(Basis { 'p' Proved, 's' Stated });
choice!(Level { 'e' Exact, 's' Schema, 'i' Irreversible });
choice!(Rest { 'n' Nothing, 'r' RawSql, 'p' Program, 'u' NotSaid });
choice!(Lock {
    'a' AccessShare, 'r' RowShare, 'w' RowExclusive, 'u' ShareUpdateExclusive, 's' Share, 'R' ShareRowExclusive, 'e' Exclusive,
    'A' AccessExclusive, 'f' File
});
choice!(Work { 'n' Nothing, 's' Scan, 'i' Index, 'u' Update, 'r' Rewrite });
choice!(Keeping { 'k' Kept(kept), 'm' Moved { from, to }, 'r' Restored(place), 'd' Dropped(place) });
choice!(Action { 'r' Run, 's' Set, 'l' Load, 'e' Expect, 'k' Keep, 'R' Restore });
record!(Statement { action, sql, operation });

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that finds something else stops")]
mod tests {
    use super::*;
    use crate::{Calls, Cursor, List, Rebuild, Text, UNNUMBERED};

    /// Two steps up, one down with a guard, as the second form had them.
    const OLDER: &str = include_str!("packed/second.txt");

    /// A step outside of a transaction up, one transaction down, as the third form had them.
    const THIRD_TEXT: &str = include_str!("packed/third.txt");

    /// The same with what the steps touch, as the fourth form had them.
    const FOURTH_TEXT: &str = include_str!("packed/fourth.txt");

    /// The same with what undoes the migration before a step, as the fifth form had it.
    const FIFTH_TEXT: &str = include_str!("packed/fifth.txt");

    /// The same with what a step keeps, as the sixth form had it.
    const SIXTH_TEXT: &str = include_str!("packed/sixth.txt");

    fn statement(action: Action, sql: &'static str) -> Statement {
        Statement { action, sql: sql.into(), operation: "alter table t { drop c; }".into() }
    }

    fn step(id: &'static str, mode: Mode) -> Step {
        Step { id: id.into(), mode, statements: vec![statement(Action::Run, "SELECT 1")].into(), ..Step::EMPTY }
    }

    fn unwinding(begun: Option<List<Step>>) -> Step {
        let tally = Tally { query: "SELECT 1".into(), what: "rows of `t`".into(), reads: vec!["t".into()].into() };
        let (losses, drops) = (vec!["the values of `t.c`".into()].into(), vec![tally].into());
        let unwind = Unwind { begun, steps: vec![Step::EMPTY].into(), losses, drops, moves: vec!["t.c".into()].into() };
        Step { unwind: Some(Box::new(unwind)), ..Step::EMPTY }
    }

    fn unsaid(step: Step) -> Step {
        Step { touches: Touches::NOT_SAID, ..step }
    }

    fn compiled(steps: Vec<Step>) -> Compiled {
        let older = Compiled::unpack(OLDER).unwrap();
        let scripts = vec![Script { upgrade: steps.into(), ..older.scripts[0].clone() }];
        Compiled { scripts: scripts.into(), ..older }
    }

    #[test]
    fn the_second_form_is_read_for_ever() {
        let compiled = Compiled::unpack(OLDER).unwrap();
        assert_eq!((&*compiled.message, compiled.level, compiled.basis), ("What it does.", Level::Schema, Basis::Proved));
        assert_eq!((&*compiled.operations, compiled.older.as_deref()), (&[Text::from("drop table t;")][..], Some("v1:00")));
        let [script] = &*compiled.scripts else { panic!("one database: {:?}", compiled.scripts) };
        let up = [
            Step::transaction(
                Rebuild::Tables,
                vec![statement(Action::Keep, "SELECT 'ü'"), statement(Action::Run, "DROP TABLE t")],
            ),
            Step { id: "2".into(), ..Step::transaction(Rebuild::Nothing, vec![]) },
        ]
        .map(unsaid);
        assert_eq!(&*script.upgrade, up);
        let guards = vec![Guard { query: "SELECT 2".into(), refusal: "rows of `t`".into() }].into();
        let down = Step { guards, ..Step::transaction(Rebuild::Nothing, vec![statement(Action::Run, "CREATE TABLE t (c)")]) };
        let down = unsaid(down);
        assert_eq!(&*script.downgrade, [down]);
        assert_eq!((&*script.drops[0].what, &*script.moves), ("rows of `u`", &[Text::from("t.c")][..]));
        assert!(is_known(OLDER));
    }

    /// A step outside of a transaction with its probe, as the third form had it.
    #[test]
    fn the_third_form_is_read_for_ever() {
        let compiled = Compiled::unpack(THIRD_TEXT).unwrap();
        let probe = Probe { query: "SELECT 'done'".into(), cleanup: List::default() };
        let notices = vec![Notice { query: "SELECT 1".into(), finding: "rows of `t`".into() }].into();
        let expected = Step { probe: Some(probe), notices, ..step("1", Mode::Alone) };
        assert_eq!(&*compiled.scripts[0].upgrade, [unsaid(expected)]);
        assert_eq!(compiled.scripts[0].downgrade.len(), 1);
        assert!(is_known(THIRD_TEXT));
    }

    /// A step that says what it touches, as the fourth form had it.
    #[test]
    fn the_fourth_form_is_read_for_ever() {
        let compiled = Compiled::unpack(FOURTH_TEXT).unwrap();
        let third = Compiled::unpack(THIRD_TEXT).unwrap();
        let [up] = &*compiled.scripts[0].upgrade else { panic!("one step") };
        let table = Touched { schema: None, table: "t".into(), lock: Lock::ShareUpdateExclusive, work: Work::Index };
        assert_eq!(up.touches, Touches { tables: vec![table].into(), rest: Rest::Nothing });
        assert!(up.runs_as(&third.scripts[0].upgrade[0]));
        assert_eq!(compiled.scripts[0].downgrade[0].touches, Touches::NONE);
        assert!(is_known(FOURTH_TEXT));
    }

    /// What undoes a migration before its step, as the fifth form had it.
    #[test]
    fn the_fifth_form_is_read_for_ever() {
        let compiled = Compiled::unpack(FIFTH_TEXT).unwrap();
        let [up] = &*compiled.scripts[0].upgrade else { panic!("one step") };
        let nothing = || List::default();
        let unwind =
            Unwind { begun: None, steps: vec![Step::EMPTY].into(), losses: nothing(), drops: List::default(), moves: nothing() };
        assert_eq!(up.unwind.as_deref(), Some(&unwind));
        assert_eq!(compiled.scripts[0].downgrade[0].unwind, None);
        assert!(up.keeps.is_empty() && is_known(FIFTH_TEXT));
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let place = |column: Option<&'static str>| KeptPlace { schema: None, table: "t".into(), column: column.map(Text::from) };
        let kept = KeptObject { object: "column `t.c`".into(), place: place(Some("_kept_c")), digest: "00".into() };
        let moved = Keeping::Moved { from: place(Some("a")), to: KeptPlace { schema: Some("s".into()), ..place(None) } };
        let keeps = vec![Keeping::Kept(kept), moved, Keeping::Restored(place(None)), Keeping::Dropped(place(None))].into();
        let compiled = compiled(vec![Step { keeps, ..step("1", Mode::Alone) }]);
        assert_eq!(Compiled::unpack(&compiled.pack()), Some(compiled));
    }

    /// What a step keeps, as the sixth form had it: no script had a downgrade that keeps.
    #[test]
    fn the_sixth_form_is_read_for_ever() {
        let compiled = Compiled::unpack(SIXTH_TEXT).unwrap();
        let place = KeptPlace { schema: None, table: "t".into(), column: None };
        assert_eq!(&*compiled.scripts[0].upgrade[0].keeps, [Keeping::Restored(place)]);
        assert!(compiled.scripts[0].keep.is_none() && is_known(SIXTH_TEXT));
    }

    #[test]
    fn a_downgrade_that_keeps_is_read_back_and_numbered() {
        let text = || Text::from(format!("what {UNNUMBERED}t keeps"));
        let guards = List::from(vec![Guard { query: text(), refusal: text() }]);
        let take =
            TakeBack { object: text(), digest: "00".into(), needs: vec![text()].into(), guards, steps: vec![Step::EMPTY].into() };
        let keep = KeepScript {
            downgrade: vec![step("1", Mode::Alone)].into(),
            drops: List::default(),
            moves: vec![text()].into(),
            notes: vec![text()].into(),
            makes: vec![text()].into(),
            takes: vec![take].into(),
        };
        let compiled = compiled(Vec::new());
        let scripts = vec![Script { keep: Some(Box::new(keep.clone())), ..compiled.scripts[0].clone() }].into();
        let compiled = Compiled { scripts, ..compiled };
        assert_eq!(Compiled::unpack(&compiled.pack()), Some(compiled));
        let numbered = crate::kept::with_number(&keep, 12).unwrap();
        assert_eq!(
            (&*numbered.notes[0], &*numbered.takes[0].guards[0].query),
            ("what _kept_d00012_t keeps", "what _kept_d00012_t keeps")
        );
        assert_eq!(crate::kept_number(&numbered.notes[0]), Some(12));
    }

    #[test]
    fn every_lock_and_work_is_read_back() {
        let touched = |(lock, work)| Touched { schema: Some("s".into()), table: "t".into(), lock, work };
        let works = Work::ALL.iter().copied().cycle();
        let tables: Vec<Touched> = Lock::ALL.iter().copied().zip(works).map(touched).collect();
        let touching = |rest| Step { touches: Touches { tables: tables.clone().into(), rest }, ..step("1", Mode::Alone) };
        let compiled = compiled(Rest::ALL.iter().copied().map(touching).collect());
        assert_eq!(Compiled::unpack(&compiled.pack()), Some(compiled));
    }

    #[test]
    fn every_mode_and_what_unwinds_a_step_is_read_back() {
        let probe = Probe { query: "SELECT 'done'".into(), cleanup: vec![statement(Action::Run, "DROP INDEX i")].into() };
        let notices = vec![Notice { query: "SELECT 1".into(), finding: "rows of `t`".into() }].into();
        let compiled = compiled(vec![
            step("1", Mode::Transaction { rebuild: Rebuild::Tables }),
            Step { probe: Some(probe), notices, ..step("2", Mode::Alone) },
            step("3", Mode::Batches { next: "SELECT max(id)".into(), cursor: Cursor::Text }),
            step("4", Mode::Program { name: "super::fill".into(), calls: Calls::Once }),
            step("7", Mode::Program { name: "fill".into(), calls: Calls::InBatches }),
            step("5", Mode::Unknown { name: "shadow".into(), details: "1;2".into() }),
            step("6", Mode::Batches { next: "SELECT id, count".into(), cursor: Cursor::Key }),
            unwinding(Some(vec![step("u1", Mode::Alone)].into())),
            unwinding(None),
        ]);
        assert_eq!(Compiled::unpack(&compiled.pack()), Some(compiled));
    }

    #[test]
    fn a_form_that_is_not_known_is_not_read() {
        let packed = compiled(Vec::new()).pack();
        assert!(is_known(&packed));
        for other in ["", "1", "8", "ü", "2", "3", "4", "5", "6", "7"] {
            assert_eq!(Compiled::unpack(other), None, "{other}");
        }
        assert_eq!(Compiled::unpack(&packed.replacen('7', "8", 1)), None);
        assert_eq!(Compiled::unpack(&format!("{packed} ")), None);
    }
}
