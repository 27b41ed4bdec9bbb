//! The tables of one moment, in terms of what they were at an earlier one: followed through operations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ddl::{Change, Ddl, RetypedTable};
use crate::effect::Reached;
use crate::name::Name;
use crate::operation::{Operation, RunSql};
use crate::rows::{ChangedRows, RowChange, Which};
use crate::schema::{Objects, Schema, Table, Tables};
use crate::source::{Source, Sources};
use crate::transition::Transition;
use crate::work;

/// Every table of a moment. Only those that something was done to are kept: most migrations leave most tables alone.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    /// What there was at the beginning.
    start: Objects,
    /// What became of the tables that something was done to, by the name that they have now; absent for a name that none has now.
    touched: BTreeMap<Name, Option<Traced>>,
    /// The names that tables have now whose rows were under another one, by that one.
    moved: BTreeMap<Name, Name>,
    /// Whether SQL ran that the compiler does not read.
    pub has_raw: bool,
}

/// A table of a moment. It has no copies: one for each change of a table with many columns would be most of the work.
#[derive(Debug)]
pub(crate) struct Traced {
    origin: RowOrigin,
    /// What became of its columns, the earliest changes first.
    pub layers: Vec<Layer>,
    /// Whether its rows changed in a way that is not followed: SQL named it that the compiler does not read, or a foreign key changed them.
    pub is_raw: bool,
    /// Whether rows were inserted since, of which nothing is known here.
    pub has_new_rows: bool,
}

/// Where the rows of a table come from.
#[derive(Clone, Debug)]
enum RowOrigin {
    /// From the table of the same name.
    Itself,
    /// From the table that had this name.
    Other(Name),
    /// From nowhere: it was made since.
    Nowhere,
}

/// A table that nothing was done to.
static UNTOUCHED: Traced = Traced::untouched();

/// Changes of a table whose values can be said in terms of the columns before them.
#[derive(Debug)]
pub(crate) struct Layer {
    /// The table before them.
    pub over: Arc<Table>,
    /// Its name before them.
    pub name: Name,
    /// The columns after them.
    pub sources: Sources,
    /// The rows that go with them, said over the table before them.
    pub deleted: Option<Which>,
}

impl Trace {
    /// The tables of a schema, of which nothing was changed yet.
    pub fn of(schema: &Schema) -> Trace {
        Trace { start: schema.objects.clone(), ..Trace::default() }
    }

    /// The tables after steps that begin in a schema.
    pub fn through<'s>(start: &Schema, steps: impl IntoIterator<Item = &'s Transition>) -> Trace {
        let mut trace = Trace::of(start);
        steps.into_iter().for_each(|step| trace.follow(&step.operation, &step.before, &step.after));
        trace
    }

    /// A table by the name that it has now.
    pub fn table(&self, name: &Name) -> Option<&Traced> {
        match self.touched.get(name) {
            Some(traced) => traced.as_ref(),
            None => Tables::of(&self.start).contains_key(name).then_some(&UNTOUCHED),
        }
    }

    /// The names of the tables that something was done to, those included that are not there any more.
    pub fn touched(&self) -> impl Iterator<Item = &Name> {
        self.touched.keys().inspect(|_| work::look())
    }

    /// Whether a table is there under the name that it had, and holds what it held.
    pub fn leaves(&self, name: &Name) -> bool {
        self.table(name).is_some_and(|table| table.layers.is_empty() && table.origin(name) == Some(name))
    }

    /// The name that a table has now, by the one that it had.
    pub fn named_after(&self, origin: &Name) -> Option<Name> {
        if self.table(origin).is_some_and(|table| table.origin(origin) == Some(origin)) {
            return Some(origin.clone());
        }
        self.moved.get(origin).cloned()
    }

    /// Follows an operation that is done in this schema.
    pub fn follow(&mut self, operation: &Operation, before: &Schema, after: &Schema) {
        if let Some(raw) = operation.raw() {
            self.unread(raw, before);
            let mut schema = before.clone();
            for effect in raw.effect.iter().flatten() {
                let next = effect.applied(&schema);
                self.follow(effect, &schema, &next);
                schema = next;
            }
            return;
        }
        if let Some(program) = operation.program() {
            self.has_raw = true;
            for name in program.tables_in(before) {
                self.change_table(name, |table| table.is_raw = true);
            }
        }
        for ddl in operation.followed(before, after) {
            if let Ddl::Rows(_) = ddl {
                self.cascade(operation.effects(before).reaches);
            }
            self.change(ddl);
        }
    }

    /// Takes note of SQL that is not read: the tables that it names may hold other rows.
    pub fn unread(&mut self, raw: &RunSql, schema: &Schema) {
        self.has_raw = true;
        for name in raw.texts.iter().flat_map(|(_, text)| schema.tables().named_in(text)) {
            self.change_table(name, |table| table.is_raw = true);
        }
    }

    fn change(&mut self, ddl: Ddl) {
        match ddl {
            Ddl::CreateTable { name, .. } => {
                self.touched.insert(name, Some(Traced { origin: RowOrigin::Nowhere, ..Traced::untouched() }));
            }
            Ddl::DropTable { name } => drop(self.take(&name)),
            Ddl::RenameTable { from, to } => {
                if let Some(table) = self.take(&from) {
                    self.put(to, table, &from);
                }
            }
            Ddl::AlterTable { name, before, changes, .. } => {
                self.change_table(&name, |table| changes.iter().for_each(|change| table.follow(&name, &before, change)));
            }
            Ddl::AlterEnum(altered) => {
                for RetypedTable { name, before, changes, .. } in altered.tables {
                    self.change_table(&name, |table| changes.iter().for_each(|change| table.follow(&name, &before, change)));
                }
            }
            Ddl::Rows(ChangedRows { table, body, change, read: _, reads: _ }) => {
                self.change_table(&table, |traced| traced.follow_rows(&table, &body, &change));
            }
            Ddl::CreateIndex { .. } | Ddl::DropIndex { .. } | Ddl::RenameIndex { .. } => {}
            Ddl::Object { .. } | Ddl::Raw { .. } | Ddl::Program { .. } => {}
        }
    }
}

