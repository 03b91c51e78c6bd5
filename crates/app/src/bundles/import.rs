//! Takes a bundle in: everything of it is checked, then everything of it is put in place, and only then is there a
//! session.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    pin::Pin,
};

use ::sessions::Adopted;
use bundle::{Adoption, Checked, artifact_member};
use bytes::Bytes;
use domain::{
    policy::Action,
    session::{Life, State},
    tenancy::Actor,
};
use futures::{Stream, StreamExt};
use ports::{
    artifacts::{ArtifactKey, ArtifactSource, PutError, SourceBroke},
    sandbox::SessionFiles,
    session_log::LogEntry,
};
use protocol::{
    ArtifactId, ProblemCode, SessionId,
    agent::ModelBinding,
    api::Session,
    session::{Author, ImportedFrom},
};
use sha2::{Digest, Sha256};
use tokio::{io::AsyncWriteExt, sync::mpsc};

use super::{blocking, disk, staging::Stage};
use crate::{
    App, AppError, IdempotencyKey, Outcome, environments::check_setup, permit::Deed, sessions::shown, text,
};

/// Bytes of a bundle as they come in; an error says why no more are coming.
pub type BundleUpload = Pin<Box<dyn Stream<Item = Result<Bytes, AppError>> + Send>>;

const FILE: &str = "upload";
const CHUNK: usize = 256 * 1024;
const AHEAD: usize = 4;

/// What the importer wants to be different.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// `provider/model` for what is to come, where the old one is not available here.
    pub model: Option<String>,
}

/// A bundle that has passed every check.
struct Accepted {
    checked: Checked,
    facts: Vec<LogEntry>,
    state: State,
}

impl App {
    /// Makes a session of a bundle. The key's fingerprint is completed with the hash of the upload.
    ///
    /// # Errors
    /// When policy does not allow it, the bundle is not accepted (with the member that is at fault), or storage fails.
    /// Nothing is left behind then.
    pub async fn import_session(
        &self,
        actor: &Actor,
        upload: BundleUpload,
        options: ImportOptions,
        key: Option<IdempotencyKey>,
    ) -> Result<Outcome<Session>, AppError> {
        self.permit(actor, Action::CreateSession, Deed::new("session.import"))
            .await?;
        let model = match options.model {
            Some(model) => {
                let binding = self.resolve_model(actor.org, &model).await?.binding;
                Some((model, binding))
            }
            None => None,
        };
        let _place = self.bundle_place(actor.org).await?;
        let id = SessionId::new(self.now().as_ms(), self.bits());
        let stage = self.bundles()?.staging.import(actor.org, id).map_err(disk)?;
        let hash = self.receive(upload, &stage).await?;
        let accepted = self.accept(actor, id, stage.file(FILE), model).await?;
        let made = self
            .put_in_place(actor, id, accepted, &stage.file(FILE), key, hash)
            .await;
        if made.is_err() {
            self.sessions().discard(actor.org, id).await;
        }
        made
    }

    /// What imports that were cut short by a crash have left is removed. To be called once, before the door opens.
    ///
    /// # Errors
    /// When the place where bundles are made cannot be read.
    pub async fn clear_imports(&self) -> Result<(), AppError> {
        let staging = self.bundles()?.staging.clone();
        let listed = staging.clone();
        for (org, id) in blocking(move || listed.remains().map_err(disk)).await? {
            // One that has a row got through: only its upload is left.
            self.sessions().discard(org, id).await;
            let staging = staging.clone();
            blocking(move || staging.forget(org, id).map_err(disk)).await?;
        }
        Ok(())
    }

    /// Everything, onto our own disk; answers its hash.
    async fn receive(&self, mut upload: BundleUpload, stage: &Stage) -> Result<[u8; 32], AppError> {
        let limit = self.bundles()?.settings.upload_bytes;
        let mut file = tokio::fs::File::from_std(stage.create(FILE).map_err(disk)?);
        let (mut hash, mut size) = (Sha256::new(), 0_u64);
        while let Some(chunk) = upload.next().await {
            let chunk = chunk?;
            size += chunk.len() as u64;
            if size > limit {
                return Err(AppError::new(
                    ProblemCode::BodyTooLarge,
                    format!("The bundle has more than {limit} bytes, which is the limit."),
                )
                .limit(limit));
            }
            hash.update(&chunk);
            file.write_all(&chunk).await.map_err(disk)?;
        }
        file.flush().await.map_err(disk)?;
        Ok(hash.finalize().into())
    }

    /// Every check that needs nothing but the bundle, then those that depend on this installation.
    async fn accept(
        &self,
        actor: &Actor,
        id: SessionId,
        path: PathBuf,
        model: Option<(String, ModelBinding)>,
    ) -> Result<Accepted, AppError> {
        let limits = self.bundles()?.settings.limits;
        let (org, importer, now) = (actor.org, actor.author(), self.now());
        let accepted = blocking(move || {
            let mut file = File::open(path).map_err(disk)?;
            let checked = bundle::check(&mut file, &limits)?;
            let manifest = &checked.manifest;
            let from = ImportedFrom {
                installation: manifest.origin.installation.chars().take(300).collect(),
                org_id: manifest.origin.org,
                session_id: manifest.origin.session,
                exported_at: manifest.made_at,
                imported_at: now,
                head: 0,
            };
            let adoption = Adoption {
                session: id,
                org,
                importer,
                from,
                model,
                now,
            };
            let (facts, state) = bundle::adopt(checked.lines(&mut file)?, &adoption)?;
            let facts = facts.into_iter().map(entry).collect();
            Ok(Accepted {
                checked,
                facts,
                state,
            })
        })
        .await?;
        self.check_profile(&accepted).await?;
        Ok(accepted)
    }

