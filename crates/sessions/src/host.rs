//! The host: finds, wakes and asks the owner of a session.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{
    sealed::Sealed,
    session::{Command, Fact, Policy, PrivateFact, Profile, Prompt, hash_secret, same_hash},
};
use ports::{
    Ports, SessionLog, StoreError,
    catalog::{Reserved, SessionRow, Waiting, kept},
    idempotency::IdempotencyEntry,
    session_log::LogEntry,
};
use protocol::{
    EnvironmentId, Event, EventBody, MicroUsd, OrgId, PromptId, SessionId, Timestamp,
    session::{Attachment, Repository, SessionStatus, Tokens},
};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Answer, SessionError, View,
    actor::{Actor, fold},
    feed::Feed,
    runs::Runs,
    slot::{Envelope, Slot},
};

/// The URL under which a repository is cloned inside, where it differs.
pub(crate) type CloneUrl = Arc<dyn Fn(&Repository) -> Option<String> + Send + Sync>;

/// How the host behaves.
#[derive(Clone)]
pub struct HostSettings {
    pub policy: Policy,
    /// Base URL of the uplink as seen inside a sandbox.
    pub uplink_url: String,
    /// An actor without work leaves memory after this time.
    pub sleep_after: Duration,
    /// Maps a repository to the address that is reached from inside.
    pub clone_url: CloneUrl,
}

impl std::fmt::Debug for HostSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostSettings")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl Default for HostSettings {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            uplink_url: format!("http://127.0.0.1:{}", protocol::keeper::UPLINK_PORT),
            sleep_after: Duration::from_secs(10),
            clone_url: Arc::new(|_| None),
        }
    }
}

/// What became of a creation.
#[derive(Debug, Clone)]
pub enum Created {
    New {
        view: View,
        prompt_id: Option<PromptId>,
    },
    /// The idempotency key made this session before.
    Existing {
        view: View,
    },
}

/// One page of a session's events.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPage {
    pub events: Vec<Event>,
    /// Cursor for the next page.
    pub next_after: u64,
    /// `seq` of the last event there is.
    pub head: u64,
}

/// What a runner of a valid generation may use.
#[derive(Debug, Clone)]
pub struct RunnerContext {
    pub org: OrgId,
    pub session: SessionId,
    pub generation: u64,
    /// The turn in flight.
    pub prompt_id: Option<PromptId>,
    /// `provider/model` of the turn in flight, else the session's.
    pub model: String,
    pub repository: Option<Repository>,
    pub git_token: Option<Sealed>,
    pub environment: Option<EnvironmentId>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) ports: Ports,
    pub(crate) settings: HostSettings,
    pub(crate) feed: Feed,
    slots: Mutex<BTreeMap<SessionId, Arc<Slot>>>,
    pub(crate) tasks: TaskTracker,
    /// Asks actors and loops to finish.
    pub(crate) stopping: CancellationToken,
    refusing: AtomicBool,
    /// No new sandbox is started any more.
    pub(crate) quiescing: AtomicBool,
    /// Rung when a sleeping session's alarm may have become the earliest.
    pub(crate) alarm_changed: Notify,
    pub(crate) runs: Runs,
}

/// Owners tried before a command is given back.
const POST_TRIES: usize = 5;

/// The host of all sessions of this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sessions(pub(crate) Arc<Inner>);

impl Sessions {
    #[must_use]
    pub fn new(ports: Ports, settings: HostSettings) -> Self {
        let (tasks, stopping) = (TaskTracker::new(), CancellationToken::new());
        let (bus, clock) = (Arc::clone(&ports.event_bus), Arc::clone(&ports.clock));
        Self(Arc::new(Inner {
            feed: Feed::new(bus, clock, tasks.clone(), stopping.clone()),
            ports,
            settings,
            slots: Mutex::default(),
            tasks,
            stopping,
            refusing: AtomicBool::new(false),
            quiescing: AtomicBool::new(false),
            alarm_changed: Notify::new(),
            runs: Runs::default(),
        }))
    }

