//! What changes lock on PostgreSQL and what they do with rows, as measured on the servers themselves (the live tests compare each
//! of these with `pg_locks`) and as the manual says ("ALTER TABLE", "Explicit Locking").

use migrate_history::{Lock, Work};

use crate::ddl::{AlteredEnum, Change, Ddl, RetypedTable};
use crate::expr::Expr;
use crate::name::Name;
use crate::online::{ConstraintOf, Online};
use crate::rows::{ChangedRows, RowChange};
use crate::schema::{Column, Constraint, ForeignKey, ReferentialAction, Rule, Schema, Table};
use crate::source::is_plain;
use crate::sql::postgres::counter;
use crate::sql::postgres::expressions::Expressions;
use crate::sql::touch::{TableTouch, touch};
use crate::types::{Becomes, Type};

/// What a change touches, in the schema before it.
pub(super) fn change(ddl: &Ddl, before: &Schema) -> Vec<TableTouch> {
    match ddl {
        Ddl::CreateTable { name, table } => {
            let targets = table.foreign_keys().map(|(_, key)| &key.table).filter(|target| *target != name);
            targets.map(|target| touch(target, Lock::ShareRowExclusive, Work::Nothing)).collect()
        }
        Ddl::DropTable { name } => {
            let keys = before.table(name).into_iter().flat_map(Table::foreign_keys).map(|(_, key)| &key.table);
            [name].into_iter().chain(keys).map(exclusive).collect()
        }
        Ddl::RenameTable { from, .. } => vec![exclusive(from)],
        Ddl::AlterTable { name, before: old, changes, .. } => {
            changes.iter().flat_map(|change| altered(name, old, before, change)).collect()
        }
        Ddl::CreateIndex { table, .. } => vec![touch(table, Lock::Share, Work::Index)],
        Ddl::DropIndex { table, .. } => vec![exclusive(table)],
        // Only the index is locked, which blocks no reads or writes.
        Ddl::RenameIndex { .. } => Vec::new(),
        Ddl::Rows(changed) => of_rows(changed, before),
        Ddl::Object { .. } | Ddl::Raw { .. } => Vec::new(),
        Ddl::Program { tables, .. } => tables.iter().map(|table| touch(table, Lock::RowExclusive, Work::Update)).collect(),
        Ddl::AlterEnum(altered) => of_enum(altered, before),
    }
}

/// Rows are locked one by one, and so are those that foreign keys look for or change with them.
fn of_rows(changed: &ChangedRows, before: &Schema) -> Vec<TableTouch> {
    let read = changed.change.tables_read().into_iter().filter(|table| **table != changed.table);
    let read = read.map(|table| touch(table, Lock::AccessShare, Work::Scan));
    written(changed, before).into_iter().chain(read).collect()
}

fn written(changed: &ChangedRows, before: &Schema) -> Vec<TableTouch> {
    let ChangedRows { table, body, change, read: _, reads: _ } = changed;
    let own = |work| vec![touch(table, Lock::RowExclusive, work)];
    let targets = |is_set: &dyn Fn(&String) -> bool| {
        let keys = body.foreign_keys().map(|(_, key)| key).filter(|key| key.table != *table && key.columns.iter().any(is_set));
        keys.map(|key| touch(&key.table, Lock::RowShare, Work::Nothing)).collect::<Vec<_>>()
    };
    let referring = |is_set: &dyn Fn(&String) -> bool, action: fn(&ForeignKey) -> ReferentialAction| {
        let keys = before.incoming(table).filter(|(owner, _, key)| *owner != table && key.references.iter().any(is_set));
        keys.map(|(owner, _, key)| followed(owner, action(key))).collect::<Vec<_>>()
    };
    match change {
        RowChange::Insert { columns, .. } | RowChange::InsertQuery { columns, .. } | RowChange::Load { columns, .. } => {
            [own(Work::Nothing), targets(&|name| columns.contains(name))].concat()
        }
        RowChange::Update { sets, .. } => {
            let is_set = |name: &String| sets.iter().any(|set| set.column == *name);
            [own(Work::Update), targets(&is_set), referring(&is_set, |key| key.on_update)].concat()
        }
        RowChange::Delete { .. } => [own(Work::Update), referring(&|_| true, |key| key.on_delete)].concat(),
        RowChange::Truncate => vec![exclusive(table)],
    }
}

