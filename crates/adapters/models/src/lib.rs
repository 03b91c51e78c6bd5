//! The ways to a model: a provider's own API over HTTP, and the demo model that answers from a script.

pub mod demo;
pub mod direct;
mod router;

pub use demo::Demo;
pub use direct::{Direct, Lookup, SystemLookup};
pub use router::Router;
