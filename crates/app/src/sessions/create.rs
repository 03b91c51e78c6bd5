//! Makes a session.

use ::sessions::Created;
use domain::{
    policy::{Action, authorise},
    sealed::{Binding, Sealed},
    session::Profile,
    tenancy::Actor,
};
use ports::{catalog::KEPT_STEP, idempotency::Written};
use protocol::{
    OrgId, ProblemCode, SessionId,
    api::{RepositoryInput, Secret, Session, SessionCreate},
};
use secrecy::SecretString;

use super::shown;
use crate::{
    App, AppError, IdempotencyKey, Outcome,
    environments::check_setup,
    prompts::{self, PromptParts},
    text,
};

/// What a session's sealed git token is bound to.
pub(crate) fn token_binding(org: OrgId, id: SessionId) -> Binding {
    Binding {
        org,
        row: id.to_string(),
        purpose: "git_token",
    }
}

impl App {
    /// Everything that can be known to fail is refused here, before anything is stored.
    ///
    /// # Errors
    /// When policy, agent, model, repository, environment or a field do not allow it.
    pub async fn create_session(
        &self,
        actor: &Actor,
        body: SessionCreate,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome<Session>, AppError> {
        authorise(actor, Action::CreateSession)?;
        self.pick_agent(&body.agent)?;
        let title = body
            .title
            .as_deref()
            .map(|title| text::line("title", title, 200))
            .transpose()?;
        match &body.prompt {
            Some(prompt) => prompts::check_text("prompt", prompt)?,
            None if !body.attachments.is_empty() => {
                return Err(AppError::invalid(
                    "attachments",
                    "`attachments` belong to the first prompt: give a `prompt` too.",
                ));
            }
            None => {}
        }
        prompts::check_attachments(&body.attachments)?;
        check_setup(&body.setup)?;
        if body.environment_id.is_some() && !body.setup.is_empty() {
            return Err(AppError::invalid(
                "setup",
                "Give `setup` or `environment_id`, not both: an environment has its own set-up commands.",
            ));
        }
        let attached = prompts::attached(&body.attachments);
        self.check_quota(actor, body.prompt.is_some(), attached, key)
            .await?;
        let model = self.resolve_model(actor.org, &body.model).await?;
        let setup = match body.environment_id {
            Some(id) => {
                self.resolve_environment(actor, id)
                    .await
                    .map_err(environment_missing)?
                    .row
                    .setup
            }
            None => body.setup,
        };
        let now = self.now();
        let id = SessionId::new(now.as_ms(), self.bits());
        let git_token = match &body.repository {
            Some(repository) => self.admit_repository(actor.org, id, repository).await?,
            None => None,
        };
        let attachments = body.attachments;
        let prompt = body.prompt.map(|text| {
            self.prompt(
                actor,
                PromptParts {
                    text,
                    attachments,
                    model: body.model.clone(),
                    binding: model.binding.clone(),
                    mode: protocol::session::PromptMode::Queue,
                },
            )
        });
        let profile = Profile {
            id,
            org: actor.org,
            created_by: actor.author(),
            created_at: now,
            agent: body.agent,
            model: body.model,
            binding: model.binding,
            permissions: body.permissions,
            title,
            repository: body.repository.as_ref().map(RepositoryInput::public),
            environment_id: body.environment_id,
            setup,
            git_token,
        };
        // A repeat answers the session as it is then; what it is at creation says nothing more.
        let entry = key.map(|key| key.entry(actor, String::new(), now));
        match self.sessions().create(profile, prompt, entry).await? {
            Created::New { view, .. } => Ok(Outcome::new(shown::session(&view)?)),
            Created::Existing { view } => Ok(Outcome::replayed(shown::session(&view)?)),
        }
    }

    /// Whether there may be one more. A repeat of what was done before adds nothing.
    pub(crate) async fn check_quota(
        &self,
        actor: &Actor,
        with_turn: bool,
        bytes: u64,
        key: Option<&IdempotencyKey>,
    ) -> Result<(), AppError> {
        let checked = match self.check_storage(actor.org, bytes.max(KEPT_STEP)).await {
            Ok(()) => self.check_new_session(actor, with_turn).await,
            full => full,
        };
        let Err(error) = checked else {
            return Ok(());
        };
        let entry = key.map(|key| key.entry(actor, String::new(), self.now()));
        match entry {
            Some(entry) if error.code == ProblemCode::QuotaExceeded => {
                match self.ports().catalog.recall(entry).await? {
                    Written::Done => Err(error),
                    _ => Ok(()),
                }
            }
            _ => Err(error),
        }
    }

    /// Checks a repository and seals its token, if it has one.
    async fn admit_repository(
        &self,
        org: OrgId,
        id: SessionId,
        repository: &RepositoryInput,
    ) -> Result<Option<Sealed>, AppError> {
        self.check_repository(&repository.public()).await?;
        let Some(token) = repository.token.as_ref().map(Secret::expose) else {
            return Ok(None);
        };
        text::secret("repository.token", token, 4096)?;
        let sealed = self
            .ports()
            .master_key
            .seal(&token_binding(org, id), &SecretString::from(token))
            .await?;
        Ok(Some(sealed))
    }
}

/// In a body, what is not there is a wrong field and not a wrong address.
fn environment_missing(error: AppError) -> AppError {
    if error.code == ProblemCode::NotFound {
        AppError::invalid(
            "environment_id",
            "There is no such environment in this organisation.",
        )
    } else {
        error
    }
}
