//! Tables as comma-separated values (RFC 4180), harmless to whoever opens them in a spreadsheet.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};

/// Whether a request asks for CSV: by the query first, else by what it accepts.
pub(crate) fn is_wanted(format: Option<Format>, headers: &HeaderMap) -> bool {
    let accepts = || {
        headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|kind| kind.split(';').next())
            .any(|kind| kind.trim().eq_ignore_ascii_case("text/csv"))
    };
    format.map_or_else(accepts, |format| format == Format::Csv)
}

/// What an answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Json,
    Csv,
}

/// One line after the other.
#[derive(Debug, Default)]
pub(crate) struct Lines(String);

impl Lines {
    pub(crate) fn line<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) {
        for (index, cell) in cells.into_iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            match cell {
                Cell::Number(number) => self.0.push_str(&number.to_string()),
                Cell::Text(text) => self.text(text),
                Cell::Owned(text) => self.text(&text),
                Cell::Nothing => {}
            }
        }
        self.0.push_str("\r\n");
    }

    fn text(&mut self, text: &str) {
        // A spreadsheet would take the rest for a formula, and a formula can send a table away.
        let formula = text.starts_with([
            '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
        ]);
        if !formula && !text.contains([',', '"', '\r', '\n']) {
            return self.0.push_str(text);
        }
        self.0.push('"');
        if formula {
            self.0.push('\'');
        }
        for character in text.chars() {
            if character == '"' {
                self.0.push('"');
            }
            self.0.push(character);
        }
        self.0.push('"');
    }

    pub(crate) fn done(self) -> String {
        self.0
    }
}

#[derive(Debug)]
pub(crate) enum Cell<'a> {
    Number(i128),
    Text(&'a str),
    Owned(String),
    Nothing,
}

impl Cell<'_> {
    pub(crate) fn number(number: u64) -> Self {
        Self::Number(number.into())
    }

    pub(crate) fn maybe(text: Option<impl ToString>) -> Self {
        text.map_or(Self::Nothing, |text| Self::Owned(text.to_string()))
    }
}

/// The answer, as a file with this name.
pub(crate) fn answer(name: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
    );
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cells: &[&str]) -> String {
        let mut lines = Lines::default();
        lines.line(cells.iter().map(|cell| Cell::Text(cell)));
        lines.done()
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(line(&["a", "", "b c"]), "a,,b c\r\n");
        assert_eq!(
            line(&["a,b", "say \"hi\"", "two\r\nlines"]),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\r\n"
        );
    }

    #[test]
    fn nothing_is_taken_for_a_formula() {
        for start in ["=", "+", "-", "@", "\t=", "\r", "\n=", "\u{ff1d}"] {
            let cell = format!("{start}HYPERLINK(\"http://x\")");
            let line = line(&[&cell]);
            assert!(line.starts_with("\"'") && line.ends_with("\"\r\n"), "{line}");
        }
        let mut lines = Lines::default();
        lines.line([
            Cell::Number(-5),
            Cell::Nothing,
            Cell::number(7),
            Cell::maybe(Some("=1")),
        ]);
        assert_eq!(lines.done(), "-5,,7,\"'=1\"\r\n");
    }

    #[test]
    fn the_query_says_it_or_else_the_header() {
        let mut headers = HeaderMap::new();
        assert!(!is_wanted(None, &headers));
        headers.insert(
            header::ACCEPT,
            HeaderValue::from_static("application/json, Text/CSV;q=0.5"),
        );
        assert!(is_wanted(None, &headers));
        assert!(!is_wanted(Some(Format::Json), &headers));
    }
}
