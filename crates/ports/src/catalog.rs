//! The catalogue of sessions: list rows, earliest alarms, and who is awake.

use async_trait::async_trait;
use protocol::{
    MicroUsd, OrgId, SessionId, Timestamp, UserId,
    session::{Repository, SessionStatus, Tokens},
};

use crate::{
    Cursor, Page, StoreError,
    idempotency::{IdempotencyEntry, Written},
};

/// What the list shows of a session. A projection of its log: may lag, never leads.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionRow {
    pub id: SessionId,
    pub org: OrgId,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub agent: String,
    pub model: String,
    pub title: Option<String>,
    pub repository: Option<Repository>,
    pub status: SessionStatus,
    pub tokens: Tokens,
    pub cost_micro_usd: Option<MicroUsd>,
    /// Name of who made it, for display.
    pub created_by_name: Option<String>,
    /// What waits for a person or for its turn.
    pub waiting: Waiting,
    /// Why it is in its status; empty in a row that was written before rows had it.
    pub cause: String,
    pub message: String,
    /// Bytes that it keeps, in steps of [`KEPT_STEP`], so that not every event changes the row. At least one step.
    pub bytes: u64,
    /// Position of the log this row reflects; an older projection never overwrites a newer one.
    pub position: u64,
}

/// What [`SessionRow::bytes`] is rounded up to: about what an empty log takes on a disk.
pub const KEPT_STEP: u64 = 64 << 10;
/// The same from the first MiB on.
const KEPT_STEP_LARGE: u64 = 1 << 20;

/// Bytes that a session keeps, as its row has them.
#[must_use]
pub fn kept(bytes: u64) -> u64 {
    let step = if bytes < KEPT_STEP_LARGE {
        KEPT_STEP
    } else {
        KEPT_STEP_LARGE
    };
    bytes.max(1).div_ceil(step).saturating_mul(step)
}

/// How much of a session waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    pub permissions: u64,
    pub questions: u64,
    pub prompts: u64,
}

/// Run records that a session has in its outbox.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwedRuns {
    pub runs: u64,
    /// End of the turn whose record waits longest.
    pub oldest: Option<Timestamp>,
}

/// What an organisation has of that for which there are quotas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrgUsage {
    /// Rows, whatever their status.
    pub sessions: u64,
    /// Marked awake.
    pub awake: u64,
    /// With a turn that runs or waits: queued, starting, running, waiting.
    pub busy: u64,
    /// [`SessionRow::bytes`] of all rows together.
    pub bytes: u64,
}

impl OrgUsage {
    /// Whether a session of this status has a turn that runs or waits.
    #[must_use]
    pub fn is_busy(status: SessionStatus) -> bool {
        matches!(
            status,
            SessionStatus::Queued | SessionStatus::Starting | SessionStatus::Running | SessionStatus::Waiting
        )
    }
}

/// What became of a reservation.
#[derive(Debug, Clone, PartialEq)]
pub enum Reserved {
    New,
    /// The idempotency key made this session before, with the same body.
    Existing(SessionId),
    /// The key was used with another body.
    Conflict,
}

/// Which sessions to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionFilter {
    pub status: Option<SessionStatus>,
    pub created_by: Option<UserId>,
    /// Archived sessions are left out unless asked for.
    pub include_archived: bool,
    /// Also reservations that became no session (position 0), for who clears up.
    pub include_reserved: bool,
    /// Occurs in title or repository, in whatever case.
    pub search: Option<String>,
}

/// Rows that one page of a search looks at: what it has found by then is a page, with a cursor to go on.
pub const SEARCH_ROWS: usize = 2_000;

impl SessionFilter {
    /// Whether title or repository have the text that is searched for: the same for every adapter, because what
    /// databases take for the same letter differs.
    #[must_use]
    pub fn finds(&self, row: &SessionRow) -> bool {
        let Some(search) = &self.search else { return true };
        let search = search.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&search);
        row.title.as_deref().is_some_and(has) || row.repository.as_ref().is_some_and(|it| has(&it.url))
    }
}

/// A place among archived sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArchivedSession {
    /// Time of its last fact.
    pub updated_at: Timestamp,
    pub id: SessionId,
}

/// Keeps one row for each session.
#[async_trait]
pub trait Catalog: Send + Sync {
    /// Takes the place of a new session, marked awake, together with its idempotency key.
    async fn reserve(
        &self,
        row: SessionRow,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Reserved, StoreError>;

    async fn lookup(&self, id: SessionId) -> Result<Option<SessionRow>, StoreError>;

    /// Newest first; with a search, a page ends after [`SEARCH_ROWS`] rows at the latest, found or not. A reservation that was never projected (position 0) is
    /// not listed unless asked for.
    async fn list(
        &self,
        org: OrgId,
        filter: SessionFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<SessionRow>, StoreError>;

    /// What the organisation has. Costs about the same whether there are ten sessions or a million.
    async fn usage(&self, org: OrgId) -> Result<OrgUsage, StoreError>;

    /// Brings the row up to date, unless it already reflects a later position.
    async fn project(&self, row: SessionRow) -> Result<(), StoreError>;

    /// Durable before the first commit after waking. Takes back [`Self::mark_owing`]: who is awake is looked after.
    async fn mark_awake(&self, id: SessionId) -> Result<(), StoreError>;

    /// Nothing is owed any more; `alarm` is the earliest time to wake it again by itself.
    async fn mark_asleep(&self, id: SessionId, alarm: Option<Timestamp>) -> Result<(), StoreError>;

    /// A session that is about to fall asleep owes the run history records; said before it is marked asleep.
    async fn mark_owing(&self, id: SessionId, owed: OwedRuns) -> Result<(), StoreError>;

    /// Sleeping sessions that owe run records, the oldest record first.
    async fn owing_runs(&self, limit: usize) -> Result<Vec<SessionId>, StoreError>;

    /// What all sleeping sessions owe together.
    async fn owed_runs(&self) -> Result<OwedRuns, StoreError>;

    /// Sessions marked awake: those to look after when a server starts.
    async fn awake(&self) -> Result<Vec<SessionId>, StoreError>;

    /// Sleeping sessions whose alarm is due, earliest first.
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<SessionId>, StoreError>;

    /// Earliest alarm of any sleeping session.
    async fn next_alarm(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Notes the key of a request that will take the session away, log and all, before it does: afterwards a
    /// repeat finds nothing else that remembers. `Done`, or what the key stands for already.
    async fn remember(&self, entry: IdempotencyEntry) -> Result<Written, StoreError>;

    /// What such a key stands for: `Done` when it is unknown, else `Replayed` or `Conflict`. Writes nothing.
    async fn recall(&self, entry: IdempotencyEntry) -> Result<Written, StoreError>;

    /// Archived sessions of all organisations whose last fact is older than `before`, the oldest first, at most `limit`
    /// of those behind `after`: so one that cannot be removed never stands in the way of the others.
    async fn archived(
        &self,
        before: Timestamp,
        after: Option<ArchivedSession>,
        limit: usize,
    ) -> Result<Vec<ArchivedSession>, StoreError>;

    /// Removes the row. Removing what is not there is fine.
    async fn remove(&self, id: SessionId) -> Result<(), StoreError>;
}
