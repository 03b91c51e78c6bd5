//! What the handle and the connection share, behind short locks.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use protocol::{
    CommandId, EventBody,
    runner::{GitCredential, RunnerFrame, RunnerReport, SecretValue, WorkPhase},
};
use tokio::sync::{Notify, oneshot, watch};

use super::{Identity, deltas::Deltas, redaction::Redaction};
use crate::spool::Spool;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) identity: Identity,
    spool: Mutex<Spool>,
    deltas: Mutex<Deltas>,
    small: Mutex<Small>,
    redaction: Mutex<Redaction>,
    /// There is something to send.
    pub(super) work: Notify,
    /// Something was acknowledged.
    pub(super) room: Notify,
    /// True from the first welcome on.
    pub(super) contact: watch::Sender<bool>,
    closed: AtomicBool,
}

/// Small frames that are not spooled, because the other side asks again after a reconnect.
#[derive(Default)]
struct Small {
    /// One has been taken out and is not written yet.
    sending: bool,
    frames: VecDeque<RunnerFrame>,
    next_request: u64,
    wanted: HashMap<u64, Wanted>,
}

struct Wanted {
    frame: RunnerFrame,
    reply: Answer,
}

/// Where an answer goes.
enum Answer {
    Credential(oneshot::Sender<Option<GitCredential>>),
    Secrets(oneshot::Sender<Option<Vec<SecretValue>>>),
}

impl std::fmt::Debug for Small {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Small")
            .field("frames", &self.frames.len())
            .finish_non_exhaustive()
    }
}

/// A poisoned lock means that a panic is already taking the process down.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new(identity: Identity, spool: Spool) -> Self {
        Self {
            identity,
            spool: Mutex::new(spool),
            deltas: Mutex::default(),
            small: Mutex::default(),
            redaction: Mutex::default(),
            work: Notify::new(),
            room: Notify::new(),
            contact: watch::Sender::new(false),
            closed: AtomicBool::new(false),
        }
    }

    pub(super) fn spool(&self) -> MutexGuard<'_, Spool> {
        lock(&self.spool)
    }

    pub(super) fn deltas(&self) -> MutexGuard<'_, Deltas> {
        lock(&self.deltas)
    }

    /// The waiting pieces of a part go before its committed text.
    pub(super) fn settle_deltas(&self, report: &RunnerReport) {
        let RunnerReport::Event { event } = report else {
            return;
        };
        match event {
            EventBody::MessageText(message) => self.deltas().settle(&message.part_id),
            EventBody::MessageReasoning(message) => self.deltas().settle(&message.part_id),
            EventBody::ToolCallCompleted(call) => self.deltas().settle(&call.tool_call_id),
            _ => {}
        }
    }

    /// The uplink has stopped for good.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.room.notify_waiters();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub(super) fn ack(&self, n: u64) {
        if self.spool().ack(n) {
            self.room.notify_waiters();
            self.work.notify_one();
        }
    }

    pub(super) fn say_done(&self, command_id: CommandId) {
        let frame = RunnerFrame::CommandDone {
            generation: self.identity.generation,
            command_id,
        };
        lock(&self.small).frames.push_back(frame);
        self.work.notify_one();
    }

    pub(super) fn want_credential(
        &self,
        protocol: &str,
        host: &str,
        reply: oneshot::Sender<Option<GitCredential>>,
    ) -> u64 {
        self.want(Answer::Credential(reply), |request| {
            RunnerFrame::CredentialWanted {
                generation: self.identity.generation,
                request,
                protocol: protocol.to_owned(),
                host: host.to_owned(),
            }
        })
    }

    pub(super) fn want_secrets(
        &self,
        phase: WorkPhase,
        reply: oneshot::Sender<Option<Vec<SecretValue>>>,
    ) -> u64 {
        self.want(Answer::Secrets(reply), |request| RunnerFrame::SecretsWanted {
            generation: self.identity.generation,
            request,
            phase,
        })
    }

    fn want(&self, reply: Answer, frame: impl FnOnce(u64) -> RunnerFrame) -> u64 {
        let mut small = lock(&self.small);
        small.next_request += 1;
        let request = small.next_request;
        let frame = frame(request);
        small.frames.push_back(frame.clone());
        small.wanted.insert(request, Wanted { frame, reply });
        drop(small);
        self.work.notify_one();
        request
    }

    /// Nobody waits for this answer any more.
    pub(super) fn forget(&self, request: u64) {
        lock(&self.small).wanted.remove(&request);
    }

    pub(super) fn answer_credential(&self, request: u64, credential: Option<GitCredential>) {
        let wanted = lock(&self.small).wanted.remove(&request);
        if let Some(Answer::Credential(reply)) = wanted.map(|wanted| wanted.reply) {
            let _ = reply.send(credential);
        }
    }

    pub(super) fn answer_secrets(&self, request: u64, secrets: Option<Vec<SecretValue>>) {
        let wanted = lock(&self.small).wanted.remove(&request);
        if let Some(Answer::Secrets(reply)) = wanted.map(|wanted| wanted.reply) {
            let _ = reply.send(secrets);
        }
    }

    pub(super) fn redaction(&self) -> MutexGuard<'_, Redaction> {
        lock(&self.redaction)
    }

    /// The next small frame; asking for it says that the one before is written.
    pub(super) fn next_small(&self) -> Option<RunnerFrame> {
        let mut small = lock(&self.small);
        let frame = small.frames.pop_front();
        small.sending = frame.is_some();
        frame
    }

    /// True when the server has everything that was said.
    pub(super) fn is_idle(&self) -> bool {
        let small = lock(&self.small);
        small.frames.is_empty() && !small.sending && self.spool().is_drained()
    }

    /// After a reconnect: what the last connection may have swallowed is asked again; the server sends unfinished
    /// commands again by itself.
    pub(super) fn renew_small(&self) {
        let mut small = lock(&self.small);
        let again: Vec<RunnerFrame> = small.wanted.values().map(|wanted| wanted.frame.clone()).collect();
        small
            .frames
            .retain(|frame| matches!(frame, RunnerFrame::CommandDone { .. }));
        small.frames.extend(again);
    }
}
