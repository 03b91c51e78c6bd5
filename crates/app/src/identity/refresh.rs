//! Looks again at who acts, for connections that outlive a request.

use domain::tenancy::Actor;
use protocol::{ProblemCode, api::Secret};

use super::{authenticate::actor, browser::Browser};
use crate::{App, AppError};

impl App {
    /// The actor as it is now: a revoked or expired key, a browser that was signed out, or a membership that ended, ends
    /// a connection, too.
    ///
    /// # Errors
    /// `unauthenticated` when it may not act any more.
    pub async fn refresh(&self, known: &Actor) -> Result<Actor, AppError> {
        if let Some(hash) = known.browser {
            let identity = self.browser(hash, self.now()).await?;
            let browser = Browser::new(identity, Secret::new(""));
            let now = browser.actor(Some(known.org)).map_err(|error| match error.code {
                // Not a member of that organisation any more, or of any.
                ProblemCode::NotFound | ProblemCode::NoOrganisation => AppError::unauthenticated(),
                _ => error,
            })?;
            return Ok(Actor {
                asked: known.asked,
                ..now
            });
        }
        let Some(hash) = known.key_hash else {
            return Err(AppError::unauthenticated());
        };
        let identity = self.ports().identity.find_api_key(&hash).await?;
        let now = actor(identity.ok_or_else(AppError::unauthenticated)?, self.now())?;
        Ok(Actor {
            asked: known.asked,
            ..now
        })
    }
}
