//! A table is kept instead of dropped, and comes back.

use std::fmt;
use std::sync::Arc;

use crate::check::name;
use crate::ddl::{Change, Ddl};
use crate::effect::{Demand, Effects, Removed};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::naming::{free_number, is_used, kept_name};
use crate::objects::Kind;
use crate::operation::about::{self, About};
use crate::operation::{AddConstraint, Operate, Operation, Reversal, object, resolve, table};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Constraint, Index, KeptOf, KeptTable, Schema, Table};

/// `drop table NAME keep data;` The rows stay where they are, in a table that is not used: under another name, without its foreign keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeepTable {
    /// Its name.
    pub name: Name,
    /// The how manieth of this name it is; the first that is free where it is absent.
    pub number: Option<u16>,
}

/// `restore table NAME;` What was kept last under this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreTable {
    /// The name that it had.
    pub name: Name,
    /// The how manieth of this name; the last where it is absent.
    pub number: Option<u16>,
}

impl fmt::Display for KeepTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "drop table {} keep data;", self.name)
    }
}

impl fmt::Display for RestoreTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "restore table {};", self.name)
    }
}

impl Operate for KeepTable {
    fn complete(&mut self, _before: &Schema) {}

    /// Rules `drop_table_used` and `sequence_used`.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(body) = resolve::table(schema, &self.name, Role::Table, problems) else { return };
        let slot = || Slot::new(Role::Table, self.name.to_string());
        object::unused(schema, (Kind::Table, &self.name), ("drop_table_used", slot()), problems);
        for column in &body.columns {
            table::sequence_used(schema, &self.name, column, slot(), problems);
        }
        let Some((place, kept)) = self.kept(schema) else { return };
        name::new_qualified(schema, Role::Table, &place, &slot(), problems);
        schema.objects.remove(&(Kind::Table, self.name.clone()));
        schema.put(place, Arc::new(kept));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let keys = before.table(&self.name).into_iter().flat_map(Table::foreign_keys);
        let add =
            |(constraint, _): (&Constraint, _)| AddConstraint { table: self.name.clone(), constraint: constraint.clone() }.into();
        let restore = Operation::from(RestoreTable { name: self.name.clone(), number: self.number });
        Reversal::Back(std::iter::once(restore).chain(keys.map(add)).collect())
    }

    /// Its foreign keys go, so what they demand of the rows is not asked after it.
    fn about(&self, before: &Schema) -> About {
        let Some((place, _)) = self.kept(before) else { return About::default() };
        About::renames(about::table(&self.name), about::table(&place)).changing_rows()
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects { removes: vec![Removed::Table(self.name.clone())], ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        let Some((body, (place, kept))) = before.table(&self.name).zip(self.kept(before)) else { return };
        footprint.write_table(before, &self.name, body);
        footprint.write_table(before, &place, &kept);
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let Some((body, (place, kept))) = before.tables().get(&self.name).zip(self.kept(before)) else { return Vec::new() };
        let bare = Arc::new(without_foreign_keys(body));
        let drops: Vec<Change> = body.foreign_keys().map(|(key, _)| Change::DropConstraint(key.clone())).collect();
        let drop = altered(&self.name, (body, &bare), drops);
        let parts = kept.kept.as_ref().map(|kept| kept.parts.as_slice()).unwrap_or_default();
        let (renames, _) = renamed(&self.name, (&bare, kept.kept.as_ref()), parts);
        let rename = Ddl::RenameTable { from: self.name.clone(), to: place };
        drop.into_iter().chain(renames).chain([rename]).collect()
    }
}

impl KeepTable {
    /// The table while it is kept, and its name.
    pub(super) fn kept(&self, before: &Schema) -> Option<(Name, Table)> {
        let body = before.table(&self.name)?;
        let is_taken = |number| {
            let names = std::iter::once(self.name.name.as_str()).chain(parts(body));
            names.into_iter().any(|name| is_used(before, &self.name.sibling(kept_name(name, number))))
        };
        let number = self.number.unwrap_or_else(|| free_number(is_taken));
        let parts: Vec<(String, String)> = parts(body).map(|name| (name.to_owned(), kept_name(name, number))).collect();
        let kept = KeptTable { name: self.name.name.clone(), number, parts, of: KeptOf::Table };
        let (_, renamed) = renamed(&self.name, (&without_foreign_keys(body), Some(&kept)), &kept.parts);
        Some((self.name.sibling(kept_name(&self.name.name, number)), renamed))
    }
}

/// The names that a table shares with others of its schema on some database: of its keys, its indexes and its sequences.
fn parts(body: &Table) -> impl Iterator<Item = &str> {
    let keys = body.constraints.iter().filter(|one| !one.rule.key_columns().is_empty());
    let sequences = body.columns.iter().filter_map(|column| column.counter.as_ref());
    keys.map(Constraint::name).chain(body.indexes.iter().map(Index::name)).chain(sequences.map(|one| one.sequence.as_str()))
}

fn without_foreign_keys(body: &Table) -> Table {
    let others = body.constraints.iter().filter(|constraint| constraint.foreign_key().is_none());
    Table { constraints: others.cloned().collect(), ..body.clone() }
}

/// Changes of a table; nothing where there are none.
fn altered(name: &Name, (before, after): (&Arc<Table>, &Arc<Table>), changes: Vec<Change>) -> Option<Ddl> {
    let (before, after) = (Arc::clone(before), Arc::clone(after));
    (!changes.is_empty()).then(|| Ddl::AlterTable { name: name.clone(), before, after, changes })
}

