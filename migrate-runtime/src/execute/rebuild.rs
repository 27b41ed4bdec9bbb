//! What a statement's action says: a table that is rebuilt on SQLite is compared before, and gets back after it what the model does
//! not know.

use std::collections::BTreeMap;

use migrate_history::{Action, Statement, Text};

use super::attempt_error::AttemptError;
use super::runner::{Runner, Task};
use crate::driver::Driver;
use crate::shape::{Expected, SchemaObject, differences};
use crate::sql::{Parameter, Query};
use crate::{Differs, Error};

impl<D: Driver> Runner<'_, '_, D> {
    /// Does what the statement's action says; an error comes with the text that was sent.
    pub(super) async fn act<'s>(
        &mut self,
        statement: &'s Statement,
        kept: &mut BTreeMap<&'s str, Vec<String>>,
    ) -> Result<(), (Text, sqlx::Error)> {
        let with_text = |error| (statement.sql.clone(), error);
        match statement.action {
            Action::Run | Action::Set => self.driver.execute(&statement.sql).await.map_err(with_text),
            // Compared, or inserted, already.
            Action::Expect | Action::Load => Ok(()),
            Action::Keep => {
                let texts = self.column(&statement.sql).await.map_err(with_text)?;
                kept.insert(&statement.sql, texts);
                Ok(())
            }
            Action::Restore => {
                let there = self.column(&statement.sql).await.map_err(with_text)?;
                let wanted = kept.remove(&*statement.sql).unwrap_or_default();
                for text in wanted.into_iter().filter(|text| !there.contains(text)) {
                    let result = self.driver.execute(&text).await;
                    result.map_err(|error| (text.into(), error))?;
                }
                Ok(())
            }
        }
    }

    /// Refuses where a table is not what the statement expects.
    pub(super) async fn expect(&mut self, task: Task<'_>, statement: &Statement) -> Result<(), AttemptError> {
        if statement.action != Action::Expect {
            return Ok(());
        }
        let revision = &task.of.planned.revision;
        let unread = || Error::Ledger(format!("what `{revision}` expects of a table cannot be read"));
        let expected = Expected::read(&statement.sql).ok_or_else(unread)?;
        let name = Parameter::from(&*expected.table.name);
        let objects = "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = {} COLLATE NOCASE AND sql IS NOT NULL \
                       AND type IN ('table', 'view', 'index')";
        let rows = self.driver.rows(&Query::new(objects, [name])).await.map_err(Error::while_doing("look at the table"))?;
        let found = rows.into_iter().filter_map(|row| {
            let [kind, name, sql] = <[Option<String>; 3]>::try_from(row).ok()?;
            Some(SchemaObject { kind: kind?, name: name?, sql: sql? })
        });
        let differences = differences(&expected, &found.collect::<Vec<_>>());
        if differences.is_empty() {
            return Ok(());
        }
        let (revision, table) = (revision.clone(), expected.table.name);
        Err(Error::Differs(Box::new(Differs { revision, table, differences })).into())
    }

    async fn column(&mut self, query: &str) -> Result<Vec<String>, sqlx::Error> {
        let rows = self.driver.texts(query).await?;
        Ok(rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect())
    }
}
