//! Statements about rows, which the databases write alike.

use migrate_history::{Action, ROWS_TABLE, Rebuild};

use crate::expr::{Expr, FromTable, Select};
use crate::name::Name;
use crate::problem::Role;
use crate::rows::{Assignment, ChangedRows, Given, KeyConflict, RowChange, RowLock, RowRecord, RowsRead, Which};
use crate::schema::{Column, CounterKind, Table};
use crate::sql::dialect::{RowAge, RowSource, Writer};
use crate::sql::{Rendered, Sql, Unsupported, query, quote};
use crate::types::Type;
use crate::typing::{Frame, Readable};

/// How many rows one statement inserts: some thousands of literals, far below what a database reads in one statement.
const MOST_ROWS: usize = 1000;

/// What rows get, the table that is read with them, and which rows.
type UpdateOf<'u> = (&'u [Assignment], Option<&'u FromTable>, &'u Which);

/// A change of rows as statements; the writer has the columns of the table.
pub(super) fn change(writer: &Writer<'_>, changed: &ChangedRows) -> Result<Rendered, Unsupported> {
    reading(writer, changed, |writer| written(writer, changed))
}

/// Writes a change of rows with what its expressions can name.
pub(super) fn reading<T>(writer: &Writer<'_>, changed: &ChangedRows, write: impl FnOnce(&Writer<'_>) -> T) -> T {
    let tables = Readable::Listed(&changed.read);
    let from = if let RowChange::Update { from, .. } = &changed.change { from.as_deref() } else { None };
    let frame = Frame::beside(&changed.table, &changed.body, from, tables);
    write(&writer.reading(tables, &frame))
}

fn written(writer: &Writer<'_>, changed: &ChangedRows) -> Result<Rendered, Unsupported> {
    let table = quote::name(&changed.table);
    match &changed.change {
        RowChange::Insert { columns, rows, conflict, record } => {
            // Rows may refer to rows after them, if they come in one statement.
            let refers_to_itself = changed.body.foreign_keys().any(|(_, key)| key.table == changed.table);
            let most = if refers_to_itself { rows.len().max(1) } else { MOST_ROWS };
            let statement = |rows| insert(writer, (&table, &changed.body), columns, rows, *conflict);
            let inserts = rows.chunks(most).map(|rows| Ok((Action::Run, statement(rows)?))).collect::<Result<Vec<_>, _>>()?;
            Ok(recording(writer, changed, record.as_ref(), inserts))
        }
        RowChange::Load { columns, file, conflict, record } => {
            let load = load(writer, (&table, &changed.body), columns, file, *conflict)?;
            Ok(recording(writer, changed, record.as_ref(), vec![(Action::Load, load)]))
        }
        RowChange::InsertQuery { columns, query, conflict, record, locks } => {
            let lock = if *locks == RowLock::UntilCommit { writer.features().row_lock } else { "" };
            let insert = insert_query(writer, (&table, &changed.body), columns, query, *conflict)? + lock;
            Ok(recording(writer, changed, record.as_ref(), vec![(Action::Run, insert)]))
        }
        RowChange::Update { sets, from, which, batches: _ } => {
            let reads_itself = from.is_none() && changed.reads == RowsRead::Changed;
            if reads_itself && writer.features().updates_see_new_values {
                return Ok(Rendered::run([update_at_once(writer, changed, sets, which)?]));
            }
            let Updated { values, from, condition } = updated(writer, &changed.body, (sets, from.as_deref(), which))?;
            let condition = condition.map(|condition| format!(" WHERE {condition}")).unwrap_or_default();
            Ok(Rendered::run([format!("UPDATE {table} SET {values}{from}{condition}")]))
        }
        RowChange::Delete { which } => {
            let after = if let Which::Recorded(record) = which { Some(forgotten(record)) } else { None };
            Ok(Rendered::run(std::iter::once(format!("DELETE FROM {table}{}", filter(writer, which)?)).chain(after)))
        }
        RowChange::Truncate => Ok(Rendered::run([writer.dialect.emptied(&changed.table)])),
    }
}

