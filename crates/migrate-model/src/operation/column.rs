//! Columns of a table that is there already.

use std::fmt;

use crate::expr::Expr;
use crate::name::{Name, Written};
use crate::schema::Column;
use crate::types::Type;

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

column_operation! {
    /// `add COLUMN: TYPE …;` Constraints written with it are [`AddConstraint`](super::AddConstraint)s that follow.
    AddColumn {
        /// The new column.
        column: Column,
    }
    |this| match &this.column.comment {
        Some(comment) => format!("\n    /// {}\n    add {};\n", comment.replace('\n', "\n    /// "), this.column),
        None => format!("add {};", this.column),
    }
}

column_operation! {
    /// `drop COLUMN;`
    DropColumn {
        /// Its name.
        column: String,
    }
    |this| format!("drop {};", Written(&this.column))
}

column_operation! {
    /// `rename COLUMN to COLUMN;`
    RenameColumn {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    }
    |this| format!("rename {} to {};", Written(&this.from), Written(&this.to))
}

column_operation! {
    /// `alter COLUMN type TYPE [using EXPR];`
    AlterType {
        /// The column.
        column: String,
        /// The new type.
        to: Type,
        /// How the values are converted; by assignment when absent.
        using: Option<Expr>,
    }
    |this| match &this.using {
        Some(using) => format!("alter {} type {} using {using};", Written(&this.column), this.to),
        None => format!("alter {} type {};", Written(&this.column), this.to),
    }
}

column_operation! {
    /// `alter COLUMN set not null;`
    SetNotNull {
        /// The column.
        column: String,
    }
    |this| format!("alter {} set not null;", Written(&this.column))
}

column_operation! {
    /// `alter COLUMN drop not null;`
    DropNotNull {
        /// The column.
        column: String,
    }
    |this| format!("alter {} drop not null;", Written(&this.column))
}

column_operation! {
    /// `alter COLUMN set default EXPR;`
    SetDefault {
        /// The column.
        column: String,
        /// The value that new rows get.
        default: Expr,
    }
    |this| format!("alter {} set default {};", Written(&this.column), this.default)
}

column_operation! {
    /// `alter COLUMN drop default;`
    DropDefault {
        /// The column.
        column: String,
    }
    |this| format!("alter {} drop default;", Written(&this.column))
}

column_operation! {
    /// `comment COLUMN "…";`
    CommentColumn {
        /// The column.
        column: String,
        /// The comment; an empty text removes it.
        comment: Option<String>,
    }
    |this| format!("comment {} {:?};", Written(&this.column), this.comment.as_deref().unwrap_or_default())
}
