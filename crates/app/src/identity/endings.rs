//! Tells connections that outlive a request that a credential has ended, so that they end with it at once.
//!
//! Only a hint: what counts is what the store says, which each connection asks when it is told, and now and then
//! anyway.

use domain::{sign_in::TokenHash, tenancy::Actor};
use protocol::{ApiKeyId, OrgId, UserId};
use tokio::sync::broadcast;

use crate::App;

/// Hints that a connection may be behind by; further behind, it asks the store.
const KEPT: usize = 64;

/// What has ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ended {
    Browser(TokenHash),
    OtherBrowsers {
        user: UserId,
        but: TokenHash,
    },
    Browsers(UserId),
    Key(ApiKeyId),
    /// A membership, or what it allows.
    Member {
        org: OrgId,
        user: UserId,
    },
    /// All that is open in an organisation.
    Organisation(OrgId),
}

impl Ended {
    fn concerns(self, actor: &Actor) -> bool {
        match self {
            Self::Browser(hash) => actor.browser == Some(hash),
            Self::OtherBrowsers { user, but } => {
                actor.user == user && actor.browser.is_some_and(|hash| hash != but)
            }
            Self::Browsers(user) => actor.user == user && actor.browser.is_some(),
            Self::Key(id) => actor.api_key == Some(id),
            Self::Member { org, user } => actor.org == org && actor.user == user,
            Self::Organisation(org) => actor.org == org,
        }
    }
}

/// The one who tells.
#[derive(Debug)]
pub(crate) struct Teller(broadcast::Sender<Ended>);

impl Default for Teller {
    fn default() -> Self {
        Self(broadcast::Sender::new(KEPT))
    }
}

/// One who listens.
#[derive(Debug)]
pub struct Endings(broadcast::Receiver<Ended>);

impl Endings {
    /// Waits until the actor may not be allowed any more. May be dropped and called again.
    pub async fn concern(&mut self, actor: &Actor) {
        loop {
            match self.0.recv().await {
                Ok(ended) if !ended.concerns(actor) => {}
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => return std::future::pending().await,
            }
        }
    }
}

impl App {
    /// For a connection that outlives its request.
    #[must_use]
    pub fn endings(&self) -> Endings {
        Endings(self.teller().0.subscribe())
    }

    pub(crate) fn tell_ended(&self, ended: Ended) {
        // Nobody listens: nothing is open.
        let _ = self.teller().0.send(ended);
    }
}
