//! The beginning of a script, its migrations step by step, and its end.

use migrate_history::plan::{Direction, Plan, PlanError, Planned, explained};
use migrate_history::{Action, Mode, Rebuild, Statement, Step, Text};

use super::stops::Start;
use super::writer::{Writer, comment};
use crate::Error;
use crate::journal::{self, Entry, Outcome};
use crate::ledger::FORMAT;
use crate::settings::sqlite::READ;
use crate::shape::Expected;
use crate::sql::{Query, Value, dialect};

/// A step, and where it is.
struct At<'p> {
    planned: &'p Planned,
    direction: Direction,
    /// From 1.
    number: usize,
    step: &'p Step,
}

impl At<'_> {
    fn journal(&self, writer: &Writer, outcome: Outcome<'_>) -> Query {
        let At { planned, direction, number: step, .. } = *self;
        journal::insert(&writer.ledger, &writer.stamp, &Entry { planned, direction, step, duration: Value::Integer(0), outcome })
    }

    fn refused(&self) -> PlanError {
        let (step, mode) = (self.step.id.clone(), Text::Owned(self.step.mode.written().0.to_owned()));
        PlanError::NotInScript { revision: self.planned.revision.clone(), step, mode }
    }
}

impl Writer {
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
        if let Some(lock) = self.shell.lock() {
            out.push('\n');
            self.must_be_zero(lock.name, &lock.query, &mut out);
        }
        out += &format!("\n{};\n", self.shell.begin());
        for statement in self.ledger.create() {
            out += &format!("{statement};\n");
        }
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
        for (place, step) in planned.transactions().iter().enumerate() {
            let at = At { planned, direction, number: place + 1, step };
            match &step.mode {
                Mode::Transaction { .. } => self.transaction(&at, out)?,
                Mode::Alone => self.alone(&at, out),
                Mode::Batches { .. } | Mode::Program { .. } | Mode::Unknown { .. } => return Err(Error::Plan(at.refused())),
            }
        }
        Ok(())
    }

    /// One transaction with its ledger row.
    fn transaction(&self, at: &At<'_>, out: &mut String) -> Result<(), Error> {
        let At { step, .. } = at;
        let is_rebuild = step.mode == Mode::Transaction { rebuild: Rebuild::Tables };
        let (before, after) = self.shell.around_step();
        *out += &before;
        if is_rebuild {
            *out += "PRAGMA foreign_keys = OFF;\n";
        }
        *out += &format!("{};\n", self.shell.begin());
        self.asks_first(at, out);
        for statement in step.statements.iter() {
            match statement.action {
                Action::Run => *out += &format!("{}\n", statement.ended()),
                Action::Expect => self.expect(statement, out)?,
                Action::Keep => {
                    let rows = format!("SELECT count(*) FROM ({})", statement.sql);
                    self.must_be_zero("a table that is built anew has triggers, which only the executor keeps", &rows, out);
                }
                Action::Restore => {}
            }
        }
        if is_rebuild {
            self.must_be_zero("rows refer to nothing", "SELECT count(*) FROM pragma_foreign_key_check", out);
            *out += "-- stops at a view or trigger that SQLite cannot read any more\n";
            READ.iter().for_each(|statement| *out += &format!("{statement};\n"));
        }
        *out += &after;
        self.done(at, out);
        Ok(())
    }

    /// Statements that no transaction may hold, after one that says that they begin. A run of the program finishes what a script began.
    fn alone(&self, at: &At<'_>, out: &mut String) {
        let At { planned, direction, number, step } = at;
        let (before, after) = self.shell.around_step();
        *out += &format!("{before}{};\n", self.shell.begin());
        self.asks_first(at, out);
        let begin = self.ledger.begin(&self.stamp, planned, *direction, step, *number);
        self.written([begin, at.journal(self, Outcome::Begun)], out);
        *out += "COMMIT;\n";
        step.statements.iter().for_each(|statement| *out += &format!("{}\n", statement.ended()));
        *out += &format!("{};\n{after}", self.shell.begin());
        self.done(at, out);
    }

    /// What stops a step before its first statement.
    fn asks_first(&self, at: &At<'_>, out: &mut String) {
        if at.number == 1 {
            self.begins(at.planned, at.direction, out);
        }
        at.step.guards.iter().for_each(|guard| self.guard(guard, out));
        for notice in at.step.notices.iter() {
            *out += &comment(&format!("count {}: {};", notice.finding, notice.query));
        }
    }

    /// The row of the ledger and the entry of the journal.
    fn done(&self, at: &At<'_>, out: &mut String) {
        let row = self.ledger.record(&self.stamp, at.planned, at.direction, at.number, Value::Integer(0));
        self.written([row, at.journal(self, Outcome::Done)], out);
        *out += "COMMIT;\n";
    }

    fn written(&self, queries: [Query; 2], out: &mut String) {
        for query in queries {
            *out += &format!("{};\n", query.write_out(dialect(self.database)));
        }
    }

    /// Stops where a table that is built anew is not what the migrations made, as far as SQL can tell.
    fn expect(&self, statement: &Statement, out: &mut String) -> Result<(), Error> {
        let unread = || Error::Ledger(format!("a table that is expected cannot be read: {}", statement.sql));
        let expected = Expected::read(&statement.sql).ok_or_else(unread)?;
        let name = format!("table {} is not as the migrations left it", expected.table.name);
        self.must_be_zero(&name, &expected.query(&statement.sql), out);
        Ok(())
    }
}
