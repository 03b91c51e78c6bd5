//! Hands a sandbox the secrets of the phase that it begins, to the runner of its generation and to nobody else.

use domain::secret::of_phase;
use ports::master_key::KeyError;
use protocol::{
    ProblemCode, SessionId,
    api::Secret,
    runner::{SecretValue, WorkPhase},
};
use secrecy::ExposeSecret;

use super::binding;
use crate::{App, AppError};

/// Which runner asks, and for what.
#[derive(Clone)]
pub struct SecretsRequest {
    pub session: SessionId,
    pub generation: u64,
    /// The runner's own.
    pub secret: String,
    pub phase: WorkPhase,
}

impl std::fmt::Debug for SecretsRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretsRequest")
            .field("session", &self.session)
            .field("generation", &self.generation)
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
}

impl App {
    /// All of them or none: a phase that lacks one of its secrets must not begin.
    ///
    /// # Errors
    /// When the runner is not who it says, or a secret cannot be opened now.
    pub async fn deliver_secrets(&self, request: SecretsRequest) -> Result<Vec<SecretValue>, AppError> {
        let context = self
            .sessions()
            .authenticate_runner(request.session, request.generation, &request.secret)
            .await?;
        let all = self.ports().tenants.list_secrets(context.org).await?;
        let chosen = of_phase(all, context.environment, request.phase);
        let word = match request.phase {
            WorkPhase::Setup => "secret.give_to_setup",
            WorkPhase::Agent => "secret.give_to_agent",
        };
        let mut given = Vec::with_capacity(chosen.len());
        for row in chosen {
            // Once for each generation and phase; what cannot be noted is not given.
            let secret = row.id.to_string();
            self.note_use(context.org, request.session, request.generation, word, &secret)
                .await?;
            let opened = self
                .ports()
                .master_key
                .open(&binding(row.org, row.id), &row.sealed)
                .await;
            let value = opened.map_err(|error| match error {
                KeyError::DoesNotOpen => AppError::new(
                    ProblemCode::Conflict,
                    format!(
                        "The secret `{}` does not open with this server's master key. Enter it again: PATCH /v1/secrets/{}.",
                        row.name, row.id
                    ),
                )
                .cause(error),
                other => other.into(),
            })?;
            given.push(SecretValue {
                name: row.name,
                value: Secret::new(value.expose_secret()),
            });
        }
        Ok(given)
    }
}
