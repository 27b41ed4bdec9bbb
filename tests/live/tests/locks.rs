//! What a step says about locks and rows, compared with what PostgreSQL does: `pg_locks` while the step holds what it has locked, the
//! files of tables and indexes before and after it, and the server's own count of scans.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use migrate_compiler::draft::{Draft, Piece};
use migrate_compiler::problem::{PieceId, Problem};
use migrate_compiler::{difference, example, operation::Operation};
use migrate_history::{BatchRows, Cursor, Database, History, Lock, Mode, Rest, Step, Work};
use migrate_live_tests::changes::WRITTEN;
use migrate_live_tests::session::Session;
use migrate_live_tests::{compiled, server, shell, written};

/// Rows for the example schema.
const ROWS: &str = "
    INSERT INTO users (email, nickname, visits, active) VALUES ('a@b.c', 'ann', 3, TRUE), ('b@b.c', 'bob', 0, FALSE);
    INSERT INTO posts (user_id, reply_to, title, score) SELECT id, NULL, 'first', 0.5 FROM users WHERE nickname = 'ann';
    INSERT INTO posts (user_id, reply_to, title, score) SELECT id, 1, 'second', NULL FROM users WHERE nickname = 'bob';
";

/// A table: its file, and those of its indexes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Files {
    name: String,
    own: String,
    indexes: BTreeSet<String>,
}

/// What a step did to each of the tables.
type Effects = BTreeMap<String, (Lock, Work)>;

/// The example schema as one migration, and a change of it as the next.
fn history(prepared: Draft, change: Draft) -> Result<History, Vec<Problem>> {
    let piece = |(number, operation)| Piece {
        id: PieceId(number),
        undo: example::undo(&operation),
        operation,
        only: None,
        allows: Vec::new(),
        settings: Vec::new(),
    };
    let origin = Draft { pieces: example::statements().into_iter().enumerate().map(piece).collect(), ..Draft::default() };
    compiled::tried("locks", Database::Postgres, vec![("origin", origin), ("prepared", prepared), ("change", change)])
}

fn changes() -> Vec<(String, Draft, Draft)> {
    let on_it = |(before, _): &(migrate_compiler::schema::Schema, Operation)| {
        before.databases.contains(&Database::Postgres) && difference::first(before, &example::schema()).is_none()
    };
    let alone = |operation: Operation| {
        let piece = Piece {
            id: PieceId(0),
            undo: example::undo(&operation),
            operation: operation.clone(),
            only: None,
            allows: Vec::new(),
            settings: Vec::new(),
        };
        (operation.to_string(), Draft::default(), Draft { pieces: vec![piece], ..Draft::default() })
    };
    let examples = Operation::examples().into_iter().filter(on_it).map(|(_, operation)| alone(operation));
    examples
        .chain(WRITTEN.iter().map(|(prepared, text)| ((*text).to_owned(), written::draft(prepared), written::draft(text))))
        .collect()
}

/// The tables of the database by their numbers, which stay the same whatever they are called.
async fn files(session: &mut Session) -> BTreeMap<String, Files> {
    let query = "SELECT pg_class.oid::text, CASE WHEN nspname = 'public' THEN '' ELSE nspname || '.' END || relname, \
                 pg_relation_filenode(pg_class.oid)::text, (SELECT string_agg(pg_relation_filenode(indexrelid)::text, ' ') \
                 FROM pg_index WHERE indrelid = pg_class.oid) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace \
                 WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema') AND relname NOT LIKE 'migrate_%'";
    let row = |row: Vec<Option<String>>| {
        let [oid, name, own, indexes] = row.try_into().unwrap();
        let indexes = indexes.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        (oid.unwrap(), Files { name: name.unwrap(), own: own.unwrap(), indexes })
    };
    session.rows(query).await.into_iter().map(row).collect()
}

/// The strongest lock that a session has on each table.
async fn locks(session: &mut Session, pid: &str) -> BTreeMap<String, Lock> {
    let query = format!("SELECT relation::text, mode FROM pg_locks WHERE pid = {pid} AND locktype = 'relation' AND granted");
    let mut strongest = BTreeMap::new();
    for row in session.rows(&query).await {
        let [oid, mode] = row.try_into().unwrap();
        let name = mode.unwrap().trim_end_matches("Lock").chains_of_words();
        let lock = Lock::from_name(&name).unwrap_or_else(|| panic!("{name}"));
        let entry = strongest.entry(oid.unwrap()).or_insert(lock);
        *entry = lock.max(*entry);
    }
    strongest
}

