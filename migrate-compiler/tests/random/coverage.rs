//! What random histories have reached: what a generator does not reach, it does not test.

use std::collections::BTreeMap;

use migrate_compiler::draft::{Draft, Piece, Undo};
use migrate_compiler::operation::Operation;
use migrate_compiler::rule::{DANGERS, GRAMMAR, PARENTS, TOPICS};
use migrate_compiler::schema::{Column, Constraint, Index, Rule};
use migrate_history::Database;

use super::shape;

/// How often each shape was met.
#[derive(Debug, Default)]
pub struct Coverage {
    seen: BTreeMap<String, usize>,
}

/// Every shape of a statement that histories must have, besides the operations themselves.
pub const SHAPES: &[&str] = &[
    "written undo",
    "raw undo",
    "undo default",
    "undo of a block",
    "raw SQL with an effect",
    "type by using",
    "type by assignment",
    "foreign key",
    "foreign key to itself",
    "deferred foreign key",
    "primary key",
    "unique constraint",
    "check",
    "check in raw SQL",
    "unique index",
    "partial index",
    "index of an expression",
    "index of two columns",
    "column with a default",
    "numbered column",
    "commented column",
    "quoted name",
];

/// The rules that refuse some of what is tried by chance, without any mistake made on purpose.
pub const BY_CHANCE: &[&str] = &[
    "alter_constraint_kind",
    "argument_type",
    "cast_type",
    "changes_nothing",
    "constant_unique",
    "counter_default",
    "counter_type",
    "default_type",
    "drop_column_used",
    "drop_table_used",
    "foreign_key_type",
    "key_used",
    "nullable_primary_key",
    "operand_type",
    "raw_names_column",
    "set_null_not_null",
    "unsupported",
];

/// The rules about what PostgreSQL alone has.
const ON_POSTGRES: &[&str] = &[
    "alter_constraint_kind",
    "any_needs_array",
    "conflict_deferrable",
    "index_method",
    "operator_class",
    "sequence_used",
    "set_columns",
    "truncate_referenced",
    "unknown_sequence",
    "value_generated",
];

/// What was done about a rule.
#[derive(Clone, Copy, Debug)]
pub enum Side {
    /// Something broke it, and was refused.
    Broken,
    /// Something that it is about was accepted.
    Kept,
}

/// The rules that no history of operations meets, each with the reason. What is met is not on this list.
const UNMET: &[(&[&str], &str)] = &[
    (GRAMMAR, "it is about how a migration is written, and a history is made of what was read"),
    (DANGERS, "these histories accept it; `tests/dangers.rs` tries each"),
    (PARENTS, "it is about how migrations fit together, and a merge is tested on its own"),
    (&["file_twice", "rows_file"], "it is about a file of the program, and a history made by chance has none"),
    (&["downgrade_fails"], "it reports a defect of the compiler, which is what these tests look for"),
];

/// Every operation that a history made by chance can have: the rows of a file are in the source of a program, and kept rows are restored by the
/// downgrade alone.
pub fn operations() -> impl Iterator<Item = &'static str> {
    Operation::NAMES.iter().copied().filter(|name| !["LoadRows", "RestoreRows"].contains(name))
}

impl Coverage {
    /// Fails where a rule was never met on this side, broken or kept; where one was met that is listed as unmet; and at a name that is no
    /// rule.
    pub fn assert_rules(&self, side: Side, databases: &[Database]) {
        let all: Vec<&str> = TOPICS.iter().flat_map(|topic| topic.rules).copied().collect();
        let elsewhere = if databases == [Database::Sqlite] { ON_POSTGRES } else { &[] };
        let unmet: Vec<&str> = UNMET.iter().flat_map(|(rules, _)| *rules).chain(elsewhere).copied().collect();
        for rule in &unmet {
            assert!(all.contains(rule), "`{rule}` is no rule");
            assert!(!self.has(side, rule), "`{rule}` is met ({side:?}), and said to be unmet");
        }
        let missing: Vec<&&str> = all.iter().filter(|rule| !unmet.contains(rule) && !self.has(side, rule)).collect();
        assert!(missing.is_empty(), "never {side:?}: {missing:?}");
    }

    /// Notes a rule, broken or kept.
    pub fn rule(&mut self, side: Side, rule: &str) {
        self.note(&format!("{side:?} {rule}"));
    }

    /// Whether a rule was broken or kept.
    pub fn has(&self, side: Side, rule: &str) -> bool {
        self.seen.contains_key(&format!("{side:?} {rule}"))
    }

    pub fn note(&mut self, shape: &str) {
        *self.seen.entry(shape.to_owned()).or_default() += 1;
    }

