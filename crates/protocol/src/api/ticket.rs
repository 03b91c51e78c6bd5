//! One-use tickets, for sockets that cannot send a header.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, api::Secret};

/// Body of `POST /v1/tickets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TicketCreate {
    /// What the ticket opens: the id of a session, for its socket; `events`, for the feed of the organisation.
    pub scope: String,
}

/// A ticket: give it as `?ticket=`, once, before it expires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ticket {
    pub ticket: Secret,
    pub scope: String,
    pub expires_at: Timestamp,
}
