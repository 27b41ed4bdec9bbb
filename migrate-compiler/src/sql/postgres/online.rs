//! Changes of a table in use (manual, "ALTER TABLE", notes; "CREATE INDEX", "Building Indexes Concurrently").

use migrate_history::{Action, Cursor, Mode, Probe, Statement};

use crate::name::Name;
use crate::online::{ConstraintOf, IndexOf, NewColumn, Online, Value};
use crate::schema::{Column, CounterKind, Rule};
use crate::sql::postgres::column::{self, generated};
use crate::sql::postgres::writer::writer;
use crate::sql::postgres::{index, types};
use crate::sql::table::{self, timing};
use crate::sql::{OnlineStep, Sql, Unsupported, batches, quote};

/// How many blocks of a table are gone through in one transaction: 4 MB.
const BLOCKS: u32 = 512;

/// The name that the sequence of a column has while an identity takes its place, in one transaction.
const OLD_SEQUENCE: &str = "migrate_sequence";

/// A change as a step.
pub(super) fn online(change: &Online) -> Result<OnlineStep, Unsupported> {
    match change {
        Online::BuildIndex(of) => built(of),
        Online::BuildKey(of) => built(&of.index()),
        Online::DropIndex(of) => Ok(dropped(of, "")),
        Online::DiscardIndex(of) => Ok(dropped(of, "IF EXISTS ")),
        Online::AddUnchecked(of) => {
            let constraint = table::constraint(&writer(&of.body.columns), &of.constraint)?;
            Ok(OnlineStep::transaction(vec![alter(&of.table, &format!("ADD {constraint} NOT VALID"))]))
        }
        Online::Validate(of) => {
            let what = format!("VALIDATE CONSTRAINT {}", quote::ident(of.constraint.name()));
            Ok(OnlineStep::transaction(vec![alter(&of.table, &what)]))
        }
        Online::TakeIndex(of) => Ok(OnlineStep::transaction(vec![alter(&of.table, &taken(of, of.constraint.name()))])),
        Online::ReplaceKey(key) => {
            let what = format!("DROP CONSTRAINT {}, {}", quote::ident(key.old.name()), taken(&key.new, &key.index));
            Ok(OnlineStep::transaction(vec![alter(&key.new.table, &what)]))
        }
        Online::AddColumn(new) => add_column(new).map(OnlineStep::transaction),
        Online::Fill(new) => fill(new),
        Online::FillRest(new) => Ok(OnlineStep::transaction(vec![filled(new, "")?])),
        Online::Identify(new) => Ok(OnlineStep::transaction(identified(new))),
        Online::Backfill(filled) => batches::step(&writer(&filled.changed.body.columns), &filled.changed),
    }
}

fn alter(table: &Name, what: &str) -> String {
    format!("ALTER TABLE {} {what}", quote::name(table))
}

/// What becomes of an index, asked under its name: where it is there, `valid` or `invalid`.
fn index_probe(name: &Name, [missing, valid, invalid]: [&str; 3], cleanup: Option<String>) -> Probe {
    let name = quote::text(&quote::name(name));
    let query = format!(
        "SELECT CASE WHEN pg_index.indexrelid IS NULL THEN '{missing}' WHEN pg_index.indisvalid THEN '{valid}' ELSE '{invalid}' END \
         FROM (SELECT to_regclass({name}) AS oid) AS named LEFT JOIN pg_index ON pg_index.indexrelid = named.oid"
    );
    let statement = |sql: String| Statement { action: Action::Run, sql: sql.into(), operation: "".into() };
    Probe { query: query.into(), cleanup: cleanup.into_iter().map(statement).collect() }
}

/// An index that is built concurrently. If the build fails, an invalid index remains, which is dropped then.
fn built(of: &IndexOf) -> Result<OnlineStep, Unsupported> {
    let plain = index::create(&of.table, &of.body.columns, &of.index)?;
    let name = of.table.sibling(of.index.name());
    let statements = vec![plain.replacen("INDEX ", "INDEX CONCURRENTLY ", 1)];
    let cleanup = format!("DROP INDEX CONCURRENTLY {}", quote::name(&name));
    let probe = index_probe(&name, ["nothing", "done", "half"], Some(cleanup));
    Ok(OnlineStep { mode: Mode::Alone, statements, probe: Some(probe), plain: vec![plain] })
}

/// An index that is dropped concurrently. Where that is stopped, the index is invalid, and dropped all the same by doing it again.
fn dropped(of: &IndexOf, if_exists: &str) -> OnlineStep {
    let name = of.table.sibling(of.index.name());
    let statements = vec![format!("DROP INDEX CONCURRENTLY {if_exists}{}", quote::name(&name))];
    let plain = vec![format!("DROP INDEX {if_exists}{}", quote::name(&name))];
    let probe = index_probe(&name, ["done", "nothing", "half"], None);
    OnlineStep { mode: Mode::Alone, statements, probe: Some(probe), plain }
}

