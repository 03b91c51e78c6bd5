//! As what an artifact may leave: an agent made it, or anybody who may write, and it comes from our own origin.
//!
//! What a browser would run or lay out as a page never has its own type here. Four kinds of pictures may be looked at
//! in place; everything else is to be saved.

use http::{HeaderMap, HeaderValue, header};
use protocol::api::Artifact;

/// Types that say something useful to whoever downloads, and that no browser runs.
const PLAIN: &[&str] = &[
    "application/gzip",
    "application/json",
    "application/pdf",
    "application/x-tar",
    "application/zip",
    "application/zstd",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "text/csv",
    "text/markdown",
    "text/plain",
    "video/mp4",
    "video/webm",
];
/// Pictures without script.
const PICTURES: &[&str] = &["image/gif", "image/jpeg", "image/png", "image/webp"];

/// The headers that keep an artifact what it is.
pub(super) fn headers(artifact: &Artifact) -> HeaderMap {
    let kind = artifact.media_type.as_str();
    let is_picture = PICTURES.contains(&kind);
    let shown = PICTURES
        .iter()
        .chain(PLAIN)
        .find(|plain| **plain == kind)
        .copied()
        .unwrap_or("application/octet-stream");
    let place = if is_picture { "inline" } else { "attachment" };
    let disposition = format!("{place}; filename*=UTF-8''{}", encoded(&artifact.name));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(shown));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment")),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Ok(tag) = HeaderValue::from_str(&tag(artifact)) {
        headers.insert(header::ETAG, tag);
    }
    // Its content never changes, but it may be taken away, and its reader may sign out.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers
}

/// The content's hash.
pub(super) fn tag(artifact: &Artifact) -> String {
    format!("\"{}\"", artifact.sha256)
}

/// A name as RFC 8187 wants it: everything but plain letters, digits and a few signs as bytes in hexadecimal.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use protocol::{ArtifactId, Timestamp};

    use super::*;

    fn of(media_type: &str, name: &str) -> HeaderMap {
        headers(&Artifact {
            id: ArtifactId::from_bits(1),
            name: name.into(),
            media_type: media_type.into(),
            size_bytes: 1,
            sha256: "00".repeat(32),
            created_at: Timestamp::from_ms(0),
            prompt_id: None,
            by: None,
        })
    }

    #[test]
    fn nothing_that_a_browser_runs_has_its_type() {
        for hostile in [
            "text/html",
            "application/xhtml+xml",
            "image/svg+xml",
            "text/javascript",
            "application/javascript",
            "text/xml",
            "application/xml",
            "application/wasm",
            "multipart/x-mixed-replace",
            "text/css",
            "application/x-unheard-of",
        ] {
            let headers = of(hostile, "a.html");
            assert_eq!(
                headers[header::CONTENT_TYPE],
                "application/octet-stream",
                "{hostile}"
            );
            assert_eq!(
                headers[header::CONTENT_DISPOSITION],
                "attachment; filename*=UTF-8''a.html"
            );
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert!(
                headers[header::CONTENT_SECURITY_POLICY]
                    .to_str()
                    .unwrap()
                    .contains("sandbox")
            );
        }
        let picture = of("image/png", "a.png");
        assert_eq!(picture[header::CONTENT_TYPE], "image/png");
        assert_eq!(
            picture[header::CONTENT_DISPOSITION],
            "inline; filename*=UTF-8''a.png"
        );
        let text = of("text/plain", "a.txt");
        assert_eq!(
            text[header::CONTENT_DISPOSITION],
            "attachment; filename*=UTF-8''a.txt"
        );
    }

    #[test]
    fn a_name_cannot_leave_its_place_in_the_header() {
        let headers = of("text/plain", "a b\"; x=ü");
        assert_eq!(
            headers[header::CONTENT_DISPOSITION],
            "attachment; filename*=UTF-8''a%20b%22%3B%20x%3D%C3%BC"
        );
    }
}
