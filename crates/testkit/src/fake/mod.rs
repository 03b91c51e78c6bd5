//! Stateful in-memory fakes, one module for each port. They behave as the port's documentation says, and the
//! contract suites hold them to it; on top they let a test look inside and play the other side.

pub mod artifacts;
pub mod audit;
pub mod audit_signer;
pub mod catalog;
pub mod clock;
pub mod entropy;
pub mod event_bus;
mod idempotency;
pub mod identity;
pub mod logins;
pub mod mailer;
pub mod master_key;
pub mod model_gateway;
mod organisation_keys;
mod organisations;
pub mod passwords;
pub mod run_history;
pub mod sandboxes;
mod secrets;
pub mod session_log;
pub mod tenants;

pub use artifacts::MemoryArtifacts;
pub use audit::MemoryAudit;
pub use audit_signer::ToySigner;
pub use catalog::MemoryCatalog;
pub use clock::{ManualClock, TokioClock};
pub use entropy::SeededEntropy;
pub use event_bus::MemoryEventBus;
pub use identity::MemoryIdentity;
pub use logins::PlayedLogins;
pub use mailer::Outbox;
pub use master_key::ToyMasterKey;
pub use model_gateway::{Answer, ScriptedModels};
pub use organisation_keys::MemoryOrganisationKeys;
pub use passwords::QuickPasswords;
pub use run_history::MemoryRunHistory;
pub use sandboxes::ScriptedSandboxes;
pub use session_log::MemorySessionLog;
pub use tenants::MemoryTenants;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks even when another test thread panicked while holding it: the state is plain data.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
