//! A session's place in this process: its hub, and the way to its actor while that is awake.

use std::sync::atomic::AtomicBool;

use domain::session::{Command, Reply};
use ports::idempotency::IdempotencyEntry;
use tokio::sync::{Mutex, OwnedSemaphorePermit, mpsc, oneshot};

use crate::{Answer, SessionError, View, hub::Hub, link::LinkSender};

/// What arrives in a mailbox.
#[derive(Debug)]
pub(crate) enum Envelope {
    Ask {
        command: Box<Command>,
        idempotency: Option<IdempotencyEntry>,
        reply: oneshot::Sender<Result<Answer, SessionError>>,
    },
    /// From the runner: answered by acks on its link.
    Runner {
        command: Box<Command>,
        /// Given back when it is committed or refused.
        room: OwnedSemaphorePermit,
    },
    /// A runner's first frame: answered on the link, which then belongs to the session.
    Hello {
        command: Box<Command>,
        link: LinkSender,
        reply: oneshot::Sender<Result<Reply, SessionError>>,
    },
    /// What the runner is owed and has not confirmed is to be sent again.
    SendOwed,
    /// An effect's outcome.
    Outcome { command: Box<Command> },
    View {
        reply: oneshot::Sender<Result<View, SessionError>>,
    },
}

#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) hub: Hub,
    /// Held while an actor starts or leaves, so that there is one owner at a time.
    pub(crate) mailbox: Mutex<Option<mpsc::Sender<Envelope>>>,
    /// The catalogue has the session as awake. An owner that only looks leaves it asleep there: waking writes nothing.
    pub(crate) marked: AtomicBool,
}

impl Slot {
    pub(crate) fn new() -> Self {
        Self {
            hub: Hub::default(),
            mailbox: Mutex::new(None),
            marked: AtomicBool::new(false),
        }
    }
}
