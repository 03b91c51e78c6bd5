//! What is noted once and not each time: the use of a secret by a sandbox, and failed sign-ins beyond a few.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::audit::AuditEntry;
use protocol::{OrgId, SessionId, Timestamp, UserId, audit::AuditActor, audit::AuditOutcome};

use crate::{App, AppError};

/// Things remembered at most; then all are forgotten, which costs a record more.
const MOST: usize = 10_000;
/// Records of failed sign-ins of one user in one minute.
const FAILURES: u32 = 5;
const MINUTE_MS: i64 = 60_000;

/// A secret of an organisation, used by one generation of a session's sandbox.
type Use = (SessionId, u64, String);

/// What this process has noted already. A restart forgets.
#[derive(Debug, Default)]
pub(crate) struct Once {
    uses: Mutex<HashSet<Use>>,
    failures: Mutex<HashMap<UserId, (i64, u32)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn remember<T: Eq + Hash>(known: &mut HashSet<T>, new: T) {
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(new);
}

impl Once {
    /// Whether one more failed sign-in of this user is to be noted.
    pub(super) fn may_note_failure(&self, user: UserId, now: Timestamp) -> bool {
        let minute = now.as_ms().div_euclid(MINUTE_MS);
        let mut failures = lock(&self.failures);
        if failures.len() >= MOST && !failures.contains_key(&user) {
            failures.clear();
        }
        let (last, count) = failures.entry(user).or_insert((minute, 0));
        if *last != minute {
            (*last, *count) = (minute, 0);
        }
        *count += 1;
        *count <= FAILURES
    }
}

impl App {
    /// Notes that the sandbox of a session gets to use a secret: with the first use of each generation, before it.
    ///
    /// # Errors
    /// When it cannot be noted: then the secret must not be used.
    pub(crate) async fn note_use(
        &self,
        org: OrgId,
        session: SessionId,
        generation: u64,
        action: &'static str,
        secret: &str,
    ) -> Result<(), AppError> {
        let this = (session, generation, format!("{action} {secret}"));
        if lock(&self.audited().uses).contains(&this) {
            return Ok(());
        }
        let mut entry = AuditEntry::new(org, self.now(), AuditActor::System, action, AuditOutcome::Allowed);
        entry.target = Some(secret.to_owned());
        entry.details = [
            ("session_id".to_owned(), session.to_string()),
            ("generation".to_owned(), generation.to_string()),
        ]
        .into();
        self.note(vec![entry]).await?;
        remember(&mut lock(&self.audited().uses), this);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_noted_a_few_times_a_minute() {
        let once = Once::default();
        let noted =
            |user: u128, ms: i64| once.may_note_failure(UserId::from_bits(user), Timestamp::from_ms(ms));
        assert_eq!((0..100).filter(|ms| noted(1, *ms)).count(), 5);
        assert!(noted(2, 50), "another user");
        assert!(noted(1, MINUTE_MS), "another minute");
        for user in 0..20_000 {
            noted(user, 0);
        }
        assert!(lock(&once.failures).len() <= MOST);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut known = HashSet::new();
        for n in 0..25_000 {
            remember(&mut known, n);
        }
        assert!(known.len() <= MOST && known.contains(&24_999));
    }
}
