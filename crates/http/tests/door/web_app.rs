//! The web app at the door: who is answered with the page, how files are sent and kept, and what they may do.

use axum::{Router, body::Body};
use http::{Method, Request, header};
use http_door::{HttpSettings, HttpState, Site, SiteFile, public_router, uplink_router};

use crate::{
    browser::send,
    house::{Answer, House},
};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
const PAGE: &str = "<!doctype html><title>app</title>";
const SCRIPT: &str = "/assets/main-1a2b3c4d.js";

const FILES: &[SiteFile] = &[
    SiteFile {
        path: "index.html",
        hash: "page",
        bytes: PAGE.as_bytes(),
        brotli: Some(b"page, brotli"),
        gzip: Some(b"page, gzip"),
    },
    SiteFile {
        path: "assets/main-1a2b3c4d.js",
        hash: "script",
        bytes: b"script",
        brotli: Some(b"script, brotli"),
        gzip: Some(b"script, gzip"),
    },
    SiteFile {
        path: "assets/icon-5e6f.svg",
        hash: "icon",
        bytes: b"<svg/>",
        brotli: None,
        gzip: None,
    },
    SiteFile {
        path: "theme.js",
        hash: "theme",
        bytes: b"theme",
        brotli: None,
        gzip: None,
    },
];

fn state(house: &House, https: bool) -> HttpState {
    let settings = HttpSettings {
        version: "9.9.9".into(),
        https,
        origin: None,
        trusted_proxies: Vec::new(),
    };
    HttpState::new(house.app.clone(), settings).with_site(Site::new(FILES.iter().copied()))
}

struct Door(Router);

impl Door {
    async fn new() -> Self {
        Self(public_router(state(&House::new().await, false)))
    }

    async fn ask(&self, method: Method, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        send(&self.0, request.body(Body::empty()).unwrap()).await
    }

    async fn open(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[(header::ACCEPT, BROWSER)]).await
    }

    async fn fetch(&self, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
        self.ask(Method::GET, path, headers).await
    }
}

fn says<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap())
        .unwrap_or_default()
}

#[tokio::test]
async fn every_route_of_the_app_is_the_page() {
    let door = Door::new().await;
    for path in [
        "/",
        "/new",
        "/sign-in",
        "/sign-in?return=%2Fnew",
        "/sign-up",
        "/verify-email",
        "/reset",
        "/invitation",
        "/welcome",
        "/sessions/ses_01",
        "/settings",
        "/settings/providers",
        "/settings/keys/new",
    ] {
        let answer = door.open(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text().as_str()),
            (200, PAGE),
            "{path}"
        );
        assert_eq!(says(&answer, "content-type"), "text/html; charset=utf-8");
        assert_eq!(says(&answer, "cache-control"), "no-cache");
        assert_eq!(says(&answer, "vary"), "accept, accept-encoding");
    }
}

#[tokio::test]
async fn the_page_is_for_those_who_navigate() {
    let door = Door::new().await;
    for accept in ["*/*", "application/json", "text/html;q=0"] {
        for path in ["/", "/sessions/ses_01", "/anywhere"] {
            let answer = door.fetch(path, &[(header::ACCEPT, accept)]).await;
            assert_eq!(
                (answer.status.as_u16(), answer.problem().as_str()),
                (404, "not_found"),
                "{path}"
            );
        }
    }
    let answer = door.fetch("/", &[]).await;
    assert_eq!(answer.problem(), "not_found");
    for path in ["/", "/new", "/sessions/ses_01"] {
        let answer = door.ask(Method::POST, path, &[(header::ACCEPT, BROWSER)]).await;
        assert_eq!(answer.problem(), "method_not_allowed", "{path}");
        assert_eq!(says(&answer, "allow"), "GET,HEAD");
    }
    let answer = door
        .ask(Method::POST, "/anywhere", &[(header::ACCEPT, BROWSER)])
        .await;
    assert_eq!(answer.problem(), "not_found");
}

