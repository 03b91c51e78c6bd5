//! Shows a run, with what happened in it.

use ::sessions::SessionError;
use domain::{
    policy::{Action, authorise},
    tenancy::Actor,
};
use protocol::{Event, RunId, api::RunDetail, run::RunRecord};

use crate::{App, AppError, paging};

const DEFAULT_EVENTS: usize = 200;
const MAX_EVENTS: usize = 1000;
/// Events of the log looked at for one page: others than the run's own may lie between.
const LOOKED_AT: usize = 4000;

/// Which of a run's events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunEvents {
    /// Those with a higher `seq`.
    pub after: u64,
    /// 1 to 1000; 200 when absent.
    pub limit: Option<u64>,
}

impl App {
    /// # Errors
    /// When policy does not allow it, or the organisation has no such run.
    pub async fn get_run(&self, actor: &Actor, id: RunId, events: RunEvents) -> Result<RunDetail, AppError> {
        authorise(actor, Action::ReadRuns)?;
        let limit = paging::limit(events.limit, DEFAULT_EVENTS, MAX_EVENTS)?;
        let run = self.ports().run_history.lookup(actor.org, id).await?;
        let run = run
            .filter(|run| run.org_id == actor.org)
            .ok_or_else(|| AppError::not_found("run"))?;
        // Who may see what was used need not be one who may read what was said.
        let (events, next_after) = match authorise(actor, Action::ReadSessions) {
            Ok(_) => self.events_of(&run, events.after, limit).await?,
            Err(_) => (Vec::new(), None),
        };
        Ok(RunDetail {
            run,
            events,
            next_after,
        })
    }

    /// From the log of its session, which is not woken for that.
    async fn events_of(
        &self,
        run: &RunRecord,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<Event>, Option<u64>), AppError> {
        let mut after = after.max(run.first_seq.saturating_sub(1));
        let (mut events, mut looked_at) = (Vec::new(), 0);
        while after < run.last_seq && events.len() < limit && looked_at < LOOKED_AT {
            let wanted = usize::try_from(run.last_seq - after).unwrap_or(usize::MAX);
            let page = self
                .sessions()
                .events(run.session_id, after, wanted.min(MAX_EVENTS))
                .await;
            let page = match page {
                Ok(page) => page,
                // The session goes first when it is deleted, and its runs right after it.
                Err(SessionError::NotFound | SessionError::CursorAhead { .. }) => return Ok((events, None)),
                Err(error) => return Err(error.into()),
            };
            if page.events.is_empty() {
                return Ok((events, None));
            }
            for event in page.events {
                if event.seq > run.last_seq || events.len() == limit {
                    break;
                }
                (after, looked_at) = (event.seq, looked_at + 1);
                if event.prompt_id == Some(run.prompt_id) {
                    events.push(event);
                }
            }
        }
        Ok((events, (after < run.last_seq).then_some(after)))
    }
}
