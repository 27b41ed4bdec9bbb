//! Names that a database would not keep as they are written.

use migrate_history::{Database, KEPT_TABLE, LEDGER_TABLES, LOCK_TABLE, ROWS_TABLE};

use crate::name::{Name, Written};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::Schema;
use crate::sql::features::Reserved;
use crate::sql::registry::{features, where_true};

/// Checks a new name of a column, a table, whatever the role says. Where it is written, which for a rename is after `to`, the slot says.
pub fn new_name(schema: &Schema, of: Role, name: &str, slot: &Slot, problems: &mut Problems) {
    too_long(schema, name, slot, problems);
    empty(name, slot, problems);
    reserved(schema, of, name, slot, problems);
}

/// The same of what shares its names with tables.
pub fn new_qualified(schema: &Schema, of: Role, name: &Name, slot: &Slot, problems: &mut Problems) {
    new_name(schema, of, &name.name, slot, problems);
    own(name, slot, problems);
}

/// Rule `name_reserved`, for the tables in which this tool keeps what is applied. SQLite does not tell `A` from `a`.
fn own(name: &Name, slot: &Slot, problems: &mut Problems) {
    let is_default = name.schema.as_deref().is_none_or(|schema| schema == "public");
    let own = [&LOCK_TABLE, &ROWS_TABLE, &KEPT_TABLE];
    let is_own = LEDGER_TABLES.iter().chain(own).any(|table| table.eq_ignore_ascii_case(&name.name));
    if is_own && is_default {
        let message = format!("`{name}` is reserved: it is a table of the ledger");
        problems.push(Problem::new("name_reserved", slot.clone(), message).help("use another name"));
    }
}

/// Rule `name_too_long`: PostgreSQL cuts a longer name off without a word.
fn too_long(schema: &Schema, name: &str, slot: &Slot, problems: &mut Problems) {
    let limit = |database: &Database| Some((*database, features(*database).longest_name.filter(|most| name.len() > *most)?));
    let Some((database, most)) = schema.databases.iter().find_map(limit) else { return };
    let kept: String =
        name.char_indices().take_while(|(at, letter)| at + letter.len_utf8() <= most).map(|(_, letter)| letter).collect();
    let message = format!("the name has {} bytes, and {database} allows at most {most}", name.len());
    problems.push(
        Problem::new("name_too_long", slot.clone(), message).help(format!("write a shorter name, such as `{}`", Written(&kept))),
    );
}

/// Rule `name_empty`.
fn empty(name: &str, slot: &Slot, problems: &mut Problems) {
    if name.is_empty() || name.contains('\0') {
        let message = if name.is_empty() { "the name is empty" } else { "a name cannot contain the character `\\0`" };
        problems.push(Problem::new("name_empty", slot.clone(), message).help("write a name of at least one letter"));
    }
}

/// Rule `name_reserved`: the database, or a step that runs there, keeps the name for itself.
fn reserved(schema: &Schema, of: Role, name: &str, slot: &Slot, problems: &mut Problems) {
    let all = schema.databases.iter().flat_map(|database| features(*database).reserved);
    let is_it = |reserved: &&Reserved| reserved.roles.contains(&of) && reserved.names.contain(name);
    if let Some(reserved) = all.into_iter().find(is_it) {
        let message = format!("`{name}` is reserved: {}", reserved.why);
        problems.push(Problem::new("name_reserved", slot.clone(), message).help("use another name"));
    }
}

/// Rule `column_exists`, where a database does not tell capital letters from small ones.
pub fn same_letters(schema: &Schema, owner: &Name, role: Role, name: &str, problems: &mut Problems) {
    let Some(table) = schema.table(owner) else { return };
    let Some(database) = where_true(schema, |features| features.names_fold_case) else { return };
    let same = |other: &&crate::schema::Column| other.name != name && other.name.eq_ignore_ascii_case(name);
    if let Some(other) = table.columns.iter().find(same) {
        let message = format!("`{}` and `{}` are the same name on {database}", Written(&other.name), Written(name));
        let problem = Problem::new("column_exists", Slot::new(role, name), message).help("use another name");
        problems.push(problem.note(format!("{database} does not distinguish upper and lower case in names")));
    }
}