    /// Looks after every session that was awake when the last process ended, and keeps the alarms.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub async fn start(&self) -> Result<(), SessionError> {
        let awake = self.0.ports.catalog.awake().await?;
        for id in awake {
            let sessions = self.clone();
            // Who was asked for since the list was read may be asleep again: its mark is written anew.
            let asked_for = self.slots().contains_key(&id);
            if !asked_for {
                sessions.slot(id).marked.store(true, Ordering::Relaxed);
            }
            self.0.tasks.spawn(async move {
                let woken = if asked_for {
                    sessions.wake_marked(id).await
                } else {
                    sessions.view(id).await.map(drop)
                };
                if let Err(error) = woken {
                    tracing::warn!(session.id = %id, %error, "a session that was awake could not be taken over");
                    if matches!(error, SessionError::NotFound) {
                        sessions.forget_remains(id).await;
                    }
                }
            });
        }
        let sessions = self.clone();
        self.0.tasks.spawn(async move { sessions.keep_alarms().await });
        self.take_up_runs();
        Ok(())
    }

    /// A row without a log: reserved and never made (kept for a repeat of its idempotency key), or the last
    /// remains of a deletion.
    async fn forget_remains(&self, id: SessionId) {
        let catalog = &self.0.ports.catalog;
        // A creation that is repeated just now must not lose its row: nobody wakes while this is held, and whoever
        // has a log by now is no remains.
        let slot = self.slot(id);
        let mailbox = slot.mailbox.lock().await;
        if mailbox.is_some() || !matches!(self.0.ports.session_log.head(id).await, Ok(None)) {
            return;
        }
        slot.marked.store(false, Ordering::Relaxed);
        let outcome = match catalog.lookup(id).await {
            Ok(Some(row)) if row.position > 0 => catalog.remove(id).await,
            Ok(_) => catalog.mark_asleep(id, None).await,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            tracing::warn!(session.id = %id, %error, "the remains of a session could not be cleared");
        }
    }

    /// Stops every sandbox, for a clean stop of the whole installation: running turns end with that reason,
    /// workspaces are kept, and what waits goes on at the next start.
    pub async fn stop_sandboxes(&self) {
        self.0.quiescing.store(true, Ordering::SeqCst);
        let sandboxes = &self.0.ports.sandboxes;
        let running = match sandboxes.list().await {
            Ok(running) => running,
            Err(error) => return tracing::warn!(%error, "the running sandboxes are not known"),
        };
        let stops = running.into_iter().map(|sandbox| async move {
            let (id, generation) = (sandbox.session_id, sandbox.generation);
            // First the reason, so that nobody takes the runner's goodbye for a person's interrupt.
            if let Err(error) = self.command(id, Command::Quiesce, None).await {
                tracing::debug!(session.id = %id, %error, "a session was not told that the server stops");
            }
            match sandboxes.stop(sandbox.sandbox_id, 5_000).await {
                // Said twice when the session's own stop was quicker; the second time changes nothing.
                Ok(()) => drop(
                    self.command(id, Command::SandboxStopped { generation }, None)
                        .await,
                ),
                Err(error) => {
                    tracing::warn!(sandbox.id = %sandbox.sandbox_id, %error, "a sandbox could not be stopped")
                }
            }
        });
        futures::future::join_all(stops).await;
    }

    /// Stops: nothing new is taken, what is being committed is finished, actors leave. Sandboxes stay with their
    /// keepers, to be found again by the next process; see [`Self::stop_sandboxes`].
    pub async fn shutdown(&self) {
        self.0.refusing.store(true, Ordering::SeqCst);
        self.0.stopping.cancel();
        let slots: Vec<_> = self.slots().values().cloned().collect();
        for slot in &slots {
            slot.hub.close();
        }
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// The feeds of organisations.
    #[must_use]
    pub fn feed(&self) -> &Feed {
        &self.0.feed
    }

    /// Sessions in memory now.
    #[must_use]
    pub fn awake_count(&self) -> usize {
        self.slots()
            .values()
            .filter(|slot| slot.mailbox.try_lock().map_or(true, |mailbox| mailbox.is_some()))
            .count()
    }

    /// Makes a session: catalogue reservation with the idempotency key, then its log, then the projection.
    ///
    /// # Errors
    /// When the key stands for something else, or storage fails.
    pub async fn create(
        &self,
        profile: Profile,
        prompt: Option<Prompt>,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Created, SessionError> {
        let mut profile = profile;
        match self.reserve(first_row(&profile), idempotency).await? {
            Reserved::New => {}
            Reserved::Conflict => return Err(SessionError::IdempotencyConflict),
            Reserved::Existing(id) => match self.view(id).await {
                Ok(view) => return Ok(Created::Existing { view }),
                Err(SessionError::NotFound) => match self.0.ports.catalog.lookup(id).await? {
                    // Reserved by an attempt that did not get further: finish it under the same id.
                    Some(row) if row.position == 0 => profile.id = id,
                    // Made meanwhile by the other attempt; or made once and deleted, and a repeat that comes late
                    // must not bring it back. The log knows which; an owner that was woken before may not.
                    _ => {
                        let view = self.look(id).await?;
                        return Ok(Created::Existing { view });
                    }
                },
                Err(error) => return Err(error),
            },
        }
        let id = profile.id;
        let prompt_id = prompt.as_ref().map(|prompt| prompt.id);
        self.0.ports.session_log.create(id).await?;
        self.command(id, Command::Create(Box::new(profile), prompt.map(Box::new)), None)
            .await?;
        let view = self.view(id).await?;
        Ok(Created::New { view, prompt_id })
    }

    /// Takes a place in the catalogue. Nobody is woken meanwhile: whoever found the new row without its log would clear
    /// its mark, and the answer here would still say that it is there.
    pub(crate) async fn reserve(
        &self,
        row: SessionRow,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Reserved, StoreError> {
        let slot = self.slot(row.id);
        let _nobody_wakes = slot.mailbox.lock().await;
        let reserved = self.0.ports.catalog.reserve(row, idempotency).await?;
        if reserved == Reserved::New {
            slot.marked.store(true, Ordering::Relaxed);
        }
        Ok(reserved)
    }

    /// Gives a command and waits for its commit.
    ///
    /// # Errors
    /// When the session is unknown, its state does not allow the command, or storage fails.
    pub async fn command(
        &self,
        id: SessionId,
        command: Command,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Answer, SessionError> {
        self.ask(id, |reply| Envelope::Ask {
            command: Box::new(command),
            idempotency,
            reply,
        })
        .await
    }

    /// The session after its last commit.
    ///
    /// # Errors
    /// When there is no such session.
    pub async fn view(&self, id: SessionId) -> Result<View, SessionError> {
        match self.ask(id, |reply| Envelope::View { reply }).await {
            // Waking writes, and there is no room: what is stored can be looked at all the same.
            Err(SessionError::Store(StoreError::Full)) => self.look(id).await,
            view => view,
        }
    }

    /// As [`Self::view`], without waking the session: for those who only come to watch, who may be many.
    ///
    /// # Errors
    /// When there is no such session.
    pub async fn glance(&self, id: SessionId) -> Result<View, SessionError> {
        let slot = self.slots().get(&id).map(Arc::clone);
        let awake = match slot {
            Some(slot) => slot.mailbox.lock().await.is_some(),
            None => false,
        };
        if awake || self.0.refusing.load(Ordering::SeqCst) {
            return self.view(id).await;
        }
        self.look(id).await
    }

    /// The session as it is stored, without an owner.
    async fn look(&self, id: SessionId) -> Result<View, SessionError> {
        let stored = self.0.ports.session_log.peek(id).await?;
        let (state, _) = fold(&stored.ok_or(SessionError::NotFound)?)?;
        View::of(Arc::new(state), &self.0.settings.policy)
    }

    /// A page of public events with `seq > after`. Does not wake the session.
    ///
    /// # Errors
    /// When there is no such session, or `after` lies beyond its last event.
    pub async fn events(&self, id: SessionId, after: u64, limit: usize) -> Result<EventPage, SessionError> {
        let log = &self.0.ports.session_log;
        let head = log.head(id).await?.ok_or(SessionError::NotFound)?;
        if after > head {
            return Err(SessionError::CursorAhead { head });
        }
        let entries = log.read(id, after, limit).await?.ok_or(SessionError::NotFound)?;
        let events = entries.iter().map(to_event).collect::<Result<Vec<_>, _>>()?;
        let next_after = events.last().map_or(after, |event| event.seq);
        Ok(EventPage {
            events,
            next_after,
            head: head.max(next_after),
        })
    }

    /// A file that was given along with a prompt. Does not wake the session.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn attachment(
        &self,
        id: SessionId,
        prompt_id: PromptId,
        index: usize,
    ) -> Result<Option<Attachment>, SessionError> {
        // The content is in the private fact that comes right before the event.
        let log = &self.0.ports.session_log;
        let Some(entry) = log.private_before(id, prompt_id, "prompt.queued").await? else {
            return Ok(None);
        };
        let fact = Fact::from_stored(entry.position, false, None, &entry.kind, &entry.body)
            .map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(match fact {
            Fact::Private(PrivateFact::PromptAccepted {
                prompt_id: of,
                attachments,
                ..
            }) if of == prompt_id => attachments.into_iter().nth(index),
            _ => None,
        })
    }

    /// Whether a runner with this credential may say hello: the one-time token of its generation, or the secret it
    /// was exchanged for. Answers whose runner it is.
    ///
    /// # Errors
    /// When the session is unknown, the generation is over or the credential is not its own.
    pub async fn check_runner(
        &self,
        id: SessionId,
        generation: u64,
        credential: &str,
    ) -> Result<OrgId, SessionError> {
        // Anyone may ask, so an id that was made up must not wake anything.
        let Some(row) = self.0.ports.catalog.lookup(id).await? else {
            return Err(SessionError::NotFound);
        };
        let view = self.view(id).await?;
        let Some(sandbox) = view.state.sandbox_of(generation) else {
            return Err(domain::session::Refusal::Fenced { generation }.into());
        };
        let given = hash_secret(credential);
        let secret = sandbox.secret_hash.is_some_and(|known| same_hash(&known, &given));
        if secret || same_hash(&sandbox.token_hash, &given) {
            Ok(row.org)
        } else {
            Err(domain::session::Refusal::BadCredential.into())
        }
    }

    /// Who a runner's secret belongs to, and what it may use now.
    ///
    /// # Errors
    /// When the generation is over or the secret is not its own.
    pub async fn authenticate_runner(
        &self,
        id: SessionId,
        generation: u64,
        secret: &str,
    ) -> Result<RunnerContext, SessionError> {
        let view = self.view(id).await?;
        let state = &view.state;
        let known = state
            .sandbox_of(generation)
            .and_then(|sandbox| sandbox.secret_hash);
        let Some(profile) = state.profile.as_ref() else {
            return Err(SessionError::NotFound);
        };
        if !known.is_some_and(|known| same_hash(&known, &hash_secret(secret))) {
            return Err(domain::session::Refusal::BadCredential.into());
        }
        let running = state.turn.as_ref().map(|turn| &turn.prompt);
        Ok(RunnerContext {
            org: profile.org,
            session: id,
            generation,
            prompt_id: running.map(|prompt| prompt.id),
            model: running.map_or_else(|| profile.model.clone(), |prompt| prompt.model.clone()),
            repository: profile.repository.clone(),
            git_token: profile.git_token.clone(),
            environment: profile.environment_id,
        })
    }

    /// A hint that a sandbox may have ended: its provider is asked now instead of at the next alarm.
    pub async fn sandbox_ended(&self, id: SessionId, generation: u64) {
        let Ok(view) = self.view(id).await else { return };
        let Some(sandbox) = view.state.sandbox_of(generation) else {
            return;
        };
        // A hint says nothing about a runner that this process has not heard of yet.
        let heard = self.slot(id).hub.heard().or(Some(self.now()));
        self.observe(id, sandbox.id, generation, heard).await;
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.ports.clock.now()
    }

    pub(crate) fn log(&self) -> Arc<dyn SessionLog> {
        Arc::clone(&self.0.ports.session_log)
    }

    fn slots(&self) -> std::sync::MutexGuard<'_, BTreeMap<SessionId, Arc<Slot>>> {
        self.0.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn slot(&self, id: SessionId) -> Arc<Slot> {
        Arc::clone(self.slots().entry(id).or_insert_with(|| Arc::new(Slot::new())))
    }

    /// Forgets places that nobody holds.
    pub(crate) fn sweep(&self) {
        self.slots().retain(|_, slot| {
            Arc::strong_count(slot) > 1 || slot.mailbox.try_lock().map_or(true, |mailbox| mailbox.is_some())
        });
    }

    pub(crate) async fn ask<T>(
        &self,
        id: SessionId,
        envelope: impl FnOnce(oneshot::Sender<Result<T, SessionError>>) -> Envelope,
    ) -> Result<T, SessionError> {
        let (sender, receiver) = oneshot::channel();
        self.post(id, envelope(sender)).await?;
        receiver.await.map_err(|_| SessionError::Busy)?
    }

    /// Puts an envelope into the mailbox, waking the session if it sleeps. What is returned leads to the same owner.
    pub(crate) async fn post(
        &self,
        id: SessionId,
        envelope: Envelope,
    ) -> Result<mpsc::Sender<Envelope>, SessionError> {
        if self.0.refusing.load(Ordering::SeqCst) {
            return Err(SessionError::ShuttingDown);
        }
        let slot = self.slot(id);
        let mut envelope = envelope;
        // An owner that is just falling asleep takes nothing more; the next one does.
        for _ in 0..POST_TRIES {
            let mailbox = {
                let mut mailbox = slot.mailbox.lock().await;
                match mailbox.as_ref().filter(|sender| !sender.is_closed()) {
                    Some(sender) => sender.clone(),
                    None => {
                        let sender = match Actor::wake(self, id, &slot).await {
                            Ok(sender) => sender,
                            Err(error) => {
                                self.note_damage(id, &error).await;
                                return Err(error);
                            }
                        };
                        *mailbox = Some(sender.clone());
                        sender
                    }
                }
            };
            match mailbox.send(envelope).await {
                Ok(()) => return Ok(mailbox),
                Err(refused) => envelope = refused.0,
            }
        }
        Err(SessionError::Busy)
    }
}

fn first_row(profile: &Profile) -> SessionRow {
    SessionRow {
        id: profile.id,
        org: profile.org,
        created_by: profile.created_by.user_id,
        created_at: profile.created_at,
        updated_at: profile.created_at,
        agent: profile.agent.clone(),
        model: profile.model.clone(),
        title: profile.title.clone(),
        repository: profile.repository.clone(),
        status: SessionStatus::Idle,
        tokens: Tokens::default(),
        cost_micro_usd: Some(MicroUsd(0)),
        created_by_name: profile.created_by.name.clone(),
        waiting: Waiting::default(),
        cause: String::new(),
        message: String::new(),
        bytes: kept(0),
        position: 0,
    }
}

/// The public event that an entry holds.
fn to_event(entry: &LogEntry) -> Result<Event, SessionError> {
    let corrupt = |message: String| SessionError::Store(StoreError::Corrupt(message));
    let seq = entry
        .seq
        .ok_or_else(|| corrupt(format!("entry {} is private", entry.position)))?;
    let fact = Fact::from_stored(entry.position, true, entry.prompt_id, &entry.kind, &entry.body)
        .map_err(|error| corrupt(error.to_string()))?;
    match fact {
        Fact::Event { prompt_id, body } => Ok(Event {
            seq,
            at: entry.at,
            prompt_id,
            body,
        }),
        Fact::Private(_) => Ok(Event {
            seq,
            at: entry.at,
            prompt_id: None,
            body: EventBody::Unknown {
                kind: entry.kind.clone(),
                data: serde_json::Value::Null,
            },
        }),
    }
}
