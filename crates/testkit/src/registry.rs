//! The registry: fake, contract and faults of every port, generated from the one list.
//!
//! For each port of `ports::for_each_port!` there must be `fake::<port>::Fake`, `contract::<port>::on_fake` and
//! `fault::<port>::{CATALOGUE, Faulty}`; a missing or renamed one is a compile error here.

use std::sync::Arc;

use ports::{
    ArtifactStore, AuditLog, AuditSigner, Catalog, Clock, Entropy, EventBus, IdentityStore, LoginProvider,
    Mailer, MasterKey, ModelGateway, PasswordHasher, Ports, RunHistory, SandboxProvider, SessionLog,
    TenantStore,
};

use crate::{
    contract, fake,
    fault::{self, Fault},
};

macro_rules! registry {
    ($($port:ident: $role:ident,)+) => {
        /// One fake of each; a test keeps this to look inside and hands [`Fakes::ports`] to the rooms.
        #[derive(Debug, Default, Clone)]
        pub struct Fakes { $(pub $port: Arc<fake::$port::Fake>,)+ }

        impl Fakes {
            #[must_use]
            pub fn ports(&self) -> Ports {
                $(let $port: Arc<dyn $role> = self.$port.clone();)+
                Ports { $($port,)+ }
            }
        }

        /// A fault decorator around each port.
        #[derive(Debug, Clone)]
        pub struct Faults { $(pub $port: Arc<fault::$port::Faulty>,)+ }

        impl Faults {
            #[must_use]
            pub fn around(ports: Ports) -> Self {
                Self { $($port: fault::$port::Faulty::around(ports.$port),)+ }
            }

            #[must_use]
            pub fn ports(&self) -> Ports {
                $(let $port: Arc<dyn $role> = self.$port.clone();)+
                Ports { $($port,)+ }
            }

            /// Nothing strikes any more, anywhere.
            pub fn heal(&self) {
                $(self.$port.faults.heal();)+
            }
        }

        /// Every port by name, with its faults.
        pub const CATALOGUE: &[(&str, &[Fault])] = &[$((stringify!($port), fault::$port::CATALOGUE),)+];

        /// Runs every contract on its fake.
        pub async fn contracts_on_fakes() {
            $(contract::$port::on_fake().await;)+
        }

        #[cfg(test)]
        mod on_fakes {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $port() {
                    crate::contract::$port::on_fake().await;
                }
            )+
        }
    };
}

ports::for_each_port!(registry);

/// The agent driver lives inside the sandbox, below the ports; its contract is kept by its own room.
pub use agents::contract as agent_driver;

/// One of each fake, for a test that needs no look inside.
#[must_use]
pub fn fakes() -> Fakes {
    Fakes::default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::ledger::{self, Kind};

    #[test]
    fn every_port_has_faults_with_names_of_their_own() {
        for (port, faults) in CATALOGUE {
            assert!(!faults.is_empty(), "{port} has no faults");
            let names: BTreeSet<&str> = faults.iter().map(|fault| fault.name).collect();
            assert_eq!(names.len(), faults.len(), "{port} names a fault twice");
            assert!(
                faults
                    .iter()
                    .all(|fault| !fault.injects.is_empty() && !fault.outcome.is_empty())
            );
            for fault in *faults {
                ledger::note(port, "", Kind::Expected(fault.name));
            }
        }
    }
}
