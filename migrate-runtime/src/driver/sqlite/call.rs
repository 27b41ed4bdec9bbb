//! A function of the program, in the transaction of a step or outside of one.

use std::pin::pin;

use futures_util::future::{Either, select};
#[cfg(feature = "postgres")]
use migrate_history::Database;
use sqlx::{Connection, Sqlite};

use super::session::SqliteSession;
use crate::driver::Driver;
use crate::event::Event;
#[cfg(feature = "postgres")]
use crate::program::elsewhere;
use crate::program::{Call, CallError, Step, StepLink, nested};

impl SqliteSession<'_> {
    /// Calls the function.
    pub(super) async fn call_function(
        &mut self,
        call: Call<'_>,
        tell: &mut (dyn FnMut(Event) + Send),
    ) -> Result<Option<String>, CallError> {
        let (stop, is_outside) = (self.stop.clone(), call.is_outside());
        let connection = self.connection().map_err(CallError::Lost)?;
        if !call.is_outside() {
            nested::enter::<Sqlite>(connection, "SELECT 1").await.map_err(CallError::Lost)?;
        }
        let ended = {
            let running = call.run(StepLink::Sqlite(connection), tell);
            // The request to stop is looked at first: the function need not come to its end.
            match select(pin!(stop.at_once()), pin!(running)).await {
                Either::Left(_) => None,
                Either::Right((ended, _)) => Some(ended),
            }
        };
        let Some(ended) = ended else {
            // A statement of it is interrupted before anything else is done, for what cleans up is not.
            let _ = self.connection().map_err(CallError::Lost)?.ping().await;
            return Err(CallError::Stopped);
        };
        if is_outside {
            // A transaction that it has left open would hold the row of the ledger. That there is none is no error.
            let _ = sqlx::raw_sql("ROLLBACK").execute(self.connection().map_err(CallError::Lost)?).await;
        }
        ended.map_err(CallError::Failed)
    }

    /// After the transaction of a function has ended, sqlx counts none.
    pub(super) async fn count_none(&mut self) {
        let Ok(connection) = self.connection() else { return };
        for statement in nested::counted::<Sqlite>(connection) {
            if self.execute(&statement).await.is_err() {
                return;
            }
        }
        let Ok(connection) = self.connection() else { return };
        if let Err(error) = nested::leave::<Sqlite>(connection).await {
            tracing::debug!(target: "migrate", %error, "the transactions of a function are still counted");
        }
    }
}

impl Step<'_> {
    /// The connection, in the transaction of the step.
    ///
    /// # Errors
    /// The step runs on another database; see [`Step::database`].
    pub fn sqlite(&mut self) -> Result<&mut sqlx::SqliteConnection, sqlx::Error> {
        let found = self.database();
        match &mut self.link {
            StepLink::Sqlite(connection) => Ok(connection),
            #[cfg(feature = "postgres")]
            StepLink::Postgres(_) => Err(elsewhere(Database::Sqlite, found)),
        }
    }
}
