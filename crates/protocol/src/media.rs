//! What a file probably is, by the ending of its name. What it is in truth nobody knows who has not read it.

/// A media type for a file of this name.
#[must_use]
pub fn type_of(name: &str) -> &'static str {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("csv") => "text/csv",
        Some("gif") => "image/gif",
        Some("gz" | "tgz") => "application/gzip",
        Some("htm" | "html") => "text/html",
        Some("jpeg" | "jpg") => "image/jpeg",
        Some("json") => "application/json",
        Some("diff" | "log" | "patch" | "txt") => "text/plain",
        Some("md") => "text/markdown",
        Some("mp4") => "video/mp4",
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("tar") => "application/x-tar",
        Some("webm") => "video/webm",
        Some("webp") => "image/webp",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_ending_alone() {
        assert_eq!(type_of("shot.PNG"), "image/png");
        assert_eq!(type_of("archive.tar.gz"), "application/gzip");
        assert_eq!(type_of("png"), "application/octet-stream");
    }
}
