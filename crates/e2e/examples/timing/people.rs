//! Who has an account and who has none, and a connection to ask about them.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use e2e::Server;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "a long one that only I know";
pub(crate) const WRONG: &str = "a long one that is not mine";

/// The people, and the way to the server.
#[derive(Debug)]
pub(crate) struct People {
    http: Client,
    url: String,
    key: String,
    org: String,
    accounts: usize,
    /// Counted up: nobody is asked about twice who is to be absent, and no two requests come from one network.
    asked: u64,
    random: u64,
    /// A link into the organisation that anybody can use.
    pub(crate) invitation: String,
}

impl People {
    /// Signs them up as anybody does: with the link in the message.
    pub(crate) async fn new(server: &mut Server, accounts: usize, seed: u64) -> Self {
        let made = server.bootstrap("owner@example.org", "acme");
        let org = text(&made, "org_id");
        let http = Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(60))
            .build()
            .unwrap_or_else(|error| panic!("no HTTP client: {error}"));
        let mut people = Self {
            http,
            url: server.url().to_owned(),
            key: server.key().to_owned(),
            org,
            accounts,
            asked: 0,
            random: seed,
            invitation: String::new(),
        };
        let outbox = server.data_dir().join("outbox");
        for n in 0..accounts {
            people.sign_up(&outbox, &account(n)).await;
        }
        let made = people.invite(None).await;
        let link = text(&made, "link");
        people.invitation = link
            .split_once("#token=")
            .map(|(_, token)| token.to_owned())
            .unwrap_or_default();
        people
    }

    async fn sign_up(&mut self, outbox: &Path, email: &str) {
        let body = json!({"email": email, "password": PASSWORD});
        let (status, _) = self.post("/v1/auth/sign-up", &body).await;
        assert_eq!(status, 202, "a sign-up");
        let token = loop {
            if let Some(token) = take_token(outbox, email) {
                break token;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        };
        let (status, _) = self
            .post(
                "/v1/auth/verify-email",
                &json!({"token": token, "password": PASSWORD}),
            )
            .await;
        assert_eq!(status, 200, "a proof");
    }

    /// A random number below `most`.
    pub(crate) fn draw(&mut self, most: u64) -> u64 {
        // xorshift64*: which order it is does not matter.
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        (self.random.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % most
    }

    /// An address that has an account, or one that nobody ever had. As long as each other.
    pub(crate) fn address(&mut self, exists: bool) -> String {
        if exists {
            let n = usize::try_from(self.asked).unwrap_or_default() % self.accounts;
            account(n)
        } else {
            format!("n{:09}@example.org", self.asked)
        }
    }

    fn request(&mut self, path: &str) -> RequestBuilder {
        self.asked += 1;
        let [.., a, b, c] = self.asked.to_be_bytes();
        self.http
            .post(format!("{}{path}", self.url))
            .header("X-Forwarded-For", format!("10.{a}.{b}.{c}"))
    }

    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.request(path).json(body);
        finish(request).await
    }

    /// The same, timed from the first byte sent to the last one read; microseconds.
    pub(crate) async fn timed(&mut self, path: &str, body: &Value) -> (u16, f64) {
        let request = self.request(path).json(body);
        timed(request).await
    }

    pub(crate) async fn timed_invitation(&mut self, email: &str) -> f64 {
        let (org, key) = (self.org.clone(), self.key.clone());
        let body = json!({"email": email, "role": "member"});
        let request = self
            .request(&format!("/v1/orgs/{org}/invitations"))
            .bearer_auth(&key)
            .json(&body);
        let began = now();
        let (status, made) = finish(request).await;
        let time = began.elapsed().as_secs_f64() * 1e6;
        assert_eq!(status, 201, "{made}");
        self.revoke(&text(&made, "id")).await;
        time
    }

    async fn invite(&mut self, email: Option<&str>) -> Value {
        let (org, key) = (self.org.clone(), self.key.clone());
        let body = json!({"email": email, "role": "member"});
        let request = self
            .request(&format!("/v1/orgs/{org}/invitations"))
            .bearer_auth(&key)
            .json(&body);
        let (status, made) = finish(request).await;
        assert_eq!(status, 201, "{made}");
        made
    }

    async fn revoke(&mut self, id: &str) {
        let url = format!("{}/v1/orgs/{}/invitations/{id}", self.url, self.org);
        let (status, answer) = finish(self.http.delete(url).bearer_auth(&self.key)).await;
        assert_eq!(status, 204, "{answer}");
    }
}

/// With the number in front, as in the addresses that are absent: slugs and words of passwords are compared with it.
fn account(n: usize) -> String {
    format!("k{n:09}@example.org")
}

async fn finish(request: RequestBuilder) -> (u16, Value) {
    let answer = request
        .send()
        .await
        .unwrap_or_else(|error| panic!("no answer: {error}"));
    let status = answer.status().as_u16();
    let body = answer.bytes().await.unwrap_or_default();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

async fn timed(request: RequestBuilder) -> (u16, f64) {
    let began = now();
    let (status, _) = finish(request).await;
    (status, began.elapsed().as_secs_f64() * 1e6)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this measures real time, in this one place"
)]
fn now() -> Instant {
    Instant::now()
}

fn text(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// The token of the message to somebody, which is taken out of the outbox.
fn take_token(outbox: &Path, email: &str) -> Option<String> {
    let to = format!("\r\nTo: <{email}>\r\n");
    for entry in outbox.read_dir().ok()? {
        let path: PathBuf = entry.ok()?.path();
        if path.extension().is_none_or(|end| end != "eml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).ok()?;
        if text.contains(&to) {
            let (_, rest) = text.split_once("#token=")?;
            let token = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            std::fs::remove_file(&path).ok()?;
            return Some(token);
        }
    }
    None
}
