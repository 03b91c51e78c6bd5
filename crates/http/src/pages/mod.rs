//! Pages around the API: the web app, health, readiness, metrics, the API's description, and a page for each problem.

pub(crate) mod app;
pub(crate) mod docs;
pub(crate) mod health;
mod markdown;
pub(crate) mod metrics;
pub(crate) mod problems;

use axum::{body::Body, response::Response};
use data_encoding::BASE64;
use http::{HeaderValue, header};
use sha2::{Digest, Sha256};

/// The one style of our pages.
const STYLE: &str = "*{box-sizing:border-box}body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem 4rem;color:#1b1b1b;background:#fff}\
h1,h2,h3{line-height:1.25;overflow-wrap:anywhere}h1 small{font-weight:400;opacity:.6}h2{margin-top:3rem}h3{font-size:1rem}\
a{color:#0b57d0}code,pre{font:14px/1.45 ui-monospace,monospace;overflow-wrap:anywhere}\
code{background:#f2f2f2;border-radius:3px;padding:.05em .25em}h3 code{background:none;font-size:15px}\
pre{white-space:pre-wrap;background:#f6f6f6;border-radius:6px;padding:.75rem 1rem}\
nav ul{list-style:none;padding:0}nav span{opacity:.7}section{border-top:1px solid #ddd;padding:.25rem 0 .75rem}\
.method{display:inline-block;min-width:4.5rem;font:700 14px ui-monospace,monospace;color:#0b57d0}.post,.patch{color:#1a7f37}.delete{color:#b3261e}\
details{border-top:1px solid #ddd;padding:.4rem 0}summary{cursor:pointer;font:14px ui-monospace,monospace}\
table{border-collapse:collapse}td code{overflow-wrap:normal}td,th{text-align:left;padding:.15rem 1rem .15rem 0;vertical-align:top}\
@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#161616}a,.method{color:#8ab4f8}.post,.patch{color:#6fdd8b}.delete{color:#f2b8b5}\
section,details{border-color:#333}code,pre{background:#242424}}";

/// A page that brings its style along and may load nothing at all.
fn page(title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>{}</title><style>{STYLE}</style></head>\
         <body>{body}</body></html>",
        escape(title)
    );
    let hash = BASE64.encode(&Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
