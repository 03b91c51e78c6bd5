//! What all endpoints share.

use std::sync::Arc;

use app::App;
use gateway::Gateway;
use ipnet::IpNet;
use tokio::sync::Semaphore;

use crate::{
    metrics::Metrics,
    presence::Presence,
    site::Site,
    uplink::{AppGrants, AppUsage},
};

/// Runners that have connected and not said who they are yet.
const PENDING_HELLOS: usize = 256;

/// How the door behaves.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// Shown by `/health` and told to sockets.
    pub version: String,
    /// True when clients reach the server by https: browsers are told to stay with it.
    pub https: bool,
    /// Scheme, host and port of the public address, as browsers write them, if one is set.
    pub origin: Option<String>,
    /// Proxies that are believed about whom they ask for.
    pub trusted_proxies: Vec<IpNet>,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct HttpState {
    pub(crate) app: App,
    pub(crate) settings: Arc<HttpSettings>,
    pub(crate) site: Arc<Site>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) presence: Arc<Presence>,
    pub(crate) gateway: Gateway,
    pub(crate) pending_hellos: Arc<Semaphore>,
}

impl std::fmt::Debug for HttpState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HttpState")
    }
}

impl HttpState {
    #[must_use]
    pub fn new(app: App, settings: HttpSettings) -> Self {
        let gateway = Gateway::new(
            app.model_gateway(),
            Arc::new(AppGrants { app: app.clone() }),
            Arc::new(AppUsage { app: app.clone() }),
        );
        Self {
            app,
            settings: Arc::new(settings),
            site: Arc::default(),
            metrics: Arc::default(),
            presence: Arc::default(),
            gateway,
            pending_hellos: Arc::new(Semaphore::new(PENDING_HELLOS)),
        }
    }

    /// With the web app in front; without one there is the API alone.
    #[must_use]
    pub fn with_site(mut self, site: Site) -> Self {
        self.site = Arc::new(site);
        self
    }
}
