//! The traits to the outside world, one file each, and the one list of them.
//!
//! A port is a bundle: the interface here, at least one real adapter, an in-memory fake, one contract suite that
//! runs on all of them, and a fault catalogue. [`for_each_port!`] is the list; `struct Ports` here and the
//! registry in `testkit` are generated from it, so a port without one of its pieces does not compile.

pub mod artifacts;
pub mod audit;
pub mod audit_signer;
pub mod catalog;
pub mod clock;
pub mod entropy;
pub mod error;
pub mod event_bus;
pub mod gate;
pub mod idempotency;
pub mod identity;
pub mod lane;
pub mod logins;
pub mod mailer;
pub mod master_key;
pub mod model_gateway;
pub mod organisation_keys;
pub mod page;
pub mod passwords;
pub mod run_history;
pub mod sandbox;
pub mod secrets;
pub mod session_log;
pub mod tenant;

use std::sync::Arc;

pub use artifacts::ArtifactStore;
pub use audit::AuditLog;
pub use audit_signer::AuditSigner;
pub use catalog::Catalog;
pub use clock::Clock;
pub use entropy::Entropy;
pub use error::StoreError;
pub use event_bus::EventBus;
pub use identity::IdentityStore;
pub use logins::LoginProvider;
pub use mailer::Mailer;
pub use master_key::MasterKey;
pub use model_gateway::ModelGateway;
pub use organisation_keys::OrganisationKeys;
pub use page::{Cursor, Page};
pub use passwords::PasswordHasher;
pub use run_history::RunHistory;
pub use sandbox::SandboxProvider;
pub use secrets::SecretStore;
pub use session_log::SessionLog;
pub use tenant::TenantStore;

/// The one list of ports: calls `$callback! { field: Trait, ... }`.
#[macro_export]
macro_rules! for_each_port {
    ($callback:ident) => {
        $callback! {
            clock: Clock,
            entropy: Entropy,
            identity: IdentityStore,
            passwords: PasswordHasher,
            mailer: Mailer,
            logins: LoginProvider,
            tenants: TenantStore,
            master_key: MasterKey,
            catalog: Catalog,
            session_log: SessionLog,
            event_bus: EventBus,
            run_history: RunHistory,
            artifacts: ArtifactStore,
            audit: AuditLog,
            audit_signer: AuditSigner,
            sandboxes: SandboxProvider,
            model_gateway: ModelGateway,
        }
    };
}

macro_rules! ports_struct {
    ($($field:ident: $port:ident,)+) => {
        /// One of each: what the composition root hands to the rooms inside.
        #[derive(Clone)]
        pub struct Ports { $(pub $field: Arc<dyn $port>,)+ }

        impl std::fmt::Debug for Ports {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("Ports")
            }
        }
    };
}

for_each_port!(ports_struct);
