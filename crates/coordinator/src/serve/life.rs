//! The server's life: start, serve, stop.
//!
//! A clean stop (SIGTERM, SIGINT) ends requests, stops sandboxes (workspaces and conversations stay) and leaves; a
//! second signal leaves at once. A handover (SIGUSR2) leaves sandboxes to their keepers, as a kill does, and the next
//! server finds them.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use ports::SandboxProvider as _;
use protocol::Timestamp;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    DataDir, admin,
    compose::{self, House},
    disk, listener, logs,
    master_key::Keeper,
    process,
    relay::Relay,
    retention,
    tls::Tls,
    up::Welcome,
};
use crate::config::{Config, Environment, SettingFlags, Sources};

/// Requests may take this long to end after the first signal.
const DRAIN: Duration = Duration::from_secs(10);
/// All sandboxes are stopped within this time.
const SANDBOXES: Duration = Duration::from_secs(30);

/// Serves until stopped; answers the exit code.
///
/// # Errors
/// When the configuration is not valid or the server cannot start.
pub fn serve(flags: SettingFlags) -> Result<u8> {
    start(flags, None)
}

/// Reads the configuration, then lives.
pub(super) fn start(flags: SettingFlags, welcome: Option<Welcome>) -> Result<u8> {
    let sources = Sources::gather(flags);
    let environment = sources.environment.clone();
    let config = sources.read()?;
    logs::start(&config.server)?;
    process::harden();
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting")?;
    let outcome = runtime.block_on(live(config, environment, welcome));
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

async fn live(config: Config, environment: Environment, welcome: Option<Welcome>) -> Result<u8> {
    let mut signals = Signals::install()?;
    let data_dir = DataDir::open(&config.storage.data_dir)?;
    let tls = config.server.tls.as_ref().map(Tls::load).transpose()?;
    let public = TcpListener::bind(config.server.listen).await.with_context(|| {
        format!(
            "cannot listen on {}; stop what listens there, or give another --listen",
            config.server.listen
        )
    })?;
    let mut config = config;
    config.server.listen = public.local_addr()?;
    let house = compose::compose(&config, &environment, &data_dir, config.server.listen).await?;
    let server = Server::start(&config, &data_dir, house, public, tls.clone()).await?;

    let url = config.url();
    tracing::info!(url, data_dir = %data_dir.path().display(), pid = std::process::id(), version = env!("CARGO_PKG_VERSION"), "serving");
    if let Some(welcome) = welcome {
        welcome.greet(&server.house.app, &config).await?;
    }
    server.tell_isolation();

    let ending = signals.until_stop(tls.as_ref()).await;
    match ending {
        Ending::Clean => {
            tracing::info!("stopping: requests end, sandboxes are stopped; signal again to leave at once");
        }
        Ending::Handover => {
            tracing::info!(
                "handing over: requests end, sandboxes stay with their keepers for the next server"
            );
        }
    }
    tokio::select! {
        () = server.stop(ending) => {
            tracing::info!("stopped");
            Ok(0)
        }
        name = signals.next_stop() => {
            tracing::warn!(signal = name, "leaving at once; sandboxes stay with their keepers");
            Ok(130)
        }
    }
}

/// What becomes of sandboxes when the server goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// They are stopped.
    Clean,
    /// They stay with their keepers: turns go on while the server is replaced.
    Handover,
}

/// What runs.
struct Server {
    house: Parts,
    /// Ends the public listener.
    closing: CancellationToken,
    /// Ends everything else.
    stop: CancellationToken,
    requests: TaskTracker,
    relayed: TaskTracker,
}

/// What of the house is needed while it runs.
struct Parts {
    app: app::App,
    sessions: sessions::Sessions,
    doors: super::doors::Doors,
    provider: Arc<::sandboxes::LocalProvider>,
}

impl Server {
    async fn start(
        config: &Config,
        data_dir: &DataDir,
        house: House,
        public: TcpListener,
        tls: Option<Tls>,
    ) -> Result<Self> {
        let House {
            app,
            sessions,
            http,
            doors,
            provider,
            keeper,
            relayed,
        } = house;
        let (closing, stop) = (CancellationToken::new(), CancellationToken::new());
        let (requests, relays) = (TaskTracker::new(), TaskTracker::new());
        sessions
            .start()
            .await
            .context("the sessions that were awake cannot be taken over")?;

        let relay = Relay {
            sessions: sessions.clone(),
            doors: doors.clone(),
            uplink: http_door::uplink_router(http.clone()),
            stop: stop.clone(),
        };
        relays.spawn(relay.run(relayed, relays.clone()));
        let admin_socket = admin::bind(data_dir.path())?;
        relays.spawn(super::master_key::keep_changing(
            Arc::clone(&keeper),
            app.clone(),
            stop.clone(),
        ));
        let answer = answers(app.clone(), sessions.clone(), keeper, config.url(), app.now());
        relays.spawn(admin::serve(admin_socket, answer, stop.clone()));
        relays.spawn(disk::watch(
            data_dir.path().to_path_buf(),
            config.storage.reserve,
            stop.clone(),
        ));
        let (collecting, end) = (app.clone().collect_artifacts(), stop.clone());
        relays.spawn(async move { end.run_until_cancelled(collecting).await });
        relays.spawn(super::erasure::keep(
            app.clone(),
            config.storage.org_grace,
            stop.clone(),
        ));
        relays.spawn(retention::keep(
            app.clone(),
            config.storage.retention,
            stop.clone(),
        ));
        // The public door opens last: who gets an answer gets it from a server that works.
        let router = http_door::public_router(http);
        requests.spawn(listener::listen(
            public,
            tls,
            router,
            closing.clone(),
            requests.clone(),
        ));
        Ok(Self {
            house: Parts {
                app,
                sessions,
                doors,
                provider,
            },
            closing,
            stop,
            requests,
            relayed: relays,
        })
    }

