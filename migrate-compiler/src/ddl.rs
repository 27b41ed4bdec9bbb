//! What a dialect renders: changes with everything that any database needs to know about them.

use std::sync::Arc;

use migrate_history::Calls;

use crate::expr::Expr;
use crate::name::Name;
use crate::objects::Kind;
use crate::rows::ChangedRows;
use crate::schema::{Column, Constraint, Counter, Index, Table};
use crate::types::{EnumType, Type};

/// One change to the database.
#[derive(Clone, Debug, PartialEq)]
pub enum Ddl {
    /// A table with its columns, constraints and comments; its indexes come on their own.
    CreateTable {
        /// Its name.
        name: Name,
        /// What it is made of.
        table: Arc<Table>,
    },
    /// A table goes, with its constraints and indexes.
    DropTable {
        /// Its name.
        name: Name,
    },
    /// A table gets another name.
    RenameTable {
        /// The old name.
        from: Name,
        /// The new name.
        to: Name,
    },
    /// Changes of one table, grouped so that a database that must rebuild it does so once.
    AlterTable {
        /// Its name.
        name: Name,
        /// The table before all of the changes, with its indexes.
        before: Arc<Table>,
        /// The table after all of them.
        after: Arc<Table>,
        /// The changes, in order.
        changes: Vec<Change>,
    },
    /// A new index.
    CreateIndex {
        /// The table it is on.
        table: Name,
        /// What the table is made of: its expressions are over columns of these types.
        body: Arc<Table>,
        /// The index.
        index: Index,
    },
    /// An index goes.
    DropIndex {
        /// The table it is on.
        table: Name,
        /// The index as it was.
        index: Index,
    },
    /// An index gets another name.
    RenameIndex {
        /// The table it is on.
        table: Name,
        /// What the table is made of.
        body: Arc<Table>,
        /// The index under its old name.
        index: Index,
        /// The new name.
        to: String,
    },
    /// An object of another kind comes, goes or gets another name.
    Object {
        /// Its kind.
        kind: Kind,
        /// Its name.
        name: Name,
        /// The statement, where a database has objects of this kind.
        sql: String,
    },
    /// The values of an enum change.
    AlterEnum(AlteredEnum),
    /// A function of the program is called.
    Program {
        /// Its path, as it is written.
        path: String,
        /// How it is called.
        calls: Calls,
        /// The tables that it works on, where they are named.
        tables: Vec<Name>,
    },
    /// Rows come, change or go.
    Rows(ChangedRows),
    /// The user's own SQL for each database; `None` is for all others.
    Raw {
        /// What runs where.
        texts: Vec<(Option<migrate_history::Database>, String)>,
    },
}

impl Ddl {
    /// A statement about an object.
    pub(crate) fn object(kind: Kind, name: &Name, sql: String) -> Ddl {
        Ddl::Object { kind, name: name.clone(), sql }
    }
}

/// An enum whose values change, with every table that has a column of it.
#[derive(Clone, Debug, PartialEq)]
pub struct AlteredEnum {
    /// The enum before.
    pub before: EnumType,
    /// The enum after.
    pub after: EnumType,
    /// The tables.
    pub tables: Vec<RetypedTable>,
}

impl AlteredEnum {
    /// Whether values are dropped, so that every column of the enum must be checked.
    pub fn loses_values(&self) -> bool {
        self.after.values.len() < self.before.values.len()
    }
}

/// A table with columns of an enum whose values change.
#[derive(Clone, Debug, PartialEq)]
pub struct RetypedTable {
    /// Its name.
    pub name: Name,
    /// The table before.
    pub before: Arc<Table>,
    /// The table after.
    pub after: Arc<Table>,
    /// A change of type for each of the columns.
    pub changes: Vec<Change>,
}

/// One change of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A new column, without constraints.
    AddColumn(Column),
    /// A column goes; nothing uses it any more.
    DropColumn(Column),
    /// A column gets another name.
    RenameColumn {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A column gets another type.
    SetType {
        /// The column before.
        column: Column,
        /// The new type.
        to: Type,
        /// How the values are converted; by assignment when absent.
        using: Option<Expr>,
    },
    /// A column must have a value from now on.
    SetNotNull(String),
    /// A column may be null from now on.
    DropNotNull(String),
    /// New rows get this value.
    SetDefault(String, Expr),
    /// New rows get no default value.
    DropDefault(String),
    /// A column's comment, or none.
    Comment(String, Option<String>),
    /// The table's comment, or none.
    CommentTable(Option<String>),
    /// A column is numbered from now on, otherwise than before, or no more.
    SetCounter {
        /// The column before.
        column: Column,
        /// What numbers it.
        to: Option<Counter>,
    },
    /// The sequence of a column gets another name.
    RenameSequence {
        /// Its old name.
        from: String,
        /// Its new name.
        to: String,
    },
    /// A new constraint.
    AddConstraint(Constraint),
    /// A constraint goes.
    DropConstraint(Constraint),
    /// A constraint gets another name.
    RenameConstraint {
        /// The constraint under its old name.
        constraint: Constraint,
        /// The new name.
        to: String,
    },
    /// A foreign key is checked at another time.
    AlterConstraint {
        /// The constraint as it was.
        before: Constraint,
        /// The constraint as it becomes.
        after: Constraint,
    },
}
