//! Whether the server can work.

use std::time::Duration;

use protocol::api::Ready;

use crate::App;

/// A store that takes longer than this is as good as none.
const PATIENCE: Duration = Duration::from_secs(3);

impl App {
    /// Asks the store a small question.
    pub async fn ready(&self) -> Ready {
        let reason = match tokio::time::timeout(PATIENCE, self.ports().catalog.next_alarm()).await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => {
                tracing::warn!(%error, "not ready: the catalogue does not answer");
                Some("The store does not answer.".to_owned())
            }
            Err(_) => Some("The store takes too long to answer.".to_owned()),
        };
        Ready {
            ready: reason.is_none(),
            reason,
        }
    }

    /// Sessions that are awake on this server.
    pub async fn sessions_awake(&self) -> Option<usize> {
        self.ports().catalog.awake().await.ok().map(|awake| awake.len())
    }
}
