//! A function of the program, in the transaction of a step or outside of one.

use std::pin::pin;

use futures_util::future::{Either, select};
#[cfg(feature = "_sqlite")]
use migrate_history::Database;
use sqlx::{Connection, Postgres};

use super::session::PostgresSession;
use crate::driver::Driver;
use crate::event::Event;
#[cfg(feature = "_sqlite")]
use crate::program::elsewhere;
use crate::program::{Call, CallError, Step, StepLink, nested};

/// A function may do something else than SQL for as long as it likes. What is set for the session comes back with the seal.
const MAY_BE_IDLE: &str = "SELECT pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)";

impl PostgresSession<'_> {
    /// Calls the function while another session sees what ours waits for.
    pub(super) async fn call_function(
        &mut self,
        call: Call<'_>,
        tell: &mut (dyn FnMut(Event) + Send),
    ) -> Result<Option<String>, CallError> {
        if !call.is_outside() {
            nested::enter::<Postgres>(self.link.connection(), MAY_BE_IDLE).await.map_err(CallError::Lost)?;
        }
        let is_outside = call.is_outside();
        let PostgresSession { link, watch, pid, stop, .. } = self;
        let running = async { Ok(call.run(StepLink::Postgres(link.connection()), tell).await) };
        // The request to stop is looked at first: the function need not come to its end.
        let ended = match select(pin!(stop.at_once()), pin!(watch.beside(pid, running))).await {
            Either::Left(_) => None,
            Either::Right((ended, _)) => Some(ended.map_err(CallError::Lost)?),
        };
        if is_outside {
            // A transaction that it has left open would hold the row of the ledger. To end none is a warning of the server.
            let _ = sqlx::raw_sql("BEGIN; ROLLBACK").execute(self.link.connection()).await;
        }
        match ended {
            Some(Ok(cursor)) => Ok(cursor),
            Some(Err(failure)) => {
                self.drain().await?;
                Err(if self.watch.take_cancelled() { CallError::Waited } else { CallError::Failed(failure) })
            }
            None => {
                self.watch.cancel_now(&self.pid).await;
                self.drain().await?;
                Err(CallError::Stopped)
            }
        }
    }

    /// Reads what the server still answers to a function that has ended, whatever it is; that of a statement that was cancelled too.
    async fn drain(&mut self) -> Result<(), CallError> {
        for _ in 0..2 {
            match self.link.connection().ping().await {
                Ok(()) => return Ok(()),
                Err(error) if Self::is_lost(&error) => return Err(CallError::Lost(error)),
                Err(_) => {}
            }
        }
        Ok(())
    }

    /// After the transaction of a function has ended, sqlx counts none.
    pub(super) async fn count_none(&mut self) {
        let counted = nested::counted::<Postgres>(self.link.connection());
        if counted.is_empty() {
            return;
        }
        for statement in &counted {
            if self.execute(statement).await.is_err() {
                return;
            }
        }
        if let Err(error) = nested::leave::<Postgres>(self.link.connection()).await {
            tracing::debug!(target: "migrate", %error, "the transactions of a function are still counted");
        }
    }
}

impl Step<'_> {
    /// The connection, in the transaction of the step.
    ///
    /// # Errors
    /// The step runs on another database; see [`Step::database`].
    pub fn postgres(&mut self) -> Result<&mut sqlx::PgConnection, sqlx::Error> {
        let found = self.database();
        match &mut self.link {
            StepLink::Postgres(connection) => Ok(connection),
            #[cfg(feature = "_sqlite")]
            StepLink::Sqlite(_) => Err(elsewhere(Database::Postgres, found)),
        }
    }
}