/// What a foreign key does with the rows that refer to others which change.
fn followed(owner: &Name, action: ReferentialAction) -> TableTouch {
    match action {
        ReferentialAction::NoAction | ReferentialAction::Restrict => touch(owner, Lock::RowShare, Work::Nothing),
        ReferentialAction::Cascade | ReferentialAction::SetNull | ReferentialAction::SetDefault => {
            touch(owner, Lock::RowExclusive, Work::Update)
        }
    }
}

/// What a change of a table in use touches.
pub(super) fn online(change: &Online, before: &Schema) -> Vec<TableTouch> {
    match change {
        Online::Backfill(filled) => of_rows(&filled.changed, before),
        Online::BuildIndex(of) => vec![touch(&of.table, Lock::ShareUpdateExclusive, Work::Index)],
        Online::BuildKey(of) => vec![touch(&of.table, Lock::ShareUpdateExclusive, Work::Index)],
        Online::DropIndex(of) | Online::DiscardIndex(of) => vec![touch(&of.table, Lock::ShareUpdateExclusive, Work::Nothing)],
        Online::AddUnchecked(of) => match target(of) {
            Some(target) => [&of.table, target].map(|table| touch(table, Lock::ShareRowExclusive, Work::Nothing)).to_vec(),
            None => vec![exclusive(&of.table)],
        },
        Online::Validate(of) => {
            let own = touch(&of.table, Lock::ShareUpdateExclusive, Work::Scan);
            let compared = target(of).map(|target| touch(target, Lock::RowShare, Work::Scan));
            [own].into_iter().chain(compared).collect()
        }
        Online::TakeIndex(of) => vec![touch(&of.table, Lock::AccessExclusive, taking(of))],
        Online::ReplaceKey(key) => vec![touch(&key.new.table, Lock::AccessExclusive, taking(&key.new))],
        Online::AddColumn(new) | Online::Identify(new) => vec![exclusive(&new.table)],
        Online::Fill(new) => vec![touch(&new.table, Lock::RowExclusive, Work::Update)],
        // There are few of them.
        Online::FillRest(new) => vec![touch(&new.table, Lock::RowExclusive, Work::Scan)],
    }
}

/// A change that blocks reads and writes, and that is over at once.
fn exclusive(table: &Name) -> TableTouch {
    touch(table, Lock::AccessExclusive, Work::Nothing)
}

/// The table that a foreign key refers to.
fn target(of: &ConstraintOf) -> Option<&Name> {
    of.constraint.foreign_key().map(|key| &key.table)
}

/// A primary key makes its columns not null, for which the rows are looked at where they may be null.
fn taking(of: &ConstraintOf) -> Work {
    let may_be_null = |name: &String| of.body.column(name).is_some_and(|column| column.nullable);
    match &of.constraint.rule {
        Rule::PrimaryKey { columns } if columns.iter().any(may_be_null) => Work::Scan,
        Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::Check { .. } | Rule::ForeignKey(_) => Work::Nothing,
    }
}

/// One change of a table.
fn altered(name: &Name, old: &Table, before: &Schema, change: &Change) -> Vec<TableTouch> {
    match change {
        Change::AddColumn(_) | Change::DropColumn(_) | Change::RenameColumn { .. } | Change::DropNotNull(_) => {
            vec![exclusive(name)]
        }
        Change::SetDefault(..) | Change::DropDefault(_) | Change::RenameConstraint { .. } => vec![exclusive(name)],
        // A check that is validated says the same already.
        Change::SetNotNull(_) => vec![exclusive(name)],
        Change::Comment(..) | Change::CommentTable(_) => vec![touch(name, Lock::ShareUpdateExclusive, Work::Nothing)],
        Change::SetCounter { column, to } => {
            // The numbers go on after the highest one, which is looked for.
            let work = if counter::looks_for_highest(column, to.as_ref()) { Work::Scan } else { Work::Nothing };
            vec![touch(name, Lock::AccessExclusive, work)]
        }
        Change::SetType { column, to, using } => retyped((name, old), before, (column, to, using.as_ref())),
        Change::AddConstraint(new) => added(name, new),
        Change::DropConstraint(constraint) => dropped(name, constraint),
        Change::AlterConstraint { .. } => vec![exclusive(name)],
        // The sequence alone is locked.
        Change::RenameSequence { .. } => Vec::new(),
    }
}

