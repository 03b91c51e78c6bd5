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

    async fn check_quotas(&self, org: OrgId, wanted: Wanted) -> Result<(), AppError> {
        let limiter = self.limiter();
        let now = self.now();
        let fits = |known: &mut Known| {
            let fresh = known.at.is_some_and(|at| at <= now && now.since(at) < FRESH);
            fresh && self.fits(known, wanted).is_ok()
        };
        let admitted = limiter.known.with(org, |known| {
            let fits = fits(known);
            if fits {
                admit(known, wanted);
            }
            fits
        });
        if admitted {
            return Ok(());
        }
        let usage = self.ports().catalog.usage(org).await?;
        limiter.known.with(org, |known| {
            *known = Known { at: Some(now), usage };
            self.fits(known, wanted)?;
            admit(known, wanted);
            Ok(())
        })
    }

    fn fits(&self, known: &Known, wanted: Wanted) -> Result<(), AppError> {
        let (quotas, usage) = (&self.limiter().quotas, &known.usage);
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

fn admit(known: &mut Known, wanted: Wanted) {
    known.usage.sessions += u64::from(wanted.session);
    known.usage.awake += u64::from(wanted.sandbox);
    known.usage.busy += u64::from(wanted.turn);
}