/// Statements that insert rows, with what records the keys of those that are inserted.
fn recording(writer: &Writer<'_>, changed: &ChangedRows, record: Option<&RowRecord>, inserts: Vec<(Action, String)>) -> Rendered {
    let statements = match record {
        Some(record) => {
            let begun = begun(writer, record).into_iter().map(|sql| (Action::Run, sql));
            begun.chain(writer.dialect.recording(changed, record, inserts)).collect()
        }
        None => inserts,
    };
    Rendered { statements, rebuild: Rebuild::Nothing }
}

/// `INSERT INTO "t" (…) SELECT …` over the rows of a file, each an array of texts.
fn load(writer: &Writer<'_>, (table, body): (&str, &Table), columns: &[String], file: &str, conflict: KeyConflict) -> Sql {
    let RowSource { from, value, condition } = writer.dialect.rows_of(&format!("{{rows of {file}}}"));
    let found = columns.iter().enumerate().filter_map(|(place, name)| Some((place, body.column(name)?)));
    let values = found.map(|(place, column)| writer.dialect.converted(value(place), &Type::Text, &column.ty));
    let values = values.collect::<Result<Vec<_>, _>>()?.join(",\n    ");
    let skips = match conflict {
        KeyConflict::Fails => String::new(),
        KeyConflict::Skips => format!("{condition}{}", skipping(conflict)),
    };
    Ok(format!("INSERT INTO {table} ({})\nSELECT {values}\nFROM {from}{skips}", quote::idents(columns)))
}

/// `INSERT INTO "t" (…) VALUES …`, a line a row.
fn insert(
    writer: &Writer<'_>,
    (table, body): (&str, &Table),
    columns: &[String],
    rows: &[Vec<Given>],
    conflict: KeyConflict,
) -> Sql {
    let found: Vec<Option<&Column>> = columns.iter().map(|name| body.column(name)).collect();
    let row = |row: &Vec<Given>| {
        let values = row.iter().zip(&found).filter_map(|(given, column)| Some((given, (*column)?)));
        let values = values.map(|(given, column)| self::given(writer, given, column, RowAge::New));
        Ok(format!("({})", values.collect::<Result<Vec<_>, _>>()?.join(", ")))
    };
    let rows = rows.iter().map(row).collect::<Result<Vec<_>, Unsupported>>()?;
    let (into, skips) = (quote::idents(columns), skipping(conflict));
    Ok(format!("INSERT INTO {table} ({into}) VALUES\n    {}{skips}", rows.join(",\n    ")))
}

fn skipping(conflict: KeyConflict) -> &'static str {
    match conflict {
        KeyConflict::Fails => "",
        KeyConflict::Skips => "\nON CONFLICT DO NOTHING",
    }
}

/// `INSERT INTO "t" (…) SELECT …`. A literal in a query has the type of its column.
fn insert_query(
    writer: &Writer<'_>,
    (table, body): (&str, &Table),
    columns: &[String],
    query: &Select,
    conflict: KeyConflict,
) -> Sql {
    let value = |writer: &Writer<'_>, place: usize, value: &Expr| {
        let Some(column) = columns.get(place).and_then(|name| body.column(name)) else { return writer.expr(value) };
        let assigned = writer.assigned(value, &column.ty)?;
        let is_literal = matches!(value, Expr::Text(_) | Expr::Array(_) | Expr::Null);
        if is_literal { writer.dialect.typed(assigned, &column.ty) } else { Ok(assigned) }
    };
    let (query, skips) = match conflict {
        KeyConflict::Fails => (query.clone(), ""),
        // After a table `ON` would begin the condition of a join (SQLite manual, "UPSERT", "Parsing Ambiguity").
        KeyConflict::Skips => {
            let filter = query.filter.clone().or(Some(Expr::Bool(true)));
            (Select { filter, ..query.clone() }, "\nON CONFLICT DO NOTHING")
        }
    };
    let query = writer.without_columns().selecting(&query, value)?;
    // Rows that come back have their own numbers, also where the database alone gives new ones.
    let is_numbered = |name: &String| {
        let counter = body.column(name).and_then(|column| column.counter.as_ref());
        counter.is_some_and(|counter| counter.kind == CounterKind::Always)
    };
    let overriding = writer.features().sequences && columns.iter().any(is_numbered);
    let overriding = if overriding { " OVERRIDING SYSTEM VALUE" } else { "" };
    Ok(format!("INSERT INTO {table} ({}){overriding}\n{query}{skips}", quote::idents(columns)))
}

