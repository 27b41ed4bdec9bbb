//! Tables as a whole.

use std::fmt;
use std::sync::Arc;

use crate::check::constraint::ConstrainedTable;
use crate::check::{column, constraint};
use crate::ddl::Ddl;
use crate::effect::{Break, Effects, Removed, Repeat};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::naming;
use crate::objects::{Kind, ObjectKind};
use crate::operation::about::{self, About};
use crate::operation::complete::{complete_counter, complete_references};
use crate::operation::object::{self, Taken};
use crate::operation::resolve;
use crate::operation::resolve::{column_exists, constraint_exists};
use crate::operation::{Commented, CreateIndex, DropDefault, Operate, Operation, Reversal};
use crate::problem::{EntryId, Origin, Problem, Problems, Role, Slot};
use crate::schema::{Column, Constraint, Index, Rule, Schema, Table};

/// `create table NAME { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTable {
    /// Its name.
    pub name: Name,
    /// Its columns and constraints; inline ones are constraints too. Indexes are operations of their own, so there are none.
    pub table: Table,
}

/// `drop table NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropTable {
    /// Its name.
    pub name: Name,
}

/// `rename table NAME to NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameTable {
    /// The old name.
    pub from: Name,
    /// The new name, in the same schema.
    pub to: Name,
}

impl fmt::Display for CreateTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(comment) = &self.table.comment {
            writeln!(out, "/// {}", comment.replace('\n', "\n/// "))?;
        }
        write!(out, "create table {}", self.name)?;
        self.table.write_rest(out)
    }
}

impl fmt::Display for DropTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "drop table {};", self.name)
    }
}

impl fmt::Display for RenameTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "rename table {} to {};", self.from, self.to)
    }
}

impl Operate for CreateTable {
    fn complete(&mut self, before: &Schema) {
        before.resolve(&mut self.table);
        for column in &mut self.table.columns {
            complete_counter(before, &self.name, column);
        }
        let own = self.table.primary_key().to_vec();
        for constraint in &mut self.table.constraints {
            complete_references(before, &self.name, &own, constraint);
        }
        naming::name_constraints(before, &self.name, &mut self.table.constraints);
    }

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let slot = || Slot::new(Role::Table, self.name.to_string());
        if schema.table(&self.name).is_some() {
            let message = format!("duplicate table `{}`", self.name);
            problems.push(
                Problem::new("table_exists", slot(), message)
                    .help("write `alter table` to change it, or use another name")
                    .origin(Origin::made(&self.name, Part::All)),
            );
            return;
        }
        object::new_name(schema, (Kind::Table, &self.name), slot(), problems);
        schema.put(self.name.clone(), Arc::new(self.table.clone()));
        self.check(schema, problems);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![DropTable { name: self.name.clone() }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::makes(about::table(&self.name))
    }

    fn constraints(&self) -> Vec<(&Name, &Constraint)> {
        self.table.constraints.iter().map(|constraint| (&self.name, constraint)).collect()
    }

    fn comment_of(&mut self, what: Commented) -> Option<&mut Option<String>> {
        match what {
            Commented::Whole => Some(&mut self.table.comment),
            Commented::Column(place) => self.table.columns.get_mut(place).map(|column| &mut column.comment),
        }
    }

    fn title(&self) -> String {
        format!("create table {}", self.name)
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        let Table { constraints, indexes, .. } = &self.table;
        let checks = constraints.iter().filter_map(|constraint| constraint.rule.condition());
        let parts = checks.chain(indexes.iter().flat_map(Index::expressions));
        parts.map(|expr| (vec![&self.name], expr)).collect()
    }

    fn effects(&self, _before: &Schema) -> Effects {
        let repeat = |(place, other): (usize, &Constraint)| Repeat {
            entry: Some(EntryId::Constraint(place)),
            slot: Slot::new(Role::Constraint, self.table.constraints[place].name()),
            other: format!("the {} `{}`", other.rule.title(), Written(other.name())),
        };
        let keys = self.repeated().filter(|(_, other)| matches!(other.rule, Rule::Unique { .. }));
        Effects { repeats: keys.map(repeat).collect(), ..object::lives(&self.name, Role::Table) }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        footprint.write_table(before, &self.name, &self.table);
    }

    fn lower(&self, _before: &Schema, _after: &Schema) -> Vec<Ddl> {
        vec![self.table.create(&self.name)]
    }
}

impl CreateTable {
    /// The constraints, by their places, that are the same as one before them, and that one.
    fn repeated(&self) -> impl Iterator<Item = (usize, &Constraint)> {
        let all = &self.table.constraints;
        let before = |place: usize| all[..place].iter().find(|other| other.rule == all[place].rule);
        (0..all.len()).filter_map(move |place| Some((place, before(place)?)))
    }

