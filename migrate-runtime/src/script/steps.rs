//! The beginning of a script, its migrations step by step, and its end.

use migrate_history::plan::{Direction, Plan, Planned, explained};
use migrate_history::{Action, Mode, Rebuild, Statement, Step};

use super::stops::Start;
use super::writer::{Writer, comment};
use crate::Error;
use crate::journal::{self, Entry};
use crate::ledger::FORMAT;
use crate::settings::sqlite::READ;
use crate::shape::Expected;
use crate::sql::{Value, dialect};

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
            self.step(planned, direction, place + 1, step, out)?;
        }
        Ok(())
    }

    /// One transaction with its ledger row.
    fn step(&self, planned: &Planned, direction: Direction, number: usize, step: &Step, out: &mut String) -> Result<(), Error> {
        let is_rebuild = step.mode == Mode::Transaction { rebuild: Rebuild::Tables };
        let (before, after) = self.shell.around_step();
        *out += &before;
        if is_rebuild {
            *out += "PRAGMA foreign_keys = OFF;\n";
        }
        *out += &format!("{};\n", self.shell.begin());
        if number == 1 {
            self.begins(planned, direction, out);
        }
        step.guards.iter().for_each(|guard| self.guard(guard, out));
        for notice in step.notices.iter() {
            *out += &comment(&format!("count {}: {};", notice.finding, notice.query));
        }
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
        let entry = Entry { planned, direction, step: number, duration: Value::Integer(0), failure: None };
        for query in [
            self.ledger.record(&self.stamp, planned, direction, number, Value::Integer(0)),
            journal::insert(&self.ledger, &self.stamp, &entry),
        ] {
            *out += &format!("{};\n", query.write_out(dialect(self.database)));
        }
        *out += "COMMIT;\n";
        Ok(())
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
