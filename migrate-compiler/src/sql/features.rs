//! What a database has, and how much of it.

use crate::problem::Role;
use crate::typing::Precision;

/// What one database has.
#[derive(Debug)]
pub(crate) struct Features {
    /// It has arrays.
    pub arrays: bool,
    /// It has intervals.
    pub intervals: bool,
    /// It has sequences.
    pub sequences: bool,
    /// It has enums; else a column of one is text with a check.
    pub enums: bool,
    /// A new value of an enum can be used only after the COMMIT.
    pub new_values_are_committed_first: bool,
    /// The version since which this is not so of an enum that is as new as the value; none where it never was.
    pub new_enums_are_known_since: Option<u32>,
    /// A statement may have settings of the session to itself.
    pub session_settings: bool,
    /// It has extensions that are loaded into a database.
    pub extensions: bool,
    /// It has schemas, in which tables have names of their own.
    pub schemas: bool,
    /// The longest name that it keeps, in bytes; it cuts a longer one off without a word.
    pub longest_name: Option<usize>,
    /// The most columns of a table.
    pub most_columns: usize,
    /// The most columns of a key or of an index.
    pub most_key_columns: Option<usize>,
    /// The most operands of a chain of operators, each of which is one more level of its parser.
    pub most_operands: Option<usize>,
    /// `A` and `a` are one name.
    pub names_fold_case: bool,
    /// It reads the bare name of a type in small letters.
    pub type_names_fold: bool,
    /// The keys and sequences of a schema share one set of names with its tables and indexes.
    pub keys_share_names: bool,
    /// A foreign key depends on one unique index, the one that it found when it was made.
    pub foreign_keys_are_tied: bool,
    /// A foreign key compares its columns with an operator, which must exist for the two types.
    pub foreign_keys_need_operators: bool,
    /// The keys and the condition of an index must be immutable.
    pub indexes_are_immutable: bool,
    /// Its indexes have methods and operator classes, which `sql::method` knows.
    pub indexes_have_classes: bool,
    /// The names that it, or a step that runs on it, keeps for itself.
    pub reserved: &'static [Reserved],
    /// The names of its own types that [`Type::words`](crate::types::Type::words) does not have: it finds them before a type of a migration.
    pub type_names: &'static [&'static str],
    /// It keeps a `char(n)` with spaces up to its length, and ignores them where it compares.
    pub pads_char: bool,
    /// It can change a table in use: indexes are built without blocking writes, and constraints validated later.
    pub changes_online: bool,
    /// How many bits the numbers have that it calculates with.
    pub precision: Precision,
    /// The first version that looks at the rows where a check is made with a new column; all of them where it is absent.
    pub looks_at_rows_since: Option<u32>,
    /// A query in an `UPDATE` sees the rows that it has updated already.
    pub updates_see_new_values: bool,
    /// It sorts nulls before every value, where it is not said; else after every value.
    pub nulls_come_first: bool,
    /// It changes no table with checks that are pending until the COMMIT.
    pub deferred_checks_block_changes: bool,
    /// It empties a table at once, unless a foreign key of another one refers to it.
    pub truncates: bool,
    /// Whether a type for JSON has no equality.
    pub json_is_text: bool,
    /// Whether roles have privileges on tables, and objects have comments.
    pub privileges: bool,
    /// What locks the rows that a query reads until the COMMIT, written after it; nothing where no other session writes at the same time.
    pub row_lock: &'static str,
    /// Most changes rebuild the table, so that a column is lost which the migration does not know.
    pub loses_unknown_columns: bool,
}

/// A name that cannot be used.
#[derive(Debug)]
pub(crate) struct Reserved {
    /// Which names.
    pub names: Names,
    /// For what.
    pub roles: &'static [Role],
    /// Why: "PostgreSQL keeps …".
    pub why: &'static str,
}

/// Some names.
#[derive(Debug)]
pub(crate) enum Names {
    /// Those that begin so, in letters of either case.
    Begin(&'static str),
    /// These.
    Are(&'static [&'static str]),
}

impl Names {
    /// Whether the name is one of them.
    pub fn contain(&self, name: &str) -> bool {
        match self {
            Names::Begin(prefix) => name.to_ascii_lowercase().starts_with(prefix),
            Names::Are(names) => names.contains(&name),
        }
    }
}
