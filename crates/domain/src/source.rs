//! Which repository addresses and refs are acceptable at all.
//!
//! Both end up as arguments of git, so what could be read as an option or as a helper (`ext::`) is refused here,
//! before anything is stored.

use protocol::session::Repository;
use url::Url;

/// Why a repository was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRepository {
    #[error(
        "the repository URL must be an http:// or https:// address, for example https://github.com/owner/name.git"
    )]
    Scheme,
    #[error(
        "the repository URL must not contain a user name or password; give a token in `repository.token`"
    )]
    UserInfo,
    #[error("the repository URL is not valid: {0}")]
    Url(String),
    #[error("the ref is not a valid branch, tag or commit name")]
    Reference,
}

/// Host and port that a repository is fetched from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitHost {
    pub scheme: String,
    pub host: String,
    pub port: u16,
}

/// Checks URL and ref.
///
/// # Errors
/// Says which rule was broken.
pub fn check(repository: &Repository) -> Result<GitHost, InvalidRepository> {
    let text = &repository.url;
    if text.len() > 2048 || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(InvalidRepository::Url(
            "it is too long or contains white space".into(),
        ));
    }
    // Some read it as a slash and some as a part of the user's name: they would connect to different hosts.
    if text.contains('\\') {
        return Err(InvalidRepository::Url("it contains a backslash".into()));
    }
    if !(text.starts_with("https://") || text.starts_with("http://")) {
        return Err(InvalidRepository::Scheme);
    }
    // Some skip the empty host and take what follows for one.
    if text.contains(":///") {
        return Err(InvalidRepository::Url("it names no host".into()));
    }
    let url = Url::parse(text).map_err(|error| InvalidRepository::Url(error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidRepository::UserInfo);
    }
    let host = url
        .host_str()
        .ok_or_else(|| InvalidRepository::Url("it names no host".into()))?
        .to_ascii_lowercase();
    let port = url.port_or_known_default().ok_or(InvalidRepository::Scheme)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(InvalidRepository::Url(
            "it must not have a query or a fragment".into(),
        ));
    }
    if let Some(reference) = &repository.reference {
        check_reference(reference)?;
    }
    Ok(GitHost {
        scheme: url.scheme().to_owned(),
        host,
        port,
    })
}

/// The rules of `git check-ref-format`, and no leading `-`.
fn check_reference(reference: &str) -> Result<(), InvalidRepository> {
    let bad_char = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c);
    let bad = reference.is_empty()
        || reference.len() > 255
        || reference.starts_with(['-', '/', '.'])
        || reference.ends_with(['/', '.'])
        || reference.ends_with(".lock")
        || reference.contains("..")
        || reference.contains("//")
        || reference.contains("@{")
        || reference == "@"
        || reference.contains("/.")
        || reference.chars().any(bad_char);
    if bad {
        Err(InvalidRepository::Reference)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(url: &str, reference: Option<&str>) -> Repository {
        Repository {
            url: url.into(),
            reference: reference.map(Into::into),
        }
    }

    #[test]
    fn option_injection_and_helpers_are_refused() {
        for url in [
            "--upload-pack=touch /tmp/x",
            "ext::sh -c id",
            "file:///etc",
            "git@host:a/b",
            "ssh://h/a",
            "https://u:p@h/a",
            "https://h/a b",
            "https://h\\@127.0.0.1/a",
            "https:///a",
            "",
        ] {
            assert!(check(&repository(url, None)).is_err(), "{url}");
        }
        for reference in [
            "--upload-pack=x",
            "-b",
            "a..b",
            "a b",
            "x.lock",
            "a:b",
            "",
            "/a",
            "a\nb",
            "@{-1}",
        ] {
            assert!(
                check(&repository("https://h/a", Some(reference))).is_err(),
                "{reference}"
            );
        }
    }

    #[test]
    fn ordinary_ones_pass() {
        let host = check(&repository("https://GitHub.com/o/n.git", Some("feature/x-1"))).unwrap();
        assert_eq!((host.host.as_str(), host.port), ("github.com", 443));
        assert_eq!(
            check(&repository("http://127.0.0.1:8081/r.git", Some("v1.2")))
                .unwrap()
                .port,
            8081
        );
    }
}
