//! Issues a ticket.

use std::time::Duration;

use domain::{
    policy::{Action, authorise},
    session::hash_secret,
    tenancy::Actor,
};
use protocol::{
    SessionId,
    api::{Secret, Ticket, TicketCreate},
};

use super::{Issued, MAX_TICKETS, MAX_TICKETS_OF_ONE, Opens};
use crate::{App, AppError};

const LIFETIME: Duration = Duration::from_secs(60);
/// The scope of the organisation's feed.
const FEED: &str = "events";

impl App {
    /// The ticket carries what its maker may do, for one session or the feed, once, for a minute.
    ///
    /// # Errors
    /// When policy does not allow it, the scope is malformed, or the session is not the actor's.
    pub async fn issue_ticket(&self, actor: &Actor, body: TicketCreate) -> Result<Ticket, AppError> {
        authorise(actor, Action::ReadSessions)?;
        let opens = if body.scope == FEED {
            Opens::Feed
        } else {
            let id: SessionId = body
                .scope
                .strip_prefix("session:")
                .unwrap_or(&body.scope)
                .parse()
                .map_err(|_| {
                    AppError::invalid(
                        "scope",
                        "`scope` must be the id of a session, `ses_…`, or `events`.",
                    )
                })?;
            Opens::Session(self.resolve_session(actor, id).await?.id())
        };
        let (now, text) = (self.now(), format!("tkt_{}", self.ports().entropy.token()));
        let expires_at = now.after(LIFETIME);
        let mut issued = self.tickets().lock();
        issued.retain(|_, ticket| ticket.expires_at > now);
        let own_tickets = issued
            .values()
            .filter(|ticket| ticket.actor.user == actor.user && ticket.actor.org == actor.org)
            .count();
        if issued.len() >= MAX_TICKETS || own_tickets >= MAX_TICKETS_OF_ONE {
            return Err(AppError::unavailable(
                "Too many tickets are waiting to be used. Try again in a minute.",
            ));
        }
        issued.insert(
            hash_secret(&text),
            Issued {
                actor: actor.clone(),
                opens,
                expires_at,
            },
        );
        Ok(Ticket {
            ticket: Secret::new(text),
            scope: body.scope,
            expires_at,
        })
    }
}
