//! The tables of one moment, in terms of what they were at an earlier one: followed through operations.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ddl::{Change, Ddl};
use crate::expr::has_word;
use crate::name::Name;
use crate::operation::Operation;
use crate::schema::{Schema, Table};
use crate::source::{Source, Sources};

/// Every table of a moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace {
    tables: BTreeMap<Name, Traced>,
    /// Whether SQL ran that the compiler does not read.
    pub has_raw: bool,
}

/// A table of a moment.
#[derive(Clone, Debug)]
pub(crate) struct Traced {
    /// The name that it had; `None` where it was made since, without rows.
    pub origin: Option<Name>,
    /// What became of its columns, the earliest changes first.
    pub layers: Vec<Layer>,
    /// Whether SQL named it that the compiler does not read.
    pub is_raw: bool,
}

/// Changes of a table whose values can be said in terms of the columns before them.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    /// The table before them.
    pub over: Arc<Table>,
    /// Its name before them.
    pub name: Name,
    /// The columns after them.
    pub sources: Sources,
}

impl Trace {
    /// The tables of a schema, of which nothing was changed yet.
    pub fn of(schema: &Schema) -> Trace {
        let traced = |name: &Name| Traced { origin: Some(name.clone()), layers: Vec::new(), is_raw: false };
        Trace { tables: schema.tables.keys().map(|name| (name.clone(), traced(name))).collect(), has_raw: false }
    }

    /// A table by the name that it has now.
    pub fn table(&self, name: &Name) -> Option<&Traced> {
        self.tables.get(name)
    }

    /// Whether a table is there under the name that it had, and holds what it held. Most are, so this is asked before anything else.
    pub fn leaves(&self, name: &Name) -> bool {
        self.table(name).is_some_and(|table| table.layers.is_empty() && table.origin.as_ref() == Some(name))
    }

    /// The name that a table has now, by the one that it had.
    pub fn named_after(&self, origin: &Name) -> Option<Name> {
        let is_it = |table: &Traced| table.origin.as_ref() == Some(origin);
        if self.table(origin).is_some_and(is_it) {
            return Some(origin.clone());
        }
        self.tables.iter().find(|(_, table)| is_it(table)).map(|(name, _)| name.clone())
    }

    /// Follows an operation that is done in this schema.
    pub fn follow(&mut self, operation: &Operation, before: &Schema, after: &Schema) {
        if let Operation::RunSql(raw) = operation {
            self.has_raw = true;
            let named = |table: &Name| raw.texts.iter().any(|(_, text)| has_word(text, &table.name));
            self.tables.iter_mut().filter(|(name, _)| named(name)).for_each(|(_, table)| table.is_raw = true);
            let mut schema = before.clone();
            for effect in raw.effect.iter().flatten() {
                let next = effect.applied(&schema);
                self.follow(effect, &schema, &next);
                schema = next;
            }
            return;
        }
        for ddl in operation.lower(before, after) {
            self.change(ddl);
        }
    }

    fn change(&mut self, ddl: Ddl) {
        match ddl {
            Ddl::CreateTable { name, .. } => {
                self.tables.insert(name, Traced { origin: None, layers: Vec::new(), is_raw: false });
            }
            Ddl::DropTable { name } => {
                self.tables.remove(&name);
            }
            Ddl::RenameTable { from, to } => {
                if let Some(table) = self.tables.remove(&from) {
                    self.tables.insert(to, table);
                }
            }
            Ddl::AlterTable { name, before, changes, .. } => {
                if let Some(table) = self.tables.get_mut(&name) {
                    changes.iter().for_each(|change| table.follow(&name, &before, change));
                }
            }
            Ddl::CreateIndex { .. } | Ddl::DropIndex { .. } | Ddl::RenameIndex { .. } | Ddl::Raw { .. } => {}
        }
    }
}

impl Traced {
    /// Follows one change of the table, which it has under this name. What `using` makes is said over the table before it, so
    /// it begins another layer where a column that it reads was changed in this one.
    fn follow(&mut self, name: &Name, before: &Arc<Table>, change: &Change) {
        let reads_changed = |layer: &&mut Layer| match change {
            Change::SetType { using: Some(using), .. } => layer.sources.changes_for(using),
            Change::SetType { using: None, .. } => false,
            Change::AddColumn(_) | Change::DropColumn(_) | Change::RenameColumn { .. } => false,
            Change::SetNotNull(_) | Change::DropNotNull(_) | Change::SetDefault(..) | Change::DropDefault(_) => false,
            Change::CommentTable(_) | Change::SetCounter { .. } => false,
            Change::Comment(..) | Change::AddConstraint(_) | Change::DropConstraint(_) => false,
            Change::RenameConstraint { .. } | Change::AlterConstraint { .. } => false,
        };
        match self.layers.last_mut().filter(|layer| !reads_changed(layer)) {
            Some(layer) => layer.sources.follow(change),
            None => {
                let mut sources = Sources::of(before);
                sources.follow(change);
                self.layers.push(Layer { over: Arc::clone(before), name: name.clone(), sources });
            }
        }
    }

    /// The column that holds now what it held at the beginning under the name that is given back; `None` where its values were
    /// made since.
    pub fn origin_of<'t>(&'t self, column: &'t str) -> Option<&'t str> {
        self.sources(column).try_fold(column, |_, source| source.origin())
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
        assert_eq!(people.origin, Some("users".into()));
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
