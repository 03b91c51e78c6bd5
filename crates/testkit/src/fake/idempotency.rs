//! Idempotency keys of the fakes: remembered for as long as the real ones.

use std::collections::HashMap;

use ports::idempotency::{IdempotencyEntry, KEY_LIFETIME_MS, Written};
use protocol::Timestamp;

/// Keys by scope and text.
#[derive(Debug, Default)]
pub(super) struct Keys(HashMap<(String, String), IdempotencyEntry>);

impl Keys {
    /// What the key stands for at `now`; `None` when it is new (or forgotten).
    pub(super) fn recall(
        &self,
        scope: &str,
        key: &str,
        fingerprint: &[u8; 32],
        now: Timestamp,
    ) -> Option<Written> {
        let known = self.0.get(&(scope.to_owned(), key.to_owned()))?;
        if known.at.as_ms().saturating_add(KEY_LIFETIME_MS) <= now.as_ms() {
            return None;
        }
        Some(if known.fingerprint == *fingerprint {
            Written::Replayed(known.reply.clone())
        } else {
            Written::Conflict
        })
    }

    /// As [`Keys::recall`], for a write that carries an entry (or none).
    pub(super) fn check(&self, entry: Option<&IdempotencyEntry>) -> Option<Written> {
        let entry = entry?;
        self.recall(&entry.scope, &entry.key, &entry.fingerprint, entry.at)
    }

    /// Forgets what begins like this.
    pub(super) fn forget(&mut self, scope: &str) {
        self.0.retain(|(known, _), _| !known.starts_with(scope));
    }

    /// Remembers a key; one that still lives keeps its first reply.
    pub(super) fn remember(&mut self, entry: Option<IdempotencyEntry>) {
        if let Some(entry) = entry
            && self.check(Some(&entry)).is_none()
        {
            self.0.insert((entry.scope.clone(), entry.key.clone()), entry);
        }
    }
}
