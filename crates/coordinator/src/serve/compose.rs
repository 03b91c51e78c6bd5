//! The composition root: every adapter behind its port, and the rooms on top of them.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use ::sandboxes::{LocalProvider, RelayServer, RelayedConnection};
use anyhow::{Context as _, Result};
use app::{AccountSettings, App, AppSettings, BundleSettings};
use domain::{
    address::{AllowList, Guard},
    session::Policy,
};
use http_door::{HttpSettings, HttpState, Site, SiteFile};
use identity::{Argon2Hasher, Cost, Logins};
use keys::{SystemClock, SystemEntropy};
use models::{Demo, Direct, SystemLookup};
use ports::Ports;
use postgres::PostgresRuns;
use protocol::{api::Bootstrapped, session::Repository};
use session_log::SqliteSessionLog;
use sessions::{HostSettings, Sessions};
use store::{AuditDatabase, Database, FeedDatabase, KeyDatabase, RunDatabase};
use tokio::sync::mpsc;

use super::{
    DataDir, addresses::Addresses, agents, disk::Disk, doors::Doors, git_host, mail, master_key::Keeper,
    policed::Policed, sandboxes,
};
use crate::config::{Config, Environment};

/// The rooms, put together. Nothing of it runs yet.
pub(super) struct House {
    pub(super) app: App,
    pub(super) sessions: Sessions,
    pub(super) http: HttpState,
    pub(super) doors: Doors,
    pub(super) provider: Arc<LocalProvider>,
    pub(super) keeper: Arc<Keeper>,
    pub(super) relayed: mpsc::Receiver<RelayedConnection>,
}

/// Puts the house together. `listening` is where the public listener is bound.
pub(super) async fn compose(
    config: &Config,
    environment: &Environment,
    data_dir: &DataDir,
    listening: SocketAddr,
) -> Result<House> {
    let path = data_dir.path();
    let keys = Arc::new(open(path, "keys.db", KeyDatabase::open)?);
    let keeper = Arc::new(Keeper::open(&config.storage, path, keys)?);
    let guard = Arc::new(Guard {
        private: config.network.allow_private.clone(),
        own_listeners: vec![listening],
        local_addresses: egress::local_addresses().unwrap_or_default(),
    });
    let mut base = AllowList::public_registries();
    base.extend(config.network.egress_allow.clone());
    let doors = Doors::new(Arc::clone(&guard), base);

    let provider = Arc::new(sandboxes::provider(config, environment, path.to_path_buf())?);
    let relayed = RelayServer::bind(provider.registry())
        .context("the relay socket")?
        .start();
    if let Err(error) = provider.tidy_up().await {
        tracing::warn!(%error, "what an earlier server left of sandboxes could not be cleared");
    }

    let database = Arc::new(open(path, "coordinator.db", Database::open)?);
    let run_history: Arc<dyn ports::RunHistory> = match &config.storage.runs_database {
        Some(address) => Arc::new(PostgresRuns::new(address).context("the database of the run history")?),
        None => Arc::new(open(path, "runs.db", RunDatabase::open)?),
    };
    let lookup = Arc::new(SystemLookup);
    let ports = Ports {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        identity: database.clone(),
        passwords: Arc::new(
            Argon2Hasher::new(Cost::default(), Arc::new(SystemEntropy)).context("hashing passwords")?,
        ),
        mailer: mail::open(&config.accounts, path)?,
        logins: Arc::new(Logins::new(
            config.logins.iter().map(|login| login.client.clone()).collect(),
            Arc::clone(&guard),
            Arc::new(SystemClock),
        )),
        tenants: database.clone(),
        master_key: keeper.key(),
        catalog: database,
        session_log: Arc::new(SqliteSessionLog::open(path).context("the sessions' logs")?),
        event_bus: Arc::new(open(path, "feed.db", FeedDatabase::open)?),
        run_history,
        artifacts: super::artifacts::open(&config.storage.artifacts)?,
        audit: Arc::new(open(path, "audit.db", AuditDatabase::open)?),
        audit_signer: keeper.audit(),
        sandboxes: Arc::new(Policed {
            inner: provider.clone(),
            doors: doors.clone(),
        }),
        model_gateway: Arc::new(models::Router::new(
            Direct::new(Arc::clone(&guard), lookup.clone()),
            Demo,
        )),
    };
    let host = HostSettings {
        policy: Policy {
            artifacts: config.storage.artifact_limits,
            ..policy(&config.sandbox)
        },
        clone_url: Arc::new(|repository: &Repository| git_host::inside(&repository.url)),
        ..HostSettings::default()
    };
    let sessions = Sessions::new(ports.clone(), host);
    let settings = AppSettings {
        agents: agents::find(config).found,
        demo_enabled: config.demo,
        guard: Arc::new(Addresses { guard, lookup }),
        space: Arc::new(Disk(path.to_path_buf())),
        reserve_bytes: config.storage.reserve,
        limits: app::Limits {
            rates: config.limits.rates,
            quotas: config.limits.quotas,
            organisation_grace: config.storage.org_grace,
            ..app::Limits::default()
        },
    };
    let accounts = AccountSettings {
        sign_up: config.accounts.sign_up,
        domains: config.accounts.domains.clone(),
        url: config.url(),
        providers: config.logins.iter().map(|login| login.rules.clone()).collect(),
    };
    let app = App::new(ports, sessions.clone(), settings)
        .with_accounts(accounts)
        .with_bundles(BundleSettings {
            staging: path.join("bundles"),
            installation: config.url(),
            limits: bundle::Limits {
                files: config.sandbox.limits.disk_bytes,
                artifact: config.storage.artifact_limits.each_bytes,
                ..bundle::Limits::default()
            },
            upload_bytes: config.storage.bundle_bytes,
        });
    if let Err(error) = app.clear_imports().await {
        tracing::warn!(%error, "what cut-short imports left could not be cleared");
    }
    let https = config.url().starts_with("https://");
    let http = HttpState::new(
        app.clone(),
        HttpSettings {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            https,
            origin: config
                .server
                .public_url
                .as_ref()
                .map(|url| url.origin().ascii_serialization()),
            trusted_proxies: config.server.trusted_proxies.clone(),
        },
    )
    .with_site(site());
    Ok(House {
        app,
        sessions,
        http,
        doors,
        provider,
        keeper,
        relayed,
    })
}

