//! One file as an answer: its type, its encoding, its tag, and how long it may be kept.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::accept::Encoding;
use crate::site::SiteFile;

/// How long a browser may keep a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lasting {
    /// Its name says its content.
    Forever,
    /// It is asked about each time, which costs a 304.
    Asked,
}

impl Lasting {
    const fn words(self) -> &'static str {
        match self {
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Asked => "no-cache",
        }
    }
}

pub(super) fn answer(file: &SiteFile, headers: &HeaderMap, lasting: Lasting) -> Response {
    let (encoding, bytes) = chosen(file, headers);
    let tag = tag(file, encoding);
    let same = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| names(value, &tag));
    let mut response = Response::new(if same {
        Body::empty()
    } else {
        Body::from(Bytes::from_static(bytes))
    });
    if same {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let out = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasting.words()));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !same {
        out.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(media_type(file.path)),
        );
        if let Some(encoding) = encoding {
            out.insert(
                header::CONTENT_ENCODING,
                HeaderValue::from_static(encoding.name()),
            );
        }
    }
    response
}

fn chosen(file: &SiteFile, headers: &HeaderMap) -> (Option<Encoding>, &'static [u8]) {
    Encoding::ALL
        .into_iter()
        .filter(|encoding| encoding.taken(headers))
        .find_map(|encoding| {
            let bytes = match encoding {
                Encoding::Brotli => file.brotli,
                Encoding::Gzip => file.gzip,
            }?;
            Some((Some(encoding), bytes))
        })
        .unwrap_or((None, file.bytes))
}

/// Strong, so each encoding has its own.
fn tag(file: &SiteFile, encoding: Option<Encoding>) -> String {
    let hash = file.hash.get(..32).unwrap_or(file.hash);
    match encoding {
        Some(encoding) => format!("\"{hash}-{}\"", encoding.name()),
        None => format!("\"{hash}\""),
    }
}

/// Whether a condition names the tag. Caches on the way may have made it a weak one.
fn names(condition: &str, tag: &str) -> bool {
    condition
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn conditions_name_tags() {
        for good in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert!(names(good, "\"a\""), "{good}");
        }
        for bad in ["a", "\"ab\"", "\"b\"", "", "w/\"a\""] {
            assert!(!names(bad, "\"a\""), "{bad}");
        }
    }
}
