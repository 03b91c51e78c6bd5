//! Faults with names: for each port a catalogue (what is injected, what must come of it) and a decorator that
//! injects them on demand into whatever adapter it is put around.

pub mod artifacts;
pub mod audit;
pub mod audit_signer;
pub mod catalog;
pub mod clock;
pub mod entropy;
pub mod event_bus;
pub mod identity;
pub mod logins;
pub mod mailer;
pub mod master_key;
pub mod model_gateway;
mod organisations;
pub mod passwords;
pub mod run_history;
pub mod sandboxes;
mod secrets;
pub mod session_log;
pub mod tenants;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use ports::StoreError;

use crate::ledger::{self, Kind};

/// One way in which a port can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub name: &'static str,
    /// What happens at the port.
    pub injects: &'static str,
    /// What the rooms inside must make of it.
    pub outcome: &'static str,
}

/// Which faults are armed, and how often each still strikes.
#[derive(Debug)]
pub struct Switchboard {
    port: &'static str,
    catalogue: &'static [Fault],
    armed: Mutex<HashMap<&'static str, Armed>>,
}

#[derive(Debug, Clone, Copy)]
struct Armed {
    left: u32,
    noted: bool,
}

impl Switchboard {
    #[must_use]
    pub fn new(port: &'static str, catalogue: &'static [Fault]) -> Self {
        Self {
            port,
            catalogue,
            armed: Mutex::default(),
        }
    }

    /// The next `times` chances of this fault strike; `u32::MAX` = until [`Switchboard::heal`]. The ledger notes
    /// each strike, so use this where the outcome that the catalogue requires is checked.
    ///
    /// # Panics
    /// When the catalogue has no such fault: a misspelt name would test nothing.
    pub fn inject(&self, name: &str, times: u32) {
        self.arm(
            name,
            Armed {
                left: times,
                noted: true,
            },
        );
    }

    /// As [`Switchboard::inject`], but the ledger is not told: for the decorators' own tests, which show that a
    /// fault strikes and nothing about what the rooms make of it.
    ///
    /// # Panics
    /// When the catalogue has no such fault.
    pub fn rehearse(&self, name: &str, times: u32) {
        self.arm(
            name,
            Armed {
                left: times,
                noted: false,
            },
        );
    }

    fn arm(&self, name: &str, armed: Armed) {
        let fault = self.catalogue.iter().find(|fault| fault.name == name);
        let Some(fault) = fault else {
            panic!("the catalogue of {} has no fault `{name}`", self.port)
        };
        self.lock().insert(fault.name, armed);
    }

    /// Nothing strikes any more.
    pub fn heal(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<&'static str, Armed>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asked by the decorator at each chance.
    pub(crate) fn strikes(&self, name: &'static str) -> bool {
        debug_assert!(
            self.catalogue.iter().any(|fault| fault.name == name),
            "{name} is not in the catalogue"
        );
        let noted = match self.lock().get_mut(name) {
            None | Some(Armed { left: 0, .. }) => return false,
            Some(armed) => {
                armed.left -= u32::from(armed.left != u32::MAX);
                armed.noted
            }
        };
        if noted {
            ledger::note(self.port, "fault decorator", Kind::Fault(name));
        }
        true
    }
}

fn unavailable() -> StoreError {
    StoreError::Unavailable("injected".into())
}

fn unknown() -> StoreError {
    StoreError::Unknown("injected: the answer was lost".into())
}

/// Declares a decorator: the struct, its constructor, and its switchboard.
macro_rules! decorator {
    ($port:literal, $role:path) => {
        /// Behaves like what it is put around, until a fault of the [`CATALOGUE`] is injected.
        pub struct Faulty {
            pub(in crate::fault) inner: std::sync::Arc<dyn $role>,
            pub faults: $crate::fault::Switchboard,
        }

        impl Faulty {
            #[must_use]
            pub fn around(inner: std::sync::Arc<dyn $role>) -> std::sync::Arc<Self> {
                let faults = $crate::fault::Switchboard::new($port, CATALOGUE);
                std::sync::Arc::new(Self { inner, faults })
            }
        }

        impl std::fmt::Debug for Faulty {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct("Faulty")
                    .field("faults", &self.faults)
                    .finish_non_exhaustive()
            }
        }
    };
}
use decorator;

/// Fails when the fault strikes.
macro_rules! strike {
    ($self:ident, $name:literal, $error:expr) => {
        if $self.faults.strikes($name) {
            return Err($error);
        }
    };
}
use strike;