/// The web app that this program carries, as the door takes it.
fn site() -> Site {
    Site::new(web_app::FILES.iter().map(|file| SiteFile {
        path: file.path,
        hash: file.hash,
        bytes: file.bytes,
        brotli: file.brotli,
        gzip: file.gzip,
    }))
}

/// What the operator has a say in; the rest is reasoned in the machine.
fn policy(sandbox: &crate::config::Sandbox) -> Policy {
    let defaults = Policy::default();
    // The runner's own limits come first, because it knows what it was doing.
    let longest_step = sandbox.clone_timeout.max(sandbox.setup_timeout);
    Policy {
        hibernate: sandbox.hibernate_after,
        clone_timeout_s: sandbox.clone_timeout.as_secs().max(1),
        setup_timeout_s: sandbox.setup_timeout.as_secs().max(1),
        prepare: defaults
            .prepare
            .max(longest_step.saturating_add(Duration::from_secs(600))),
        first_output: sandbox.first_output_timeout,
        turn_idle: sandbox.turn_idle_timeout,
        ..defaults
    }
}

fn open<T, E>(data_dir: &Path, name: &str, how: impl FnOnce(&Path) -> Result<T, E>) -> Result<T>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let path = data_dir.join(name);
    how(&path).with_context(|| format!("{}", path.display()))
}

/// The first owner of an organisation, without a server; with a link to `url` if one is given.
pub(super) async fn bootstrap_offline(
    data_dir: &DataDir,
    email: &str,
    org: &str,
    url: Option<&str>,
) -> Result<Bootstrapped> {
    let database = open(data_dir.path(), "coordinator.db", Database::open)?;
    // Signed by the server, with its next record.
    let audit = open(data_dir.path(), "audit.db", AuditDatabase::open)?;
    let (clock, entropy) = (SystemClock, SystemEntropy);
    let mut made = app::bootstrap(&database, &audit, &clock, &entropy, email, org)
        .await
        .map_err(plain)?;
    if let Some(url) = url {
        let token = app::sign_in_link(&database, &audit, &clock, &entropy, made.user_id, made.org_id)
            .await
            .map_err(plain)?;
        made.sign_in_link = Some(app::sign_in_url(url, &token));
    }
    Ok(made)
}

/// The same through a running server.
pub(super) async fn bootstrap_online(
    app: &App,
    email: &str,
    org: &str,
    url: Option<&str>,
) -> Result<Bootstrapped, app::AppError> {
    let mut made = app.bootstrap(email, org).await?;
    if let Some(url) = url {
        let token = app.sign_in_link(made.user_id, made.org_id).await?;
        made.sign_in_link = Some(app::sign_in_url(url, &token));
    }
    Ok(made)
}

/// A use case's failure as the operator reads it, cause included.
pub(super) fn plain(error: app::AppError) -> anyhow::Error {
    let text = error.to_string();
    match error.cause {
        Some(cause) => anyhow::anyhow!("{text} ({cause})"),
        None => anyhow::anyhow!(text),
    }
}