/// A foreign key has triggers on the table that it refers to, which go with it.
fn dropped(name: &Name, constraint: &Constraint) -> Vec<TableTouch> {
    let target = constraint.foreign_key().map(|key| &key.table).filter(|target| *target != name);
    [name].into_iter().chain(target).map(exclusive).collect()
}

/// A constraint that is added and validated at once, which a recipe does only to a table that is new and has no rows: none of them is looked
/// for in the table that a foreign key refers to.
fn added(name: &Name, new: &Constraint) -> Vec<TableTouch> {
    match &new.rule {
        Rule::Check { .. } => vec![touch(name, Lock::AccessExclusive, Work::Scan)],
        Rule::PrimaryKey { .. } | Rule::Unique { .. } => vec![touch(name, Lock::AccessExclusive, Work::Index)],
        Rule::ForeignKey(key) => {
            let target = touch(&key.table, Lock::ShareRowExclusive, Work::Nothing);
            vec![touch(name, Lock::ShareRowExclusive, Work::Scan), target]
        }
    }
}

/// Another type: the table is rewritten, or what is kept as an expression over the column is, and foreign keys from and to it are created
/// again with it.
fn retyped(
    (name, old): (&Name, &Table),
    before: &Schema,
    (column, to, using): (&Column, &Type, Option<&Expr>),
) -> Vec<TableTouch> {
    let uses = |columns: &[String]| columns.contains(&column.name);
    let expressions = Expressions::of(old);
    // Of other expressions PostgreSQL does not know that they leave the values as they are.
    let is_plain = using.is_none_or(|using| is_plain(using, &column.name, &column.ty, to));
    let work = if !is_plain || column.ty.is_rewritten_as(to) {
        Work::Rewrite
    } else if expressions.indexes(&column.name).next().is_some() || !column.ty.keeps_indexes(to) && is_indexed(old, &column.name)
    {
        Work::Index
    } else if expressions.checks(&column.name).next().is_some() {
        Work::Scan
    } else {
        Work::Nothing
    };
    let compared = if work == Work::Rewrite { Work::Scan } else { Work::Nothing };
    let targets = old.foreign_keys().filter(|(_, key)| uses(&key.columns)).map(|(_, key)| &key.table);
    let owners = before.incoming(name).filter(|(_, _, key)| uses(&key.references)).map(|(owner, ..)| owner);
    let others = targets.chain(owners).filter(|other| *other != name);
    let others = others.map(|other| touch(other, Lock::AccessExclusive, compared));
    [touch(name, Lock::AccessExclusive, work)].into_iter().chain(others).collect()
}

/// Whether a column is in an index or in a key.
fn is_indexed(table: &Table, column: &str) -> bool {
    let of_key = |one: &Constraint| one.rule.key_columns().iter().any(|name| name == column);
    table.constraints.iter().any(of_key) || table.indexes.iter().any(|index| index.may_use(column))
}

/// Values of an enum: without one of them it is another type, of which every column becomes, row by row.
fn of_enum(altered: &AlteredEnum, before: &Schema) -> Vec<TableTouch> {
    match altered.before.becomes(&altered.after) {
        Becomes::Wider | Becomes::Renamed { .. } => Vec::new(),
        Becomes::Narrower => {
            let touched = |table: &RetypedTable| {
                let anew = |change: &Change| {
                    let touches = self::altered(&table.name, &table.before, before, change);
                    touches.into_iter().map(|touch| anew(&table.name, touch)).collect::<Vec<TableTouch>>()
                };
                table.changes.iter().flat_map(anew).collect::<Vec<TableTouch>>()
            };
            altered.tables.iter().flat_map(touched).collect()
        }
    }
}

/// The table is rewritten, and foreign keys from and to it are added again.
fn anew(name: &Name, touch: TableTouch) -> TableTouch {
    let work = if touch.table == *name { Work::Rewrite } else { Work::Scan };
    TableTouch { work, ..touch }
}
