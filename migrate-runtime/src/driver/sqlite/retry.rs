//! Trying again what found the file locked.

use super::error::is_busy;
use crate::patience::Patience;

/// Whether to try once more, after a pause.
pub(super) async fn try_again<T>(result: &Result<T, sqlx::Error>, patience: &mut Patience) -> bool {
    match result {
        Err(error) if is_busy(error) => match patience.pause() {
            Some(pause) => {
                tokio::time::sleep(pause).await;
                true
            }
            None => false,
        },
        Err(_) | Ok(_) => false,
    }
}
