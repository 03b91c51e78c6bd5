//! The agent's model endpoint on the sandbox's loopback. It knows no model key: it passes calls on to the
//! server's gateway through the uplink, with this generation's credential in place of the agent's.

mod endpoint;
mod forward;
mod reply;

pub use endpoint::Endpoint;