trait Words {
    fn chains_of_words(&self) -> String;
}

impl Words for str {
    /// `AccessExclusive` as `ACCESS EXCLUSIVE`.
    fn chains_of_words(&self) -> String {
        let mut words = String::new();
        for letter in self.chars() {
            if letter.is_uppercase() && !words.is_empty() {
                words.push(' ');
            }
            words.extend(letter.to_uppercase());
        }
        words
    }
}

/// How often each table was read and how many rows were updated, as far as the server has not yet added that to its statistics.
async fn counted(session: &mut Session) -> BTreeMap<String, (u64, u64)> {
    let query = "SELECT relid::text, (seq_scan + coalesce(idx_scan, 0))::text, n_tup_upd::text FROM pg_stat_xact_user_tables";
    let number = |text: Option<String>| text.unwrap().parse::<u64>().unwrap();
    let row = |row: Vec<Option<String>>| {
        let [oid, reads, updates] = row.try_into().unwrap();
        (oid.unwrap(), (number(reads), number(updates)))
    };
    session.rows(query).await.into_iter().map(row).collect()
}

/// What was done with rows between two counts.
fn read_work(before: &BTreeMap<String, (u64, u64)>, after: BTreeMap<String, (u64, u64)>) -> BTreeMap<String, Work> {
    let work = |(oid, (reads, updates)): (String, (u64, u64))| {
        let (read, updated) = before.get(&oid).copied().unwrap_or_default();
        let work = if updates > updated { Work::Update } else { Work::Scan };
        (updates > updated || reads > read).then_some((oid, work))
    };
    after.into_iter().filter_map(work).collect()
}

/// What the files say was done.
fn written_work(before: &Files, after: Option<&Files>) -> Work {
    match after {
        Some(after) if after.own != before.own => Work::Rewrite,
        Some(after) if !after.indexes.is_subset(&before.indexes) => Work::Index,
        Some(_) | None => Work::Nothing,
    }
}

/// Runs a step, and finds out what it does.
async fn measured(url: &str, runner: &mut Session, step: &Step, known: &BTreeMap<String, Files>) -> Effects {
    let before = files(runner).await;
    let (held, read) = match &step.mode {
        Mode::Transaction { .. } | Mode::Batches { .. } => in_transaction(runner, step).await,
        Mode::Alone => (outside(url, step).await, BTreeMap::new()),
        // What it locks is not known before.
        Mode::Program { .. } => return BTreeMap::new(),
        Mode::Unknown { .. } => panic!("no operation is run so: {step:?}"),
    };
    let after = files(runner).await;
    let effect = |(oid, files): (&String, &Files)| {
        let at_first = before.get(oid)?;
        let work = written_work(at_first, after.get(oid)).max(read.get(oid).copied().unwrap_or(Work::Nothing));
        let lock = held.get(oid);
        assert!(lock.is_some() || work == Work::Nothing, "{work:?} without a lock on {}", files.name);
        Some((at_first.name.clone(), (*lock?, work)))
    };
    known.iter().filter_map(effect).collect()
}

