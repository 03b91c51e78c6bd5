//! Makes a bundle of a session.

use std::{
    fs::File,
    io::{self, Write},
    pin::Pin,
};

use ::sessions::View;
use bundle::{
    About, ArtifactMeta, BundleError, Counts, FORMAT, Hashing, LOG, Line, Manifest, Member, Origin, Packer,
    artifact_member,
};
use bytes::Bytes;
use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use futures::{Stream, StreamExt};
use ports::{artifacts::ArtifactKey, sandbox::SessionFiles};
use protocol::ProblemCode;
use tokio::sync::mpsc;

use super::{blocking, disk, staging::Stage};
use crate::{App, AppError, permit::Deed, sessions::OwnSession, work::Place};

/// Facts read at a time; their bytes are bounded by the log itself.
const PAGE: usize = 1_000;
const CHUNK: usize = 256 * 1024;
const AHEAD: usize = 4;

/// A bundle on its way out.
pub struct BundleStream {
    /// All of it, bytes.
    pub length: u64,
    bytes: Pin<Box<dyn Stream<Item = Result<Bytes, AppError>> + Send>>,
}

impl std::fmt::Debug for BundleStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BundleStream")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

impl BundleStream {
    /// For the door, which passes it on as it comes.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, AppError>> + Send + 'static {
        self.bytes
    }
}

impl App {
    /// The session as a bundle, with or without home and workspace. A sandbox that it has is stopped first; everything
    /// is in place before the first byte goes out.
    ///
    /// # Errors
    /// When the actor neither made the session nor is an admin, when the session works, or something of it cannot be
    /// read.
    pub async fn export_session(
        &self,
        actor: &Actor,
        own: &OwnSession,
        with_files: bool,
    ) -> Result<BundleStream, AppError> {
        // Whose session it is decides what it takes.
        let drives = authorise(actor, Action::DriveSession).is_ok();
        let action = if own.created_by() == actor.user || !drives {
            Action::DriveSession
        } else {
            Action::ExportSession
        };
        self.permit(actor, action, Deed::new("session.export").on(own.id()))
            .await?;
        let place = self.bundle_place(actor.org).await?;
        let bundles = self.bundles()?;
        let view = self.at_rest(actor, own).await?;
        let stage = bundles.staging.export(own.id(), self.bits()).map_err(disk)?;
        let (mut members, counts) = self.pack_log(&view, own, &stage).await?;
        if with_files && view.state.generation > 0 {
            let mut left = bundles.settings.limits.files;
            for files in [SessionFiles::Home, SessionFiles::Workspace] {
                if let Some(member) = self.pack_files(own.id(), files, &stage, left).await? {
                    left = left.saturating_sub(member.content_size);
                    members.push(member);
                }
            }
        }
        members.extend(self.pack_artifacts(&view, own, &stage).await?);
        let now = self.sessions().view(own.id()).await?;
        if now.state.generation != view.state.generation || now.state.sandbox.is_some() {
            return Err(AppError::new(
                ProblemCode::Conflict,
                "The session was woken while it was exported, so its files may have changed. Export it again.",
            ));
        }
        let manifest = self.manifest(&view, own, members, counts)?;
        let length = bundle::length(&manifest)?;
        Ok(BundleStream {
            length,
            bytes: send(manifest, stage, place),
        })
    }

    /// Every fact up to where the session came to rest.
    async fn pack_log(
        &self,
        view: &View,
        own: &OwnSession,
        stage: &Stage,
    ) -> Result<(Vec<Member>, Counts), AppError> {
        let file = stage.create(LOG).map_err(disk)?;
        let (until, limit) = (view.state.position, self.bundles()?.settings.limits.log);
        let mut packer = Packer::new(file);
        let (mut counts, mut size) = (Counts::default(), 0_u64);
        while counts.facts < until {
            let page = self.sessions().facts(own.id(), counts.facts, PAGE).await?;
            if page.is_empty() {
                return Err(AppError::internal(LogEnds(counts.facts, until)));
            }
            let before = counts;
            (packer, counts, size) = blocking(move || {
                let mut counts = before;
                let mut size = size;
                for entry in page.iter().take_while(|entry| entry.position <= until) {
                    let line = Line::of_stored(
                        entry.position,
                        entry.seq,
                        entry.at,
                        entry.prompt_id,
                        &entry.kind,
                        &entry.body,
                    )
                    .map_err(AppError::internal)?;
                    line.write(&mut packer).map_err(disk)?;
                    size = size.saturating_add(entry.body.len() as u64);
                    counts.facts = entry.position;
                    counts.events = entry.seq.unwrap_or(counts.events);
                    counts.prompts += u64::from(line.is_prompt());
                }
                Ok((packer, counts, size))
            })
            .await?;
            if size > limit {
                return Err(AppError::new(
                    ProblemCode::Conflict,
                    format!("The session's log has more than {limit} bytes, which is the most that a bundle takes."),
                )
                .limit(limit));
            }
        }
        let member = blocking(move || packer.finish(LOG).map(|(member, _)| member).map_err(disk)).await?;
        Ok((vec![member], counts))
    }