/// The parts of an `UPDATE`.
pub(super) struct Updated {
    /// What comes after `SET`.
    pub values: String,
    /// The other table, with its keyword.
    pub from: String,
    /// What comes after `WHERE`.
    pub condition: Option<String>,
}

/// `UPDATE "t" SET … FROM … WHERE …`, in its parts.
pub(super) fn updated(writer: &Writer<'_>, body: &Table, (sets, from, which): UpdateOf<'_>) -> Result<Updated, Unsupported> {
    let known = sets.iter().filter_map(|set| Some((set, body.column(&set.column)?)));
    let set = known.map(|(set, column)| {
        let value = given(writer, &set.value, column, RowAge::There)?;
        Ok(format!("{} = {value}", quote::ident(&set.column)))
    });
    let values = set.collect::<Result<Vec<_>, Unsupported>>()?.join(", ");
    let from = from.map(|from| format!(" FROM {}", query::table(from))).unwrap_or_default();
    Ok(Updated { values, from, condition: condition(writer, which)? })
}

/// `UPDATE "t" SET … FROM (SELECT …)`: what each row gets is known before the first of them has it.
fn update_at_once(writer: &Writer<'_>, changed: &ChangedRows, sets: &[Assignment], which: &Which) -> Sql {
    let (table, body) = (quote::name(&changed.table), &changed.body);
    let known: Vec<_> = sets.iter().filter_map(|set| Some((set, body.column(&set.column)?))).collect();
    let value = |(place, (set, column)): (usize, &(&Assignment, &Column))| {
        Ok(format!("{} AS value{place}", self::given(writer, &set.value, column, RowAge::There)?))
    };
    let values = known.iter().enumerate().map(value).collect::<Result<Vec<_>, Unsupported>>()?.join(", ");
    // The table itself may be called so.
    let given = if table.eq_ignore_ascii_case("\"changed\"") { "given" } else { "changed" };
    let set = known.iter().enumerate().map(|(place, (set, _))| format!("{} = {given}.value{place}", quote::ident(&set.column)));
    let Some(number) = row_number(body) else {
        let what = "values of other rows for a table with columns `rowid`, `_rowid_` and `oid` are not supported on SQLite";
        return Err(Unsupported::new(Role::Table, changed.table.to_string(), what));
    };
    let (set, filter) = (set.collect::<Vec<_>>().join(", "), filter(writer, which)?);
    Ok(format!(
        "UPDATE {table} SET {set} FROM (SELECT {table}.{number} AS number, {values} FROM {table}{filter}) AS {given} \
         WHERE {table}.{number} = {given}.number"
    ))
}

/// What SQLite calls the number of a row, where no column is called so (manual, "Rowid Tables").
fn row_number(body: &Table) -> Option<&'static str> {
    let is_free = |name: &&str| !body.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    ["rowid", "_rowid_", "oid"].into_iter().find(is_free)
}

/// ` WHERE …`
fn filter(writer: &Writer<'_>, which: &Which) -> Sql {
    Ok(condition(writer, which)?.map(|condition| format!(" WHERE {condition}")).unwrap_or_default())
}

