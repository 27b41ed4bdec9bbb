//! Names that a database would not keep as they are written.

use migrate_history::{Database, LEDGER_TABLES};

use crate::name::{Name, Written};
use crate::naming::LONGEST;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::Schema;

/// Checks a name that is new in the schema.
pub fn new_name(schema: &Schema, role: Role, name: &str, problems: &mut Problems) {
    too_long(schema, role, name, problems);
    empty(role, name, problems);
    reserved(schema, role, name, problems);
}

/// Checks the name of a new table or index.
pub fn new_qualified(schema: &Schema, role: Role, name: &Name, problems: &mut Problems) {
    new_name(schema, role, &name.name, problems);
    own(role, name, problems);
}

/// Rule `name_reserved`, for the tables in which this tool keeps what is applied. SQLite does not tell `A` from `a`.
fn own(role: Role, name: &Name, problems: &mut Problems) {
    let is_default = name.schema.as_deref().is_none_or(|schema| schema == "public");
    let is_own = LEDGER_TABLES.iter().any(|table| table.eq_ignore_ascii_case(&name.name));
    if is_own && is_default {
        let message = format!("`{name}` cannot be used: it is a table in which the applied revisions are kept");
        problems.push(Problem::new("name_reserved", Slot::new(role, name.to_string()), message).help("take another name"));
    }
}

/// Rule `name_too_long`: PostgreSQL cuts a longer name off without a word.
fn too_long(schema: &Schema, role: Role, name: &str, problems: &mut Problems) {
    if name.len() > LONGEST && schema.databases.contains(&Database::Postgres) {
        let kept: String =
            name.char_indices().take_while(|(at, letter)| at + letter.len_utf8() <= LONGEST).map(|(_, letter)| letter).collect();
        let message = format!("`{name}` has {} bytes, and PostgreSQL cuts a name off after {LONGEST}", name.len());
        problems.push(Problem::new("name_too_long", Slot::new(role, name), message).help(format!("it would become `{kept}`")));
    }
}

/// Rule `name_empty`.
fn empty(role: Role, name: &str, problems: &mut Problems) {
    if name.is_empty() || name.contains('\0') {
        let message = "a name needs at least one letter, and none of them may be NUL";
        problems.push(Problem::new("name_empty", Slot::new(role, name), message).help("give it a name"));
    }
}

/// The columns that every table of PostgreSQL has (manual, "System Columns").
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// What the names of tables begin with that exist while a step of SQLite runs.
const TEMPORARY: &str = "_migrate_";

/// Rule `name_reserved`: the database, or a step that runs there, keeps the name for itself.
fn reserved(schema: &Schema, role: Role, name: &str, problems: &mut Problems) {
    let lower = name.to_ascii_lowercase();
    let (database, why) = if lower.starts_with("sqlite_") && matches!(role, Role::Table | Role::Index | Role::To) {
        (Database::Sqlite, "SQLite keeps names that begin with `sqlite_` for itself")
    } else if lower.starts_with(TEMPORARY) && matches!(role, Role::Table | Role::To) {
        (Database::Sqlite, "a rebuild on SQLite uses names that begin with `_migrate_`")
    } else if SYSTEM_COLUMNS.contains(&name) && matches!(role, Role::Column | Role::To) {
        (Database::Postgres, "PostgreSQL keeps this name for a column that every table has")
    } else {
        return;
    };
    if schema.databases.contains(&database) {
        let message = format!("`{name}` cannot be used: {why}");
        problems.push(Problem::new("name_reserved", Slot::new(role, name), message).help("take another name"));
    }
}

/// Rule `column_exists`, where a database does not tell capital letters from small ones.
pub fn same_letters(schema: &Schema, owner: &Name, role: Role, name: &str, problems: &mut Problems) {
    let Some(table) = schema.table(owner).filter(|_| schema.databases.contains(&Database::Sqlite)) else { return };
    let same = |other: &&crate::schema::Column| other.name != name && other.name.eq_ignore_ascii_case(name);
    if let Some(other) = table.columns.iter().find(same) {
        let message = format!("`{}` and `{}` are one name on SQLite", Written(&other.name), Written(name));
        problems.push(Problem::new("column_exists", Slot::new(role, name), message).help("take another name"));
    }
}
