//! What all use cases share.

use std::sync::{Arc, OnceLock};

use ::sessions::Sessions;
use domain::limits::Quotas;
use ports::Ports;
use protocol::{Timestamp, api::AgentInfo};

use crate::{
    AddressCheck, ArtifactTally, FreeSpace,
    audit::Once,
    bundles::{BundleSettings, Bundles},
    gateway::Meter,
    identity::{Accounts, Teller, Throttle},
    limits::{Limiter, Rates},
    tickets::Tickets,
    work::Places,
};

/// What the composition root knows and the use cases need.
pub struct AppSettings {
    /// Agents, installed or not, found at start.
    pub agents: Vec<AgentInfo>,
    /// Whether the scripted demo model may be chosen.
    pub demo_enabled: bool,
    pub guard: Arc<dyn AddressCheck>,
    pub space: Arc<dyn FreeSpace>,
    /// With less room than this, bytes, the server is not ready.
    pub reserve_bytes: u64,
    pub limits: Limits,
}

impl std::fmt::Debug for AppSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppSettings")
            .field("agents", &self.agents)
            .field("demo_enabled", &self.demo_enabled)
            .field("reserve_bytes", &self.reserve_bytes)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Bounds of what one caller can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Probes (diff, files, detection ...) that run at the same time; one organisation leaves one place to others.
    pub probes: usize,
    /// Longest wait for a free place among them, milliseconds.
    pub probe_wait_ms: u64,
    /// Longest clone for a detection, milliseconds.
    pub detect_timeout_ms: u64,
    pub diff_bytes: u64,
    pub file_bytes: u64,
    pub archive_bytes: u64,
    /// Artifacts that are uploaded at the same time; one organisation leaves one place to others.
    pub uploads: usize,
    /// Longest wait for a free place among them, milliseconds.
    pub upload_wait_ms: u64,
    /// How fast requests may come.
    pub rates: Rates,
    /// How much an organisation may have at the same time.
    pub quotas: Quotas,
    /// How long the deletion of an organisation can be taken back.
    pub organisation_grace: std::time::Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            probes: 4,
            probe_wait_ms: 30_000,
            detect_timeout_ms: 180_000,
            diff_bytes: 64 << 20,
            file_bytes: 64 << 20,
            archive_bytes: 4 << 30,
            uploads: 16,
            upload_wait_ms: 30_000,
            rates: Rates::default(),
            quotas: Quotas::default(),
            organisation_grace: domain::organisations::GRACE,
        }
    }
}

/// The use cases. A cheap clone of one shared thing.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    ports: Ports,
    sessions: Sessions,
    settings: AppSettings,
    probes: Places,
    uploads: Places,
    bundles: OnceLock<Bundles>,
    artifacts: ArtifactTally,
    tickets: Tickets,
    throttle: Throttle,
    limiter: Limiter,
    accounts: Accounts,
    teller: Teller,
    meter: Meter,
    audited: Once,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

impl App {
    #[must_use]
    pub fn new(ports: Ports, sessions: Sessions, settings: AppSettings) -> Self {
        let probes = Places::new(settings.limits.probes);
        let uploads = Places::new(settings.limits.uploads);
        let limiter = Limiter::new(settings.limits.rates, settings.limits.quotas);
        Self {
            inner: Arc::new(Inner {
                ports,
                sessions,
                settings,
                probes,
                uploads,
                bundles: OnceLock::new(),
                artifacts: ArtifactTally::default(),
                tickets: Tickets::default(),
                throttle: Throttle::default(),
                limiter,
                accounts: Accounts::default(),
                teller: Teller::default(),
                meter: Meter::default(),
                audited: Once::default(),
            }),
        }
    }

    /// Says where bundles are made and taken in; without that there are none.
    #[must_use]
    pub fn with_bundles(self, settings: BundleSettings) -> Self {
        // Said once, by the one who puts the server together.
        let _ = self.inner.bundles.set(Bundles::new(settings));
        self
    }

    pub(crate) fn bundles_here(&self) -> Option<&Bundles> {
        self.inner.bundles.get()
    }

    pub(crate) fn ports(&self) -> &Ports {
        &self.inner.ports
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.inner.sessions
    }

    pub(crate) fn settings(&self) -> &AppSettings {
        &self.inner.settings
    }

    pub(crate) fn probes(&self) -> &Places {
        &self.inner.probes
    }

    pub(crate) fn uploads(&self) -> &Places {
        &self.inner.uploads
    }

    /// What was stored in and collected from the artifact store.
    #[must_use]
    pub fn artifact_tally(&self) -> &ArtifactTally {
        &self.inner.artifacts
    }

    pub(crate) fn tickets(&self) -> &Tickets {
        &self.inner.tickets
    }

    pub(crate) fn audited(&self) -> &Once {
        &self.inner.audited
    }

    pub(crate) fn limiter(&self) -> &Limiter {
        &self.inner.limiter
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    pub(crate) fn accounts(&self) -> &Accounts {
        &self.inner.accounts
    }

    pub(crate) fn teller(&self) -> &Teller {
        &self.inner.teller
    }

    /// Model tokens metered by this process.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        &self.inner.meter
    }

    /// The way to models, for the gateway that sandboxes call.
    #[must_use]
    pub fn model_gateway(&self) -> Arc<dyn ports::ModelGateway> {
        Arc::clone(&self.ports().model_gateway)
    }

    /// Wall time, as every use case sees it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.ports().clock.now()
    }

    /// 128 random bits for an id.
    #[must_use]
    pub fn bits(&self) -> u128 {
        self.ports().entropy.bits()
    }
}
