//! What must hold of `insert … from "FILE"`. What is in the file is not known here: the expansion looks at it.

use super::rows::{deferrable, missing, named};
use crate::name::Written;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::rows::{FileRows, KeyConflict};
use crate::rows_file::ENDINGS;
use crate::schema::{Column, CounterKind, Table};

/// Checks the columns and the name of the file: rules `rows_file`, `missing_columns`, and those of new rows.
pub fn load(load: FileRows<'_>, body: &Table, problems: &mut Problems) {
    let FileRows { table, columns, file, conflict } = load;
    named_file(file, problems);
    let found: Vec<Option<&Column>> = named(table, body, columns, problems);
    if columns.is_empty() {
        let message = format!("`insert` requires a list of columns of `{table}`");
        let problem = Problem::new("missing_columns", Slot::new(Role::Table, table.to_string()), message);
        problems.push(problem.help("name them in parentheses after the table, each as the file names it"));
        return;
    }
    found.into_iter().flatten().for_each(|column| numbered(column, problems));
    missing((table, columns), body, problems);
    if conflict == KeyConflict::Skips {
        deferrable(table, body, problems);
    }
}

/// Rule `rows_file`: the name says how the file is read, and means the same file wherever the program is built.
fn named_file(file: &str, problems: &mut Problems) {
    let slot = || Slot::new(Role::Literal, file);
    let lower = file.to_ascii_lowercase();
    if !ENDINGS.iter().any(|ending| lower.ends_with(ending)) {
        let message = format!("the format of {file:?} is unknown");
        let problem = Problem::new("rows_file", slot(), message);
        problems.push(problem.help(format!("the name of the file must end with `{}`", ENDINGS.join("`, `"))));
        return;
    }
    let is_absolute = file.starts_with('/') || file.contains([':', '\\']);
    if is_absolute || file.contains(['{', '}']) || file.chars().any(char::is_control) {
        let problem = Problem::new("rows_file", slot(), format!("{file:?} is not a relative path with `/`"));
        problems.push(problem.help("write the path from the folder of the migration's source file: `\"countries.csv\"`"));
    }
}

/// Rule `value_generated`, for a column that only the database numbers.
fn numbered(column: &Column, problems: &mut Problems) {
    if column.counter.as_ref().is_some_and(|counter| counter.kind == CounterKind::Always) {
        let shown = Written(&column.name);
        let message = format!("`{shown}` is `identity always`, so only the database gives it a value");
        let problem = Problem::new("value_generated", Slot::new(Role::Column, &column.name), message);
        problems.push(problem.help("remove it from the columns and from the file"));
    }
}
