//! A compiled migration as one text. Its first letter says in which form: what a form says is never changed, and every older one is
//! read.

mod second;

use crate::codec::Codec;
use crate::{
    Action, Basis, Compiled, Database, Grade, Guard, Level, Mode, Notice, Probe, Script, Statement, Step, Tally, Version, choice,
    record,
};

/// The form in which a migration is packed.
const NEWEST: u8 = b'3';

/// The form before steps had modes.
const SECOND: u8 = b'2';

/// Whether [`Compiled::unpack`] reads what begins so.
pub(crate) const fn is_known(packed: &str) -> bool {
    matches!(packed.as_bytes().first(), Some(&(SECOND | NEWEST)))
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
            SECOND => second::compiled(input)?,
            _ => return None,
        };
        input.is_empty().then_some(compiled)
    }
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
record!(Script { database, upgrade, downgrade, drops, moves });
record!(Tally { query, what, reads });
record!(Grade { level, basis });
record!(Step { id, mode, statements, guards, notices, probe, plain });
record!(Guard { query, refusal });
record!(Notice { query, finding });
record!(Probe { query, cleanup });
record!(Version { database, number });
choice!(Database { 'p' Postgres, 's' Sqlite });
choice!(Basis { 'p' Proved, 's' Stated });
choice!(Level { 'e' Exact, 's' Schema, 'i' Irreversible });
choice!(Action { 'r' Run, 'e' Expect, 'k' Keep, 'R' Restore });
record!(Statement { action, sql, operation });

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that finds something else stops")]
mod tests {
    use super::*;
    use crate::{Rebuild, Text};

    /// Two steps up, one down with a guard, as the second form had them.
    const OLDER: &str = include_str!("packed/second.txt");

    fn statement(action: Action, sql: &'static str) -> Statement {
        Statement { action, sql: sql.into(), operation: "alter table t { drop c; }".into() }
    }

    fn step(id: &'static str, mode: Mode) -> Step {
        Step { id: id.into(), mode, statements: vec![statement(Action::Run, "SELECT 1")].into(), ..Step::EMPTY }
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
        ];
        assert_eq!(&*script.upgrade, up);
        let guards = vec![Guard { query: "SELECT 2".into(), refusal: "rows of `t`".into() }].into();
        let down = Step { guards, ..Step::transaction(Rebuild::Nothing, vec![statement(Action::Run, "CREATE TABLE t (c)")]) };
        assert_eq!(&*script.downgrade, [down]);
        assert_eq!((&*script.drops[0].what, &*script.moves), ("rows of `u`", &[Text::from("t.c")][..]));
        assert!(is_known(OLDER));
    }

    #[test]
    fn every_mode_is_read_back() {
        let probe = Probe { query: "SELECT 'done'".into(), cleanup: vec![statement(Action::Run, "DROP INDEX i")].into() };
        let notices = vec![Notice { query: "SELECT 1".into(), finding: "rows of `t`".into() }].into();
        let compiled = compiled(vec![
            step("1", Mode::Transaction { rebuild: Rebuild::Tables }),
            Step { probe: Some(probe), notices, ..step("2", Mode::Alone) },
            step("3", Mode::Batches { next: "SELECT max(id)".into() }),
            step("4", Mode::Program { name: "fill".into() }),
            step("5", Mode::Unknown { name: "shadow".into(), details: "1;2".into() }),
        ]);
        assert_eq!(Compiled::unpack(&compiled.pack()), Some(compiled));
    }

    #[test]
    fn a_form_that_is_not_known_is_not_read() {
        let packed = compiled(Vec::new()).pack();
        assert!(is_known(&packed));
        for other in ["", "1", "4", "ü", "2", "3"] {
            assert_eq!(Compiled::unpack(other), None, "{other}");
        }
        assert_eq!(Compiled::unpack(&packed.replacen('3', "4", 1)), None);
        assert_eq!(Compiled::unpack(&format!("{packed} ")), None);
    }
}
