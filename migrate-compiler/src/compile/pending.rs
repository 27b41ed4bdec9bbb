//! Checks that raw SQL leaves for the end of the transaction, and that PostgreSQL requires before the table is changed.
//!
//! An `initially deferred` constraint is checked at COMMIT. Until then its checks are pending, and PostgreSQL changes no table that has
//! any (error 55006). So they are made before the change, and deferred again for the SQL that comes later.

use std::collections::BTreeSet;

use migrate_history::Database;

use crate::ddl::Ddl;
use crate::name::Name;
use crate::rows::{ChangedRows, RowChange};
use crate::schema::{Constraint, ReferentialAction, Schema, Timing};
use crate::sql::registry::dialect;

/// The tables that raw SQL may have written since their checks were last made.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    tables: BTreeSet<Name>,
    /// Those of them that have checks which wait for the COMMIT.
    waiting: BTreeSet<Name>,
}

impl Pending {
    /// What runs before a change, in the schema before it; takes note of the change.
    pub(super) fn before(&mut self, database: Database, ddl: &Ddl, schema: &Schema) -> Vec<String> {
        if let Ddl::Raw { texts } = ddl {
            self.note(schema, texts.iter().flat_map(|(_, text)| schema.tables().named_in(text)));
            return Vec::new();
        }
        if let Ddl::Rows(ChangedRows { table, change, .. }) = ddl
            && *change != RowChange::Truncate
        {
            self.note(schema, std::iter::once(table));
            return Vec::new();
        }
        let checked: Vec<Name> = changed(ddl)
            .into_iter()
            .filter(|table| self.tables.remove(*table))
            .flat_map(|table| deferred(schema, table))
            .collect();
        changed(ddl).into_iter().for_each(|table| {
            self.waiting.remove(table);
        });
        if let Ddl::RenameTable { to, .. } = ddl {
            // Its checks are made already.
            self.tables.remove(to);
        }
        if checked.is_empty() { Vec::new() } else { dialect(database).check_now(&checked) }
    }

    /// Whether checks wait for the COMMIT, so that it must not come before the rows are as they should be.
    pub(super) fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The tables that are named, and those whose rows follow them.
    fn note<'s>(&mut self, schema: &'s Schema, named: impl Iterator<Item = &'s Name>) {
        let mut written: Vec<Name> = named.cloned().collect();
        while let Some(table) = written.pop() {
            let follows = |action: ReferentialAction| {
                matches!(action, ReferentialAction::Cascade | ReferentialAction::SetNull | ReferentialAction::SetDefault)
            };
            let users = schema.incoming(&table).filter(|(_, _, key)| follows(key.on_delete) || follows(key.on_update));
            written.extend(users.map(|(user, ..)| user.clone()).filter(|user| !self.tables.contains(user) && *user != table));
            self.waiting.extend((!deferred(schema, &table).is_empty()).then(|| table.clone()));
            self.tables.insert(table);
        }
    }
}

/// The tables that a change locks.
fn changed(ddl: &Ddl) -> Vec<&Name> {
    match ddl {
        Ddl::DropTable { name } | Ddl::RenameTable { from: name, .. } | Ddl::AlterTable { name, .. } => vec![name],
        Ddl::CreateIndex { table, .. } | Ddl::DropIndex { table, .. } | Ddl::RenameIndex { table, .. } => vec![table],
        Ddl::AlterEnum(altered) => altered.tables.iter().map(|table| &table.name).collect(),
        Ddl::Rows(ChangedRows { table, .. }) => vec![table],
        Ddl::CreateTable { .. } | Ddl::Object { .. } => Vec::new(),
        Ddl::Raw { .. } | Ddl::Program { .. } => Vec::new(),
    }
}

/// The deferred constraints of a table, and the foreign keys of others that refer to it.
fn deferred(schema: &Schema, table: &Name) -> Vec<Name> {
    let is_deferred = |constraint: &&Constraint| constraint.timing == Timing::Deferred;
    let own = schema.table(table).into_iter().flat_map(|body| &body.constraints).filter(is_deferred);
    let own = own.map(|constraint| table.sibling(constraint.name()));
    let incoming = schema.incoming(table).filter(|(_, constraint, _)| is_deferred(constraint));
    let all: BTreeSet<Name> = own.chain(incoming.map(|(owner, constraint, _)| owner.sibling(constraint.name()))).collect();
    all.into_iter().collect()
}
