//! What must not be shown in what comes out of a session's files: everything that its sandboxes may have been given in
//! confidence. The sandbox that reads the files masks it there, before a byte leaves.

use ports::master_key::KeyError;
use protocol::{
    ProblemCode, SessionId,
    api::{Secret, SecretScope},
};
use secrecy::ExposeSecret;

use crate::{App, AppError, secrets, sessions::token_binding};

impl App {
    /// Secrets of both phases as they are now, whichever of them wins over the other, and the repository's token. Their
    /// use is not noted: nobody is given anything.
    ///
    /// # Errors
    /// When one cannot be opened: what cannot be hidden is not shown.
    pub(crate) async fn hidden_in_work(&self, session: SessionId) -> Result<Vec<Secret>, AppError> {
        let view = self.sessions().glance(session).await?;
        let Some(profile) = view.state.profile.as_ref() else {
            return Err(AppError::not_found("session"));
        };
        let key = &self.ports().master_key;
        let mut hidden = Vec::new();
        for row in self.ports().tenants.list_secrets(profile.org).await? {
            let here = match row.scope {
                SecretScope::Organisation => true,
                SecretScope::EnvironmentId(id) => profile.environment_id == Some(id),
            };
            if !here {
                continue;
            }
            let opened = key.open(&secrets::binding(row.org, row.id), &row.sealed).await;
            let value = opened.map_err(|error| match error {
                KeyError::DoesNotOpen => AppError::new(
                    ProblemCode::Conflict,
                    format!(
                        "The secret `{}` does not open with this server's master key, so it cannot be hidden in what is \
                         shown. Enter it again (PATCH /v1/secrets/{}), or delete it.",
                        row.name, row.id
                    ),
                )
                .cause(error),
                other => other.into(),
            })?;
            hidden.push(Secret::new(value.expose_secret()));
        }
        if let Some(sealed) = &profile.git_token {
            match key.open(&token_binding(profile.org, session), sealed).await {
                Ok(token) => hidden.push(Secret::new(token.expose_secret())),
                // Nobody can enter it again, and no sandbox is given it any more.
                Err(error @ KeyError::DoesNotOpen) => {
                    tracing::warn!(session.id = %session, %error, "a repository token cannot be hidden");
                }
                Err(other) => return Err(other.into()),
            }
        }
        Ok(hidden)
    }
}
