//! The catalogue of sessions, in memory.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Mutex,
};

use async_trait::async_trait;
use ports::{
    Catalog, Cursor, Page, StoreError,
    catalog::{ArchivedSession, OrgUsage, OwedRuns, Reserved, SEARCH_ROWS, SessionFilter, SessionRow},
    idempotency::{IdempotencyEntry, Written},
};
use protocol::{OrgId, SessionId, Timestamp, session::SessionStatus};

use super::{idempotency::Keys, lock};

/// The fake of this port.
pub type Fake = MemoryCatalog;

/// Keeps rows by id.
#[derive(Debug, Default)]
pub struct MemoryCatalog(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    rows: BTreeMap<SessionId, Row>,
    idempotency: Keys,
    made: HashMap<(String, String), SessionId>,
}

#[derive(Debug)]
struct Row {
    row: SessionRow,
    awake: bool,
    alarm: Option<Timestamp>,
    owed: OwedRuns,
}

impl MemoryCatalog {
    /// Whether a session is marked awake; `None` when there is no such row.
    #[must_use]
    pub fn is_awake(&self, id: SessionId) -> Option<bool> {
        lock(&self.0).rows.get(&id).map(|row| row.awake)
    }
}

fn shown(row: &SessionRow, org: OrgId, filter: &SessionFilter) -> bool {
    let archived = row.status == SessionStatus::Archived;
    let asked = filter.include_archived || filter.status == Some(SessionStatus::Archived);
    row.org == org
        && (row.position > 0 || filter.include_reserved)
        && (!archived || asked)
        && filter.status.is_none_or(|status| row.status == status)
        && filter.created_by.is_none_or(|user| row.created_by == user)
}

#[async_trait]
impl Catalog for MemoryCatalog {
    async fn reserve(
        &self,
        row: SessionRow,
        idempotency: Option<IdempotencyEntry>,
    ) -> Result<Reserved, StoreError> {
        let mut state = lock(&self.0);
        if let Some(entry) = &idempotency {
            match state.idempotency.check(Some(entry)) {
                Some(Written::Replayed(_)) => {
                    let made = state.made.get(&(entry.scope.clone(), entry.key.clone())).copied();
                    return Ok(made.map_or(Reserved::Conflict, Reserved::Existing));
                }
                Some(_) => return Ok(Reserved::Conflict),
                None => {}
            }
        }
        if state.rows.contains_key(&row.id) {
            return Ok(Reserved::Existing(row.id));
        }
        if let Some(entry) = idempotency {
            state
                .made
                .insert((entry.scope.clone(), entry.key.clone()), row.id);
            state.idempotency.remember(Some(entry));
        }
        state.rows.insert(
            row.id,
            Row {
                row,
                awake: true,
                alarm: None,
                owed: OwedRuns::default(),
            },
        );
        Ok(Reserved::New)
    }

    async fn lookup(&self, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
        Ok(lock(&self.0).rows.get(&id).map(|row| row.row.clone()))
    }

