//! Which server, which key: flags, then environment, then the profile.

use clap::Args;
use secrecy::SecretString;

use super::{ApiError, Profile};

/// Where a client command connects to.
#[derive(Clone, Args, Default)]
pub struct ClientArgs {
    /// Address of the server, for example https://agents.example.org [default: the profile's]
    #[arg(
        long,
        env = "COORDINATOR_SERVER",
        value_name = "URL",
        global = true,
        help_heading = "Server"
    )]
    pub server: Option<String>,
    /// API key; better given as COORDINATOR_API_KEY or by the profile, since arguments can be seen by others
    #[arg(
        long,
        env = "COORDINATOR_API_KEY",
        value_name = "KEY",
        global = true,
        hide_env_values = true,
        help_heading = "Server"
    )]
    pub key: Option<String>,
}

impl std::fmt::Debug for ClientArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientArgs")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

/// Server and key, found.
#[derive(Debug, Clone)]
pub struct Endpoint {
    pub server: url::Url,
    pub key: SecretString,
}

impl Endpoint {
    /// From flags and environment, and the profile for what they leave open.
    ///
    /// # Errors
    /// Says what is missing and how to give it.
    pub fn find(arguments: &ClientArgs) -> Result<Self, ApiError> {
        let profile = if arguments.server.is_some() && arguments.key.is_some() {
            None
        } else {
            Profile::load()?
        };
        let server = arguments
            .server
            .clone()
            .or_else(|| profile.as_ref().map(|profile| profile.server.clone()));
        let Some(server) = server else {
            return Err(ApiError::Setup(
                "no server is known: give --server or COORDINATOR_SERVER, or start one with `coordinator up`"
                    .into(),
            ));
        };
        // The profile's key belongs to the profile's server; it is not shown to any other.
        let ours = profile.filter(|profile| {
            arguments.server.is_none() || profile.server.trim_end_matches('/') == server.trim_end_matches('/')
        });
        let key = arguments
            .key
            .clone()
            .or_else(|| ours.map(|profile| profile.api_key));
        let Some(key) = key else {
            return Err(ApiError::Setup(format!(
                "no API key for {server}: give COORDINATOR_API_KEY or --key"
            )));
        };
        Self::parse(&server, key)
    }

    /// From an address and a key.
    ///
    /// # Errors
    /// When the address is not one of HTTP.
    pub fn parse(server: &str, key: String) -> Result<Self, ApiError> {
        let wrong = || {
            ApiError::Setup(format!(
                "`{server}` is not the address of a server: expected for example http://127.0.0.1:8080"
            ))
        };
        let mut url = url::Url::parse(server).map_err(|_| wrong())?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(wrong());
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self {
            server: url,
            key: SecretString::from(key.trim().to_owned()),
        })
    }

    pub(super) fn is_loopback(&self) -> bool {
        match self.server.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert_eq!(
            Endpoint::parse("http://h:1/base", "k".into())
                .unwrap()
                .server
                .as_str(),
            "http://h:1/base/"
        );
        assert!(Endpoint::parse("ftp://h", "k".into()).is_err());
        assert!(Endpoint::parse("127.0.0.1:8080", "k".into()).is_err());
    }

    #[test]
    fn keys_do_not_show() {
        let endpoint = Endpoint::parse("http://h", "ack_secret".into()).unwrap();
        assert!(!format!("{endpoint:?}").contains("ack_secret"));
        let arguments = ClientArgs {
            server: None,
            key: Some("ack_secret".into()),
        };
        assert!(!format!("{arguments:?}").contains("ack_secret"));
    }
}
