//! The inbound door: HTTP, WebSocket and server-sent events in front of the use cases.
//!
//! One endpoint a file, under `v1/<noun>/<verb>.rs`. An endpoint reads what was sent, calls one use case and writes
//! down its answer; it decides nothing. Whatever goes wrong leaves as `application/problem+json`.
//!
//! Two routers: [`public_router`] for everybody, and [`uplink_router`] for the relayed streams that come out of
//! sandboxes, which holds nothing but the runner's dial-back and the model gateway.

mod bounds;
mod csv;
mod document;
mod examples;
mod extract;
mod metrics;
mod middleware;
mod pace;
mod pages;
mod presence;
mod problem;
mod reply;
mod router;
mod site;
mod state;
mod unread;
mod uplink;
mod v1;

pub use document::openapi;
pub use gateway::Caller;
pub use router::{public_router, uplink_router};
pub use site::{Site, SiteFile};
pub use state::{HttpSettings, HttpState};