#[tokio::test]
async fn head_answers_the_same_without_the_page() {
    let door = Door::new().await;
    for path in ["/", SCRIPT] {
        let (got, head) = (
            door.open(path).await,
            door.ask(Method::HEAD, path, &[(header::ACCEPT, BROWSER)]).await,
        );
        assert_eq!(head.status, got.status);
        assert!(head.bytes.is_empty());
        for name in ["etag", "cache-control", "content-type", "content-security-policy"] {
            assert_eq!(says(&head, name), says(&got, name), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn nothing_below_the_api_is_ever_the_page() {
    let door = Door::new().await;
    for path in [
        "/v1",
        "/v1/nothing",
        "/v1/sessions/ses_01/nothing",
        "/gateway/x",
        "/docs/x",
        "/problems/x",
        "/openapi.json/x",
        "/health/x",
        "/metrics/x",
        "/assets/gone-00000000.js",
        "/assets/index.html",
        "/assets/../index.html",
    ] {
        let answer = door.open(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_str()),
            (404, "not_found"),
            "{path}"
        );
        assert_eq!(says(&answer, "cache-control"), "no-store", "{path}");
    }
    let answer = door.open("/v1/sessions").await;
    assert_eq!(answer.problem(), "unauthenticated");
}

#[tokio::test]
async fn a_mistyped_address_is_the_page_but_not_a_success() {
    let door = Door::new().await;
    for path in ["/sesions/1", "/index.html", "/%2e%2e/x", "//v1"] {
        let answer = door
            .fetch(
                path,
                &[(header::ACCEPT, BROWSER), (header::IF_NONE_MATCH, "\"page\"")],
            )
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.text().as_str()),
            (404, PAGE),
            "{path}"
        );
        assert!(says(&answer, "content-security-policy").contains("script-src 'self';"));
    }
}

#[tokio::test]
async fn other_pages_stay_what_they_are() {
    let door = Door::new().await;
    for (path, word) in [
        ("/docs", "agent-coordinator API"),
        ("/problems/not_found", "<h1>"),
    ] {
        let answer = door.open(path).await.ok();
        assert!(answer.text().contains(word), "{path}");
        assert!(
            !says(&answer, "content-security-policy").contains("script-src"),
            "{path}"
        );
    }
    assert_eq!(door.open("/health").await.ok().json()["status"], "ok");
}

#[tokio::test]
async fn assets_are_kept_for_a_year_and_never_change() {
    let door = Door::new().await;
    let answer = door.fetch(SCRIPT, &[]).await.ok();
    assert_eq!(answer.text(), "script");
    assert_eq!(says(&answer, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(
        says(&answer, "cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(says(&answer, "vary"), "accept-encoding");
    assert_eq!(says(&answer, "content-encoding"), "");
}

#[tokio::test]
async fn the_best_encoding_that_is_taken_is_sent() {
    let door = Door::new().await;
    for (taken, encoding, text) in [
        ("gzip, deflate, br, zstd", "br", "script, brotli"),
        ("gzip, deflate", "gzip", "script, gzip"),
        ("br;q=0, gzip", "gzip", "script, gzip"),
        ("identity", "", "script"),
    ] {
        let answer = door.fetch(SCRIPT, &[(header::ACCEPT_ENCODING, taken)]).await.ok();
        assert_eq!(says(&answer, "content-encoding"), encoding, "{taken}");
        assert_eq!(answer.text(), text, "{taken}");
        assert_eq!(says(&answer, "content-type"), "text/javascript; charset=utf-8");
    }
    let answer = door
        .fetch("/theme.js", &[(header::ACCEPT_ENCODING, "br, gzip")])
        .await
        .ok();
    assert_eq!(
        (says(&answer, "content-encoding"), answer.text().as_str()),
        ("", "theme")
    );
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let door = Door::new().await;
    let mut tags = Vec::new();
    for encoding in ["br", "gzip", "identity"] {
        for path in ["/", "/theme.js", SCRIPT] {
            let ask = [(header::ACCEPT, BROWSER), (header::ACCEPT_ENCODING, encoding)];
            let first = door.fetch(path, &ask).await.ok();
            let tag = says(&first, "etag").to_owned();
            let again = [
                ask[0].clone(),
                ask[1].clone(),
                (header::IF_NONE_MATCH, tag.as_str()),
            ];
            let second = door.fetch(path, &again).await;
            assert_eq!(second.status, 304, "{path} {encoding}");
            assert!(second.bytes.is_empty());
            for name in ["etag", "cache-control", "vary"] {
                assert_eq!(says(&second, name), says(&first, name), "{path} {name}");
            }
            let other = [
                ask[0].clone(),
                ask[1].clone(),
                (header::IF_NONE_MATCH, "\"older\""),
            ];
            assert_eq!(door.fetch(path, &other).await.status, 200);
            assert!(tag.starts_with('"'), "strong: {tag}");
            tags.push(tag);
        }
    }
    tags.sort();
    tags.dedup();
    // Each encoding of a file is another answer; the small one has no variants.
    assert_eq!(tags.len(), 7);
}

#[tokio::test]
async fn the_page_runs_in_narrow_bounds() {
    let house = House::new().await;
    for https in [false, true] {
        let door = Door(public_router(state(&house, https)));
        for path in ["/", SCRIPT, "/theme.js"] {
            let answer = door.open(path).await.ok();
            let policy = says(&answer, "content-security-policy");
            for part in [
                "default-src 'none'",
                "script-src 'self'",
                "connect-src 'self'",
                "frame-ancestors 'none'",
                "base-uri 'none'",
                "form-action 'self'",
            ] {
                assert!(policy.split("; ").any(|one| one == part), "{path}: {part}");
            }
            assert_eq!(
                policy.matches("unsafe").count(),
                1,
                "inline styles only: {policy}"
            );
            assert!(policy.contains("style-src 'self' 'unsafe-inline'"));
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(says(&answer, name), value, "{path}");
            }
            assert!(says(&answer, "permissions-policy").contains("camera=()"));
            let hsts = says(&answer, "strict-transport-security");
            assert_eq!(hsts.starts_with("max-age="), https);
            assert!(answer.headers.get(header::SET_COOKIE).is_none());
        }
    }
}

#[tokio::test]
async fn small_files_that_browsers_and_robots_ask_for() {
    let door = Door::new().await;
    let robots = door.fetch("/robots.txt", &[]).await.ok();
    assert_eq!(robots.text(), "User-agent: *\nDisallow: /\n");
    let icon = door.fetch("/favicon.ico", &[]).await.ok();
    assert_eq!(
        (says(&icon, "content-type"), says(&icon, "cache-control")),
        ("image/svg+xml", "no-cache")
    );
    let theme = door.fetch("/theme.js", &[]).await.ok();
    assert_eq!(says(&theme, "cache-control"), "no-cache");
}

#[tokio::test]
async fn the_description_and_sandboxes_know_nothing_of_the_app() {
    let house = House::new().await;
    let state = state(&house, false);
    let document = Door(public_router(state.clone()))
        .fetch("/openapi.json", &[])
        .await
        .ok()
        .json();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(
            !["/", "/new", "/sign-in", "/robots.txt"].contains(&path.as_str()),
            "{path}"
        );
        assert!(
            !path.starts_with("/assets") && !path.starts_with("/settings"),
            "{path}"
        );
    }
    let inside = Door(uplink_router(state));
    for path in ["/", "/sessions/ses_01", SCRIPT, "/theme.js", "/robots.txt"] {
        assert_eq!(inside.open(path).await.problem(), "not_found", "{path}");
    }
}

#[tokio::test]
async fn without_an_app_there_is_the_api_alone() {
    let house = House::new().await;
    for path in ["/", "/anywhere", SCRIPT] {
        let request = Request::get(path).header(header::ACCEPT, BROWSER);
        let answer = house.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.problem(), "not_found", "{path}");
    }
}
