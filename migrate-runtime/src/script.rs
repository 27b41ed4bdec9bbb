//! A run as a script, for review and for `psql` or `sqlite3`: it leaves the schema and the ledger that the executor would.

use migrate_history::plan::{Applied, Direction, Goal, Graph, Plan, Planned, Progress, Target, explained};
use migrate_history::{Action, Database, History, Migration, Statement, Step};

use crate::Error;
use crate::current::parents_of;
use crate::journal::{self, Entry};
use crate::ledger::{FORMAT, Ledger, Stamp};
use crate::query::{Value, literal};
use crate::settings::postgres::{BEGIN, LATER, Need, Origin, SET, SETTINGS, ours};
use crate::settings::sqlite::{self, PRAGMAS, READ};
use crate::shape::Expected;
use crate::stops::Base;

/// What leads from one target to another, as text. No database is asked, so both are named.
///
/// Each step is one transaction with its ledger row. The script stops at the first error, where rows are in the way of a
/// downgrade, and where the ledger does not say what `from` says.
///
/// # Errors
/// The targets do not exist or lie the other way, the history does not serve the database, or there is no way back.
pub fn script(history: &History, database: Database, direction: Direction, from: &str, to: &str) -> Result<String, Error> {
    let applied = applied(history, from)?;
    let goal = Goal::resolve(history, &applied, direction, &Target::parse(to)?).map_err(Error::Plan)?;
    let plan = Plan::new(history, database, &applied, &goal).map_err(Error::Plan)?;
    let writer = Writer { ledger: Ledger::new(database, schema(database)), stamp: stamp(history, database), database };
    let heads = Graph::with_applied(history, &applied).map_err(migrate_history::plan::Problem::from)?;
    let heads = heads.heads_within(|id| applied.iter().any(|row| row.revision == id));
    let there = |migration: &&Migration| applied.iter().any(|row| row.revision == migration.id);
    let there: Vec<&Migration> = history.migrations.iter().copied().filter(there).collect();
    let (heads, earlier) = there.into_iter().partition(|one| heads.contains(&one.id));
    let first = history.migrations.iter().copied().find(|one| !one.operations.is_empty());
    let mut out = writer.head(&plan, &Base { heads, earlier, first }, (from, to));
    for planned in &plan.migrations {
        writer.migration(planned, direction, &mut out)?;
    }
    Ok(out + &writer.tail(&plan))
}

/// The ledger as it would be at a target.
fn applied(history: &History, from: &str) -> Result<Vec<Applied>, Error> {
    let target = Target::parse(from)?;
    if target == Target::Base {
        return Ok(Vec::new());
    }
    let goal = Goal::resolve(history, &[], Direction::Upgrade, &target).map_err(Error::Plan)?;
    let there = history.migrations.iter().filter(|migration| goal.revisions.contains(&migration.id));
    Ok(there.map(|migration| row(migration)).collect())
}

fn row(migration: &Migration) -> Applied {
    let (revision, parents) = (migration.id.clone(), parents_of(migration));
    let (checksum, progress) = (migration.checksum.clone(), Progress::Complete);
    Applied { revision, parents, checksum, progress, record: None, stored: None }
}

/// The ledger's schema: a variable that psql fills in.
fn schema(database: Database) -> Option<String> {
    match database {
        Database::Postgres => Some(":migrate_schema".to_owned()),
        Database::Sqlite => None,
    }
}

/// The session of psql as the script finds it, in its variables.
fn origin() -> Origin {
    let variable = |name: &str| format!(":'migrate_{name}'");
    Origin { user: variable("user"), role: variable("role"), search_path: variable("search_path"), set: variable("set_before") }
}

/// The settings that hold for a script: psql itself is the client, and nobody else waits for it.
fn settings() -> String {
    ours(SETTINGS.iter().filter(|setting| setting.need == Need::Meaning), &origin().search_path)
}

fn stamp(history: &History, database: Database) -> Stamp {
    let by = match database {
        Database::Postgres => Value::Expression("CURRENT_USER::text"),
        Database::Sqlite => Value::from("a script"),
    };
    Stamp { history: history.name.to_string(), run: "a script".to_owned(), by }
}

/// A text as psql reads it after `\set`: in quotes, within which a backslash is doubled.
fn psql_text(text: &str) -> String {
    literal(Database::Sqlite, &text.replace('\\', "\\\\"))
}

/// A text as a comment, whatever lines it has.
pub(crate) fn comment(text: &str) -> String {
    text.split(['\n', '\r']).map(|line| format!("-- {line}\n")).collect()
}

/// The line with which a script ends in the other database's shell, which would go on after each error and run what it understands. Both
/// shells read it: what is a command of one is the beginning of a statement for the other.
fn stop(database: Database) -> &'static str {
    match database {
        // What psql has read of a statement is thrown away by `\r`, which says so unless it is quiet.
        Database::Postgres => {
            ".print This script is for psql, not for sqlite3.\n\
             .exit 1 \\set migrate_quiet :QUIET \\\\ \\set QUIET on \\\\ \\r \\\\ \\set QUIET :migrate_quiet\n"
        }
        // Comments of sqlite3; psql stops at errors from the line after the one that says so.
        Database::Sqlite => "# This script is for sqlite3, not for psql. \\set ON_ERROR_STOP on\n# ;\n",
    }
}

/// Writes a script.
pub(crate) struct Writer {
    pub(crate) ledger: Ledger,
    pub(crate) stamp: Stamp,
    pub(crate) database: Database,
}

