//! The beginning of a script, its migrations step by step, and its end.

use migrate_history::plan::{Direction, Plan, PlanError, Planned, explained};
use migrate_history::{Action, Mode, Notice, Rebuild, Statement, Text};

use super::stops::Start;
use super::writer::{ScriptWriter, comment};
use crate::Error;
use crate::execute::queries;
use crate::ledger::{FORMAT, PROTECTED};
use crate::planned_step::PlannedStep;
use crate::protocol::{Instruction, Measured, Records, Since, Standing, protocol};
use crate::settings::sqlite::READ;
use crate::shape::Expected;
use crate::sql::{Parameter, Query, dialect};

impl ScriptWriter {
    /// The settings of the script, the ledger's tables, and what they must hold: the revisions that `from` has.
    pub fn head(&self, plan: &Plan, base: &Start<'_>, (from, to): (&str, &str)) -> String {
        let title = format!("{}: {} from {from} to {to} on {}", plan.history, plan.direction, self.database);
        let mut out = self.shell.stop().to_owned() + &comment(&title);
        out += &self.shell.place().map(comment).unwrap_or_default();
        if plan.is_empty() {
            return out + "-- nothing to do\n";
        }
        out += &self.shell.settled(&self.stamp.history);
        self.must_be_new_enough(plan, &mut out);
        for lock in self.shell.locks() {
            out.push('\n');
            self.must_be_zero(lock.name, &lock.query, &mut out);
        }
        out += &format!("\n{};\n", self.shell.begin());
        for statement in self.ledger.create() {
            out += &format!("{statement};\n");
        }
        let flag = format!("SELECT count(*) FROM {} WHERE format = {PROTECTED}", self.ledger.table("migrate_format"));
        self.must_be_zero("the database is protected: only a reviewed plan runs", &flag, &mut out);
        let newer = format!("SELECT count(*) FROM {} WHERE format > {FORMAT}", self.ledger.table("migrate_format"));
        self.must_be_zero("the ledger is of a newer version", &newer, &mut out);
        self.must_be_here(base, &mut out);
        base.heads.iter().for_each(|head| self.must_be_applied(head, &mut out));
        self.must_all_be_applied(&base.earlier, &mut out);
        // SQLite adds no column only where it is missing, so a script cannot do it.
        let older = format!("SELECT count(*) FROM {} WHERE format < {FORMAT}", self.ledger.table("migrate_format"));
        self.must_be_zero("the ledger is of an older version, which a run of the program brings up to date", &older, &mut out);
        out + "COMMIT;\n"
    }

    /// What the shell was set to before.
    pub fn tail(&self, plan: &Plan) -> String {
        if plan.is_empty() { String::new() } else { format!("\n{}", self.shell.put_back()) }
    }

    pub fn migration(&self, planned: &Planned, direction: Direction, out: &mut String) -> Result<(), Error> {
        let level = explained(planned.grade(), &planned.losses, planned.irreversible());
        let title = comment(&format!("{direction} {}  {}", planned.revision, planned.title()));
        *out += &format!("\n{title}{}", comment(&format!("level {level}")));
        for dropped in &planned.drops {
            *out += &comment(&format!("drops the {}: {};", dropped.tally, dropped.tally.query));
        }
        for step in PlannedStep::all(planned, direction) {
            self.step(step, out)?;
        }
        Ok(())
    }

    /// The protocol of a step as text. A run of the program finishes what a script began. No script goes through a table in batches, so it
    /// does the same at once.
    fn step(&self, step: PlannedStep<'_>, out: &mut String) -> Result<(), Error> {
        let is_in_batches = matches!(step.step.mode, Mode::Batches { .. }) && !step.step.plain.is_empty();
        let at_once = is_in_batches.then(|| step.step.at_once());
        let step = PlannedStep { step: at_once.as_ref().unwrap_or(step.step), ..step };
        *out += &self.shell.around_step().0;
        let instructions = protocol(step, Standing::NotBegun);
        for (at, instruction) in instructions.iter().enumerate() {
            self.instruction(step, *instruction, is_rebuilding(&instructions[..at]), out)?;
        }
        Ok(())
    }

