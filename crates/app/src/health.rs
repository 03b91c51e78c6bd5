//! Whether the server can work.

use std::time::Duration;

use protocol::api::Ready;

use crate::App;

/// A store that takes longer than this is as good as none.
const PATIENCE: Duration = Duration::from_secs(3);
const MIB: u64 = 1 << 20;

impl App {
    /// Asks the store a small question, and whether there is room for more.
    pub async fn ready(&self) -> Ready {
        let reason = match self.store_is_silent().await {
            None => self.space_is_short().await,
            silent => silent,
        };
        Ready {
            ready: reason.is_none(),
            reason,
        }
    }

    async fn store_is_silent(&self) -> Option<String> {
        match tokio::time::timeout(PATIENCE, self.ports().catalog.next_alarm()).await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => {
                tracing::warn!(%error, "not ready: the catalogue does not answer");
                Some("The store does not answer.".to_owned())
            }
            Err(_) => Some("The store takes too long to answer.".to_owned()),
        }
    }

    /// Before writes are refused: whoever spreads work over servers should stop sending it here in time.
    async fn space_is_short(&self) -> Option<String> {
        let settings = self.settings();
        match tokio::time::timeout(PATIENCE, settings.space.free_bytes()).await {
            Ok(Some(free)) if free < settings.reserve_bytes => Some(format!(
                "The disk of the data directory is nearly full: {} MiB are free, and {} MiB are to be kept in reserve.",
                free / MIB,
                settings.reserve_bytes.div_ceil(MIB)
            )),
            Ok(_) => None,
            Err(_) => Some("The disk of the data directory takes too long to answer.".to_owned()),
        }
    }

    /// Sessions that are awake on this server.
    pub async fn sessions_awake(&self) -> Option<usize> {
        self.ports().catalog.awake().await.ok().map(|awake| awake.len())
    }
}
