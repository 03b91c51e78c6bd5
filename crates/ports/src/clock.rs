//! The time, as a value that comes in.

use protocol::Timestamp;

/// Wall time in UTC. Monotonic timers are tokio's and need no port.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}