    /// Those that are still there.
    async fn pack_artifacts(
        &self,
        view: &View,
        own: &OwnSession,
        stage: &Stage,
    ) -> Result<Vec<Member>, AppError> {
        let mut members = Vec::new();
        for artifact in view.state.artifacts.values() {
            let key = ArtifactKey {
                org: own.org(),
                session: own.id(),
                artifact: artifact.id,
            };
            let range = 0..artifact.size_bytes;
            let Some(mut bytes) = self.ports().artifacts.get(key, range).await? else {
                tracing::warn!(session.id = %own.id(), artifact.id = %artifact.id, "an artifact is not in its store; the bundle goes without");
                continue;
            };
            let name = artifact_member(artifact.id);
            let mut file = Hashing::new(stage.create(&name).map_err(disk)?);
            while let Some(chunk) = bytes.next().await {
                let chunk = chunk?;
                file = blocking(move || {
                    file.write_all(&chunk).map_err(disk)?;
                    Ok(file)
                })
                .await?;
            }
            let (member, _) = file.finish(&name);
            members.push(Member {
                artifact: Some(ArtifactMeta {
                    id: artifact.id,
                    name: artifact.name.clone(),
                    media_type: artifact.media_type.clone(),
                }),
                ..member
            });
        }
        Ok(members)
    }

    fn manifest(
        &self,
        view: &View,
        own: &OwnSession,
        members: Vec<Member>,
        counts: Counts,
    ) -> Result<Manifest, AppError> {
        let Some(profile) = &view.state.profile else {
            return Err(AppError::not_found("session"));
        };
        let artifacts = members.iter().filter(|member| member.artifact.is_some()).count();
        Ok(Manifest {
            format: FORMAT,
            made_at: self.now(),
            made_by: concat!("agent-coordinator ", env!("CARGO_PKG_VERSION")).to_owned(),
            origin: Origin {
                installation: self.bundles()?.settings.installation.clone(),
                org: own.org(),
                session: own.id(),
            },
            session: About {
                title: profile.title.clone(),
                agent: profile.agent.clone(),
                model: profile.model.clone(),
                status: view.status,
                repository: profile.repository.clone(),
                created_at: profile.created_at,
                created_by: profile.created_by.clone(),
            },
            counts: Counts {
                artifacts: artifacts as u64,
                ..counts
            },
            members,
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the log ends at {0}, but its owner knows {1} facts")]
struct LogEnds(u64, u64);

/// Lays it out on a thread of its own; stage and place are held until the last byte is out, or nobody wants it any more.
fn send(
    manifest: Manifest,
    stage: Stage,
    place: Place,
) -> Pin<Box<dyn Stream<Item = Result<Bytes, AppError>> + Send>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let _place = place;
        let mut out = io::BufWriter::with_capacity(CHUNK, Outgoing(sender.clone()));
        let written = bundle::write(&manifest, |member| File::open(stage.file(&member.name)), &mut out);
        let flushed = written.and_then(|()| out.flush().map_err(BundleError::from));
        match flushed {
            Err(BundleError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
            Err(error) => drop(sender.blocking_send(Err(AppError::internal(error)))),
            Ok(()) => {}
        }
    });
    Box::pin(futures::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|item| (item, receiver))
    }))
}

struct Outgoing(mpsc::Sender<Result<Bytes, AppError>>);

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.0
            .blocking_send(Ok(Bytes::copy_from_slice(bytes)))
            .map_err(gone)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