    pub fn draft(&mut self, draft: &Draft) {
        draft.pieces.iter().for_each(|piece| self.piece(piece));
    }

    /// How many of two shapes were the first one.
    pub fn share(&self, one: &str, other: &str) -> f64 {
        let count = |shape| f64::from(u32::try_from(self.seen.get(shape).copied().unwrap_or_default()).unwrap_or(u32::MAX));
        count(one) / (count(one) + count(other))
    }

    /// Fails where a type was never met as this: the type of a column, or of a value.
    pub fn assert_types(&self, what: &str, databases: &[Database]) {
        let types: Vec<String> = shape::types(databases).iter().map(|ty| format!("{what} {ty}")).collect();
        self.assert(types.iter().map(String::as_str));
    }

    /// Fails with everything that was never met.
    pub fn assert<'s>(&self, shapes: impl IntoIterator<Item = &'s str>) {
        let missing: Vec<&str> = shapes.into_iter().filter(|shape| !self.seen.contains_key(*shape)).collect();
        assert!(missing.is_empty(), "never met: {missing:?}\nmet: {:#?}", self.seen);
    }

    fn piece(&mut self, piece: &Piece) {
        self.operation(&piece.operation);
        match &piece.undo {
            Undo::Written(pieces) => {
                self.note("written undo");
                for undo in pieces {
                    if matches!(undo.operation, Operation::RunSql(_)) {
                        self.note("raw undo");
                    }
                }
            }
            Undo::Default(_) => self.note("undo default"),
            Undo::Together => self.note("undo of a block"),
            Undo::Inferred | Undo::Nothing(_) | Undo::Irreversible(_) | Undo::Unread | Undo::Part => {}
        }
    }

    fn operation(&mut self, operation: &Operation) {
        self.note(operation.name());
        match operation {
            Operation::CreateTable(create) => {
                create.table.columns.iter().for_each(|column| self.column(column));
                for constraint in &create.table.constraints {
                    let itself = constraint.foreign_key().is_some_and(|key| key.table == create.name);
                    self.constraint(constraint, itself);
                }
                self.name(&create.name.name);
                if create.name.schema.as_ref().is_some_and(|namespace| namespace != "Billing") {
                    self.note("table in a new schema");
                }
                if create.name.schema.is_some() {
                    self.note("qualified name");
                }
            }
            Operation::AddColumn(add) => self.column(&add.column),
            Operation::AddConstraint(add) => {
                self.constraint(&add.constraint, add.constraint.foreign_key().is_some_and(|key| key.table == add.table));
            }
            Operation::AlterType(alter) => {
                self.note(if alter.using.is_some() { "type by using" } else { "type by assignment" });
                self.note(&format!("type {}", alter.to));
            }
            Operation::CreateIndex(create) => self.index(&create.index),
            Operation::RunSql(raw) if raw.effect.as_ref().is_some_and(|effect| !effect.is_empty()) => {
                self.note("raw SQL with an effect");
            }
            _ => {}
        }
    }

    fn name(&mut self, name: &str) {
        if name.contains(|letter: char| letter.is_ascii_uppercase() || letter == '"' || letter == ' ') {
            self.note("quoted name");
        }
    }

    fn column(&mut self, column: &Column) {
        self.note(&format!("type {}", column.ty));
        self.name(&column.name);
        let shapes = [
            (column.default.is_some(), "column with a default"),
            (column.counter.is_some(), "numbered column"),
            (column.comment.is_some(), "commented column"),
        ];
        shapes.iter().filter(|(is, _)| *is).for_each(|(_, shape)| self.note(shape));
    }

    fn constraint(&mut self, constraint: &Constraint, itself: bool) {
        self.note(match &constraint.rule {
            Rule::PrimaryKey { .. } => "primary key",
            Rule::Unique { .. } => "unique constraint",
            Rule::ForeignKey(_) if itself => "foreign key to itself",
            Rule::ForeignKey(_) if constraint.timing != migrate_compiler::schema::Timing::Immediate => "deferred foreign key",
            Rule::ForeignKey(_) => "foreign key",
            Rule::Check { condition } if condition.to_string().contains("sql(") => "check in raw SQL",
            Rule::Check { .. } => "check",
        });
    }

    fn index(&mut self, index: &Index) {
        let shapes = [
            (index.unique, "unique index"),
            (index.filter.is_some(), "partial index"),
            (index.plain_columns().is_empty(), "index of an expression"),
            (index.keys.len() > 1, "index of two columns"),
        ];
        shapes.iter().filter(|(is, _)| *is).for_each(|(_, shape)| self.note(shape));
    }
}