/// The condition for rows of the table of the writer; `None` for all.
pub(super) fn condition(writer: &Writer<'_>, which: &Which) -> Result<Option<String>, Unsupported> {
    match which {
        Which::All => Ok(None),
        Which::Where(condition) => writer.expr(condition).map(Some),
        Which::Recorded(record) => recorded(writer, record).map(Some),
    }
}

/// The table of keys, and nothing in it of an earlier time that this one was recorded.
fn begun(writer: &Writer<'_>, record: &RowRecord) -> Vec<String> {
    vec![writer.dialect.table_of_keys(), forgotten(record)]
}

/// The table of keys, its keys being of a type, or of none.
pub(super) fn table_of_keys(ty: &str) -> String {
    let keys: String = keys().map(|key| format!(", {key}{ty}")).collect();
    format!("{} (record text NOT NULL, of_table text NOT NULL{keys}, inserted text)", quote::ident(ROWS_TABLE))
}

/// What takes away what is recorded.
fn forgotten(record: &RowRecord) -> String {
    format!("DELETE FROM {} WHERE record = {}", quote::ident(ROWS_TABLE), quote::text(&record.id))
}

/// The columns of the table of keys.
pub(super) fn keys() -> impl Iterator<Item = String> {
    (1..=4).map(|place| format!("key{place}"))
}

/// The columns that a record of rows of a table is inserted into.
pub(super) fn into(table: &Name, record: &RowRecord) -> (String, String) {
    let keys: Vec<String> = keys().take(record.key.len()).collect();
    let into = format!("INSERT INTO {} (record, of_table, {}, inserted)", quote::ident(ROWS_TABLE), keys.join(", "));
    (into, format!("{}, {}", quote::text(&record.id), quote::text(&table.to_string())))
}

/// The rows that are recorded and have other values by now, as the text after `FROM`.
pub(super) fn changed(writer: &Writer<'_>, table: &Name, record: &RowRecord) -> Sql {
    let (own, rows, id) = (quote::name(table), quote::ident(ROWS_TABLE), quote::text(&record.id));
    let same = keys().zip(&record.key).filter_map(|(key, name)| {
        let column = writer.columns.iter().find(|column| column.name == *name)?;
        let value = writer.dialect.key_value(&format!("{rows}.{key}"), &column.ty);
        Some(value.map(|value| format!(" AND {own}.{} = {value}", quote::ident(name))))
    });
    let same = same.collect::<Result<String, _>>()?;
    let values: Vec<String> = record.columns.iter().map(|name| format!("{own}.{}", quote::ident(name))).collect();
    let now = writer.dialect.fingerprint(&values);
    Ok(format!("{rows} JOIN {own} ON {rows}.record = {id}{same} WHERE {rows}.inserted <> {now}"))
}

/// `("a", "b") IN (SELECT …)`
fn recorded(writer: &Writer<'_>, record: &RowRecord) -> Sql {
    let known = keys().zip(&record.key).filter_map(|(key, name)| {
        let column = writer.columns.iter().find(|column| column.name == *name)?;
        Some(writer.dialect.key_value(&key, &column.ty))
    });
    let known = known.collect::<Result<Vec<_>, _>>()?.join(", ");
    let own = quote::idents(&record.key);
    let (rows, id) = (quote::ident(ROWS_TABLE), quote::text(&record.id));
    Ok(format!("({own}) IN (SELECT {known} FROM {rows} WHERE record = {id})"))
}

/// A value as it is assigned to a column.
fn given(writer: &Writer<'_>, given: &Given, column: &Column, row: RowAge) -> Sql {
    match given {
        Given::Default => writer.dialect.defaulted(column, row),
        Given::Value(value) => match row {
            RowAge::New => writer.without_columns().assigned(value, &column.ty),
            RowAge::There => writer.assigned(value, &column.ty),
        },
    }
}