/// The constraint takes over an index, which gets its name.
fn taken(of: &ConstraintOf, index: &str) -> String {
    let kind = if matches!(of.constraint.rule, Rule::PrimaryKey { .. }) { "PRIMARY KEY" } else { "UNIQUE" };
    let (name, index) = (quote::ident(of.constraint.name()), quote::ident(index));
    format!("ADD CONSTRAINT {name} {kind} USING INDEX {index}{}", timing(of.constraint.timing))
}

fn sequence(new: &NewColumn) -> Option<Name> {
    match &new.value {
        Value::Default(_) => None,
        Value::Counter(counter) => Some(new.table.sibling(counter.sequence.as_str())),
    }
}

/// What each row gets.
fn value(new: &NewColumn) -> Sql {
    match &new.value {
        Value::Default(default) => writer(&[]).assigned(default, &new.column.ty),
        Value::Counter(_) => {
            let sequence = sequence(new).map(|name| quote::text(&quote::name(&name))).unwrap_or_default();
            Ok(format!("nextval({sequence}::regclass)"))
        }
    }
}

/// The column without a value for the rows that are there, and its default for those that come.
fn add_column(new: &NewColumn) -> Result<Vec<String>, Unsupported> {
    let bare = Column { nullable: true, default: None, counter: None, ..new.column.clone() };
    let name = quote::ident(&new.column.name);
    let mut statements = vec![alter(&new.table, &format!("ADD COLUMN {}", column::definition(&new.table, &bare)?))];
    if let Some(sequence) = sequence(new) {
        let ty = types::name(&new.column.ty).map_err(|unsupported| column::at_type(unsupported, &new.column))?;
        let owner = quote::name(&new.table);
        statements.push(format!("CREATE SEQUENCE {} AS {ty} OWNED BY {owner}.{name}", quote::name(&sequence)));
    }
    statements.push(alter(&new.table, &format!("ALTER COLUMN {name} SET DEFAULT {}", value(new)?)));
    statements.extend(column::comment(&new.table, &new.column.name, new.column.comment.as_deref()));
    Ok(statements)
}

/// Rows without a value get one.
fn filled(new: &NewColumn, within: &str) -> Sql {
    let (table, name) = (quote::name(&new.table), quote::ident(&new.column.name));
    Ok(format!("UPDATE {table} SET {name} = {} WHERE {within}{name} IS NULL", value(new)?))
}

/// Some blocks of the table after the others (manual, "System Columns", `ctid`). A row that somebody moves to a block that was gone
/// through is left for [`Online::FillRest`].
fn fill(new: &NewColumn) -> Result<OnlineStep, Unsupported> {
    let table = quote::text(&quote::name(&new.table));
    let next = format!(
        "SELECT CASE WHEN begin * current_setting('block_size')::bigint < pg_relation_size({table}::regclass) \
         THEN CAST(begin + {BLOCKS} AS text) END FROM (SELECT CAST(coalesce({{after}}, '0') AS bigint) AS begin) AS place"
    );
    let at = |block: &str| format!("CAST('(' || coalesce({block}, '0') || ',0)' AS tid)");
    let within = format!("ctid >= {} AND ctid < {} AND ", at("{after}"), at("{upto}"));
    let plain = filled(new, "")?;
    // What is in braces is the executor's to fill in.
    if ["{after}", "{upto}"].iter().any(|place| plain.contains(place)) {
        return Ok(OnlineStep::transaction(vec![plain]));
    }
    let mode = Mode::Batches { next: next.into(), cursor: Cursor::Text };
    Ok(OnlineStep { mode, statements: vec![filled(new, &within)?], probe: None, plain: vec![plain] })
}

/// The database numbers the column itself, and continues where the previous sequence of the column is.
fn identified(new: &NewColumn) -> Vec<String> {
    let (Value::Counter(counter), Some(sequence)) = (&new.value, sequence(new)) else { return Vec::new() };
    let old = new.table.sibling(OLD_SEQUENCE);
    let (name, old) = (quote::ident(&new.column.name), quote::name(&old));
    let (sequence, short) = (quote::name(&sequence), quote::ident(OLD_SEQUENCE));
    debug_assert!(counter.kind != CounterKind::Serial, "a serial counts by its default");
    vec![
        alter(&new.table, &format!("ALTER COLUMN {name} DROP DEFAULT")),
        format!("ALTER SEQUENCE {sequence} OWNED BY NONE"),
        format!("ALTER SEQUENCE {sequence} RENAME TO {short}"),
        alter(
            &new.table,
            &format!("ALTER COLUMN {name} ADD GENERATED {} AS IDENTITY (SEQUENCE NAME {sequence})", generated(counter.kind)),
        ),
        format!("SELECT setval({}::regclass, last_value, is_called) FROM {old}", quote::text(&sequence)),
        format!("DROP SEQUENCE {old}"),
    ]
}