    /// Checks the table, which the schema holds now.
    fn check(&self, schema: &Schema, problems: &mut Problems) {
        let Table { columns, constraints, .. } = &self.table;
        for (place, new) in columns.iter().enumerate() {
            problems.of_entry(EntryId::Column(place), |problems| {
                if columns[..place].iter().any(|other| other.name == new.name) {
                    column_exists(&self.name, &new.name, problems);
                }
                column::column(schema, &self.name, new, problems);
            });
        }
        column::too_many(schema, &self.name, problems);
        for (place, new) in constraints.iter().enumerate() {
            problems.of_entry(EntryId::Constraint(place), |problems| {
                if constraints[..place].iter().any(|other| other.name == new.name) {
                    constraint_exists(&self.name, new, problems);
                }
                constraint::constraint(schema, (&self.name, ConstrainedTable::New), new, problems);
            });
        }
        // A second key of the same columns is a danger that can be accepted.
        for (place, other) in self.repeated().filter(|(_, other)| other.rule.key_columns().is_empty()) {
            problems.of_entry(EntryId::Constraint(place), |problems| {
                let why = format!("`{}` already is the same constraint", Written(other.name()));
                resolve::changes_nothing(Role::Constraint, constraints[place].name(), why, problems);
            });
        }
    }
}

impl Operate for DropTable {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        if resolve::any_table(schema, &self.name, Role::Table, problems).is_none() {
            return;
        }
        let slot = || Slot::new(Role::Table, self.name.to_string());
        object::unused(schema, (Kind::Table, &self.name), ("drop_table_used", slot()), problems);
        let columns = schema.table(&self.name).map(|table| table.columns.clone()).unwrap_or_default();
        for column in &columns {
            sequence_used(schema, &self.name, column, slot(), problems);
        }
        schema.objects.remove(&(Kind::Table, self.name.clone()));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let Some(table) = before.table(&self.name) else { return Reversal::Back(Vec::new()) };
        let bare = Table { indexes: Vec::new(), ..table.clone() };
        let indexes = table.indexes.iter().cloned();
        let create = Operation::from(CreateTable { name: self.name.clone(), table: bare });
        let indexes = indexes.map(|index| CreateIndex { table: self.name.clone(), index }.into());
        Reversal::Back(std::iter::once(create).chain(indexes).collect())
    }

    fn about(&self, _before: &Schema) -> About {
        About::drops(about::table(&self.name))
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects { removes: vec![Removed::Table(self.name.clone())], ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        let table = before.table(&self.name).into_iter();
        table.for_each(|table| footprint.write_table(before, &self.name, table));
    }

    fn lower(&self, _before: &Schema, _after: &Schema) -> Vec<Ddl> {
        vec![Kind::Table.drop(&self.name)]
    }
}

impl Operate for RenameTable {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        if resolve::table(schema, &self.from, Role::Table, problems).is_none() {
            return;
        }
        if !object::keeps_schema(&self.from, &self.to, problems) {
            return;
        }
        let to = Slot::new(Role::To, self.to.to_string());
        if object::new_name(schema, (Kind::Table, &self.to), to, problems) == Taken::Already {
            return;
        }
        schema.rename(Kind::Table, &self.from, &self.to);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![RenameTable { from: self.to.clone(), to: self.from.clone() }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::renames(about::table(&self.from), about::table(&self.to))
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects { breaks: vec![Break::RenamedTable { from: self.from.clone(), to: self.to.clone() }], ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        for name in [&self.from, &self.to] {
            footprint.write_object(Kind::Table, name);
        }
        for (owner, constraint, _) in before.incoming(&self.from) {
            footprint.write(owner, Part::Constraint(constraint.name().to_owned()));
        }
    }

    fn lower(&self, _before: &Schema, _after: &Schema) -> Vec<Ddl> {
        Kind::Table.rename().map(|rename| rename(&self.from, &self.to)).into_iter().collect()
    }
}

/// Rule `sequence_used`: the default of another column takes the numbers of a sequence that goes with its own column.
pub(super) fn sequence_used(schema: &Schema, owner: &Name, column: &Column, slot: Slot, problems: &mut Problems) {
    let Some(counter) = &column.counter else { return };
    let sequence = owner.sibling(counter.sequence.as_str());
    let goes_too = |table: &Name, other: &Column| table == owner && (slot.role == Role::Table || other.name == column.name);
    for (table, other) in schema.counted_by(&sequence).filter(|(table, other)| !goes_too(table, other)) {
        let message =
            format!("the sequence `{sequence}` is still used by the default of `{}` of `{table}`", Written(&other.name));
        let how = DropDefault { table: table.clone(), column: other.name.clone() };
        problems.push(Problem::new("sequence_used", slot.clone(), message).help(format!("write before it: `{how}`")));
    }
}
