//! Quotas: what an organisation may have at the same time, asked before something is added.
//!
//! What is there is counted by the catalogue, and then kept as an upper bound: each admission adds one to it, nothing
//! takes away from it, and only when the bound reaches the limit or is a few seconds old is it counted again. So most
//! creations ask nobody, and many at once cannot all pass at the same last place.

use std::time::Duration;

use domain::tenancy::Actor;
use ports::catalog::OrgUsage;
use protocol::{OrgId, ProblemCode, Timestamp, session::SessionStatus};

use crate::{App, AppError, sessions::OwnSession};

/// A count that is older is made again: other ways lead to more sessions, too (bundles, alarms).
const FRESH: Duration = Duration::from_secs(5);
/// When turns may have ended or sessions fallen asleep, seconds.
const RETRY_S: u64 = 5;

/// What was counted last, plus what was admitted since.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    at: Option<Timestamp>,
    usage: OrgUsage,
}

/// What is about to be added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) session: bool,
    pub(crate) sandbox: bool,
    pub(crate) turn: bool,
}

/// There is as much as there may be. With `later` when time alone helps.
pub(crate) fn full(what: &str, limit: u64, later: bool) -> AppError {
    let error = AppError::new(
        ProblemCode::QuotaExceeded,
        format!("This organisation has {limit} {what}, which is as many as it may have. `GET /v1/limits` shows what is used."),
    )
    .limit(limit);
    if later {
        error.retry_after_s(RETRY_S)
    } else {
        error
    }
}

impl App {
    /// Whether a session may be made, with a turn or without.
    pub(crate) async fn check_new_session(&self, actor: &Actor, with_turn: bool) -> Result<(), AppError> {
        let wanted = Wanted {
            session: true,
            sandbox: true,
            turn: with_turn,
        };
        self.check_quotas(actor.org, wanted).await
    }

    /// Whether a session that is there may have one more turn. Most of the time the bound alone says yes; only when it does
    /// not is the session looked at: one that has a turn adds none, and one that is awake needs no other sandbox.
    pub(crate) async fn check_turn(&self, own: &OwnSession) -> Result<(), AppError> {
        let wanted = Wanted {
            session: false,
            sandbox: true,
            turn: true,
        };
        let error = match self.check_quotas(own.org(), wanted).await {
            Err(error) if error.code == ProblemCode::QuotaExceeded => error,
            other => return other,
        };
        let row = self.ports().catalog.lookup(own.id()).await?;
        match row.map(|row| row.status) {
            Some(status) if OrgUsage::is_busy(status) => Ok(()),
            Some(SessionStatus::Idle) => {
                let wanted = Wanted {
                    sandbox: false,
                    ..wanted
                };
                self.check_quotas(own.org(), wanted).await
            }
            _ => Err(error),
        }
    }

    /// Whether a session's sandbox may be started without a turn.
    pub(crate) async fn check_wake(&self, own: &OwnSession) -> Result<(), AppError> {
        let wanted = Wanted {
            sandbox: true,
            ..Wanted::default()
        };
        let error = match self.check_quotas(own.org(), wanted).await {
            Err(error) if error.code == ProblemCode::QuotaExceeded => error,
            other => return other,
        };
        // One that is awake needs no place more.
        let row = self.ports().catalog.lookup(own.id()).await?;
        match row.map(|row| row.status) {
            Some(status) if OrgUsage::is_busy(status) || status == SessionStatus::Idle => Ok(()),
            _ => Err(error),
        }
    }

    /// Whether so many more bytes may be kept: what is attached to a prompt, an artifact, a bundle.
    pub(crate) async fn check_storage(&self, org: OrgId, more: u64) -> Result<(), AppError> {
        let most = self.limiter().quotas.storage;
        if most == 0 {
            return Ok(());
        }
        self.admit_into(
            org,
            |usage| {
                if usage.bytes < most && usage.bytes.saturating_add(more) <= most {
                    return Ok(());
                }
                Err(no_room(usage.bytes, most))
            },
            |usage| usage.bytes = usage.bytes.saturating_add(more),
        )
        .await
    }

    async fn check_quotas(&self, org: OrgId, wanted: Wanted) -> Result<(), AppError> {
        self.admit_into(
            org,
            |usage| self.fits(usage, wanted),
            |usage| admit(usage, wanted),
        )
        .await
    }

    /// Adds to the bound if there is room below the limits; counts anew before it says that there is none.
    async fn admit_into(
        &self,
        org: OrgId,
        fits: impl Fn(&OrgUsage) -> Result<(), AppError>,
        add: impl Fn(&mut OrgUsage),
    ) -> Result<(), AppError> {
        let limiter = self.limiter();
        let now = self.now();
        let admitted = limiter.known.with(org, |known| {
            let fresh = known.at.is_some_and(|at| at <= now && now.since(at) < FRESH);
            let admitted = fresh && fits(&known.usage).is_ok();
            if admitted {
                add(&mut known.usage);
            }
            admitted
        });
        if admitted {
            return Ok(());
        }
        let usage = self.ports().catalog.usage(org).await?;
        limiter.known.with(org, |known| {
            *known = Known { at: Some(now), usage };
            fits(&known.usage)?;
            add(&mut known.usage);
            Ok(())
        })
    }

    fn fits(&self, usage: &OrgUsage, wanted: Wanted) -> Result<(), AppError> {
        let quotas = &self.limiter().quotas;
        if wanted.session && usage.sessions >= quotas.sessions {
            return Err(full("sessions", quotas.sessions, false));
        }
        if wanted.sandbox && usage.awake >= quotas.sandboxes {
            return Err(full("sessions that are awake", quotas.sandboxes, true));
        }
        if wanted.turn && usage.busy >= quotas.turns {
            return Err(full("sessions with a turn underway", quotas.turns, true));
        }
        Ok(())
    }

    /// Whether one more may become a member of the organisation.
    pub(crate) async fn check_members(&self, org: OrgId) -> Result<(), AppError> {
        let most = self.limiter().quotas.members;
        if self.ports().identity.count_members(org).await? < most {
            Ok(())
        } else {
            Err(full("members", most, false))
        }
    }
}

/// More is kept than may be. Names what makes room: time does not.
fn no_room(kept: u64, most: u64) -> AppError {
    AppError::new(
        ProblemCode::QuotaExceeded,
        format!(
            "This organisation keeps {} and may keep {}. Delete sessions that nobody needs (archived ones count, too), or \
             artifacts of sessions; `GET /v1/limits` shows what is used.",
            size(kept),
            size(most)
        ),
    )
    .limit(most)
}

/// As people read it, rounded down.
fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    for (name, unit) in UNITS {
        if bytes >= unit {
            return format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit);
        }
    }
    format!("{bytes} bytes")
}

fn admit(usage: &mut OrgUsage, wanted: Wanted) {
    usage.sessions += u64::from(wanted.session);
    usage.awake += u64::from(wanted.sandbox);
    usage.busy += u64::from(wanted.turn);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        assert_eq!(size(0), "0 bytes");
        assert_eq!(size(1 << 20), "1.0 MiB");
        assert_eq!(size((3 << 30) + (1 << 29)), "3.5 GiB");
        let error = no_room(2 << 20, 1 << 20);
        assert!(
            error.detail.contains("keeps 2.0 MiB and may keep 1.0 MiB"),
            "{}",
            error.detail
        );
        assert_eq!((error.limit, error.retry_after_s), (Some(1 << 20), None));
    }
}
