//! The secrets of a person: link, cookie, password, second factor, and what goes out by mail.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use data_encoding::BASE32_NOPAD;
use e2e::{PATIENCE, Server};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Method, header};
use serde_json::{Value, json};
use sha1::Sha1;

/// A browser that is signed in.
pub(crate) struct Browser {
    http: reqwest::Client,
    url: String,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
    /// Used up, and still a secret of its time.
    pub(crate) link: String,
}

/// What follows `#token=` in a text.
fn token_in(text: &str) -> Option<String> {
    let rest = text.split_once("#token=")?.1;
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

impl Browser {
    /// Signs the owner in with a link of the operator.
    pub(crate) async fn of_owner(server: &Server) -> Self {
        let asked = [
            "bootstrap",
            "--email",
            "owner@example.org",
            "--org",
            "acme",
            "--sign-in-link",
        ];
        let made = server.cli_at_data_dir(&asked).json();
        let link = token_in(made["sign_in_link"].as_str().unwrap_or_default()).unwrap_or_default();
        let http = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .timeout(Duration::from_secs(120))
            .build()
            .unwrap();
        let answer = http
            .post(format!("{}/v1/auth/link", server.url()))
            .header(header::ORIGIN, server.url())
            .json(&json!({"token": link}))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        let set = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = set.split(';').next().unwrap().to_owned();
        let told: Value = answer.json().await.unwrap();
        Self {
            http,
            url: server.url().to_owned(),
            cookie,
            csrf: told["csrf_token"].as_str().unwrap().to_owned(),
            link,
        }
    }

    /// The part of the cookie that counts.
    pub(crate) fn cookie_value(&self) -> &str {
        self.cookie.split_once('=').map_or("", |(_, value)| value)
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let answer = self
            .http
            .request(method, format!("{}{path}", self.url))
            .header(header::COOKIE, &self.cookie)
            .header(header::ORIGIN, &self.url)
            .header("Coordinator-CSRF", &self.csrf)
            .json(&body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let told = answer.json().await.unwrap_or(Value::Null);
        assert!(status.is_success(), "{path}: {status} {told}");
        told
    }

    /// Sets a password and a second factor. Answers the authenticator's secret as it is shown, and the recovery codes.
    pub(crate) async fn protect(&self, password: &str) -> (String, Vec<String>) {
        self.call(Method::PUT, "/v1/auth/password", json!({"password": password}))
            .await;
        let begun = self.call(Method::POST, "/v1/auth/totp", json!({})).await;
        let secret = begun["secret"].as_str().unwrap().to_owned();
        let code = json!({"code": code_now(&secret)});
        let done = self.call(Method::POST, "/v1/auth/totp/confirm", code).await;
        let codes = done["recovery_codes"].as_array().unwrap();
        let codes = codes
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        (secret, codes)
    }

    /// Invites somebody; answers the token.
    pub(crate) async fn invite(&self, org: &str) -> String {
        let body = json!({"email": "guest@example.org", "role": "member"});
        let made = self
            .call(Method::POST, &format!("/v1/orgs/{org}/invitations"), body)
            .await;
        token_in(made["link"].as_str().unwrap()).unwrap()
    }

    /// Asks for a new password; answers the token from the letter.
    pub(crate) async fn forget_password(&self, server: &Server) -> String {
        let body = json!({"email": "owner@example.org"});
        self.call(Method::POST, "/v1/auth/reset", body).await;
        let outbox = server.data_dir().join("outbox");
        let waiting = async {
            loop {
                let letters = std::fs::read_dir(&outbox).into_iter().flatten().flatten();
                let texts = letters.filter_map(|letter| std::fs::read_to_string(letter.path()).ok());
                let mut own = texts.filter(|text| text.contains("To: <owner@example.org>"));
                if let Some(token) = own.find_map(|text| token_in(&text)) {
                    return token;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "an authenticator goes by the time of day, as the server does"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

/// RFC 6238 with SHA-1, 30 seconds, six digits.
fn code_now(secret: &str) -> String {
    let key = BASE32_NOPAD
        .decode(secret.replace([' ', '='], "").as_bytes())
        .unwrap();
    let step = now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 30;
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let four = u32::from_be_bytes([digest[at] & 0x7f, digest[at + 1], digest[at + 2], digest[at + 3]]);
    format!("{:06}", four % 1_000_000)
}
