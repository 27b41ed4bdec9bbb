//! What comes before and after the statements of an operation that has settings of the session to itself.

use migrate_history::{Action, BatchRows, Cursor, Database, Mode, Statement, Text};

use crate::session_setting::{SessionSetting, SettingScope};
use crate::sql::registry::dialect;

/// The statements around others; none where they have the settings of all.
#[derive(Default)]
pub(super) struct Around(Option<[Statement; 2]>);

impl Around {
    /// Of an operation whose statements run so.
    pub fn of(database: Database, settings: &[SessionSetting], mode: &Mode, operation: &Text) -> Around {
        let (scope, action) = match mode {
            Mode::Transaction { .. } | Mode::Batches { .. } => (SettingScope::Transaction, Action::Run),
            Mode::Alone => (SettingScope::Session, Action::Set),
            Mode::Program { .. } | Mode::Unknown { .. } => return Around::default(),
        };
        let one = |sql: String| {
            let is_by_key = matches!(mode, Mode::Batches { cursor: Cursor::Key, .. });
            let sql = if is_by_key { BatchRows::escaped(&sql) } else { sql };
            Statement { action, sql: sql.into(), operation: operation.clone() }
        };
        Around(dialect(database).settings(settings, scope).map(|around| around.map(one)))
    }

    /// These statements with those around them.
    pub fn statements(&self, statements: impl IntoIterator<Item = Statement>) -> Vec<Statement> {
        let statements: Vec<Statement> = statements.into_iter().collect();
        match &self.0 {
            Some([before, after]) if !statements.is_empty() => {
                [before.clone()].into_iter().chain(statements).chain([after.clone()]).collect()
            }
            Some(_) | None => statements,
        }
    }
}