/// What a transaction has locked and read before its COMMIT.
async fn in_transaction(runner: &mut Session, step: &Step) -> (BTreeMap<String, Lock>, BTreeMap<String, Work>) {
    runner.run("BEGIN").await.unwrap();
    let filled: Box<dyn Fn(&str) -> String> = match &step.mode {
        Mode::Batches { next, cursor } => {
            let (cursor, mut batch) = (*cursor, BatchRows { rows: 1_000, ..BatchRows::default() });
            let row = runner.rows(&batch.fill(cursor, next)).await.into_iter().next().expect("there are rows");
            let values = row.into_iter().flatten();
            batch.upto = Some(match cursor {
                Cursor::Text => values.map(|value| format!("'{value}'")).collect(),
                Cursor::Key => values.collect(),
            });
            Box::new(move |text| batch.fill(cursor, text))
        }
        Mode::Transaction { .. } | Mode::Alone | Mode::Program { .. } | Mode::Unknown { .. } => Box::new(str::to_owned),
    };
    let before = counted(runner).await;
    for statement in step.statements.iter() {
        let sql = filled(&statement.sql);
        runner.run(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let found = (locks(runner, "pg_backend_pid()").await, read_work(&before, counted(runner).await));
    runner.run("COMMIT").await.unwrap();
    found
}

/// What a statement outside of a transaction has locked while it waits for somebody who writes.
async fn outside(url: &str, step: &Step) -> BTreeMap<String, Lock> {
    let mut writer = Session::open(url).await;
    let mut all = BTreeMap::new();
    for statement in step.statements.iter() {
        writer.run("BEGIN").await.unwrap();
        for touched in step.touches.tables.iter() {
            writer.run(&format!("LOCK TABLE {} IN ROW EXCLUSIVE MODE", touched.quoted())).await.unwrap();
        }
        let mut other = Session::open(url).await;
        let pid = other.column("SELECT pg_backend_pid()").await.pop().unwrap();
        let sql = statement.sql.to_string();
        let running = tokio::spawn(async move { other.run(&sql).await });
        let waits = format!("SELECT 1 FROM pg_stat_activity WHERE pid = {pid} AND wait_event_type = 'Lock'");
        while writer.column(&waits).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        all.extend(locks(&mut writer, &pid).await);
        writer.run("COMMIT").await.unwrap();
        running.await.unwrap().unwrap();
    }
    all
}

fn declared(step: &Step, known: &BTreeMap<String, Files>) -> Effects {
    let tables = step.touches.tables.iter().map(|touched| (touched.to_string(), (touched.lock, touched.work)));
    let all: Effects = tables.collect();
    assert!(all.len() <= known.len(), "{all:?}");
    all
}

/// Whether both say the same. In the table that a foreign key refers to, rows are looked for only where there are some that refer; and of kept rows,
/// which are read before their table is dropped, the server forgets that they were.
fn agree(declared: &Effects, measured: &Effects) -> bool {
    let same = |name: &String, one: (Lock, Work), other: (Lock, Work)| match (one, other) {
        ((Lock::RowShare, Work::Scan), (Lock::RowShare, Work::Nothing)) => true,
        ((Lock::AccessExclusive, Work::Scan), (Lock::AccessExclusive, Work::Nothing)) if name.starts_with("_kept_") => true,
        (one, other) => one == other,
    };
    declared.keys().eq(measured.keys()) && declared.iter().all(|(name, one)| same(name, *one, measured[name]))
}

#[tokio::test]
async fn each_step_does_what_it_says() {
    let (mut wrong, mut met) = (Vec::new(), BTreeSet::new());
    for (told, prepared, change) in changes() {
        let history = match history(prepared, change) {
            Ok(history) => history,
            Err(problems) => {
                wrong.push(format!("{told}: {problems:#?}"));
                continue;
            }
        };
        let script = history.migrations[2].compiled().script(Database::Postgres).unwrap();
        let url = server::postgres().database().await;
        shell::run(&url, "CREATE SCHEMA billing").await;
        migrate_runtime::upgrade(&url, &history, "prepared").await.unwrap();
        shell::run(&url, ROWS).await;
        let mut runner = Session::open(&url).await;
        runner.run("SET TimeZone = 'UTC'").await.unwrap();
        for (way, steps) in [("up", &script.upgrade), ("down", &script.downgrade)] {
            let known = files(&mut runner).await;
            for step in steps.iter() {
                let measured = measured(&url, &mut runner, step, &known).await;
                let declared = declared(step, &known);
                met.extend(declared.values().copied());
                if step.touches.rest == Rest::Nothing && !agree(&declared, &measured) {
                    let sql: Vec<&str> = step.statements.iter().map(|one| &*one.sql).collect();
                    wrong.push(format!("{told} ({way}, step {})\n  says {declared:?}\n  does {measured:?}\n  {sql:#?}", step.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{} steps", wrong.join("\n\n"), wrong.len());
    for (lock, work) in [
        (Lock::AccessExclusive, Work::Nothing),
        (Lock::AccessExclusive, Work::Scan),
        (Lock::AccessExclusive, Work::Index),
        (Lock::AccessExclusive, Work::Rewrite),
        (Lock::ShareRowExclusive, Work::Nothing),
        (Lock::ShareUpdateExclusive, Work::Nothing),
        (Lock::ShareUpdateExclusive, Work::Scan),
        (Lock::ShareUpdateExclusive, Work::Index),
        (Lock::RowExclusive, Work::Update),
        (Lock::RowShare, Work::Scan),
    ] {
        assert!(met.contains(&(lock, work)), "no step of these has {lock}, {work:?}");
    }
}
