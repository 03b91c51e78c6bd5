//! The output gate: replies, events, acks and projections, once the commit behind them is durable.

use std::sync::{Arc, atomic::Ordering};

use domain::session::{Refusal, Reply};
use ports::{StoreError, catalog::SessionRow, session_log::LogEntry};
use protocol::runner::ServerFrame;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::Actor;
use crate::{Answer, SessionError, View, hub::Live, link::LinkSender, published::Published};

/// An event above this is not kept for readers in memory: they read it from the log.
const LARGE: usize = 256 * 1024;

/// What is to be told once the commit is durable.
pub(super) enum Pending {
    Ask(
        oneshot::Sender<Result<Answer, SessionError>>,
        Result<Answer, SessionError>,
    ),
    /// With the room it takes up until then.
    Runner(
        Result<Reply, Refusal>,
        #[expect(dead_code, reason = "held until the commit is durable")] OwnedSemaphorePermit,
    ),
    Hello(
        LinkSender,
        oneshot::Sender<Result<Reply, SessionError>>,
        Result<Reply, Refusal>,
    ),
    View(oneshot::Sender<Result<View, SessionError>>),
}

impl Actor {
    /// The output gate opens: everything below is durable.
    pub(super) fn tell(&self, pending: Vec<Pending>, entries: &[LogEntry]) {
        let events = entries.iter().filter(|entry| entry.seq.is_some());
        self.slot.hub.publish(events.map(|entry| {
            if entry.body.len() > LARGE {
                return Live::Large;
            }
            Published::of(entry).map_or(Live::Large, Live::Event)
        }));
        let mut acked = None;
        for pending in pending {
            match pending {
                Pending::Ask(reply, answer) => drop(reply.send(answer)),
                Pending::View(reply) => drop(reply.send(self.view())),
                Pending::Runner(Ok(Reply::Acked { n }), _) => acked = acked.max(Some(n)),
                Pending::Runner(Ok(_), _) => {}
                Pending::Runner(Err(refusal @ Refusal::Fenced { generation }), _) => {
                    // A newer generation's connection is not meant.
                    if let Some(link) = self.slot.hub.link().filter(|link| link.generation == generation) {
                        link.send(ServerFrame::Fenced {
                            reason: refusal.to_string(),
                        });
                        self.slot.hub.set_link(None);
                    }
                }
                // A gap is closed by the runner's own re-sending.
                Pending::Runner(Err(refusal), _) => {
                    tracing::debug!(session.id = %self.id, %refusal, "report refused")
                }
                Pending::Hello(link, reply, result) => self.welcome(link, reply, result),
            }
        }
        let Some(link) = self.slot.hub.link() else { return };
        if self.state.sandbox_of(link.generation).is_none() {
            // Its sandbox has been given up, and it may have nothing more to report: it is told all the same.
            let refusal = Refusal::Fenced {
                generation: link.generation,
            };
            link.send(ServerFrame::Fenced {
                reason: refusal.to_string(),
            });
            self.slot.hub.set_link(None);
        } else if let Some(n) = acked {
            link.send(ServerFrame::Ack { n });
        }
    }

    fn welcome(
        &self,
        link: LinkSender,
        reply: oneshot::Sender<Result<Reply, SessionError>>,
        result: Result<Reply, Refusal>,
    ) {
        if let Ok(Reply::Welcome { acked }) = &result {
            link.send(ServerFrame::Welcome { acked: *acked });
            // The one before, if any, ends by losing its sender.
            self.slot.hub.set_link(Some(link));
        }
        drop(reply.send(result.map_err(SessionError::from)));
    }

    fn view(&self) -> Result<View, SessionError> {
        View::of(Arc::clone(&self.state), &self.sessions.0.settings.policy)
    }

    /// Brings the list row up to date when something that a list shows has changed.
    pub(super) fn project(&mut self) {
        let Some(row) = crate::effects::row(&self.state) else {
            return;
        };
        if self.workshop.row_is_old() {
            self.projected = None;
        } else if self.projected.is_none() && !self.slot.marked.load(Ordering::Relaxed) {
            // It slept, so the catalogue has this very row, and nothing has been committed since.
            self.projected = Some(row);
            return;
        }
        // Place and time move with every commit; a list can do without.
        let same = self.projected.as_ref().is_some_and(|old| {
            *old == SessionRow {
                position: old.position,
                updated_at: old.updated_at,
                ..row.clone()
            }
        });
        if same {
            return;
        }
        let tells = crate::feed::shows(self.projected.as_ref(), &row);
        self.projected = Some(row.clone());
        self.workshop.project(row, tells);
    }
}

/// Nothing was kept: whoever waits hears why.
pub(super) fn refuse(pending: Vec<Pending>, error: &StoreError) {
    let copy = || {
        SessionError::Store(match error {
            StoreError::Full => StoreError::Full,
            StoreError::Fenced => StoreError::Fenced,
            other => StoreError::Unavailable(other.to_string()),
        })
    };
    for pending in pending {
        match pending {
            Pending::Ask(reply, _) => drop(reply.send(Err(copy()))),
            Pending::Hello(_, reply, _) => drop(reply.send(Err(copy()))),
            Pending::View(reply) => drop(reply.send(Err(copy()))),
            // Not acked: the runner sends it again.
            Pending::Runner(..) => {}
        }
    }
}