    /// The same that a new session's fields have to pass.
    async fn check_profile(&self, accepted: &Accepted) -> Result<(), AppError> {
        let Some(profile) = &accepted.state.profile else {
            return Err(AppError::not_found("session"));
        };
        let short = |author: &Author| author.name.as_ref().is_none_or(|name| name.len() <= 320);
        if let Some(title) = &profile.title {
            text::line("title", title, 200)?;
        }
        text::line("model", &profile.model, 300)?;
        check_setup(&profile.setup)?;
        if !short(&profile.created_by) {
            return Err(AppError::invalid(
                "created_by",
                "The name of who made the session is too long.",
            ));
        }
        for (id, artifact) in accepted.state.artifacts.iter() {
            let name = artifact_member(*id);
            let differs = |member: &bundle::Member| {
                member.size != artifact.size_bytes
                    || (!artifact.sha256.is_empty() && member.sha256 != artifact.sha256)
            };
            if accepted.checked.manifest.member(&name).is_some_and(differs) {
                return Err(AppError::new(
                    ProblemCode::BundleInvalid,
                    format!("The bundle is refused: `{name}` is not the artifact that the log speaks of."),
                )
                .field(&name));
            }
        }
        if accepted.state.life != Life::Active {
            // To be read only: nothing of it will run here.
            return Ok(());
        }
        if let Some(repository) = &profile.repository {
            self.check_repository(repository).await?;
        }
        self.pick_agent(&profile.agent)
    }

    async fn put_in_place(
        &self,
        actor: &Actor,
        id: SessionId,
        accepted: Accepted,
        path: &Path,
        key: Option<IdempotencyKey>,
        hash: [u8; 32],
    ) -> Result<Outcome<Session>, AppError> {
        let Accepted {
            checked,
            facts,
            state,
        } = accepted;
        let key = key.map(|key| IdempotencyKey {
            fingerprint: Sha256::new()
                .chain_update(key.fingerprint)
                .chain_update(hash)
                .finalize()
                .into(),
            ..key
        });
        // A session that comes from elsewhere is one more, with the turns that wait in it and all that it keeps.
        let with_turn = state.turn.is_some() || !state.queue.is_empty();
        let logged: u64 = facts.iter().map(|fact| fact.body.len() as u64).sum();
        let kept = state.kept_bytes().saturating_add(logged);
        self.check_quota(actor, with_turn, kept, key.as_ref()).await?;
        let limit = self.bundles()?.settings.limits.files;
        for (files, name) in [
            (SessionFiles::Home, bundle::HOME),
            (SessionFiles::Workspace, bundle::WORKSPACE),
        ] {
            if checked.has(name) {
                self.fill_files(id, files, checked.clone(), path, limit).await?;
            }
        }
        for artifact in checked
            .manifest
            .members
            .iter()
            .filter_map(|member| member.artifact.as_ref())
        {
            if !state.artifacts.contains_key(&artifact.id) {
                let name = artifact_member(artifact.id);
                return Err(AppError::new(
                    ProblemCode::BundleInvalid,
                    format!("The bundle is refused: the log does not speak of `{name}`."),
                )
                .field(&name));
            }
            let key = ArtifactKey {
                org: actor.org,
                session: id,
                artifact: artifact.id,
            };
            self.put_artifact(key, checked.clone(), path.to_path_buf())
                .await?;
        }
        let entry = key.map(|key| key.entry(actor, String::new(), self.now()));
        match self.sessions().adopt(facts, state, entry).await? {
            Adopted::New(view) => Ok(Outcome::new(shown::session(&view)?)),
            Adopted::Existing(view) => Ok(Outcome::replayed(shown::session(&view)?)),
        }
    }

    async fn put_artifact(&self, key: ArtifactKey, checked: Checked, path: PathBuf) -> Result<(), AppError> {
        let limit = self.bundles()?.settings.limits.artifact;
        let bytes = artifact_bytes(checked, path, key.artifact);
        match self.ports().artifacts.put(key, bytes, limit).await {
            Ok(_) => Ok(()),
            Err(PutError::Store(error)) => Err(error.into()),
            Err(error) => Err(AppError::internal(error)),
        }
    }
}

fn entry(fact: bundle::Adopted) -> LogEntry {
    LogEntry {
        position: fact.position,
        seq: fact.seq,
        at: fact.at,
        prompt_id: fact.prompt_id,
        kind: fact.kind,
        body: fact.body.into(),
    }
}

/// Read on a thread of its own.
fn artifact_bytes(checked: Checked, path: PathBuf, id: ArtifactId) -> ArtifactSource {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let broke = |error: &dyn std::error::Error| SourceBroke(error.to_string());
        let read = || -> Result<(), SourceBroke> {
            let mut file = File::open(path).map_err(|error| broke(&error))?;
            let mut content = checked
                .open(&mut file, &artifact_member(id))
                .map_err(|error| broke(&error))?;
            loop {
                let mut chunk = vec![0; CHUNK];
                let length = content.read(&mut chunk).map_err(|error| broke(&error))?;
                chunk.truncate(length);
                if length == 0 || sender.blocking_send(Ok(Bytes::from(chunk))).is_err() {
                    return Ok(());
                }
            }
        };
        if let Err(error) = read() {
            let _ = sender.blocking_send(Err(error));
        }
    });
    Box::pin(futures::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|item| (item, receiver))
    }))
}
