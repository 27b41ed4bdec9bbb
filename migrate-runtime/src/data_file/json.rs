//! Objects whose members are columns, in one array or one a line. A number is its digits as they are written.

use std::collections::BTreeMap;

use migrate_history::{DataColumn, DataFile, DataValues};
use serde_json::value::RawValue;

use super::check::{Cell, checked};
use super::error::{DataFileError, FilePlace};

type JsonRow = BTreeMap<String, Box<RawValue>>;

/// The rows of one array.
pub(super) fn array(file: &DataFile, text: &str) -> Result<Vec<Vec<Cell>>, DataFileError> {
    let wrong = |error: serde_json::Error| unreadable(file, FilePlace::Line(error.line() as u64), &error);
    let objects: Vec<JsonRow> = serde_json::from_str(text).map_err(wrong)?;
    let numbered = (1_u64..).zip(objects);
    numbered.map(|(number, object)| row((file, FilePlace::Row(number)), object)).collect()
}

/// The rows of objects that are a line each; empty lines are left out.
pub(super) fn lines(file: &DataFile, text: &str) -> Result<Vec<Vec<Cell>>, DataFileError> {
    let numbered = (1_u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let read = |(number, line): (u64, &str)| {
        let place = FilePlace::Line(number);
        let object = serde_json::from_str(line).map_err(|error| unreadable(file, place, &error))?;
        row((file, place), object)
    };
    numbered.map(read).collect()
}

fn row((file, place): (&DataFile, FilePlace), mut object: JsonRow) -> Result<Vec<Cell>, DataFileError> {
    let mut cells = Vec::new();
    for column in file.columns {
        let wrong = |what: String| DataFileError::new(file, place, what).of_column(column.name);
        let value = object.remove(column.name).map_or(Ok(None), |value| cell(column, &value)).map_err(wrong)?;
        cells.push(checked((file, place), column, value)?);
    }
    match object.into_keys().next() {
        Some(name) => Err(DataFileError::new(file, place, format!("the statement has no column `{name}`"))),
        None => Ok(cells),
    }
}

/// A value as text.
fn cell(column: &DataColumn, value: &RawValue) -> Result<Cell, String> {
    let written = value.get();
    match (written.as_bytes().first(), column.values) {
        _ if written == "null" => Ok(None),
        (_, DataValues::Json) => Ok(Some(written.to_owned())),
        (Some(b'"'), _) => serde_json::from_str(written).map(Some).map_err(|error| error.to_string()),
        (Some(b'[' | b'{'), _) => Err("a list or an object is a value of a `json` column only".to_owned()),
        (Some(_) | None, _) => Ok(Some(written.to_owned())),
    }
}

fn unreadable(file: &DataFile, place: FilePlace, error: &serde_json::Error) -> DataFileError {
    DataFileError::new(file, place, error.to_string())
}
