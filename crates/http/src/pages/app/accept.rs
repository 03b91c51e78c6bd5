//! What a browser says it takes.

use http::{HeaderMap, HeaderName, header};

/// Whether somebody navigates: only those ask for HTML by name.
pub(super) fn navigates(headers: &HeaderMap) -> bool {
    wishes(headers, header::ACCEPT)
        .any(|(name, weight)| name.eq_ignore_ascii_case("text/html") && weight > 0.0)
}

/// How the content may be written, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    pub(super) const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// As the headers spell it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// Only what is named is sent: whoever says `*` can say what they know.
    pub(super) fn taken(self, headers: &HeaderMap) -> bool {
        let weight = wishes(headers, header::ACCEPT_ENCODING)
            .filter(|(name, _)| name.eq_ignore_ascii_case(self.name()))
            .map(|(_, weight)| weight)
            .next_back();
        weight.is_some_and(|weight| weight > 0.0)
    }
}

/// Names with their weights. What can't be read doesn't count.
fn wishes(headers: &HeaderMap, header: HeaderName) -> impl DoubleEndedIterator<Item = (&str, f32)> {
    let lines: Vec<&str> = headers
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let wishes: Vec<(&str, f32)> = lines
        .into_iter()
        .flat_map(|line| line.split(','))
        .map(|wish| {
            let mut parts = wish.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let weight = parts
                .filter_map(|part| part.strip_prefix("q="))
                .map(|weight| weight.trim().parse().unwrap_or(0.0))
                .next();
            (name, weight.unwrap_or(1.0))
        })
        .collect();
    wishes.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn browsers_navigate_and_programs_do_not() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert!(navigates(&with(header::ACCEPT, browser)));
        assert!(navigates(&with(
            header::ACCEPT,
            "application/json, Text/HTML ; q=0.1"
        )));
        for program in [
            "*/*",
            "application/json",
            "text/*",
            "text/html;q=0",
            "text/html;q=x",
            "",
        ] {
            assert!(!navigates(&with(header::ACCEPT, program)), "{program}");
        }
        assert!(!navigates(&HeaderMap::new()));
    }

    #[test]
    fn encodings_are_taken_by_name() {
        let takes = |value: &str| {
            let headers = with(header::ACCEPT_ENCODING, value);
            Encoding::ALL.map(|encoding| encoding.taken(&headers))
        };
        assert_eq!(takes("gzip, deflate, br, zstd"), [true, true]);
        assert_eq!(takes("gzip;q=1.0, br;q=0"), [false, true]);
        assert_eq!(takes("BR"), [true, false]);
        assert_eq!(takes("*"), [false, false]);
        assert_eq!(takes("identity"), [false, false]);
        assert_eq!(takes("brotli, xgzip"), [false, false]);
    }
}
