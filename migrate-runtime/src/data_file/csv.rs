//! Values separated by commas or tabs, after RFC 4180. The first line has the names of the columns.

use csv::{ReaderBuilder, StringRecord, Trim};
use migrate_history::{DataColumn, DataFile, DataValues};

use super::check::{Cell, checked};
use super::error::{DataFileError, FilePlace};

/// The rows of a text.
pub(super) fn rows(file: &DataFile, text: &str, separator: u8) -> Result<Vec<Vec<Cell>>, DataFileError> {
    let mut reader = ReaderBuilder::new().delimiter(separator).flexible(true).trim(Trim::Headers).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| unreadable(file, &error))?;
    let order = order(file, header)?;
    let width = header.len();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(file, &error))?;
        rows.push(row(file, &record, (&order, width))?);
    }
    Ok(rows)
}

/// Where the values of each column of the statement are.
fn order(file: &DataFile, header: &StringRecord) -> Result<Vec<usize>, DataFileError> {
    let wrong = |what: String| DataFileError::new(file, FilePlace::Line(1), what);
    for (at, name) in header.iter().enumerate() {
        if !file.columns.iter().any(|column| column.name == name) {
            return Err(wrong(format!("the statement has no column `{name}`")));
        }
        if header.iter().take(at).any(|earlier| earlier == name) {
            return Err(wrong(format!("duplicate column `{name}`")));
        }
    }
    let place = |column: &DataColumn| header.iter().position(|name| name == column.name);
    let missing = |column: &DataColumn| wrong(format!("the column `{}` is missing", column.name));
    file.columns.iter().map(|column| place(column).ok_or_else(|| missing(column))).collect()
}

fn row(file: &DataFile, record: &StringRecord, (order, width): (&[usize], usize)) -> Result<Vec<Cell>, DataFileError> {
    let place = FilePlace::Line(record.position().map_or(0, csv::Position::line));
    if record.len() != width {
        return Err(DataFileError::new(file, place, format!("the line has {} of {width} values", record.len())));
    }
    let cell = |(column, at): (&DataColumn, &usize)| {
        let text = record.get(*at).unwrap_or_default();
        checked((file, place), column, value(column, text))
    };
    file.columns.iter().zip(order).map(cell).collect()
}

/// Nothing between two separators is null, and the empty text where a text must be there.
fn value(column: &DataColumn, text: &str) -> Cell {
    let may_be_empty = matches!(column.values, DataValues::Text { .. }) && !column.nullable;
    (!text.is_empty() || may_be_empty).then(|| text.to_owned())
}

fn unreadable(file: &DataFile, error: &csv::Error) -> DataFileError {
    let place = error.position().map_or(FilePlace::Whole, |position| FilePlace::Line(position.line()));
    DataFileError::new(file, place, error.to_string())
}
