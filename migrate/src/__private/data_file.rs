//! A look at the first line of a file of rows while the program is compiled. What is in the other lines is looked at by the test that a
//! migration with a file expands to, and again by each run before it changes anything.

use migrate_history::shape::{Message, key};
use migrate_history::{DataColumn, DataFile};
/// Stops the build at a file whose first line does not name the columns of its statement. An array or lines of objects have no such line.
#[track_caller]
#[expect(clippy::panic, reason = "it is evaluated by the compiler, which shows the message at the name of the file")]
pub const fn has_columns(file: DataFile) {
    let Some(separator) = separator(file.name) else { return };
    let header = Header { text: file.text, separator };
    let mut field = header.next(None);
    while let Some(found) = field {
        let name = header.name(found);
        if !is_among(file.columns, name) {
            let message = Message::new().add("`").add(file.name).add("` has column `").add(name);
            panic!("{}", message.add("`, which the statement does not name").text());
        }
        field = header.next(Some(found));
    }
    let mut place = 0;
    while place < file.columns.len() {
        if !header.has(file.columns[place].name) {
            let message = Message::new().add("the first line of `").add(file.name).add("` has no column `");
            panic!("{}", message.add(file.columns[place].name).add("`, as the statement has").text());
        }
        place += 1;
    }
}

/// The test that each value of the files is one of its column.
#[cfg(feature = "runtime")]
#[doc(hidden)]
#[macro_export]
macro_rules! __files_are_read {
    () => {
        #[cfg(test)]
        #[::core::prelude::v1::test]
        fn the_files_have_rows_of_their_tables() -> ::core::result::Result<(), $crate::__private::WrongFile> {
            $crate::__private::are_read(__FILES)
        }
    };
}

/// A build that runs nothing reads no file.
#[cfg(not(feature = "runtime"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __files_are_read {
    () => {};
}

/// What is wrong with a file; as a test shows it.
#[cfg(feature = "runtime")]
pub struct WrongFile(migrate_runtime::DataFileError);

#[cfg(feature = "runtime")]
impl std::fmt::Debug for WrongFile {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, out)
    }
}

/// Whether each value of the files is one of its column.
///
/// # Errors
/// The first that is not.
#[cfg(feature = "runtime")]
pub fn are_read(files: &[DataFile]) -> Result<(), WrongFile> {
    files.iter().try_for_each(|file| migrate_runtime::data_file::check(file).map_err(WrongFile))
}

/// What is between two values; `None` where the file is no table of values.
const fn separator(name: &str) -> Option<u8> {
    let ending = key(name.split_at(name.len().saturating_sub(4)).1);
    if ending == key(".csv") {
        Some(b',')
    } else if ending == key(".tsv") {
        Some(b'\t')
    } else {
        None
    }
}

const fn is_among(columns: &[DataColumn], name: &str) -> bool {
    let mut place = 0;
    while place < columns.len() {
        if key(columns[place].name) == key(name) {
            return true;
        }
        place += 1;
    }
    false
}

/// The first line of a file.
struct Header {
    text: &'static str,
    separator: u8,
}

/// A value of the first line: from where to where it goes.
#[derive(Clone, Copy)]
struct HeaderColumn {
    from: usize,
    to: usize,
}

impl Header {
    /// The first value, or the one after another.
    const fn next(&self, before: Option<HeaderColumn>) -> Option<HeaderColumn> {
        let bytes = self.text.as_bytes();
        let from = match before {
            None => {
                if bytes.len() >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf {
                    3
                } else {
                    0
                }
            }
            Some(field) if field.to < bytes.len() && bytes[field.to] == self.separator => field.to + 1,
            Some(_) => return None,
        };
        let (mut to, mut is_quoted) = (from, false);
        while to < bytes.len() && (is_quoted || (bytes[to] != self.separator && bytes[to] != b'\n')) {
            is_quoted = is_quoted != (bytes[to] == b'"');
            to += 1;
        }
        if from == to && before.is_none() { None } else { Some(HeaderColumn { from, to }) }
    }

    /// The text of a value without the quotes and spaces around it.
    const fn name(&self, field: HeaderColumn) -> &'static str {
        let HeaderColumn { mut from, mut to } = field;
        let bytes = self.text.as_bytes();
        while from < to && is_around(bytes[from]) {
            from += 1;
        }
        while from < to && is_around(bytes[to - 1]) {
            to -= 1;
        }
        self.text.split_at(to).0.split_at(from).1
    }

    const fn has(&self, name: &str) -> bool {
        let mut field = self.next(None);
        while let Some(found) = field {
            if key(self.name(found)) == key(name) {
                return true;
            }
            field = self.next(Some(found));
        }
        false
    }
}

const fn is_around(byte: u8) -> bool {
    matches!(byte, b'"' | b' ' | b'\r')
}

#[cfg(test)]
mod tests {
    use migrate_history::DataValues;

    use super::*;

    const fn column(name: &'static str) -> DataColumn {
        DataColumn { name, values: DataValues::Unchecked, nullable: false }
    }

    const fn file(name: &'static str, text: &'static str) -> DataFile {
        const COLUMNS: &[DataColumn] = &[column("code"), column("name")];
        DataFile { name, text, columns: COLUMNS }
    }

    const _: () = has_columns(file("a.csv", "code,name\nAD,Andorra\n"));
    const _: () = has_columns(file("a.csv", "\u{feff}\"name\", code\r\nAndorra,AD"));
    const _: () = has_columns(file("a.tsv", "name\tcode"));
    const _: () = has_columns(file("a.json", "[]"));

    #[test]
    fn a_column_too_many_and_a_column_too_few_stop_the_build() {
        let refused = |text: &'static str| std::panic::catch_unwind(|| has_columns(file("a.csv", text))).is_err();
        assert!(refused("code,name,more\n") && refused("code\n") && refused("") && refused("code;name\n"));
        assert!(!refused("code,name"));
    }
}