    fn instruction(
        &self,
        step: PlannedStep<'_>,
        instruction: Instruction<'_>,
        rebuild: Rebuild,
        out: &mut String,
    ) -> Result<(), Error> {
        let measured = Measured::of(Parameter::Integer(0));
        let records = Records { ledger: &self.ledger, stamp: &self.stamp, step };
        match instruction {
            Instruction::Begin { rebuild, statements: _ } => self.begin(rebuild, out),
            Instruction::Check(Since::Plan) if step.is_first() => self.begins(step.planned, step.direction, out),
            // Nobody else writes while the script has its lock, or its transaction.
            Instruction::Check(Since::Plan | Since::Begun) => {}
            Instruction::Guards(guards) => guards.iter().for_each(|guard| self.guard(guard, out)),
            Instruction::Notices(notices) => notices.iter().for_each(|notice| *out += &counted(notice)),
            // The head of the migration says what is dropped; a wait has no timeout.
            Instruction::Drops(_) | Instruction::Wait => {}
            Instruction::Statement(_, statement) => self.statement(step, statement, out)?,
            Instruction::Alone(_, statement) => *out += &format!("{}\n", statement.ended()),
            Instruction::Keep(keeps) => records.keep(keeps).iter().for_each(|query| self.record(query, out)),
            Instruction::Seal => self.seal(rebuild, out),
            Instruction::Row(record) => self.record(&records.row(record, &measured), out),
            Instruction::Entry(outcome) => self.record(&records.entry(outcome, &measured), out),
            Instruction::Commit => *out += "COMMIT;\n",
            Instruction::Program
            | Instruction::Rows(..)
            | Instruction::Batch(..)
            | Instruction::MoreRows
            | Instruction::NextBatch
            | Instruction::Unsupported => {
                return Err(refused(step).into());
            }
        }
        Ok(())
    }

    fn begin(&self, rebuild: Rebuild, out: &mut String) {
        match rebuild {
            Rebuild::Nothing => {}
            Rebuild::Tables => *out += "PRAGMA foreign_keys = OFF;\n",
        }
        *out += &format!("{};\n", self.shell.begin());
    }

    fn statement(&self, step: PlannedStep<'_>, statement: &Statement, out: &mut String) -> Result<(), Error> {
        match statement.action {
            Action::Run | Action::Set => *out += &format!("{}\n", statement.ended()),
            Action::Load => queries(step.planned, statement)?.iter().for_each(|query| self.record(query, out)),
            Action::Expect => self.expect(statement, out)?,
            Action::Keep => {
                let rows = format!("SELECT count(*) FROM ({})", statement.sql);
                self.must_be_zero("a table that is built again has triggers, which only the executor keeps", &rows, out);
            }
            Action::Restore => {}
        }
        Ok(())
    }

    fn seal(&self, rebuild: Rebuild, out: &mut String) {
        match rebuild {
            Rebuild::Nothing => {}
            Rebuild::Tables => {
                self.must_be_zero("rows refer to nothing", "SELECT count(*) FROM pragma_foreign_key_check", out);
                *out += "-- stops at a view or trigger that SQLite cannot read any more\n";
                READ.iter().for_each(|statement| *out += &format!("{statement};\n"));
            }
        }
        *out += &self.shell.around_step().1;
    }

    fn record(&self, query: &Query, out: &mut String) {
        *out += &format!("{};\n", query.write_out(dialect(self.database)));
    }

    /// Stops where a table that is rebuilt is not what the migrations made, as far as SQL can tell.
    fn expect(&self, statement: &Statement, out: &mut String) -> Result<(), Error> {
        let unread = || Error::Ledger(format!("a table that is expected cannot be read: {}", statement.sql));
        let expected = Expected::read(&statement.sql).ok_or_else(unread)?;
        let name = format!("table {} is not as the migrations left it", expected.table.name);
        self.must_be_zero(&name, &expected.query(&statement.sql), out);
        Ok(())
    }
}

/// What the transaction rebuilds that the last of these instructions began.
fn is_rebuilding(instructions: &[Instruction<'_>]) -> Rebuild {
    let begun =
        |instruction: &Instruction<'_>| if let Instruction::Begin { rebuild, .. } = instruction { Some(*rebuild) } else { None };
    instructions.iter().rev().find_map(begun).unwrap_or_default()
}

fn counted(notice: &Notice) -> String {
    comment(&format!("count {}: {};", notice.finding, notice.query))
}

fn refused(step: PlannedStep<'_>) -> PlanError {
    let (revision, id) = (step.planned.revision.clone(), step.step.id.clone());
    match &step.step.mode {
        Mode::Program { name, .. } => PlanError::ProgramInScript { revision, step: id, name: name.clone() },
        mode @ (Mode::Transaction { .. } | Mode::Alone | Mode::Batches { .. } | Mode::Unknown { .. }) => {
            PlanError::NotInScript { revision, step: id, mode: Text::Owned(mode.written().0.to_owned()) }
        }
    }
}
