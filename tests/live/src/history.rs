//! Histories by hand: what the macro would emit, leaked so that they are as static as that.

use migrate_history::{
    Action, Basis, Compiled, Cursor, Database, Guard, History, Level, Migration, Mode, Probe, Rebuild, Script, Statement, Step,
    Tally, Version,
};

/// A migration in the making.
#[derive(Clone, Debug)]
pub struct Builder {
    id: String,
    parents: Vec<&'static str>,
    checksum: String,
    compiled: Compiled,
    up: Vec<Step>,
    down: Vec<Step>,
    guards: Vec<Guard>,
    drops: Vec<Tally>,
}

/// A migration without statements.
pub fn migration(id: &str, parents: &[&str]) -> Builder {
    let compiled = Compiled {
        message: format!("What {id} does.\n\nAt length.").into(),
        operations: vec![format!("-- {id}").into()].into(),
        older: None,
        level: Level::Exact,
        basis: Basis::Proved,
        losses: Vec::new().into(),
        irreversible: None,
        notes: Vec::new().into(),
        scripts: Vec::new().into(),
    };
    let (id, parents) = (id.to_owned(), parents.iter().map(|parent| &*(*parent).to_owned().leak()).collect());
    let checksum = format!("v1:{id}");
    Builder { id, parents, checksum, compiled, up: Vec::new(), down: Vec::new(), guards: Vec::new(), drops: Vec::new() }
}

impl Builder {
    /// A step of the upgrade.
    pub fn up(self, statements: &[&str]) -> Builder {
        self.up_step(Rebuild::Nothing, statements.iter().map(|sql| (Action::Run, *sql)))
    }

    /// A step of the upgrade that rebuilds a table.
    pub fn rebuild<'s>(self, statements: impl IntoIterator<Item = (Action, &'s str)>) -> Builder {
        self.up_step(Rebuild::Tables, statements)
    }

    fn up_step<'s>(mut self, rebuild: Rebuild, statements: impl IntoIterator<Item = (Action, &'s str)>) -> Builder {
        self.up.push(step((self.up.len() + 1, rebuild), statements));
        self
    }

    /// A step of the downgrade.
    pub fn down(mut self, statements: &[&str]) -> Builder {
        self.down.push(step((self.down.len() + 1, Rebuild::Nothing), statements.iter().map(|sql| (Action::Run, *sql))));
        self
    }

    /// A step of the upgrade outside of a transaction, with what tells what became of it.
    pub fn alone(mut self, statements: &[&str], probe: &str, cleanup: &[&str]) -> Builder {
        self.up.push(alone(self.up.len() + 1, statements, probe, cleanup));
        self
    }

    /// The same of the downgrade.
    pub fn down_alone(mut self, statements: &[&str], probe: &str, cleanup: &[&str]) -> Builder {
        self.down.push(alone(self.down.len() + 1, statements, probe, cleanup));
        self
    }

    /// A step of the upgrade in batches.
    pub fn batches(self, next: &str, statements: &[&str]) -> Builder {
        self.batches_by(Cursor::Text, next, statements)
    }

    /// A step of the upgrade in batches by a key.
    pub fn batches_by(mut self, cursor: Cursor, next: &str, statements: &[&str]) -> Builder {
        let number = self.up.len() + 1;
        let step = step((number, Rebuild::Nothing), statements.iter().map(|sql| (Action::Run, *sql)));
        self.up.push(Step { mode: Mode::Batches { next: next.to_owned().into(), cursor }, ..step });
        self
    }

    /// A guard of the downgrade.
    pub fn guard(mut self, query: &str, refusal: &str) -> Builder {
        self.guards.push(Guard { query: query.to_owned().into(), refusal: refusal.to_owned().into() });
        self
    }

    /// A guard of the last step of the upgrade.
    ///
    /// # Panics
    /// There is no step yet.
    pub fn guard_up(mut self, query: &str, refusal: &str) -> Builder {
        let guard = Guard { query: query.to_owned().into(), refusal: refusal.to_owned().into() };
        self.up.last_mut().expect("a step to guard").guards.to_mut().push(guard);
        self
    }

    /// Something that the downgrade drops.
    pub fn drops(mut self, table: &str) -> Builder {
        let query = format!("SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT 10001) AS counted");
        let (what, reads) = (format!("rows of `{table}`"), vec![table.to_owned().into()]);
        self.drops.push(Tally { query: query.into(), what: what.into(), reads: reads.into() });
        self
    }

    /// What a reader of a plan should know.
    pub fn notes(mut self, notes: &[&str]) -> Builder {
        self.compiled.notes = notes.iter().map(|one| (*one).to_owned().into()).collect();
        self
    }

    /// Other operations, and so another checksum.
    pub fn operations(mut self, operations: &[&str]) -> Builder {
        self.compiled.operations = operations.iter().map(|one| (*one).to_owned().into()).collect();
        self.checksum = format!("v1:{}", operations.join("|"));
        self
    }

    /// No downgrade.
    pub fn irreversible(mut self, reason: &str) -> Builder {
        self.compiled.level = Level::Irreversible;
        self.compiled.irreversible = Some(reason.to_owned().into());
        self
    }

    fn build(mut self) -> &'static Migration {
        self.down.first_mut().into_iter().for_each(|first| first.guards = self.guards.clone().into());
        let scripts = Database::ALL.iter().copied().map(|database| Script {
            database,
            upgrade: self.up.clone().into(),
            downgrade: self.down.clone().into(),
            drops: self.drops.clone().into(),
            moves: Vec::new().into(),
            keep: None,
        });
        self.compiled.scripts = scripts.collect();
        Box::leak(Box::new(Migration::new(self.id, self.parents, self.checksum, self.compiled)))
    }
}

fn step<'s>((number, rebuild): (usize, Rebuild), statements: impl IntoIterator<Item = (Action, &'s str)>) -> Step {
    let statements = statements.into_iter().map(|(action, sql)| Statement {
        action,
        sql: sql.to_owned().into(),
        operation: format!("sql {sql:?};").into(),
    });
    let statements: Vec<Statement> = statements.collect();
    Step { id: number.to_string().into(), ..Step::transaction(rebuild, statements) }
}

fn alone(number: usize, statements: &[&str], probe: &str, cleanup: &[&str]) -> Step {
    let run = |list: &[&str]| step((number, Rebuild::Nothing), list.iter().map(|sql| (Action::Run, *sql)));
    let probe = Probe { query: probe.to_owned().into(), cleanup: run(cleanup).statements };
    Step { mode: Mode::Alone, probe: Some(probe), ..run(statements) }
}

/// A history of both databases.
pub fn history(migrations: impl IntoIterator<Item = Builder>) -> History {
    History::new(
        "tests".into(),
        Database::ALL.iter().copied().map(Version::oldest).collect(),
        migrations.into_iter().map(Builder::build).collect(),
    )
}

/// A migration that makes a table of its own id and drops it again.
pub fn table(id: &str, parents: &[&str]) -> Builder {
    let (up, down) = (format!("CREATE TABLE {id} (n integer)"), format!("DROP TABLE {id}"));
    migration(id, parents).up(&[&up]).down(&[&down])
}

/// Tables `a`, `b` and `c`, one after the other.
pub fn three() -> History {
    history([table("a", &[]), table("b", &["a"]), table("c", &["b"])])
}
