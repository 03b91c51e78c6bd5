//! Where a request wants to go.

use domain::address::Authority;
use http::{Method, Request, Uri, header};

use crate::refusal::Refused;

/// Reads the target off a request, strictly: what could be read in two ways is refused.
pub(crate) fn target<B>(request: &Request<B>) -> Result<Authority, Refused> {
    let uri = request.uri();
    if request.method() == Method::CONNECT {
        let authority = uri
            .authority()
            .ok_or_else(|| malformed("CONNECT needs host:port"))?;
        return parse(authority.as_str(), None);
    }
    match uri.scheme_str() {
        Some("http") => {}
        Some("https") => return Err(malformed("https goes through CONNECT")),
        Some(_) => return Err(malformed("only http and https are known here")),
        None => return Err(malformed("this is a proxy; a request names its whole address")),
    }
    let headers = request.headers();
    if headers.contains_key(header::TRANSFER_ENCODING) && headers.contains_key(header::CONTENT_LENGTH) {
        return Err(malformed("a body has one length, not two"));
    }
    let authority = uri
        .authority()
        .ok_or_else(|| malformed("the address names no host"))?;
    let target = parse(authority.as_str(), Some(80))?;
    // The list was asked about the address; another host in the header would be served behind its back.
    for host in headers.get_all(header::HOST) {
        let same = host
            .to_str()
            .ok()
            .and_then(|host| Authority::parse(host, Some(80)).ok());
        if same.as_ref() != Some(&target) {
            return Err(malformed("the Host header differs from the address"));
        }
    }
    Ok(target)
}

fn parse(text: &str, default_port: Option<u16>) -> Result<Authority, Refused> {
    Authority::parse(text, default_port).map_err(|error| malformed(&error.to_string()))
}

fn malformed(why: &str) -> Refused {
    Refused::Malformed(why.to_owned())
}

/// The address in the form a server expects: path and query alone.
pub(crate) fn origin_form(uri: &Uri) -> Option<Uri> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    // `http://host?query` has an empty path.
    let path = if path.starts_with('/') || path == "*" {
        path.to_owned()
    } else {
        format!("/{path}")
    };
    path.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(method: &str, uri: &str, headers: &[(&str, &str)]) -> Result<String, Refused> {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        target(&request.body(()).unwrap()).map(|authority| authority.to_string())
    }

    #[test]
    fn targets_are_canonical() {
        assert_eq!(of("CONNECT", "Example.COM.:443", &[]).unwrap(), "example.com:443");
        assert_eq!(of("CONNECT", "2130706433:80", &[]).unwrap(), "127.0.0.1:80");
        assert_eq!(of("CONNECT", "[::1]:80", &[]).unwrap(), "[::1]:80");
        assert_eq!(
            of("GET", "http://Example.com/x", &[("host", "example.com")]).unwrap(),
            "example.com:80"
        );
        assert_eq!(
            of("GET", "http://example.com:81/", &[("host", "EXAMPLE.com:81")]).unwrap(),
            "example.com:81"
        );
    }

    #[test]
    fn ambiguous_requests_are_refused() {
        for (method, uri, headers) in [
            ("CONNECT", "example.com", &[][..]),
            ("CONNECT", "example.com:0", &[]),
            ("CONNECT", "user@example.com:443", &[]),
            ("CONNECT", "[fe80::1%25eth0]:443", &[]),
            ("GET", "/path", &[]),
            ("GET", "https://example.com/", &[]),
            ("GET", "ftp://example.com/", &[]),
            ("GET", "http://u:p@example.com/", &[]),
            ("GET", "http://example.com:0/", &[]),
            ("GET", "http://example.com/", &[("host", "other.example")]),
            (
                "GET",
                "http://example.com/",
                &[("host", "example.com"), ("host", "other.example")],
            ),
            ("GET", "http://example.com/", &[("host", "example.com:81")]),
            (
                "POST",
                "http://example.com/",
                &[("transfer-encoding", "chunked"), ("content-length", "3")],
            ),
        ] {
            if let Ok(seen) = of(method, uri, headers) {
                panic!("{method} {uri} {headers:?} went to {seen}");
            }
        }
    }

    #[test]
    fn a_server_gets_path_and_query() {
        for (uri, expected) in [
            ("http://h", "/"),
            ("http://h/a?b=c", "/a?b=c"),
            ("http://h?b=c", "/?b=c"),
        ] {
            assert_eq!(origin_form(&uri.parse().unwrap()).unwrap().to_string(), expected);
        }
    }
}