    async fn list(
        &self,
        org: OrgId,
        filter: SessionFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<SessionRow>, StoreError> {
        let state = lock(&self.0);
        let rows = state.rows.values().rev().map(|row| &row.row);
        let listed = rows.filter(|row| {
            shown(row, org, &filter) && after.as_ref().is_none_or(|cursor| row.id.bits() < cursor.0)
        });
        let (mut items, mut seen, mut last) = (Vec::new(), 0, None);
        for row in listed {
            if items.len() == limit || seen == SEARCH_ROWS {
                return Ok(Page { items, next: last });
            }
            seen += usize::from(filter.search.is_some());
            last = Some(Cursor(row.id.bits()));
            if filter.finds(row) {
                items.push(row.clone());
            }
        }
        Ok(Page { items, next: None })
    }

    async fn usage(&self, org: OrgId) -> Result<OrgUsage, StoreError> {
        let state = lock(&self.0);
        let own = state.rows.values().filter(|row| row.row.org == org);
        Ok(own.fold(OrgUsage::default(), |usage, row| OrgUsage {
            sessions: usage.sessions + 1,
            awake: usage.awake + u64::from(row.awake),
            busy: usage.busy + u64::from(OrgUsage::is_busy(row.row.status)),
            bytes: usage.bytes + row.row.bytes,
        }))
    }

    async fn project(&self, row: SessionRow) -> Result<(), StoreError> {
        if let Some(known) = lock(&self.0).rows.get_mut(&row.id)
            && row.position >= known.row.position
        {
            known.row = row;
        }
        Ok(())
    }

    async fn mark_awake(&self, id: SessionId) -> Result<(), StoreError> {
        if let Some(row) = lock(&self.0).rows.get_mut(&id) {
            row.awake = true;
            row.owed = OwedRuns::default();
        }
        Ok(())
    }

    async fn mark_owing(&self, id: SessionId, owed: OwedRuns) -> Result<(), StoreError> {
        if let Some(row) = lock(&self.0).rows.get_mut(&id) {
            row.owed = owed;
        }
        Ok(())
    }

    async fn owing_runs(&self, limit: usize) -> Result<Vec<SessionId>, StoreError> {
        let state = lock(&self.0);
        let mut owing: Vec<_> = state
            .rows
            .iter()
            .filter(|(_, row)| !row.awake && row.owed.runs > 0)
            .map(|(id, row)| (row.owed.oldest, *id))
            .collect();
        owing.sort_unstable();
        owing.truncate(limit);
        Ok(owing.into_iter().map(|(_, id)| id).collect())
    }

    async fn owed_runs(&self) -> Result<OwedRuns, StoreError> {
        let state = lock(&self.0);
        let owing = || {
            state
                .rows
                .values()
                .filter(|row| !row.awake && row.owed.runs > 0)
                .map(|row| row.owed)
        };
        Ok(OwedRuns {
            runs: owing().map(|owed| owed.runs).sum(),
            oldest: owing().filter_map(|owed| owed.oldest).min(),
        })
    }

    async fn mark_asleep(&self, id: SessionId, alarm: Option<Timestamp>) -> Result<(), StoreError> {
        if let Some(row) = lock(&self.0).rows.get_mut(&id) {
            row.awake = false;
            row.alarm = alarm;
        }
        Ok(())
    }

    async fn awake(&self) -> Result<Vec<SessionId>, StoreError> {
        let state = lock(&self.0);
        Ok(state
            .rows
            .iter()
            .filter(|(_, row)| row.awake)
            .map(|(id, _)| *id)
            .collect())
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<SessionId>, StoreError> {
        let state = lock(&self.0);
        let mut due: Vec<(Timestamp, SessionId)> = state
            .rows
            .iter()
            .filter(|(_, row)| !row.awake)
            .filter_map(|(id, row)| Some((row.alarm.filter(|alarm| *alarm <= now)?, *id)))
            .collect();
        due.sort_unstable();
        due.truncate(limit);
        Ok(due.into_iter().map(|(_, id)| id).collect())
    }

    async fn next_alarm(&self) -> Result<Option<Timestamp>, StoreError> {
        let state = lock(&self.0);
        Ok(state
            .rows
            .values()
            .filter(|row| !row.awake)
            .filter_map(|row| row.alarm)
            .min())
    }

    async fn remember(&self, entry: IdempotencyEntry) -> Result<Written, StoreError> {
        let mut state = lock(&self.0);
        if let Some(earlier) = state.idempotency.check(Some(&entry)) {
            return Ok(earlier);
        }
        state.idempotency.remember(Some(entry));
        Ok(Written::Done)
    }

    async fn recall(&self, entry: IdempotencyEntry) -> Result<Written, StoreError> {
        let known = lock(&self.0).idempotency.check(Some(&entry));
        Ok(known.unwrap_or(Written::Done))
    }

    async fn archived(
        &self,
        before: Timestamp,
        after: Option<ArchivedSession>,
        limit: usize,
    ) -> Result<Vec<ArchivedSession>, StoreError> {
        let state = lock(&self.0);
        let rows = state.rows.values().map(|row| &row.row);
        let mut found: Vec<ArchivedSession> = rows
            .filter(|row| row.status == SessionStatus::Archived && row.updated_at < before)
            .map(|row| ArchivedSession {
                updated_at: row.updated_at,
                id: row.id,
            })
            .filter(|place| after.is_none_or(|after| *place > after))
            .collect();
        found.sort_unstable();
        found.truncate(limit);
        Ok(found)
    }

    async fn remove(&self, id: SessionId) -> Result<(), StoreError> {
        lock(&self.0).rows.remove(&id);
        Ok(())
    }
}
