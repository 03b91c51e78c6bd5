//! What the proxy decided.

/// One decision about one request or tunnel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// In canonical form.
    pub host: String,
    pub port: u16,
    pub allowed: bool,
    /// In words.
    pub reason: String,
}

/// Hears of every decision. Must not block; [`crate::Receipts`] is one that sums up.
pub trait DecisionSink: Send + Sync {
    fn decided(&self, decision: Decision);
}
