//! A place in a schema where a mistake can be made.

use migrate_compiler::draft::{Allow, Draft, Piece, Undo};
use migrate_compiler::example;
use migrate_compiler::expr::Expr;
use migrate_compiler::name::Name;
use migrate_compiler::operation::{AddColumn, AddConstraint, AlterType, Operation};
use migrate_compiler::schema::{Column, ForeignKey, ReferentialAction, Rule, Schema, Table};
use migrate_compiler::types::{Family, Type};
use migrate_history::Database;

use super::piece;

/// A column of a table.
pub struct Spot<'s> {
    pub schema: &'s Schema,
    pub name: &'s Name,
    pub table: &'s Table,
    pub column: &'s Column,
}

impl Spot<'_> {
    pub fn of(&self) -> Name {
        self.name.clone()
    }

    /// The column in an expression.
    pub fn own(&self) -> Expr {
        Expr::column(&self.column.name)
    }

    /// Whether it is the first column of the first table.
    pub fn is_first(&self) -> bool {
        self.schema.tables().keys().next() == Some(self.name) && self.table.columns.first() == Some(self.column)
    }

    pub fn serves(&self, database: Database) -> bool {
        self.schema.databases.contains(&database)
    }

    pub fn other_table(&self) -> Option<&Name> {
        let used = self.schema.tables().iter().filter(|(_, table)| table.kept.is_none()).map(|(name, _)| name);
        used.into_iter().find(|name| *name != self.name && name.schema == self.name.schema)
    }

    /// The columns of the table that statements can use.
    pub fn columns(&self) -> Vec<&Column> {
        self.table.columns.iter().filter(|column| column.kept.is_none()).collect()
    }

    /// Whether nothing else uses the column.
    pub fn is_unused(&self) -> bool {
        self.uses(&self.column.name) == 0
    }

    /// How many constraints and indexes may use a column of the table, and foreign keys of any table that refer to it.
    pub fn uses(&self, column: &str) -> usize {
        let own = self.table.constraints.iter().filter(|one| one.rule.columns().contains(&column) || one.rule.may_use(column));
        let indexes = self.table.indexes.iter().filter(|index| index.columns().contains(&column) || index.may_use(column));
        let keys = self.schema.tables().values().flat_map(|table| &table.constraints).filter_map(|one| one.foreign_key());
        let referring = keys.filter(|key| key.table == *self.name);
        own.count() + indexes.count() + referring.count()
    }

    pub fn is_not_referred_to(&self) -> bool {
        let others = self.schema.tables().iter().filter(|(name, _)| *name != self.name).flat_map(|(_, table)| &table.constraints);
        others.filter_map(|one| one.foreign_key()).all(|key| key.table != *self.name)
    }

    /// A statement whose danger is accepted.
    pub fn allowed(&self, operation: impl Into<Operation>) -> Piece {
        Piece { allows: vec![allow("drop_column", "tested")], ..piece(operation.into(), 0) }
    }

    /// A new column.
    pub fn added(&self, column: Column) -> Option<Draft> {
        just(AddColumn { table: self.of(), column, fill: None })
    }

    /// A new constraint.
    pub fn constrained(&self, rule: Rule) -> Option<Draft> {
        just(AddConstraint { table: self.of(), constraint: example::constraint(rule) })
    }

    /// A new check.
    pub fn checked(&self, condition: Expr) -> Option<Draft> {
        self.constrained(Rule::Check { condition })
    }

    /// A check of what a function gives.
    pub fn called(&self, function: &str, arguments: Vec<Expr>) -> Option<Draft> {
        let call = Expr::Call { function: function.into(), arguments };
        self.checked(Expr::IsNull { operand: Box::new(call), negated: true })
    }

    /// A foreign key to the table itself.
    pub fn refers(&self, columns: &[&str], references: &[&str]) -> Option<Draft> {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let (on_delete, on_update) = (ReferentialAction::NoAction, ReferentialAction::NoAction);
        let key = ForeignKey {
            columns: list(columns),
            table: self.of(),
            references: list(references),
            on_delete,
            set_columns: Vec::new(),
            on_update,
        };
        self.constrained(Rule::ForeignKey(key))
    }

    /// Another type of the column.
    pub fn retyped(&self, to: Type, using: Option<Expr>) -> Option<Draft> {
        just(AlterType { table: self.of(), column: self.column.name.clone(), to, using })
    }

    /// A sound statement with something wrong about it.
    pub fn changed(&self, spoil: impl FnOnce(&mut Piece)) -> Option<Draft> {
        let mut draft = self.added(example::column("fresh", Type::Integer).null())?;
        draft.pieces.first_mut().map(spoil)?;
        Some(draft)
    }

    /// A sound statement with a wrong `undo`.
    pub fn undone(&self, undo: Undo) -> Option<Draft> {
        self.changed(|piece| piece.undo = undo)
    }
}

/// One statement.
pub fn just(operation: impl Into<Operation>) -> Option<Draft> {
    Some(Draft { pieces: vec![piece(operation.into(), 0)], ..Draft::default() })
}

pub fn one_column() -> Table {
    Table { columns: vec![example::column("a", Type::Integer).null()], ..Table::default() }
}

pub fn allow(rule: &str, reason: &str) -> Allow {
    Allow { id: 0, rule: rule.into(), reason: reason.into() }
}

/// Neither an array nor a type of one database.
pub fn is_plain(column: &Column) -> bool {
    !matches!(column.ty.family(), Family::Array(_) | Family::Native(_))
}

/// Whether a swap of two columns leaves a schema that looks the same.
pub fn is_alike(one: &Column, other: &Column) -> bool {
    let named = |column: &Column| Column { name: String::new(), ..column.clone() };
    named(one) == named(other)
}
