//! Statements about rows, which the databases write alike.

use crate::expr::{Expr, Select};
use crate::rows::{Assignment, ChangedRows, Given, KeyConflict, RowChange, Which};
use crate::schema::{Column, Table, Tables};
use crate::sql::dialect::{RowAge, Writer};
use crate::sql::{Rendered, Sql, Unsupported, query, quote};
use crate::typing::Frame;

/// How many rows one statement inserts: some thousands of literals, far below what a database reads in one statement.
const MOST_ROWS: usize = 1000;

/// A change of rows as statements; the writer has the columns of the table.
pub(super) fn change(writer: &Writer<'_>, changed: &ChangedRows) -> Result<Rendered, Unsupported> {
    let table = quote::name(&changed.table);
    let tables = Tables::of(&changed.objects);
    let from = if let RowChange::Update { from, .. } = &changed.change { from.as_ref() } else { None };
    let frame = Frame::beside(&changed.table, &changed.body, from, tables);
    let writer = &writer.reading(tables, &frame);
    match &changed.change {
        RowChange::Insert { columns, rows, conflict } => {
            // Rows may refer to rows after them, if they come in one statement.
            let refers_to_itself = changed.body.foreign_keys().any(|(_, key)| key.table == changed.table);
            let most = if refers_to_itself { rows.len().max(1) } else { MOST_ROWS };
            let statement = |rows| insert(writer, (&table, &changed.body), columns, rows, *conflict);
            Ok(Rendered::run(rows.chunks(most).map(statement).collect::<Result<Vec<_>, _>>()?))
        }
        RowChange::InsertQuery { columns, query, conflict } => {
            Ok(Rendered::run([insert_query(writer, (&table, &changed.body), columns, query, *conflict)?]))
        }
        RowChange::Update { sets, from: Some(from), which } => {
            let update = update(writer, (&table, &changed.body), sets, &format!(" FROM {}", query::table(from)))?;
            Ok(Rendered::run([update + &filter(writer, which)?]))
        }
        RowChange::Update { sets, from: None, which } => {
            let reads_itself = changed.change.tables_read().contains(&changed.table);
            if reads_itself && writer.features().updates_see_new_values {
                return Ok(Rendered::run([update_at_once(writer, (&table, &changed.body), sets, which)?]));
            }
            Ok(Rendered::run([update(writer, (&table, &changed.body), sets, "")? + &filter(writer, which)?]))
        }
        RowChange::Delete { which } => Ok(Rendered::run([format!("DELETE FROM {table}{}", filter(writer, which)?)])),
        RowChange::Truncate => Ok(Rendered::run([writer.dialect.emptied(&changed.table)])),
    }
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
    let skips = match conflict {
        KeyConflict::Fails => "",
        KeyConflict::Skips => "\nON CONFLICT DO NOTHING",
    };
    Ok(format!("INSERT INTO {table} ({}) VALUES\n    {}{skips}", quote::idents(columns), rows.join(",\n    ")))
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
    Ok(format!("INSERT INTO {table} ({})\n{query}{skips}", quote::idents(columns)))
}

/// `UPDATE "t" SET …`, and what comes before its condition.
fn update(writer: &Writer<'_>, (table, body): (&str, &Table), sets: &[Assignment], from: &str) -> Sql {
    let known = sets.iter().filter_map(|set| Some((set, body.column(&set.column)?)));
    let set = known.map(|(set, column)| {
        let value = given(writer, &set.value, column, RowAge::There)?;
        Ok(format!("{} = {value}", quote::ident(&set.column)))
    });
    let set = set.collect::<Result<Vec<_>, Unsupported>>()?;
    Ok(format!("UPDATE {table} SET {}{from}", set.join(", ")))
}

/// `UPDATE "t" SET … FROM (SELECT …)`: what each row gets is known before the first of them has it.
fn update_at_once(writer: &Writer<'_>, (table, body): (&str, &Table), sets: &[Assignment], which: &Which) -> Sql {
    let known: Vec<_> = sets.iter().filter_map(|set| Some((set, body.column(&set.column)?))).collect();
    let value = |(place, (set, column)): (usize, &(&Assignment, &Column))| {
        Ok(format!("{} AS value{place}", given(writer, &set.value, column, RowAge::There)?))
    };
    let values = known.iter().enumerate().map(value).collect::<Result<Vec<_>, Unsupported>>()?.join(", ");
    let set = known.iter().enumerate().map(|(place, (set, _))| format!("{} = changed.value{place}", quote::ident(&set.column)));
    let number = row_number(body);
    let (set, filter) = (set.collect::<Vec<_>>().join(", "), filter(writer, which)?);
    Ok(format!(
        "UPDATE {table} SET {set} FROM (SELECT {table}.{number} AS number, {values} FROM {table}{filter}) AS changed \
         WHERE {table}.{number} = changed.number"
    ))
}

/// What SQLite calls the number of a row, where no column is called so (manual, "Rowid Tables").
fn row_number(body: &Table) -> &'static str {
    let is_free = |name: &&str| !body.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    ["rowid", "_rowid_", "oid"].into_iter().find(is_free).unwrap_or("rowid")
}

/// ` WHERE …`
fn filter(writer: &Writer<'_>, which: &Which) -> Sql {
    match which {
        Which::All => Ok(String::new()),
        Which::Where(condition) => Ok(format!(" WHERE {}", writer.expr(condition)?)),
    }
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
