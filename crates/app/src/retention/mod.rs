//! Retention: what has been kept for as long as the operator wants is removed, a little at a time.
//!
//! The operator decides for everybody, so there is no actor and no policy to ask. A sweep takes a bounded number of
//! rows along an index and goes on behind the last one it has seen: one that cannot be removed today is in nobody's way.

mod runs;
mod sessions;

use std::time::Duration;

use crate::App;

/// How long things are kept; `None` = for ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retention {
    /// Archived sessions, after their last event.
    pub archived: Option<Duration>,
    /// Run records, after the end of the turn.
    pub runs: Option<Duration>,
}

impl Retention {
    /// Whether anything is ever removed.
    #[must_use]
    pub fn is_some(&self) -> bool {
        self.archived.is_some() || self.runs.is_some()
    }
}

/// What a sweep has removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    pub sessions: u64,
    pub runs: u64,
}

impl App {
    /// Removes what is past its time. Failures are logged; the next sweep tries again.
    pub async fn sweep(&self, retention: Retention) -> Swept {
        Swept {
            sessions: match retention.archived {
                Some(kept) => self.sweep_sessions(kept).await,
                None => 0,
            },
            runs: match retention.runs {
                Some(kept) => self.sweep_runs(kept).await,
                None => 0,
            },
        }
    }

    fn before(&self, kept: Duration) -> protocol::Timestamp {
        let kept = i64::try_from(kept.as_millis()).unwrap_or(i64::MAX);
        protocol::Timestamp::from_ms(self.now().as_ms().saturating_sub(kept))
    }
}
