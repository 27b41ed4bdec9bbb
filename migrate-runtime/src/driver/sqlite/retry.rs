//! Trying again what found the file locked.

use super::error::is_busy;
use crate::backoff::Backoff;

/// Whether to try once more, after a pause.
pub(super) async fn try_again<T>(result: &Result<T, sqlx::Error>, backoff: &mut Backoff) -> bool {
    match result {
        Err(error) if is_busy(error) => match backoff.pause() {
            Some(pause) => {
                tokio::time::sleep(pause).await;
                true
            }
            None => false,
        },
        Err(_) | Ok(_) => false,
    }
}