impl Trace {
    /// Changes what is known of a table that is there.
    fn change_table(&mut self, name: &Name, change: impl FnOnce(&mut Traced)) {
        let start = &self.start;
        let untouched = || Tables::of(start).contains_key(name).then(Traced::untouched);
        if let Some(table) = self.touched.entry(name.clone()).or_insert_with(untouched) {
            change(table);
        }
    }

    /// Takes note of what foreign keys do to other rows than those of a statement.
    fn cascade(&mut self, reaches: Vec<Reached>) {
        for reached in reaches.into_iter().skip(1) {
            self.change_table(&reached.table, |table| table.is_raw = true);
        }
    }

    /// Takes a table away.
    fn take(&mut self, name: &Name) -> Option<Traced> {
        let untouched = Tables::of(&self.start).contains_key(name).then(Traced::untouched);
        let table = self.touched.insert(name.clone(), None).unwrap_or(untouched);
        if let Some(RowOrigin::Other(origin)) = table.as_ref().map(|table| &table.origin) {
            self.moved.remove(origin);
        }
        table
    }

    /// Puts a table that had another name before under this one.
    fn put(&mut self, name: Name, table: Traced, before: &Name) {
        let origin = match table.origin {
            RowOrigin::Itself => RowOrigin::Other(before.clone()),
            origin @ (RowOrigin::Other(_) | RowOrigin::Nowhere) => origin,
        };
        if let RowOrigin::Other(origin) = &origin {
            self.moved.insert(origin.clone(), name.clone());
        }
        self.touched.insert(name, Some(Traced { origin, ..table }));
    }
}

impl Traced {
    const fn untouched() -> Traced {
        Traced { origin: RowOrigin::Itself, layers: Vec::new(), is_raw: false, has_new_rows: false }
    }

    /// The name that it had, by the one that it has; `None` where it was made since, without rows.
    pub fn origin<'t>(&'t self, name: &'t Name) -> Option<&'t Name> {
        match &self.origin {
            RowOrigin::Itself => Some(name),
            RowOrigin::Other(origin) => Some(origin),
            RowOrigin::Nowhere => None,
        }
    }

    /// Whether it was made since.
    pub fn is_new(&self) -> bool {
        matches!(self.origin, RowOrigin::Nowhere)
    }

    /// Follows one change of the table, which it has under this name. The result of `using` is an expression over the table before it, so
    /// it begins another layer where a column that it reads was changed in this one.
    fn follow(&mut self, name: &Name, before: &Arc<Table>, change: &Change) {
        let reads_changed = |layer: &&mut Layer| match change {
            Change::SetType { using: Some(using), .. } => layer.sources.changes_for(using),
            Change::SetType { using: None, .. } => false,
            Change::AddColumn(_) | Change::DropColumn(_) | Change::RenameColumn { .. } => false,
            Change::SetNotNull(_) | Change::DropNotNull(_) | Change::SetDefault(..) | Change::DropDefault(_) => false,
            Change::CommentTable(_) | Change::SetCounter { .. } => false,
            Change::Comment(..) | Change::AddConstraint(_) | Change::DropConstraint(_) => false,
            Change::RenameConstraint { .. } | Change::AlterConstraint { .. } | Change::RenameSequence { .. } => false,
        };
        match self.layers.last_mut().filter(|layer| !reads_changed(layer)) {
            Some(layer) => layer.sources.follow(change),
            None => {
                let mut sources = Sources::of(before);
                sources.follow(change);
                self.layers.push(Layer { over: Arc::clone(before), name: name.clone(), sources, deleted: None });
            }
        }
    }

