//! The values of a column in a separate table, by key.

use migrate_history::{Action, Keeping, KeptPlace, Lock, Rebuild, Statement, Step, Text, Touched, Touches, Work};

use crate::name::Name;
use crate::naming::kept_name;
use crate::schema::Table;
use crate::sql::quote;

/// The separate table for the values of a column.
#[derive(Clone)]
pub(crate) struct SideTable {
    table: Name,
    key: Vec<String>,
    column: String,
    /// Its name.
    name: Name,
}

impl SideTable {
    /// `None` where the table has no primary key that is the same before and after its migration.
    pub fn new(table: &Name, [before, after]: [&Table; 2], column: &str) -> Option<SideTable> {
        let key = after.primary_key();
        let stays = |name: &String| before.column(name).zip(after.column(name)).is_some_and(|(one, other)| one.ty == other.ty);
        let is_one = !key.is_empty() && before.primary_key() == key && key.iter().all(stays);
        let name = table.sibling(kept_name(&format!("{}_{column}", table.name), 0));
        is_one.then(|| SideTable { table: table.clone(), key: key.to_vec(), column: column.to_owned(), name })
    }

    /// Where the values are.
    pub fn place(&self) -> KeptPlace {
        KeptPlace { schema: None, table: Text::Owned(self.name.name.clone()), column: None }
    }

    /// Copies the values. Columns without a type hold each value as it is.
    pub fn copy(&self, operation: &str) -> Vec<Statement> {
        let (name, key, table) = (quote::name(&self.name), quote::idents(&self.key), quote::name(&self.table));
        let column = quote::ident(&self.column);
        let create = format!("CREATE TABLE {name} ({key}, {column}, PRIMARY KEY ({key}))");
        let fill = format!("INSERT INTO {name} SELECT {key}, {column} FROM {table}");
        [create, fill].map(|sql| statement(sql, operation)).into()
    }

    /// What copying does to the table.
    pub fn read(&self) -> Touches {
        self.touches(Work::Scan)
    }

    /// Gives the rows that are still there their values back. The others have what the upgrade gave them.
    pub fn take(&self) -> Step {
        let (name, table, column) = (quote::name(&self.name), quote::name(&self.table), quote::ident(&self.column));
        let same = |key: &String| format!("kept.{0} = {table}.{0}", quote::ident(key));
        let same: Vec<String> = self.key.iter().map(same).collect();
        let found = format!("FROM {name} AS kept WHERE {}", same.join(" AND "));
        let update = format!("UPDATE {table} SET {column} = (SELECT kept.{column} {found}) WHERE EXISTS (SELECT 1 {found})");
        let statements =
            [update, format!("DROP TABLE {name}")].map(|sql| statement(sql, "restore what `downgrade --keep` has kept"));
        let keeps = vec![Keeping::Restored(self.place())].into();
        Step { keeps, touches: self.touches(Work::Update), ..Step::transaction(Rebuild::Nothing, statements.to_vec()) }
    }

    /// Its name.
    pub fn name(&self) -> &Name {
        &self.name
    }

    fn touches(&self, work: Work) -> Touches {
        let table = Touched { schema: None, table: Text::Owned(self.table.name.clone()), lock: Lock::File, work };
        Touches { tables: vec![table].into(), ..Touches::NONE }
    }
}

fn statement(sql: String, operation: &str) -> Statement {
    Statement { action: Action::Run, sql: sql.into(), operation: Text::Owned(operation.to_owned()) }
}
