//! The way out of a sandbox: a proxy that lets through what is listed, and tells what it did.
//!
//! A sandbox has no network but loopback. A connection made there to the proxy's port is handed out and served
//! here: `CONNECT` for TLS, and whole requests for plain HTTP. The proxy resolves names itself, judges each address
//! with the guard and connects to exactly the address it judged, so neither a name nor a second look-up leads
//! anywhere else.

mod body;
mod connect;
mod decision;
mod door;
mod forward;
mod idle;
mod local;
mod policy;
mod reach;
mod receipts;
mod refusal;
mod resolver;
mod target;

pub use decision::{Decision, DecisionSink};
pub use door::{Door, MAX_CONNECTIONS};
pub use local::local_addresses;
pub use policy::{EgressPolicy, MappedHost, MappingRefused};
pub use receipts::{Receipt, ReceiptSink, Receipts};
pub use resolver::{Resolver, SystemResolver};
