//! The rows of a file: looked at as a whole before anything is done, and inserted some at a time in the step's transaction.

use migrate_history::plan::{Plan, Planned};
use migrate_history::{Action, Statement, Text};

use super::attempt_error::AttemptError;
use super::runner::{Runner, Task};
use crate::data_file::{self, DataFileError};
use crate::driver::Driver;
use crate::sql::{Parameter, Query};
use crate::{Error, Position};

/// Refuses a plan that inserts a file which cannot be read, or has a value that is none of its column.
pub(super) fn refuse_unreadable(plan: &Plan) -> Result<(), Error> {
    for planned in &plan.migrations {
        let statements = planned.steps.iter().flat_map(|step| step.statements.iter());
        for statement in statements.filter(|statement| statement.action == Action::Load) {
            queries(planned, statement)?;
        }
    }
    Ok(())
}

/// What inserts the rows of the statement's file.
pub(crate) fn queries(planned: &Planned, statement: &Statement) -> Result<Vec<Query>, Error> {
    let wrong = |error: DataFileError| Error::DataFile { revision: planned.revision.clone(), error: Box::new(error) };
    let (name, [before, after]) = statement.load().ok_or_else(|| wrong(DataFileError::absent("")))?;
    let files = planned.migration.map_or(&[][..], |migration| migration.files);
    let file = files.iter().find(|file| file.name == name).ok_or_else(|| wrong(DataFileError::absent(name)))?;
    let rows = data_file::rows(file).map_err(wrong)?;
    let query = |chunk: String| Query::around(before, Parameter::from(chunk), after);
    Ok(data_file::chunks(&rows).into_iter().map(query).collect())
}

impl<D: Driver> Runner<'_, '_, D> {
    /// Inserts the rows of the file, where the statement has one.
    pub(super) async fn load(&mut self, task: Task<'_>, position: Position, statement: &Statement) -> Result<(), AttemptError> {
        if statement.action != Action::Load {
            return Ok(());
        }
        for query in queries(task.of.planned, statement)? {
            self.hard_point()?;
            let result = self.driver.write(&query).await;
            let texts = || (statement.operation.clone(), Text::clone(&statement.sql));
            result.map_err(|error| self.refused(task, position, texts(), error))?;
        }
        Ok(())
    }
}
