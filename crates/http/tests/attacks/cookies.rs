//! Cookies that somebody else put there: fixation before signing in, tossing beside the real one, and names and values
//! that are nearly right.

use http::{Request, header};
use serde_json::json;

use crate::{
    browser::{Browser, door, json_post, send},
    caller::Credential,
    harness::Range,
    house::House,
};

#[tokio::test]
async fn no_cookie_of_before_is_one_of_after() {
    let house = House::new().await;
    let (ana, mallory) = (house.tenant("acme").await, house.tenant("umbrella").await);
    let planted = Browser::linked(&house, &mallory.who).await;
    let once = Browser::linked(&house, &ana.who).await;
    once.set_password("a long one that only ana knows", None)
        .await
        .ok();
    once.sign_out().await.ok();
    let made_up = "0a".repeat(32);
    let mut cases = 0;
    for before in [
        planted.cookie.clone(),
        once.cookie.clone(),
        format!("coordinator={made_up}"),
        "coordinator=x".into(),
        format!("{}; coordinator={made_up}", planted.cookie),
    ] {
        for with_link in [true, false] {
            cases += 1;
            let mut request = if with_link {
                let link = house
                    .app
                    .sign_in_link(ana.who.user_id, ana.who.org_id)
                    .await
                    .unwrap();
                json_post("/v1/auth/link", &json!({"token": link.expose()}))
            } else {
                let body = json!({"email": "acme@example.org", "password": "a long one that only ana knows"});
                json_post("/v1/auth/sign-in", &body)
            };
            request
                .headers_mut()
                .insert(header::COOKIE, before.parse().unwrap());
            let answer = send(&house.router, request).await.ok();
            let browser = Browser::of(&house.router, &answer);
            assert!(!before.contains(&browser.cookie), "a new one is given");
            assert_eq!(
                browser.get("/v1/me").await.ok().json()["user"]["email"],
                "acme@example.org"
            );
            // What was planted never becomes Ana.
            for cookie in before.split("; ") {
                let request = Request::get("/v1/me")
                    .header(header::COOKIE, cookie)
                    .body(axum::body::Body::empty())
                    .unwrap();
                assert!(
                    !send(&house.router, request).await.text().contains("acme"),
                    "{before}"
                );
            }
        }
    }
    println!("{cases} cases");
}

/// A neighbour below the same domain, or a plain http page of the same host, can put a cookie of the same name beside
/// the real one. Which of them is the person's own nobody can say, so neither counts.
#[tokio::test]
async fn of_two_cookies_neither_counts() {
    let mut range = Range::new().await;
    let strangers = Browser::linked(&range.stage.house, &range.stage.stranger).await;
    let Credential::Cookie { cookie, csrf, .. } = range.browser.clone() else {
        panic!("no browser")
    };
    let other = &strangers.cookie;
    let token = cookie.split_once('=').unwrap().1;
    let made_up = "0a".repeat(32);
    let tossed = [
        format!("{cookie}; {other}"),
        format!("{other}; {cookie}"),
        format!("{cookie}; coordinator={made_up}"),
        format!("coordinator={made_up}; {cookie}"),
        format!("{cookie}; a=b; {other}"),
        format!("coordinator=; {cookie}"),
    ];
    let nearly = [
        format!("Coordinator={token}"),
        format!("COORDINATOR={token}"),
        format!("__Host-coordinator={token}"),
        format!("__host-coordinator={token}"),
        format!("__Secure-coordinator={token}"),
        format!("coordinator2={token}"),
        format!("xcoordinator={token}"),
        format!("coordinator[]={token}"),
        format!("coordinator=\"{token}\""),
        format!("coordinator={token}0"),
        format!("coordinator=0{token}"),
        format!("coordinator={}", token.to_uppercase()),
        format!("coordinator=%{}", &token[1..]),
        format!("coordinator={}", &token[..63]),
        format!("coordinator={token}={token}"),
        format!("coordinator={}", "0".repeat(10_000)),
        format!("coordinator:{token}"),
        token.to_owned(),
    ];
    for cookies in tossed.iter().chain(&nearly) {
        for (method, path) in [
            ("GET", "/v1/me"),
            ("GET", "/v1/sessions"),
            ("POST", "/v1/sessions"),
            ("POST", "/v1/auth/sign-out"),
        ] {
            let credential = Credential::Cookie {
                cookie: cookies.clone(),
                csrf: csrf.clone(),
                org: None,
            };
            let body = crate::row::Payload::Json(crate::house::demo_session());
            let request = credential.request(method, path, &body);
            range
                .refused(
                    request,
                    &["unauthenticated"],
                    &format!("{method} {path} with {cookies}"),
                )
                .await;
        }
    }
    println!("{}", range.over("cookies").await);
}

#[tokio::test]
async fn over_https_only_the_cookie_that_is_bound_to_the_host_counts() {
    let house = House::new().await;
    let ana = house.tenant("acme").await;
    let link = house
        .app
        .sign_in_link(ana.who.user_id, ana.who.org_id)
        .await
        .unwrap();
    let secure = door(&house, true, Some("https://agents.example.org"));
    let answer = send(
        &secure,
        json_post("/v1/auth/link", &json!({"token": link.expose()})),
    )
    .await
    .ok();
    let token = crate::browser::cookie(&answer)
        .split_once('=')
        .unwrap()
        .1
        .to_owned();
    let names = [
        "coordinator",
        "__Secure-coordinator",
        "__host-coordinator",
        "__HOST-coordinator",
        " __Host-coordinator2",
        "X__Host-coordinator",
    ];
    for name in names {
        let request = Request::get("/v1/me")
            .header(header::COOKIE, format!("{name}={token}"))
            .body(axum::body::Body::empty())
            .unwrap();
        assert_eq!(
            send(&secure, request).await.problem(),
            "unauthenticated",
            "{name}"
        );
    }
    println!("{} cases", names.len());
}
