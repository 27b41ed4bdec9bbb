//! Names that a database would not keep as they are written.

use crate::history::Database;
use crate::name::Name;
use crate::naming::LONGEST;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::Schema;

/// Checks a name that is new in the schema.
pub fn new_name(schema: &Schema, role: Role, name: &str, problems: &mut Problems) {
    too_long(schema, role, name, problems);
    empty(role, name, problems);
}

/// Checks the name of a new table or index.
pub fn new_qualified(schema: &Schema, role: Role, name: &Name, problems: &mut Problems) {
    new_name(schema, role, &name.name, problems);
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
