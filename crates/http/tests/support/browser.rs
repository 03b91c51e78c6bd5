//! A browser: it keeps its cookie and sends its CSRF token.

use axum::{Router, body::Body};
use http::{Method, Request, header};
use http_body_util::BodyExt;
use http_door::{HttpSettings, HttpState, public_router};
use protocol::api::Bootstrapped;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::house::{Answer, House};

/// The public door of the same house under another address.
pub(crate) fn door(house: &House, https: bool, origin: Option<&str>) -> Router {
    let settings = HttpSettings {
        version: "9.9.9".into(),
        https,
        origin: origin.map(str::to_owned),
        trusted_proxies: Vec::new(),
    };
    public_router(HttpState::new(house.app.clone(), settings))
}

pub(crate) async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        bytes: body.collect().await.unwrap().to_bytes().to_vec(),
    }
}

pub(crate) fn json_post(path: &str, body: &Value) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// `name=value` of the cookie that an answer sets.
pub(crate) fn cookie(answer: &Answer) -> String {
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

pub(crate) struct Browser {
    router: Router,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl Browser {
    pub(crate) fn of(router: &Router, answer: &Answer) -> Self {
        Self {
            router: router.clone(),
            cookie: cookie(answer),
            csrf: answer.json()["csrf_token"].as_str().unwrap().to_owned(),
        }
    }

    /// One that a test fills in.
    pub(crate) fn bare(router: &Router) -> Self {
        Self {
            router: router.clone(),
            cookie: String::new(),
            csrf: String::new(),
        }
    }

    /// Signed in with a link.
    pub(crate) async fn linked(house: &House, who: &Bootstrapped) -> Self {
        let link = house.app.sign_in_link(who.user_id, who.org_id).await.unwrap();
        let body = json!({"token": link.expose()});
        let answer = send(&house.router, json_post("/v1/auth/link", &body)).await.ok();
        Self::of(&house.router, &answer)
    }

    /// Signed in with a password.
    pub(crate) async fn signed_in(house: &House, email: &str, password: &str) -> Self {
        let body = json!({"email": email, "password": password});
        let answer = send(&house.router, json_post("/v1/auth/sign-in", &body))
            .await
            .ok();
        Self::of(&house.router, &answer)
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> http::request::Builder {
        Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .header("Coordinator-CSRF", &self.csrf)
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        send(&self.router, request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = self
            .request(method, path)
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    pub(crate) async fn set_password(&self, password: &str, current: Option<&str>) -> Answer {
        let mut body = json!({"password": password});
        if let Some(current) = current {
            body["current_password"] = json!(current);
        }
        self.call("PUT", "/v1/auth/password", &body).await
    }

    pub(crate) async fn sign_out(&self) -> Answer {
        self.call("POST", "/v1/auth/sign-out", &json!({})).await
    }
}
