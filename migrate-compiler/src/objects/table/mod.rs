//! Tables: `create table users { … }`

pub mod body;
pub mod column;
pub mod constraint;
pub mod index;
pub mod kept;
pub mod typed;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::check::user;
use crate::ddl::Ddl;
use crate::name::{Name, Written};
use crate::objects::{Kind, Object, ObjectKind, Read, Support};
use crate::problem::Problems;
use crate::sql::features::Features;
use body::Table;
use column::Column;
use constraint::{Constraint, ForeignKey};
use index::Index;
use typed::{Typed, casts_to};

impl ObjectKind for Table {
    const IN_SCHEMA: bool = true;
    const SHARES_NAMES: bool = true;

    /// Its parts are read with their places, and its indexes are operations of their own.
    const READ: Option<Read> = None;
    const RENAME: Option<fn(&Name, &Name) -> Ddl> = Some(|from, to| Ddl::RenameTable { from: from.clone(), to: to.clone() });

    fn support(_: &Features) -> Support {
        Support::Own
    }

    fn write_rest(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(" {")?;
        for column in &self.columns {
            if let Some(comment) = &column.comment {
                write!(out, "\n    /// {}", comment.replace('\n', "\n    /// "))?;
            }
            write!(out, "\n    {column},")?;
        }
        for constraint in &self.constraints {
            write!(out, "\n    {constraint},")?;
        }
        out.write_str(if self.columns.is_empty() && self.constraints.is_empty() { "}" } else { "\n}" })
    }

    fn refuses(_: &str) -> Option<String> {
        None
    }

    /// Its parts are checked against all else that there is, where the table is created.
    fn check(&self, _: &Name, _: &mut Problems) {}

    /// The tables that its foreign keys refer to, and the enums of its columns and casts.
    fn references(&self) -> BTreeSet<(Kind, Name)> {
        let targets = self.foreign_keys().map(|(_, key)| (Kind::Table, key.table.clone()));
        targets.chain(self.enums().into_iter().map(|of| (Kind::Enum, of))).collect()
    }

    fn uses(&self, name: &Name, (kind, of): &(Kind, Name)) -> Vec<(String, String)> {
        let refers = |key: &ForeignKey| *kind == Kind::Table && key.table == *of;
        let keys = self.foreign_keys().filter(|(_, key)| refers(key)).map(|(constraint, _)| user::constraint(name, constraint));
        let types = (*kind == Kind::Enum).then(|| self.uses_of_type(name, of));
        keys.chain(types.into_iter().flatten()).collect()
    }

    fn follow(&mut self, (kind, of): &(Kind, Name), to: &Name) {
        if *kind == Kind::Table {
            let keys = self.constraints.iter_mut().filter_map(Constraint::foreign_key_mut);
            keys.filter(|key| key.table == *of).for_each(|key| key.table = to.clone());
        }
        if *kind == Kind::Enum {
            self.each_type(&mut |ty| {
                ty.as_enum_mut().filter(|own| own.name == *of).into_iter().for_each(|own| own.name = to.clone());
            });
        }
    }

    /// Its constraints, its indexes and its sequences.
    fn parts(&self) -> Vec<&str> {
        let sequences = self.columns.iter().filter_map(|column| column.counter.as_ref()).map(|counter| counter.sequence.as_str());
        self.constraints.iter().map(Constraint::name).chain(self.indexes.iter().map(Index::name)).chain(sequences).collect()
    }

    fn create(&self, name: &Name) -> Ddl {
        Ddl::CreateTable { name: name.clone(), table: Arc::new(self.clone()) }
    }

    fn drop(name: &Name) -> Ddl {
        Ddl::DropTable { name: name.clone() }
    }

    #[cfg(feature = "testing")]
    fn examples() -> Vec<(&'static str, Table)> {
        Vec::new()
    }
}

impl From<Arc<Table>> for Object {
    fn from(table: Arc<Table>) -> Object {
        Object::Table(table)
    }
}

impl Table {
    /// The expressions of it that cast to an enum, and the statements that drop them.
    pub(crate) fn casts_to_type(&self, owner: &Name, of: &Name) -> Vec<(String, String)> {
        let check = |constraint: &&Constraint| constraint.rule.condition().is_some_and(|condition| casts_to(condition, of));
        let check_of = |constraint: &Constraint| {
            let (shown, (_, how)) = (Written(constraint.name()), user::constraint(owner, constraint));
            (format!("the check `{shown}` of `{owner}`"), how)
        };
        let casts = |index: &&Index| index.expressions().any(|expr| casts_to(expr, of));
        let index = |index: &Index| {
            let (name, (_, how)) = (owner.sibling(index.name()), user::index(owner, index));
            (format!("the index `{name}`"), how)
        };
        // The default of a column of the enum itself goes with it.
        let is_own = |column: &Column| column.ty.as_enum().is_some_and(|own| own.name == *of);
        let default = |column: &&Column| !is_own(column) && column.default.as_ref().is_some_and(|default| casts_to(default, of));
        let default_of = |column: &Column| {
            let shown = Written(&column.name);
            (format!("the default of `{owner}.{shown}`"), format!("`alter table {owner} {{ alter {shown} drop default; }}`"))
        };
        let defaults = self.columns.iter().filter(default).map(default_of);
        let checks = self.constraints.iter().filter(check).map(check_of);
        defaults.chain(checks).chain(self.indexes.iter().filter(casts).map(index)).collect()
    }

    /// What of it uses the type of an enum, and the statements that drop that.
    fn uses_of_type(&self, owner: &Name, of: &Name) -> Vec<(String, String)> {
        let column = |column: &Column| {
            let (shown, kept) = (Written(&column.name), if column.kept.is_some() { "kept " } else { "" });
            (format!("the {kept}column `{owner}.{shown}`"), format!("`alter table {owner} {{ drop {shown}; }}`"))
        };
        self.columns_of(of).into_iter().map(column).chain(self.casts_to_type(owner, of)).collect()
    }
}
