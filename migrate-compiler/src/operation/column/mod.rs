//! Columns of a table that already exists.

mod add;
mod comment;
mod counter;
mod default;
mod fill;
mod keep;
mod null;
mod rename;
mod retype;

pub use add::{AddColumn, DropColumn};
pub use comment::CommentColumn;
pub use counter::SetCounter;
pub use default::{DropDefault, SetDefault};
pub(crate) use fill::plain as plain_value;
pub use keep::{KeepColumn, RestoreColumn};
pub use null::{DropNotNull, SetNotNull};
pub use rename::RenameColumn;
pub use retype::AlterType;
pub(crate) use retype::{reads_of_type, still_demanded};

use crate::name::Name;
use crate::operation::resolve;
use crate::problem::{Problems, Role};
use crate::schema::{Column, Schema, Table};

/// Declares an operation on one column of a table: its fields, and how an `alter table` block writes it.
macro_rules! column_operation {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty),* $(,)? } $write:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            /// The table.
            pub table: Name,
            $($(#[$field_doc])* pub $field: $ty),*
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                let action: fn(&$name) -> String = $write;
                write!(out, "alter table {} {{ {} }}", self.table, action(self))
            }
        }
    };
}

use column_operation;

/// The column and its table, or what is missing.
fn find<'a>(schema: &'a Schema, table: &Name, column: &str, problems: &mut Problems) -> Option<(&'a Table, &'a Column)> {
    let body = resolve::table(schema, table, Role::Table, problems)?;
    Some((body, resolve::column(table, body, column, Role::Column, problems)?))
}

/// Changes a column that is there.
fn change(schema: &mut Schema, table: &Name, column: &str, change: impl FnOnce(&mut Column)) {
    schema.change(table, |table| {
        if let Some(column) = table.column_mut(column) {
            change(column);
        }
    });
}
