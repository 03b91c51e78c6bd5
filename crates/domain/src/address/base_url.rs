//! The base address of a model provider.

use protocol::agent::Dialect;
use url::Url;

/// Why a base address was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBaseUrl {
    #[error(
        "`base_url` is required for this provider; only openai, anthropic and gemini have a public default"
    )]
    Missing,
    #[error("`base_url` is too long")]
    TooLong,
    #[error("`base_url` is not valid: {0}")]
    Url(String),
    #[error("`base_url` must be an http:// or https:// address")]
    Scheme,
    #[error("`base_url` must not contain a user name or password; the key goes into `api_key`")]
    UserInfo,
    #[error("`base_url` must not have a query or a fragment")]
    Query,
    #[error("`base_url` of an openai-compatible provider ends in `/v1`, for example https://host.example/v1")]
    NoVersion,
}

/// The public address of a well-known provider.
fn public_default(slug: &str, dialect: Dialect) -> Option<&'static str> {
    match (slug, dialect) {
        ("openai", Dialect::OpenaiChat | Dialect::OpenaiResponses) => Some("https://api.openai.com/v1"),
        ("anthropic", Dialect::Anthropic) => Some("https://api.anthropic.com"),
        ("gemini", Dialect::Gemini) => Some("https://generativelanguage.googleapis.com"),
        _ => None,
    }
}

/// Reads the base address of a provider, or its public default, in the form that a call's path is put behind:
/// without a trailing slash, and for anthropic without `/v1`.
///
/// For openai dialects some services have another last segment than `/v1` (`/v1beta/openai`, `/inference`), so
/// only an address without any path, the usual slip, is refused. The address is not resolved here.
///
/// # Errors
/// Says which rule was broken.
pub fn check_base_url(slug: &str, dialect: Dialect, base_url: Option<&str>) -> Result<Url, InvalidBaseUrl> {
    let text = match base_url {
        Some(text) => text,
        None => public_default(slug, dialect).ok_or(InvalidBaseUrl::Missing)?,
    };
    if text.len() > 2048 {
        return Err(InvalidBaseUrl::TooLong);
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(InvalidBaseUrl::Url("it contains white space".into()));
    }
    // Some read it as a slash and some as a part of the user's name: they would connect to different hosts.
    if text.contains('\\') {
        return Err(InvalidBaseUrl::Url("it contains a backslash".into()));
    }
    // Some skip the empty host and take what follows for one.
    if text.contains(":///") {
        return Err(InvalidBaseUrl::Url("it names no host".into()));
    }
    let mut url = Url::parse(text).map_err(|error| InvalidBaseUrl::Url(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(InvalidBaseUrl::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidBaseUrl::UserInfo);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(InvalidBaseUrl::Query);
    }
    if url.port() == Some(0) {
        return Err(InvalidBaseUrl::Url("port 0 can't be connected to".into()));
    }
    let mut path = url.path().trim_end_matches('/').to_owned();
    match dialect {
        Dialect::OpenaiChat | Dialect::OpenaiResponses if path.is_empty() => {
            return Err(InvalidBaseUrl::NoVersion);
        }
        Dialect::OpenaiChat | Dialect::OpenaiResponses | Dialect::Gemini => {}
        Dialect::Anthropic => {
            if let Some(shorter) = path.strip_suffix("/v1") {
                path = shorter.to_owned();
            }
        }
    }
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_addresses_take_one_form() {
        for (slug, dialect, given, expected) in [
            ("openai", Dialect::OpenaiChat, None, "https://api.openai.com/v1"),
            (
                "anthropic",
                Dialect::Anthropic,
                None,
                "https://api.anthropic.com/",
            ),
            (
                "hub",
                Dialect::OpenaiChat,
                Some("http://127.0.0.1:9/v1/"),
                "http://127.0.0.1:9/v1",
            ),
            (
                "hub",
                Dialect::OpenaiChat,
                Some("https://h.example/v1beta/openai"),
                "https://h.example/v1beta/openai",
            ),
            (
                "hub",
                Dialect::Anthropic,
                Some("https://h.example/v1"),
                "https://h.example/",
            ),
            (
                "hub",
                Dialect::Anthropic,
                Some("https://h.example/a/v1/"),
                "https://h.example/a",
            ),
            (
                "hub",
                Dialect::Anthropic,
                Some("https://h.example"),
                "https://h.example/",
            ),
            (
                "hub",
                Dialect::OpenaiChat,
                Some("http://2130706433:9/v1"),
                "http://127.0.0.1:9/v1",
            ),
        ] {
            assert_eq!(check_base_url(slug, dialect, given).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn others_are_refused() {
        for given in [
            "ftp://h/v1",
            "file:///etc/passwd",
            "h.example/v1",
            "https://u:p@h/v1",
            "https://h/v1?k=v",
            "https://h/v1#f",
            "https://h",
            "https://h/",
            "http://h:0/v1",
            "http:// h/v1",
            "",
        ] {
            assert!(
                check_base_url("hub", Dialect::OpenaiChat, Some(given)).is_err(),
                "{given}"
            );
        }
        assert_eq!(
            check_base_url("hub", Dialect::Anthropic, None),
            Err(InvalidBaseUrl::Missing)
        );
        assert_eq!(
            check_base_url("openai", Dialect::Anthropic, None),
            Err(InvalidBaseUrl::Missing)
        );
    }
}
