//! Trying again what found the file locked.

use super::error::is_busy;
use crate::backoff::Backoff;
use crate::stop::StopSignal;

/// Whether to try once more, after a pause; not where the run is to end.
pub(super) async fn try_again<T>(result: &Result<T, sqlx::Error>, backoff: &mut Backoff, stop: &StopSignal) -> bool {
    match result {
        Err(error) if is_busy(error) => match backoff.pause() {
            Some(pause) => stop.pause(pause).await.is_ok(),
            None => false,
        },
        Err(_) | Ok(_) => false,
    }
}
