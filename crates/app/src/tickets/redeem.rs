//! Redeems a ticket.

use domain::{session::hash_secret, tenancy::Actor};
use protocol::SessionId;

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
        let issued = self
            .tickets()
            .lock()
            .remove(&hash_secret(ticket))
            .ok_or_else(AppError::unauthenticated)?;
        if issued.expires_at <= self.now() || issued.session != session {
            return Err(AppError::unauthenticated());
        }
        // Who signed out meanwhile opens nothing with what they got before.
        let actor = self.refresh(&issued.actor).await?;
        let own = self.resolve_session(&actor, session).await?;
        Ok(Redeemed { actor, session: own })
    }
}
