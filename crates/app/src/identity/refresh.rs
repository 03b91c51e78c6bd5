//! Looks again at who acts, for connections that outlive a request.

use domain::tenancy::Actor;

use super::authenticate::actor;
use crate::{App, AppError};

impl App {
    /// The actor as it is now: a revoked or expired key, or a membership that ended, ends a connection, too.
    ///
    /// # Errors
    /// `unauthenticated` when it may not act any more.
    pub async fn refresh(&self, known: &Actor) -> Result<Actor, AppError> {
        let Some(id) = known.api_key else {
            return Err(AppError::unauthenticated());
        };
        let keys = self.ports().identity.list_api_keys(known.org).await?;
        let key = keys
            .into_iter()
            .find(|key| key.id == id)
            .ok_or_else(AppError::unauthenticated)?;
        let identity = self.ports().identity.find_api_key(&key.hash).await?;
        actor(identity.ok_or_else(AppError::unauthenticated)?, self.now())
    }
}
