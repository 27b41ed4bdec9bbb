//! Indexes.

use std::fmt;
use std::sync::Arc;

use crate::check::index as check;
use crate::check::name;
use crate::ddl::Ddl;
use crate::effect::{self, Break, DroppedKey, Effects, Repeat};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::naming;
use crate::operation::about::{self, About};
use crate::operation::constraint::still_key;
use crate::operation::{Operate, Reversal, object, resolve};
use crate::problem::{Origin, Problem, Problems, Role, Slot};
use crate::schema::{Index, Schema, Table};

/// `create [unique] index [NAME] on TABLE (…)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateIndex {
    /// The table.
    pub table: Name,
    /// The new index.
    pub index: Index,
}

/// `drop index NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropIndex {
    /// Its name.
    pub name: Name,
}

/// `rename index NAME to NAME;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameIndex {
    /// The old name.
    pub from: Name,
    /// The new name, in the same schema.
    pub to: Name,
}

impl fmt::Display for CreateIndex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "create {};", self.index.written(Some(&self.table)))
    }
}

impl fmt::Display for DropIndex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "drop index {};", self.name)
    }
}

impl fmt::Display for RenameIndex {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "rename index {} to {};", self.from, self.to)
    }
}

impl Operate for CreateIndex {
    fn complete(&mut self, before: &Schema) {
        before.resolve(&mut self.index);
        if self.index.name.is_none() {
            self.index.name = Some(naming::index_name(before, &self.table, &self.index));
        }
    }

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(table) = resolve::any_table(schema, &self.table, Role::Table, problems) else { return };
        let name = self.table.sibling(self.index.name());
        let slot = Slot::new(Role::Index, self.index.name());
        if let Some((owner, there)) = schema.index(&name) {
            let origin = Origin::made(owner, Part::Index(there.name().to_owned()));
            problems.push(
                Problem::new("index_exists", slot, format!("duplicate index `{name}`")).help("use another name").origin(origin),
            );
            return;
        }
        resolve::is_free(schema, &name, slot.clone(), problems);
        resolve::is_distinct(schema, &name, None, slot, problems);
        check::index(schema, &self.table, table, &self.index, problems);
        schema.change(&self.table, |table| table.indexes.push(self.index.clone()));
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![DropIndex { name: self.table.sibling(self.index.name()) }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::makes(about::index(&self.table, self.index.name())).of_columns(self.index.columns())
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        self.index.expressions().map(|expr| (vec![&self.table], expr)).collect()
    }

    fn effects(&self, before: &Schema) -> Effects {
        let other = before.table(&self.table).and_then(|table| table.indexes.iter().find(|there| there.is_same(&self.index)));
        let repeat = |other: &Index| Repeat {
            entry: None,
            slot: Slot::new(Role::Index, self.index.name()),
            other: format!("the index `{}`", Written(other.name())),
        };
        let demands = effect::of_index(&self.table, &self.index).into_iter().collect();
        let slot = Slot::new(Role::Index, self.index.name());
        let columns = || self.index.columns().into_iter().map(str::to_owned).collect();
        let breaks = self.index.unique.then(|| Break::Restricted { table: self.table.clone(), columns: columns(), slot });
        let breaks = breaks.into_iter().collect();
        Effects { demands, breaks, repeats: other.map(repeat).into_iter().collect(), ..Effects::default() }
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.read_index(&self.table, &self.index);
        footprint.write_index(&self.table, self.index.name());
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let create = |body: &Arc<Table>| {
            let (table, body) = (self.table.clone(), Arc::clone(body));
            Ddl::CreateIndex { table, body, index: self.index.clone() }
        };
        before.tables().get(&self.table).map(create).into_iter().collect()
    }
}

impl Operate for DropIndex {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((owner, index)) = resolve::index(schema, &self.name, problems) else { return };
        let columns = if index.unique { index.plain_columns() } else { Vec::new() };
        let owner = owner.clone();
        schema.change(&owner, |table| table.indexes.retain(|index| index.name() != self.name.name));
        still_key(schema, &owner, &columns, Slot::new(Role::Index, self.name.to_string()), problems);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let found = before.index(&self.name);
        let create = |(table, index): (&Name, &Index)| CreateIndex { table: table.clone(), index: index.clone() }.into();
        Reversal::Back(found.map(create).into_iter().collect())
    }

    fn about(&self, before: &Schema) -> About {
        let found = before.index(&self.name);
        found.map(|(table, index)| About::drops(about::index(table, index.name()))).unwrap_or_default()
    }

    fn effects(&self, before: &Schema) -> Effects {
        let slot = || Slot::new(Role::Index, self.name.to_string());
        let unique = before.index(&self.name).filter(|(_, index)| index.unique);
        let broken = |(table, index): (&Name, &Index)| Break::DroppedConstraint {
            table: table.clone(),
            part: Part::Index(index.name().to_owned()),
            slot: slot(),
        };
        let dropped = |(table, index): (&Name, &Index)| DroppedKey {
            table: table.clone(),
            columns: if index.unique { index.plain_columns() } else { Vec::new() },
            part: Part::Index(index.name().to_owned()),
            slot: slot(),
        };
        let dropped = before.index(&self.name).map(dropped).filter(|key| !key.columns.is_empty());
        let breaks = unique.map(broken).into_iter().collect();
        Effects { drops_keys: dropped.into_iter().collect(), breaks, ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        before.index(&self.name).iter().for_each(|(owner, index)| footprint.write_index(owner, index.name()));
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let found = before.index(&self.name);
        found.map(|(table, index)| Ddl::DropIndex { table: table.clone(), index: index.clone() }).into_iter().collect()
    }
}

impl Operate for RenameIndex {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((owner, _)) = resolve::index(schema, &self.from, problems) else { return };
        let owner = owner.clone();
        let slot = Slot::new(Role::To, self.to.to_string());
        if !object::keeps_schema(&self.from, &self.to, problems) {
            return;
        }
        if !resolve::is_free(schema, &self.to, slot.clone(), problems) {
            return;
        }
        // An index is created again, so its own old name is free by then.
        resolve::is_distinct(schema, &self.to, Some(&self.from), slot.clone(), problems);
        name::new_qualified(schema, Role::Index, &self.to, &slot, problems);
        schema.change(&owner, |table| {
            for index in table.indexes.iter_mut().filter(|index| index.name() == self.from.name) {
                index.name = Some(self.to.name.clone());
            }
        });
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![RenameIndex { from: self.to.clone(), to: self.from.clone() }.into()])
    }

    fn about(&self, before: &Schema) -> About {
        let Some((table, index)) = before.index(&self.from) else { return About::default() };
        About::renames(about::index(table, &self.from.name), about::index(table, &self.to.name)).of_columns(index.columns())
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects::default()
    }

    /// SQLite creates it again, as it was.
    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        if let Some((owner, index)) = before.index(&self.from) {
            footprint.read_index(owner, index);
            footprint.write_index(owner, &self.from.name);
            footprint.write_index(owner, &self.to.name);
        }
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let rename = |(table, index): (&Name, &Index)| {
            let (body, index) = (Arc::clone(before.tables().get(table)?), index.clone());
            Some(Ddl::RenameIndex { table: table.clone(), body, index, to: self.to.name.clone() })
        };
        before.index(&self.from).and_then(rename).into_iter().collect()
    }
}
