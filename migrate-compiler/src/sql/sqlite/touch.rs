//! What changes do with the rows of a table on SQLite. Whatever is written, the whole file is locked against other writers (manual, "File
//! Locking And Concurrency").

use migrate_history::{Lock, Work};

use crate::ddl::{Change, Ddl};
use crate::online::Online;
use crate::rows::{ChangedRows, RowChange};
use crate::schema::Rule;
use crate::sql::touch::{TableTouch, touch};

/// What rows in batches touch, the only change of a table in use.
pub(super) fn online(change: &Online) -> Vec<TableTouch> {
    if let Online::Backfill(filled) = change { vec![touch(&filled.changed.table, Lock::File, Work::Update)] } else { Vec::new() }
}

/// What a change in place touches; a table that is rebuilt is rewritten, whatever its changes are.
pub(super) fn change(ddl: &Ddl) -> Vec<TableTouch> {
    let of = |table, work| vec![touch(table, Lock::File, work)];
    match ddl {
        Ddl::DropTable { name } | Ddl::RenameTable { from: name, .. } => of(name, Work::Nothing),
        Ddl::AlterTable { name, changes, .. } => {
            changes.iter().filter_map(work).map(|work| touch(name, Lock::File, work)).collect()
        }
        // An index gets another name by being built again.
        Ddl::CreateIndex { table, .. } | Ddl::RenameIndex { table, .. } => of(table, Work::Index),
        Ddl::DropIndex { table, .. } => of(table, Work::Nothing),
        Ddl::AlterEnum(altered) => altered.tables.iter().map(|table| touch(&table.name, Lock::File, Work::Rewrite)).collect(),
        Ddl::Program { tables, .. } => tables.iter().map(|table| touch(table, Lock::File, Work::Update)).collect(),
        Ddl::Rows(ChangedRows { table, change, .. }) => match change {
            RowChange::Insert { .. } | RowChange::InsertQuery { .. } | RowChange::Load { .. } | RowChange::Truncate => {
                of(table, Work::Nothing)
            }
            RowChange::Update { .. } | RowChange::Delete { .. } => of(table, Work::Update),
        },
        Ddl::CreateTable { .. } | Ddl::Object { .. } | Ddl::Raw { .. } => Vec::new(),
    }
}

/// What one change in place does with the rows; `None` for what SQLite does not keep.
fn work(change: &Change) -> Option<Work> {
    match change {
        Change::AddColumn(_) | Change::RenameColumn { .. } => Some(Work::Nothing),
        // Every row is written without the value (manual, "ALTER TABLE", section 5.1).
        Change::DropColumn(_) => Some(Work::Rewrite),
        Change::AddConstraint(new) => Some(match &new.rule {
            Rule::Check { .. } => Work::Scan,
            Rule::ForeignKey(_) | Rule::PrimaryKey { .. } | Rule::Unique { .. } => Work::Nothing,
        }),
        Change::Comment(..) | Change::CommentTable(_) | Change::RenameSequence { .. } => None,
        Change::SetType { .. } | Change::SetNotNull(_) | Change::DropNotNull(_) | Change::SetDefault(..) => Some(Work::Rewrite),
        Change::DropDefault(_) | Change::SetCounter { .. } | Change::DropConstraint(_) => Some(Work::Rewrite),
        Change::RenameConstraint { .. } | Change::AlterConstraint { .. } => Some(Work::Rewrite),
    }
}
