//! What a migration touches: what its SQL, both ways, makes, changes or removes, and what any of its statements or guards depended
//! on. Two branches commute where neither writes what the other one reads or writes.

mod path;
mod query;
mod record;

use std::collections::BTreeSet;

use migrate_history::Database;

use crate::sql::registry::features;

use crate::expr::Expr;
use crate::name::Name;
use crate::objects::Kind;
use crate::schema::{Column, Constraint, Index, Rule, Schema, Table};
use crate::types::Type;

pub use path::{Part, Path};
pub use record::{Meeting, Record, Relation, RevisionNumber, Touch};

/// What is touched, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// What is made, changed or removed.
    pub writes: BTreeSet<Path>,
    /// What is depended on.
    pub reads: BTreeSet<Path>,
}

impl Footprint {
    /// A part of a table is made, changed or removed.
    pub fn write(&mut self, of: &Name, part: Part) {
        self.writes.insert(Path::new(of, part));
    }

    /// A part of a table must be as it is.
    pub fn read(&mut self, of: &Name, part: Part) {
        self.reads.insert(Path::new(of, part));
    }

    /// A name is taken or given up.
    pub fn name(&mut self, name: &Name) {
        self.write(name, Part::Name);
    }

    /// A column and its type must be as they are.
    pub fn read_column(&mut self, of: &Name, column: &str) {
        self.read(of, Part::Column(column.to_owned()));
        self.read(of, Part::Type(column.to_owned()));
    }

    /// The columns of an expression must be as they are; where it is raw SQL, everything of its table.
    pub fn read_expression(&mut self, of: &Name, expr: &Expr) {
        let mut is_raw = false;
        expr.walk(&mut |part| {
            is_raw |= matches!(part, Expr::Raw(_));
            if let Expr::Cast { to, .. } = part {
                self.read_type(to);
            }
        });
        if is_raw {
            self.read(of, Part::All);
        }
        expr.columns().into_iter().for_each(|column| self.read_column(of, column));
    }

    /// What a constraint of a table uses.
    pub fn read_rule(&mut self, schema: &Schema, of: &Name, rule: &Rule) {
        match rule {
            Rule::PrimaryKey { columns } => {
                for column in columns {
                    self.read_column(of, column);
                    self.read(of, Part::Null(column.clone()));
                }
            }
            Rule::Unique { columns, .. } => columns.iter().for_each(|column| self.read_column(of, column)),
            Rule::Check { condition } => self.read_expression(of, condition),
            Rule::ForeignKey(key) => {
                for column in &key.columns {
                    self.read_column(of, column);
                    self.read(of, Part::Null(column.clone()));
                    self.read(of, Part::Default(column.clone()));
                }
                self.read(&key.table, Part::Itself);
                key.references.iter().for_each(|column| self.read_column(&key.table, column));
                let target = schema.table(&key.table).into_iter();
                target.for_each(|table| self.read_keys(&key.table, table, &key.references));
            }
        }
    }

    /// What makes the columns of a table a key.
    fn read_keys(&mut self, of: &Name, table: &Table, columns: &[String]) {
        let same = |key: &[String]| key.len() == columns.len() && columns.iter().all(|column| key.contains(column));
        for constraint in table.constraints.iter().filter(|constraint| same(constraint.rule.key_columns())) {
            self.read(of, Part::Constraint(constraint.name().to_owned()));
        }
        for index in table.indexes.iter().filter(|index| index.unique && same(&index.plain_columns())) {
            self.read(of, Part::Index(index.name().to_owned()));
        }
    }

    /// What an index of a table uses.
    pub fn read_index(&mut self, of: &Name, index: &Index) {
        self.read(of, Part::Itself);
        index.keys.iter().for_each(|key| self.read_expression(of, &key.value));
        index.include.iter().for_each(|column| self.read_column(of, column));
        index.filter.iter().for_each(|filter| self.read_expression(of, filter));
    }

    /// A constraint comes or goes, with its name where it is a key.
    pub fn write_constraint(&mut self, of: &Name, constraint: &Constraint) {
        self.write(of, Part::Constraint(constraint.name().to_owned()));
        // Whether rows can go, and what goes with them, depends on what refers to them.
        constraint.foreign_key().into_iter().for_each(|key| self.read(&key.table, Part::Rows));
        if !constraint.rule.key_columns().is_empty() {
            self.name(&of.sibling(constraint.name()));
        }
        if matches!(constraint.rule, Rule::PrimaryKey { .. }) {
            self.write(of, Part::PrimaryKey);
        }
    }

    /// An index comes or goes.
    pub fn write_index(&mut self, of: &Name, name: &str) {
        self.write(of, Part::Index(name.to_owned()));
        self.name(&of.sibling(name));
    }

    /// A column comes or goes, with its sequence.
    pub fn write_column(&mut self, of: &Name, column: &Column) {
        self.write(of, Part::Column(column.name.clone()));
        self.read_type(&column.ty);
        column.counter.iter().for_each(|counter| self.name(&of.sibling(counter.sequence.as_str())));
    }

    /// An object comes or goes, with its name where that is in one set with those of tables.
    pub fn write_object(&mut self, kind: Kind, name: &Name) {
        self.write(name, Part::whole(kind));
        if kind.shares_names() {
            self.name(name);
        }
        name.schema.iter().for_each(|namespace| self.read(&Name::new(namespace), Part::Object(Kind::Namespace)));
    }

    /// A type must be as it is.
    pub fn read_type(&mut self, ty: &Type) {
        ty.as_enum().into_iter().for_each(|of| self.read(&of.name, Part::Object(Kind::Enum)));
    }

    /// A table comes or goes, with everything in it.
    pub fn write_table(&mut self, schema: &Schema, of: &Name, table: &Table) {
        self.write_object(Kind::Table, of);
        for constraint in &table.constraints {
            self.write_constraint(of, constraint);
            self.read_rule(schema, of, &constraint.rule);
        }
        table.indexes.iter().for_each(|index| self.write_index(of, index.name()));
        table.columns.iter().for_each(|column| self.write_column(of, column));
    }

    /// SQLite states a table again: everything of it, and what it refers to, must be as it is.
    pub fn rebuild(&mut self, schema: &Schema, of: &Name) {
        self.read(of, Part::All);
        for constraint in schema.table(of).into_iter().flat_map(|table| &table.constraints) {
            self.read_rule(schema, of, &constraint.rule);
        }
    }

    /// Adds what another one touches.
    pub fn extend(&mut self, other: Footprint) {
        self.writes.extend(other.writes);
        self.reads.extend(other.reads);
    }

    /// The same for databases of which one does not tell letters of names by their case.
    #[must_use]
    pub fn folded(self, databases: &[Database]) -> Footprint {
        if !databases.iter().any(|database| features(*database).names_fold_case) {
            return self;
        }
        let folded = |paths: BTreeSet<Path>| paths.into_iter().map(Path::folded).collect();
        Footprint { writes: folded(self.writes), reads: folded(self.reads) }
    }
}
