//! Statements that go through a table in batches, in the order of a key.

use migrate_history::{BatchRows, Cursor, Mode};

use crate::rows::{ChangedRows, RowChange};
use crate::schema::Column;
use crate::sql::dialect::Writer;
use crate::sql::{OnlineStep, Sql, Unsupported, quote, rows};

/// A change of rows in batches, as a step. The writer has the columns of the table.
pub(super) fn step(writer: &Writer<'_>, changed: &ChangedRows) -> Result<OnlineStep, Unsupported> {
    rows::reading(writer, changed, |writer| in_batches(writer, changed))
}

fn in_batches(writer: &Writer<'_>, changed: &ChangedRows) -> Result<OnlineStep, Unsupported> {
    let plain = rows::change(writer, changed)?.statements.into_iter().map(|(_, sql)| sql).collect();
    let RowChange::Update { sets, from, which, batches: Some(batches) } = &changed.change else {
        return Ok(OnlineStep::transaction(plain));
    };
    let table = quote::name(&changed.table);
    let columns: Vec<&Column> = batches.key.iter().filter_map(|name| changed.body.column(name)).collect();
    let key = BatchKey { writer, columns: &columns };
    let within =
        format!("{{after?{} > {} AND ?}}{} <= {}", key.written(), key.values("after")?, key.written(), key.values("upto")?);
    let rows::Updated { values, from, condition } = rows::updated(writer, &changed.body, (sets, from.as_deref(), which))?;
    let condition = condition.map(|condition| format!(" AND ({})", BatchRows::escaped(&condition))).unwrap_or_default();
    let [values, from] = [values, from].map(|part| BatchRows::escaped(&part));
    let statement = format!("UPDATE {} SET {values}{from} WHERE {within}{condition}", BatchRows::escaped(&table));
    let mode = Mode::Batches { next: key.next(&table, batches.most)?.into(), cursor: Cursor::Key };
    Ok(OnlineStep { mode, statements: vec![statement], probe: None, plain })
}

/// The key by which a statement goes.
struct BatchKey<'k> {
    writer: &'k Writer<'k>,
    columns: &'k [&'k Column],
}

impl BatchKey<'_> {
    /// Its columns, as one operand.
    fn written(&self) -> String {
        let columns = self.columns.iter().map(|column| BatchRows::escaped(&self.writer.column(&column.name)));
        row(columns.collect())
    }

    /// Its values in a batch, which the executor writes as literals.
    fn values(&self, place: &str) -> Sql {
        let value =
            |(at, column): (usize, &&Column)| self.writer.dialect.of_literal(&format!("{{{place} {}}}", at + 1), &column.ty);
        Ok(row(self.columns.iter().enumerate().map(value).collect::<Result<_, _>>()?))
    }

    /// The query for the last key of the rows that are next, and their number. Where there are enough rows for the batch, the database goes
    /// past them without looking at each; else it counts those that are left.
    fn next(&self, table: &str, most: Option<u64>) -> Sql {
        let names: Vec<String> = self.columns.iter().map(|column| BatchRows::escaped(&quote::ident(&column.name))).collect();
        let (list, table) = (names.join(", "), BatchRows::escaped(table));
        let number = most.map_or("{rows}".to_owned(), |most| format!("{{rows {most}}}"));
        let after = format!("{{after?WHERE {} > {} ?}}", self.written(), self.values("after")?);
        let rows = format!("SELECT {list} FROM {table} {after}ORDER BY {list} LIMIT");
        let literals: Vec<String> = names.iter().map(|name| self.writer.dialect.as_literal(&format!("batch.{name}"))).collect();
        let literals = literals.join(", ");
        let rest = self.writer.dialect.last(&names, &format!("{rows} {number}"));
        Ok(format!(
            "SELECT {literals}, {number} FROM ({rows} 1 OFFSET {number} - 1) AS batch UNION ALL SELECT * FROM ({rest}) AS rest LIMIT 1"
        ))
    }
}

/// One operand of a comparison.
fn row(mut parts: Vec<String>) -> String {
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => format!("({})", parts.join(", ")),
    }
}
