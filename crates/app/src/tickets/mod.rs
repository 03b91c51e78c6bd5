//! One-use tickets, for sockets that cannot send a header. They live in memory: a restart voids them, and a
//! client simply asks for another.

mod issue;
mod redeem;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::tenancy::Actor;
use protocol::{SessionId, Timestamp};

pub use redeem::Redeemed;

/// Tickets kept at most; expired ones go first.
const MAX_TICKETS: usize = 10_000;
/// Of these, those of one member: nobody can take all of them away from the others.
const MAX_TICKETS_OF_ONE: usize = 500;

/// What a ticket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opens {
    Session(SessionId),
    /// The feed of the actor's organisation.
    Feed,
}

#[derive(Debug)]
struct Issued {
    actor: Actor,
    opens: Opens,
    expires_at: Timestamp,
}

/// Tickets by their hash.
#[derive(Debug, Default)]
pub(crate) struct Tickets {
    issued: Mutex<HashMap<[u8; 32], Issued>>,
}

impl Tickets {
    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Issued>> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