    /// Finding it out takes a moment, which nobody needs to wait for.
    fn tell_isolation(&self) {
        let provider = Arc::clone(&self.house.provider);
        self.relayed.spawn(async move {
            match provider.isolation().await {
                Ok(isolation) => tracing::info!(level = ?isolation.level, limits = isolation.limits_backend, notes = isolation.notes.join("; "), "isolation of sandboxes"),
                Err(error) => tracing::error!(%error, "no sandbox can be made here; `coordinator doctor` says more"),
            }
        });
    }

    async fn stop(self, ending: Ending) {
        let Self {
            house,
            closing,
            stop,
            requests,
            relayed,
        } = self;
        closing.cancel();
        requests.close();
        // Runners flush what they have over the relay, so it stays until they are gone.
        let sandboxes = async {
            if ending == Ending::Clean {
                tokio::time::timeout(SANDBOXES, house.sessions.stop_sandboxes()).await?;
            }
            Ok::<(), tokio::time::error::Elapsed>(())
        };
        let drained = tokio::time::timeout(DRAIN, requests.wait());
        let (sandboxes, drained) = tokio::join!(sandboxes, drained);
        if sandboxes.is_err() {
            tracing::warn!("not all sandboxes have stopped; their keepers end them");
        }
        if drained.is_err() {
            tracing::warn!("some requests have not ended; they are cut off");
        }
        // What answers have promised is sent, unless the mail server takes its time.
        if tokio::time::timeout(Duration::from_secs(3), house.app.letters_written())
            .await
            .is_err()
        {
            let messages = house.app.letters_under_way();
            tracing::warn!(
                messages,
                "messages that the mail server has not taken are lost; whoever waits for one asks again"
            );
        }
        house.doors.close_all().await;
        if tokio::time::timeout(DRAIN, house.sessions.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("some sessions have not finished; the next start takes them over");
        }
        stop.cancel();
        relayed.close();
        let _ = tokio::time::timeout(Duration::from_secs(3), relayed.wait()).await;
    }
}

fn answers(
    app: app::App,
    sessions: sessions::Sessions,
    keeper: Arc<Keeper>,
    url: String,
    started_at: Timestamp,
) -> admin::Answer {
    Arc::new(move |request| {
        let (app, sessions, url) = (app.clone(), sessions.clone(), url.clone());
        let keeper = Arc::clone(&keeper);
        Box::pin(async move {
            match request {
                admin::Request::Bootstrap {
                    email,
                    org,
                    sign_in_link,
                } => {
                    let url = sign_in_link.then_some(url.as_str());
                    match compose::bootstrap_online(&app, &email, &org, url).await {
                        Ok(made) => admin::Reply::Bootstrapped(made),
                        Err(error) => admin::Reply::Error(compose::plain(error).to_string()),
                    }
                }
                admin::Request::MasterKeyStatus => keeper.answer(&app, |_, _| Ok(())).await,
                admin::Request::MasterKeyRotate { new_key_file } => {
                    keeper
                        .answer(&app, |keeper, _| keeper.rotate(new_key_file.as_deref()))
                        .await
                }
                admin::Request::MasterKeyRetire => keeper.answer(&app, Keeper::retire).await,
                admin::Request::Status => admin::Reply::Status(admin::Status {
                    pid: std::process::id(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    url,
                    started_at,
                    sessions_in_memory: sessions.awake_count(),
                    runs: app.run_lag().await.map(|lag| {
                        let age =
                            |since: Option<Timestamp>| since.map_or(0, |at| app.now().since(at).as_secs());
                        admin::Runs {
                            waiting: lag.waiting,
                            oldest_s: age(lag.oldest),
                            failing_s: age(lag.failing_since),
                        }
                    }),
                }),
            }
        })
    })
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    handover: Signal,
}

impl Signals {
    fn install() -> Result<Self> {
        let install = |kind| signal(kind).context("signal handlers");
        Ok(Self {
            terminate: install(SignalKind::terminate())?,
            interrupt: install(SignalKind::interrupt())?,
            hangup: install(SignalKind::hangup())?,
            handover: install(SignalKind::user_defined2())?,
        })
    }

    /// Waits for the signal to stop; takes a new certificate when asked to.
    async fn until_stop(&mut self, tls: Option<&Tls>) -> Ending {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return Ending::Clean,
                _ = self.interrupt.recv() => return Ending::Clean,
                _ = self.handover.recv() => return Ending::Handover,
                _ = self.hangup.recv() => match tls.map(Tls::reload) {
                    Some(Ok(())) => tracing::info!("the certificate was read again"),
                    Some(Err(error)) => tracing::error!(error = format!("{error:#}"), "the certificate stays as it was"),
                    None => {}
                },
            }
        }
    }

    async fn next_stop(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
