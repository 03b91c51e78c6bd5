//! The runner's connection: reports in, acks and commands out.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::session::{Command, Reply, bounded, hash_secret};
use protocol::{
    CommandId, SandboxId, SessionId,
    runner::{RunnerFrame, RunnerReport, ServerFrame},
};
use tokio::sync::{Semaphore, mpsc};

use crate::{
    SessionError, Sessions,
    hub::Live,
    published::Preview,
    slot::{Envelope, Slot},
};

/// What a runner shows on its first frame.
#[derive(Clone)]
pub struct RunnerHello {
    pub session_id: SessionId,
    pub sandbox_id: SandboxId,
    pub generation: u64,
    /// From the `Authorization` header: the one-time token, or the secret.
    pub credential: String,
    /// The runner's own secret.
    pub secret: String,
    pub runner_version: String,
}

impl std::fmt::Debug for RunnerHello {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunnerHello")
            .field("session_id", &self.session_id)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// Frames that wait for the runner's socket; more means that it does not read, and it is cut off.
const OUTGOING: usize = 256;

/// Reports of one connection that the session has not committed yet, in KiB. A mailbox bounds their number; this
/// bounds their size, since a sandbox decides how large each is.
const ROOM_KIB: u32 = 32 * 1024;
/// An event that came in a frame of this size is within its bounds, without being measured.
const SURELY_SMALL: usize = 64 * 1024;
/// Text in the making above this is not passed on: it is a preview, and the committed text follows.
const MOST_DELTA: usize = 256 * 1024;

/// Heartbeats without an answer after which a command is sent again.
const UNANSWERED: u8 = 2;

/// The way to one connection of a runner.
#[derive(Debug, Clone)]
pub(crate) struct LinkSender {
    pub(crate) generation: u64,
    frames: mpsc::Sender<ServerFrame>,
    /// Commands given to this connection and not confirmed on it yet, with the heartbeats that came since.
    sent: Arc<Mutex<HashMap<CommandId, u8>>>,
}

impl LinkSender {
    pub(crate) fn new(generation: u64) -> (Self, mpsc::Receiver<ServerFrame>) {
        let (frames, receiver) = mpsc::channel(OUTGOING);
        (
            Self {
                generation,
                frames,
                sent: Arc::default(),
            },
            receiver,
        )
    }

    /// Never waits: a runner that does not read loses its connection and gets everything after reconnecting.
    pub(crate) fn send(&self, frame: ServerFrame) -> bool {
        self.frames.try_send(frame).is_ok()
    }

    /// Sends a command unless this connection has it already.
    pub(crate) fn send_once(&self, command_id: CommandId, frame: ServerFrame) {
        let mut sent = self.sent();
        if let Entry::Vacant(place) = sent.entry(command_id) {
            // No room: again at the next heartbeat.
            place.insert(if self.send(frame) { 0 } else { UNANSWERED - 1 });
        }
    }

    fn confirmed(&self, command_id: CommandId) {
        self.sent().remove(&command_id);
    }

    /// The runner lives. True when something sent to it has been without an answer for two heartbeats: it counts as
    /// not sent any more. The runner carries each out once, however often it comes.
    fn beat(&self) -> bool {
        let mut sent = self.sent();
        let before = sent.len();
        sent.retain(|_, beats| {
            *beats += 1;
            *beats < UNANSWERED
        });
        sent.len() < before
    }

