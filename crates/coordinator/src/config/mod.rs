//! Configuration: flags over environment over file over defaults, checked as a whole, all errors at once.

mod artifact_place;
mod flags;
mod limits;
mod logins;
mod mail;
mod markdown;
mod read;
pub mod table;
mod units;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use artifacts::S3Settings;
use domain::{
    address::{AllowList, PrivateNetworks},
    mail::MailAddress,
    session::ArtifactLimits,
    sign_in::SignUpPolicy,
};
use identity::SmtpSettings;
use protocol::keeper::Limits;
use secrecy::SecretString;

pub use flags::SettingFlags;
pub use limits::OrgLimits;
pub use logins::Login;
pub use markdown::reference;
pub use read::{ConfigErrors, Environment, Sources};

/// Everything the server was told, checked.
#[derive(Debug, Clone)]
pub struct Config {
    pub server: Server,
    pub storage: Storage,
    pub network: Network,
    pub sandbox: Sandbox,
    pub limits: OrgLimits,
    pub accounts: Accounts,
    /// Providers through which people sign in.
    pub logins: Vec<Login>,
    /// Offer `demo/scripted`.
    pub demo: bool,
    /// Offer the agent `scripted`.
    pub scripted_agent: bool,
    /// Worth saying, but no reason to stop.
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Server {
    pub listen: SocketAddr,
    pub public_url: Option<url::Url>,
    pub tls: Option<TlsFiles>,
    pub trusted_proxies: Vec<ipnet::IpNet>,
    pub log: String,
    pub log_format: LogFormat,
}

#[derive(Debug, Clone)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone)]
pub struct Storage {
    pub data_dir: PathBuf,
    pub master_key: Option<SecretString>,
    /// Prints it.
    pub master_key_command: Option<String>,
    /// Still opens.
    pub master_key_previous: Option<SecretString>,
    /// Where run records go, when not into the data directory.
    pub runs_database: Option<SecretString>,
    /// Bytes of the file system that are to stay free.
    pub reserve: u64,
    pub retention: app::Retention,
    /// How long the deletion of an organisation can be taken back.
    pub org_grace: Duration,
    /// Largest bundle that is taken in, bytes.
    pub bundle_bytes: u64,
    pub artifacts: ArtifactPlace,
    pub artifact_limits: ArtifactLimits,
}

/// Where artifacts are kept.
#[derive(Debug, Clone)]
pub enum ArtifactPlace {
    Directory(PathBuf),
    S3(S3Settings),
}

#[derive(Debug, Clone)]
pub struct Network {
    /// Private addresses that may be connected to.
    pub allow_private: PrivateNetworks,
    /// Hosts every sandbox may reach.
    pub egress_allow: AllowList,
}

/// Who may sign up, and messages.
#[derive(Debug, Clone)]
pub struct Accounts {
    pub sign_up: SignUpPolicy,
    pub domains: Vec<String>,
    pub mail_from: MailAddress,
    /// The mail server; without one messages become files.
    pub mail: Option<SmtpSettings>,
}

#[derive(Debug, Clone)]
pub struct Sandbox {
    pub minimum_isolation: MinimumIsolation,
    pub agents_dir: Option<PathBuf>,
    pub limits: Limits,
    pub hibernate_after: Duration,
    pub clone_timeout: Duration,
    pub setup_timeout: Duration,
    pub first_output_timeout: Duration,
    pub turn_idle_timeout: Duration,
    pub toolchains: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MinimumIsolation {
    Full,
    Reduced,
}

impl Config {
    /// The address to show and to use in links.
    #[must_use]
    pub fn url(&self) -> String {
        if let Some(url) = &self.server.public_url {
            return url.as_str().trim_end_matches('/').to_owned();
        }
        self.local_url()
    }

    /// The address under which this machine reaches the server.
    #[must_use]
    pub fn local_url(&self) -> String {
        let scheme = if self.server.tls.is_some() {
            "https"
        } else {
            "http"
        };
        let mut address = self.server.listen;
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv4() {
                [127, 0, 0, 1].into()
            } else {
                std::net::Ipv6Addr::LOCALHOST.into()
            });
        }
        format!("{scheme}://{address}")
    }
}
