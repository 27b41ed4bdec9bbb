//! A database of a test, and another one beside it that is made as the model says.

use std::collections::BTreeSet;

use migrate_compiler::draft::Draft;
use migrate_compiler::name::Name;
use migrate_compiler::operation::{AddConstraint, CreateIndex, CreateObject, CreateTable, Operation};
use migrate_compiler::schema::{Constraint, Schema, Table};
use migrate_history::{Action, Database, History};
use migrate_live_tests::session::Session;
use migrate_live_tests::snapshot::catalogue;
use migrate_live_tests::{server, sqlite};
use migrate_runtime::Error;

use crate::random;
use crate::rows::{self, Rows};

/// One database.
pub struct Site {
    pub database: Database,
    url: String,
    session: Session,
    model: Session,
    _files: [sqlite::File; 2],
}

/// What there is at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    pub catalogue: BTreeSet<Vec<String>>,
    pub rows: Rows,
}

impl Site {
    pub async fn open(database: Database) -> Site {
        let files = [sqlite::file(), sqlite::file()];
        let urls = match database {
            Database::Postgres => [server::postgres().database().await, server::postgres().database().await],
            Database::Sqlite => [files[0].url(), files[1].url()],
        };
        let (session, model) = (Session::open(&urls[0]).await, Session::open(&urls[1]).await);
        let [url, _] = urls;
        let mut site = Site { database, url, session, model, _files: files };
        site.clear().await;
        site
    }

    /// Takes everything away.
    pub async fn clear(&mut self) {
        if self.database == Database::Sqlite {
            *self = Box::pin(async {
                let files = [sqlite::file(), sqlite::file()];
                let (session, model) = (Session::open(&files[0].url()).await, Session::open(&files[1].url()).await);
                Site { database: Database::Sqlite, url: files[0].url(), session, model, _files: files }
            })
            .await;
            return;
        }
        clear_postgres(&mut self.session).await;
    }

    pub async fn upgrade(&self, history: &History, target: &str) -> Result<(), Error> {
        migrate_runtime::upgrade(&*self.url, history, target).await.map(drop)
    }

    pub async fn downgrade(&self, history: &History, target: &str) -> Result<(), Error> {
        migrate_live_tests::downgrade(&self.url, history, target).await.map(drop)
    }

    pub async fn downgrade_keeping(&self, history: &History, target: &str) -> Result<(), Error> {
        let mut migrator = migrate_runtime::Migrator::new(history).accept_losses().keep_dropped();
        migrator.downgrade(&*self.url, target).await.map(drop)
    }

    pub async fn run(&mut self, sql: &str) -> Result<(), String> {
        self.session.run(sql).await
    }

    /// What there is of a schema.
    pub async fn moment(&mut self, schema: &Schema) -> Moment {
        let catalogue = catalogue(&mut self.session).await;
        Moment { catalogue, rows: rows::read(&mut self.session, self.database, schema).await }
    }

    /// What the catalogue says where the schema is made at once.
    pub async fn made(&mut self, schema: &Schema) -> BTreeSet<Vec<String>> {
        match self.database {
            Database::Postgres => clear_postgres(&mut self.model).await,
            Database::Sqlite => {
                self._files[1] = sqlite::file();
                self.model = Session::open(&self._files[1].url()).await;
            }
        }
        for sql in statements(self.database, schema) {
            self.model.run(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        catalogue(&mut self.model).await
    }

    /// Which rows are there, by the database's own number.
    pub async fn marks(&mut self, schema: &Schema) -> Vec<(Name, Vec<String>)> {
        let mut marks = Vec::new();
        for name in schema.tables().keys() {
            let mark = if self.database == Database::Postgres { "ctid" } else { "rowid" };
            let query = format!("SELECT CAST({mark} AS text) FROM {}", migrate_compiler::sql::quote::name(name));
            marks.push((name.clone(), self.session.column(&query).await));
        }
        marks
    }

    /// Takes the rows away that were not there, whatever refers to them.
    pub async fn remove_others(&mut self, marks: &[(Name, Vec<String>)]) {
        let (mark, before, after) = match self.database {
            Database::Postgres => ("ctid", "SET session_replication_role = replica", "SET session_replication_role = origin"),
            Database::Sqlite => ("rowid", "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"),
        };
        let mut statements = vec![before.to_owned()];
        for (name, marks) in marks {
            let marks: Vec<String> = marks.iter().map(|mark| format!("'{mark}'")).collect();
            let condition =
                if marks.is_empty() { "1 = 1".to_owned() } else { format!("CAST({mark} AS text) NOT IN ({})", marks.join(", ")) };
            statements.push(format!("DELETE FROM {} WHERE {condition}", migrate_compiler::sql::quote::name(name)));
        }
        statements.push(after.to_owned());
        self.session.run(&statements.join("; ")).await.expect("rows can be deleted");
    }
}

async fn clear_postgres(session: &mut Session) {
    let clear = "DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' LOOP
                EXECUTE format('DROP SCHEMA %I CASCADE', name);
            END LOOP;
        END $$; CREATE SCHEMA public; CREATE SCHEMA \"Billing\"";
    session.run(clear).await.expect("a schema can be dropped");
}

/// What makes the schema at once.
fn statements(database: Database, schema: &Schema) -> Vec<String> {
    let mut operations: Vec<Operation> = CreateObject::all(&schema.objects).map(Operation::from).collect();
    // A foreign key may refer to what an index makes unique.
    let mut indexes: Vec<Operation> = Vec::new();
    let mut later: Vec<Operation> = Vec::new();
    for (name, table) in schema.tables().iter() {
        let known = |constraint: &&Constraint| constraint.foreign_key().is_none();
        let (own, others): (Vec<&Constraint>, Vec<&Constraint>) =
            table.constraints.iter().partition(|constraint| known(constraint));
        let bare = Table { constraints: own.into_iter().cloned().collect(), indexes: Vec::new(), ..(**table).clone() };
        operations.push(CreateTable { name: name.clone(), table: bare }.into());
        indexes.extend(table.indexes.iter().map(|index| CreateIndex { table: name.clone(), index: index.clone() }.into()));
        later.extend(
            others.into_iter().map(|constraint| AddConstraint { table: name.clone(), constraint: constraint.clone() }.into()),
        );
    }
    let pieces = operations
        .into_iter()
        .chain(indexes)
        .chain(later)
        .enumerate()
        .map(|(number, operation)| random::piece(operation, number));
    // Each side of a merge may have made the same key.
    let mut draft = Draft { pieces: pieces.collect(), ..Draft::default() };
    let outcome = random::accepted(&random::root(&[database]).next(""), &mut draft);
    let migration = outcome.migration.unwrap_or_else(|| panic!("{:#?}", outcome.problems));
    let script = migration.compiled().script(database).expect("it was made for it");
    let statements = script.upgrade.iter().flat_map(|step| step.inside()).filter(|one| one.action == Action::Run);
    statements.map(|statement| statement.sql.to_string()).collect()
}