    fn sent(&self) -> MutexGuard<'_, HashMap<CommandId, u8>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A runner's connection after a valid hello.
#[derive(Debug)]
pub struct RunnerLink {
    incoming: RunnerIncoming,
    outgoing: RunnerOutgoing,
}

impl RunnerLink {
    /// Both directions, for two tasks.
    #[must_use]
    pub fn split(self) -> (RunnerIncoming, RunnerOutgoing) {
        (self.incoming, self.outgoing)
    }
}

/// From the runner.
#[derive(Debug)]
pub struct RunnerIncoming {
    sessions: Sessions,
    slot: Arc<Slot>,
    session_id: SessionId,
    generation: u64,
    room: Arc<Semaphore>,
    /// Mailbox of the owner that took the last frame.
    owner: Mutex<Option<mpsc::Sender<Envelope>>>,
}

impl RunnerIncoming {
    /// Takes one frame that came as `bytes` bytes. Waits while the session's mailbox is full, or too much waits to
    /// be committed: that is the back-pressure.
    ///
    /// # Errors
    /// When the connection is to be closed: the generation is over, or the session cannot be reached.
    pub async fn frame(&self, frame: RunnerFrame, bytes: usize) -> Result<(), SessionError> {
        self.slot.hub.hear(self.sessions.now());
        match frame {
            // Credentials and secrets are brokered at the door; a second hello means nothing.
            RunnerFrame::Hello { .. }
            | RunnerFrame::CredentialWanted { .. }
            | RunnerFrame::SecretsWanted { .. } => Ok(()),
            RunnerFrame::Heartbeat { generation } => {
                let link = self.slot.hub.link().filter(|link| link.generation == generation);
                if link.is_some_and(|link| link.beat()) {
                    self.sessions.post(self.session_id, Envelope::SendOwed).await?;
                }
                Ok(())
            }
            RunnerFrame::Delta {
                generation,
                prompt_id,
                delta,
            } => {
                if generation == self.generation && bytes <= MOST_DELTA {
                    self.slot.hub.preview(self.sessions.now());
                    let preview = Preview::of(prompt_id, &delta);
                    self.slot.hub.publish(preview.map(Live::Delta));
                }
                Ok(())
            }
            RunnerFrame::Report {
                generation,
                n,
                prompt_id,
                report,
            } => {
                self.check(generation)?;
                let report = match report {
                    // What came as so little is not written as more.
                    event @ RunnerReport::Event { .. } if bytes <= SURELY_SMALL => event,
                    report => bounded(report),
                };
                self.post(
                    Command::RunnerReport {
                        generation,
                        n,
                        prompt_id,
                        report: Box::new(report),
                    },
                    bytes,
                )
                .await
            }
            RunnerFrame::CommandDone {
                generation,
                command_id,
            } => {
                self.check(generation)?;
                if let Some(link) = self.slot.hub.link() {
                    link.confirmed(command_id);
                }
                self.post(
                    Command::RunnerDone {
                        generation,
                        command_id,
                    },
                    bytes,
                )
                .await
            }
        }
    }

    fn check(&self, generation: u64) -> Result<(), SessionError> {
        if generation == self.generation {
            Ok(())
        } else {
            Err(domain::session::Refusal::Fenced { generation }.into())
        }
    }

    async fn post(&self, command: Command, bytes: usize) -> Result<(), SessionError> {
        let kib = u32::try_from(bytes / 1024 + 1).unwrap_or(ROOM_KIB).min(ROOM_KIB);
        let room = Arc::clone(&self.room)
            .acquire_many_owned(kib)
            .await
            .map_err(|_| SessionError::Busy)?;
        let mut envelope = Envelope::Runner {
            command: Box::new(command),
            room,
        };
        // Frames come by the thousand: the owner of the last one is asked first.
        let known = self.owner().clone();
        if let Some(known) = known {
            match known.send(envelope).await {
                Ok(()) => return Ok(()),
                Err(refused) => envelope = refused.0,
            }
        }
        let owner = self.sessions.post(self.session_id, envelope).await?;
        *self.owner() = Some(owner);
        Ok(())
    }

    fn owner(&self) -> MutexGuard<'_, Option<mpsc::Sender<Envelope>>> {
        self.owner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// To the runner.
#[derive(Debug)]
pub struct RunnerOutgoing {
    frames: mpsc::Receiver<ServerFrame>,
}

impl RunnerOutgoing {
    /// The next frame; the first is `welcome`. `None`: close, another connection has taken over or the session
    /// is gone.
    pub async fn next(&mut self) -> Option<ServerFrame> {
        self.frames.recv().await
    }
}

impl Sessions {
    /// Lets a runner in.
    ///
    /// # Errors
    /// When the session is unknown, the generation is over or the credential is not its own.
    pub async fn connect_runner(&self, hello: RunnerHello) -> Result<RunnerLink, SessionError> {
        let slot = self.slot(hello.session_id);
        let (link, frames) = LinkSender::new(hello.generation);
        let command = Command::RunnerHello {
            generation: hello.generation,
            credential_hash: hash_secret(&hello.credential),
            secret_hash: hash_secret(&hello.secret),
            runner_version: hello.runner_version,
        };
        let reply = self
            .ask(hello.session_id, |reply| Envelope::Hello {
                command: Box::new(command),
                link,
                reply,
            })
            .await?;
        debug_assert!(matches!(reply, Reply::Welcome { .. }));
        // Only now: who is not let in must not make a silent runner look alive.
        slot.hub.hear(self.now());
        Ok(RunnerLink {
            incoming: RunnerIncoming {
                sessions: self.clone(),
                slot,
                session_id: hello.session_id,
                generation: hello.generation,
                room: Arc::new(Semaphore::new(ROOM_KIB as usize)),
                owner: Mutex::default(),
            },
            outgoing: RunnerOutgoing { frames },
        })
    }
}
