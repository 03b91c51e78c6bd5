//! Archived sessions that are past their time: each is deleted as a person would delete it.

use std::time::Duration;

use domain::session::Command;

use crate::App;

/// Rows looked at in one go.
const PAGE: usize = 50;

impl App {
    pub(super) async fn sweep_sessions(&self, kept: Duration) -> u64 {
        let before = self.before(kept);
        let (mut after, mut deleted) = (None, 0);
        loop {
            let page = match self.ports().catalog.archived(before, after, PAGE).await {
                Ok(page) => page,
                Err(error) => {
                    tracing::warn!(%error, "archived sessions cannot be looked for");
                    return deleted;
                }
            };
            let Some(last) = page.last().copied() else {
                return deleted;
            };
            for place in page {
                match self
                    .sessions()
                    .command(place.id, Command::Delete { by: None }, None)
                    .await
                {
                    Ok(_) => {
                        deleted += 1;
                        tracing::info!(session.id = %place.id, cause = "retention", "an archived session is deleted");
                    }
                    Err(::sessions::SessionError::ShuttingDown) => return deleted,
                    Err(error) => {
                        tracing::warn!(session.id = %place.id, %error, "an archived session cannot be deleted now");
                    }
                }
            }
            after = Some(last);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ::sessions::{HostSettings, Sessions};
    use ports::{Catalog, catalog::SessionRow};
    use protocol::session::SessionStatus;
    use testkit::{registry::Fakes, sample};

    use super::*;
    use crate::{AddressCheck, AddressRefused, AppSettings, FreeSpace, Limits, Retention};

    struct Anywhere;

    #[async_trait::async_trait]
    impl AddressCheck for Anywhere {
        async fn check(&self, _url: &str) -> Result<(), AddressRefused> {
            Ok(())
        }
    }

    #[async_trait::async_trait]
    impl FreeSpace for Anywhere {
        async fn free_bytes(&self) -> Option<u64> {
            None
        }
    }

    /// Rows without a log cannot be deleted: the sweep passes them by and comes to an end.
    #[tokio::test]
    async fn what_cannot_be_deleted_is_in_nobodys_way() {
        let fakes = Fakes::default();
        let sessions = Sessions::new(fakes.ports(), HostSettings::default());
        let app = App::new(
            fakes.ports(),
            sessions,
            AppSettings {
                agents: Vec::new(),
                demo_enabled: true,
                guard: Arc::new(Anywhere),
                space: Arc::new(Anywhere),
                reserve_bytes: 0,
                limits: Limits::default(),
            },
        );
        for n in 1..=120 {
            let row = SessionRow {
                status: SessionStatus::Archived,
                updated_at: sample::at(1),
                position: 0,
                ..sample::session_row(n, sample::org_id(1))
            };
            fakes.catalog.reserve(row, None).await.unwrap();
        }
        let retention = Retention {
            archived: Some(Duration::from_secs(1)),
            runs: None,
        };
        assert_eq!(app.sweep(retention).await.sessions, 0);
        assert_eq!(app.sweep(Retention::default()).await.sessions, 0);
    }
}
