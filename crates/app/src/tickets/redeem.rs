//! Redeems a ticket.

use domain::{session::hash_secret, tenancy::Actor};
use protocol::SessionId;

use super::Opens;
use crate::{App, AppError, sessions::OwnSession};

/// Who a ticket stood for, and what it opens.
#[derive(Debug)]
pub struct Redeemed {
    pub actor: Actor,
    pub session: OwnSession,
}

impl App {
    /// Uses the ticket up, whatever the answer. The session is resolved anew: it may be gone meanwhile.
    ///
    /// # Errors
    /// `unauthenticated` when it is unknown, used, expired or for something else.
    pub async fn redeem_ticket(&self, ticket: &str, session: SessionId) -> Result<Redeemed, AppError> {
        let actor = self.redeem(ticket, Opens::Session(session)).await?;
        let own = self.resolve_session(&actor, session).await?;
        Ok(Redeemed { actor, session: own })
    }

    /// The same for the feed of an organisation.
    ///
    /// # Errors
    /// `unauthenticated` when it is unknown, used, expired or for something else.
    pub async fn redeem_feed_ticket(&self, ticket: &str) -> Result<Actor, AppError> {
        self.redeem(ticket, Opens::Feed).await
    }

    async fn redeem(&self, ticket: &str, opens: Opens) -> Result<Actor, AppError> {
        let issued = self
            .tickets()
            .lock()
            .remove(&hash_secret(ticket))
            .ok_or_else(AppError::unauthenticated)?;
        if issued.expires_at <= self.now() || issued.opens != opens {
            return Err(AppError::unauthenticated());
        }
        // Who signed out meanwhile opens nothing with what they got before.
        self.refresh(&issued.actor).await
    }
}
