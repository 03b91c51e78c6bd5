//! Lists one's identities and takes them away.

use ports::identity::Unlinked;
use protocol::{IdentityId, ProblemCode, api::IdentityInfo};

use super::shown;
use crate::{App, AppError, Browser};

impl App {
    /// One's own, the one linked first first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn list_identities(&self, browser: &Browser) -> Result<Vec<IdentityInfo>, AppError> {
        let own = self.ports().identity.list_identities(browser.user().id).await?;
        Ok(own.into_iter().map(shown).collect())
    }

    /// The identity signs nobody in any more; browsers that it signed in stay signed in. The owner is told by mail.
    ///
    /// # Errors
    /// `not_found` for unknown ones and those of others alike; `last_way_in`.
    pub async fn unlink_identity(&self, browser: &Browser, id: IdentityId) -> Result<(), AppError> {
        let (identity, user) = (&self.ports().identity, browser.user());
        self.note_own(browser, "identity.unlink").await?;
        let own = identity.list_identities(user.id).await?;
        match identity.unlink_identity(user.id, id).await? {
            Unlinked::Done => {
                if let Some(gone) = own.iter().find(|one| one.id == id) {
                    let rules = self.provider(gone.provider.as_str());
                    let name = rules.map_or(gone.provider.as_str(), |rules| &rules.name);
                    self.tell_of_identity(&user.email, name, false);
                }
                Ok(())
            }
            Unlinked::Missing => Err(AppError::not_found("identity")),
            Unlinked::LastWayIn => Err(AppError::new(
                ProblemCode::LastWayIn,
                "Without this identity you could not sign in any more. Set a password or link another one first.",
            )),
        }
    }
}