    /// Follows what is done with the rows of the table. Their new values and the condition are expressions over the table before it.
    fn follow_rows(&mut self, name: &Name, before: &Arc<Table>, change: &RowChange) {
        let (mut sources, mut deleted) = (Sources::of(before), None);
        // What a query finds is not known before the rows that it reads are what they are then.
        let is_new = matches!(change, RowChange::Insert { .. } | RowChange::InsertQuery { .. } | RowChange::Load { .. });
        self.is_raw |= !is_new && !change.tables_read().is_empty();
        match change {
            RowChange::Insert { .. } | RowChange::InsertQuery { .. } | RowChange::Load { .. } => {
                self.has_new_rows = true;
                return;
            }
            RowChange::Update { sets, which, from: _, batches: _ } => sources.update(before, sets, which),
            RowChange::Delete { which } => deleted = Some(which.clone()),
            RowChange::Truncate => deleted = Some(Which::All),
        }
        self.layers.push(Layer { over: Arc::clone(before), name: name.clone(), sources, deleted });
    }

    /// Whether rows come or go.
    pub fn has_other_rows(&self) -> bool {
        self.has_new_rows || self.layers.iter().any(|layer| layer.deleted.is_some())
    }

    /// The column that holds now what it held at the beginning under the name that is given back; `None` where its values were
    /// made since.
    pub fn origin_of<'t>(&'t self, column: &'t str) -> Option<&'t str> {
        self.sources(column).try_fold(column, |_, source| source.origin())
    }

    /// The names that the columns had whose values are still in one; `None` where every column is as it was.
    pub fn kept(&self) -> Option<BTreeSet<&str>> {
        let last = self.layers.last()?;
        Some(last.sources.iter().filter_map(|(name, _)| self.origin_of(name)).collect())
    }

    /// The name that a column has now, by the one that it had.
    pub fn column_of<'t>(&'t self, origin: &'t str) -> Option<&'t str> {
        let Some(last) = self.layers.last() else { return Some(origin) };
        last.sources.iter().map(|(name, _)| name).find(|name| self.origin_of(name) == Some(origin))
    }

    /// The sources of a column, the latest first, as far back as its values go.
    pub fn sources<'t>(&'t self, column: &'t str) -> impl Iterator<Item = &'t Source> {
        let mut name = Some(column);
        self.layers.iter().rev().map_while(move |layer| {
            let source = layer.sources.get(name?)?;
            name = source.origin();
            Some(source)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use crate::expr::Expr;
    use crate::operation::{AddColumn, AlterType, DropColumn, RenameColumn, RenameTable};
    use crate::types::Type;

    fn trace(operations: Vec<Operation>) -> Trace {
        let mut schema = example::schema();
        let mut trace = Trace::of(&schema);
        for operation in operations {
            let after = operation.applied(&schema);
            trace.follow(&operation, &schema, &after);
            schema = after;
        }
        trace
    }

    fn rename(from: &str, to: &str) -> Operation {
        RenameColumn { table: "users".into(), from: from.into(), to: to.into() }.into()
    }

    #[test]
    fn a_column_is_followed_through_names_of_its_own_and_of_its_table() {
        let trace = trace(vec![
            rename("email", "mail"),
            RenameTable { from: "users".into(), to: "people".into() }.into(),
            AlterType { table: "people".into(), column: "mail".into(), to: Type::Text, using: None }.into(),
        ]);
        assert!(trace.table(&"users".into()).is_none());
        let people = trace.table(&"people".into()).expect("it was renamed");
        assert_eq!(people.origin(&"people".into()), Some(&"users".into()));
        assert_eq!(people.origin_of("mail"), Some("email"));
        assert_eq!(people.origin_of("nickname"), Some("nickname"));
    }

    #[test]
    fn a_column_that_was_made_since_has_no_origin() {
        let drop = DropColumn { table: "users".into(), column: "nickname".into() };
        let column = example::column("nickname", Type::Text).null();
        let trace = trace(vec![drop.into(), AddColumn { table: "users".into(), column, fill: None }.into()]);
        let users = trace.table(&"users".into()).expect("it is there");
        assert_eq!(users.origin_of("nickname"), None);
    }

    #[test]
    fn a_conversion_that_reads_a_changed_column_stands_on_a_layer_of_its_own() {
        let using = |column: &str| Some(Expr::column(column));
        let alter = |using| AlterType { table: "users".into(), column: "visits".into(), to: Type::Text, using };
        let layers = |using| {
            let trace = trace(vec![rename("email", "mail"), alter(using).into()]);
            trace.table(&"users".into()).map(|users| users.layers.len())
        };
        assert_eq!(layers(using("nickname")), Some(1));
        assert_eq!(layers(using("mail")), Some(2));
    }
}
