//! The rows of a file that a migration inserts: read and checked as a whole before any query, then sent in
//! chunks, each as one JSON text.

mod check;
mod csv;
mod error;
mod json;

use migrate_history::DataFile;

use self::check::Cell;
pub use self::error::{DataFileError, FilePlace};

/// The most rows that go to the database at once.
const ROWS: usize = 1_000;

/// The most bytes of values that go to the database at once, unless one row alone has more.
const BYTES: usize = 1 << 20;

/// How a file is read.
enum FileFormat {
    /// The first line has the names of the columns.
    Separated(u8),
    /// One array of objects.
    Array,
    /// An object a line.
    Lines,
}

/// The rows of a file, each with a value for each column of the statement, in its order.
///
/// # Errors
/// The file cannot be read, or a value is none of its column.
pub(crate) fn rows(file: &DataFile) -> Result<Vec<Vec<Cell>>, DataFileError> {
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(file.text);
    match format(file.name) {
        Some(FileFormat::Separated(by)) => csv::rows(file, text, by),
        Some(FileFormat::Array) => json::array(file, text),
        Some(FileFormat::Lines) => json::lines(file, text),
        None => Err(DataFileError::new(file, FilePlace::Whole, "its name must end with `.csv`, `.tsv`, `.json` or `.jsonl`")),
    }
}

/// Whether each value of a file is one of its column; what the test of a migration with a file asks.
///
/// # Errors
/// See [`DataFileError`].
#[doc(hidden)]
pub fn check(file: &DataFile) -> Result<(), DataFileError> {
    rows(file).map(drop)
}

fn format(name: &str) -> Option<FileFormat> {
    match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "csv" => Some(FileFormat::Separated(b',')),
        "tsv" => Some(FileFormat::Separated(b'\t')),
        "json" => Some(FileFormat::Array),
        "jsonl" | "ndjson" => Some(FileFormat::Lines),
        _ => None,
    }
}

/// The rows as JSON texts, each an array of arrays of texts and nulls.
pub(crate) fn chunks(rows: &[Vec<Cell>]) -> Vec<String> {
    let mut chunks = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (at, row) in rows.iter().enumerate() {
        let size: usize = row.iter().flatten().map(String::len).sum();
        if at > start && (at - start == ROWS || bytes + size > BYTES) {
            chunks.push(serde_json::json!(rows[start..at]).to_string());
            (start, bytes) = (at, 0);
        }
        bytes += size;
    }
    if start < rows.len() {
        chunks.push(serde_json::json!(rows[start..]).to_string());
    }
    chunks
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that finds something else stops")]
mod tests {
    use migrate_history::{DataColumn, DataValues};

    use super::*;

    const COLUMNS: &[DataColumn] = &[
        DataColumn { name: "code", values: DataValues::Text { most: Some(3) }, nullable: false },
        DataColumn { name: "people", values: DataValues::Integer { low: 0, high: 100 }, nullable: true },
        DataColumn { name: "more", values: DataValues::Json, nullable: true },
    ];

    fn file(name: &'static str, text: &'static str) -> DataFile {
        DataFile { name, text, columns: COLUMNS }
    }

    fn read(name: &'static str, text: &'static str) -> Result<Vec<Vec<Option<String>>>, String> {
        rows(&file(name, text)).map_err(|error| error.to_string())
    }

    fn row(cells: [Option<&str>; 3]) -> Vec<Cell> {
        cells.map(|cell| cell.map(str::to_owned)).to_vec()
    }

    #[test]
    fn every_form_gives_the_same_rows_in_the_order_of_the_statement() {
        let expected = Ok(vec![row([Some("AD"), Some("77"), Some(r#"{"a": [1.10]}"#)]), row([Some("a\"b"), None, None])]);
        let csv = "\u{feff}people,code,more\r\n77,AD,\"{\"\"a\"\": [1.10]}\"\r\n,\"a\"\"b\",\r\n";
        assert_eq!(read("a.csv", csv), expected);
        assert_eq!(read("a.TSV", "more\tpeople\tcode\n\"{\"\"a\"\": [1.10]}\"\t77\tAD\n\t\t\"a\"\"b\""), expected);
        let written = |text: String| -> &'static str { text.leak() };
        let first = r#"{"code": "AD", "people": 77, "more": {"a": [1.10]}}"#;
        assert_eq!(read("a.json", written(format!("[{first}, {{\"code\": \"a\\\"b\"}}]"))), expected);
        assert_eq!(read("a.jsonl", written(format!("{first}\n\n{{\"code\": \"a\\\"b\", \"people\": null}}\n"))), expected);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let said = |name, text| read(name, text).unwrap_err();
        let header = "code,people,more\n";
        let line = |rest: &str| -> &'static str { format!("{header}{rest}").leak() };
        assert_eq!(said("a.csv", "code,people\n"), "`a.csv`, line 1: the column `more` is missing");
        assert_eq!(said("a.csv", "code,people,more,nick\n"), "`a.csv`, line 1: the statement has no column `nick`");
        assert_eq!(said("a.csv", "code,people,more,code\n"), "`a.csv`, line 1: duplicate column `code`");
        assert_eq!(said("a.csv", ""), "`a.csv`, line 1: the column `code` is missing");
        assert_eq!(said("a.csv", line("AD,1\n")), "`a.csv`, line 2: the line has 2 of 3 values");
        assert_eq!(said("a.csv", line("AD,1,\nANDO,2,\n")), "`a.csv`, line 3, column `code`: `ANDO` has more than 3 characters");
        assert_eq!(said("a.csv", line("AD,101,\n")), "`a.csv`, line 2, column `people`: `101` is not between 0 and 100");
        assert_eq!(said("a.csv", line("AD,1x,\n")), "`a.csv`, line 2, column `people`: `1x` is not an integer");
        assert_eq!(said("a.csv", line("AD,1,[\n")), "`a.csv`, line 2, column `more`: `[` is not a JSON document");
        assert_eq!(said("a.txt", ""), "`a.txt`: its name must end with `.csv`, `.tsv`, `.json` or `.jsonl`");
        assert_eq!(said("a.json", r#"[{"people": 1}]"#), "`a.json`, row 1, column `code`: the value is missing");
        assert_eq!(said("a.json", r#"[{"code": "A", "x": 1}]"#), "`a.json`, row 1: the statement has no column `x`");
        assert_eq!(
            said("a.json", r#"[{"code": ["A"]}]"#),
            "`a.json`, row 1, column `code`: a list or an object is a value of a `json` column only"
        );
        assert!(said("a.json", "[{]").starts_with("`a.json`, line 1: "));
        assert!(said("a.jsonl", "{\"code\": \"A\"}\n{").starts_with("`a.jsonl`, line 2: "));
        assert_eq!(said("a.csv", line("A\0,1,\n")), "`a.csv`, line 2, column `code`: a text cannot have a NUL character");
    }

    #[test]
    fn chunks_are_all_rows_in_order() {
        let row = |number: usize| vec![Some(number.to_string()), None];
        let all: Vec<Vec<Cell>> = (0..2 * ROWS + 1).map(row).collect();
        let texts = chunks(&all);
        assert_eq!(texts.len(), 3);
        let back: Vec<Vec<Cell>> = texts.iter().flat_map(|text| serde_json::from_str::<Vec<Vec<Cell>>>(text).unwrap()).collect();
        assert_eq!(back, all);
        let large = vec![vec![Some("x".repeat(BYTES))]; 3];
        assert_eq!(chunks(&large).len(), 3);
        assert!(chunks(&[]).is_empty());
    }
}