/// What gives the parts of a table other names, each from the first of a pair to the second; and the table then, which is kept as this.
fn renamed(name: &Name, (body, kept): (&Table, Option<&KeptTable>), parts: &[(String, String)]) -> (Vec<Ddl>, Table) {
    let to = |part: &str| parts.iter().find(|(from, _)| from == part).map(|(_, to)| to.clone());
    let mut after = Table { kept: kept.cloned(), ..body.clone() };
    let mut changes = Vec::new();
    for constraint in &mut after.constraints {
        if let Some(to) = to(constraint.name()).filter(|_| !constraint.rule.key_columns().is_empty()) {
            changes.push(Change::RenameConstraint { constraint: constraint.clone(), to: to.clone() });
            constraint.name = Some(to);
        }
    }
    for column in &mut after.columns {
        let Some(counter) = &mut column.counter else { continue };
        let Some(to) = to(&counter.sequence) else { continue };
        let (old, new) = (name.sibling(counter.sequence.as_str()), name.sibling(to.as_str()));
        changes.push(Change::RenameSequence { from: counter.sequence.clone(), to: to.clone() });
        counter.sequence = to;
        column.default.iter_mut().filter(|default| **default == Expr::Nextval(old.clone())).for_each(|default| {
            *default = Expr::Nextval(new.clone());
        });
    }
    let mut ddl = Vec::new();
    let middle = Arc::new(after.clone());
    ddl.extend(altered(name, (&Arc::new(body.clone()), &middle), changes));
    for index in &mut after.indexes {
        if let Some(to) = to(index.name()) {
            ddl.push(Ddl::RenameIndex { table: name.clone(), body: Arc::clone(&middle), index: index.clone(), to: to.clone() });
            index.name = Some(to);
        }
    }
    (ddl, after)
}

impl Operate for RestoreTable {
    fn complete(&mut self, _before: &Schema) {}

    /// Rules `unknown_kept` and `name_taken`.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let slot = || Slot::new(Role::Table, self.name.to_string());
        let Some((place, restored)) = self.restored(schema) else {
            let message = format!("no kept data for table `{}`", self.name);
            problems.push(Problem::new("unknown_kept", slot(), message).help_if(others(schema)));
            return;
        };
        if schema.table(&self.name).is_some() {
            let message = format!("duplicate table `{}`", self.name);
            problems.push(Problem::new("table_exists", slot(), message).help("rename or drop it first"));
            return;
        }
        schema.objects.remove(&(Kind::Table, place));
        for name in std::iter::once(self.name.name.as_str()).chain(parts(&restored)) {
            resolve::is_free(schema, &self.name.sibling(name), slot(), problems);
        }
        schema.put(self.name.clone(), Arc::new(restored));
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![KeepTable { name: self.name.clone(), number: self.number }.into()])
    }

    fn about(&self, before: &Schema) -> About {
        let Some((place, _)) = self.restored(before) else { return About::default() };
        About::renames(about::table(&place), about::table(&self.name))
    }

    fn effects(&self, before: &Schema) -> Effects {
        let demand = self.restored(before).map(|(place, _)| Demand::Kept { table: place, column: None });
        Effects { demands: demand.into_iter().collect(), ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        let Some((place, restored)) = self.restored(before) else { return };
        before.table(&place).into_iter().for_each(|kept| footprint.write_table(before, &place, kept));
        footprint.write_table(before, &self.name, &restored);
        footprint.write(&self.name, Part::All);
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        let Some((place, kept)) = self.place(before) else { return Vec::new() };
        let rename = Ddl::RenameTable { from: place, to: self.name.clone() };
        let (renames, _) = renamed(&self.name, (kept, None), &back(kept));
        std::iter::once(rename).chain(renames).collect()
    }
}

impl RestoreTable {
    /// The table that was kept last under this name, or the one of the number.
    fn place<'s>(&self, before: &'s Schema) -> Option<(Name, &'s Table)> {
        // Rows of the table have another name.
        if let Some(number) = self.number {
            let place = self.name.sibling(kept_name(&self.name.name, number));
            let table = before.table(&place)?;
            return Some((place, table));
        }
        let kept = before.tables().iter().filter_map(|(place, table)| Some((place, &**table, table.kept.as_ref()?)));
        let own = kept.filter(|(place, _, kept)| kept.of == KeptOf::Table && place.sibling(kept.name.as_str()) == self.name);
        own.max_by_key(|(.., kept)| kept.number).map(|(place, table, _)| (place.clone(), table))
    }

    /// Where it is kept, and what it becomes.
    fn restored(&self, before: &Schema) -> Option<(Name, Table)> {
        let (place, kept) = self.place(before)?;
        let (_, restored) = renamed(&self.name, (kept, None), &back(kept));
        Some((place, restored))
    }
}

/// What the parts of a table that is kept are called, and were called.
fn back(kept: &Table) -> Vec<(String, String)> {
    let parts = kept.kept.iter().flat_map(|kept| &kept.parts);
    parts.map(|(was, is)| (is.clone(), was.clone())).collect()
}

/// What can be restored.
fn others(schema: &Schema) -> Option<String> {
    let kept = schema.tables().iter().filter_map(|(place, table)| {
        let kept = table.kept.as_ref().filter(|kept| kept.of == KeptOf::Table)?;
        Some(place.sibling(kept.name.as_str()))
    });
    let kept: Vec<String> = kept.map(|name| format!("`restore table {name};`")).collect();
    (!kept.is_empty()).then(|| format!("write {}", kept.join(" or ")))
}
