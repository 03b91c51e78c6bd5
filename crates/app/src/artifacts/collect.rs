//! Collects bytes that no event speaks of: what a crash left between storing and committing, or what could not be
//! removed when its artifact was.
//!
//! The store is gone through page by page, a page at a time, for ever. Only what is a day old is looked at, and only
//! what was without an event in two rounds is removed. Whatever cannot be found out leaves everything as it is.

use std::{collections::HashSet, time::Duration};

use ports::artifacts::ArtifactKey;

use crate::{App, AppError};

/// Younger ones may still be on their way into the log.
const OLD_MS: i64 = 24 * 3600 * 1000;
const PAGE: usize = 500;
const BETWEEN_PAGES: Duration = Duration::from_secs(600);
/// Suspects remembered from one round to the next; the others have to wait.
const MOST_SUSPECTS: usize = 10_000;

/// Where the collection stands.
#[derive(Debug, Default)]
struct Round {
    after: Option<ArtifactKey>,
    /// Without an event in the round before.
    suspects: HashSet<ArtifactKey>,
    /// Without an event in this one.
    next: HashSet<ArtifactKey>,
}

impl App {
    /// Runs until it is dropped.
    pub async fn collect_artifacts(self) {
        let mut round = Round::default();
        loop {
            tokio::time::sleep(BETWEEN_PAGES).await;
            if let Err(error) = self.collect_page(&mut round).await {
                let cause = error.cause.as_ref().map(ToString::to_string);
                tracing::warn!(
                    code = error.code.slug(),
                    cause,
                    "artifacts without an event could not be collected now"
                );
            }
        }
    }

    async fn collect_page(&self, round: &mut Round) -> Result<(), AppError> {
        let page = self.ports().artifacts.keys(round.after, PAGE).await?;
        let before = self.now().as_ms() - OLD_MS;
        for one_session in page.chunk_by(|left, right| left.session == right.session) {
            let old: Vec<ArtifactKey> = one_session
                .iter()
                .copied()
                .filter(|key| made_at(*key) < before)
                .collect();
            let Some(first) = old.first() else { continue };
            let known = match self.sessions().known_artifacts(first.session).await {
                Ok(known) => known,
                Err(error) => {
                    tracing::warn!(session.id = %first.session, %error, "a session does not say which artifacts it has");
                    continue;
                }
            };
            for key in old {
                if known.contains(&key.artifact) {
                    continue;
                }
                if round.suspects.contains(&key) {
                    self.ports().artifacts.delete(key).await?;
                    self.artifact_tally().collect();
                    tracing::info!(session.id = %key.session, artifact.id = %key.artifact, "collected an artifact without an event");
                } else if round.next.len() < MOST_SUSPECTS {
                    round.next.insert(key);
                }
            }
        }
        if page.len() < PAGE {
            round.after = None;
            round.suspects = std::mem::take(&mut round.next);
        } else {
            round.after = page.last().copied();
        }
        Ok(())
    }
}

/// An id begins with the time at which it was made.
fn made_at(key: ArtifactKey) -> i64 {
    i64::try_from(key.artifact.bits() >> 80).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ::sessions::{HostSettings, Sessions};
    use protocol::ArtifactId;
    use testkit::{
        registry::{Fakes, Faults},
        sample::{org_id, session_id},
    };

    use super::*;
    use crate::{AddressCheck, AddressRefused, AppSettings, FreeSpace, Limits};

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

    fn house() -> (Fakes, Faults, App) {
        let fakes = Fakes::default();
        let faults = Faults::around(fakes.ports());
        let sessions = Sessions::new(faults.ports(), HostSettings::default());
        let settings = AppSettings {
            agents: Vec::new(),
            demo_enabled: true,
            guard: Arc::new(Anywhere),
            space: Arc::new(Anywhere),
            reserve_bytes: 0,
            limits: Limits::default(),
        };
        let app = App::new(faults.ports(), sessions, settings);
        (fakes, faults, app)
    }

    fn key(age_ms: i64, now: i64, n: u128) -> ArtifactKey {
        ArtifactKey {
            org: org_id(1),
            session: session_id(1),
            artifact: ArtifactId::new(now - age_ms, n),
        }
    }

    #[tokio::test]
    async fn only_what_is_old_and_twice_without_an_event_goes() {
        let (fakes, faults, app) = house();
        let now = app.now().as_ms();
        let (old, young) = (key(OLD_MS + 1, now, 1), key(1000, now, 2));
        fakes.artifacts.plant(old, "left by a crash");
        fakes.artifacts.plant(young, "on its way");
        let mut round = Round::default();
        app.collect_page(&mut round).await.unwrap();
        assert_eq!(fakes.artifacts.all().len(), 2, "one round decides nothing");

        faults.artifacts.faults.inject("keys_unavailable", 1);
        assert!(app.collect_page(&mut round).await.is_err());
        assert_eq!(fakes.artifacts.all().len(), 2, "what cannot be listed stays");

        faults.session_log.faults.rehearse("read_unavailable", 1);
        app.collect_page(&mut round).await.unwrap();
        assert_eq!(
            fakes.artifacts.all().len(),
            2,
            "a log that does not answer is no reason"
        );

        for _ in 0..2 {
            app.collect_page(&mut round).await.unwrap();
        }
        let left: Vec<ArtifactKey> = fakes.artifacts.all().into_iter().map(|(key, _)| key).collect();
        assert_eq!((left, app.artifact_tally().collected()), (vec![young], 1));
    }
}
