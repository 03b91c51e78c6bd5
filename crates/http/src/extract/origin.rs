//! Which page a browser sends a request for.
//!
//! Browsers say it in `Origin` and no page can make them lie. Ours is the public address, or the very address that
//! the request was sent to: a server on a laptop is reached by more than one name.

use http::{HeaderMap, header, request::Parts};

use crate::state::HttpSettings;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Not said: no browser, or a request that the page's own address bar made.
    Absent,
    Own,
    Foreign,
}

pub(crate) fn origin(parts: &Parts, settings: &HttpSettings) -> Origin {
    let mut given = parts.headers.get_all(header::ORIGIN).iter();
    let Some(first) = given.next() else {
        return Origin::Absent;
    };
    let text = first.to_str().unwrap_or_default();
    let is_own = |own: &str| !own.is_empty() && plain(own) == plain(text);
    let asked = host(parts).map(|host| {
        let scheme = if settings.https { "https" } else { "http" };
        format!("{scheme}://{host}")
    });
    let own = settings.origin.as_deref().is_some_and(is_own) || asked.as_deref().is_some_and(is_own);
    if own && given.next().is_none() {
        Origin::Own
    } else {
        Origin::Foreign
    }
}

/// Where the request was sent: HTTP/2 says it in the target, HTTP/1.1 in a header.
fn host(parts: &Parts) -> Option<&str> {
    match parts.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => single(&parts.headers),
    }
}

fn single(headers: &HeaderMap) -> Option<&str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    hosts.next().is_none().then_some(host)
}

/// Lower case, without the port that goes without saying.
fn plain(origin: &str) -> String {
    let origin = origin.to_ascii_lowercase();
    let implied = if origin.starts_with("https://") {
        ":443"
    } else {
        ":80"
    };
    origin.strip_suffix(implied).unwrap_or(&origin).to_owned()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn judge(https: bool, public: Option<&str>, host: &str, given: &[&str]) -> Origin {
        let settings = HttpSettings {
            version: "0".into(),
            https,
            origin: public.map(str::to_owned),
            trusted_proxies: Vec::new(),
        };
        let mut request = Request::get("/").header(header::HOST, host);
        for one in given {
            request = request.header(header::ORIGIN, *one);
        }
        origin(&request.body(()).unwrap().into_parts().0, &settings)
    }

    #[test]
    fn own_is_the_public_address_or_the_one_that_was_asked() {
        let public = Some("https://agents.example.org");
        assert_eq!(
            judge(true, public, "10.0.0.1:8080", &["https://agents.example.org"]),
            Origin::Own
        );
        assert_eq!(
            judge(
                true,
                public,
                "agents.example.org",
                &["https://agents.example.org:443"]
            ),
            Origin::Own
        );
        assert_eq!(
            judge(false, None, "localhost:8080", &["http://LOCALHOST:8080"]),
            Origin::Own
        );
        assert_eq!(judge(false, None, "localhost:8080", &[]), Origin::Absent);
    }

    #[test]
    fn everything_else_is_foreign() {
        let public = Some("https://agents.example.org");
        for given in [
            "null",
            "",
            "https://evil.example",
            "http://agents.example.org",
            "https://agents.example.org.evil.example",
            "https://agents.example.org:8443",
            "https://x.agents.example.org",
        ] {
            assert_eq!(
                judge(true, public, "agents.example.org", &[given]),
                Origin::Foreign,
                "{given}"
            );
        }
        assert_eq!(
            judge(false, None, "localhost:8080", &["http://localhost:3000"]),
            Origin::Foreign
        );
        let twice = ["https://agents.example.org", "https://evil.example"];
        assert_eq!(judge(true, public, "agents.example.org", &twice), Origin::Foreign);
    }
}
