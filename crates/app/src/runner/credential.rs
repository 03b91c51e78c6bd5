//! The credential broker: git inside a sandbox gets the token for its session's own host, and for no other.

use protocol::{SessionId, runner::GitCredential, session::Repository};
use secrecy::ExposeSecret;

use crate::{App, AppError, sessions::token_binding};

/// What git asks for, on behalf of which runner.
#[derive(Clone)]
pub struct GitCredentialRequest {
    pub session: SessionId,
    pub generation: u64,
    pub secret: String,
    /// `https` or `http`.
    pub protocol: String,
    /// `host` or `host:port`.
    pub host: String,
}

impl std::fmt::Debug for GitCredentialRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GitCredentialRequest")
            .field("session", &self.session)
            .field("generation", &self.generation)
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

impl App {
    /// `None` when there is no credential for that host.
    ///
    /// # Errors
    /// When the runner is not who it says, or the token cannot be opened now.
    pub async fn git_credential(
        &self,
        request: GitCredentialRequest,
    ) -> Result<Option<GitCredential>, AppError> {
        let context = self
            .sessions()
            .authenticate_runner(request.session, request.generation, &request.secret)
            .await?;
        let (Some(repository), Some(sealed)) = (&context.repository, &context.git_token) else {
            return Ok(None);
        };
        if !covers(repository, &request.protocol, &request.host) {
            return Ok(None);
        }
        self.note_use(
            context.org,
            context.session,
            context.generation,
            "git_token.use",
            &context.session.to_string(),
        )
        .await?;
        let token = self
            .ports()
            .master_key
            .open(&token_binding(context.org, context.session), sealed)
            .await?;
        Ok(Some(GitCredential {
            username: "x-access-token".to_owned(),
            password: token.expose_secret().to_owned(),
        }))
    }
}

/// Same scheme, same host, same port: a token never goes to another place than it was given for.
fn covers(repository: &Repository, protocol: &str, asked: &str) -> bool {
    let Ok(known) = domain::source::check(repository) else {
        return false;
    };
    let bare = || {
        if known.host.contains(':') && !known.host.starts_with('[') {
            format!("[{}]", known.host)
        } else {
            known.host.clone()
        }
    };
    let default_port = if known.scheme == "https" { 443 } else { 80 };
    let asked = asked.to_ascii_lowercase();
    let with_port = format!("{}:{}", bare(), known.port);
    protocol == known.scheme && (asked == with_port || (known.port == default_port && asked == bare()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_for_one_place() {
        let repository = |url: &str| Repository {
            url: url.into(),
            reference: None,
        };
        let github = repository("https://github.com/o/n.git");
        assert!(covers(&github, "https", "github.com"));
        assert!(covers(&github, "https", "GitHub.com:443"));
        for (protocol, host) in [
            ("http", "github.com"),
            ("https", "github.com:8443"),
            ("https", "github.com.evil.example"),
            ("https", ""),
        ] {
            assert!(!covers(&github, protocol, host), "{protocol} {host}");
        }
        let local = repository("http://127.0.0.1:8081/r.git");
        assert!(covers(&local, "http", "127.0.0.1:8081"));
        assert!(!covers(&local, "http", "127.0.0.1"));
    }
}