impl Writer {
    /// The settings of the script, the ledger's tables, and what they must hold: the revisions that `from` has.
    fn head(&self, plan: &Plan, base: &Base<'_>, (from, to): (&str, &str)) -> String {
        let title = format!("{}: {} from {from} to {to} on {}", plan.history, plan.direction, self.database);
        let mut out = stop(self.database).to_owned() + &comment(&title);
        if self.database == Database::Postgres {
            out += &comment("It works in the current schema of psql: the first of its search path that exists.");
        }
        if plan.is_empty() {
            return out + "-- nothing to do\n";
        }
        out += &self.settled();
        self.must_be_new_enough(plan, &mut out);
        self.lock(&mut out);
        out += &format!("\n{};\n", self.begin());
        for statement in self.ledger.create() {
            out += &format!("{statement};\n");
        }
        let newer = format!("SELECT count(*) FROM {} WHERE format > {FORMAT}", self.ledger.table("migrate_format"));
        self.must_be_zero("the ledger is of a newer version", &newer, &mut out);
        self.must_be_here(base, &mut out);
        base.heads.iter().for_each(|head| self.must_be_applied(head, &mut out));
        self.must_all_be_applied(&base.earlier, &mut out);
        out + "COMMIT;\n"
    }

    /// An error stops the script, and every statement finds the settings that it would find in a session of the executor: what a
    /// psql is set to is kept in variables, and so is the statement that sets it.
    fn settled(&self) -> String {
        match self.database {
            Database::Postgres => {
                let set = |name: &str, sql: &str| format!("\\set {name} {}\n", psql_text(sql));
                let elsewhere = self.elsewhere();
                let columns = [
                    (&*elsewhere, "elsewhere"),
                    ("pg_catalog.quote_ident(pg_catalog.current_schema())", "schema"),
                    ("pg_catalog.current_setting('session_authorization')", "user"),
                    ("pg_catalog.current_setting('role')", "role"),
                    ("pg_catalog.current_setting('search_path')", "search_path"),
                    (SET, "set_before"),
                ];
                let columns: Vec<String> = columns.iter().map(|(value, name)| format!("{value} AS migrate_{name}")).collect();
                format!(
                    "\\set ON_ERROR_STOP on\nSELECT {} \\gset\n{}{}{}",
                    columns.join(",\n    "),
                    set("migrate_settings", &origin().again(&settings())),
                    set("migrate_before", &origin().back()),
                    self.again()
                )
            }
            Database::Sqlite => format!(".bail on\n{}", self.again()),
        }
    }

    /// The query that counts the rows of this history in the ledgers of the later schemas of the search path, as an expression.
    fn elsewhere(&self) -> String {
        let history = literal(self.database, &self.stamp.history);
        format!(
            "(SELECT coalesce(pg_catalog.string_agg(pg_catalog.format(\
             'SELECT pg_catalog.count(*) FROM %I.migrate_ledger WHERE history = %L', name, {history}), ' UNION ALL '), 'SELECT 0') \
             FROM pg_catalog.json_array_elements_text({LATER}::pg_catalog.json) AS later (name))"
        )
    }

    /// The settings once more, whatever the migration before has set.
    fn again(&self) -> String {
        match self.database {
            Database::Postgres => ":migrate_settings \\gset\n".to_owned(),
            Database::Sqlite => {
                let pragmas: Vec<String> = PRAGMAS.iter().map(|pragma| sqlite::set(*pragma) + ";").collect();
                pragmas.join(" ") + "\n"
            }
        }
    }

    /// What psql was set to before. The shell of SQLite has no variables to keep it in, so it is left as a step finds it.
    fn tail(&self, plan: &Plan) -> String {
        match self.database {
            Database::Postgres | Database::Sqlite if plan.is_empty() => String::new(),
            Database::Postgres => "\n:migrate_before \\gset\n".to_owned(),
            Database::Sqlite => format!("\n{}", self.again()),
        }
    }

    /// The lock of the executor, for as long as the session lasts. A script does not wait for it: waiting inside the server
    /// would hold up a concurrent index build of the one who has it.
    fn lock(&self, out: &mut String) {
        match self.database {
            Database::Postgres => {
                let key = "pg_catalog.hashtextextended('migrate ' || pg_catalog.current_schema(), 0)";
                let query = format!("SELECT 1 - pg_catalog.pg_try_advisory_lock({key})::integer");
                out.push('\n');
                self.must_be_zero("another runner is at work", &query, out);
            }
            Database::Sqlite => {}
        }
    }

    fn begin(&self) -> &'static str {
        match self.database {
            Database::Postgres => BEGIN,
            Database::Sqlite => "BEGIN IMMEDIATE",
        }
    }

    fn migration(&self, planned: &Planned, direction: Direction, out: &mut String) -> Result<(), Error> {
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
        if self.database == Database::Sqlite {
            *out += &self.again();
        }
        if step.rebuild {
            *out += "PRAGMA foreign_keys = OFF;\n";
        }
        *out += &format!("{};\n", self.begin());
        if number == 1 {
            self.begins(planned, direction, out);
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
        if step.rebuild {
            self.must_be_zero("rows refer to nothing", "SELECT count(*) FROM pragma_foreign_key_check", out);
            *out += "-- stops at a view or trigger that SQLite cannot read any more\n";
            READ.iter().for_each(|statement| *out += &format!("{statement};\n"));
        }
        if self.database == Database::Postgres {
            *out += &self.again();
        }
        let entry = Entry { planned, direction, step: number, duration: Value::Integer(0), failure: None };
        for query in [
            self.ledger.record(&self.stamp, planned, direction, number, Value::Integer(0)),
            journal::insert(&self.ledger, &self.stamp, &entry),
        ] {
            *out += &format!("{};\n", query.write_out(self.database));
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
