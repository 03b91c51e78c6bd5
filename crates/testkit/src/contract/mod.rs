//! What every adapter of a port must do, as suites that run on the fake, on each real adapter and on each
//! decorator. A case that is not met panics with its reason.
#![expect(clippy::unwrap_used, reason = "a contract fails by panicking, like any test")]

mod accounts;
pub mod artifacts;
pub mod audit;
pub mod audit_signer;
pub mod catalog;
pub mod clock;
pub mod entropy;
pub mod event_bus;
mod identities;
pub mod identity;
mod keys;
pub mod logins;
pub mod mailer;
pub mod master_key;
pub mod model_gateway;
pub mod organisation_keys;
mod organisations;
pub mod passwords;
pub mod run_history;
pub mod sandboxes;
mod secrets;
pub mod session_log;
mod sign_in;
pub mod tenants;

/// Runs each case on an adapter of its own, then notes in the ledger that the contract ran.
macro_rules! cases {
    ($port:literal, $adapter:expr, $make:expr, [$($case:path,)+]) => {
        $($case($make()).await;)+
        $crate::ledger::note($port, $adapter, $crate::ledger::Kind::Contract);
    };
}
use cases;
