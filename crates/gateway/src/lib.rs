//! The model gateway that sandboxes call.
//!
//! An agent inside a sandbox speaks its own dialect to a loopback address, knows one alias as its model and holds
//! nothing of the organisation. What it sends arrives here: the credential of its generation is exchanged for a
//! grant, the alias becomes the real model, the organisation's key is added on the way out, and what the call
//! used is written down before the last bytes of the answer go back, so that no turn ends unmetered.
//!
//! Prompts, answers and keys pass through; none of them is logged.

mod body;
mod grant;
mod lines;
mod meter;
mod problem;
mod pump;
mod redact;
mod request;
mod route;
mod service;
mod slots;
mod usage;

pub use body::MAX_BODY_BYTES;
pub use grant::{Caller, Grant, GrantError, Grants};
pub use request::{BodyStream, GatewayRequest, GatewayResponse};
pub use route::Route;
pub use service::Gateway;
pub use usage::{CallStatus, UsageNotRecorded, UsageReport, UsageSink, UsageSource};
