//! A foreign page makes a browser ask for something: every operation that changes anything, with every way to miss the
//! token; and every operation, from every kind of foreign page.

use domain::tenancy::Role;
use http::{HeaderValue, header};

use crate::{
    caller::{Credential, Who},
    harness::{Range, mutations, private},
    row::Asks,
    rows,
};

const CSRF: &str = "coordinator-csrf";

fn token(credential: &Credential) -> String {
    match credential {
        Credential::Cookie { csrf, .. } => csrf.clone(),
        _ => panic!("no browser"),
    }
}

#[tokio::test]
async fn nothing_changes_without_the_token_of_this_very_session() {
    let stage = crate::stage::Stage::new().await;
    let other_tab = token(&stage.credential(Who::Browser(Role::Owner)).await);
    let admins = token(&stage.credential(Who::Browser(Role::Admin)).await);
    let strangers = token(&stage.credential(Who::StrangerBrowser).await);
    let mut range = Range::around(stage).await;
    let own = token(&range.browser);
    let Credential::Cookie { cookie, .. } = range.browser.clone() else {
        panic!("no browser")
    };
    let session = cookie.split_once('=').unwrap().1.to_owned();
    for row in private(mutations()) {
        let body = row.body(&range.stage);
        let target = row.target(&range.stage);
        let glue = if target.contains('?') { '&' } else { '?' };
        let header = |value: &str| vec![value.to_owned()];
        let tries: Vec<(&str, Vec<String>, String)> = vec![
            ("none", vec![], target.clone()),
            ("an empty one", header(""), target.clone()),
            ("a made-up one", header(&"0".repeat(own.len())), target.clone()),
            ("a cut one", header(&own[..own.len() - 1]), target.clone()),
            ("a longer one", header(&format!("{own}0")), target.clone()),
            ("the session's own token", header(&session), target.clone()),
            (
                "of another session of the same person",
                header(&other_tab),
                target.clone(),
            ),
            ("of another member", header(&admins), target.clone()),
            ("of a stranger", header(&strangers), target.clone()),
            (
                "a wrong one before the right one",
                vec!["0".repeat(64), own.clone()],
                target.clone(),
            ),
            (
                "two in one",
                header(&format!("{strangers}, {own}")),
                target.clone(),
            ),
            ("in the query", vec![], format!("{target}{glue}csrf_token={own}")),
            (
                "in the query, by its name",
                vec![],
                format!("{target}{glue}Coordinator-CSRF={own}"),
            ),
        ];
        for (what, values, target) in tries {
            let mut request = range.browser.request(row.method, &target, &body);
            request.headers_mut().remove(CSRF);
            for value in values {
                request
                    .headers_mut()
                    .append(CSRF, HeaderValue::from_str(&value).unwrap());
            }
            let at = format!("{} with {what}", row.name());
            range.refused(request, &["csrf_failed"], &at).await;
        }
        // As a form of another page would send it, with the token in a cookie that it tossed.
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
        ] {
            let mut request = range.browser.request(row.method, &target, &body);
            request.headers_mut().remove(CSRF);
            let headers = request.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            let tossed = format!("{cookie}; csrf_token={own}; Coordinator-CSRF={own}");
            headers.insert(header::COOKIE, HeaderValue::from_str(&tossed).unwrap());
            let at = format!("{} as {kind}", row.name());
            range.refused(request, &["csrf_failed"], &at).await;
        }
        range.unharmed(&row.name()).await;
    }
    println!("{}", range.over("csrf").await);
}

#[tokio::test]
async fn no_foreign_page_asks_with_a_cookie() {
    let mut range = Range::new().await;
    let foreign: &[&[&str]] = &[
        &["null"],
        &[""],
        &["https://own.example"],
        &["http://own.example:8080"],
        &["http://own.example.evil.example"],
        &["http://evil.example"],
        &["http://evil-own.example"],
        &["http://x.own.example"],
        &["http://own.example@evil.example"],
        &["http://own.example/"],
        &["own.example"],
        &["HTTP://EVIL.EXAMPLE"],
        &["http://own.example http://evil.example"],
        &["http://own.example", "http://evil.example"],
        &["http://evil.example", "http://own.example"],
        &["file://"],
        &["chrome-extension://own.example"],
    ];
    for row in rows::all() {
        // Whoever signs in is asked for no cookie, and still no foreign page may do it for them.
        let signs_in = row.path.starts_with("/v1/auth/") && !row.only_reads();
        if matches!(row.asks, Asks::Runner) || matches!(row.asks, Asks::Nothing) && !signs_in {
            continue;
        }
        for origins in foreign {
            let body = row.body(&range.stage);
            let mut request = range
                .browser
                .request(row.method, &row.target(&range.stage), &body);
            let headers = request.headers_mut();
            headers.remove(header::ORIGIN);
            for origin in *origins {
                headers.append(header::ORIGIN, HeaderValue::from_static(origin));
            }
            let at = format!("{} from {origins:?}", row.name());
            range.refused(request, &["csrf_failed"], &at).await;
        }
    }
    println!("{}", range.over("foreign pages").await);
}
